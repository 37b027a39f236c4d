"""Answering: a no in the field's words, a note that stays in the house, a fee that stays as it was agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from bookings.answers import REASONS, AnswerWith, FeeWish
from bookings.errors import AnsweredAlready
from bookings.models import BookingMessage, Line
from bookings.services.drafts import wish_of_line
from bookings.services.offers import accept_offer, propose
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Invalid
from cooperative.events.models import Event
from notifications.services.relay import relay
from notifications.services.send.sending import send_due
from sharing.models import SharingTerms
from tests.frontend.asking import signed_in

from .stage import (
    NOW,
    Side,
    ask,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
    only_with,
    open_offers,
)

pytestmark = pytest.mark.django_db

CANARY = "KANAREK-dom"


def asked(terms: dict[str, Any] | None = None, **fields: Any) -> tuple[Side, Side, Line]:
    owner, asker = make_side("Dom Kultury"), make_side("Chór")
    thing = make_thing(owner, "Sala", terms=terms or {}, **fields)
    return owner, asker, lines_of(ask(asker, line(thing)).booking)[0]


def fee(one: Line) -> tuple[str, Decimal | None, str, str, str]:
    now = fresh(one)
    return now.fee_kind, now.fee_amount, now.fee_currency, now.fee_unit, now.fee_ground


def test_a_no_in_the_words_of_the_field_and_in_the_language_of_who_asked() -> None:
    owner, asker, one = asked()
    asker.person.language = "de"
    asker.person.save()
    do(owner, one, "decline", reason="Może w środę?", answer=AnswerWith("technician", CANARY))
    [said] = BookingMessage.objects.visible_to(SYSTEM)
    assert (said.kind, said.body) == (
        "reason",
        "Unsere Technik ist dann nicht verfügbar. Może w środę?",
    )
    now = fresh(one)
    assert (now.decline_code, now.inner_note, now.state) == ("technician", CANARY, "declined")
    do(owner, one, "reopen")
    now = fresh(one)
    assert (now.decline_code, now.inner_note, now.fee_kind) == ("", "", "")
    with pytest.raises(Invalid) as no:
        do(owner, one, "decline", reason=" ")
    assert list(no.value.errors) == ["reason"]
    do(owner, one, "decline", reason="", answer=AnswerWith("other_day"))
    for wrong, field in (
        (AnswerWith("because"), "reason_code"),
        (AnswerWith(fee=FeeWish("5")), "fee_amount"),
        (AnswerWith(inner_note="x" * 5_001), "inner_note"),
    ):
        with pytest.raises(Invalid) as no:
            do(owner, one, "decline", answer=wrong)
        assert list(no.value.errors) == [field]
    with pytest.raises(Invalid):
        do(asker, one, "withdraw", answer=AnswerWith(inner_note="x"))
    assert len(REASONS) == 14


def test_the_note_of_the_house_goes_nowhere_else() -> None:
    owner, asker, one = asked()
    other = make_side("Muzeum")
    do(owner, one, "approve", note="Klucz na portierni", answer=AnswerWith(inner_note=CANARY))
    second = lines_of(ask(asker, line(one.resource.uid, 14)).booking)[0]
    do(owner, second, "decline", answer=AnswerWith("own", CANARY))
    relay(now=NOW)
    send_due(clock=lambda: NOW + timedelta(hours=2))
    assert len(mail.outbox) >= 2
    assert [CANARY in str(one.message()) for one in mail.outbox] == [False] * len(mail.outbox)
    assert CANARY not in str(list(Event.objects.values_list("data")))
    pages = [
        *(f"/bookings/{each.booking.uid}/" for each in (one, second)),
        *("/desk/", "/bookings/", "/inbox/", "/requests/", "/questions/"),
        *(f"/api/v1/bookings/{each.booking.uid}/" for each in (one, second)),
        *(f"/api/v1/bookings/{each.booking.uid}/messages/" for each in (one, second)),
        *("/api/v1/bookings/", "/api/v1/notifications/", "/api/v1/events/"),
    ]
    for side in (asker, other):
        client = signed_in(side.person)
        found = [address for address in pages if CANARY in client.get(address).content.decode()]
        assert found == []
    keeper = signed_in(owner.person)
    assert CANARY in keeper.get(pages[0]).content.decode()
    shown = keeper.get(f"/api/v1/bookings/{one.booking.uid}/").json()
    assert shown["lines"][0]["inner_note"] == CANARY
    theirs = signed_in(asker.person).get(f"/api/v1/bookings/{one.booking.uid}/").json()
    assert "inner_note" not in theirs["lines"][0]


def test_the_fee_stays_as_it_was_agreed() -> None:
    cost = {"fee_kind": "cost_recovery", "fee_amount": 58, "fee_unit": "h", "fee_ground": "Prąd"}
    owner, asker, one = asked(cost)
    assert fee(one) == ("", None, "", "", "")
    do(owner, one, "approve")
    SharingTerms.objects.update(fee_kind="free", fee_amount=None)
    agreed = ("cost_recovery", Decimal("58.00"), "PLN", "h", "Prąd")
    assert fee(one) == agreed
    shown = signed_in(asker.person).get(f"/api/v1/bookings/{one.booking.uid}/").json()
    assert shown["lines"][0]["fee"] == {
        "kind": "cost_recovery",
        "amount": "58.00",
        "currency": "PLN",
        "unit": "h",
        "ground": "Prąd",
    }
    assert (
        "cost recovery 58 PLN / h, Prąd"
        in signed_in(asker.person).get(f"/bookings/{one.booking.uid}/").content.decode()
    )


def test_a_fee_by_kind_of_borrower_and_one_that_its_owner_changes() -> None:
    by_kind = {
        "fee_kind": "price",
        "fee_amount": 100,
        "fees": {"library": {"kind": "free"}, "ngo": {"kind": "price", "amount": "40"}},
    }
    owner, asker, one = asked(by_kind)
    for kind, expected in (("library", ("free", None)), ("ngo", ("price", Decimal("40.00")))):
        asker.house.kind = kind
        asker.house.save()
        do(owner, one, "approve")
        assert fee(one)[:2] == expected
        do(owner, one, "take_back")
        [one] = lines_of(ask(asker, line(one.resource.uid)).booking)
    wish = FeeWish("35,50", ground="Zarządzenie 3/2027")
    do(owner, one, "approve", answer=AnswerWith(fee=wish))
    assert fee(one) == ("price", Decimal("35.50"), "PLN", "", "Zarządzenie 3/2027")


def test_what_is_to_be_agreed_has_to_be_named_with_the_yes() -> None:
    owner, _asker, one = asked({"fee_kind": "to_be_agreed"})
    with pytest.raises(Invalid) as no:
        do(owner, one, "approve")
    assert (no.value.code, list(no.value.errors)) == ("fee_to_be_agreed", ["fee_amount"])
    keeper = signed_in(owner.person)
    path = f"/api/v1/booking-lines/{one.uid}/approve/"
    json = "application/json"
    refused = keeper.post(path, {}, content_type=json).json()
    assert (refused["code"], refused["errors"][0]["field"]) == ("fee_to_be_agreed", "fee_amount")
    assert keeper.post(f"/lines/{one.uid}/approve/", {}).status_code == 422
    sheet = keeper.post(f"/requests/{one.uid}/", {"action": "approve"})
    assert (sheet.status_code, "name the amount" in sheet.content.decode()) == (422, True)
    body = {"fee": {"amount": "0", "ground": "Statut"}, "inner_note": "ok"}
    done = keeper.post(path, body, content_type=json).json()
    assert (done["state"], done["fee"]["kind"], done["fee"]["ground"]) == (
        "confirmed",
        "free",
        "Statut",
    )


def test_what_is_to_be_agreed_has_to_be_named_with_a_proposal_too() -> None:
    owner, asker, one = asked({"fee_kind": "to_be_agreed"})
    later = replace(wish_of_line(one), starts_at=one.use_starts_at + timedelta(minutes=30))
    with pytest.raises(Invalid) as no:
        propose(by=owner.viewer, line=one.uid, wish=later)
    assert (no.value.code, list(no.value.errors)) == ("fee_to_be_agreed", ["fee_amount"])
    with pytest.raises(Invalid):
        do(owner, one, "decline", proposal=later)
    keeper, json = signed_in(owner.person), "application/json"
    body = {
        "line": str(one.uid),
        "starts_at": "2027-03-10T10:30:00Z",
        "ends_at": "2027-03-10T12:00:00Z",
    }
    refused = keeper.post("/api/v1/offers/", body, content_type=json).json()
    assert (refused["code"], refused["errors"][0]["field"]) == ("fee_to_be_agreed", "fee_amount")
    typed = {"date": "2027-03-10", "start": "11:30", "end": "13:00"}
    page = keeper.post(f"/lines/{one.uid}/propose/", typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["fee_amount"])
    assert (
        keeper.post(f"/lines/{one.uid}/propose/", {**typed, "fee_amount": "150"}).status_code == 302
    )
    made = keeper.post("/api/v1/offers/", {**body, "fee": {"amount": "120.50"}}, content_type=json)
    assert made.status_code == 201
    page = signed_in(asker.person).get(f"/bookings/{one.booking.uid}/")
    assert ("Fee", "fee to be agreed", "price 120.50 PLN") in [
        (row.term, row.old, row.new) for card in page.context["offers"] for row in card.rows
    ]
    signed_in(asker.person).post(f"/offers/{made.json()['offer']['id']}/accept/")
    assert fee(one)[:2] == ("price", Decimal("120.50"))
    again, more = replace(later, ends_at=later.ends_at + timedelta(hours=1)), FeeWish("0")
    agreed = propose(by=owner.viewer, line=one.uid, wish=again, fee=more).offer
    assert agreed is not None
    accept_offer(by=asker.viewer, offer=agreed.uid)
    assert fee(one)[:2] == ("price", Decimal("120.50")), "agreed once, it stays"


def test_a_no_with_a_proposal_names_the_fee() -> None:
    owner, asker, one = asked({"fee_kind": "to_be_agreed"})
    keeper = signed_in(owner.person)
    typed = {
        "reason": "Zajęte.",
        "with_proposal": "on",
        "date": "2027-03-11",
        "start": "11:30",
        "end": "13:00",
    }
    page = keeper.post(f"/lines/{one.uid}/decline/", typed)
    assert (page.status_code, list(page.context["instead"].errors)) == (422, ["fee_amount"])
    keeper.post(f"/lines/{one.uid}/decline/", {**typed, "fee_amount": "0"})
    (offer,) = open_offers()
    signed_in(asker.person).post(f"/offers/{offer.uid}/accept/")
    assert (fresh(one).state, fee(one)[0]) == ("confirmed", "free")


def test_a_second_yes_with_another_fee_is_told_of_the_first() -> None:
    owner, _asker, one = asked({"fee_kind": "to_be_agreed"})
    other = make_side(house=owner.house)
    do(owner, one, "approve", answer=AnswerWith(fee=FeeWish("10")))
    with pytest.raises(AnsweredAlready):
        do(other, one, "approve", answer=AnswerWith(fee=FeeWish("20")))
    for again in (AnswerWith(fee=FeeWish("10.00")), AnswerWith()):
        assert do(other, one, "approve", answer=again).decided_by_id == owner.person.pk
    assert fee(one)[1] == Decimal("10.00")


def test_what_comes_along_is_answered_with_what_brought_it() -> None:
    owner, asker = make_side("Dom Kultury"), make_side("Chór")
    hall = make_thing(owner, "Sala", terms={"fee_kind": "price", "fee_amount": 90})
    desk = make_thing(owner, "Mikser", terms={"fee_kind": "to_be_agreed"})
    only_with(owner, hall, desk)
    one, other = lines_of(ask(asker, line(hall)).booking)
    do(owner, one, "approve", answer=AnswerWith(fee=FeeWish("70")))
    assert [fee(each)[:2] for each in (one, other)] == [
        ("price", Decimal("70.00")),
        ("to_be_agreed", None),
    ]
