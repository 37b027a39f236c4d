"""`manage.py audit_bookings`: whether everything that is stored agrees."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bookings.queries.audit import audit
from cooperative import clock


class Command(BaseCommand):
    """Exit code 1 where anything was found."""

    help = "Prove on what is stored that nothing is sold twice and that claims and promises agree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="A summary for programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.perf_counter()
        report = audit(now=clock.now())
        seconds = round(time.perf_counter() - begun, 2)
        count = report.count.total()
        if options["json"]:
            summary = {
                "at": report.now.isoformat(),
                "seconds": seconds,
                "findings": count,
                "by_check": dict(report.count),
                "stale": report.stale,
                "looked_at": report.looked_at,
                "shown": [
                    {
                        "check": one.check,
                        "subject": one.subject,
                        "uid": str(one.uid),
                        "sentence": one.sentence,
                    }
                    for one in report.findings
                ],
            }
            self.stdout.write(json.dumps(summary, indent=2))
        else:
            for finding in report.findings:
                self.stdout.write(str(finding))
            for name, several in report.count.items():
                shown = sum(one.check == name for one in report.findings)
                if several > shown:
                    self.stdout.write(f"{name}: {several - shown} more")
            looked = ", ".join(f"{number} {name}" for name, number in report.looked_at.items())
            stale = ", ".join(f"{number} {name}" for name, number in report.stale.items())
            self.stdout.write(
                f"{count} findings in {looked}, {seconds} s. Only waiting for the clock: {stale}."
            )
        if count:
            sys.exit(1)
