"""Conversations on the page and by the API: photos and files, questions before any date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bookings.models import Attachment, BookingMessage, Enquiry
from cooperative.access.querysets import SYSTEM
from tests.bookings.test_files import PDF
from tests.cooperative.factories import make_institution, make_member
from tests.frontend.asking import TODAY, Houses, page, signed_in, two_houses
from tests.sharing.factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(at: Callable[[str], datetime], tmp_path: Path, settings: Any) -> Houses:
    settings.MEDIA_ROOT = str(tmp_path)
    at(TODAY)
    return two_houses()


def photo(name: str = "scena.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(64, 64))


def paper(name: str = "rider.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def messages() -> list[BookingMessage]:
    return list(BookingMessage.objects.visible_to(SYSTEM).order_by("pk"))


def files() -> list[str]:
    return [one.name for one in Attachment.objects.visible_to(SYSTEM).order_by("pk")]


def test_a_photo_alone_is_a_message_and_a_double_click_sends_it_once(houses: Houses) -> None:
    address = houses.ask().url
    for _click in range(2):
        sent: Any = houses.asker.post(
            address, {"body": "", "attached": [photo(), paper()], "once": "klik"}
        )
        assert (sent.status_code, sent.url) == (302, f"{address}#talk")
    assert ([one.body for one in messages()], files()) == ([""], ["scena.webp", "rider.pdf"])
    shown = page(houses.keeper, address)
    [one, two] = Attachment.objects.visible_to(SYSTEM).order_by("pk")
    assert f'src="/attachments/{one.uid}-800.webp"' in shown
    assert f'href="/attachments/{two.uid}/"' in shown


def test_what_cannot_be_taken_is_said_and_the_words_stay(houses: Houses) -> None:
    address = houses.ask().url
    refused = houses.asker.post(
        address, {"body": "Nasz rider", "attached": [paper("a.svg", b"<svg/>")]}
    )
    said = refused.content.decode()
    assert refused.status_code == 422
    assert "a.svg: Only photos (JPEG, PNG, WebP) and PDF" in said
    assert ">\nNasz rider</textarea>" in said
    assert (messages(), files()) == ([], [])


def test_a_question_from_the_listing_to_the_request(houses: Houses) -> None:
    listing = f"/resources/{houses.room.uid}/"
    asking = f"{listing}question/"
    assert f'href="{asking}"' in page(houses.asker, listing)
    assert f'href="{asking}"' not in page(houses.keeper, listing)
    assert houses.asker.post(asking, {"body": " "}).status_code == 422
    begun: Any = houses.asker.post(asking, {"body": "Is there a piano?", "attached": [photo()]})
    one = Enquiry.objects.visible_to(SYSTEM).get()
    here = f"/questions/{one.uid}/"
    assert begun.url == f"{here}#talk"
    again: Any = houses.asker.get(asking)
    assert again.url == here
    for listed in ("/desk/", "/requests/", "/questions/"):
        assert "Is there a piano?" in page(houses.keeper, listed)
    answered: Any = houses.keeper.post(here, {"body": "An upright one."})
    assert answered.url == f"{here}#talk"
    assert "Is there a piano?" not in page(houses.keeper, "/requests/")
    assert "An upright one." in page(houses.asker, "/questions/")
    shown = page(houses.asker, here)
    assert ("An upright one." in shown, f'href="{listing}#ask"' in shown) == (True, True)
    stranger = signed_in(make_member(make_institution("Muzeum")))
    assert stranger.get(here).status_code == 404
    assert stranger.post(here, {"body": "x"}).status_code == 404
    assert "piano" not in page(stranger, "/questions/")

    booked = houses.ask().url
    for client in (houses.asker, houses.keeper):
        both = page(client, booked)
        assert both.index("Is there a piano?") < both.index("An upright one.")
    assert booked in page(houses.keeper, here)


def test_the_same_by_the_api(houses: Houses) -> None:
    def call(client: Any, method: str, path: str, **more: Any) -> Any:
        return getattr(client, method)(f"/api/v1/{path}", **more)

    json = {"content_type": "application/json"}
    data = {"resource": str(houses.room.uid), "body": "Jak wysoko?", "files": [photo()]}
    asked = call(houses.asker, "post", "enquiries/", data=data)
    assert asked.status_code == 201, asked.content
    one = asked.json()
    assert (one["title"], one["answered"], one["booking"]) == ("Rehearsal room", False, None)
    path = f"enquiries/{one['id']}/"
    answer = call(houses.keeper, "post", f"{path}messages/", data={"body": "3 m"}, **json)
    assert (answer.status_code, answer.json()["files"]) == (201, [])
    assert call(houses.asker, "get", path).json()["answered"] is True
    [first, second] = call(houses.asker, "get", f"{path}messages/").json()["results"]
    assert [first["body"], second["body"]] == ["Jak wysoko?", "3 m"]
    [sent] = first["files"]
    assert (sent["name"], sent["media_type"], sent["width"]) == ("scena.webp", "image/webp", 64)
    shown = call(houses.keeper, "get", f"attachments/{sent['id']}/")
    assert (shown["Content-Type"], shown.content[:4]) == ("image/webp", b"RIFF")
    assert [
        len(call(client, "get", f"enquiries/?role={role}").json()["results"])
        for client in (houses.asker, houses.keeper)
        for role in ("borrower", "lender")
    ] == [1, 0, 0, 1]

    booking = houses.ask()
    uid = houses.bookings()[0].uid
    talk = f"bookings/{uid}/messages/"
    assert booking.status_code == 302
    key = {"HTTP_IDEMPOTENCY_KEY": "raz"}
    twice = [
        call(houses.asker, "post", talk, data={"files": [photo(), paper()]}, **key)
        for _ in range(2)
    ]
    assert [one.status_code for one in twice] == [201, 201]
    assert twice[0].json() == twice[1].json()
    other = call(houses.asker, "post", talk, data={"files": [paper()]}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    said = call(houses.keeper, "get", talk).json()["results"]
    assert [one["body"] for one in said] == ["Jak wysoko?", "3 m", ""]
    assert [len(one["files"]) for one in said] == [1, 0, 2]
    wrongly: tuple[tuple[dict[str, Any], str], ...] = (
        ({"body": "x", "photo": photo()}, "photo"),
        ({"files": "x"}, "files"),
        ({"body": ["x", "y"]}, "body"),
    )
    for sent_so, field in wrongly:
        refused = call(houses.asker, "post", talk, data=sent_so)
        assert (refused.status_code, [one["field"] for one in refused.json()["errors"]]) == (
            400,
            [field],
        )
    [wrong] = call(houses.asker, "post", talk, data={}, **json).json()["errors"]
    assert wrong["field"] == "body"

    stranger = signed_in(make_member(make_institution("Muzeum")))
    for refused in (
        call(stranger, "get", path),
        call(stranger, "get", f"{path}messages/"),
        call(stranger, "post", f"{path}messages/", data={"body": "x"}, **json),
        call(stranger, "get", f"attachments/{sent['id']}/"),
        call(stranger, "get", talk),
    ):
        assert refused.status_code == 404
    assert call(stranger, "get", "enquiries/").json()["results"] == []
