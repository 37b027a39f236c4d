"""Two houses and what one lends the other: what most tests of the asker's pages begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client

from bookings.models import Booking, Line
from cooperative.access.querysets import SYSTEM
from cooperative.institutions.models import Institution
from cooperative.people.models import Person
from sharing.models import Resource
from tests.cooperative.factories import make_institution, make_member
from tests.sharing.factories import keeper_of, make_house, make_listing

TODAY = "2027-03-01T09:00+01:00"


@dataclass
class Houses:
    """The centre lends a rehearsal room and 120 chairs; Ada of the choir asks, Kim of the centre keeps."""

    centre: Institution
    choir: Institution
    ada: Person
    kim: Person
    room: Resource
    chairs: Resource
    asker: Client
    keeper: Client

    def ask(self, resource: Resource | None = None, /, **typed: Any) -> Any:
        """Ada sends the panel of a listing."""
        values = {"date": "2027-03-10", "start": "18:00", "end": "20:00", "title": "Rehearsal"}
        at = f"/resources/{(resource or self.room).uid}/"
        return self.asker.post(at, {**values, "do": "ask", **typed})

    def bookings(self) -> list[Booking]:
        return list(Booking.objects.visible_to(SYSTEM).order_by("id"))

    def lines(self) -> list[Line]:
        return list(Line.objects.visible_to(SYSTEM).order_by("id"))


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def two_houses() -> Houses:
    centre = make_house(name="Dom Kultury", contact_phone="+48 71 000 00 01")
    choir = make_institution("Chór")
    by = keeper_of(centre)
    assert by.person is not None
    kim = Person.objects.get(pk=by.person)
    ada = make_member(choir)
    return Houses(
        centre=centre,
        choir=choir,
        ada=ada,
        kim=kim,
        room=make_listing(by, "Sala prób", english="Rehearsal room", answering="owner_chooses"),
        chairs=make_listing(
            by,
            "Krzesła",
            english="Chairs",
            category="chairs",
            kind="pooled",
            units=120,
            answering="keep_first",
        ),
        asker=signed_in(ada),
        keeper=signed_in(kim),
    )


def page(client: Client, address: str, **query: Any) -> str:
    """The text of a page that must be there."""
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def uid_in(address: str) -> UUID:
    """The uid in `/bookings/<uid>/`."""
    return UUID(address.split("/")[2])
