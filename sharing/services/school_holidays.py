"""School holidays brought in from lists. They are shown to everybody and belong to nobody: no event tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from sharing.models import SchoolHoliday
from sharing.openholidays import SchoolDays


@dataclass(frozen=True, slots=True)
class Imported:
    """How many stretches of days came, changed, stayed as they were, and went."""

    added: int
    changed: int
    unchanged: int
    removed: int


@transaction.atomic
def import_school_holidays(*, days: Sequence[SchoolDays]) -> Imported:
    """Store `days`; each (country, region, first day) at most once.

    The list is the truth of its countries and regions from its first day to its last: what was stored there and is
    not in it goes. The same list again changes nothing.
    """
    stored = {(row.country, row.region, row.from_on): row for row in _covered(days)}
    added: list[SchoolHoliday] = []
    altered: list[SchoolHoliday] = []
    for one in days:
        row = stored.pop((one.country, one.region, one.from_on), None)
        if row is None:
            added.append(
                SchoolHoliday(
                    country=one.country,
                    region=one.region,
                    from_on=one.from_on,
                    until_on=one.until_on,
                    name=dict(one.name),
                )
            )
        elif (row.until_on, row.name) != (one.until_on, dict(one.name)):
            row.until_on, row.name = one.until_on, dict(one.name)
            altered.append(row)
    SchoolHoliday.objects.bulk_create(added)
    SchoolHoliday.objects.bulk_update(altered, ["until_on", "name"])
    SchoolHoliday.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()
    unchanged = len(days) - len(added) - len(altered)
    return Imported(len(added), len(altered), unchanged, len(stored))


def _covered(days: Sequence[SchoolDays]) -> list[SchoolHoliday]:
    """What is stored of the countries, regions and years that the list is about, locked."""
    places: dict[tuple[str, str], list[SchoolDays]] = {}
    for one in days:
        places.setdefault((one.country, one.region), []).append(one)
    found: list[SchoolHoliday] = []
    for (country, region), of_region in places.items():
        found += SchoolHoliday.objects.select_for_update().filter(
            country=country,
            region=region,
            from_on__gte=min(one.from_on for one in of_region),
            from_on__lte=max(one.from_on for one in of_region),
        )
    return found
