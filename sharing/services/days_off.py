"""Days on which a house, or one resource, is not open. They are read by rules and availability and never claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, NotFound
from cooperative.events.models import Event
from cooperative.institutions.models import Institution, InstitutionState
from cooperative.text import Fields
from sharing.models import DayOff, DayOffKind
from sharing.permissions import require_keeper
from sharing.public_holidays import public_holidays

from .hours_place import place_of, tell_place

LONGEST_DAYS = 732
YEARS_AHEAD = 2
"""Public holidays are added by whole years: at least the coming 24 months are there."""


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


@transaction.atomic
def add_public_holidays(*, by: Viewer, institution: int, year: int) -> list[DayOff]:
    """Close the house on the public holidays of its country in `year`, as far as it is not closed then already.

    Gives all of that year. Raises `NotFound`, `Forbidden`, `Conflict` (`no_public_holidays`).
    """
    house, _none = place_of(by=by, institution=institution, resource=None)
    if not 2000 <= year < 2200:
        raise Conflict(_("Please choose a year from 2000 to 2199."), code="no_public_holidays")
    if not public_holidays(house.country, year):
        raise Conflict(
            _("No public holidays are known for this country and year."), code="no_public_holidays"
        )
    _close_on(by, house, year)
    if not house.observes_public_holidays:
        house.observes_public_holidays = True
        house.save(update_fields=["observes_public_holidays"])
    return list(_of_year(house, year).order_by("from_on"))


def _of_year(house: Institution, year: int) -> QuerySet[DayOff]:
    return DayOff.objects.filter(
        institution=house, resource=None, kind=DayOffKind.PUBLIC_HOLIDAY, from_on__year=year
    )


def _close_on(by: Viewer, house: Institution, year: int) -> None:
    """Add what is missing of a year."""
    found = public_holidays(house.country, year)
    kept = set(_of_year(house, year).values_list("from_on", flat=True))
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


@transaction.atomic
def remove_public_holidays(*, by: Viewer, institution: int, year: int) -> int:
    """Open on the public holidays of `year`, also where none were added yet; how many rows went."""
    house, _none = place_of(by=by, institution=institution, resource=None)
    removed, _rows = _of_year(house, year).delete()
    if removed or year not in _decided(house):
        _told_year(by, house, "remove_days_off", year)
    return removed


@transaction.atomic
def stop_public_holidays(*, by: Viewer, institution: int) -> None:
    """Add no more of them by itself; those that are there stay. Raises `NotFound`, `Forbidden`."""
    house, _none = place_of(by=by, institution=institution, resource=None)
    if house.observes_public_holidays:
        house.observes_public_holidays = False
        house.save(update_fields=["observes_public_holidays"])
        tell_place(by=by, house=house, listing=None, verb="stop_public_holidays")


def keep_public_holidays(*, now: datetime, then: Callable[[int], object] | None = None) -> int:
    """Add the public holidays of this year and the next two wherever they are observed; how many years were added.

    Only years that nobody decided about yet: what a keeper opened again stays open. By the clock, each house in a
    transaction of its own, in which `then` is called with it (database id) where days were added.
    """
    by = replace(SYSTEM, now=now)
    houses = Institution.objects.filter(
        observes_public_holidays=True, state=InstitutionState.ACTIVE
    ).order_by("pk")
    # Only where something is missing is a house locked, and looked at again.
    return sum(_kept_up(by, house.pk, then) for house in houses if _missing(house, now))


@transaction.atomic
def _kept_up(by: Viewer, institution: int, then: Callable[[int], object] | None) -> int:
    house, _none = place_of(by=by, institution=institution, resource=None)
    missing = _missing(house, by.now) if house.observes_public_holidays else []
    for year in missing:
        _close_on(by, house, year)
    if missing and then is not None:
        then(institution)
    return len(missing)


def _missing(house: Institution, now: datetime) -> list[int]:
    """The years from this one on that have public holidays and that nobody decided about."""
    today = now.astimezone(ZoneInfo(house.time_zone)).date()
    ahead = set(range(today.year, today.year + YEARS_AHEAD + 1))
    return [
        year for year in sorted(ahead - _decided(house)) if public_holidays(house.country, year)
    ]


def _decided(house: Institution) -> set[int]:
    """The years whose public holidays were ever added or opened whole: the log keeps what the rows no longer tell."""
    verbs = ("institution.add_days_off", "institution.remove_days_off")
    told = Event.objects.filter(
        subject_uid=house.uid, verb__in=verbs, data__has_key="year"
    ).values_list("data__year", flat=True)
    stored = DayOff.objects.filter(
        institution=house, resource=None, kind=DayOffKind.PUBLIC_HOLIDAY
    ).values_list("from_on__year", flat=True)
    return {*told, *stored}


def _told(by: Viewer, row: DayOff, verb: str) -> None:
    data = {"from_on": row.from_on.isoformat(), "until_on": row.until_on.isoformat()}
    tell_place(by=by, house=row.institution, listing=row.resource, verb=verb, data=data)


def _told_year(by: Viewer, house: Institution, verb: str, year: int) -> None:
    tell_place(by=by, house=house, listing=None, verb=verb, data={"year": year})
