"""An option that one click puts into my request: its lines, as the form carries them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from bookings.reasons import Alternative
from bookings.wishes import LineWish
from cooperative.errors import NotFound

_TIMES = ("starts_at", "ends_at", "event_starts_at", "event_ends_at")
_MINUTES = ("setup_minutes", "strike_minutes")
MOST_PIECES = 20


def fields_of(option: Alternative) -> Iterator[tuple[str, str]]:
    """Names and values of hidden fields; `piece` stands once for each line."""
    pieces = [(piece.resource, piece.units) for piece in option.pieces]
    for resource, units in pieces or [(option.resource, option.units)]:
        yield "piece", f"{resource}:{units}"
    for name in _TIMES:
        yield name, getattr(option, name).isoformat()
    for name in _MINUTES:
        yield name, str(getattr(option, name))


def wishes_of(data: QueryDict) -> Sequence[LineWish]:
    """What such a form asks for. Raises `NotFound` where it is none of ours."""
    try:
        times = {name: datetime.fromisoformat(str(data[name])) for name in _TIMES}
        minutes = {name: int(str(data[name])) for name in _MINUTES}
        if any(instant.tzinfo is None for instant in times.values()):
            raise ValueError
        inner = (times["event_starts_at"], times["event_ends_at"])
        same = inner == (times["starts_at"], times["ends_at"])
        found = []
        for text in data.getlist("piece")[:MOST_PIECES]:
            resource, _colon, units = text.partition(":")
            found.append(
                LineWish(
                    resource=UUID(resource),
                    starts_at=times["starts_at"],
                    ends_at=times["ends_at"],
                    event_starts_at=None if same else inner[0],
                    event_ends_at=None if same else inner[1],
                    units=int(units),
                    setup_minutes=minutes["setup_minutes"],
                    strike_minutes=minutes["strike_minutes"],
                )
            )
    except (KeyError, ValueError):
        raise NotFound from None
    return found
