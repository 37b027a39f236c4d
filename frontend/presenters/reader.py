"""Who reads a page, as presenters need it: their viewer, language and clock."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language

from cooperative.access.middleware import ViewedRequest
from cooperative.access.viewer import Viewer
from frontend.presenters.when import Clock


@dataclass(frozen=True, slots=True)
class Reader:
    """`acting` is the database id of the institution acted for, None where there is none; `country` is where that is
    (ISO 3166-1 alpha-2, may be empty)."""

    viewer: Viewer
    language: str
    clock: Clock
    country: str = ""

    @property
    def acting(self) -> int | None:
        return self.viewer.acting_for


def reader_of(request: ViewedRequest) -> Reader:
    """Times are told on the clock of the institution acted for, else on the person's own."""
    house = request.institution
    own = getattr(request.user, "time_zone", "") or settings.TIME_ZONE
    zone = house.time_zone if house else own
    return Reader(
        viewer=request.viewer,
        language=(get_language() or "pl")[:2],
        clock=Clock(request.viewer.now, ZoneInfo(zone)),
        country=house.country if house else "",
    )
