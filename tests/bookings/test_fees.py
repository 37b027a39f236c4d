"""The fee after the yes: said where the yes came first, lowered or waived with a word, never raised."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from bookings.answers import AnswerWith, FeeWish
from bookings.models import Line
from bookings.services.fees import name_fee
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from notifications.services.relay import relay
from notifications.services.send.sending import send_due
from tests.frontend.asking import signed_in

from .series_stage import ask_series, series_of, weekly
from .stage import (
    NOW,
    Side,
    ask,
    audited,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
    only_with,
)

pytestmark = pytest.mark.django_db

OPEN = {"fee_kind": "to_be_agreed", "fee_unit": "h"}
JSON = "application/json"


def at_once(**terms: Any) -> tuple[Side, Side, Line]:
    owner, asker = make_side("Dom Kultury"), make_side("Chór")
    thing = make_thing(owner, "Sala", terms={**OPEN, "at_once": True, **terms})
    return owner, asker, lines_of(ask(asker, line(thing)).booking)[0]


def fee(one: Line) -> tuple[str, Decimal | None]:
    now = fresh(one)
    return now.fee_kind, now.fee_amount


def told(verb: str) -> list[Any]:
    return [event.data for event in Event.objects.filter(verb=f"booking.{verb}").order_by("pk")]


def test_an_amount_is_asked_for_where_the_yes_came_first_and_said_once() -> None:
    owner, asker, one = at_once()
    assert (fresh(one).state, fee(one)) == ("confirmed", ("to_be_agreed", None))
    keeper, choir = signed_in(owner.person), signed_in(asker.person)
    booking = f"/bookings/{one.booking.uid}/"
    unsaid = "to be agreed: the amount is not said yet"
    assert [unsaid in each.get(booking).content.decode() for each in (keeper, choir)] == [True] * 2
    inbox = keeper.get("/requests/")
    assert [asked.title for asked in inbox.context["fees"]] == ["Próba"]
    assert [item.count for item in inbox.context["nav"] if item.url == "/requests/"] == [1]
    address = f"/lines/{one.uid}/fee/"
    assert [choir.get(address).status_code, choir.post(address, {}).status_code] == [403, 403]
    empty = keeper.post(address, {"fee_amount": "", "fee_ground": "Uchwała 7"})
    assert (empty.status_code, empty.context["form"]["fee_ground"].value()) == (422, "Uchwała 7")
    done = keeper.post(address, {"fee_amount": "58,50", "fee_ground": "Prąd", "next": "/requests/"})
    assert (done.status_code, done.headers["Location"]) == (302, "/requests/")
    assert (fee(one), fresh(one).fee_ground) == (("price", Decimal("58.50")), "Prąd")
    assert list(keeper.get("/requests/").context["fees"]) == []
    assert told("name_fee") == [
        {
            "state": "confirmed",
            "lines": [
                {
                    "line": str(one.uid),
                    "from": "confirmed",
                    "to": "confirmed",
                    "resource": str(one.resource.uid),
                    "fee": "price",
                    "amount": "58.50",
                    "currency": "PLN",
                    "unit": "h",
                }
            ],
        }
    ]
    page = choir.get(booking).content.decode()
    assert ["price 58.50 PLN / h, Prąd" in page, unsaid in page] == [True, False]
    assert "What it costs was said: price 58.50 PLN / h" in page
    audited()


def test_who_asked_is_told_by_one_mail_and_an_ordinary_booking_sends_none_more() -> None:
    owner, asker, one = at_once()
    relay(now=NOW)
    send_due(clock=lambda: NOW + timedelta(minutes=5))
    mail.outbox.clear()
    name_fee(by=owner.viewer, line=one.uid, fee=FeeWish("30"), reason="Razem z obsługą.")
    relay(now=NOW)
    send_due(clock=lambda: NOW + timedelta(hours=2))
    [sent] = [letter for letter in mail.outbox if letter.to == [asker.person.email]]
    assert "cena 30 PLN / h" in sent.subject
    assert "Razem z obsługą." in sent.body
    assert len(mail.outbox) == 1


def test_what_was_agreed_is_lowered_or_waived_with_a_word_and_never_raised() -> None:
    owner, asker, one = at_once(fee_kind="price", fee_amount=90)
    for amount, reason, field, code in (
        ("90.01", "drożej", "fee_amount", "fee_only_lower"),
        ("70", " ", "reason", "required"),
        ("-1", "x", "fee_amount", "invalid"),
    ):
        with pytest.raises(Invalid) as no:
            name_fee(by=owner.viewer, line=one.uid, fee=FeeWish(amount), reason=reason)
        assert (list(no.value.errors), no.value.code) == ([field], code)
    name_fee(by=owner.viewer, line=one.uid, fee=FeeWish("90"))
    assert (fee(one), told("lower_fee")) == (("price", Decimal("90.00")), [])
    name_fee(by=owner.viewer, line=one.uid, fee=FeeWish("70"), reason="Bez prądu.")
    assert fee(one) == ("price", Decimal("70.00"))
    with pytest.raises(Invalid):
        name_fee(by=owner.viewer, line=one.uid, fee=FeeWish("80"), reason="jednak")
    later = owner.at(NOW + timedelta(hours=1))
    name_fee(by=later, line=one.uid, fee=FeeWish("0"), reason="Patronat.")
    assert fee(one) == ("free", None)
    with pytest.raises(Invalid):
        name_fee(by=owner.viewer, line=one.uid, fee=FeeWish("1"), reason="jednak")
    story = signed_in(asker.person).get(f"/bookings/{one.booking.uid}/").context["page"].story
    assert [item.text for item in story][-2:] == [
        "The fee was lowered: price 70 PLN / h",
        "The fee was lowered: free",
    ]
    assert signed_in(owner.person).get(f"/lines/{one.uid}/fee/").context["possible"] is False


def test_who_may_say_it_and_when() -> None:
    owner, asker, one = at_once()
    stranger = make_side("Obcy")
    for side, error in ((asker, Forbidden), (stranger, NotFound)):
        with pytest.raises(error):
            name_fee(by=side.viewer, line=one.uid, fee=FeeWish("5"))
    do(owner, one, "take_back")
    with pytest.raises(Conflict):
        name_fee(by=owner.viewer, line=one.uid, fee=FeeWish("5"))
    waits = lines_of(ask(asker, line(make_thing(owner, "Hol", terms=OPEN))).booking)[0]
    with pytest.raises(Conflict):
        name_fee(by=owner.viewer, line=waits.uid, fee=FeeWish("5"))


def test_by_program_and_along_with_another_thing() -> None:
    owner, asker = make_side("Dom Kultury"), make_side("Chór")
    hall, desk = make_thing(owner, "Sala"), make_thing(owner, "Mikser", terms=OPEN)
    only_with(owner, hall, desk)
    one, other = lines_of(ask(asker, line(hall)).booking)
    do(owner, one, "approve", answer=AnswerWith(fee=FeeWish("70")))
    keeper, path = signed_in(owner.person), f"/api/v1/booking-lines/{other.uid}/fee/"
    none = keeper.post(path, {"fee": {}}, content_type=JSON).json()
    assert (none["code"], none["errors"][0]["field"]) == ("fee_to_be_agreed", "fee_amount")
    unknown = keeper.post(path, {"fee": {"amount": "1"}, "x": 1}, content_type=JSON)
    assert unknown.status_code == 400
    body = {"fee": {"amount": "12.00", "kind": "cost_recovery"}}
    said = [keeper.post(path, body, content_type=JSON).json()["fee"] for _again in range(2)]
    assert [(one["kind"], one["amount"]) for one in said] == [("cost_recovery", "12.00")] * 2
    more = keeper.post(path, {"fee": {"amount": "13.00"}, "reason": "x"}, content_type=JSON).json()
    assert (more["status"], more["code"]) == (400, "fee_only_lower")
    assert [fee(each)[1] for each in (one, other)] == [Decimal("70.00"), Decimal("12.00")]
    assert len(told("name_fee")) == 1


def test_what_repeats_is_asked_once() -> None:
    owner, asker = make_side("Dom Kultury"), make_side("Chór")
    hall = make_thing(owner, "Sala", terms={**OPEN, "at_once": True})
    dates = lines_of(ask_series(asker, series_of(hall, weekly(3))).booking)
    assert [fee(each) for each in dates] == [("to_be_agreed", None)] * 3
    keeper = signed_in(owner.person)
    rows = keeper.get("/requests/").context["fees"]
    assert ["3 dates" in row.detail for row in rows] == [True]
    assert "Say what it costs" in keeper.get(f"/bookings/{dates[0].booking.uid}/").content.decode()
    keeper.post(f"/lines/{dates[1].uid}/fee/", {"fee_amount": "20"})
    assert [fee(each)[1] for each in dates] == [Decimal("20.00")] * 3
    name_fee(by=owner.viewer, line=dates[1].uid, fee=FeeWish("15"), reason="Krócej.", alone=True)
    assert [fee(each)[1] for each in dates] == [Decimal(20), Decimal(15), Decimal(20)]
    assert [len(data["lines"]) for data in (*told("name_fee"), *told("lower_fee"))] == [3, 1]
