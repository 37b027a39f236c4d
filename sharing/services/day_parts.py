"""When a house's morning, afternoon and evening are."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.viewer import Viewer
from cooperative.text import Fields
from sharing.models import DayPart, PartOfDay
from sharing.wishes import HoursWish, TimesWish

from .hours_place import place_of, tell_place
from .set_weekly_hours import clean_hours


@transaction.atomic
def set_day_parts(
    *, by: Viewer, institution: int, parts: Mapping[str, TimesWish | None]
) -> list[DayPart]:
    """Replace all of them, each by one stretch of the local day; None = as is usual. The same again is the same.

    Raises `NotFound`, `Forbidden`, `Invalid` with the part as field.
    """
    house, _listing = place_of(by=by, institution=institution, resource=None)
    fields = Fields()
    wanted: dict[str, tuple[int, int]] = {}
    for part, times in parts.items():
        if part not in PartOfDay.values:
            fields.wrong(part, _("Please choose one of the values on the list."))
        elif times is not None:
            stretch = Fields()
            [row] = clean_hours([HoursWish(0, times.opens, times.closes)], stretch)
            if stretch.errors:
                fields.wrong(part, _("It ends before it starts, or is no time of the day."))
            wanted[part] = (row["opens_minute"], row["closes_minute"])
    fields.check()
    stored = list(DayPart.objects.filter(institution=house).order_by("starts_minute"))
    if {one.part: (one.starts_minute, one.ends_minute) for one in stored} == wanted:
        return stored
    DayPart.objects.filter(institution=house).delete()
    made = DayPart.objects.bulk_create(
        DayPart(institution=house, part=part, starts_minute=first, ends_minute=last)
        for part, (first, last) in wanted.items()
    )
    tell_place(by=by, house=house, listing=None, verb="change_day_parts")
    return made
