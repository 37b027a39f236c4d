"""Past and future, open and closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from bookings.facts.ask import Ask
from bookings.moments import moment_label
from bookings.opening import (
    LOOKED_AT,
    fetched_by,
    fits_hours,
    is_open_at,
    open_spans,
    returned_from,
)
from bookings.reasons import Reason
from bookings.spans import SHORTEST, Span, days_touched, local_day, wall

from . import saying

GRACE = timedelta(minutes=1)
"""A form filled in at 17:59 for 18:00 may arrive a moment later."""


def not_in_the_past(ask: Ask) -> Reason | None:
    if not ask.starts_anew:
        return not_over(ask)
    return None if ask.use.start > ask.now - GRACE else _past(ask)


def not_over(ask: Ask) -> Reason | None:
    """What began may still be agreed to; what is over may not."""
    return None if ask.use.end > ask.now else _past(ask)


def _past(ask: Ask) -> Reason:
    minute = ask.now.replace(second=0, microsecond=0)
    return Reason(
        "in_the_past", "fact", _("This time has passed."), relax={"starts_at": minute.isoformat()}
    )


def open_during_use(ask: Ask) -> Reason | None:
    """Rooms and people must be open for set-up, use and strike; things only when fetched and brought back."""
    if ask.resource.handover != "none" or fits_hours(ask.resource, ask.use):
        return None
    off = _day_off(ask)
    if off is not None:
        return off
    there = _open_on_the_day_of(ask.use.start, ask)
    meeting = [part for span in there if (part := span.meet(ask.use)) is not None]
    longest = max(meeting, key=lambda span: span.length, default=None)
    relax = None
    if longest is not None and longest.length >= SHORTEST:
        relax = _as_values(longest)
    return Reason(
        "outside_hours",
        "rule",
        saying.both(_("It is not open during all of this time."), _hours_then(there, ask)),
        values={"open": [_as_values(span) for span in there]},
        relax=relax or _next_opening(ask.use.start, ask),
        waivable=True,
    )


def _day_off(ask: Ask) -> Reason | None:
    for day in days_touched(ask.use, ask.resource.zone):
        for days in ask.resource.days_off:
            if days.covers(day):
                relax = _next_opening(wall(days.until, 0, ask.resource.zone), ask)
                return Reason(
                    "day_off",
                    "rule",
                    saying.both(_("The house is closed on that day."), _opens_again(relax, ask)),
                    values={"day": day.isoformat(), "until": days.until.isoformat()},
                    owner_values={"reason": days.reason},
                    relax=relax,
                    waivable=True,
                )
    return None


def open_to_fetch_and_return(ask: Ask) -> Reason | None:
    """Things are fetched and brought back in the keeper's hours."""
    if ask.resource.handover == "none" or fits_hours(ask.resource, ask.use):
        return None
    fetch = is_open_at(ask.resource, ask.use.start, closing=False)
    give_back = is_open_at(ask.resource, ask.use.end, closing=True)
    sentence = saying.both(
        "" if fetch else _("Nobody is there to hand it out at the start."),
        "" if give_back else _("Nobody is there to take it back at the end."),
    )
    around = ask.use.start if not fetch else ask.use.end
    there = _open_on_the_day_of(around, ask)
    return Reason(
        "nobody_at_the_desk",
        "rule",
        saying.both(sentence, _hours_then(there, ask, around)),
        values={"open": [_as_values(span) for span in there]},
        relax=_when_somebody_is_there(ask, fetch=fetch, give_back=give_back),
        waivable=True,
    )


def _when_somebody_is_there(ask: Ask, *, fetch: bool, give_back: bool) -> dict[str, str] | None:
    """The nearest times around the use; one that would have passed already is looked for after it has begun."""
    relax: dict[str, str] = {}
    starts, ends = ask.use.start, ask.use.end
    if not fetch:
        earlier = fetched_by(ask.resource, starts)
        if earlier is not None and earlier > ask.now - GRACE:
            starts = earlier
        else:
            later = _next_opening(starts, ask)
            if later is None:
                return None
            starts = datetime.fromisoformat(later["starts_at"])
        relax["starts_at"] = starts.isoformat()
    if not give_back or starts >= ends:
        back = returned_from(ask.resource, ends if starts < ends else starts + ask.use.length)
        if back is None:
            return None
        relax["ends_at"] = back.isoformat()
    return relax


def _open_on_the_day_of(instant: datetime, ask: Ask) -> list[Span]:
    zone = ask.resource.zone
    return list(open_spans(ask.resource, local_day(instant.astimezone(zone).date(), zone)))


def _hours_then(there: list[Span], ask: Ask, around: datetime | None = None) -> str:
    """The hours of the day, else when it opens next."""
    if there:
        return _("On that day it is open %(hours)s.") % {"hours": saying.hours(there, ask)}
    relax = _next_opening(around or ask.use.start, ask)
    return saying.both(_("On that day it is not open at all."), _opens_again(relax, ask))


def _next_opening(after: datetime, ask: Ask) -> dict[str, str] | None:
    """As long as is asked for, or until it closes again."""
    spans = open_spans(ask.resource, Span(after, after + LOOKED_AT))
    first = next((span for span in spans if span.length >= SHORTEST), None)
    if first is None:
        return None
    return _as_values(Span(first.start, min(first.end, first.start + ask.use.length)))


def _opens_again(relax: dict[str, str] | None, ask: Ask) -> str:
    if relax is None:
        return ""
    at = datetime.fromisoformat(relax["starts_at"])
    return _("It opens again on %(moment)s.") % {
        "moment": moment_label(at, ask.resource.zone, now=ask.now)
    }


def _as_values(span: Span) -> dict[str, str]:
    return {"starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()}
