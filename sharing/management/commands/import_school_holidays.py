"""`manage.py import_school_holidays FILE [--subdivisions FILE] [--dry-run]`: school holidays of a country's regions.

Reads the CSV files of the OpenHolidays project, such as `pl/holidays/holidays.school.csv`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import transaction

from sharing.openholidays import UnreadableHolidays, read_school_holidays
from sharing.services.school_holidays import import_school_holidays


class Command(BaseCommand):
    """The file is the truth of its regions and years; a second import changes nothing."""

    help = "Import school holidays (OpenHolidays CSV). They are shown and close nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--subdivisions",
            type=Path,
            help="What the short codes of regions stand for; else subdivisions.csv beside or above FILE.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done.")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read = read_school_holidays(options["file"], regions=options["subdivisions"])
        except UnreadableHolidays as unreadable:
            raise CommandError(str(unreadable)) from None
        with transaction.atomic():
            done = import_school_holidays(days=read.days)
            transaction.set_rollback(options["dry_run"])
        last = max(one.until_on for one in read.days)
        first = min(one.from_on for one in read.days)
        said = [
            f"{len(read.days)} school holidays from {first} until {last}:",
            f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged, {done.removed} removed.",
            f"{read.skipped} rows of other kinds were not read." if read.skipped else "",
            f"{read.longer_kept} rows began on a day told already: the longest of them counts."
            if read.longer_kept
            else "",
            "Dry run: nothing was changed." if options["dry_run"] else "",
        ]
        self.stdout.write(" ".join(one for one in said if one))
