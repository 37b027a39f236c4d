"""The inbox: worded when read, in the reader's language, and only what the reader may still see."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from bookings.models import BookingMessage
from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, Invalid, NotFound
from cooperative.events.services import NewEvent, Party, record
from cooperative.people.models import Person
from notifications.messages import MESSAGES
from notifications.queries.inbox import entry, inbox, unread_count
from notifications.services.inbox import mark_all_read, mark_read
from notifications.services.preferences import set_preference
from notifications.services.relay import relay_all
from notifications.tells import CAME_FREE, INSTEAD, OF_CASES, OF_OFFERS, TELLS
from sharing.models import Review
from tests.cooperative.factories import make_partnership
from tests.factories import (
    make_booking,
    make_institution,
    make_line,
    make_member,
    make_moderator,
    make_resource,
)
from tests.notifications.stage import NOON, set_stage

pytestmark = pytest.mark.django_db


def view(person: Person | None) -> Viewer:
    return viewer_for(person=person, acting_for=None, now=NOON)


def test_an_entry_says_what_when_and_who_and_leads_there() -> None:
    stage = set_stage()
    stage.happens("approve", to="confirmed", actor=stage.keeper)
    relay_all(now=NOON)
    with translation.override("en"):
        (one,) = inbox(viewer=view(stage.asker))
    assert one.text == "Confirmed: Sala prób, Fri 12 March 2027, 18:00–21:00 (Biblioteka)"
    assert one.path == f"/bookings/{stage.booking.uid}/"
    assert (one.read, one.topic, one.at) == (False, "answers", NOON)
    assert unread_count(viewer=view(stage.asker)) == 1
    assert inbox(viewer=view(stage.keeper)) == []
    assert inbox(viewer=view(None)) == []


def test_the_reason_stands_with_the_answer_and_only_with_that_one() -> None:
    stage = set_stage()
    for at, body in ((NOON, "Roof leaks."), (NOON - timedelta(days=1), "Older words.")):
        BookingMessage.objects.create(
            booking=stage.booking,
            lender=stage.library,
            author=stage.keeper,
            kind="reason",
            action="decline",
            body=body,
            at=at,
        )
    stage.happens("decline", to="declined", actor=stage.keeper)
    relay_all(now=NOON)
    (one,) = inbox(viewer=view(stage.asker))
    assert one.note == "Roof leaks."


def test_who_may_no_longer_see_it_keeps_an_entry_without_content() -> None:
    stage = set_stage(title="Canary of the choir")
    stage.happens("send", to="asked", actor=stage.asker)
    relay_all(now=NOON)
    stage.keeper.memberships.update(ended_at=NOON)
    with translation.override("en"):
        (one,) = inbox(viewer=view(stage.keeper))
    assert one.text == "Something that is no longer there for you"
    assert (one.path, one.note) == ("", "")


def test_an_owner_reads_its_own_lines_and_not_those_of_another_owner() -> None:
    stage = set_stage()
    theatre = make_institution("Teatr")
    make_member(theatre, role="keeper")
    make_line(stage.booking, make_resource(theatre, "Canary piano"))
    stage.happens("send", to="asked", actor=stage.asker)
    relay_all(now=NOON)
    (one,) = inbox(viewer=view(stage.keeper))
    assert "Sala prób" in one.text
    assert "Canary" not in one.text


def test_a_listing_is_named_to_moderators_by_their_desk() -> None:
    moderator, owner = make_moderator(), make_institution("Teatr")
    resource = make_resource(owner, "Pianino", state="withdrawn")
    hidden = make_resource(owner, "Canary", state="draft")
    for one in (resource, hidden):
        record(
            [
                NewEvent(
                    "resource.submit",
                    "resource",
                    one.uid,
                    parties=(Party("owner", institution=owner.pk),),
                )
            ],
            now=NOON,
        )
    relay_all(now=NOON)
    with translation.override("en"):
        texts = [one.text for one in inbox(viewer=view(moderator))]
    assert texts == [
        "Something that is no longer there for you",
        "New listing to look at: Pianino (Teatr)",
    ]


def test_pages_go_on_where_the_last_one_ended() -> None:
    stage = set_stage()
    for _ in range(5):
        stage.happens("hand_over", to="handed_over", actor=stage.keeper)
    relay_all(now=NOON)
    first = inbox(viewer=view(stage.asker), limit=3)
    second = inbox(viewer=view(stage.asker), limit=3, before=first[-1].position)
    assert (len(first), len(second)) == (3, 2)
    assert len({one.uid for one in first + second}) == 5


@pytest.mark.parametrize("entries", [1, 3])
def test_the_number_of_statements_does_not_grow(
    entries: int, django_assert_max_num_queries: object
) -> None:
    stage = set_stage()
    for _ in range(entries):
        stage.booking = make_booking(stage.choir, [stage.hall], person=stage.asker)
        stage.happens("approve", to="confirmed", actor=stage.keeper)
    relay_all(now=NOON)
    viewer = view(stage.asker)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        inbox(viewer=viewer)


def test_reading_is_marked_for_oneself_alone() -> None:
    stage = set_stage()
    for _ in range(3):
        stage.happens("hand_over", to="handed_over", actor=stage.keeper)
    relay_all(now=NOON)
    mine = view(stage.asker)
    newest, middle, oldest = inbox(viewer=mine)

    mark_read(by=mine, notification=oldest.uid)
    mark_read(by=mine, notification=oldest.uid)
    assert unread_count(viewer=mine) == 2
    with pytest.raises(NotFound):
        mark_read(by=view(stage.keeper), notification=newest.uid)
    with pytest.raises(NotFound):
        mark_read(by=mine, notification=uuid4())
    with pytest.raises(NotFound):
        mark_read(by=view(None), notification=newest.uid)

    assert mark_all_read(by=mine, up_to=middle.uid) == 1
    assert [one.read for one in inbox(viewer=mine)] == [False, True, True]
    assert mark_all_read(by=view(None)) == 0
    assert mark_all_read(by=mine) == 1
    assert inbox(viewer=mine, unread=True) == []
    again = entry(viewer=mine, uid=newest.uid)
    assert again is not None
    assert again.read is True
    assert entry(viewer=view(stage.keeper), uid=newest.uid) is None


def test_preferences_refuse_nobody_and_unknown_topics() -> None:
    stage = set_stage()
    with pytest.raises(Forbidden):
        set_preference(by=view(None), topic="answers", wanted=False)
    with pytest.raises(Invalid):
        set_preference(by=view(stage.asker), topic="weather", wanted=False)


def test_every_rule_has_its_message_and_every_sentence_can_be_filled_in() -> None:
    told = {
        tell.message
        for rules in (*TELLS.values(), *OF_OFFERS.values(), *OF_CASES.values(), *CAME_FREE.values())
        for tell in rules
    }
    by_data = {"booked_at_once", "agreed_so_far", "waits", "not_free", *INSTEAD.values()}
    assert told | by_data == set(MESSAGES)
    names = ("what", "who", "when", "title", "offer", "until", "missing", "fee")
    values = dict.fromkeys(names, "X")
    for language in ("en", "pl", "de", "uk"):
        with translation.override(language):
            for message in MESSAGES.values():
                for sentence in (message.sentence, message.subject, message.action):
                    assert str(sentence) % values
                assert "\n" not in str(message.subject)


def test_a_decision_of_the_moderators_comes_with_its_reason_and_only_its_own() -> None:
    owner = make_institution("Teatr")
    keeper = make_member(owner, role="keeper")
    resource = make_resource(owner, "Pianino", state="draft")
    review = Review.objects.create(
        resource=resource,
        state="refused",
        decided_at=NOON,
        reason="A photo is missing.",
        submitted_at=NOON - timedelta(days=2),
    )
    for at, verb in ((NOON - timedelta(days=1), "ask_changes"), (NOON, "refuse")):
        record(
            [
                NewEvent(
                    f"resource.{verb}",
                    "resource",
                    resource.uid,
                    parties=(Party("owner", institution=owner.pk),),
                    data={"review": str(review.uid)},
                )
            ],
            now=at,
        )
    relay_all(now=NOON)
    with translation.override("en"):
        found = [(one.text, one.note) for one in inbox(viewer=view(keeper))]
    assert found == [
        ("Not published: Pianino", "A photo is missing."),
        ("The moderators ask for changes: Pianino", ""),
    ]


def test_a_partnership_is_told_to_the_other_side() -> None:
    library, choir = make_institution("Biblioteka"), make_institution("Chór")
    one, other = make_member(library, role="manager"), make_member(choir, role="manager")
    partnership = make_partnership(library, choir)
    for verb, actor, acting in (
        ("propose", one, library),
        ("agree", other, choir),
    ):
        record(
            [
                NewEvent(
                    f"partnership.{verb}",
                    "partnership",
                    partnership.uid,
                    parties=(
                        Party("proposer", institution=library.pk),
                        Party("partner", institution=choir.pk),
                    ),
                    actor=actor.pk,
                    acting_for=acting.pk,
                )
            ],
            now=NOON,
        )
    relay_all(now=NOON)
    with translation.override("en"):
        assert [e.text for e in inbox(viewer=view(other))] == ["Biblioteka proposes a partnership"]
        assert [e.text for e in inbox(viewer=view(one))] == ["Chór agreed to the partnership"]
