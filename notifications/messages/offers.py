"""What both sides hear of proposals, of changes, and of what came free for who waited."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookings.states import FIRM, UNANSWERED, LineState

from .shape import Message, Page, Topic

S = LineState
_SEE = _("See the booking")
_ANSWER = _("See and answer")
_STANDS = frozenset(FIRM | {S.HELD, S.ACCEPTED, S.TO_SETTLE})

OFFERS = (
    # --- the owner proposes, or something came free ---------------------------------------------------
    Message(
        "proposed",
        Topic.ANSWERS,
        _("%(who)s proposes: %(offer)s. You can take it until %(until)s"),
        _("A proposal: %(offer)s"),
        _ANSWER,
        page=Page.OFFER,
        mail=True,
        while_open=True,
        template="offer",
    ),
    Message(
        "declined_but",
        Topic.ANSWERS,
        _(
            "%(who)s says no to %(what)s, %(when)s, and proposes instead: %(offer)s. "
            "You can take it until %(until)s"
        ),
        _("Declined, with a proposal: %(offer)s"),
        _("See why, and answer"),
        page=Page.OFFER,
        mail=True,
        still=frozenset({S.DECLINED}),
        template="offer",
    ),
    Message(
        "taken_back_but",
        Topic.ANSWERS,
        _(
            "%(who)s took back %(what)s, %(when)s, and proposes instead: %(offer)s. "
            "You can take it until %(until)s"
        ),
        _("Taken back, with a proposal: %(offer)s"),
        _("See why, and answer"),
        page=Page.OFFER,
        mail=True,
        still=frozenset({S.CANCELLED}),
        template="offer",
        essential=True,
        breaks=True,
    ),
    Message(
        "came_free",
        Topic.ANSWERS,
        _("It came free for you: %(offer)s (%(who)s). It is kept for you until %(until)s"),
        _("Came free: %(offer)s"),
        _ANSWER,
        page=Page.OFFER,
        mail=True,
        while_open=True,
        template="offer",
        essential=True,
    ),
    Message(
        "proposal_gone",
        Topic.ANSWERS,
        _("%(who)s no longer proposes %(offer)s"),
        _("No longer proposed: %(offer)s"),
        _SEE,
    ),
    Message(
        "proposal_missed",
        Topic.ANSWERS,
        _("The proposal has run out: %(offer)s (%(who)s)"),
        _("Run out: %(offer)s"),
        _SEE,
    ),
    Message(
        "came_free_gone",
        Topic.ANSWERS,
        _("It is not free after all: %(offer)s (%(who)s)"),
        _("Not free after all: %(offer)s"),
        _SEE,
        mail=True,
    ),
    Message(
        "came_free_missed",
        Topic.ANSWERS,
        _("You did not answer in time, and the next in the queue is asked: %(offer)s (%(who)s)"),
        _("Run out: %(offer)s"),
        _SEE,
    ),
    Message(
        "not_free",
        Topic.ANSWERS,
        _("It did not come free: %(what)s, %(when)s (%(who)s)"),
        _("It did not come free: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "change_agreed",
        Topic.ANSWERS,
        _("%(who)s agrees to your change: %(offer)s"),
        _("Changed as you wished: %(offer)s"),
        _SEE,
        mail=True,
        still=_STANDS,
    ),
    Message(
        "change_declined",
        Topic.ANSWERS,
        _("%(who)s cannot agree to your change: %(offer)s. What was agreed stays"),
        _("Not changed: %(offer)s"),
        _SEE,
        mail=True,
        still=_STANDS,
        template="offer",
    ),
    Message(
        "change_unanswered",
        Topic.ANSWERS,
        _("No answer came to your change: %(offer)s (%(who)s). What was agreed stays"),
        _("Not changed: %(offer)s"),
        _SEE,
    ),
    Message(
        "outrun",
        Topic.ANSWERS,
        _(
            "%(who)s chose another request for %(what)s, %(when)s. Yours stays next in the queue; "
            "see what else is free"
        ),
        _("Next in the queue: %(what)s, %(when)s"),
        _("See what else is free"),
        mail=True,
        still=UNANSWERED,
    ),
    Message(
        "restored",
        Topic.ANSWERS,
        _("It stands after all: %(what)s, %(when)s (%(who)s)"),
        _("It stands after all: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=_STANDS,
        essential=True,
        breaks=True,
    ),
    # --- who asked proposes, or answers ---------------------------------------------------------------
    Message(
        "change_asked",
        Topic.REQUESTS,
        _("%(who)s asks to change %(what)s to: %(offer)s. Answer by %(until)s"),
        _("A change is asked for: %(offer)s"),
        _ANSWER,
        page=Page.OFFER,
        mail=True,
        while_open=True,
        template="offer",
    ),
    Message(
        "proposal_taken",
        Topic.REQUESTS,
        _("%(who)s takes what you proposed: %(offer)s"),
        _("Your proposal is taken: %(offer)s"),
        _SEE,
        mail=True,
        still=_STANDS,
    ),
    Message(
        "came_free_taken",
        Topic.REQUESTS,
        _("%(who)s waited and takes what came free: %(offer)s"),
        _("Taken by who waited: %(offer)s"),
        _SEE,
    ),
    Message(
        "proposal_declined",
        Topic.REQUESTS,
        _("%(who)s does not take what you proposed: %(offer)s"),
        _("Your proposal is declined: %(offer)s"),
        _SEE,
    ),
    Message(
        "proposal_unanswered",
        Topic.REQUESTS,
        _("Nobody answered what you proposed to %(who)s: %(offer)s"),
        _("Not answered: %(offer)s"),
        _SEE,
    ),
    Message(
        "change_missed",
        Topic.REQUESTS,
        _("The change that %(who)s asked for has run out: %(offer)s"),
        _("Run out: %(offer)s"),
        _SEE,
    ),
    Message(
        "change_gone",
        Topic.REQUESTS,
        _("%(who)s no longer asks to change %(what)s"),
        _("No longer to be changed: %(what)s"),
        _SEE,
    ),
    Message(
        "waits",
        Topic.REQUESTS,
        _("%(who)s waits for %(what)s, %(when)s, in case it comes free"),
        _("On the waiting list: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "restored_owner",
        Topic.REQUESTS,
        _("It stands after all, for %(who)s: %(what)s, %(when)s"),
        _("It stands after all: %(what)s, %(when)s"),
        _SEE,
    ),
    # --- either side ----------------------------------------------------------------------------------
    Message(
        "changed",
        Topic.CONVERSATION,
        _("%(who)s changed the booking: now %(what)s, %(when)s"),
        _("Changed: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=_STANDS - {S.HELD},
    ),
)
