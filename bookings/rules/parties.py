"""Whether the two sides, and the thing itself, are there for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from bookings.facts.ask import Ask
from bookings.facts.resource import ResourceFacts
from bookings.reasons import Reason

from . import saying


def resource_is_there(ask: Ask) -> Reason | None:
    """Suspended and withdrawn things are lent to nobody, drafts inside their own house only, or with another thing."""
    own = ask.brought or (ask.borrower is not None and ask.borrower == ask.resource.owner)
    if ask.resource.state == "published" or (own and ask.resource.state == "draft"):
        return None
    return resource_not_offered()


def resource_not_offered() -> Reason:
    return Reason("resource_not_offered", "fact", _("It is not offered at present."))


def kind_is_bookable(ask: Ask) -> Reason | None:
    if ask.resource.bookable:
        return None
    if ask.resource.kind == "open":
        return Reason(
            "needs_no_booking", "fact", _("This needs no booking: it is there to read or download.")
        )
    return Reason("no_dates_yet", "fact", _("There are no dates to book yet."))


def owner_is_active(ask: Ask) -> Reason | None:
    if ask.resource.owner_state == "active" or ask.borrower == ask.resource.owner:
        return None
    return Reason("owner_not_active", "fact", _("Its owner is not active in the cooperative now."))


def borrower_is_active(ask: Ask) -> Reason | None:
    if ask.borrower_state == "active":
        return None
    return Reason(
        "borrower_not_active", "fact", _("Your institution is not active in the cooperative now.")
    )


def asking_not_paused(ask: Ask) -> Reason | None:
    """Under a pause that moderators decided an institution asks for nothing of others; what was agreed stays.

    `paused_until` is not set where the owner itself says yes: to a request, with a proposal, to a longer loan.
    """
    until = ask.paused_until
    if until is None or until <= ask.now or ask.borrower == ask.resource.owner:
        return None
    words = {
        "day": saying.day(
            (until - timedelta(microseconds=1)).astimezone(ask.resource.zone).date(), ask
        )
    }
    return Reason(
        "asking_paused",
        "fact",
        _("Your institution may not ask for things of others up to and including %(day)s.") % words,
        values={"until": until.isoformat()},
    )


def may_ask(ask: Ask) -> Reason | None:
    """Rights follow the date of use."""
    return None if ask.terms is not None else _not_for_you()


def not_asked_already(ask: Ask) -> Reason | None:
    """The same by the same institution is mostly a form sent again, or two colleagues; whoever means it says so."""
    wanted = (ask.use, ask.units)
    same = next((one for one in ask.resource.asked_before if (one.use, one.units) == wanted), None)
    if same is None:
        return None
    return Reason(
        "asked_already",
        "rule",
        _("Your institution has asked for it at this very time already."),
        values={"booking": str(same.booking)},
        relax={"ask_anyway": True},
        waivable=True,
    )


def companion_not_free(
    companion: ResourceFacts, why: Sequence[Reason], *, waivable: bool
) -> Reason:
    """The house lends it with something else alone (the hall with its technician), which is not to be had."""
    known = (
        why[0].relax if len(why) == 1 else None
    )  # what helps against one of several helps nobody
    relax = {name: value for name, value in (known or {}).items() if name in _TIMES}
    return Reason(
        "companion_not_free",
        "rule",
        _("It comes only with “%(title)s”, which is not free at that time.")
        % {"title": companion.title},
        values={"companion": str(companion.uid), "reasons": [one.code for one in why]},
        owner_values={"why": [dict(one.owner_values) for one in why]},
        relax=relax or None,
        waivable=waivable,
    )


_TIMES = frozenset({"starts_at", "ends_at"})
"""What of a companion's reasons would help the thing that brings it as well."""


def may_see(ask: Ask) -> Reason | None:
    """When the owner answers: terms were judged when it was sent, but what is out of sight is not lent."""
    return None if ask.seen or ask.brought else _not_for_you()


def _not_for_you() -> Reason:
    return Reason(
        "may_not_ask", "fact", _("Its owner does not lend it to your institution on that day.")
    )
