"""Past and future, open and closed."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from bookings.facts import Ask
from bookings.opening import is_open_at, open_spans
from bookings.reasons import Reason
from bookings.spans import days_touched, local_day

GRACE = timedelta(minutes=1)
"""A form filled in at 17:59 for 18:00 may arrive a moment later."""


def not_in_the_past(ask: Ask) -> Reason | None:
    if not ask.starts_anew:
        return not_over(ask)
    if ask.use.start > ask.now - GRACE:
        return None
    return Reason("in_the_past", "fact", _("This time has passed."))


def not_over(ask: Ask) -> Reason | None:
    """What began may still be agreed to; what is over may not."""
    if ask.use.end > ask.now:
        return None
    return Reason("in_the_past", "fact", _("This time has passed."))


def open_during_use(ask: Ask) -> Reason | None:
    """Rooms and people must be open for set-up, use and strike; things only when fetched and brought back."""
    if ask.resource.handover != "none" or ask.resource.kind == "seated":
        return None
    if any(span.contains(ask.use) for span in open_spans(ask.resource, ask.use)):
        return None
    off = _day_off(ask)
    if off is not None:
        return off
    day = local_day(ask.use.start.astimezone(ask.resource.zone).date(), ask.resource.zone)
    return Reason(
        "outside_hours",
        "rule",
        _("It is not open during all of this time."),
        values={
            "open": [
                {"starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()}
                for span in open_spans(ask.resource, day)
            ]
        },
        waivable=True,
    )


def _day_off(ask: Ask) -> Reason | None:
    for day in days_touched(ask.use, ask.resource.zone):
        for days in ask.resource.days_off:
            if days.covers(day):
                return Reason(
                    "day_off",
                    "rule",
                    _("The house is closed on that day."),
                    values={"day": day.isoformat(), "until": days.until.isoformat()},
                    owner_values={"reason": days.reason},
                    waivable=True,
                )
    return None


def open_to_fetch_and_return(ask: Ask) -> Reason | None:
    """Things are fetched and brought back in the keeper's hours."""
    if ask.resource.handover == "none" or ask.resource.kind == "seated":
        return None
    fetch = is_open_at(ask.resource, ask.use.start, closing=False)
    give_back = is_open_at(ask.resource, ask.use.end, closing=True)
    if fetch and give_back:
        return None
    sentence = (
        _("Nobody is there to hand it out at the start.")
        if not fetch
        else _("Nobody is there to take it back at the end.")
    )
    around = local_day(
        (ask.use.start if not fetch else ask.use.end).astimezone(ask.resource.zone).date(),
        ask.resource.zone,
    )
    return Reason(
        "nobody_at_the_desk",
        "rule",
        sentence,
        values={
            "open": [
                {"starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()}
                for span in open_spans(ask.resource, around)
            ]
        },
        waivable=True,
    )
