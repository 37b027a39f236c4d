"""What both sides and the moderators hear when something was wrong."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookings.states import LineState
from cooperative.errors import Sentence

from .shape import Message, Page, Topic

_UNDER_WAY = frozenset({LineState.DISPUTED})


def _of_a_case(
    code: str, sentence: Sentence, subject: Sentence, action: Sentence, *, open_: bool = False
) -> Message:
    """One about a case; with `open_` mailed only while that is under way."""
    return Message(
        code,
        Topic.CONVERSATION,
        sentence,
        subject,
        action,
        page=Page.CASE,
        mail=True,
        still=_UNDER_WAY if open_ else None,
    )


def _to_moderators(code: str, sentence: Sentence, subject: Sentence) -> Message:
    return Message(
        code,
        Topic.MODERATION,
        sentence,
        subject,
        _("See and decide"),
        page=Page.CASE,
        mail=True,
        template="plain",
    )


CASES = (
    _of_a_case(
        "complained",
        _(
            "%(who)s says that something was wrong with %(what)s, %(when)s. You have 5 days to answer"
        ),
        _("Something was wrong: %(what)s, %(when)s"),
        _("Read and answer"),
        open_=True,
    ),
    _of_a_case(
        "case_answered",
        _("%(who)s answered about what was wrong with %(what)s, %(when)s"),
        _("Answered: %(what)s, %(when)s"),
        _("Read and go on"),
        open_=True,
    ),
    _of_a_case(
        "case_half_settled",
        _("%(who)s says that it is settled between you: %(what)s, %(when)s"),
        _("Settled between you? %(what)s, %(when)s"),
        _("Say so too"),
        open_=True,
    ),
    _of_a_case(
        "case_unanswered",
        _(
            "No answer from %(who)s for 5 days about %(what)s, %(when)s. You may bring it to a moderator"
        ),
        _("No answer: %(what)s, %(when)s"),
        _("See what you can do"),
        open_=True,
    ),
    _of_a_case(
        "case_brought",
        _("%(who)s asked the moderators to decide about %(what)s, %(when)s"),
        _("With the moderators: %(what)s, %(when)s"),
        _("See how it stands"),
        open_=True,
    ),
    _of_a_case(
        "resolved",
        _("Settled between the two of you: %(what)s, %(when)s (%(who)s)"),
        _("Settled: %(what)s, %(when)s"),
        _("See how it ended"),
    ),
    _of_a_case(
        "case_decided",
        _("The moderators decided about %(what)s, %(when)s (%(who)s)"),
        _("Decided: %(what)s, %(when)s"),
        _("Read the reason"),
    ),
    _of_a_case(
        "case_lapsed",
        _("Nobody went on with what was wrong with %(what)s, %(when)s (%(who)s): it is closed"),
        _("Closed: %(what)s, %(when)s"),
        _("See how it ended"),
    ),
    _of_a_case(
        "case_objected",
        _("%(who)s objects to the decision about %(what)s, %(when)s"),
        _("An objection: %(what)s, %(when)s"),
        _("See how it stands"),
    ),
    _of_a_case(
        "objection_answered",
        _("The moderators answered the objection about %(what)s, %(when)s (%(who)s)"),
        _("The objection is answered: %(what)s, %(when)s"),
        _("Read the answer"),
    ),
    _to_moderators(
        "case_to_decide",
        _("A case for the moderators: %(what)s, %(when)s (%(who)s)"),
        _("A case to decide: %(what)s"),
    ),
    _to_moderators(
        "objection_to_answer",
        _("An objection for the moderators: %(what)s, %(when)s (%(who)s)"),
        _("An objection to answer: %(what)s"),
    ),
)
