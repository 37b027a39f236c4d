"""`manage.py recompute_time_zones [--apply]`: what a change of time-zone law moves."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandParser

from bookings.services.time_zones.recomputing import recompute_time_zones
from bookings.spans import Span
from cooperative import clock


class Command(BaseCommand):
    """Lists every row with its time in UTC before and after; the owner's clock shows the same at both."""

    help = (
        "List what was agreed while a zone had another offset than it has by now; with --apply move it: the owner's "
        "clock stays. What does not fit any more is to be settled."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="Move it; without, only list it.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = recompute_time_zones(now=clock.now(), apply=options["apply"])
        for one in found:
            zone = ZoneInfo(one.zone)
            wall = f"{one.after.start.astimezone(zone):%Y-%m-%d %H:%M} {one.zone}"
            fits = "" if one.fits else "  does not fit any more"
            self.stdout.write(
                f"{one.kind} {one.uid}  {wall}  {_utc(one.before)} -> {_utc(one.after)}{fits}"
            )
        unfit = sum(not one.fits for one in found)
        done = "moved" if options["apply"] else "to move"
        self.stdout.write(f"{len(found)} {done}, {unfit} of them do not fit any more.")


def _utc(span: Span) -> str:
    return f"{span.start:%Y-%m-%dT%H:%MZ}/{span.end:%Y-%m-%dT%H:%MZ}"
