"""Proposals on the pages of both sides, and the waiting list in the ask panel."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bookings.models import Offer
from cooperative.access.querysets import SYSTEM
from tests.cooperative.factories import make_institution, make_member
from tests.frontend.asking import TODAY, Houses, page, signed_in, two_houses
from tests.sharing.factories import keeper_of, make_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(at: Callable[[str], datetime]) -> Houses:
    at(TODAY)
    return two_houses()


def propose(houses: Houses, *, keeper: bool = True, **typed: Any) -> Any:
    client = houses.keeper if keeper else houses.asker
    values = {"date": "2027-03-11", "start": "10:00", "end": "12:00", "note": "Rather then?"}
    return client.post(f"/lines/{houses.lines()[0].uid}/propose/", {**values, **typed})


def offers() -> list[Offer]:
    return list(Offer.objects.visible_to(SYSTEM).order_by("pk"))


def approve(houses: Houses) -> None:
    houses.keeper.post(f"/lines/{houses.lines()[0].uid}/approve/", {})


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_form_comes_filled_in_with_how_it_stands(houses: Houses) -> None:
    address = houses.ask().url
    assert f"/lines/{houses.lines()[0].uid}/propose/" in page(houses.keeper, address)
    text = page(houses.keeper, f"/lines/{houses.lines()[0].uid}/propose/")
    for value in ("2027-03-10", "18:00", "20:00"):
        assert f'value="{value}"' in text


def test_a_proposal_stands_first_with_old_and_new_and_is_taken_with_one_click(
    houses: Houses,
) -> None:
    address = houses.ask().url
    assert propose(houses).url == address
    (offer,) = offers()
    theirs = page(houses.asker, address)
    assert theirs.index(f'id="offer-{offer.uid}"') < theirs.index('id="thing-1"')
    card = plain(theirs[theirs.index(f'id="offer-{offer.uid}"') : theirs.index("</article>")])
    assert "Dom Kultury proposes something else" in card
    assert "Wed 10 March, 18:00–20:00 Thu 11 March, 10:00–12:00" in card
    assert "Rather then?" in card
    assert "Take it No, thank you" in card
    own = page(houses.keeper, address)
    assert f"/offers/{offer.uid}/withdraw/" in own
    assert f"/offers/{offer.uid}/accept/" not in own
    answer = houses.asker.post(f"/offers/{offer.uid}/accept/")
    assert answer["Location"] == address
    (line,) = houses.lines()
    assert (line.state, line.use_starts_at.day) == ("confirmed", 11)
    assert "The proposal was taken" in page(houses.keeper, address)


def test_no_thank_you_leaves_the_request(houses: Houses) -> None:
    address = houses.ask().url
    propose(houses)
    houses.asker.post(f"/offers/{offers()[0].uid}/decline/")
    assert offers()[0].state == "declined"
    assert 'class="sheet stack-s offer"' not in page(houses.asker, address)
    assert houses.lines()[0].state in {"asked", "held"}


def test_too_late_is_said_on_the_page(houses: Houses, at: Callable[[str], datetime]) -> None:
    houses.ask()
    propose(houses)
    at("2027-03-09T09:00+01:00")
    uid = offers()[0].uid
    answer = houses.asker.post(f"/offers/{uid}/accept/", follow=True)
    assert "This proposal has run out." in answer.content.decode()


def test_a_stranger_finds_neither_form_nor_offer(houses: Houses) -> None:
    houses.ask()
    propose(houses)
    stranger = signed_in(make_member(make_institution("Muzeum")))
    assert stranger.get(f"/lines/{houses.lines()[0].uid}/propose/").status_code == 404
    assert stranger.post(f"/offers/{offers()[0].uid}/accept/").status_code == 404
    assert offers()[0].state == "open"


def test_less_is_changed_at_once_and_more_waits(houses: Houses) -> None:
    address = houses.ask().url
    approve(houses)
    less = propose(houses, keeper=False, date="2027-03-10", start="18:00", end="19:00")
    assert less.url == address
    assert "Changed." in page(houses.asker, address)
    assert offers() == []
    more = propose(houses, keeper=False, date="2027-03-10", start="18:00", end="21:00")
    assert more.url == address
    assert "It waits for the other side until" in page(houses.asker, address)
    assert "asks for a change" in page(houses.keeper, address)


def test_what_does_not_fit_stays_typed_and_says_why(houses: Houses) -> None:
    houses.ask()
    approve(houses)
    houses.ask(date="2027-03-11", start="10:00", end="12:00")
    houses.keeper.post(f"/lines/{houses.lines()[1].uid}/approve/", {})
    answer = propose(houses)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "It is taken at that time." in text
    assert 'value="2027-03-11"' in text


def test_the_owner_says_no_and_proposes_another_thing_at_once(houses: Houses) -> None:
    address = houses.ask().url
    attic = make_listing(keeper_of(houses.centre), "Strych")
    line = houses.lines()[0]
    form = page(houses.keeper, f"/lines/{line.uid}/decline/")
    assert "Propose something else along with it" in form
    typed = {
        "reason": "We rehearse.",
        "with_proposal": "on",
        "resource": str(attic.uid),
        "date": "2027-03-10",
        "start": "18:00",
        "end": "20:00",
    }
    answer = houses.keeper.post(f"/lines/{line.uid}/decline/", typed)
    assert answer.status_code == 302, answer.content.decode()
    assert houses.lines()[0].state == "declined"
    text = page(houses.asker, address)
    assert "Dom Kultury proposes instead" in text
    assert "Strych" in text


def test_open_proposals_are_on_the_desk_and_over_the_list(houses: Houses) -> None:
    address = houses.ask().url
    propose(houses)
    link = f"{address}#offer-{offers()[0].uid}"
    assert link in page(houses.asker, "/desk/")
    assert link in page(houses.asker, "/bookings/")
    assert link not in page(houses.keeper, "/desk/")


def test_what_is_out_is_kept_longer_with_one_tap(
    houses: Houses, at: Callable[[str], datetime]
) -> None:
    address = houses.ask(houses.chairs, units="5").url
    line = houses.lines()[0]
    approve(houses)
    at("2027-03-10T18:00+01:00")
    houses.keeper.post(f"/lines/{line.uid}/hand_over/", {"units": "5"})
    assert "Longer, please: +30 min" in page(houses.asker, address)
    form = houses.asker.get(f"/lines/{line.uid}/propose/").context["form"]
    assert [one.name for one in form.visible_fields()] == ["end", "end_date", "note"]
    assert houses.asker.post(f"/lines/{line.uid}/longer/", {"minutes": "30"})["Location"] == address
    (offer,) = offers()
    assert (offer.use_ends_at - line.use_ends_at).total_seconds() == 1800
    assert "asks to keep it longer" in page(houses.keeper, address)
    assert houses.asker.post(f"/lines/{line.uid}/longer/", {"minutes": "999"}).status_code == 404


def test_who_finds_it_taken_goes_on_the_list_and_reads_the_place(houses: Houses) -> None:
    houses.ask(houses.chairs, units="120")
    approve(houses)
    refused = houses.ask(houses.chairs, units="10", title="Talk")
    text = refused.content.decode()
    assert "Put me on the list" in text
    assert "You would be next." in text
    assert 'name="least_units"' in text
    answer = houses.ask(houses.chairs, units="10", title="Talk", waiting_list="on", least_units="4")
    waiting = houses.lines()[1]
    assert (waiting.waiting, waiting.least_units) == (True, 4)
    shown = plain(page(houses.asker, answer.url))
    assert "On the waiting list You are next" in shown
    assert "Put on the waiting list" in shown
