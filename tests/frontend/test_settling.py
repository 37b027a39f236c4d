"""Pages after something came between: what is broken, who gives way, and what is proposed to them."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bookings.models import Block, Booking, Line, Offer
from bookings.services.blocks import add_block
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import DAY, Side, ask, do, fresh, line, make_side, make_thing
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze")


def hit(keeper: Side, hall: Resource, hour: int = 10, **fields: Any) -> Line:
    """Somebody's confirmed booking that a closure came over."""
    one = ask(make_side("Chór Cantabile"), line(hall, hour), title="Koncert", **fields).lines[0]
    start = DAY.replace(hour=hour)
    add_block(
        by=keeper.viewer,
        resource=hall.uid,
        starts_at=start,
        ends_at=start.replace(hour=hour + 1),
        kind="closure",
        hit=(one.uid,),
    )
    return one


# --- out of order ---------------------------------------------------------------------------------
def test_two_taps_say_that_one_of_them_is_broken(keeper: Side) -> None:
    lamps = make_thing(keeper, "Lampy", kind="pooled", units=6)
    client, url = signed_in(keeper), f"/things/{lamps.uid}/broken/"
    page = client.get(url)
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in ("units", "until", "note")}
    assert sent == {"units": 1, "until": "week", "note": ""}
    answer = client.post(url, sent, follow=True)
    block = Block.objects.get()
    assert (block.units, block.kind) == (1, "repair")
    assert "Mended" in text_of(answer)
    client.post(f"/repairs/{block.uid}/", {"action": "mended"})
    assert not Block.objects.exists()


def test_whom_it_hits_is_shown_first_and_the_photo_is_sent_once(
    keeper: Side, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    chairs = make_thing(keeper, "Krzesła", kind="pooled", units=80, terms={"at_once": True})
    two = [ask(make_side(), line(chairs, units=40)).lines[0] for _ in range(2)]
    raw = io.BytesIO()
    Image.new("RGB", (64, 64)).save(raw, "PNG")
    client, url = signed_in(keeper), f"/things/{chairs.uid}/broken/"
    first = client.post(
        url,
        {"units": 4, "until": "further", "photo": SimpleUploadedFile("x.png", raw.getvalue())},
    )
    assert first.status_code == 409
    assert [(row.units, row.keeps) for row in first.context["hits"]] == [(40, 0), (40, 40)]
    assert not Block.objects.exists()
    sure = {"units": 4, "until": "further", "photo_kept": first.context["photo_kept"]}
    sure["hit_known"] = "1"
    for one in two:
        sure |= {f"had-{one.uid}": 40, f"keep-{one.uid}": 38}
    assert client.post(url, sure).status_code == 302
    block = Block.objects.get()
    assert [fresh(one).units for one in two] == [38, 38]
    assert client.get(f"/repairs/{block.uid}-320.webp")["content-type"] == "image/webp"
    assert signed_in(make_side()).get(f"/repairs/{block.uid}-320.webp").status_code == 404


def test_who_keeps_too_much_is_asked_again(keeper: Side) -> None:
    chairs = make_thing(keeper, "Krzesła", kind="pooled", units=80, terms={"at_once": True})
    one = ask(make_side(), line(chairs, units=80)).lines[0]
    sure = {"units": 4, "until": "further", "hit_known": "1"}
    sure |= {f"had-{one.uid}": 80, f"keep-{one.uid}": 79}
    answer = signed_in(keeper).post(f"/things/{chairs.uid}/broken/", sure)
    assert answer.status_code == 409
    assert fresh(one).units == 80


def test_today_shows_what_is_out_of_order(keeper: Side) -> None:
    lamps = make_thing(keeper, "Lampy", kind="pooled", units=6)
    client = signed_in(keeper)
    few = statements(client, "/today/")
    for _n in range(3):
        client.post(f"/things/{lamps.uid}/broken/", {"units": 1, "until": "today", "note": f"{_n}"})
    assert text_of(client.get("/today/")).count("Mended") == 3
    assert statements(client, "/today/") <= few + 1


def test_who_had_it_reads_why_and_whom_to_call(keeper: Side) -> None:
    keeper.house.day_contact_name, keeper.house.day_contact_phone = "Marta", "600 100 200"
    keeper.house.save()
    lamp, choir = make_thing(keeper, "Lampa", terms={"at_once": True}), make_side("Chór Cantabile")
    one = ask(choir, line(lamp), title="Koncert").lines[0]
    sure = {"until": "further", "hit_known": "1", "hit": str(one.uid)}
    signed_in(keeper).post(f"/things/{lamp.uid}/broken/", sure)
    assert fresh(one).state == "to_settle"
    answer = signed_in(choir).get(f"/bookings/{one.booking.uid}/")
    said = text_of(answer)
    assert "Reason: It is being repaired." in said
    assert "Who to call Marta, 600 100 200" in said
    assert "On the day Marta, 600 100 200" in said
    assert 'href="tel:600100200"' in answer.content.decode()


def test_who_was_told_by_phone_stands_last(keeper: Side) -> None:
    hall = make_thing(keeper, "Duża", terms={"at_once": True})
    ones = [hit(keeper, hall, hour) for hour in (10, 12)]
    Booking.objects.visible_to(SYSTEM).filter(pk=ones[1].booking_id).update(
        borrower=None, outside_name="p. Nowak", outside_phone="600 700 800"
    )
    Line.objects.visible_to(SYSTEM).filter(pk=ones[1].pk).update(borrower=None)
    client = signed_in(keeper)
    order = [row.uid for row in client.get("/to-settle/").context["rows"]]
    assert order == [str(ones[1].uid), str(ones[0].uid)]
    client.post("/to-settle/", {"line": str(ones[1].uid), "told": "yes"})
    order = [row.uid for row in client.get("/to-settle/").context["rows"]]
    assert order == [str(ones[0].uid), str(ones[1].uid)]


def test_who_gets_fewer_is_ticked_like_who_gets_nothing(keeper: Side, at: At) -> None:
    chairs = make_thing(
        keeper, "Krzesła", kind="pooled", units=120, handover="simple", terms={"at_once": True}
    )
    out = ask(make_side("Szkoła"), line(chairs, 10, 4, units=120)).lines[0]
    soon = ask(make_side("Chór"), line(chairs, 16, 2, units=120), title="Koncert").lines[0]
    later = ask(make_side("Teatr"), line(chairs, 40, 2, units=120)).lines[0]
    do(keeper, out, "hand_over", now=out.use_starts_at)
    do(keeper, out, "give_back", units=114, now=out.use_ends_at)
    add_block(
        by=keeper.at(out.use_ends_at),
        resource=chairs.uid,
        starts_at=later.use_starts_at,
        ends_at=later.use_ends_at,
        kind="repair",
        units=6,
        shrink={later.uid: 114},
    )
    at(out.use_ends_at.isoformat())
    client, here = signed_in(keeper), f"/bookings/{soon.booking.uid}/"
    rows = client.get("/to-settle/").context["rows"]
    assert [(row.uid, row.fewer, row.told) for row in rows] == [
        (str(soon.uid), "6 of 120 are not back yet from somebody else.", ""),
        (str(later.uid), "114 instead of 120", ""),
    ]
    assert "Told by phone" in text_of(client.get(here))
    assert f'href="/to-settle/#s-{soon.uid}"' in client.get("/today/").content.decode()
    for one, back in ((soon, here), (later, "")):
        client.post("/to-settle/", {"line": str(one.uid), "told": "yes", "next": back})
        assert fresh(one).told_by_id == keeper.person.pk
    assert [bool(row.told) for row in client.get("/to-settle/").context["rows"]] == [True, True]
    assert "told by phone" in text_of(client.get(here))
    # Another number is other news, which nobody was called about yet.
    rest = Line.objects.visible_to(SYSTEM).get(rest_of=out)
    do(keeper, rest, "give_back", units=4, now=out.use_ends_at + timedelta(minutes=5))
    assert (fresh(soon).short_units, fresh(soon).told_at) == (2, None)


# --- proposals ------------------------------------------------------------------------------------
def test_another_thing_of_the_house_is_proposed_with_one_tap(keeper: Side) -> None:
    hall, other = (make_thing(keeper, name, terms={"at_once": True}) for name in ("Duża", "Mała"))
    one = hit(keeper, hall)
    client = signed_in(keeper)
    page = client.get("/to-settle/")
    assert [row.suggestion for row in page.context["rows"]] == ["Mała, at the same time"]
    client.post("/to-settle/", {"line": str(one.uid)})
    offer = Offer.objects.visible_to(SYSTEM).get()
    assert (offer.line_id, offer.resource_id, offer.state) == (one.pk, other.pk, "open")
    again = client.get("/to-settle/")
    assert "Proposed" in text_of(again)
    assert [row.suggestion for row in again.context["rows"]] == [""]


def test_where_nothing_else_fits_fewer_of_the_same_are_proposed(keeper: Side) -> None:
    chairs = make_thing(keeper, "Krzesła", kind="pooled", units=100, terms={"at_once": True})
    one = ask(make_side(), line(chairs, units=80)).lines[0]
    out = {"units": 60, "until": "further", "hit_known": "1"}
    client = signed_in(keeper)
    client.post(
        f"/things/{chairs.uid}/broken/", {**out, f"had-{one.uid}": 80, f"keep-{one.uid}": 0}
    )
    assert fresh(one).state == "to_settle"
    page = client.get("/to-settle/")
    assert [row.suggestion for row in page.context["rows"]] == ["40 pieces at the same time"]
    client.post("/to-settle/")
    assert Offer.objects.visible_to(SYSTEM).get().units == 40


def test_all_at_once_and_each_something_of_its_own(keeper: Side) -> None:
    """One other room: the first has it, the second is proposed the nearest time of its own."""
    hall = make_thing(keeper, "Duża", terms={"at_once": True})
    make_thing(keeper, "Mała", terms={"at_once": True})
    for hour in (10, 12):
        hit(keeper, hall, hour)
    hit(keeper, make_thing(keeper, "Trzecia", terms={"at_once": True}), 10)
    client = signed_in(keeper)
    assert client.get("/to-settle/").context["several"] is True
    client.post("/to-settle/")
    offers = Offer.objects.visible_to(SYSTEM)
    assert offers.count() == 3
    assert len({(one.resource_id, one.use_starts_at) for one in offers}) == 3


def test_it_is_the_keepers_page_and_bounded(keeper: Side) -> None:
    hall = make_thing(keeper, "Duża", terms={"at_once": True})
    make_thing(keeper, "Mała", terms={"at_once": True})
    hit(keeper, hall, 8)
    client = signed_in(keeper)
    one = statements(client, "/to-settle/")
    for hour in (10, 12):
        hit(keeper, hall, hour)
    assert statements(client, "/to-settle/") <= one + 4  # whoever asked is read once each
    staff = make_side(role="staff", house=keeper.house)
    assert signed_in(staff).get("/to-settle/").status_code == 403
