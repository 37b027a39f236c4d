"""What owners hear of requests for their things."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookings.states import FIRM, UNANSWERED, LineState

from .shape import Message, Page, Topic

S = LineState
_SEE = _("See the booking")
_AGREED = frozenset(FIRM | {S.TO_SETTLE})

REQUESTS = (
    Message(
        "request_new",
        Topic.REQUESTS,
        _("%(who)s asks for %(what)s, %(when)s"),
        _("New request: %(what)s, %(when)s"),
        _("See and answer"),
        page=Page.REQUESTS,
        mail=True,
        still=UNANSWERED,
        gathers="request",
    ),
    Message(
        "booked_at_once",
        Topic.REQUESTS,
        _("%(who)s booked %(what)s, %(when)s, at once as you allow"),
        _("Booked at once: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=_AGREED,
        gathers="request",
    ),
    Message(
        "completed",
        Topic.REQUESTS,
        _("Now definite: %(what)s, %(when)s, for %(who)s"),
        _("Now definite: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "withdrawn",
        Topic.REQUESTS,
        _("%(who)s no longer asks for %(what)s, %(when)s"),
        _("Request withdrawn: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "cancelled",
        Topic.REQUESTS,
        _("%(who)s cancelled %(what)s, %(when)s"),
        _("Cancelled: %(what)s, %(when)s"),
        _SEE,
        mail=True,
        still=frozenset({S.CANCELLED}),
        gathers="cancelled",
    ),
    Message(
        "ran_out_owner",
        Topic.REQUESTS,
        _("No longer kept for %(who)s, as nobody answered in time: %(what)s, %(when)s"),
        _("No longer kept: %(what)s, %(when)s"),
        _("See and answer"),
        page=Page.REQUESTS,
    ),
    Message(
        "expired_owner",
        Topic.REQUESTS,
        _("Not answered in time: %(what)s, %(when)s, for %(who)s"),
        _("Not answered in time: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "hit_owner",
        Topic.REQUESTS,
        _("To be settled with %(who)s: %(what)s, %(when)s"),
        _("To be settled: %(what)s, %(when)s"),
        _SEE,
    ),
    Message(
        "overdue_owner",
        Topic.REQUESTS,
        _("Not back in time: %(what)s, lent to %(who)s"),
        _("Not back in time: %(what)s"),
        _SEE,
    ),
)
