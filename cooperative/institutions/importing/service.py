"""Writing a cleaned list: what is new is made, what changed is changed, what people edited is left to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from cooperative.access.viewer import Viewer
from cooperative.errors import Busy, Conflict, Invalid
from cooperative.events.models import Event
from cooperative.institutions.details import clean
from cooperative.institutions.models import Institution
from cooperative.institutions.permissions import must_moderate
from cooperative.institutions.services.houses import (
    edit_institution,
    register_institution,
    set_umbrella,
)

from .cleaning import CleanHouse, CleanList
from .remarks import Remarks

_LOCK = 0x696D706F
"""Advisory lock: one import at a time."""


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row: created | updated | unchanged | kept | refused. `line` 0 = an umbrella without a row."""

    line: int
    id: str
    name: str
    outcome: str
    remarks: Remarks = field(default_factory=Remarks)


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or with `dry_run` would do; rows in the order of the file, umbrellas first."""

    rows: tuple[RowReport, ...]
    gone: int
    dry_run: bool

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(row.outcome for row in self.rows if row.line)

    @property
    def umbrellas_made(self) -> int:
        return sum(row.line == 0 and row.outcome == "created" for row in self.rows)


def import_list(*, by: Viewer, listed: CleanList, source: str, dry_run: bool = False) -> Report:
    """Write `listed`; institutions are known again by `source` and their id. All or nothing, told to nobody.

    Moderators and `SYSTEM`. Raises `Forbidden`, `Busy` (another import runs).
    """
    must_moderate(by)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                raise Busy("Another import is running.")
        there = {
            house.external_id: house
            for house in Institution.objects.filter(external_source=source).select_related(
                "umbrella"
            )
        }
        edited = _edited_by_people([house.uid for house in there.values()])
        writer = _Writer(by, source, there, edited, dry_run=dry_run)
        rows = [writer.write(house) for house in listed.houses]
    refused = [
        RowReport(row.line, row.id, row.name, "refused", Remarks(refused=[row.reason]))
        for row in listed.refused
    ]
    in_list = {house.id for house in listed.houses} | {row.id for row in listed.refused}
    ordered = tuple(sorted([*rows, *refused], key=lambda row: row.line))
    return Report(ordered, gone=len(set(there) - in_list), dry_run=dry_run)


class _Writer:
    """One import's view of what is there. `there` grows as institutions are made."""

    def __init__(
        self,
        by: Viewer,
        source: str,
        there: dict[str, Institution],
        edited: frozenset[UUID],
        *,
        dry_run: bool,
    ) -> None:
        self._by = by
        self._source = source
        self._there = there
        self._edited = edited
        self._dry_run = dry_run
        self._known = set(there)

    def write(self, house: CleanHouse) -> RowReport:
        try:
            fields = clean(house.fields, whole=True)
        except Invalid as wrong:
            said = [f"{name}: {one}" for name, all_ in wrong.errors.items() for one in all_]
            refused = Remarks(house.remarks.cleaned, [*house.remarks.refused, *said])
            return RowReport(house.line, house.id, house.name[:80], "refused", refused)
        found = self._there.get(house.id)
        outcome = self._make(house) if found is None else self._change(found, house, fields)
        self._known.add(house.id)
        return RowReport(house.line, house.id, house.name, outcome, house.remarks)

    def _make(self, house: CleanHouse) -> str:
        if not self._dry_run:
            self._there[house.id] = register_institution(
                by=self._by,
                umbrella=self._there.get(house.roof),
                external_source=self._source,
                external_id=house.id,
                **house.fields,
            )
        return "created"

    def _change(self, found: Institution, house: CleanHouse, fields: dict[str, Any]) -> str:
        differs = sorted(name for name, new in fields.items() if getattr(found, name) != new)
        roof_before = found.umbrella.external_id if found.umbrella is not None else ""
        moved = roof_before != house.roof and (not house.roof or house.roof in self._known)
        if not differs and not moved:
            return "unchanged"
        if found.uid in self._edited:
            house.remarks.unsure.append(
                f"kept as its people wrote it; the list differs in {', '.join(differs) or 'umbrella'}"
            )
            return "kept"
        house.remarks.cleaned.append(f"changed: {', '.join([*differs, *['umbrella'] * moved])}")
        if not self._dry_run:
            if differs:
                edit_institution(by=self._by, institution=found.uid, quiet=True, **house.fields)
            if moved:
                self._move(found, house)
        return "updated"

    def _move(self, found: Institution, house: CleanHouse) -> None:
        roof = self._there.get(house.roof)
        try:
            set_umbrella(by=self._by, institution=found.uid, umbrella=roof.uid if roof else None)
        except Conflict as refused:
            house.remarks.refused.append(f"umbrella: {refused.message}")


def _edited_by_people(uids: Sequence[UUID]) -> frozenset[UUID]:
    """Those that somebody, not an import, has edited."""
    rows = Event.objects.filter(verb="institution.edit", subject_uid__in=uids, actor__isnull=False)
    return frozenset(rows.values_list("subject_uid", flat=True))
