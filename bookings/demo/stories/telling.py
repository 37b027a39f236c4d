"""The whole season, put into the queue."""

from __future__ import annotations

from bookings.demo.season import Season

from .agreed import by_phone, five_of_six, late_ladder, out_today, repair, to_be_settled
from .asked import chairs, congress, my_request, partners, rivals, tomorrow
from .ordinary import ordinary
from .programme import own_programme


def tell_all(season: Season) -> None:
    """Put the whole season into the queue."""
    own_programme(season)
    ordinary(season)
    for story in (
        rivals, chairs, congress, late_ladder, out_today, by_phone, to_be_settled,
        tomorrow, five_of_six, partners, my_request, repair,
    ):  # fmt: skip
        story(season)
