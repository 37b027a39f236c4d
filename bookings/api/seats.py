"""Who comes: what calls carry, and how it is shown to the two sides of a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.serializers import ListSerializer

from bookings.models import Seat
from bookings.services.seats import SeatWish
from cooperative.api.fields import Body, Code, Whole
from cooperative.text import LANGUAGES

from .bodies import optional_text

MOST_SEATS = 1_000
"""Of one line in one call."""


class SeatBody(Body):
    """What is known of the person on one place; left out = not known."""

    position = Whole(min_value=0, max_value=32_767)
    name = optional_text(200)
    email = optional_text(254)
    language = Code([*LANGUAGES, ""], required=False, default="")
    access_needs = optional_text(500)
    food_needs = optional_text(500)

    class Meta:
        ref_name = "NewSeat"


class SeatsBody(Body):
    """All places of a line; one that is left out is emptied."""

    seats: ListSerializer[Any] = ListSerializer(child=SeatBody(), max_length=MOST_SEATS)

    class Meta:
        ref_name = "NewSeats"


class DropBody(Body):
    """Nothing more is said."""

    class Meta:
        ref_name = "DropSeat"


def wishes_of(read: dict[str, Any]) -> list[SeatWish]:
    return [SeatWish(**row) for row in read["seats"]]


def seats_shown(seats: Iterable[Seat]) -> dict[str, Any]:
    return {
        "seats": [
            {
                "id": seat.uid,
                "position": seat.position,
                "name": seat.name,
                "email": seat.email,
                "language": seat.language,
                "access_needs": seat.access_needs,
                "food_needs": seat.food_needs,
            }
            for seat in seats
        ]
    }
