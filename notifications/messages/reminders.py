"""What is said because its time has come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookings.states import UNANSWERED, LineState

from .shape import Message, Page, Topic

S = LineState
_SEE = _("See the booking")
_OUT = frozenset({S.HANDED_OVER, S.OVERDUE})

REMINDERS = (
    Message(
        "use_soon",
        Topic.REMINDERS,
        _("Tomorrow for you: %(what)s, %(when)s (%(who)s)"),
        _("Tomorrow: %(what)s, %(when)s"),
        _("See who is there and how to reach them"),
        mail=True,
        still=frozenset({S.CONFIRMED}),
    ),
    Message(
        "is_it_back",
        Topic.REMINDERS,
        _("Is it back? %(what)s, lent to %(who)s"),
        _("Is it back? %(what)s"),
        _("Say in one tap"),
    ),
    Message(
        "bring_back",
        Topic.REMINDERS,
        _("Time to bring back: %(what)s (%(who)s)"),
        _("Time to bring back: %(what)s"),
        _SEE,
        mail=True,
        still=_OUT,
        gathers="return",
    ),
    Message(
        "tomorrow",
        Topic.REMINDERS,
        _("Next to hand out and to get back: %(what)s"),
        _("Next to hand out and to get back: %(what)s"),
        _("Open the day"),
        page=Page.TODAY,
        mail=True,
        still=frozenset(_OUT | {S.CONFIRMED}),
        template="list",
    ),
    Message(
        "answers_due",
        Topic.REQUESTS,
        _("Not answered yet: %(what)s"),
        _("Not answered yet: %(what)s"),
        _("See and answer"),
        page=Page.REQUESTS,
        mail=True,
        still=UNANSWERED,
        template="list",
    ),
)
