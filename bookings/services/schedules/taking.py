"""Taking a file, and saying what its columns and names mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.models import ScheduleImport, ScheduleRow, ScheduleRowState, ScheduleState
from bookings.permissions import may_write_in
from bookings.queries.schedules import (
    latest_mapping,
    names_told,
    schedule_for,
    things_by_name,
)
from bookings.sheets.columns import FIELDS, guess, plain
from bookings.sheets.reading import read_file
from bookings.sheets.rows import Reading, texts_of
from bookings.sheets.shape import Problem, Sheet
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, Invalid, NotFound, Stale
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.models import Institution

NEEDED = ("thing", "day", "title")
FIXED = ("thing", "title", "whom", "until")
"""What may be the same for all rows, where the file has no column for it."""
SKIPS = ("skip_holidays", "skip_school_holidays")


def take_schedule(*, by: Viewer, house: int, name: str, data: bytes) -> ScheduleImport:
    """Keep the rows of a file; its columns are guessed, or as they were named for the same headings before.

    Raises `Forbidden`, `Unreadable`.
    """
    if not may_write_in(by, house):
        raise Forbidden
    owner = Institution.objects.get(pk=house)
    sheet = read_file(data, zone=ZoneInfo(owner.time_zone))
    source = _source(sheet)
    before = latest_mapping(house, source=source)
    mapping = before.mapping if before is not None else guess(sheet.headers)
    made = ScheduleImport(
        institution=owner,
        made_by_id=by.person,
        name=" ".join(name.replace("\x00", "").split())[:200] or "?",
        format=sheet.format,
        digest=hashlib.sha256(data).hexdigest(),
        source=source,
        zone=owner.time_zone,
        headers=list(sheet.headers),
        mapping=mapping,
        made_at=by.now,
    )
    made.names = _names(by, made, [row.cells for row in sheet.rows])
    if before is not None and not missing(made) and not unnamed(made):
        made.state = ScheduleState.PREVIEW
    with transaction.atomic():
        made.save()
        ScheduleRow.objects.bulk_create(
            ScheduleRow(
                schedule=made,
                number=row.number,
                cells=dict(row.cells),
                problems=[dict(one) for one in row.problems],
                state=ScheduleRowState.WRONG if row.problems else ScheduleRowState.READY,
            )
            for row in sheet.rows
        )
        log(made, "take", by)
    return made


def _source(sheet: Sheet) -> str:
    """Where ids are unique: a calendar's everywhere, a table's among those with the same headings."""
    if sheet.format == "ics":
        return "ics"
    told = "\x1f".join(sorted(plain(header) for header in sheet.headers))
    return f"sheet:{hashlib.sha256(told.encode()).hexdigest()[:24]}"


def log(schedule: ScheduleImport, verb: str, by: Viewer, **data: int) -> None:
    """Into the log, within the caller's transaction; nobody is told by it."""
    event = NewEvent(
        verb=f"schedule.{verb}",
        subject_kind="schedule",
        subject_uid=schedule.uid,
        parties=(Party("lender", institution=schedule.institution_id),),
        data=dict(data),
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now, quiet=True)


def reading_of(schedule: ScheduleImport) -> Reading:
    """How the rows of `schedule` are read as its columns are named now."""
    mapping = schedule.mapping
    return Reading(
        columns={name: mapping[name] for name in FIELDS if mapping.get(name) in schedule.headers},
        fixed={name: text for name, text in mapping.get("fixed", {}).items() if text},
        names=schedule.names,
        zone=ZoneInfo(schedule.zone),
        skip_holidays=bool(mapping.get("skip_holidays")),
        skip_school_holidays=bool(mapping.get("skip_school_holidays")),
    )


def missing(schedule: ScheduleImport) -> list[str]:
    """The fields without which no row can be read. Somebody it is for is as good as a title."""
    reading = reading_of(schedule)
    there = reading.columns.keys() | reading.fixed.keys()
    if "whom" in there:
        there |= {"title"}
    if "start" in there and schedule.format == "ics":
        there |= {"day"}
    return [name for name in NEEDED if name not in there]


def unnamed(schedule: ScheduleImport) -> list[str]:
    """The names in it of which nobody said yet what they mean, as they are asked about."""
    return [name for name, uid in schedule.names.items() if uid is None]


def names_in(schedule: ScheduleImport, cells: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """{as compared: as written} of the things that its rows name, in the order of the file."""
    reading = reading_of(schedule)
    found: dict[str, str] = {}
    for one in cells:
        written = texts_of(one, reading).get("thing", "")
        if plain(written):
            found.setdefault(plain(written), written)
    return found


def _names(
    by: Viewer, schedule: ScheduleImport, cells: Sequence[Mapping[str, str]]
) -> dict[str, str | None]:
    """What each name means: what was said before, else the thing that is called so, else nothing yet (None)."""
    ours = things_by_name(by, schedule.institution_id)
    there = set(ours.values())
    told = {
        name: uid
        for name, uid in names_told(schedule.institution_id).items()
        if uid == "" or uid in there
    }
    known = {**ours, **told}
    return {name: known.get(name) for name in names_in(schedule, cells)}


def name_columns(
    *,
    by: Viewer,
    schedule: UUID,
    version: int,
    mapping: Mapping[str, str],
    fixed: Mapping[str, str],
    names: Mapping[str, str],
    skips: Iterable[str] = (),
) -> ScheduleImport:
    """Say which column is what, what is the same for all rows, and which thing a name means (public id, or nothing).

    Ready to be looked over afterwards, unless names are left that nobody said anything of. Raises `NotFound`,
    `Stale`, `Invalid` with the field that is missing.
    """
    with transaction.atomic():
        found = schedule_for(by, schedule, lock=True)
        if found.version != version:
            raise Stale
        if found.state in {ScheduleState.DONE, ScheduleState.DROPPED}:
            raise NotFound
        _check_columns(found, mapping)
        found.mapping = {
            **{name: header for name, header in mapping.items() if name in FIELDS and header},
            "fixed": {name: fixed[name].strip()[:200] for name in FIXED if fixed.get(name)},
            **{name: True for name in SKIPS if name in skips},
        }
        if lacking := missing(found):
            said = _("Say which column this is, or give it for all rows.")
            raise Invalid(dict.fromkeys(lacking, said))
        said_now = {**{name: uid for name, uid in found.names.items() if uid is not None}, **names}
        kept = _names(by, found, list(found.rows.values_list("cells", flat=True)))
        ours = set(things_by_name(by, found.institution_id).values()) | {""}
        found.names = {
            name: said_now[name] if said_now.get(name) in ours else meant
            for name, meant in kept.items()
        }
        again = found.rows.exclude(state=ScheduleRowState.STORED)
        again.update(state=ScheduleRowState.READY, booking=None)
        found.state = ScheduleState.MAPPING if unnamed(found) else ScheduleState.PREVIEW
        found.version += 1
        found.save()
        log(found, "name_columns", by)
    return found


def _check_columns(schedule: ScheduleImport, mapping: Mapping[str, str]) -> None:
    used: dict[str, str] = {}
    for name, header in mapping.items():
        if not header:
            continue
        if header not in schedule.headers:
            raise Invalid({name: _("There is no such column.")})
        if header in used:
            raise Invalid({name: _("This column is something else already.")})
        used[header] = name


def drop_schedule(*, by: Viewer, schedule: UUID) -> None:
    """Put a file aside; what was brought in of it stays. Raises `NotFound`."""
    with transaction.atomic():
        found = schedule_for(by, schedule, lock=True)
        found.state = ScheduleState.DROPPED
        found.version += 1
        found.save(update_fields=["state", "version"])
        log(found, "drop", by)


def problems_of_file(row: ScheduleRow) -> list[Problem]:
    """What the reader of the file said of a row, which no other mapping changes."""
    return [one for one in row.problems if one.get("code") in _OF_FILE]


_OF_FILE = {
    "cell_too_long",
    "sheet_not_read",
    "cancelled",
    "this_and_future",
    "event_unreadable",
    "rule_several",
    "rule_other_zone",
    "also_other_time",
    "zone_unknown",
}
