"""Days on which a house, or one resource, is not open. They are read by rules and availability and never claim."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import holidays
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, NotFound
from cooperative.institutions.models import Institution
from cooperative.text import Fields
from sharing.models import DayOff, DayOffKind
from sharing.permissions import require_keeper

from .hours_place import place_of, tell_place

LONGEST_DAYS = 732


@transaction.atomic
def add_days_off(
    *,
    by: Viewer,
    institution: int,
    resource: UUID | None = None,
    from_on: date,
    until_on: date,
    reason: str = "",
    kind: str = "house",
) -> DayOff:
    """Close from `from_on` until `until_on` (exclusive), with a reason that askers read. The same again is the same.

    Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    house, listing = place_of(by=by, institution=institution, resource=resource)
    fields = Fields()
    if not until_on > from_on:
        fields.wrong("until_on", _("This ends before it starts."))
    elif (until_on - from_on).days > LONGEST_DAYS or not 2000 <= from_on.year < 2200:
        fields.wrong("from_on", _("Please enter at most two years between 2000 and 2199."))
    if kind not in DayOffKind.values:
        fields.wrong("kind", _("Please choose one of the values on the list."))
    said = fields.line("reason", reason, longest=200)
    fields.check()
    day_off, made = DayOff.objects.get_or_create(
        institution=house, resource=listing, from_on=from_on, until_on=until_on, kind=kind,
        defaults={"reason": said},
    )  # fmt: skip
    if made:
        _told(by, day_off, "add_days_off")
    return day_off


@transaction.atomic
def remove_days_off(*, by: Viewer, day_off: UUID) -> None:
    """Open again. Raises `NotFound`, `Forbidden`."""
    row = DayOff.objects.select_related("institution", "resource").filter(uid=day_off).first()
    if row is None:
        raise NotFound
    require_keeper(by, row.institution_id)
    _told(by, row, "remove_days_off")
    row.delete()


def public_holidays(country: str, year: int, *, language: str = "") -> dict[date, str]:
    """The public holidays of a country (ISO 3166-1 alpha-2) in a year; empty where the library gives none.

    Named in `language`, else in the country's own: left to itself the library takes that of the machine.
    Ukraine has had none since 2022 (martial law): its holidays are working days and nothing is closed by itself.
    """
    try:
        own = holidays.country_holidays(country).default_language
        found = holidays.country_holidays(country, years=year, language=language or own)
    except NotImplementedError:
        return {}
    return dict(sorted(found.items()))


@transaction.atomic
def add_public_holidays(*, by: Viewer, institution: int, year: int) -> list[DayOff]:
    """Close the house on the public holidays of its country in `year`, as far as it is not closed then already.

    Gives all of that year. Raises `NotFound`, `Forbidden`, `Conflict` (`no_public_holidays`).
    """
    house, _none = place_of(by=by, institution=institution, resource=None)
    if not 2000 <= year < 2200:
        raise Conflict(_("Please choose a year from 2000 to 2199."), code="no_public_holidays")
    found = public_holidays(house.country, year)
    if not found:
        raise Conflict(
            _("No public holidays are known for this country and year."), code="no_public_holidays"
        )
    rows = DayOff.objects.filter(
        institution=house, resource=None, kind=DayOffKind.PUBLIC_HOLIDAY, from_on__year=year
    )
    kept = set(rows.values_list("from_on", flat=True))
    DayOff.objects.bulk_create(
        DayOff(
            institution=house,
            from_on=day,
            until_on=day + timedelta(days=1),
            kind=DayOffKind.PUBLIC_HOLIDAY,
            reason=name[:200],
        )
        for day, name in found.items()
        if day not in kept
    )
    if set(found) - kept:
        _told_year(by, house, "add_days_off", year)
    if not house.observes_public_holidays:
        house.observes_public_holidays = True
        house.save(update_fields=["observes_public_holidays"])
    return list(rows.order_by("from_on"))


@transaction.atomic
def remove_public_holidays(*, by: Viewer, institution: int, year: int) -> int:
    """Open on the public holidays of `year`; how many rows went."""
    house, _none = place_of(by=by, institution=institution, resource=None)
    removed, _rows = DayOff.objects.filter(
        Q(institution=house, resource=None, kind=DayOffKind.PUBLIC_HOLIDAY, from_on__year=year)
    ).delete()
    if removed:
        _told_year(by, house, "remove_days_off", year)
    return removed


def _told(by: Viewer, row: DayOff, verb: str) -> None:
    data = {"from_on": row.from_on.isoformat(), "until_on": row.until_on.isoformat()}
    tell_place(by=by, house=row.institution, listing=row.resource, verb=verb, data=data)


def _told_year(by: Viewer, house: Institution, verb: str, year: int) -> None:
    tell_place(by=by, house=house, listing=None, verb=verb, data={"year": year})
