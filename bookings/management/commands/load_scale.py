"""`manage.py load_scale`: a database of a size, to measure in."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.scale.databases import clone, ensure_template
from bookings.scale.shape import Shape
from cooperative import clock


class Command(BaseCommand):
    """Made once as a template, then cloned. Touches no database but those whose names begin with `podest_scale`."""

    help = "Make a database with ten years of bookings, and clone it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--claims", type=int, default=50_000, help="About so many. (50000)")
        parser.add_argument("--things", type=int, help="A hundredth of the claims unless given.")
        parser.add_argument("--at", help="The instant that is now there; today, unless given.")
        parser.add_argument("--into", default="podest_scale", help="The clone. (podest_scale)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This makes databases of nonsense: never in production.")
        if not re.fullmatch(r"podest_scale(_\w+)?", options["into"]):
            raise CommandError("The name of the clone begins with podest_scale.")
        now = datetime.fromisoformat(options["at"]) if options["at"] else clock.now()
        if now.tzinfo is None:
            raise CommandError("Say the offset: 2027-02-01T10:00+01:00.")
        claims = options["claims"]
        things = options["things"] or max(claims // 100, 100)
        if claims < 1_000 or things < 100:
            raise CommandError("At least 1000 claims on 100 things.")
        shape = Shape(claims, things, now.replace(second=0, microsecond=0))
        begun = time.perf_counter()
        template, made = ensure_template(shape)
        if made is not None:
            self.stdout.write(f"{template}: {made} claims in {time.perf_counter() - begun:.0f} s.")
        begun = time.perf_counter()
        clone(template, options["into"])
        self.stdout.write(f"{options['into']}: cloned in {time.perf_counter() - begun:.1f} s.")
