"""Pages of cases: said in the booking, answered on a page, decided on the moderators' desk; nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookings.models import Attachment, Case, Line
from bookings.services.clockwork import tick
from cooperative.access.querysets import SYSTEM
from cooperative.events.models import Event
from tests.bookings.stage import DAY, ask, fresh, line, make_side, make_thing
from tests.cooperative.factories import make_moderator
from tests.frontend.asking import signed_in
from tests.frontend.keeping import At, statements, text_of
from tests.sharing.factories import picture

pytestmark = pytest.mark.django_db
AFTER = DAY + timedelta(hours=13)


class World:
    def __init__(self) -> None:
        self.owner, self.guest = make_side("Dom"), make_side("Chór", role="staff")
        self.hall = make_thing(self.owner, "Sala", terms={"at_once": True})
        self.line = self.used(10)
        self.keeper, self.singer = signed_in(self.owner.person), signed_in(self.guest.person)
        self.judge = signed_in(make_moderator())

    def used(self, hour: float) -> Line:
        (one,) = ask(self.guest, line(self.hall, hour), title="Próba").lines
        tick(now=AFTER)
        return fresh(one)

    def complain(self, one: Line | None = None, **data: str) -> Case:
        line = one or self.line
        said = {"kind": "dirty", "reason": "Brokat na podłodze.", **data}
        answer = self.keeper.post(f"/lines/{line.uid}/complain/", said)
        assert answer.status_code == 302, text_of(answer)
        return Case.objects.visible_to(SYSTEM).get(line=line)


@pytest.fixture
def world(at: At) -> World:
    at(AFTER.isoformat())
    return World()


def brought(world: World) -> Case:
    case = world.complain()
    world.singer.post(f"/cases/{case.uid}/bring/")
    return Case.objects.visible_to(SYSTEM).get(pk=case.pk)


def test_what_was_typed_stays_where_it_cannot_be_taken(world: World) -> None:
    answer = world.keeper.post(f"/lines/{world.line.uid}/complain/", {"kind": "dirty"})
    assert answer.status_code == 422
    assert 'value="dirty" ' in answer.content.decode()
    case = world.complain()
    page = text_of(world.singer.get(f"/cases/{case.uid}/"))
    assert "Brokat na podłodze." in page
    assert "For now it stays between the two of you." in page
    for words in ("", "x" * 5_001):
        answer = world.singer.post(f"/cases/{case.uid}/answer/", {"words": words})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    # Pressed twice, or by who may not: said in words.
    told = world.keeper.post(f"/cases/{case.uid}/bring/", follow=True)
    assert "This is no longer possible" in text_of(told)
    answered = world.singer.post(
        f"/cases/{case.uid}/answer/", {"words": "Było brudno."}, follow=True
    )
    assert "Your answer is with the other side." in text_of(answered)
    assert world.keeper.post(f"/cases/{case.uid}/nonsense/").status_code == 404
    assert (
        f"/cases/{case.uid}/"
        in world.keeper.get(f"/bookings/{world.line.booking.uid}/").content.decode()
    )
    assert "The other side answered" in text_of(
        world.keeper.get(f"/bookings/{world.line.booking.uid}/")
    )


def test_moderators_see_what_is_brought_and_that_is_logged(world: World) -> None:
    case = world.complain()
    third = signed_in(make_side("Kino", role="manager").person)
    for client in (world.judge, third):
        assert client.get(f"/cases/{case.uid}/").status_code == 404
        assert client.post(f"/cases/{case.uid}/settle/").status_code == 404
    assert Client().get(f"/cases/{case.uid}/").status_code == 302
    world.singer.post(f"/cases/{case.uid}/bring/")
    assert third.get(f"/cases/{case.uid}/").status_code == 404
    desk = world.judge.get("/moderation/").content.decode()
    assert f"/cases/{case.uid}/" in desk
    for _time in range(2):
        page = text_of(world.judge.get(f"/cases/{case.uid}/"))
    assert "Conversation of the two in this booking" in page
    assert Event.objects.filter(verb="case.read").count() == 2
    mine = text_of(world.keeper.get(f"/cases/{case.uid}/"))
    assert "Read by the moderators" in mine
    assert "Conversation of the two in this booking" not in mine
    assert world.judge.get(f"/bookings/{world.line.booking.uid}/").status_code == 404
    refused = world.keeper.post(
        f"/cases/{case.uid}/decide/", {"outcome": "nothing", "reason": "Ja."}
    )
    assert refused.status_code == 403


def test_a_decision_is_typed_objected_to_and_answered(world: World) -> None:
    case = brought(world)
    url = f"/cases/{case.uid}"
    side = str(world.guest.house.uid)
    for wrong in (
        {"outcome": "warning", "reason": "Dość."},
        {"outcome": "pause", "outcome_for": side, "until": "9999-12-31", "reason": "Dość."},
        {"outcome": "pause", "outcome_for": side, "until": "2027-03-01", "reason": "Dość."},
        {"reason": "Dość."},
    ):
        answer = world.judge.post(f"{url}/decide/", wrong)
        assert answer.status_code == 422, wrong
        assert "Dość." in answer.content.decode()
    pause = {"outcome": "pause", "outcome_for": side, "until": "2027-04-30", "reason": "Dość."}
    assert world.judge.post(f"{url}/decide/", pause).status_code == 302
    listed = text_of(world.singer.get("/cases/"))
    assert "asks for nothing of others until Fri 30 April 2027" in listed
    assert world.singer.post(f"{url}/object/", {"words": "Nie my."}).status_code == 302
    assert world.judge.post(f"{url}/answer_objection/", {"upheld": "yes"}).status_code == 422
    said = {"upheld": "yes", "answer": "Racja."}
    assert world.judge.post(f"{url}/answer_objection/", said).status_code == 302
    assert "asks for nothing" not in text_of(world.singer.get("/cases/"))


def test_an_owner_is_told_of_a_warning_and_of_nothing_more(world: World) -> None:
    case = brought(world)
    warning = {"outcome": "warning", "outcome_for": str(world.guest.house.uid), "reason": "Sekret."}
    world.judge.post(f"/cases/{case.uid}/decide/", warning)
    other = make_side("Kino")
    ask(world.guest, line(make_thing(other), DAY + timedelta(days=5)), now=AFTER)
    page = text_of(signed_in(other.person).get("/requests/"))
    assert "has a warning until Sat 10 July 2027" in page
    assert "Sekret." not in page
    assert "Brokat" not in page


def test_photos_are_added_and_seen_by_both(world: World) -> None:
    case = world.complain()
    sent = {"attached": SimpleUploadedFile("brokat.png", picture(), "image/png")}
    assert world.keeper.post(f"/cases/{case.uid}/files/", sent).status_code == 302
    (photo,) = Attachment.objects.visible_to(SYSTEM)
    url = f"/attachments/{photo.uid}-800.webp"
    assert url in world.singer.get(f"/cases/{case.uid}/").content.decode()
    assert [one.get(url).status_code for one in (world.singer, world.judge)] == [200, 404]
    broken = {"attached": SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\n", "image/png")}
    assert world.keeper.post(f"/cases/{case.uid}/files/", broken).status_code == 422
    assert world.keeper.post(f"/cases/{case.uid}/files/", {}).status_code == 422


def test_it_is_not_there_is_said_at_the_door(world: World, at: At) -> None:
    (one,) = ask(world.guest, line(world.hall, DAY + timedelta(days=1)), now=AFTER).lines
    url = f"/lines/{one.uid}/not-there/"
    at((DAY + timedelta(days=1, minutes=10)).isoformat())
    assert url in world.singer.get(f"/bookings/{one.booking.uid}/").content.decode()
    assert url not in world.keeper.get(f"/bookings/{one.booking.uid}/").content.decode()
    said = {"kind": "not_there", "reason": "Zamknięte."}
    assert world.singer.post(url, said).status_code == 302
    assert fresh(one).state == "disputed"


def test_three_cases_take_no_more_statements_than_one(world: World) -> None:
    world.complain()
    few = [statements(client, "/cases/") for client in (world.keeper, world.singer)]
    for hour in (1, 4):
        world.complain(world.used(hour))
    assert [statements(client, "/cases/") for client in (world.keeper, world.singer)] == few
    for case in Case.objects.visible_to(SYSTEM):
        world.singer.post(f"/cases/{case.uid}/bring/")
    many = statements(world.judge, "/moderation/?tab=disputes")
    Case.objects.visible_to(SYSTEM).exclude(line=world.line).update(state="settled")
    assert statements(world.judge, "/moderation/?tab=disputes") == many
