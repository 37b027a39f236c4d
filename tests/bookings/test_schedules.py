"""Bringing in a season: looked over as a whole, booked row by row, never twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Line, ScheduleImport, ScheduleRow
from bookings.queries.schedules import gone_from
from bookings.services.correcting import undo_write_in
from bookings.services.schedules.bringing import bring_in, leave_out, take_up_again, try_row
from bookings.services.schedules.looking import look_over
from bookings.services.schedules.taking import drop_schedule, name_columns, take_schedule, unnamed
from bookings.services.write_in import WrittenFor, write_in
from bookings.spans import Span
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from cooperative.events.models import Event, Outbox
from tests.bookings.stage import NOW, Side, audited, do, line, lines_of, make_side, make_thing, wish

pytestmark = pytest.mark.django_db
HEADER = "Sala;Data;Od;Do;Dzień tygodnia;Powtarza się do;Tytuł;Dla kogo;Ile;Nr"
FIELDS = ("thing", "day", "start", "end", "weekday", "until", "title", "whom", "units", "id")


def row(**fields: str) -> str:
    told = {"thing": "Sala lustrzana", "start": "17:00", "end": "18:30", "title": "Próba"}
    return ";".join({**told, **fields}.get(name, "") for name in FIELDS)


def sheet(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode("cp1250")


def looked(side: Side, *rows: str, **names: str) -> ScheduleImport:
    """A file taken, its columns as they were guessed, looked over."""
    made = take_schedule(by=side.viewer, house=side.house.pk, name="grafik.csv", data=sheet(*rows))
    if made.state == "mapping":
        mapping = {k: v for k, v in made.mapping.items() if isinstance(v, str)}
        made = name_columns(
            by=side.viewer,
            schedule=made.uid,
            version=made.version,
            mapping=mapping,
            fixed={},
            names=names,
        )
    assert unnamed(made) == []
    return look_over(by=side.viewer, schedule=made.uid)


def states(made: ScheduleImport) -> list[str]:
    return list(made.rows.order_by("number").values_list("state", flat=True))


def one(made: ScheduleImport, number: int) -> ScheduleRow:
    return made.rows.get(number=number)


def codes(made: ScheduleImport, number: int) -> list[str]:
    return [said["code"] for said in one(made, number).problems]


def booked() -> int:
    return Booking.objects.visible_to(SYSTEM).count()


def test_a_season_is_brought_in_once() -> None:
    owner, choir = make_side("Dom Kultury"), make_side("Chór Cantabile")
    hall = make_thing(owner, "Sala lustrzana")
    chairs = make_thing(owner, "Krzesła", kind="pooled", units=100)
    rows = (
        row(day="7.09.2027", until="28.09.2027", weekday="wtorek", title="Taniec"),
        row(day="2027-09-08", title="Próba", whom="chór cantabile"),
        row(day="8.09.27", start="18:00", end="19", title="Joga", whom="Jan Kos"),
        row(thing="krzesła", day="9.09.2027", units="60", title="Zebranie", whom="Rada"),
        row(day="31.02.2027", title="Nigdy"),
    )
    made = looked(owner, *rows)
    assert states(made) == ["ready", "ready", "clash", "ready", "wrong"]
    assert (codes(made, 4), codes(made, 6)) == (["taken"], ["day_missing"])
    assert one(made, 4).problems[0]["by"][0]["row"] == 3
    done = bring_in(by=owner.viewer, schedule=made.uid)
    assert (done.stored, done.refused, done.left) == (3, 0, 0)
    assert states(made) == ["stored", "stored", "clash", "stored", "wrong"]
    there = one(made, 4).problems[0]["by"][0]
    rehearsal = one(made, 3).booking
    assert rehearsal is not None
    assert there["line"] == lines_of(rehearsal)[0].pk  # no longer a row of the file
    dates = Line.objects.visible_to(SYSTEM).filter(resource=hall, series__isnull=False)
    dates = dates.order_by("use_starts_at")
    assert [str(date) for date in dates.values_list("local_date", flat=True)] == [
        "2027-09-07",
        "2027-09-14",
        "2027-09-21",
        "2027-09-28",
    ]
    assert (rehearsal.borrower_id, rehearsal.came_by) == (choir.house.pk, "spreadsheet")
    assert [told.units for told in Line.objects.visible_to(SYSTEM).filter(resource=chairs)] == [60]
    # The member hears of it, the house itself and those outside do not.
    assert Outbox.objects.count() == 1
    again = looked(owner, *rows)
    assert states(again) == ["known", "known", "clash", "known", "wrong"]
    bring_in(by=owner.viewer, schedule=again.uid)
    bring_in(by=owner.viewer, schedule=made.uid)
    assert booked() == 3
    audited()


def test_a_class_says_which_dates_clash_and_goes_without_them() -> None:
    owner = make_side()
    hall = make_thing(owner, "Sala lustrzana")
    taken = line(hall, datetime(2027, 9, 14, 14, tzinfo=UTC), 2)
    write_in(by=owner.viewer, lender=owner.house.pk, wish=wish(taken), whom=WrittenFor(name="Chór"))
    made = looked(owner, row(day="7.09.2027", until="28.09.2027"))
    told = one(made, 2)
    assert [(said["code"], said.get("on"), said.get("of")) for said in told.problems] == [
        ("taken", "2027-09-14", None),
        ("dates", None, 4),
    ]
    tried = try_row(by=owner.viewer, row=told.uid)
    assert tried.state == "clash"
    tried = try_row(by=owner.viewer, row=told.uid, partly=True, seen="clash")
    assert tried.state == "stored"
    assert tried.booking is not None
    assert [str(date.local_date) for date in lines_of(tried.booking)] == [
        "2027-09-07",
        "2027-09-21",
        "2027-09-28",
    ]
    assert try_row(by=owner.viewer, row=told.uid).state == "stored"
    with pytest.raises(Stale):
        try_row(by=owner.viewer, row=told.uid, seen="clash")
    assert states(looked(owner, row(day="7.09.2027", until="28.09.2027"))) == ["known"]
    audited()


def test_each_clash_is_decided() -> None:
    owner = make_side()
    hall, other = make_thing(owner, "Sala lustrzana"), make_thing(owner, "Sala kameralna")
    day = datetime(2027, 9, 7, 14, tzinfo=UTC)
    first = write_in(
        by=owner.viewer,
        lender=owner.house.pk,
        wish=wish(line(hall, day, 5)),
        whom=WrittenFor(name="Chór"),
    )
    rows = [
        row(day="7.09.2027", title="A"),
        row(day="7.09.2027", title="B"),
        row(day="7.09.2027", title="C", start="14:00", end="14:30"),
        row(day="7.09.2027", title="D"),
    ]
    made = looked(owner, *rows)
    assert states(made) == ["clash", "clash", "ready", "clash"]
    assert leave_out(by=owner.viewer, row=one(made, 2).uid).state == "left_out"
    elsewhere = {"thing_uid": str(other.uid)}
    moved = try_row(by=owner.viewer, row=one(made, 3).uid, corrections=elsewhere)
    assert moved.state == "stored"
    later = {"start": "21:00", "end": "22:00"}
    assert try_row(by=owner.viewer, row=one(made, 5).uid, corrections=later).state == "stored"
    assert states(made) == ["left_out", "stored", "ready", "stored"]
    # What was left out stays so in the next file, until somebody takes it up again.
    again = looked(owner, *rows)
    assert states(again) == ["left_out", "known", "ready", "known"]
    do(owner, lines_of(first)[0], "take_back")
    assert take_up_again(by=owner.viewer, row=one(again, 2).uid).state == "ready"
    audited()


def test_a_changed_row_changes_its_own_booking() -> None:
    owner = make_side()
    make_thing(owner, "Sala lustrzana")
    made = looked(owner, row(id="7", day="7.09.2027"), row(id="8", day="8.09.2027"))
    bring_in(by=owner.viewer, schedule=made.uid)
    before = one(made, 2).booking
    changed = looked(owner, row(id="7", day="7.09.2027", start="17:30", end="19:00"))
    assert states(changed) == ["changed"]
    window = Span(datetime(2027, 9, 1, tzinfo=UTC), datetime(2027, 10, 1, tzinfo=UTC))
    gone = gone_from(changed, window, ["7"])
    assert [told.booking.external_id for told in gone] == ["8"]
    assert bring_in(by=owner.viewer, schedule=changed.uid).stored == 0
    after = try_row(by=owner.viewer, row=one(changed, 2).uid)
    assert (after.state, booked()) == ("stored", 3)
    assert before is not None
    assert after.booking is not None
    assert [told.state for told in lines_of(before)] == ["cancelled"]
    [moved] = lines_of(after.booking)
    assert (moved.state, moved.use_starts_at) == (
        "confirmed",
        datetime(2027, 9, 7, 15, 30, tzinfo=UTC),
    )
    kept = looked(owner, row(id="7", day="7.09.2027", start="10:00", end="11:00"))
    assert leave_out(by=owner.viewer, row=one(kept, 2).uid).state == "known"
    same = looked(owner, row(id="7", day="7.09.2027", start="10:00", end="11:00"))
    assert states(same) == ["known"]
    audited()


def test_a_class_is_moved_to_another_weekday_by_its_id_and_on_the_page() -> None:
    owner = make_side()
    hall = make_thing(owner, "Sala lustrzana")
    dance = {"id": "7", "until": "28.09.2027", "title": "Taniec"}
    bring_in(
        by=owner.viewer,
        schedule=looked(owner, row(**dance, day="7.09.2027", weekday="wtorek")).uid,
    )

    def days() -> list[str]:
        rows = Line.objects.visible_to(SYSTEM).filter(resource=hall, state="confirmed")
        return [f"{day:%a %d}" for day in rows.values_list("local_date", flat=True)]

    assert days() == ["Tue 07", "Tue 14", "Tue 21", "Tue 28"]
    moved = looked(owner, row(**dance, day="7.09.2027", weekday="środa"))
    assert states(moved) == ["changed"]
    assert try_row(by=owner.viewer, row=one(moved, 2).uid).state == "stored"
    assert days() == ["Wed 08", "Wed 15", "Wed 22"]
    yoga = {"id": "9", "until": "23.09.2027", "title": "Joga"}
    clash = looked(owner, row(**yoga, day="8.09.2027", weekday="śr"))
    assert states(clash) == ["clash"]
    told = {"weekday": "czw", "day": "2027-09-08"}
    assert try_row(by=owner.viewer, row=one(clash, 2).uid, corrections=told).state == "stored"
    assert days() == ["Wed 08", "Wed 15", "Wed 22", "Thu 09", "Thu 16", "Thu 23"]
    audited()


def test_what_was_undone_is_offered_again_and_what_was_called_off_only_on_request() -> None:
    owner = make_side()
    make_thing(owner, "Sala lustrzana")
    rows = (row(id="1", day="7.09.2027"), row(day="8.09.2027"), row(day="9.09.2027"))
    made = looked(owner, *rows)
    bring_in(by=owner.viewer, schedule=made.uid)
    for number in (2, 3):
        booking = one(made, number).booking
        assert booking is not None
        undo_write_in(by=owner.viewer, booking=booking.uid)
    third = one(made, 4).booking
    assert third is not None
    do(owner, lines_of(third)[0], "take_back", now=NOW + timedelta(hours=3))
    again = looked(owner, *rows)
    assert states(again) == ["ready", "ready", "left_out"]
    assert bring_in(by=owner.viewer, schedule=again.uid).stored == 2
    assert states(again) == ["stored", "stored", "left_out"]
    assert take_up_again(by=owner.viewer, row=one(again, 4).uid).state == "ready"
    bring_in(by=owner.viewer, schedule=again.uid)
    assert (states(again), booked()) == (["stored"] * 3, 6)
    assert states(looked(owner, *rows)) == ["known"] * 3
    audited()


def test_the_same_row_twice_is_one_too_many() -> None:
    owner = make_side()
    make_thing(owner, "Sala lustrzana")
    made = looked(
        owner,
        row(day="7.09.2027"),
        row(day="7.09.2027"),
        row(day="7.09.2027", whom="Kto inny"),
        row(id="1", day="9.09.2027"),
        row(id="1", day="10.09.2027"),
    )
    assert states(made) == ["ready", "wrong", "clash", "ready", "wrong"]
    assert [codes(made, number) for number in (3, 6)] == [["row_twice"], ["id_twice"]]


def test_names_and_columns_are_asked_once() -> None:
    owner, stranger = make_side(), make_side()
    hall = make_thing(owner, "Sala lustrzana")
    made = take_schedule(
        by=owner.viewer, house=owner.house.pk, name="a.csv", data=sheet(row(thing="SL", day="x"))
    )
    assert (made.state, unnamed(made)) == ("mapping", ["sl"])

    def told(**changes: Any) -> ScheduleImport:
        said = {
            "mapping": {k: v for k, v in made.mapping.items() if isinstance(v, str)},
            "fixed": {},
            "names": {},
            "version": made.version,
            **changes,
        }
        return name_columns(by=owner.viewer, schedule=made.uid, **said)

    with pytest.raises(Conflict):
        bring_in(by=owner.viewer, schedule=made.uid)
    with pytest.raises(Invalid) as wrong:
        told(mapping={"thing": "Sala"})
    assert set(wrong.value.errors) == {"day", "title"}
    for mapping in ({"day": "nie ma"}, {"day": "Data", "title": "Data"}):
        with pytest.raises(Invalid):
            told(mapping=mapping)
    with pytest.raises(Stale):
        told(version=7)
    assert told().state == "mapping"
    foreign = make_thing(stranger, "Cudza")
    assert unnamed(told(names={"sl": str(foreign.uid)}, version=2)) == ["sl"]
    named = told(names={"sl": str(hall.uid)}, version=3)
    assert (named.state, named.names) == ("preview", {"sl": str(hall.uid)})
    # The next file with the same headings needs no word more.
    assert states(looked(owner, row(thing="sl", day="7.09.2027"))) == ["ready"]
    for verb in (look_over, bring_in, drop_schedule):
        with pytest.raises(NotFound):
            verb(by=stranger.viewer, schedule=made.uid)
    with pytest.raises(NotFound):
        leave_out(by=stranger.viewer, row=one(made, 2).uid)
    with pytest.raises(Forbidden):
        take_schedule(by=stranger.viewer, house=owner.house.pk, name="a", data=sheet())
    drop_schedule(by=owner.viewer, schedule=made.uid)
    assert Event.objects.filter(verb="schedule.drop").count() == 1


def many(count: int) -> Sequence[str]:
    """So many rows, each fourteenth a class of a term."""
    return [
        row(
            day=f"{1 + number % 28}.{9 + number // 168 % 4}.2027",
            start=f"{8 + number // 28 % 6 * 2}:00",
            end=f"{9 + number // 28 % 6 * 2}:00",
            title=f"Wiersz {number}",
            until="31.01.2028" if number % 14 == 0 else "",
        )
        for number in range(count)
    ]


def test_looking_over_takes_as_many_statements_however_many_rows() -> None:
    owner = make_side()
    make_thing(owner, "Sala lustrzana")
    counts = []
    for count in (14, 74):
        made = looked(owner, *many(count))
        made.rows.update(state="ready")
        with CaptureQueriesContext(connection) as caught:
            look_over(by=owner.viewer, schedule=made.uid)
        counts.append(len(caught))
        assert made.rows.exclude(state__in=["ready", "clash"]).count() == 0
    assert counts[0] == counts[1] <= 15


def test_two_files_looked_over_at_once_book_each_row_once() -> None:
    owner = make_side()
    make_thing(owner, "Sala lustrzana")
    make_thing(owner, "Krzesła", kind="pooled", units=100)
    rows = (row(day="7.09.2027"), row(thing="Krzesła", day="7.09.2027", units="5"))
    first, second = looked(owner, *rows), looked(owner, *rows)
    assert states(first) == states(second) == ["ready", "ready"]
    assert bring_in(by=owner.viewer, schedule=first.uid).stored == 2
    late = bring_in(by=owner.viewer, schedule=second.uid)
    assert (late.stored, late.refused) == (0, 2)
    assert (states(second), booked()) == (["known", "known"], 2)
    # Broken off between the booking and its row: repeated, it finds its own booking.
    first.rows.update(state="ready", booking=None)
    assert bring_in(by=owner.viewer, schedule=first.uid).stored == 0
    assert (states(first), booked()) == (["known", "known"], 2)
