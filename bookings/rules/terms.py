"""House rules of the owner's terms, judged when a request is sent. Days are counted on the owner's wall clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import ngettext_lazy

from bookings.facts import Ask
from bookings.reasons import Reason
from bookings.spans import wall

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
        earliest = ask.now + timedelta(minutes=notice)
    else:
        day = local.date() + timedelta(days=notice // DAY)
        earliest = wall(day, local.hour * 60 + local.minute, ask.resource.zone)
    if ask.use.start >= earliest:
        return None
    values = {"notice_minutes": notice, "earliest": earliest.isoformat()}
    relax = {"starts_at": earliest.isoformat()}
    if notice % DAY:
        message = ngettext_lazy(
            "Its owner wants to be asked at least %(count)s hour ahead.",
            "Its owner wants to be asked at least %(count)s hours ahead.",
            "count",
        ) % {"count": -(-notice // 60)}
    else:
        message = ngettext_lazy(
            "Its owner wants to be asked at least %(count)s day ahead.",
            "Its owner wants to be asked at least %(count)s days ahead.",
            "count",
        ) % {"count": notice // DAY}
    return _house_rule(ask, "too_late_to_ask", message, values, relax)


def within_horizon(ask: Ask) -> Reason | None:
    horizon = ask.terms.horizon_days if ask.terms else None
    if not horizon:
        return None
    today = ask.now.astimezone(ask.resource.zone).date()
    day = ask.use.start.astimezone(ask.resource.zone).date()
    if day <= today + timedelta(days=horizon):
        return None
    return _house_rule(
        ask,
        "too_early_to_ask",
        ngettext_lazy(
            "Its owner plans at most %(count)s day ahead.",
            "Its owner plans at most %(count)s days ahead.",
            "count",
        )
        % {"count": horizon},
        {"horizon_days": horizon, "latest": (today + timedelta(days=horizon)).isoformat()},
    )


def _minutes(ask: Ask) -> int:
    return int(ask.use.length.total_seconds() // 60)


def _days_on(ask: Ask, days: int) -> datetime:
    """Days are wall-clock days: seven of them over a clock change are still seven."""
    start = ask.use.start.astimezone(ask.resource.zone)
    return wall(
        start.date() + timedelta(days=days), start.hour * 60 + start.minute, ask.resource.zone
    )


def long_enough(ask: Ask) -> Reason | None:
    shortest = ask.terms.shortest_minutes if ask.terms else None
    if not shortest or _minutes(ask) >= shortest:
        return None
    if shortest % DAY == 0 and ask.use.end >= _days_on(ask, shortest // DAY):
        return None
    return _house_rule(
        ask,
        "too_short",
        ngettext_lazy(
            "It is lent for at least %(count)s minute.",
            "It is lent for at least %(count)s minutes.",
            "count",
        )
        % {"count": shortest},
        {"shortest_minutes": shortest},
        {"minutes": shortest},
    )


def short_enough(ask: Ask) -> Reason | None:
    longest = ask.terms.longest_minutes if ask.terms else None
    if not longest or _minutes(ask) <= longest:
        return None
    if longest % DAY == 0:
        if ask.use.end <= _days_on(ask, longest // DAY):
            return None
        message = ngettext_lazy(
            "It is lent for at most %(count)s day.",
            "It is lent for at most %(count)s days.",
            "count",
        ) % {"count": longest // DAY}
    else:
        message = ngettext_lazy(
            "It is lent for at most %(count)s minute.",
            "It is lent for at most %(count)s minutes.",
            "count",
        ) % {"count": longest}
    return _house_rule(ask, "too_long", message, {"longest_minutes": longest}, {"minutes": longest})


def in_steps(ask: Ask) -> Reason | None:
    step = ask.terms.step_minutes if ask.terms else None
    if not step:
        return None
    local = ask.use.start.astimezone(ask.resource.zone).replace(tzinfo=None)
    length = ask.use.end.astimezone(ask.resource.zone).replace(tzinfo=None) - local
    on_the_wall = int(length.total_seconds() // 60)
    if (local.hour * 60 + local.minute) % step == 0 and on_the_wall % step == 0:
        return None
    return _house_rule(
        ask,
        "not_in_steps",
        ngettext_lazy(
            "It is lent in steps of %(count)s minute.",
            "It is lent in steps of %(count)s minutes.",
            "count",
        )
        % {"count": step},
        {"step_minutes": step},
    )
