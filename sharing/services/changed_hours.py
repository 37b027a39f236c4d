"""Other hours than usual on one day: they stand in place of the week's. A day closed altogether is a day off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from cooperative.text import Fields
from sharing.models import ChangedHours
from sharing.wishes import HoursWish, TimesWish

from .hours_place import place_of, tell_place
from .set_weekly_hours import clean_hours


@transaction.atomic
def set_changed_hours(
    *,
    by: Viewer,
    institution: int,
    resource: UUID | None = None,
    on: date,
    hours: Sequence[TimesWish],
    reason: str = "",
) -> list[ChangedHours]:
    """Open on the local day `on` during `hours` alone, with a reason that askers read; in order.

    What was changed on that day before is replaced; the same again is the same. A resource's own hours of a day win
    over the house's. Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    house, listing = place_of(by=by, institution=institution, resource=resource)
    fields = Fields()
    if not 2000 <= on.year < 2200:
        fields.wrong("on", _("Please choose a day between 2000 and 2199."))
    if not hours:
        fields.wrong(
            "hours", _("Say from when until when it is open. Closed all day is a day off.")
        )
    week = [HoursWish(on.weekday(), one.opens, one.closes) for one in hours]
    times = [(row["opens_minute"], row["closes_minute"]) for row in clean_hours(week, fields)]
    said = fields.line("reason", reason, longest=200)
    fields.check()
    there = ChangedHours.objects.filter(institution=house, resource=listing, on=on)
    stored = list(there.order_by("opens_minute"))
    if [(row.opens_minute, row.closes_minute, row.reason) for row in stored] == [
        (*pair, said) for pair in times
    ]:
        return stored
    there.delete()
    stored = ChangedHours.objects.bulk_create(
        ChangedHours(
            institution=house,
            resource=listing,
            on=on,
            opens_minute=opens,
            closes_minute=closes,
            reason=said,
        )
        for opens, closes in times
    )
    data = {"on": on.isoformat()}
    tell_place(by=by, house=house, listing=listing, verb="set_changed_hours", data=data)
    return stored


@transaction.atomic
def remove_changed_hours(
    *, by: Viewer, institution: int, resource: UUID | None = None, on: date
) -> None:
    """The day `on` is as every week again. Raises `NotFound`, `Forbidden`."""
    house, listing = place_of(by=by, institution=institution, resource=resource)
    removed, _rows = ChangedHours.objects.filter(
        institution=house, resource=listing, on=on
    ).delete()
    if not removed:
        raise NotFound
    data = {"on": on.isoformat()}
    tell_place(by=by, house=house, listing=listing, verb="remove_changed_hours", data=data)
