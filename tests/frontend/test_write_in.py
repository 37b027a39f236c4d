"""Writing in: one typed line fills the form, says whether it is free, and books with one button."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bookings.models import Booking, Line
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource, WeeklyHours
from tests.bookings.stage import Side, ask, do, line, lines_of, make_side, make_thing
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db
PAGE, CHECK = "/write-in/", "/write-in/check/"
SAID = "śr 10.03 11-13, sala lustrzana, chór, p. Nowak 600 100 200"


@pytest.fixture
def keeper(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze")


@pytest.fixture
def room(keeper: Side) -> Resource:
    return make_thing(keeper, "Sala lustrzana")


@pytest.fixture
def chairs(keeper: Side) -> Resource:
    return make_thing(keeper, "Krzesła", kind="pooled", units=100, category="equipment")


def filled(answer: Any) -> dict[str, Any]:
    """What the form shows, by field; empty fields are left out."""
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in values.items() if value not in {None, ""}}


def sent(answer: Any, **more: str) -> dict[str, str]:
    """The form as a browser sends it back."""
    return filled(answer) | {"line": answer.context["was"], "was": answer.context["was"], **more}


def only() -> tuple[Booking, Line]:
    booking = Booking.objects.visible_to(SYSTEM).get()
    (one,) = lines_of(booking)
    return booking, one


def test_a_line_fills_the_form_and_one_button_books(
    keeper: Side, room: Resource, chairs: Resource
) -> None:
    client = signed_in(keeper)
    assert client.get(PAGE).context["answer"] is None
    read = client.post(PAGE, {"line": SAID, "was": "", "do": "read"})
    assert filled(read) == {
        "date": "2027-03-10",
        "start": "11:00",
        "end": "13:00",
        "title": "chór",
        "whom": "outside",
        "outside_name": "p. Nowak",
        "outside_phone": "600 100 200",
        "came_by": "phone",
        "thing-0": str(room.uid),
    }
    assert read.context["answer"].free
    assert not Booking.objects.visible_to(SYSTEM).exists()
    done = client.post(PAGE, sent(read, do="book"), follow=True)
    booking, one = only()
    assert (booking.title, booking.outside_name, booking.outside_phone, booking.came_by) == (
        "chór",
        "p. Nowak",
        "600 100 200",
        "phone",
    )
    assert (booking.entered_by, booking.entered_for, one.state) == (
        keeper.person,
        keeper.house,
        "confirmed",
    )
    assert one.use_starts_at == datetime.fromisoformat("2027-03-10T11:00+01:00")
    assert done.context["done"]["title"] == "chór"
    undone = client.post(done.context["done"]["undo"], follow=True)
    assert "Taken back: the time is free again." in text_of(undone)
    assert only()[1].state == "cancelled"


def test_what_was_corrected_by_hand_stays_when_the_line_grows(keeper: Side, room: Resource) -> None:
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": "śr 10.03 11-13", "was": ""})
    more = sent(read, end="14:00", line="śr 10.03 11-13 lustrzana joga")
    again = filled(client.post(CHECK, more))
    assert (again["start"], again["end"], again["title"]) == ("11:00", "14:00", "joga")


def test_what_nobody_has_seen_is_not_booked(keeper: Side, room: Resource) -> None:
    answer = signed_in(keeper).post(PAGE, {"line": SAID, "was": "", "do": "book"})
    assert (answer.status_code, answer.context["answer"].free) == (200, True)
    assert not Booking.objects.visible_to(SYSTEM).exists()


def test_several_things_are_lines_of_one_booking(
    keeper: Side, room: Resource, chairs: Resource
) -> None:
    client = signed_in(keeper)
    said = "śr 10.03 18-22 sala lustrzana + 40 krzeseł, wesele p. Kowalski"
    client.post(PAGE, sent(client.post(CHECK, {"line": said, "was": ""}), do="book"))
    booking = Booking.objects.visible_to(SYSTEM).get()
    rows = [(one.resource_id, one.units, one.state) for one in lines_of(booking)]
    assert rows == [(room.pk, 1, "confirmed"), (chairs.pk, 40, "confirmed")]


def test_who_has_the_time_is_said_with_other_times_and_things(keeper: Side, room: Resource) -> None:
    other = make_thing(keeper, "Sala kominkowa")
    taken = ask(make_side("Chór Echo"), line(room), title="Koncert").lines[0]
    do(keeper, taken, "approve")
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": SAID, "was": ""})
    answer = read.context["answer"]
    assert (answer.free, [one.code for one in answer.reasons]) == (False, ["taken"])
    assert [one.words for one in answer.in_way] == [
        "Koncert · Chór Echo · Wed 10 March, 11:00–13:00"
    ]
    labels = [one.label for one in answer.options]
    assert labels[-1] == "Sala kominkowa"
    assert "Wed 10 March, 13:00–15:00" in labels
    refused = client.post(PAGE, sent(read, do="book"))
    assert refused.status_code == 409
    chosen = client.post(PAGE, sent(read, option=answer.options[-1].value))
    assert (filled(chosen)["thing-0"], chosen.context["answer"].free) == (str(other.uid), True)


def test_a_named_member_gets_it_and_our_own_house_too(keeper: Side, room: Resource) -> None:
    member = make_side("Chór Echo", role="staff")
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": "śr 10.03 11-13 lustrzana próba, chór echo", "was": ""})
    assert (filled(read)["whom"], filled(read)["member"]) == ("member", "Chór Echo")
    client.post(PAGE, sent(read, do="book", outside_name="Jan Kos", outside_phone="600"))
    booking, _one = only()
    assert booking.borrower == member.house
    assert (booking.responsible_person, booking.responsible_phone) == ("Jan Kos", "600")
    assert (booking.outside_name, booking.outside_phone) == ("", "")
    own = client.post(CHECK, {"line": "czw 11.03 11-13 lustrzana montaż dla nas", "was": ""})
    client.post(PAGE, sent(own, do="book"))
    assert Booking.objects.visible_to(SYSTEM).get(title="montaż").borrower == keeper.house


def test_it_repeats_with_an_end_and_what_is_taken_is_left_out(keeper: Side, room: Resource) -> None:
    taken = ask(make_side(), line(room)).lines[0]
    do(keeper, taken, "approve")
    client = signed_in(keeper)
    said = "co środę 11-13 do 24.03 lustrzana, joga, p. Lis"
    read = client.post(CHECK, {"line": said, "was": ""})
    assert (read.context["answer"].dates.free, read.context["answer"].dates.count) == (3, 4)
    form = sent(read, do="book")
    done = client.post(
        PAGE, form | {"repeats": "week", "weekdays": "2", "until": "2027-03-24"}, follow=True
    )
    assert "Entered on 3 dates." in text_of(done)
    assert "Not on Wed 10 March" in text_of(done)
    booking = Booking.objects.visible_to(SYSTEM).get(title="joga")
    assert [one.local_date.day for one in lines_of(booking)] == [3, 17, 24]


def test_the_past_is_said_plainly_and_written_in(keeper: Side, room: Resource) -> None:
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": "wczoraj 11-13 lustrzana joga", "was": ""})
    assert (read.context["answer"].past, read.context["answer"].free) == (True, True)
    client.post(PAGE, sent(read, do="book"))
    assert only()[1].state == "confirmed"


@pytest.mark.parametrize(
    ("said", "more", "wrong"),
    [
        ("śr 10.03 11-13 lustrzana", {}, ["outside_name"]),
        ("śr 10.03 11-13 lustrzana", {"whom": "member", "member": "Nikt"}, ["member"]),
        ("śr 10.03 11-13, joga", {"thing-0": ""}, ["thing-0"]),
        ("lustrzana, joga", {}, ["date", "start", "end"]),
        ("śr 10.03 11-13 lustrzana joga", {"end": "10:00"}, ["end"]),
        ("śr 10.03 11-13 lustrzana joga", {"outside_email": "x"}, ["outside_email"]),
        ("śr 10.03 11-13 lustrzana joga", {"units-0": "0"}, ["units-0"]),
        ("śr 10.03 11-13 lustrzana joga", {"thing-0": "nothing"}, ["thing-0"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    keeper: Side,
    room: Resource,
    chairs: Resource,
    said: str,
    more: dict[str, str],
    wrong: list[str],
) -> None:
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": said, "was": ""})
    answer = client.post(PAGE, sent(read, do="book", **more))
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == sorted(wrong)
    assert not Booking.objects.visible_to(SYSTEM).exists()


def test_what_is_not_sure_is_said_with_a_button(keeper: Side, room: Resource) -> None:
    make_thing(keeper, "Sala kominkowa")
    make_side("Chór Echo")
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": "wt 10-12 sala, chór", "was": ""})
    assert [one.words for one in read.context["unsure"]] == [
        "Which one is “sala”?",
        "Is “chór” a member?",
    ]
    member = read.context["unsure"][1].choices[0]
    chosen = filled(client.post(CHECK, sent(read, option=member.value)))
    assert (chosen["whom"], chosen["member"]) == ("member", "Chór Echo")


def test_only_for_keepers_and_only_their_own(keeper: Side, room: Resource) -> None:
    staff = make_side(role="staff")
    assert signed_in(staff).get(PAGE).status_code == 403
    other = make_side()
    make_thing(other, "Scena")
    form = {
        "do": "book",
        "line": "",
        "was": "",
        "thing-0": str(room.uid),
        "date": "2027-03-10",
        "start": "11:00",
        "end": "13:00",
        "outside_name": "Ktoś",
    }
    assert signed_in(other).post(PAGE, form).status_code == 422
    done = signed_in(keeper).post(PAGE, form, follow=True)
    assert signed_in(other).post(done.context["done"]["undo"]).status_code == 404
    assert signed_in(other).get(f"{PAGE}?done={only()[0].uid}").context["done"] is None


def test_after_an_hour_it_is_cancelled_with_a_word(keeper: Side, room: Resource, at: At) -> None:
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": SAID, "was": ""})
    done = client.post(PAGE, sent(read, do="book"), follow=True)
    at("2027-03-01T11:01+01:00")
    answer = client.post(done.context["done"]["undo"], follow=True)
    assert "After an hour it is cancelled with a word why." in text_of(answer)
    assert only()[1].state == "confirmed"


def test_three_things_take_no_more_statements_than_one(keeper: Side, room: Resource) -> None:
    client, url = signed_in(keeper), f"{PAGE}?line=joga"
    few = statements(client, url)
    for title in ("Sala druga", "Sala trzecia"):
        make_thing(keeper, title)
        make_side(title)
    assert statements(client, url) == few


def test_it_says_who_entered_it_where_it_is_shown(keeper: Side, room: Resource, at: At) -> None:
    member = make_side("Chór Echo", role="staff")
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": "śr 10.03 11-13 lustrzana próba, chór echo", "was": ""})
    client.post(PAGE, sent(read, do="book"))
    booking, _one = only()
    said = f"entered by {keeper.person.name}, by phone"
    guest = signed_in(member)
    for who, url in (
        (client, f"/bookings/{booking.uid}/"),
        (guest, f"/bookings/{booking.uid}/"),
        (guest, "/bookings/"),
        (client, f"/things/{room.uid}/week/?day=2027-03-10"),
        (client, "/today/?day=2027-03-10"),
    ):
        assert said in text_of(who.get(url)), url
    assert "Written in by the owner, by phone" in text_of(guest.get(f"/bookings/{booking.uid}/"))
    keeper.person.delete()
    assert "entered by the owner, by phone" in text_of(guest.get(f"/bookings/{booking.uid}/"))


def test_the_member_corrects_it_on_its_page(keeper: Side, room: Resource) -> None:
    member = make_side("Chór Echo", role="staff")
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": "śr 10.03 11-13 lustrzana próba, chór echo", "was": ""})
    client.post(PAGE, sent(read, do="book"))
    booking, one = only()
    page, guest = f"/bookings/{booking.uid}/", signed_in(member)
    urls = [action.url for action in guest.get(page).context["page"].actions]
    assert urls == [f"{page}correct/"]
    here = [action.url for action in guest.get(page).context["page"].things[0].actions]
    assert f"/lines/{one.uid}/propose/" in " ".join(here)
    assert f"/lines/{one.uid}/cancel/" in " ".join(here)
    assert client.get(f"{page}correct/").status_code == 403
    form = {"title": "Próba generalna", "expected_people": "40", "version": "1"}
    told = guest.post(f"{page}correct/", form, follow=True)
    assert "Corrected: number of people, title" in text_of(told)
    again = guest.post(f"{page}correct/", {**form, "title": "Jeszcze inna"})
    assert (again.status_code, "Jeszcze inna" in again.content.decode()) == (409, True)
    empty = guest.post(f"{page}correct/", {"title": "", "version": "2"})
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["title"])


def test_the_keeper_corrects_somebody_outside(keeper: Side, room: Resource) -> None:
    client = signed_in(keeper)
    client.post(PAGE, sent(client.post(CHECK, {"line": SAID, "was": ""}), do="book"))
    booking, _one = only()
    form = {"title": "chór", "outside_name": "Ewa Nowak", "outside_phone": "1", "came_by": "email"}
    client.post(f"/bookings/{booking.uid}/correct/", form)
    found = only()[0]
    assert (found.outside_name, found.outside_phone, found.came_by) == ("Ewa Nowak", "1", "email")
    wrong = client.post(f"/bookings/{booking.uid}/correct/", {**form, "outside_email": "x"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["outside_email"])


def test_whom_no_mail_reaches_is_said_with_the_phone_before_anything_is_sent(
    keeper: Side, room: Resource
) -> None:
    client = signed_in(keeper)
    done: Any = client.post(PAGE, sent(client.post(PAGE, {"line": SAID, "do": "read"}), do="book"))
    booking, one = only()
    tap = '<a class="btn btn-s" href="tel:600100200">'
    words = "Reaches nobody by mail: call them."
    here = f"/bookings/{booking.uid}/"
    for address in (done.url, here, f"{here}correct/", f"/lines/{one.uid}/take_back/"):
        shown = client.get(address).content.decode()
        assert (words in shown, tap in shown) == (True, True), address
    fields = {"title": "Chór", "outside_name": "p. Nowak", "came_by": "phone", "version": "1"}
    corrected = client.post(
        f"{here}correct/", fields | {"outside_email": "n@choir.example"}, follow=True
    )
    assert "Corrected. p. Nowak hears of it by e-mail: n@choir.example." in text_of(corrected)
    assert tap not in client.get(here).content.decode().split('id="talk"')[1].split("<aside")[0]


# --- what is fetched -------------------------------------------------------------------------------
CONCERT = "so 20.03 18-22, 80 krzeseł, koncert, p. Nowak 600 100 200"


@pytest.fixture
def store(keeper: Side) -> Resource:
    """Chairs in a store that is open from Monday to Friday, 8 to 15."""
    WeeklyHours.objects.bulk_create(
        WeeklyHours(institution=keeper.house, weekday=day, opens_minute=480, closes_minute=900)
        for day in range(5)
    )
    return make_thing(
        keeper,
        "Krzesła",
        kind="pooled",
        units=120,
        category="equipment",
        handover="simple",
        hours_source="house",
    )


def ends(one: Line) -> list[str]:
    zone = ZoneInfo("Europe/Warsaw")
    span = (one.use_starts_at, one.event_starts_at, one.event_ends_at, one.use_ends_at)
    return [f"{at.astimezone(zone):%a %H:%M}" for at in span]


def test_hours_of_the_desk_are_proposed_taken_and_moved(keeper: Side, store: Resource) -> None:
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": CONCERT, "was": ""})
    proposed = read.context["answer"].fetching
    assert proposed.label == (
        "fetch it Fri 19 March, 13:00–15:00, bring it back Mon 22 March, 08:00–10:00"
    )
    taken = client.post(PAGE, sent(read, option=proposed.value, do="read"))
    assert (taken.context["answer"].fetching, taken.context["answer"].free) == (None, True)
    assert '<details class="fold" open>' in taken.content.decode()
    client.post(PAGE, sent(taken, fetch_time="09:00", do="book"))
    assert ends(only()[1]) == ["Fri 09:00", "Sat 18:00", "Sat 22:00", "Mon 10:00"]


def test_the_proposal_may_be_left_and_nonsense_is_said_at_its_field(
    keeper: Side, store: Resource
) -> None:
    client = signed_in(keeper)
    read = client.post(CHECK, {"line": CONCERT, "was": ""})
    wrong = client.post(PAGE, sent(read, fetch_date="2027-03-21", fetch_time="9", do="book"))
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"fetch_time"}
    repeated = sent(read, repeats="week", every="1", times="3", fetch_time="9", do="book")
    assert client.post(PAGE, repeated).status_code == 422
    assert not Booking.objects.visible_to(SYSTEM).exists()
    client.post(PAGE, sent(read, do="book"))
    assert ends(only()[1]) == ["Sat 18:00", "Sat 18:00", "Sat 22:00", "Sat 22:00"]


def test_a_room_is_used_when_the_event_is(keeper: Side, room: Resource, store: Resource) -> None:
    client = signed_in(keeper)
    both = "so 20.03 18-22, sala lustrzana + 80 krzeseł, p. Nowak"
    read = client.post(CHECK, {"line": both, "was": ""})
    option = read.context["answer"].fetching.value
    client.post(PAGE, sent(client.post(PAGE, sent(read, option=option)), do="book"))
    hall, chairs = lines_of(Booking.objects.visible_to(SYSTEM).get())
    assert ends(hall) == ["Sat 18:00", "Sat 18:00", "Sat 22:00", "Sat 22:00"]
    assert ends(chairs) == ["Fri 13:00", "Sat 18:00", "Sat 22:00", "Mon 10:00"]
