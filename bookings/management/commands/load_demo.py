"""`manage.py load_demo`: the fictional cooperative, around today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from bookings.demo import PASSWORD, is_stale, loaded_on
from bookings.demo.load import load
from cooperative import clock
from cooperative.institutions.models import Institution
from cooperative.people.models import Person
from sharing.services.photos import remove_orphans


class Command(BaseCommand):
    """Loading again changes nothing; `--reset` begins with an empty database."""

    help = "Make the fictional cooperative with its houses, people, resources and a season of bookings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing where there is anybody."
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="Delete the whole database first. Never in production.",
        )
        parser.add_argument("--no-photos", action="store_true", help="Leave the pictures out.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        if settings.PRODUCTION:
            raise CommandError("The demo's password is known to everybody: never in production.")
        if options["reset"]:
            self._empty()
        loaded = loaded_on()
        if loaded is not None:
            self.stdout.write(f"The demo is there, made on {loaded:%Y-%m-%d}.")
            if is_stale(now=now):
                self.stdout.write(
                    "It is older than 14 days: `load_demo --reset` makes a fresh one."
                )
            return
        if Institution.objects.exists() or Person.objects.exists():
            if options["if_empty"]:
                self.stdout.write("There is a cooperative already; no demo is loaded beside it.")
                return
            raise CommandError(
                "There is a cooperative in this database; a demo beside it would mix them."
            )
        try:
            made = load(now=now, photos=not options["no_photos"])
        except BaseException:
            remove_orphans(now=clock.now(), older_than=timedelta(0))
            raise
        for name, count in made.items():
            if options["verbosity"] > 1:
                self.stdout.write(f"{count:6} {name}")
        self.stdout.write(
            f"A demo with {made['houses']} houses, {made['things']} things and {made['bookings']} bookings. "
            f"Sign in as keeper.m2@demo.example, password {PASSWORD}."
        )

    def _empty(self) -> None:
        """The log refuses to be emptied, so everything goes: schema and all."""
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        call_command("migrate", verbosity=0, interactive=False)
        remove_orphans(now=clock.now(), older_than=timedelta(0))
