"""The audit finds nothing in what the services leave behind, and every invariant that somebody breaks by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from bookings.models import Booking, Line
from bookings.queries.audit import audit, checks
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.offers import propose
from bookings.tasks import prove

from .audit_world import AT, World, world
from .stage import DAY, ask, line, make_side, make_thing

pytestmark = pytest.mark.django_db

# Nothing keeps a writer from it any more: the guard, the other triggers and the constraint are gone.
UNGUARDED = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE bookings_claim DISABLE TRIGGER USER;
ALTER TABLE bookings_capacity DISABLE TRIGGER USER;
ALTER TABLE bookings_seatedsession DISABLE TRIGGER USER;
ALTER TABLE sharing_resource DISABLE TRIGGER USER;
ALTER TABLE sharing_resourcepart DISABLE TRIGGER USER;
ALTER TABLE bookings_claim DROP CONSTRAINT claim_exclusive;
ALTER TABLE bookings_claim DROP CONSTRAINT claim_one_cause;
DROP INDEX capacity_one_counts;
"""
_CLAIM = """
INSERT INTO bookings_claim (capacity_id, mode, span, units, cause, line_id, offer_id, block_id)
SELECT id, mode, {span}, {units}, '{cause}', {line}, {offer}, {block} FROM bookings_capacity WHERE id = %({capacity})s
"""


def claim(capacity: str, span: str, *, units: int = 1, **owner: str) -> str:
    """A claim on the named capacity; `span` = hours of the day, `owner` = line, offer or block by name."""
    start, end = (f"'{DAY + timedelta(hours=float(hour))}'" for hour in span.split("-"))
    [(cause, name)] = owner.items()
    keys = {one: f"%({name})s" if one == cause else "NULL" for one in ("line", "offer", "block")}
    return _CLAIM.format(
        span=f"tstzrange({start}, {end})", units=units, cause=cause, capacity=capacity, **keys
    )


def of(line: str, change: str) -> str:
    return f"UPDATE bookings_claim SET {change} WHERE line_id = %({line})s"


def state(line: str, value: str) -> str:
    return f"UPDATE bookings_line SET state = '{value}' WHERE id = %({line})s"


NOON = "2027-03-10T12:00+01:00"
LONGER = "span = tstzrange(lower(span), upper(span) + interval '1 hour')"
SHORTER = "span = tstzrange(lower(span), upper(span) - interval '1 hour')"
WRONG_LINE = {"line_claims"}
WRONG_BLOCK = {"block_claims"}
BROKEN: dict[str, tuple[str, set[str]]] = {
    # What is counted.
    "two at once": (
        claim("gallery_capacity", "34-36", block="own_programme")
        + ";"
        + claim("gallery_capacity", "35-37", block="own_programme"),
        {"oversold", "block_claims"},
    ),
    "more at once than there are": (
        claim("microphones_capacity", "34-36", units=3, line="kit_line"),
        {"oversold", "line_claims"},
    ),
    "more in all than there are": (of("promised", "units = 7"), {"oversold", "line_claims"}),
    "more seats than there are": (of("seats", "units = 11"), {"oversold", "line_claims"}),
    "more minutes than there are": (
        "UPDATE bookings_capacity SET size = 59 WHERE id = %(march)s",
        {"oversold"},
    ),
    "a seat at another time": (of("seats", LONGER), {"claim_out_of_time", "line_claims"}),
    "minutes that are not the span's": (
        "UPDATE bookings_claim SET units = units - 1 WHERE capacity_id = %(march)s",
        {"claim_out_of_time", "line_claims"},
    ),
    "minutes of another month": (
        of("hours", f"{LONGER}, units = units + 60") + " AND capacity_id = %(march)s",
        {"claim_out_of_time", "line_claims"},
    ),
    "a session at another time than its capacity": (
        "UPDATE bookings_seatedsession SET ends_at = ends_at + interval '1 hour' WHERE id = %(session)s",
        {"session_disagrees"},
    ),
    "a cancelled session with seats": (
        "UPDATE bookings_capacity SET size = 10 WHERE id = %(cancelled_session_capacity)s",
        {"session_disagrees"},
    ),
    # Lines.
    "promised, and nothing kept": (
        "DELETE FROM bookings_claim WHERE line_id = %(confirmed)s",
        WRONG_LINE,
    ),
    "kept for less time": (of("confirmed", SHORTER), WRONG_LINE),
    "kept for more time": (of("some", LONGER), WRONG_LINE),
    "fewer kept": (of("some", "units = 3"), WRONG_LINE),
    "another thing kept": (of("confirmed", "capacity_id = %(yard_capacity)s"), WRONG_LINE),
    "a part of the whole is not kept": (
        "DELETE FROM bookings_claim WHERE line_id = %(whole)s AND capacity_id = %(left_capacity)s",
        WRONG_LINE,
    ),
    "a part more than was promised": (
        (
            "INSERT INTO sharing_resourcepart (whole_id, part_id, units, position)"
            " SELECT %(floor)s, id, 1, 9 FROM sharing_resource WHERE id = %(yard)s"
        ),
        {"line_claims", "block_claims"},
    ),
    "running, and cut short": (
        of("running", SHORTER) + " AND capacity_id = %(left_capacity)s",
        WRONG_LINE,
    ),
    "a month not kept": (
        "DELETE FROM bookings_claim WHERE capacity_id = %(april)s",
        WRONG_LINE,
    ),
    "a month that is gone": (
        (
            "DELETE FROM bookings_claim WHERE capacity_id = %(april)s;"
            " DELETE FROM bookings_capacity WHERE id = %(april)s"
        ),
        WRONG_LINE,
    ),
    "a seat given away": ("DELETE FROM bookings_claim WHERE line_id = %(seats)s", WRONG_LINE),
    "asked, and time kept": (
        claim("gallery_capacity", "34-36", line="asked"),
        WRONG_LINE,
    ),
    "declined, and time kept": (
        claim("studio_capacity", "40-42", line="declined"),
        WRONG_LINE,
    ),
    "back, and time kept": (of("returned", LONGER), WRONG_LINE),
    "cancelled, and time kept": (of("cancelled", LONGER), WRONG_LINE),
    "over, and longer than it was": (of("finished", LONGER), WRONG_LINE),
    "closed, and time to come kept": (
        state("finished", "closed") + ";" + claim("hall_capacity", "90-92", line="finished"),
        {"line_claims", "booking_state"},
    ),
    "used up, and counted no more": (
        "DELETE FROM bookings_claim WHERE line_id = %(used)s",
        WRONG_LINE,
    ),
    "out, and shorter than agreed": (of("handed_over", SHORTER), WRONG_LINE),
    "late, and free": ("DELETE FROM bookings_claim WHERE line_id = %(overdue)s", WRONG_LINE),
    "late, and kept for a month": (
        of("overdue", "span = tstzrange(lower(span), upper(span) + interval '30 days')"),
        WRONG_LINE,
    ),
    "late, and another thing kept": (of("overdue", "capacity_id = %(spare_capacity)s"), WRONG_LINE),
    "another time than the session's": (
        "UPDATE bookings_line SET session_id = %(closed_session)s WHERE id = %(seats)s",
        {"line_session"},
    ),
    # Holds.
    "a hold without an end": (
        "UPDATE bookings_line SET expires_at = NULL WHERE id = %(held)s",
        {"line_expiry"},
    ),
    "a hold whose claim ends at another time": (
        of("held", "expires_at = expires_at + interval '1 hour'"),
        {"line_expiry"},
    ),
    "confirmed, and running out": (
        of("confirmed", "expires_at = upper(span)"),
        {"line_expiry"},
    ),
    # Blocks.
    "a block of nothing": (
        "DELETE FROM bookings_claim WHERE block_id = %(own_programme)s",
        WRONG_BLOCK,
    ),
    "a block that leaves a part free": (
        "DELETE FROM bookings_claim WHERE block_id = %(of_the_whole)s AND capacity_id = %(right_capacity)s",
        WRONG_BLOCK,
    ),
    "a block with less than fits": (
        "UPDATE bookings_claim SET units = units - 1 WHERE block_id = %(closed)s",
        WRONG_BLOCK,
    ),
    "a block with more than it wants": (
        "UPDATE bookings_block SET units = 5 WHERE id = %(closed)s",
        WRONG_BLOCK,
    ),
    "a block longer than it is": (
        f"UPDATE bookings_claim SET {LONGER} WHERE block_id = %(own_programme)s",
        WRONG_BLOCK,
    ),
    "a block of another thing": (
        claim("gallery_capacity", "40-41", block="own_programme"),
        WRONG_BLOCK,
    ),
    "a block without its session": (
        "DELETE FROM bookings_claim WHERE block_id = %(closed_workshop)s",
        WRONG_BLOCK,
    ),
    # Bookings.
    "another state than its lines'": (
        "UPDATE bookings_booking SET state = 'open' WHERE id = %(confirmed_booking)s",
        {"booking_state"},
    ),
    "all agreed, and not complete": (
        (
            "UPDATE bookings_line SET brought_by_id = NULL, state = 'withdrawn'"
            " WHERE booking_id = %(accepted_booking)s AND state <> 'accepted'"
        ),
        {"not_completed"},
    ),
    "half of all or nothing": (
        state("accepted", "confirmed")
        + "; UPDATE bookings_line SET expires_at = NULL WHERE id = %(accepted)s;"
        + of("accepted", "expires_at = NULL"),
        {"half_confirmed", "booking_state"},
    ),
    "brought by a line of another booking": (
        "UPDATE bookings_line SET brought_by_id = %(confirmed)s WHERE id = %(brought)s",
        {"brought_elsewhere"},
    ),
    # Wholes.
    "a whole with time": (
        "UPDATE bookings_capacity SET size = 1 WHERE id = %(floor_capacity)s",
        {"sizes"},
    ),
    "nothing of what there is": (
        "UPDATE bookings_capacity SET size = 0 WHERE id = %(gallery_capacity)s",
        {"sizes"},
    ),
    "another number than the listing's": (
        "UPDATE sharing_resource SET units = 12 WHERE id = %(chairs)s",
        {"sizes"},
    ),
    "counted in two ways": (
        (
            "INSERT INTO bookings_capacity (resource_id, mode, size, size_from, version)"
            " VALUES (%(gallery)s, 'peak', 5, '2000-01-01', 0)"
        ),
        {"sizes"},
    ),
    "a claim of a whole's own": (
        claim("floor_capacity", "50-52", block="of_the_whole"),
        {"oversold", "whole_has_time", "block_claims"},
    ),
    "a whole from next week on": (
        "UPDATE bookings_capacity SET size_from = size_from + interval '7 days' WHERE id = %(floor_capacity)s",
        {"whole_has_time"},
    ),
    "a part of another house": (
        "UPDATE sharing_resource SET owner_id = (SELECT max(id) FROM cooperative_institution) WHERE id = %(left)s",
        {"parts"},
    ),
    "more parts than there are": (
        "UPDATE sharing_resourcepart SET units = 7 WHERE part_id = %(microphones)s",
        {"parts", "part_twice", "line_claims"},
    ),
    "a circle": (
        (
            "UPDATE bookings_capacity SET size = 0 WHERE id = %(spare_capacity)s;"
            " DELETE FROM sharing_resourcepart WHERE whole_id = %(kit)s;"
            " INSERT INTO sharing_resourcepart (whole_id, part_id, units, position)"
            " VALUES (%(kit)s, %(spare)s, 1, 0), (%(spare)s, %(kit)s, 1, 0)"
        ),
        {"parts_in_a_circle", "line_claims"},
    ),
    "one leaf by two ways": (
        (
            "DELETE FROM bookings_claim WHERE line_id = %(kit_line)s;"
            " INSERT INTO sharing_resourcepart (whole_id, part_id, units, position)"
            " VALUES (%(kit)s, %(floor)s, 1, 1), (%(kit)s, %(left)s, 1, 2)"
        ),
        {"part_twice", "line_claims"},
    ),
    # Offers.
    "an offer of nothing": (
        "DELETE FROM bookings_claim WHERE offer_id = %(change)s",
        {"offer_claims"},
    ),
    "an offer of more than it says": (
        f"UPDATE bookings_claim SET {LONGER} WHERE offer_id = %(change)s",
        {"offer_claims"},
    ),
    "an offer of another thing": (
        "UPDATE bookings_claim SET capacity_id = %(yard_capacity)s WHERE offer_id = %(change)s",
        {"offer_claims"},
    ),
    "withdrawn, and time kept": (
        claim("terrace_capacity", "64-65", offer="withdrawn"),
        {"offer_claims", "offer_expiry"},
    ),
    "an offer whose claim ends at another time": (
        "UPDATE bookings_offer SET expires_at = expires_at + interval '1 hour' WHERE id = %(change)s",
        {"offer_expiry"},
    ),
    "a claim of nobody": (
        "UPDATE bookings_claim SET line_id = NULL WHERE line_id = %(confirmed)s",
        {"claim_cause", "line_claims"},
    ),
    "a claim of two": (
        "UPDATE bookings_claim SET cause = 'offer' WHERE line_id = %(confirmed)s",
        {"claim_cause"},
    ),
}


def test_what_the_services_leave_behind_is_sound() -> None:
    world()
    report = audit(now=AT)
    assert [str(finding) for finding in report.findings] == []
    assert report.sound
    assert report.stale == {"lines": 0, "offers": 0}
    assert set(report.looked_at) == {"claims", "lines", "bookings", "capacities"}
    assert report.looked_at["lines"] == Line._base_manager.count()


def broken(made: World, statement: str) -> set[str]:
    """The checks that find something once `statement` was run without any guard; undone afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(UNGUARDED)
            cursor.execute(statement, made.ids)
            assert cursor.rowcount > 0, "this broke nothing"
        found = set(audit(now=AT).count)
        transaction.set_rollback(True)
    return found


def test_every_invariant_that_is_broken_is_found() -> None:
    made = world()
    found = {name: broken(made, statement) for name, (statement, _checks) in BROKEN.items()}
    assert found == {name: checks for name, (_statement, checks) in BROKEN.items()}


@pytest.fixture
def small() -> Line:
    """A held line in a world with little else."""
    owner, guest = make_side(), make_side()
    studio = make_thing(owner, answering="keep_first")
    return ask(guest, line(studio), now=AT - timedelta(days=1)).lines[0]


def test_what_only_waits_for_the_clock_is_no_finding() -> None:
    owner, guest = make_side(), make_side()
    studio = make_thing(owner, answering="keep_first")
    one = ask(guest, line(studio, 90)).lines[0]
    wish = line(studio, 94)
    propose(by=owner.viewer, line=one.uid, wish=wish)
    report = audit(now=DAY + timedelta(hours=80))
    assert [str(finding) for finding in report.findings] == []
    assert report.stale == {"lines": 1, "offers": 1}


def test_what_is_claimed_while_we_look_is_no_finding() -> None:
    """Parts are changed at this minute; the audit began a moment before."""
    owner, guest = make_side(), make_side()
    floor, hall = make_thing(owner, terms={"at_once": True}), make_thing(owner)
    ask(guest, line(floor, 10, 4))
    change_parts(by=owner.at(AT), resource=floor.uid, parts=[PartWish(hall.uid)])
    assert audit(now=AT - timedelta(seconds=30)).sound


def test_only_some_of_many_findings_are_listed_and_all_are_counted(
    monkeypatch: pytest.MonkeyPatch, at: Callable[[str], datetime]
) -> None:
    at(NOON)
    monkeypatch.setattr(checks, "MOST_SHOWN", 2)
    owner, guest = make_side(), make_side()
    things = [make_thing(owner, kind="pooled", units=4) for _ in range(3)]
    for thing in things:
        ask(guest, line(thing))
    Booking._base_manager.update(state="expired")
    with connection.cursor() as cursor:
        cursor.execute(UNGUARDED)
        cursor.execute("UPDATE bookings_capacity SET size = size + 1")
    report = audit(now=AT)
    assert report.count == {"booking_state": 3, "sizes": 3}
    listed = [finding.check for finding in report.findings]
    assert sorted(listed) == ["booking_state", "booking_state", "sizes", "sizes"]
    told = StringIO()
    with pytest.raises(SystemExit):
        call_command("audit_bookings", stdout=told)
    assert "sizes: 1 more" in told.getvalue().splitlines()


def test_the_command_tells_of_a_sound_house(small: Line, at: Callable[[str], datetime]) -> None:
    at(NOON)
    told = StringIO()
    call_command("audit_bookings", stdout=told)
    assert told.getvalue().startswith("0 findings in 1 claims, 1 lines, 1 bookings, ")


def test_the_command_names_what_it_found_and_fails(
    small: Line, at: Callable[[str], datetime]
) -> None:
    at(NOON)
    Line._base_manager.filter(pk=small.pk).update(expires_at=None)
    told = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_bookings", stdout=told)
    assert ended.value.code == 1
    first = told.getvalue().splitlines()[0]
    assert first == f"line_expiry: line {small.uid}: held, and its hold ends never"
    told = StringIO()
    with pytest.raises(SystemExit):
        call_command("audit_bookings", "--json", stdout=told)
    summary = json.loads(told.getvalue())
    assert (summary["findings"], summary["by_check"]) == (2, {"line_expiry": 2})
    assert {shown["uid"] for shown in summary["shown"]} == {str(small.uid)}


def test_the_night_tells_the_operators(
    small: Line, at: Callable[[str], datetime], caplog: pytest.LogCaptureFixture
) -> None:
    at(NOON)
    prove()
    assert caplog.records == []
    Booking._base_manager.update(state="expired")
    prove()
    assert {record.levelname for record in caplog.records} == {"ERROR"}
    first, last = (record.getMessage() for record in caplog.records)
    assert first.endswith("stored as expired, with lines held it is open")
    assert last == "Audit: 1 findings in all: {'booking_state': 1}"


def test_beat_calls_it_every_night() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["bookings.tasks.prove"]
    assert entry["task"] == prove.name
    assert entry["schedule"] == crontab(hour="2", minute="20")
