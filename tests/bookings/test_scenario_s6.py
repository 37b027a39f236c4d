"""S6 of the domain: "we need a ladder tomorrow".

What belongs to the board is left out: the posted need itself, who hears of it within 10 km and when, its expiry, the
other offers closed politely, thanks, and minutes to the first offer; so are papers of a later issue: the lending card
with its photo at issue and its statement, and the patron as the lender of record.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused
from bookings.models import Booking, Line, Offer
from bookings.queries.search import Wanted, search
from bookings.services.clockwork import tick
from bookings.spans import Span
from bookings.wishes import LineWish
from sharing.models import Resource
from tests.bookings.stage import (
    Side,
    ask,
    codes,
    do,
    fresh,
    lines_of,
    make_side,
    make_thing,
    states,
)
from tests.cooperative.api_caller import Caller, make_token, said
from tests.frontend.keeping import At, signed_in, text_of

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2027, 3, 10, 15, 20, tzinfo=UTC)
"""16:20 in Wrocław."""
TOMORROW = Span(datetime(2027, 3, 11, 8, tzinfo=UTC), datetime(2027, 3, 11, 12, tzinfo=UTC))
HANGING = {
    "starts_at": "2027-03-11T09:00:00+01:00",
    "ends_at": "2027-03-11T13:00:00+01:00",
}
TYPED = {"date": "2027-03-11", "start": "9:00", "end": "13:00"}
WORD = "Wieszamy wystawę, pomożecie?"


def ladder(owner: Side, title: str, **terms: object) -> Resource:
    return make_thing(
        owner, title, category="equipment", handover="simple", hours_source="always", terms=terms
    )


def wish(thing: Resource) -> LineWish:
    return LineWish(thing.uid, TOMORROW.start, TOMORROW.end)


def test_a_week_ahead_is_the_rule_and_it_is_waived_openly() -> None:
    owner, library = make_side("Grupa Piwnica"), make_side("Biblioteka")
    one = ladder(owner, "Drabina 6 m", notice_minutes=7 * 1440, ask_anyway=True)
    with pytest.raises(BookingRefused) as no:
        ask(library, wish(one), now=WEDNESDAY)
    assert [(reason.code, reason.waivable) for reason in no.value.reasons] == [
        ("too_late_to_ask", True)
    ]
    sent = ask(library, wish(one), now=WEDNESDAY, ask_anyway="Wieszamy wystawę, pomożecie?")
    assert (states(sent.booking), fresh(sent.lines[0]).waived) == (["asked"], ["too_late_to_ask"])
    assert do(owner, sent.lines[0], "approve", now=WEDNESDAY).state == "confirmed"


def test_a_ladder_that_is_not_back_is_never_offered() -> None:
    library = make_side("Biblioteka")
    late, short, out = late_and_short()
    assert fresh(out).state == "overdue"
    with pytest.raises(BookingRefused) as no:
        ask(library, wish(late), now=WEDNESDAY)
    assert codes(no.value.reasons) == ["taken"]
    likes = [one.resource for one in no.value.alternatives if one.kind == "like_resource"]
    assert likes == [short.uid]
    found = search(viewer=library.at(WEDNESDAY), wanted=Wanted(window=TOMORROW))
    assert [one.resource.pk for one in found.results] == [short.pk]


def late_and_short() -> tuple[Resource, Resource, Line]:
    """A ladder that is booked as if it were there, but not back since Monday; a shorter one; who has the first."""
    theatre, house = make_side("Teatr"), make_side("Dom Kultury")
    late = ladder(theatre, "Drabina 8 m", at_once=True)
    short = ladder(house, "Drabina 4 m", at_once=True)
    monday = datetime(2027, 3, 8, 9, tzinfo=UTC)
    out = ask(make_side("Klub"), LineWish(late.uid, monday, monday + timedelta(hours=5))).lines[0]
    do(theatre, out, "hand_over", now=monday)
    tick(now=WEDNESDAY - timedelta(days=1))
    return late, short, out


def body(thing: Resource, **fields: Any) -> dict[str, Any]:
    return {"title": "Wystawa", "lines": [{"resource": str(thing.uid), **HANGING}], **fields}


def test_asked_anyway_over_the_api_and_taken_longer(at: At) -> None:
    at("2027-03-10T16:20+01:00")
    owner, library = make_side("Grupa Piwnica"), make_side("Biblioteka")
    one = ladder(owner, "Drabina 6 m", notice_minutes=7 * 1440, ask_anyway=True)
    asker, keeper = (Caller(make_token(side.person)) for side in (library, owner))
    checked = asker.post("bookings/check/", body(one)).json()
    assert checked["possible"] is False
    [reason] = checked["reasons"]
    assert (reason["code"], reason["kind"], reason["waivable"]) == (
        "too_late_to_ask",
        "rule",
        True,
    )
    assert said(asker.post("bookings/", body(one))) == (409, "not_possible")
    sent = asker.post("bookings/", body(one, ask_anyway=WORD)).json()
    [line] = sent["lines"]
    assert (line["state"], line["waived"]) == ("asked", ["too_late_to_ask"])
    words = keeper.get(f"bookings/{sent['id']}/messages/").json()["results"]
    assert [(one["kind"], one["body"]) for one in words] == [("waiver", WORD)]
    path = f"booking-lines/{line['id']}"
    assert keeper.post(f"{path}/approve/", {}).json()["state"] == "confirmed"
    at("2027-03-11T09:00+01:00")
    out = keeper.post(f"{path}/hand_over/", {"units": 1, "condition": "Sprawna"})
    assert out.json()["state"] == "handed_over"
    # Out already: longer is refused by facts alone, and the owner's yes makes it so.
    at("2027-03-11T12:30+01:00")
    longer = {"line": line["id"], **HANGING, "ends_at": "2027-03-11T14:00:00+01:00"}
    offer = asker.post("offers/", longer).json()["offer"]
    assert offer["actions"] == ["withdraw"]
    assert keeper.post(f"offers/{offer['id']}/accept/", {}).json()["state"] == "accepted"
    shown = asker.get(f"bookings/{sent['id']}/").json()["lines"][0]
    assert (shown["state"], shown["use_ends_at"]) == ("handed_over", "2027-03-11T14:00:00+01:00")


def test_asked_anyway_in_the_panel_and_taken_longer_with_one_tap(at: At) -> None:
    at("2027-03-10T16:20+01:00")
    owner, library = make_side("Grupa Piwnica"), make_side("Biblioteka")
    one = ladder(owner, "Drabina 6 m", notice_minutes=7 * 1440, ask_anyway=True)
    asker, keeper = signed_in(library), signed_in(owner)
    panel = f"/resources/{one.uid}/"
    told = asker.post(f"{panel}check/", TYPED)
    assert "The house has a rule here" in text_of(told)
    assert 'value="anyway"' in told.content.decode()
    assert 'value="ask"' not in told.content.decode()
    typed = {**TYPED, "title": "Wystawa", "do": "anyway", "ask_anyway": WORD}
    sent = asker.post(panel, typed)
    assert sent.status_code == 302
    assert WORD in text_of(asker.get(sent["Location"]))
    waiting = text_of(keeper.get("/requests/"))
    assert "Asks for an exception" in waiting
    assert WORD in waiting
    line = lines_of(Booking.objects.visible_to(owner.viewer).get())[0]
    assert keeper.post(f"/requests/{line.uid}/", {"action": "approve"}).status_code == 302
    at("2027-03-11T09:00+01:00")
    keeper.post(f"/lines/{line.uid}/hand_over/", {"units": "1", "condition": "Sprawna"})
    at("2027-03-11T12:30+01:00")
    assert "Longer, please: +60 min" in text_of(asker.get(sent["Location"]))
    asker.post(f"/lines/{line.uid}/longer/", {"minutes": "60"})
    assert "asks to keep it longer" in text_of(keeper.get(sent["Location"]))
    offer = Offer.objects.visible_to(owner.viewer).get()
    keeper.post(f"/offers/{offer.uid}/accept/")
    stored = fresh(line)
    assert (stored.state, stored.use_ends_at) == (
        "handed_over",
        TOMORROW.end + timedelta(hours=1),
    )


def test_nobody_answered_by_nine_and_it_is_over(at: At) -> None:
    owner, library = make_side("Grupa Piwnica"), make_side("Biblioteka")
    one = ladder(owner, "Drabina 6 m", ask_anyway=True)
    line = ask(library, wish(one), now=WEDNESDAY).lines[0]
    tick(now=TOMORROW.start)
    assert fresh(line).state == "expired"
    at("2027-03-11T09:05+01:00")
    shown = Caller(make_token(library.person)).get(f"bookings/{line.booking.uid}/").json()
    assert (shown["state"], shown["lines"][0]["state"]) == ("expired", "expired")
    assert said(
        Caller(make_token(owner.person)).post(f"booking-lines/{line.uid}/approve/", {})
    ) == (409, "state_conflict")


def test_what_is_not_back_is_offered_neither_by_the_api_nor_on_a_page(at: At) -> None:
    late, short, out = late_and_short()
    assert fresh(out).state == "overdue"
    at("2027-03-10T16:20+01:00")
    library = make_side("Biblioteka")
    caller, client = Caller(make_token(library.person)), signed_in(library)
    window = "&".join(f"{name}={time.replace('+', '%2B')}" for name, time in HANGING.items())
    found = caller.get(f"resources/?category=equipment&{window}").json()["results"]
    assert [one["id"] for one in found] == [str(short.uid)]
    free = caller.get(f"resources/{late.uid}/availability/?{window}").json()["free"]
    assert free == []
    told = caller.post("bookings/check/", body(late)).json()
    assert [one["code"] for one in told["reasons"]] == ["taken"]
    likes = [one["resource"] for one in told["alternatives"] if one["kind"] == "like_resource"]
    assert likes == [str(short.uid)]
    assert "Klub" not in str(told)
    # The catalogue has it without a time, and not with this one.
    assert "Drabina 8 m" in text_of(client.get("/catalogue/", {"category": "equipment"}))
    with_time = text_of(client.get("/catalogue/", {"category": "equipment", **TYPED}))
    assert "Drabina 4 m" in with_time
    assert "Drabina 8 m" not in with_time
    panel = client.post(f"/resources/{late.uid}/check/", TYPED)
    assert "It is taken at that time." in text_of(panel)
    assert "Drabina 4 m" in text_of(panel)
    assert 'value="ask"' not in panel.content.decode()
    assert "Klub" not in text_of(panel)
    # One click takes the other ladder.
    option = next(
        one for one in panel.context["answer"].options if str(short.uid) in one.action.url
    )
    typed = {**dict(option.action.fields), "title": "Wystawa", "do": "ask"}
    assert client.post(option.action.url, typed).status_code == 302
    [mine] = Line.objects.visible_to(library.viewer).filter(borrower=library.house.pk)
    assert (mine.resource_id, mine.state) == (short.pk, "confirmed")


def test_two_who_want_the_same_ladder_and_one_has_it() -> None:
    """In order; at the very same second they are raced in `tests/races`."""
    owner = make_side()
    one = ladder(owner, "Drabina 6 m", at_once=True)
    assert states(ask(make_side(), wish(one), now=WEDNESDAY).booking) == ["confirmed"]
    with pytest.raises(BookingRefused) as no:
        ask(make_side(), wish(one), now=WEDNESDAY)
    assert codes(no.value.reasons) == ["taken"]
