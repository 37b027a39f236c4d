"""The relay: one inbox entry per event and person, nothing lost, nothing told to who did it."""

from __future__ import annotations

import pytest

from bookings.services.write_in import WrittenFor, write_in
from cooperative.access.queries import viewer_for
from cooperative.events.models import Outbox, Stream
from cooperative.events.queries import story, stream
from cooperative.events.services import NewEvent, Party, record
from cooperative.membership.models import Invitation
from notifications.models import Delivery
from notifications.services.relay import Relayed, relay, relay_all
from tests.bookings.stage import line, wish
from tests.factories import (
    make_institution,
    make_member,
    make_moderator,
    make_person,
    make_resource,
)
from tests.notifications.stage import NOON, mails, set_stage, told

pytestmark = pytest.mark.django_db


def test_a_request_is_told_to_the_owner_and_not_to_who_asked() -> None:
    stage = set_stage()
    manager = make_member(stage.library, role="manager")
    colleague = make_member(stage.library, role="staff")
    stage.happens("send", to="asked", actor=stage.asker)

    assert relay(now=NOON) == Relayed(events=1, mails=2)

    assert told(stage.keeper) == ["request_new"]
    assert told(manager) == ["request_new"]
    assert told(colleague) == []
    assert told(stage.asker) == []
    assert mails() == [("request_new", "due"), ("request_new", "due")]
    assert not Outbox.objects.exists()


def test_an_answer_is_told_to_who_asked_and_when_gone_to_their_house() -> None:
    stage = set_stage()
    colleague = make_member(stage.choir)
    stage.happens("approve", to="confirmed", actor=stage.keeper)
    relay(now=NOON)
    assert (told(stage.asker), told(colleague), told(stage.keeper)) == (["confirmed"], [], [])

    stage.asker.memberships.update(ended_at=NOON)
    stage.happens("take_back", to="cancelled", actor=stage.keeper)
    relay(now=NOON)
    assert told(stage.asker) == ["confirmed"]
    assert told(colleague) == ["taken_back"]


def test_what_is_confirmed_at_once_or_agreed_in_part_is_told_as_that() -> None:
    stage = set_stage()
    stage.happens("send", to="confirmed", actor=stage.asker)
    stage.happens("approve", to="accepted", actor=stage.keeper)
    relay(now=NOON)
    assert told(stage.keeper) == ["booked_at_once"]
    assert told(stage.asker) == ["agreed_so_far"]
    assert mails(person=stage.asker) == []


def test_where_there_are_several_owners_each_hears_in_an_event_of_its_own() -> None:
    stage = set_stage()
    record(
        [
            NewEvent(
                "booking.complete",
                "booking",
                stage.booking.uid,
                parties=(Party("lender", institution=stage.library.pk),),
            )
        ],
        now=NOON,
    )
    relay(now=NOON)
    assert told(stage.keeper) == ["completed"]
    assert told(stage.asker) == []


def test_who_sits_on_both_sides_hears_it_once() -> None:
    stage = set_stage()
    make_member(stage.library, stage.asker, role="keeper")
    stage.happens("run_out", to="asked")
    relay(now=NOON)
    assert told(stage.asker) == ["ran_out_owner"]


def test_what_is_written_in_is_told_to_the_member_and_not_to_ones_own_house() -> None:
    stage = set_stage()
    colleague = make_member(stage.library)
    keeper = viewer_for(person=stage.keeper, acting_for=stage.library.pk, now=NOON)
    for house, hour in ((stage.choir, 10), (stage.library, 14)):
        wanted = wish(line(stage.hall, hour))
        whom = WrittenFor(borrower=house.pk)
        write_in(by=keeper, lender=stage.library.pk, wish=wanted, whom=whom)
    relay_all(now=NOON)
    assert (told(stage.asker), told(stage.keeper), told(colleague)) == (["written_in"], [], [])


def test_the_office_gets_a_copy_of_new_requests_unless_it_is_a_keepers_own_address() -> None:
    stage = set_stage()
    stage.library.office_email = "Kontakt@library.example"
    stage.library.save()
    stage.happens("send", to="asked", actor=stage.asker)
    relay(now=NOON)
    assert mails(person=None, address="kontakt@library.example") == [("request_new", "due")]

    stage.library.office_email = stage.keeper.email
    stage.library.save()
    stage.happens("send", to="asked", actor=stage.asker)
    relay(now=NOON)
    assert len(mails(person=None)) == 1


def test_moderators_hear_of_applications_and_listings_owners_of_decisions() -> None:
    moderator, owner = make_moderator(), make_institution("Teatr")
    keeper = make_member(owner, role="keeper")
    resource = make_resource(owner, state="draft")
    party = (Party("owner", institution=owner.pk),)
    record(
        [
            NewEvent("institution.apply", "institution", owner.uid, parties=party),
            NewEvent("resource.submit", "resource", resource.uid, parties=party, actor=keeper.pk),
            NewEvent("resource.publish", "resource", resource.uid, parties=party),
        ],
        now=NOON,
    )
    relay(now=NOON)
    assert told(moderator) == ["application_new", "listing_new"]
    assert told(keeper) == ["published"]


def test_an_invitation_goes_to_its_address_which_has_no_account() -> None:
    house = make_institution()
    invitation = Invitation.objects.create(
        institution=house, email="Nowa@house.example", token_hash="x", expires_at=NOON
    )
    party = (Party("institution", institution=house.pk),)
    record(
        [NewEvent("invitation.send", "invitation", invitation.uid, parties=party)],
        now=NOON,
    )
    relay(now=NOON)
    row = Delivery.objects.get()
    assert (row.person, row.address, row.channel) == (None, "nowa@house.example", "email")


def test_a_quiet_event_is_told_to_nobody_and_an_unknown_one_only_goes_into_the_stream() -> None:
    house = make_institution()
    record([NewEvent("booking.send", "booking", house.uid)], now=NOON, quiet=True)
    record([NewEvent("house.paint", "institution", house.uid)], now=NOON)
    assert relay(now=NOON) == Relayed(events=1, mails=0)
    assert Delivery.objects.count() == 0
    assert Stream.objects.count() == 1


def test_relaying_twice_tells_once() -> None:
    stage = set_stage()
    stage.happens("approve", to="confirmed", actor=stage.keeper)
    relay(now=NOON)
    event = Stream.objects.get().event
    Stream.objects.all().delete()
    Outbox.objects.create(
        event=event
    )  # as if the commit of the first relay had been lost on the way
    relay(now=NOON)
    assert told(stage.asker) == ["confirmed"]
    assert mails(person=stage.asker) == [("confirmed", "due")]


def test_batches_keep_the_order_of_the_log() -> None:
    stage = set_stage()
    for action in ("approve", "hand_over", "give_back"):
        stage.happens(action, to="confirmed", actor=stage.keeper)
    assert relay_all(now=NOON, limit=2) == Relayed(events=3, mails=1)
    verbs = Stream.objects.order_by("position").values_list("event__verb", flat=True)
    assert list(verbs) == ["booking.approve", "booking.hand_over", "booking.give_back"]
    assert told(stage.asker) == ["confirmed", "handed_over", "given_back"]


def test_the_number_of_statements_does_not_grow_with_the_outbox(
    django_assert_max_num_queries: object,
) -> None:
    stage = set_stage()
    for _ in range(30):
        stage.happens("send", to="asked", actor=stage.asker)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        relay(now=NOON)
    assert len(told(stage.keeper)) == 30


def test_one_event_that_is_misread_does_not_stop_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = set_stage()
    party = (Party("lender", institution=stage.library.pk),)
    record(
        [
            NewEvent(
                "booking.send", "booking", stage.booking.uid, parties=party, data={"lines": [3]}
            )
        ],
        now=NOON,
    )
    stage.happens("approve", to="confirmed", actor=stage.keeper)
    relay(now=NOON)
    assert told(stage.asker) == ["confirmed"]
    assert Stream.objects.count() == 2
    assert "Nobody could be told of event" in caplog.text


def test_the_stream_is_read_by_position_and_only_by_its_parties() -> None:
    stage = set_stage()
    stranger = make_member(make_institution())
    for action in ("send", "approve"):
        stage.happens(action, to="confirmed", actor=stage.asker)
    relay(now=NOON)

    mine = stream(viewer=viewer_for(person=stage.asker, acting_for=None, now=NOON))
    assert [one.event.verb for one in mine] == ["booking.send", "booking.approve"]
    later = stream(
        viewer=viewer_for(person=stage.keeper, acting_for=None, now=NOON), after=mine[0].position
    )
    assert [one.event.verb for one in later] == ["booking.approve"]
    assert stream(viewer=viewer_for(person=stranger, acting_for=None, now=NOON)) == []
    assert stream(viewer=viewer_for(person=None, acting_for=None, now=NOON)) == []


def test_the_story_of_a_booking_is_for_its_parties() -> None:
    stage = set_stage()
    stranger = make_person()
    stage.happens("send", to="asked", actor=stage.asker)

    def told_to(person: object) -> list[str]:
        viewer = viewer_for(person=person, acting_for=None, now=NOON)  # type: ignore[arg-type]
        events = story(viewer=viewer, subject=stage.booking.uid, kind="booking")
        return [event.verb for event in events]

    assert told_to(stage.asker) == ["booking.send"]
    assert told_to(stage.keeper) == ["booking.send"]
    assert told_to(stranger) == []
