"""Our things: listing by four questions, changing, publishing, photos, hours."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bookings.models import Block
from cooperative.access.querysets import SYSTEM
from cooperative.institutions.models import Institution
from sharing.models import DayOff, Resource, ResourcePhoto, ResourceText, Review, WeeklyHours
from tests.bookings.stage import Side, ask, do, line, make_side, make_thing
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of
from tests.sharing.factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze")


def trusted(side: Side) -> Side:
    Institution.objects.filter(pk=side.house.pk).update(trusted=True)
    return side


def listing(**fields: Any) -> dict[str, Any]:
    """What the page of the four questions sends."""
    return {
        "title": "Krzesła składane",
        "category": "chairs",
        "units": "120",
        "place": "magazyn",
        "hours_source": "house",
        "audience": "cooperative",
        "fee_kind": "free",
        "written_in": "pl",
        "other_language": "en",
        "ask_anyway": "on",
        **fields,
    }


def only() -> Resource:
    return Resource.objects.visible_to(SYSTEM).get()


def test_four_answers_make_a_thing_that_its_house_can_use(keeper: Side) -> None:
    answer = signed_in(keeper).post("/things/new/", listing(), follow=True)
    made = only()
    assert (made.kind, made.units, made.state, made.place) == ("pooled", 120, "draft", "magazyn")
    assert "Colleagues in your house can use it already." in text_of(answer)
    staff = make_side(role="staff", house=keeper.house)
    assert ask(staff, line(made, 10, 2, units=20)).lines[0].state in {"held", "confirmed"}


def test_several_of_what_is_usually_one_are_pieces(keeper: Side) -> None:
    data = listing(category="rehearsal-room", units="3", title="Boksy")
    signed_in(keeper).post("/things/new/", data)
    assert only().kind == "pooled"


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(keeper: Side) -> None:
    data = listing(title="", units="0", fee_kind="price", fee_amount="dużo", summary="Czarne")
    answer = signed_in(keeper).post("/things/new/", data)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) >= {"title", "units"}
    assert "Czarne" in answer.content.decode()
    assert not Resource.objects.visible_to(SYSTEM).exists()


def test_what_the_service_refuses_comes_back_at_its_field(keeper: Side) -> None:
    data = listing(fee_kind="price", fee_amount="dużo")
    answer = signed_in(keeper).post("/things/new/", data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["fee_amount"]


def test_nul_and_a_wall_of_text_are_refused_not_broken(keeper: Side) -> None:
    client = signed_in(keeper)
    assert client.post("/things/new/", listing(title="a\x00b")).status_code == 422
    assert client.post("/things/new/", listing(body="x" * 30_000)).status_code == 422
    assert client.post("/things/new/", listing(category="no-such")).status_code == 422


def test_texts_in_two_languages_attributes_and_folded_answers_are_kept(keeper: Side) -> None:
    data = listing(
        category="stage",
        units="1",
        title="Sala",
        other_title="Hall",
        a_people="180",
        notice="48",
        notice_unit="hours",
        longest="3",
        longest_unit="days",
        answer="keep_first",
        turnover_minutes="45",
        belongings="klucz\npilot\n",
        needs_from_asker=["expected_people"],
    )
    signed_in(keeper).post("/things/new/", data)
    made = only()
    texts = ResourceText.objects.visible_to(SYSTEM).filter(resource=made)
    assert dict(texts.values_list("language", "title")) == {"pl": "Sala", "en": "Hall"}
    members = made.terms.get(audience__kind="cooperative")
    assert (members.notice_minutes, members.longest_minutes) == (2880, 4320)
    assert (made.answering, made.turnover_minutes) == ("keep_first", 45)
    assert made.belongings == ["klucz", "pilot"]
    assert made.attributes == {"people": 180}


def test_publishing_waits_for_moderators_unless_the_house_is_trusted(keeper: Side) -> None:
    client = signed_in(keeper)
    answer = client.post("/things/new/", listing(publish="1"), follow=True)
    assert "Sent to the moderators." in text_of(answer)
    assert (only().state, Review.objects.get().state) == ("draft", "submitted")
    client = signed_in(trusted(make_side()))
    answer = client.post("/things/new/", listing(publish="1"), follow=True)
    assert "Published: members can find it now." in text_of(answer)


def test_the_moderators_reason_stands_on_the_thing(keeper: Side) -> None:
    client = signed_in(keeper)
    client.post("/things/new/", listing(publish="1"))
    Review.objects.update(
        state="changes_asked", reason="Dopiszcie wymiary.", decided_at=keeper.viewer.now
    )
    said = text_of(client.get(f"/things/{only().uid}/"))
    assert "The moderators ask you to change something" in said
    assert "Dopiszcie wymiary." in said
    assert "Send to the moderators again" in said


def test_with_htmx_a_category_brings_what_can_be_said_of_it(keeper: Side) -> None:
    answer = signed_in(keeper).get("/things/new/?category=stage", headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert "<html" not in body
    assert 'name="a_people"' in body


def edited(client: Any, thing: Resource, **changes: Any) -> Any:
    """Send the edit page back as it came, with `changes`."""
    form = client.get(f"/things/{thing.uid}/").context["form"]
    data = {
        name: value
        for name, value in form.initial.items()
        if name in form.fields and value not in (None, False, "")
    }
    return client.post(f"/things/{thing.uid}/", {**data, **changes})


def test_changing_it_and_saving_nothing_new_keeps_everything(keeper: Side) -> None:
    client = signed_in(trusted(keeper))
    client.post(
        "/things/new/", listing(notice="2", notice_unit="days", fee_kind="price", fee_amount="5")
    )
    made = only()
    before = list(made.terms.order_by("id").values())
    assert edited(client, made).status_code == 302
    assert list(made.terms.order_by("id").values()) == before
    assert only().version == made.version
    assert edited(client, made, place="piwnica", units="110").status_code == 302
    assert (only().place, only().units) == ("piwnica", 110)


def test_who_saves_second_sees_both_values_and_loses_nothing(keeper: Side) -> None:
    client = signed_in(trusted(keeper))
    client.post("/things/new/", listing())
    made = only()
    stale = client.get(f"/things/{made.uid}/").context["form"].initial["version"]
    edited(client, made, place="piwnica")
    answer = edited(client, made, place="strych", version=str(stale))
    assert answer.status_code == 409
    said = text_of(answer)
    assert "Somebody else changed this meanwhile" in said
    assert "Now it says: piwnica" in said
    assert "strych" in answer.content.decode()
    data = {**answer.context["form"].data.dict()}
    assert client.post(f"/things/{made.uid}/", data).status_code == 302
    assert only().place == "strych"


def test_fewer_than_are_promised_is_refused_and_the_rest_is_saved(keeper: Side) -> None:
    client = signed_in(trusted(keeper))
    client.post("/things/new/", listing(publish="1"))
    made = only()
    do(keeper, ask(make_side(), line(made, units=100)).lines[0], "approve")
    answer = edited(client, made, units="50", place="piwnica")
    assert answer.status_code == 409
    assert "The number is not saved" in text_of(answer)
    assert [one.title for one in answer.context["hits"]] == ["Próba"]
    assert answer.context["form"].initial["units"] == 50  # as it was typed
    assert (only().units, only().place) == (120, "piwnica")
    assert edited(client, made, units="100").status_code == 302
    assert only().units == 100


@pytest.mark.parametrize(
    ("category", "chosen", "kind", "units", "handover"),
    [
        ("workshop", "seated", "seated", 10, "none"),
        ("seats", "", "seated", 12, "none"),
        ("mentor", "", "metered", 6, "none"),
        ("chairs", "metered", "metered", 6, "none"),
        ("set-parts", "", "giveaway", 4, "none"),
        ("template", "", "open", 1, "none"),
        ("tools", "pooled", "pooled", 3, "simple"),
        ("tools", "", "exclusive", 1, "simple"),
    ],
)
def test_each_way_of_counting_can_be_listed(
    keeper: Side, category: str, chosen: str, kind: str, units: int, handover: str
) -> None:
    data = listing(category=category, kind=chosen, units=str(units))
    assert signed_in(keeper).post("/things/new/", data).status_code == 302
    made = only()
    assert (made.kind, made.units, made.handover) == (kind, units, handover)


def test_nothing_is_handed_over_of_places_and_hours(keeper: Side) -> None:
    client = signed_in(keeper)
    data = listing(category="mentor", units="6", handover="simple")
    answer = client.post("/things/new/", data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["handover"]
    client.post("/things/new/", {**data, "handover": ""})
    answer = edited(client, only(), handover="signed")
    assert list(answer.context["form"].errors) == ["handover"]


def test_hours_a_month_are_changed_where_the_number_is(keeper: Side) -> None:
    mentor = make_thing(keeper, "Mentorka", kind="metered", units=6, terms={"at_once": True})
    client = signed_in(keeper)
    assert "How many hours a month" in text_of(client.get(f"/things/{mentor.uid}/"))
    ask(make_side(), line(mentor, 10, 4))
    assert edited(client, mentor, units="3", audience="cooperative").status_code == 409
    assert edited(client, mentor, units="8", audience="cooperative").status_code == 302
    assert only().units == 8


def test_the_number_says_what_it_counts_as_soon_as_the_category_is_known(keeper: Side) -> None:
    client = signed_in(keeper)
    answer = client.get("/things/new/?category=mentor", headers={"HX-Request": "true"})
    assert "How many hours a month" in text_of(answer)
    assert 'name="units"' not in answer.content.decode()  # what was typed meanwhile stays
    wrong = client.post("/things/new/", listing(category="mentor", title=""))
    assert "as is usual: hours a month" in text_of(wrong)


def test_only_our_house_again_and_withdrawing_for_good(keeper: Side) -> None:
    client = signed_in(keeper)
    hall = make_thing(keeper)
    client.post(f"/things/{hall.uid}/state/", {"action": "unpublish"})
    assert only().state == "draft"
    one = ask(make_side(role="staff", house=keeper.house), line(hall)).lines[0]
    client.post(f"/things/{hall.uid}/state/", {"action": "withdraw"})
    assert only().state == "draft"
    do(keeper, one, "decline")
    client.post(f"/things/{hall.uid}/state/", {"action": "withdraw"})
    assert only().state == "withdrawn"


def test_another_houses_thing_is_not_there(keeper: Side) -> None:
    foreign = make_thing(make_side())
    client = signed_in(keeper)
    assert client.get(f"/things/{foreign.uid}/").status_code == 403
    Resource.objects.visible_to(SYSTEM).update(state="draft")
    assert client.get(f"/things/{foreign.uid}/").status_code == 404


def test_three_things_take_no_more_statements_than_one(keeper: Side) -> None:
    client = signed_in(keeper)
    make_thing(keeper, "Sala")
    few = statements(client, "/things/")
    for title in ("Pracownia", "Ogród"):
        thing = make_thing(keeper, title)
        do(keeper, ask(make_side(), line(thing)).lines[0], "approve")
    assert statements(client, "/things/") == few
    assert "next used" in text_of(client.get("/things/"))


# --- photos ------------------------------------------------------------------------------------------
def upload(*files: tuple[str, bytes]) -> dict[str, Any]:
    return {"photos": [SimpleUploadedFile(name, data) for name, data in files]}


def test_photos_are_taken_one_by_one_and_what_is_not_is_said(keeper: Side) -> None:
    hall = make_thing(keeper)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'
    files = upload(("dobra.jpg", picture()), ("logo.png", svg))
    answer = signed_in(keeper).post(f"/things/{hall.uid}/photos/", files, follow=True)
    said = text_of(answer)
    assert "1 photo taken." in said
    assert "logo.png:" in said
    assert ResourcePhoto.objects.visible_to(SYSTEM).filter(resource=hall).count() == 1


def test_a_photo_is_described_moved_and_taken_away(keeper: Side) -> None:
    hall = make_thing(keeper)
    client = signed_in(keeper)
    client.post(f"/things/{hall.uid}/photos/", upload(("a.jpg", picture()), ("b.jpg", picture())))
    first, second = ResourcePhoto.objects.visible_to(SYSTEM).order_by("position")
    where = f"/things/{hall.uid}/photos/{second.uid}/"
    client.post(where, {"action": "describe", "alternative_text": "Scena z boku"})
    client.post(where, {"action": "forward"})
    rows = ResourcePhoto.objects.visible_to(SYSTEM).order_by("position")
    assert [row.pk for row in rows] == [second.pk, first.pk]
    assert rows[0].alternative_text == "Scena z boku"
    client.post(where, {"action": "remove"})
    assert ResourcePhoto.objects.visible_to(SYSTEM).get().pk == first.pk


# --- hours -------------------------------------------------------------------------------------------
def test_weekly_hours_are_written_as_people_write_them(keeper: Side) -> None:
    client = signed_in(keeper)
    data = {"action": "hours", "day_0": "9–13:00, 15.30-24", "day_5": "10:00-18:00"}
    assert client.post("/hours/", data).status_code == 302
    rows = WeeklyHours.objects.filter(institution=keeper.house).order_by("weekday", "opens_minute")
    assert list(rows.values_list("weekday", "opens_minute", "closes_minute")) == [
        (0, 540, 780),
        (0, 930, 1440),
        (5, 600, 1080),
    ]
    answer = client.post("/hours/", {"action": "hours", "day_0": "od rana", "day_1": "18-9"})
    assert answer.status_code == 422
    assert set(answer.context["hours"].errors) == {"day_0"}
    answer = client.post("/hours/", {"action": "hours", "day_1": "18-9"})
    assert set(answer.context["hours"].errors) == {"day_1"}


def test_a_thing_gets_hours_of_its_own_starting_from_the_houses(keeper: Side) -> None:
    hall = make_thing(keeper, hours_source="house")
    client = signed_in(keeper)
    client.post("/hours/", {"action": "hours", "day_0": "9-17"})
    page = client.get(f"/things/{hall.uid}/hours/")
    assert page.context["hours"].initial["day_0"] == "09:00–17:00"
    client.post(f"/things/{hall.uid}/hours/", {"action": "hours", "day_0": "18-22"})
    assert only().hours_source == "own"


def test_days_off_and_public_holidays(keeper: Side) -> None:
    client = signed_in(keeper)
    data = {"action": "off", "from_on": "2027-07-01", "last_on": "2027-07-14", "reason": "urlop"}
    client.post("/hours/", data)
    row = DayOff.objects.get()
    assert (row.from_on, row.until_on) == (date(2027, 7, 1), date(2027, 7, 15))
    client.post("/hours/", {"action": "open", "day_off": str(row.uid)})
    client.post("/hours/", {"action": "holidays", "year": "2027"})
    assert DayOff.objects.filter(from_on=date(2027, 5, 3)).exists()
    bad = {"action": "off", "from_on": "2027-07-14", "last_on": "2027-07-01"}
    answer = client.post("/hours/", bad)
    assert answer.status_code == 422
    assert "last_on" in answer.context["off"].errors
    assert not Block.objects.exists()
