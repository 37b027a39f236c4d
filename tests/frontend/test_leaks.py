"""Words that only some may read, looked for on every page and in every answer of the API, by everybody else."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bookings.answers import AnswerWith
from bookings.models import (
    Attachment,
    Enquiry,
    ScheduleImport,
    ScheduleRow,
)
from bookings.services.actions import act
from bookings.services.attachments import add_to_case, add_to_hand_over
from bookings.services.enquiries import ask_question
from bookings.services.messages import write_message
from bookings.services.told import told_by_phone
from bookings.services.write_in import WrittenFor, write_in
from cooperative.access.querysets import SYSTEM
from cooperative.membership.models import CooperativeRole, Membership
from cooperative.people.models import Person
from notifications.models import Delivery
from sharing.models import Resource
from tests.bookings.stage import (
    NOW,
    Side,
    ask,
    block,
    do,
    line,
    lines_of,
    make_side,
    make_thing,
    open_case,
    wish,
)
from tests.bookings.test_files import PDF
from tests.bookings.test_schedules import looked, row
from tests.cooperative.api_caller import make_token
from tests.factories import LONG_AGO, make_member, make_moderator
from tests.frontend.keeping import MONDAY, At
from tests.journeys.visits import tell

pytestmark = pytest.mark.django_db

HOUSE, SIDES = "hush-house", "hush-sides"
"""Words of the lending house alone, and of the two sides."""
PROOF = os.environ.get("PODEST_PROOF") == "1"
TALKED_OF = {"bookings", "cases", "requests", "events", "notifications", "institutions"}
LIKELY = TALKED_OF | {
    "attachments",
    "booking-lines",
    "enquiries",
    "inbox",
    "questions",
    "resources",
    "timetable",
}
"""Where it would be read; with PODEST_PROOF=1 everything is asked for, by each stranger."""
PERIOD = "starts_at=2027-03-01T00:00:00Z&ends_at=2027-03-20T00:00:00Z"


@dataclass(frozen=True)
class World:
    owner: Side
    asker: Side
    other: Side
    """Lends something else in the same booking."""
    third: Side
    left: Person
    """Kept the owner's things and asked for the asker, until last week."""
    moderator: Person
    hall: Resource
    places: Mapping[str, tuple[UUID | str, ...]]
    """Ids by the beginning of an address."""


def paper() -> ContentFile[bytes]:
    return ContentFile(PDF + f"%{SIDES}\n%%EOF\n".encode(), name=f"{SIDES}.pdf")


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = str(tmp_path)
    owner, asker = make_side("Dom Kultury"), make_side("Chór")
    other, third = make_side("Teatr"), make_side("Muzeum")
    left = make_member(owner.house, role="keeper")
    make_member(asker.house, left)
    quitter = Side(asker.house, left, asker.viewer)
    known = {"day_contact_name": f"Pani {SIDES}", "day_contact_phone": SIDES}
    hall = make_thing(owner, "Sala lustrzana", arrival_note=f"Klucz: {SIDES}", **known)
    chairs = make_thing(owner, "Krzesła", kind="pooled", units=9, handover="simple")
    stage = make_thing(other, "Podesty")

    booking = ask(
        quitter,
        line(hall),
        line(stage),
        all_or_nothing=False,
        responsible_person=f"Jan {SIDES}",
        responsible_phone=SIDES,
    ).booking
    mine, theirs = lines_of(booking)
    note = AnswerWith(inner_note=HOUSE)
    act(by=owner.viewer, line=mine.uid, action="approve", note=SIDES, answer=note)
    write_message(
        by=asker.viewer, booking=booking.uid, body=SIDES, lender=owner.house.pk, files=[paper()]
    )
    ask_question(by=asker.viewer, resource=hall.uid, body=SIDES, files=[paper()])

    before = NOW - timedelta(days=10)
    loan = ask(quitter, line(chairs, before, 3, units=5), now=before).lines[0]
    for action in ("approve", "hand_over", "give_back"):
        do(owner, loan, action, reason="", condition="", now=before + timedelta(hours=1))
    add_to_hand_over(by=owner.viewer, line=loan.uid, moment="back", files=[paper()])
    case = open_case(by=owner.viewer, line=loan.uid, kind="damaged", words=SIDES)
    add_to_case(by=asker.viewer, case=case.uid, files=[paper()])

    outside = WrittenFor(name=HOUSE, phone=HOUSE, email=f"{HOUSE}@example.org")
    written = write_in(
        by=owner.viewer,
        lender=owner.house.pk,
        wish=wish(line(hall, 14), title=HOUSE, remarks=HOUSE),
        whom=outside,
    )
    hit = [lines_of(written)[0].uid]
    block(owner, hall, 13, 3, title=HOUSE, note=HOUSE, hit=hit)
    told_by_phone(by=owner.viewer, line=lines_of(written)[0].uid)
    looked(owner, row(day="17.03.2027", title=HOUSE, whom=HOUSE))
    Membership.objects.filter(person=left).update(ended_at=NOW - timedelta(days=1))

    def uids(rows: Any) -> tuple[UUID | str, ...]:
        return tuple(rows.values_list("uid", flat=True))

    bookings = (booking.uid, loan.booking.uid, written.uid)
    lines = (mine.uid, theirs.uid, loan.uid, lines_of(written)[0].uid)
    things, houses = (hall.uid, chairs.uid), (owner.house.uid, asker.house.uid)
    files = uids(Attachment.objects.visible_to(SYSTEM))
    enquiries = uids(Enquiry.objects.visible_to(SYSTEM))
    places = {
        "attachments": files,
        "bookings": bookings,
        "booking-lines": lines,
        "cases": (case.uid,),
        "enquiries": enquiries,
        "questions": enquiries,
        "institutions": houses,
        "lines": lines,
        "requests": lines,
        "today": lines,
        "resources": things,
        "things": things,
        "scan": things,
        "timetable": uids(ScheduleImport.objects.all()),
        "timetable/rows": uids(ScheduleRow.objects.all()),
    }
    return World(owner, asker, other, third, left, make_moderator(), hall, places)


def addresses(world: World) -> Iterator[str]:
    """Everything that can be asked for: each address of the site with the ids that fit where they stand."""
    for whole in _patterns(get_resolver(), ""):
        if whole.startswith(ELSEWHERE):
            continue
        if "<" not in whole:
            yield f"/{whole}"
            continue
        beginning = whole.removeprefix("api/v1/").partition("/<")[0]
        for uid in world.places.get(beginning, (world.hall.uid,)):
            yield "/" + _PARAMETER.sub(partial(_filled, uid), whole)


ELSEWHERE = (
    "admin/",
    "accounts/",
    "mailbox/",
    "i18n/",
    "styleguide/",
    "api/v1/schema",
    "api/v1/docs",
)
"""The framework's own, and what shows no bookings."""
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_WORDS = {"action": "complain", "kind": "csv", "token": "x", "name": "x", "on": "2027-03-10"}


def _filled(uid: UUID | str, found: re.Match[str]) -> str:
    if found[1] == "int":
        return "320"
    return str(uid) if found[1] == "uuid" else _WORDS[found[2]]


def _patterns(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path.replace("^", "").replace("$", "").replace("\\Z", "")
        else:
            yield from _patterns(one, path)


def readings(
    world: World, person: Person | None, parts: Collection[str] | None = None
) -> dict[str, bytes]:
    """What somebody is answered, by address, everywhere or in `parts` of the site; with a token below /api/."""
    client = Client(headers={"accept-language": "pl"})
    api = Client(headers={"accept-language": "pl"})
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        api.defaults["HTTP_AUTHORIZATION"] = f"Bearer {make_token(person)}"
    found = {}
    for path in addresses(world):
        if parts is not None and path.removeprefix("/api/v1").split("/")[1] not in parts:
            continue
        asked = [path]
        if "schedule." in path:
            asked = [f"{path}?{PERIOD}"]
        elif path.endswith(("/bookings/", "/cases/", "/enquiries/")):
            house_of = f"institution={world.owner.house.uid}"
            asked += [f"{path}?role=lender", f"{path}?role=moderator", f"{path}?{house_of}"]
        elif path in {"/today/", "/week/"}:
            asked = [f"{path}?day=2027-03-10"]
        elif path.endswith("/paper/"):
            asked.append(f"{path}?owner={world.owner.house.uid}")
        for one in asked:
            answer = (api if path.startswith("/api/") else client).get(one)
            assert answer.status_code < 500, one
            found[one] = answer.content + str(answer.headers).encode()
    return found


def heard(found: Mapping[str, bytes], *words: str) -> list[str]:
    return [path for path, said in found.items() if any(word.encode() in said for word in words)]


def test_nobody_reads_what_is_not_theirs(world: World, at: At) -> None:
    """By default one person is all strangers in turn: of other houses, a moderator, and one who left."""
    at(MONDAY)
    tell()
    strangers = [world.third.person, world.other.person, world.left, world.moderator]
    told = Delivery.objects.filter(person__in=strangers, message__in=["answered", "message_new"])
    assert not told.exists()
    if not PROOF:
        for house in (world.third.house, world.other.house):
            make_member(house, world.left, role="manager")
        CooperativeRole.objects.create(person=world.left, role="moderator", granted_at=LONG_AGO)
        strangers = [world.left]
    for person in (None, *strangers):
        assert heard(readings(world, person, None if PROOF else LIKELY), HOUSE, SIDES) == [], person
    theirs = readings(world, world.asker.person, None if PROOF else TALKED_OF)
    assert heard(theirs, HOUSE) == []
    # The words are there to be found.
    assert len(heard(theirs, SIDES)) > 8
    assert len(heard(readings(world, world.owner.person, TALKED_OF), HOUSE)) > 8
