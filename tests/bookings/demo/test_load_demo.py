"""The demo is whole, quiet, and made once, whatever day it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from bookings.demo import PASSWORD, is_stale, loaded_on
from bookings.demo.load import load
from bookings.models import Block, Booking, BookingMessage, Line
from cooperative.access.querysets import SYSTEM
from cooperative.events.models import Outbox
from cooperative.institutions.models import Application, Institution
from cooperative.networks.models import Network, Partnership
from cooperative.people.models import Person
from sharing.models import Resource, ResourcePhoto, Review
from tests.cooperative.factories import make_institution

pytestmark = pytest.mark.django_db

STORIES = {
    "Kongres kultury: dzień pierwszy": ["accepted", "accepted", "accepted", "asked", "held"],
    "Kongres kultury: debata otwarta": ["asked"],
    "Próba generalna z orkiestrą": ["asked"],
    "Wieczór opowieści": ["asked"],
    "Festyn na podwórzu": ["held"],
    "Obrony dyplomów": ["asked"],
    "Montaż wystawy tkanin": ["overdue"],
    "Spektakl dla przedszkoli": ["handed_over"],
    "Zebranie": ["confirmed", "confirmed"],
    "Warsztaty sitodruku": ["to_settle"],
    "Spotkanie po zalaniu świetlicy": ["asked"],
    "Wystawa plakatu": ["disputed", "overdue"],
    "Wizyta studyjna z Wilna": ["confirmed"],
    "Концерт «Світанок»": ["asked"],
}


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, "--no-photos", stdout=out)
    return out.getvalue()


def test_everything_is_there_once(at: Callable[[str], datetime]) -> None:
    now = at("2027-05-12T10:00+02:00")
    assert loaded_on() is None
    assert "16 houses" in said("--if-empty")
    loaded = loaded_on()
    assert loaded is not None
    assert abs(loaded - now) < timedelta(minutes=1)
    assert not is_stale(now=now + timedelta(days=14))
    assert is_stale(now=now + timedelta(days=15))
    counts = _counts()
    assert "The demo is there" in said()
    assert _counts() == counts
    assert Institution.objects.filter(state="active").count() == 16
    assert Application.objects.filter(state="submitted").count() == 1
    assert (Network.objects.exclude(kind="cooperative").count(), Partnership.objects.count()) == (
        3,
        9,
    )
    assert Outbox.objects.count() == 0
    _accounts()
    _stories()
    _desk()


def _counts() -> list[int]:
    return [
        Person.objects.count(),
        Resource.objects.visible_to(SYSTEM).count(),
        Booking.objects.visible_to(SYSTEM).count(),
        Block.objects.count(),
    ]


def _accounts() -> None:
    emails = {
        f"{role}.{house}@demo.example"
        for role in ("staff", "keeper", "manager")
        for house in HOUSES
    }
    emails |= {"moderator@demo.example", "admin@demo.example"}
    people = {person.email: person for person in Person.objects.filter(email__in=emails)}
    assert set(people) == emails
    assert {person.password for person in people.values()} == {
        people["admin@demo.example"].password
    }
    assert people["staff.m10@demo.example"].check_password(PASSWORD)
    verified = EmailAddress.objects.filter(user__in=people.values(), verified=True, primary=True)
    assert verified.count() == len(emails)


HOUSES = [f"m{n}" for n in range(1, 11)] + [f"p{n}" for n in range(1, 7)]


def _stories() -> None:
    found: dict[str, list[str]] = {}
    for line in Line.objects.visible_to(SYSTEM).select_related("booking"):
        found.setdefault(line.booking.title, []).append(line.state)
    assert {title: sorted(found.get(title, [])) for title in STORIES} == STORIES
    states = {line.state for line in Line.objects.visible_to(SYSTEM)}
    assert states >= {
        "draft", "asked", "held", "accepted", "confirmed", "to_settle", "handed_over", "overdue",
        "returned", "finished", "disputed", "closed", "declined", "withdrawn", "cancelled",
    }  # fmt: skip
    assert Booking.objects.visible_to(SYSTEM).count() > 90
    assert Block.objects.count() > 100
    assert BookingMessage.objects.visible_to(SYSTEM).filter(kind="message").count() >= 4


def _desk() -> None:
    reviews = set(Review.objects.values_list("state", flat=True))
    assert reviews == {"submitted", "changes_asked", "accepted"}
    assert Review.objects.filter(state="submitted", change__isnull=False).count() == 1
    resources = Resource.objects.visible_to(SYSTEM)
    assert set(resources.values_list("state", flat=True)) == {"draft", "published"}
    assert resources.filter(search_document=None).count() == 0


def test_not_beside_a_real_cooperative() -> None:
    make_institution()
    assert "already" in said("--if-empty")
    with pytest.raises(CommandError, match="mix"):
        said()
    assert Resource.objects.visible_to(SYSTEM).count() == 0


@pytest.mark.proof
@pytest.mark.parametrize(
    "day", ["2026-12-24T12:00", "2027-03-27T22:30", "2028-02-29T08:00", "2027-10-31T01:30"]
)
def test_on_awkward_days(day: str) -> None:
    made = load(now=datetime.fromisoformat(day).replace(tzinfo=UTC), photos=False)
    assert made["bookings"] > 75
    assert made["lines asked"] > 10


@pytest.mark.proof
def test_with_pictures() -> None:
    load(now=datetime(2027, 5, 12, 8, tzinfo=UTC))
    assert ResourcePhoto.objects.visible_to(SYSTEM).count() > 25
