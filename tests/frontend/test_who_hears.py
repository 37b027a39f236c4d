"""Pages of who hears, who is away, when mails wait, how soon one answers, and who was told by phone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from bookings.services.blocks import add_block
from bookings.services.write_in import WrittenFor, write_in
from bookings.wishes import BookingWish
from cooperative.membership.models import Membership
from sharing.models import ResourceKeeper
from sharing.services.days_off import add_days_off
from tests.bookings.stage import DAY, Side, ask, do, fresh, line, lines_of, make_side, make_thing
from tests.factories import make_member
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db

FAR = datetime(2027, 4, 10, 10, tzinfo=UTC)


@pytest.fixture
def keeper(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze")


@pytest.fixture
def asker(keeper: Side) -> Side:
    return make_side("Chór Cantabile", role="staff")


def test_quiet_hours_are_set_and_a_wrong_time_is_kept_and_said(keeper: Side) -> None:
    client = signed_in(keeper)
    wrong = client.post("/settings/quiet/", {"quiet_from": "25:00", "quiet_until": "07:00"})
    assert wrong.status_code == 422
    assert list(wrong.context["quiet"].errors) == ["quiet_from"]
    assert wrong.context["quiet"]["quiet_from"].value() == "25:00"
    half = client.post("/settings/quiet/", {"quiet_from": "21:30", "quiet_until": ""})
    assert list(half.context["quiet"].errors) == ["quiet_until"]
    assert (
        client.post("/settings/quiet/", {"quiet_from": "21:30", "quiet_until": "6:00"}).status_code
        == 302
    )
    keeper.person.refresh_from_db()
    assert (keeper.person.quiet_from_minute, keeper.person.quiet_until_minute) == (1290, 360)
    client.post("/settings/quiet/", {"quiet_from": "", "quiet_until": ""})
    keeper.person.refresh_from_db()
    assert keeper.person.quiet_from_minute is None


def test_one_says_that_one_is_away_and_a_manager_says_it_of_others(keeper: Side) -> None:
    marta = make_member(keeper.house, role="keeper")
    mine = Membership.objects.get(person=keeper.person)
    client = signed_in(keeper)
    form = client.get("/settings/").context["away"].form
    named = {name: f"{form.prefix}-{name}" for name in ("first", "last", "deputy")}
    typed = {named["first"]: "2027-03-05", named["last"]: "2027-03-01", named["deputy"]: ""}
    wrong = client.post(f"/people/{mine.uid}/away/", typed)
    assert wrong.status_code == 422
    (row,) = [one for one in wrong.context["members"] if one.me]
    assert list(row.say_away.form.errors) == ["last"]
    assert row.say_away.form["first"].value() == "2027-03-05"
    typed |= {named["last"]: "2027-03-12", named["deputy"]: str(marta.uid), "next": "/settings/"}
    answer = client.post(f"/people/{mine.uid}/away/", typed)
    assert answer.headers["Location"] == "/settings/"
    mine.refresh_from_db()
    assert (mine.away_from_on, mine.away_until_on) == (date(2027, 3, 5), date(2027, 3, 13))
    assert mine.deputy == marta
    assert f"{marta} stands in" in text_of(client.get("/people/"))

    other = Membership.objects.get(person=marta)
    assert client.post(f"/people/{other.uid}/away/", {}).status_code == 403
    boss = make_side(house=keeper.house, role="manager")
    assert signed_in(boss).post(f"/people/{other.uid}/away/", {}).status_code == 302
    stranger = make_side(role="manager")
    assert signed_in(stranger).post(f"/people/{other.uid}/away/", {}).status_code == 404


def test_the_people_page_takes_as_many_statements_for_three_as_for_one(keeper: Side) -> None:
    boss = make_side(house=keeper.house, role="manager")
    few = statements(signed_in(boss), "/people/")
    for _ in range(3):
        make_member(keeper.house, role="keeper")
    assert statements(signed_in(boss), "/people/") == few


def test_who_hears_of_a_thing_is_named_on_its_page(keeper: Side) -> None:
    hall = make_thing(keeper, "Sala")
    marta = make_member(keeper.house, role="keeper")
    client, url = signed_in(keeper), f"/things/{hall.uid}/keepers/"
    assert f"{keeper.person}, {marta}" in text_of(client.get(f"/things/{hall.uid}/"))
    alone = {"keepers": [str(marta.uid)], "group": "", "whole_group": "on"}
    wrong = client.post(url, alone)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["group"])
    assert not ResourceKeeper.objects.exists()
    client.post(url, {**alone, "group": "Sale"})
    (named,) = ResourceKeeper.objects.all()
    assert (named.person, named.resource, str(named.group)) == (marta, None, "Sale")
    assert f"Today: {marta}." in text_of(client.get(url))
    client.post(url, {"keepers": [str(keeper.person.uid)], "group": "Sale"})
    assert f"Today: {keeper.person}." in text_of(client.get(url))
    assert signed_in(make_side()).get(url).status_code == 403


def test_who_asks_reads_before_how_soon_and_that_it_is_closed(keeper: Side, asker: Side) -> None:
    hall = make_thing(keeper, "Sala", hours_source="house")
    add_days_off(
        by=keeper.viewer,
        institution=keeper.house.pk,
        from_on=date(2027, 2, 25),
        until_on=date(2027, 3, 21),
    )
    page = text_of(signed_in(asker).get(f"/resources/{hall.uid}/"))
    assert "Answers within 3 working days. Closed until Sat 20 March." in page
    sure = make_thing(keeper, "Plan", terms={"at_once": True})
    assert "Answers within" not in text_of(signed_in(asker).get(f"/resources/{sure.uid}/"))


def test_what_is_not_answered_in_time_has_a_phone_and_two_ways_on(
    keeper: Side, asker: Side, at: At
) -> None:
    keeper.house.contact_phone = "+48 71 344 00 00"
    keeper.house.save()
    for title in ("Sala", "Scena"):
        make_thing(keeper, title)
    hall, other = make_thing(keeper, "Studio"), make_thing(make_side("Teatr"), "Foyer")
    booking = ask(asker, line(hall, FAR), line(other, FAR)).booking
    client, url = signed_in(asker), f"/bookings/{booking.uid}/"
    assert "has not answered yet" not in text_of(client.get(url))
    at("2027-03-04T10:01+01:00")
    page = client.get(url)
    assert [one.title for one in page.context["page"].late] == [
        "Dom Kultury Nadrzecze has not answered yet",
        "Teatr has not answered yet",
    ]
    assert 'href="tel:+48713440000"' in page.content.decode()
    assert "What you can do instead" in text_of(page)
    assert "not answered yet" in text_of(client.get("/bookings/?side=borrower"))
    assert "not answered yet" not in text_of(signed_in(keeper).get(url))

    ours = {"lender": str(keeper.house.uid)}
    client.post(f"{url}not-answered/", {**ours, "do": "keep"})
    assert [one.title for one in client.get(url).context["page"].late] == [
        "Teatr has not answered yet"
    ]
    at("2027-03-10T10:00+01:00")
    client.post(f"{url}not-answered/", {**ours, "do": "let_go"})
    whole = {one.title: one.chip.state for one in client.get(url).context["page"].things}
    assert whole == {"Studio": "withdrawn", "Foyer": "asked"}
    assert client.post(f"{url}not-answered/", {"lender": "x"}).status_code == 404


def test_who_is_hit_is_called_with_one_tap_and_ticked_those_without_an_account_first(
    keeper: Side, asker: Side
) -> None:
    hall = make_thing(keeper, "Sala")
    asker.person.phone = "600-100-200"
    asker.person.save()
    one = ask(asker, line(hall, 10)).lines[0]
    do(keeper, one, "approve")
    wish = BookingWish(lines=(line(hall, 14),), title="Zajęcia")
    whom = WrittenFor(name="pani Nowak", phone="71 5")
    written = write_in(by=keeper.viewer, lender=keeper.house.pk, wish=wish, whom=whom)
    (other,) = lines_of(written)
    add_block(
        by=keeper.viewer,
        resource=hall.uid,
        starts_at=DAY.replace(hour=8),
        ends_at=DAY.replace(hour=18),
        kind="repair",
        hit=(one.uid, other.uid),
    )
    client = signed_in(keeper)
    page = client.get("/to-settle/")
    rows = page.context["rows"]
    assert [(row.phone, row.only_by_phone) for row in rows] == [
        ("71 5", True),
        ("600-100-200", False),
    ]
    assert re.findall(r"tel:([^\"]*)", page.content.decode()) == ["715", "600100200"]
    answer = client.post("/to-settle/", {"line": str(one.uid), "told": "yes"})
    assert answer.headers["Location"] == f"/to-settle/#s-{one.uid}"
    assert fresh(one).told_by == keeper.person
    assert "told by phone" in text_of(client.get("/to-settle/"))
    client.post("/to-settle/", {"line": str(one.uid), "told": "no"})
    assert fresh(one).told_at is None
    assert client.post("/to-settle/", {"line": "x", "told": "yes"}).status_code == 404


def test_who_was_called_of_a_yes_taken_back_is_ticked_on_the_booking(
    keeper: Side, asker: Side
) -> None:
    one = ask(asker, line(make_thing(keeper, "Sala"))).lines[0]
    client, url = signed_in(keeper), f"/bookings/{one.booking.uid}/"

    def ticks(side: Side) -> list[str]:
        things = signed_in(side).get(url).context["page"].things
        return [action.label for action in things[0].actions if action.url == "/to-settle/"]

    do(keeper, one, "approve")
    assert ticks(keeper) == []
    do(keeper, one, "take_back")
    assert (ticks(keeper), ticks(asker)) == (["Told by phone"], [])
    tick = {"line": str(one.uid), "told": "yes", "next": url}
    assert client.post("/to-settle/", tick).headers["Location"] == url
    assert fresh(one).told_by == keeper.person
    assert ticks(keeper)[0].endswith("undo")


def test_a_second_answer_on_the_page_says_who_was_first(keeper: Side, asker: Side) -> None:
    one = ask(asker, line(make_thing(keeper))).lines[0]
    do(keeper, one, "approve")
    marta = make_side(house=keeper.house)
    prefix = str(one.uid)[-8:]
    sent = {"action": "decline", f"{prefix}-reason": "Zajęte."}
    answer = signed_in(marta).post(f"/requests/{one.uid}/", sent, follow=True)
    assert f"Answered already by {keeper.person}" in text_of(answer)
    assert fresh(one).state == "confirmed"
