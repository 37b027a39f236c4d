"""House rules of the owner's terms, judged when a request is sent. Days are counted on the owner's wall clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bookings.facts.ask import Ask
from bookings.reasons import Reason
from bookings.spans import wall

from . import saying

DAY = 24 * 60


def _house_rule(
    ask: Ask, code: str, message: Any, values: dict[str, Any], relax: dict[str, Any] | None = None
) -> Reason:
    waivable = ask.terms is not None and ask.terms.ask_anyway
    return Reason(code, "rule", message, values=values, relax=relax, waivable=waivable)


def enough_notice(ask: Ask) -> Reason | None:
    notice = ask.terms.notice_minutes if ask.terms else None
    if not notice or not ask.starts_anew:
        return None
    local = ask.now.astimezone(ask.resource.zone)
    if notice % DAY:
        earliest = (ask.now + timedelta(minutes=notice)).replace(second=0, microsecond=0)
    else:
        day = local.date() + timedelta(days=notice // DAY)
        earliest = wall(day, local.hour * 60 + local.minute, ask.resource.zone)
    if ask.use.start >= earliest:
        return None
    ask_by = _ask_by(ask, notice)
    words = {
        "length": saying.length(notice if notice % DAY == 0 else -(-notice // 60) * 60),
        "by": saying.at(ask_by, ask),
        "since": saying.at(earliest, ask),
    }
    return _house_rule(
        ask,
        "too_late_to_ask",
        _(
            "Its owner wants to be asked at least %(length)s ahead: for this time by %(by)s. "
            "If you ask now, it can begin from %(since)s."
        )
        % words,
        {
            "notice_minutes": notice,
            "earliest": earliest.isoformat(),
            "ask_by": ask_by.isoformat(),
        },
        {"starts_at": earliest.isoformat()},
    )


def _ask_by(ask: Ask, notice: int) -> datetime:
    """The last moment to ask for this use."""
    if notice % DAY:
        return ask.use.start - timedelta(minutes=notice)
    return _days_from(ask.use.start, -notice // DAY, ask)


def within_horizon(ask: Ask) -> Reason | None:
    horizon = ask.terms.horizon_days if ask.terms else None
    if not horizon:
        return None
    today = ask.now.astimezone(ask.resource.zone).date()
    day = ask.use.start.astimezone(ask.resource.zone).date()
    if day <= today + timedelta(days=horizon):
        return None
    ask_from, latest = day - timedelta(days=horizon), today + timedelta(days=horizon)
    return _house_rule(
        ask,
        "too_early_to_ask",
        _(
            "Its owner plans at most %(length)s ahead. You can ask for it from %(since)s; "
            "now for dates until %(latest)s."
        )
        % {
            "length": saying.length(horizon * DAY),
            "since": saying.day(ask_from, ask),
            "latest": saying.day(latest, ask),
        },
        {
            "horizon_days": horizon,
            "latest": latest.isoformat(),
            "ask_from": ask_from.isoformat(),
        },
        {"ask_from": ask_from.isoformat()},
    )


def _minutes(ask: Ask) -> int:
    return int(ask.use.length.total_seconds() // 60)


def _days_from(instant: datetime, days: int, ask: Ask) -> datetime:
    """Days are wall-clock days: seven of them over a clock change are still seven."""
    local = instant.astimezone(ask.resource.zone)
    return wall(
        local.date() + timedelta(days=days), local.hour * 60 + local.minute, ask.resource.zone
    )


def _end_after(ask: Ask, minutes: int) -> datetime:
    if minutes % DAY == 0:
        return _days_from(ask.use.start, minutes // DAY, ask)
    return ask.use.start + timedelta(minutes=minutes)


def _as_long_as_it_lasts(ask: Ask) -> bool:
    """A place on a date is had for all of it, which its owner made as long as it is."""
    return ask.resource.kind == "seated"


def long_enough(ask: Ask) -> Reason | None:
    shortest = ask.terms.shortest_minutes if ask.terms else None
    if not shortest or _as_long_as_it_lasts(ask) or _minutes(ask) >= shortest:
        return None
    end = _end_after(ask, shortest)
    if shortest % DAY == 0 and ask.use.end >= end:
        return None
    return _house_rule(
        ask,
        "too_short",
        _("It is lent for at least %(length)s.") % {"length": saying.length(shortest)},
        {"shortest_minutes": shortest},
        {"minutes": shortest, "ends_at": end.isoformat()},
    )


def short_enough(ask: Ask) -> Reason | None:
    longest = ask.terms.longest_minutes if ask.terms else None
    if not longest or _as_long_as_it_lasts(ask) or _minutes(ask) <= longest:
        return None
    end = _end_after(ask, longest)
    if longest % DAY == 0 and ask.use.end <= end:
        return None
    return _house_rule(
        ask,
        "too_long",
        _("It is lent for at most %(length)s.") % {"length": saying.length(longest)},
        {"longest_minutes": longest},
        {"minutes": longest, "ends_at": end.isoformat()},
    )


def in_steps(ask: Ask) -> Reason | None:
    step = ask.terms.step_minutes if ask.terms else None
    if not step or _as_long_as_it_lasts(ask):
        return None
    zone = ask.resource.zone
    local = ask.use.start.astimezone(zone).replace(tzinfo=None)
    length = ask.use.end.astimezone(zone).replace(tzinfo=None) - local
    on_the_wall = int(length.total_seconds() // 60)
    begins = local.hour * 60 + local.minute
    if begins % step == 0 and on_the_wall % step == 0:
        return None
    first = begins // step * step
    longest = ask.terms.longest_minutes if ask.terms else None
    last = first + -(-(begins - first + on_the_wall) // step) * step
    if longest and last - first > longest:  # around all that was asked for it would be too long
        last = first + max(min(on_the_wall, longest) // step, 1) * step
    fitting = [wall(local.date(), minute, zone) for minute in (first, last)]
    return _house_rule(
        ask,
        "not_in_steps",
        _("It is lent in steps of %(length)s: %(since)s – %(until)s would fit.")
        % {
            "length": saying.length(step),
            "since": saying.at(fitting[0], ask),
            "until": saying.at(fitting[1], ask),
        },
        {"step_minutes": step},
        {"starts_at": fitting[0].isoformat(), "ends_at": fitting[1].isoformat()},
    )
