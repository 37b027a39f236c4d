"""Makes rows of every app for tests, by the tables alone: no service, no surprise, no event.

Each function takes what matters to the test and any field by name. Days are fixed: nothing here reads the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bookings.models import Booking, Line
from cooperative.access.models import Audience
from cooperative.institutions.models import Institution
from cooperative.membership.models import Membership
from cooperative.people.models import Person
from sharing.models import Category, Resource, ResourceText, SharingTerms
from tests.cooperative.factories import (
    LONG_AGO,
    make_institution,
    make_member,
    make_moderator,
    make_person,
)

__all__ = [
    "LONG_AGO",
    "make_booking",
    "make_category",
    "make_institution",
    "make_line",
    "make_member",
    "make_membership",
    "make_moderator",
    "make_person",
    "make_resource",
    "make_terms",
]

_numbers = count(1)


def make_membership(person: Person, institution: Institution, role: str = "staff") -> Membership:
    return Membership.objects.create(
        person=person, institution=institution, role=role, started_at=LONG_AGO
    )


def make_category(code: str = "spaces", **fields: object) -> Category:
    """The category of that code, made where migrations did not bring it."""
    found = Category.objects.filter(code=code).first()
    return found or Category.objects.create(**{"code": code, "name": {"en": code}, **fields})


def make_resource(
    owner: Institution,
    title: str = "Sala prób",
    *,
    kind: str = "exclusive",
    units: int = 1,
    state: str = "published",
    category: str = "spaces",
    **fields: object,
) -> Resource:
    resource = Resource.objects.create(
        **{
            "owner": owner,
            "category": make_category(category),
            "kind": kind,
            "units": units,
            "state": state,
            "answering": "owner_chooses",
            "hours_source": "always",
            "created_at": LONG_AGO,
            "confirmed_at": LONG_AGO,
            **fields,
        }
    )
    ResourceText.objects.create(resource=resource, language="pl", title=title, is_original=True)
    return resource


def make_terms(resource: Resource, audience: str = "cooperative", **fields: object) -> SharingTerms:
    """Terms for `cooperative`, `public` or `own`: may see and ask."""
    named = {"institution": resource.owner} if audience == "own" else {}
    return SharingTerms.objects.create(
        **{
            "resource": resource,
            "audience": Audience.objects.get(kind=audience, **named),
            "may_see": True,
            "may_ask": audience != "public",
            **fields,
        }
    )


def make_booking(
    borrower: Institution | None,
    resources: Sequence[Resource],
    *,
    person: Person | None = None,
    state: str = "asked",
    starts_at: datetime = datetime(2027, 3, 12, 17, tzinfo=UTC),
    hours: int = 3,
    title: str = "Próba chóru",
    **fields: object,
) -> Booking:
    """A booking that was sent, with one line in `state` for each resource."""
    booking = Booking.objects.create(
        **{
            "borrower": borrower,
            "person": person,
            "title": title,
            "state": "open",
            "created_at": LONG_AGO,
            "sent_at": LONG_AGO,
            **fields,
        }
    )
    for position, resource in enumerate(resources):
        make_line(
            booking, resource, state=state, starts_at=starts_at, hours=hours, position=position
        )
    return booking


def make_line(
    booking: Booking,
    resource: Resource,
    *,
    state: str = "asked",
    starts_at: datetime = datetime(2027, 3, 12, 17, tzinfo=UTC),
    hours: int = 3,
    **fields: object,
) -> Line:
    ends_at = starts_at + timedelta(hours=hours)
    titles = {
        text.language: text.title for text in ResourceText._base_manager.filter(resource=resource)
    }
    return Line.objects.create(
        **{
            "booking": booking,
            "resource": resource,
            "borrower": booking.borrower,
            "lender": resource.owner,
            "state": state,
            "use_starts_at": starts_at,
            "use_ends_at": ends_at,
            "event_starts_at": starts_at,
            "event_ends_at": ends_at,
            "zone": resource.time_zone,
            "local_date": starts_at.astimezone(ZoneInfo(resource.time_zone)).date(),
            "state_since": LONG_AGO,
            "sent_at": LONG_AGO,
            "shown": {
                "titles": titles,
                "owner": resource.owner.name,
                "category": resource.category.code,
                "uid": str(resource.uid),
            },
            **fields,
        }
    )
