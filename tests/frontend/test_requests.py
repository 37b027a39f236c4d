"""The requests inbox: what waits, side by side, and every answer."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from bookings.models import BookingMessage, Line
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import Side, ask, block, do, fresh, line, make_side, make_thing
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze")


def test_what_waits_stands_there_with_who_asks_and_what_for(keeper: Side) -> None:
    hall = make_thing(keeper, "Sala widowiskowa")
    ask(make_side("Chór Echo"), line(hall), title="Koncert", expected_people=160)
    said = text_of(signed_in(keeper).get("/requests/"))
    for word in ("Sala widowiskowa", "Koncert", "Chór Echo", "160", "Wed 10 March"):
        assert word in said


def test_desk_inbox_and_booking_say_until_when_an_answer_is_due(keeper: Side) -> None:
    late = ask(make_side(), line(make_thing(keeper, "Sala")), title="Za dwa dni")
    due = fresh(late.lines[0]).answer_due_at
    assert due is not None
    told = f"{due.astimezone(ZoneInfo('Europe/Warsaw')):%H:%M}"
    assert due < late.lines[0].use_starts_at
    client = signed_in(keeper)
    [group] = client.get("/requests/").context["groups"]
    assert group.cards[0].due.endswith(told)
    assert f"{told}" in text_of(client.get(f"/bookings/{late.booking.uid}/"))
    [answer_by] = re.findall(r"Answer by [^,]*, (\d+:\d+)", text_of(client.get("/desk/")))
    assert answer_by == told


def test_requests_for_the_same_time_stand_side_by_side_and_others_do_not(keeper: Side) -> None:
    hall, room = make_thing(keeper, "Sala"), make_thing(keeper, "Pracownia")
    ask(make_side(), line(hall, 10), title="Pierwsza")
    ask(make_side(), line(hall, 11), title="Druga")
    ask(make_side(), line(room, 10), title="Osobna")
    groups = signed_in(keeper).get("/requests/").context["groups"]
    assert sorted([card.title for card in group.cards] for group in groups) == [
        ["Osobna"],
        ["Pierwsza", "Druga"],
    ]


def test_of_rivals_it_is_said_what_else_of_ours_they_could_have(keeper: Side) -> None:
    hall, twin = make_thing(keeper, "Sala"), make_thing(keeper, "Bliźniacza")
    for title in ("Pierwsza", "Druga"):
        ask(make_side(), line(hall, 10), title=title)
    client = signed_in(keeper)
    said = text_of(client.get("/requests/"))
    assert said.count("Could also have Bliźniacza, at the same time") == 2
    do(keeper, ask(make_side(), line(twin, 9, 4)).lines[0], "approve")
    said = text_of(client.get("/requests/"))
    assert len(re.findall(r"Could also have Wed 10 March, \d\d:\d\d–\d\d:\d\d", said)) == 2


def test_a_pool_that_has_enough_for_both_is_no_choice(keeper: Side) -> None:
    chairs = make_thing(keeper, "Krzesła", kind="pooled", units=100, category="equipment")
    for units in (60, 40):
        ask(make_side(), line(chairs, units=units))
    groups = signed_in(keeper).get("/requests/").context["groups"]
    assert [len(group.cards) for group in groups] == [1, 1]
    ask(make_side(), line(chairs, units=1))
    groups = signed_in(keeper).get("/requests/").context["groups"]
    assert [len(group.cards) for group in groups] == [3]


def test_confirming_with_a_word_confirms_and_keeps_the_word(keeper: Side) -> None:
    one = ask(make_side(), line(make_thing(keeper))).lines[0]
    data = {"action": "approve", f"{str(one.uid)[-8:]}-note": "Klucz na portierni."}
    answer = signed_in(keeper).post(f"/requests/{one.uid}/", data, follow=True)
    assert fresh(one).state == "confirmed"
    assert "Confirmed. Whoever asked is told now." in text_of(answer)
    said = BookingMessage.objects.visible_to(SYSTEM).get(booking=one.booking)
    assert (said.kind, said.body) == ("note", "Klucz na portierni.")


def test_declining_needs_a_reason_and_what_was_written_stays(keeper: Side) -> None:
    one = ask(make_side(), line(make_thing(keeper))).lines[0]
    client = signed_in(keeper)
    data = {"action": "decline", f"{str(one.uid)[-8:]}-note": "piszę"}
    answer = client.post(f"/requests/{one.uid}/", data)
    assert answer.status_code == 422
    assert "Say why, in a sentence" in text_of(answer)
    assert "piszę" in answer.content.decode()
    assert fresh(one).state == "asked"


def test_declining_by_a_phrase_and_own_words_and_taking_it_back(keeper: Side, at: At) -> None:
    one = ask(make_side(), line(make_thing(keeper))).lines[0]
    client, prefix = signed_in(keeper), str(one.uid)[-8:]
    data = {"action": "decline", f"{prefix}-phrase": "repair", f"{prefix}-reason": "Do maja."}
    client.post(f"/requests/{one.uid}/", data)
    assert fresh(one).state == "declined"
    said = BookingMessage.objects.visible_to(SYSTEM).get(booking=one.booking)
    assert said.body == "Jest w naprawie. Do maja."  # in the language of who asked
    assert "Take back my answer" in text_of(client.get("/requests/"))
    client.post(f"/requests/{one.uid}/", {"action": "reopen"})
    assert fresh(one).state == "asked"


def test_a_refusal_cannot_be_taken_back_after_an_hour(keeper: Side, at: At) -> None:
    one = ask(make_side(), line(make_thing(keeper))).lines[0]
    do(keeper, one, "decline")
    at("2027-03-01T11:30+01:00")
    client = signed_in(keeper)
    assert "Take back my answer" not in text_of(client.get("/requests/"))
    answer = client.post(f"/requests/{one.uid}/", {"action": "reopen"})
    assert answer.status_code == 409
    assert fresh(one).state == "declined"


def test_the_second_in_line_is_told_as_such_with_whom_a_yes_lets_go(keeper: Side) -> None:
    room = make_thing(keeper, answering="keep_first")
    first = ask(make_side("Chór Echo"), line(room), title="Próba chóru").lines[0]
    second = ask(make_side(), line(room, second_in_line=True)).lines[0]
    client = signed_in(keeper)
    said = text_of(client.get("/requests/"))
    assert "second in line" in said
    assert "Confirming this lets go of" in said
    client.post(f"/requests/{second.uid}/", {"action": "approve"})
    assert (fresh(first).state, fresh(second).state) == ("asked", "confirmed")


def test_letting_go_gives_the_time_to_others_and_comes_back_to_the_week(keeper: Side) -> None:
    room = make_thing(keeper, answering="keep_first")
    one = ask(make_side(), line(room)).lines[0]
    assert one.state == "held"
    week = f"/things/{room.uid}/week/"
    answer = signed_in(keeper).post(f"/requests/{one.uid}/", {"action": "let_go", "next": week})
    assert (answer.status_code, answer["Location"]) == (302, week)
    assert fresh(one).state == "asked"


def test_what_blocks_a_request_is_told_to_its_owner(keeper: Side) -> None:
    hall = make_thing(keeper)
    one = ask(make_side(), line(hall), title="Późniejsza").lines[0]
    winner = ask(make_side("Fundacja Podwórko"), line(hall), title="Finał").lines[0]
    do(keeper, winner, "approve")
    client = signed_in(keeper)
    said = text_of(client.get("/requests/"))
    assert "It does not fit: taken by" in said
    assert "Finał, Fundacja Podwórko" in said
    answer = client.post(f"/requests/{one.uid}/", {"action": "approve"})
    assert answer.status_code == 409
    assert fresh(one).state == "asked"


def test_a_no_that_the_calendar_gives_is_one_tap(keeper: Side) -> None:
    hall, mixer = make_thing(keeper, "Sala"), make_thing(keeper, "Mikser")
    for thing in (hall, mixer, make_thing(keeper, "Wolna")):
        ask(make_side(), line(thing))
    do(keeper, ask(make_side(), line(hall)).lines[0], "approve")
    block(keeper, mixer, kind="repair")
    groups = signed_in(keeper).get("/requests/").context["groups"]
    found = {
        card.thing: (card.folded, card.form["phrase"].value())
        for group in groups
        for card in group.cards
    }
    assert found == {
        "Sala": (False, "promised"),
        "Mikser": (False, "repair"),
        "Wolna": (True, ""),
    }


def test_an_exception_asked_for_is_shown_openly(keeper: Side) -> None:
    hall = make_thing(keeper, terms={"notice_minutes": 30 * 1440})
    ask(make_side(), line(hall), ask_anyway="Zalało nam salę.")
    said = text_of(signed_in(keeper).get("/requests/"))
    assert "Asks for an exception: asked later than you wish" in said
    assert "Zalało nam salę." in said


def test_with_htmx_only_the_inbox_comes(keeper: Side) -> None:
    one = ask(make_side(), line(make_thing(keeper))).lines[0]
    client = signed_in(keeper)
    answer = client.post(
        f"/requests/{one.uid}/", {"action": "approve"}, headers={"HX-Request": "true"}, follow=True
    )
    body = answer.content.decode()
    assert "<html" not in body
    assert 'id="inbox"' in body
    assert "Confirmed. Whoever asked is told now." in body
    # The number in the navigation goes along: here down to none.
    count = "innerHTML:[data-count=&#x27;/requests/&#x27;]"
    assert f'<span hx-swap-oob="{count}"></span>'.replace("&#x27;", "'") in body
    assert 'data-count="/requests/"' in client.get("/requests/").content.decode()


def test_staff_and_other_houses_are_kept_out(keeper: Side) -> None:
    one = ask(make_side(), line(make_thing(keeper))).lines[0]
    staff = make_side(role="staff", house=keeper.house)
    assert signed_in(staff).get("/requests/").status_code == 403
    stranger = signed_in(make_side())
    assert stranger.post(f"/requests/{one.uid}/", {"action": "approve"}).status_code == 404
    assert Line.objects.visible_to(SYSTEM).get(pk=one.pk).state == "asked"


def test_three_requests_take_no_more_statements_than_one(keeper: Side) -> None:
    client = signed_in(keeper)
    terms = {"notice_minutes": 30 * 1440}
    for count in (1, 3):
        for _number in range(count):
            hall = make_thing(keeper, terms=terms)
            ask(make_side(), line(hall), ask_anyway="Bo tak.")
            winner = ask(make_side(), line(hall), ask_anyway="Bo nie.").lines[0]
            do(keeper, winner, "approve")
        if count == 1:
            few = statements(client, "/requests/")
    assert statements(client, "/requests/") == few


def test_several_are_confirmed_with_one_tap_each_for_itself(keeper: Side) -> None:
    hall, room = make_thing(keeper, "Sala"), make_thing(keeper, "Pracownia")
    first, rival = (ask(make_side(), line(hall, 10), title=one).lines[0] for one in ("Chór", "Bal"))
    other = ask(make_side(), line(room), title="Warsztaty").lines[0]
    priced = make_thing(keeper, "Aula", terms={"fee_kind": "to_be_agreed"})
    named = ask(make_side(), line(priced), title="Gala").lines[0]
    client = signed_in(keeper)
    inbox = client.get("/requests/")
    assert inbox.context["ticked"] == {str(one.uid) for one in (first, rival, other)}
    assert inbox.content.decode().count('form="several"') == 3
    ticked = [str(one.uid) for one in (first, rival, other, named)]
    done = client.post("/requests/approve/", {"line": ticked}, follow=True)
    assert [fresh(one).state for one in (first, rival, other, named)] == [
        "confirmed",
        "asked",
        "confirmed",
        "asked",
    ]
    told = {(one.level_tag, str(one).partition(",")[0]) for one in done.context["messages"]}
    assert told == {
        ("error", "Not confirmed: Bal"),
        ("error", "Not confirmed: Gala"),
        ("success", "Confirmed: Chór"),
    }
    said = text_of(done)
    assert ("It is taken" in said, "name the amount" in said) == (True, True)
    assert done.context["ticked"] == frozenset()
    nothing = client.post("/requests/approve/", {}, follow=True)
    assert "Tick what you want to confirm first." in text_of(nothing)
    for foreign in (str(ask(keeper, line(make_thing(make_side()))).lines[0].uid), "x"):
        assert client.post("/requests/approve/", {"line": [foreign]}).status_code == 404
    staff = signed_in(make_side(role="staff", house=keeper.house))
    assert staff.post("/requests/approve/", {"line": ticked}).status_code == 403
