"""`manage.py import_institutions FILE [--dry-run] [--encoding NAME] [--city NAME] [--source NAME]`.

Reads a city's list of institutions, cleans what can be cleaned and says of every row what was done.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from cooperative import clock
from cooperative.access.querysets import SYSTEM
from cooperative.errors import DomainError
from cooperative.institutions.importing.cleaning import clean_list
from cooperative.institutions.importing.reading import UnreadableList, read_file
from cooperative.institutions.importing.service import Report, RowReport, import_list

_OUTCOMES = ("created", "updated", "unchanged", "kept", "refused")


class Command(BaseCommand):
    """Brings a city's list in. A second import doubles nothing; nobody is told."""

    help = "Import a city's list of culture institutions (CSV, columns as in the Gdańsk list)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done.")
        parser.add_argument("--encoding", default="utf-8", help="As utf-8 (the default), cp1250.")
        parser.add_argument("--city", default="Gdańsk", help="The city that the list is of.")
        parser.add_argument("--region", default="PL-22", help="Its ISO 3166-2 code.")
        parser.add_argument(
            "--source", default="gdansk", help="Short name of the list, to know its rows again."
        )

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            raw = read_file(options["file"], encoding=options["encoding"])
            report = import_list(
                by=replace(SYSTEM, now=clock.now()),
                listed=clean_list(raw.rows, city=options["city"], region=options["region"]),
                source=options["source"],
                dry_run=options["dry_run"],
            )
        except UnreadableList as unreadable:
            raise CommandError(str(unreadable)) from None
        except DomainError as refused:
            raise CommandError(str(refused.message)) from None
        for row in report.rows:
            self._say(row, details=int(options["verbosity"]) > 0)
        if raw.unknown_columns:
            self.stdout.write(f"Columns not read: {', '.join(raw.unknown_columns)}.")
        self.stdout.write(_summary(report))

    def _say(self, row: RowReport, *, details: bool) -> None:
        where = f"line {row.line}, id {row.id}" if row.line else "umbrella"
        self.stdout.write(f"{where}: {row.outcome}: {row.name}")
        if details:
            for kind in ("cleaned", "refused", "unsure"):
                for remark in getattr(row.remarks, kind):
                    self.stdout.write(f"    {kind}: {remark}")


def _summary(report: Report) -> str:
    counts = report.outcomes
    said = ", ".join(f"{counts[name]} {name}" for name in _OUTCOMES)
    unsure = sum(bool(row.remarks.unsure) for row in report.rows)
    sentences = [
        f"{sum(counts.values())} rows: {said}.",
        f"{report.umbrellas_made} umbrella institutions made." if report.umbrellas_made else "",
        f"{unsure} to look at (unsure)." if unsure else "",
        f"{report.gone} of an earlier import are not in the list; they stay."
        if report.gone
        else "",
        "Dry run: nothing was changed." if report.dry_run else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)
