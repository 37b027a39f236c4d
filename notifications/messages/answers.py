"""What askers hear, and what both sides hear of each other."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookings.states import FIRM, LIVE, LineState

from .shape import Message, Topic

S = LineState
_SEE = _("See the booking")
_AGREED = frozenset(FIRM | {S.TO_SETTLE})

ANSWERS = (
    Message(
        "confirmed",
        Topic.ANSWERS,
        _("Confirmed: %(what)s, %(when)s (%(who)s)"),
        _("Confirmed: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=_AGREED,
    ),
    Message(
        "agreed_so_far",
        Topic.ANSWERS,
        _("%(who)s agrees to %(what)s, %(when)s; the rest is still open"),
        _("Agreed in part: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "declined",
        Topic.ANSWERS,
        _("Declined: %(what)s, %(when)s (%(who)s)"),
        _("Declined: %(what)s, %(when)s"),
        _("See why and what else is free"),
        mail=True,
        still=frozenset({S.DECLINED}),
    ),
    Message(
        "reopened",
        Topic.ANSWERS,
        _("Open again: %(what)s, %(when)s (%(who)s)"),
        _("Open again: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "written_in",
        Topic.ANSWERS,
        _("%(who)s wrote in for you: %(what)s, %(when)s"),
        _("Written in for you: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=_AGREED,
    ),
    Message(
        "called_off_by_us",
        Topic.ANSWERS,
        _("A colleague called off %(what)s, %(when)s"),
        _("Called off: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "let_go",
        Topic.ANSWERS,
        _("No longer kept for you, but still asked for: %(what)s, %(when)s (%(who)s)"),
        _("No longer kept for you: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "ran_out",
        Topic.ANSWERS,
        _("No longer kept for you, but still asked for: %(what)s, %(when)s (%(who)s)"),
        _("No longer kept for you: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "expired",
        Topic.ANSWERS,
        _("No answer came in time: %(what)s, %(when)s (%(who)s)"),
        _("No answer came in time: %(what)s, %(when)s"),
        _("See what else is free"),
        mail=True,
        still=frozenset({S.EXPIRED}),
    ),
    Message(
        "taken_back",
        Topic.ANSWERS,
        _("Taken back by the owner: %(what)s, %(when)s (%(who)s)"),
        _("Taken back by the owner: %(what)s, %(when)s"),
        _("See why and what else is free"),
        mail=True,
        still=frozenset({S.CANCELLED}),
        essential=True,
    ),
    Message(
        "hit",
        Topic.ANSWERS,
        _("Something came in the way and has to be settled: %(what)s, %(when)s (%(who)s)"),
        _("To be settled: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=frozenset({S.TO_SETTLE}),
        essential=True,
    ),
    Message(
        "clock_law",
        Topic.ANSWERS,
        _("By a new time law %(what)s keeps its hour, %(when)s, and other clocks differ (%(who)s)"),
        _("Same hour, new time law: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=frozenset(LIVE),
    ),
    Message(
        "settled",
        Topic.ANSWERS,
        _("Settled and confirmed: %(what)s, %(when)s (%(who)s)"),
        _("Settled: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=_AGREED,
    ),
    Message(
        "handed_over",
        Topic.ANSWERS,
        _("Handed out to you: %(what)s (%(who)s)"),
        _("Handed out: %(what)s"),
        _SEE,
    ),
    Message(
        "given_back",
        Topic.ANSWERS,
        _("Given back, thank you: %(what)s (%(who)s)"),
        _("Given back: %(what)s"),
        _SEE,
    ),
    Message(
        "overdue",
        Topic.REMINDERS,
        _("Not back in time: %(what)s. %(who)s is waiting for it"),
        _("Not back in time: %(what)s"),
        _SEE,
        mail=True,
        still=frozenset({S.OVERDUE}),
    ),
    Message(
        "lost",
        Topic.ANSWERS,
        _("Reported as lost: %(what)s (%(who)s)"),
        _("Reported as lost: %(what)s"),
        _SEE,
        mail=True,
        still=frozenset({S.LOST, S.DISPUTED, S.CLOSED}),
    ),
    Message(
        "not_used",
        Topic.ANSWERS,
        _("Reported as not used: %(what)s, %(when)s (%(who)s)"),
        _("Reported as not used: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "complained",
        Topic.CONVERSATION,
        _("%(who)s reports a problem with %(what)s, %(when)s"),
        _("A problem: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=frozenset({S.DISPUTED}),
    ),
    Message(
        "resolved",
        Topic.CONVERSATION,
        _("The problem is resolved: %(what)s, %(when)s (%(who)s)"),
        _("Resolved: %(what)s, %(when)s"),
        _SEE,
        mail=True,
    ),
    Message(
        "message_new",
        Topic.CONVERSATION,
        _("%(who)s wrote to you: %(title)s"),
        _("New message: %(title)s"),
        _("Read and answer"),
        mail=True,
    ),
)
