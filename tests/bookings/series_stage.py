"""Series in few words, for tests: Tuesdays at five, from 2 March 2027."""

from __future__ import annotations

from datetime import date
from typing import Any

from bookings.models import Booking, Series, Watch
from bookings.recurrence import Repetition, read_repetition
from bookings.recurrence.wish import SeriesWish
from bookings.services.request.sending import request_booking
from bookings.services.request.stored import Requested
from bookings.wishes import BookingWish
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource

from .stage import NOW, Side

FIRST = date(2027, 3, 9)
"""The first Tuesday after `NOW` that is not tomorrow. The clock goes on in the night to 28 March."""


def weekly(count: int = 4, *, first_on: date = FIRST, **beside: Any) -> Repetition:
    """Every week from `first_on`, 17:00 to 20:00 on the owner's clock."""
    given = {"starts_minute": 17 * 60, "length_minutes": 180, **beside}
    rule = given.pop("rule", f"FREQ=WEEKLY;COUNT={count}")
    return read_repetition(rule=rule, first_on=first_on, **given)


def series_of(thing: Resource, repetition: Repetition | None = None, **fields: Any) -> SeriesWish:
    return SeriesWish(resource=thing.uid, repetition=repetition or weekly(), **fields)


def ask_series(side: Side, *series: SeriesWish, now: Any = NOW, **fields: Any) -> Requested:
    """Send a request for series alone, each date for itself unless said otherwise."""
    given: dict[str, Any] = {"title": "Próby", "all_or_nothing": False, **fields}
    wish = BookingWish(series=series, **given)
    return request_booking(by=side.at(now), institution=side.house.pk, wish=wish)


def watches_of(booking: Booking) -> list[Watch]:
    rows = Watch.objects.visible_to(SYSTEM).filter(booking=booking)
    return list(rows.order_by("use_starts_at", "pk"))


def rows_of(booking: Booking) -> list[Series]:
    return list(Series.objects.filter(booking=booking).order_by("pk"))
