"""`manage.py create_token EMAIL [--institution UID] [--name NAME]`: prints an API token, alone, on stdout."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cooperative import clock
from cooperative.access.queries import viewer_for
from cooperative.errors import DomainError
from cooperative.membership.services.tokens import create_api_token
from cooperative.people.models import Person


class Command(BaseCommand):
    """Makes a bearer token of a person; it is shown this once."""

    help = "Print a new API token of the person with this e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--institution", help="Id (uid) of the institution that the token is bound to."
        )
        parser.add_argument("--name", default="command line")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=options["email"], is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        viewer = viewer_for(person=person, acting_for=None, now=clock.now())
        try:
            institution = UUID(options["institution"]) if options["institution"] else None
        except ValueError:
            raise CommandError("--institution takes an id such as 0190...-...: a UUID.") from None
        try:
            made = create_api_token(by=viewer, name=options["name"], institution=institution)
        except DomainError as refused:
            if refused.status == 404:
                raise CommandError(
                    f"{person.email} does not belong to an institution with this id."
                ) from None
            raise CommandError(str(refused.message)) from None
        self.stdout.write(made.secret)
