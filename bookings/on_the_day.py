"""Who is there on the day: told to the two sides of a confirmed booking, from the yes until two weeks after the use.

Where something came in the way of what was agreed it stays told: that is when one has to call.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.models import Booking, Line
from bookings.states import FIRM, LineState
from cooperative.access.viewer import Viewer

FORGOTTEN_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DayContact:
    """Whom to call, where to go, and what to know at the door; empty where nobody said."""

    name: str
    phone: str
    place: str = ""
    note: str = ""


def contacts_open(line: Line, now: datetime) -> bool:
    """Whether both sides of `line` may know at `now` who is there."""
    agreed = line.hit_from if line.state == LineState.TO_SETTLE else line.state
    return agreed in FIRM and now < line.use_ends_at + FORGOTTEN_AFTER


def owners_side(line: Line) -> DayContact:
    """For who uses it: the thing's own contact, else its house's. `line` is read with `resource` and `lender`."""
    resource, house = line.resource, line.lender
    of_house = house.day_contact_phone or house.contact_phone
    if resource.day_contact_name or resource.day_contact_phone:
        name, phone = resource.day_contact_name, resource.day_contact_phone or of_house
    else:
        name, phone = house.day_contact_name, of_house
    street = ", ".join(part for part in (house.street, house.city) if part)
    return DayContact(name, phone, resource.place or street, resource.arrival_note)


def whom_to_call(line: Line) -> tuple[str, str]:
    """(name, phone) of the owner's side for who borrows; its house's name where nobody is named. Read as above."""
    contact = owners_side(line)
    return contact.name or str(line.lender), contact.phone


def askers_side(booking: Booking) -> DayContact:
    """For its owner: who is responsible on the day, else who asked or was written in; at their own number, else at that
    of their house. `booking` is read with `person` and `borrower`."""
    person, house = booking.person, booking.borrower
    asked = person.name if person is not None else booking.outside_name
    numbers = (
        booking.responsible_phone,
        booking.outside_phone,
        person.phone if person is not None else "",
        house.contact_phone if house is not None else "",
    )
    phone = next((number for number in numbers if number), "")
    return DayContact(booking.responsible_person or asked, phone)


def knows_askers_side(booking: Booking, lines: Iterable[Line], viewer: Viewer) -> bool:
    """Whether `viewer`, who may read `booking` and `lines` of it, may know who is responsible on the asking side."""
    ours = booking.borrower_id is None or booking.borrower_id in viewer.institutions
    return ours or any(contacts_open(line, viewer.now) for line in lines)
