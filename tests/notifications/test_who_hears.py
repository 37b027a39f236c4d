"""Who in a house hears: names for things and groups, being away, deputies; answers that are due, and who waits on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from bookings.errors import AnsweredAlready
from bookings.facts.hours import DaysOff
from bookings.models import Line
from bookings.permissions import not_answered
from bookings.queries.answers import closed
from bookings.services.answer_times import expected_answers, keep_answer_times, keep_waiting
from bookings.services.hours import change_hours, close_on_public_holidays
from bookings.services.told import told_by_phone
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from cooperative.institutions.models import Institution
from cooperative.membership.hearing import Colleague, deputies, hearers, managers
from cooperative.membership.models import Membership
from cooperative.membership.services.away import set_away
from cooperative.people.models import Person
from notifications.queries.inbox import inbox
from notifications.services.lists import tell_tomorrow, tell_unanswered
from notifications.services.relay import relay_all
from sharing.models import ResourceGroup
from sharing.services.days_off import add_days_off
from sharing.services.keepers import put_in_group, set_keepers
from tests.bookings.stage import NOW, Side, ask, do, fresh, line, make_side, make_thing
from tests.factories import make_booking, make_line, make_member, make_person, make_resource
from tests.notifications.stage import NOON, Stage, mails, set_stage, tell, told

pytestmark = pytest.mark.django_db

THURSDAY = datetime(2027, 3, 4, 9, tzinfo=UTC)
"""Three working days after `NOW`, a Monday."""


def colleague(number: int, role: str = "keeper", **fields: Any) -> Colleague:
    return Colleague(person=number, role=role, **fields)


def test_who_is_away_is_stood_in_for_and_never_is_nobody_told() -> None:
    away: dict[str, Any] = {"away": True}
    staff, one, two = colleague(9, role="staff"), colleague(1), colleague(2)
    boss = colleague(3, role="manager")
    assert hearers([staff, one, two, boss]) == [1, 2, 3]
    assert hearers([one, two, boss], (2,)) == [2]
    assert hearers([one, colleague(2, **away), boss], (2,)) == [1, 3]
    assert hearers([one, colleague(2, deputy=3, **away), boss], (2,)) == [3]
    chain = [one, colleague(2, deputy=4, **away), boss, colleague(4, deputy=1, **away)]
    assert hearers(chain, (2,)) == [1]
    circle = [colleague(1, deputy=2, **away), colleague(2, deputy=1, **away), boss]
    assert hearers(circle, (1,)) == [3]
    assert hearers(circle[:2], (1,)) == [1, 2]
    assert hearers([staff, one], (9,)) == [1]
    assert deputies([colleague(1, deputy=2), two, boss], (1,)) == [2]
    assert deputies([one, two, boss], (1,)) == [1, 2, 3]
    assert managers([one, boss]) == [3]
    assert managers([one]) == [1]


def seen(stage: Stage, person: Person, now: datetime = NOON) -> Viewer:
    return viewer_for(person=person, acting_for=stage.library.pk, now=now)


def test_who_is_named_for_a_thing_or_its_group_hears_and_the_others_do_not() -> None:
    stage = set_stage()
    marta = make_member(stage.library, make_person("Marta"), role="keeper")
    by = seen(stage, stage.keeper)
    set_keepers(by=by, resource=stage.hall.uid, people=[marta.uid])
    stage.happens("send", to="asked", actor=stage.asker)
    relay_all(now=NOON)
    assert (told(marta), told(stage.keeper)) == (["request_new"], [])

    # Another thing of the same booking, looked after by the other: both hear.
    piano = make_resource(stage.library, "Pianino")
    make_line(stage.booking, piano, state="asked")
    set_keepers(by=by, resource=piano.uid, people=[marta.uid], group="Instrumenty")
    # For the whole group: the thing has no names of its own any more.
    set_keepers(by=by, resource=piano.uid, people=[stage.keeper.uid], whole_group=True)
    stage.happens("withdraw", to="withdrawn", actor=stage.asker)
    relay_all(now=NOON)
    assert (told(marta)[1:], told(stage.keeper)) == (["withdrawn"], ["withdrawn"])

    put_in_group(by=by, resource=piano.uid, name="")
    assert not ResourceGroup.objects.exists()
    set_keepers(by=by, resource=stage.hall.uid, people=[])
    stage.happens("send", to="asked", actor=stage.asker)
    relay_all(now=NOON)
    assert (told(marta)[2:], told(stage.keeper)[1:]) == (["request_new"], ["request_new"])
    verbs = Event.objects.filter(subject_kind="resource").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "resource.set_keepers",
        "resource.group",
        "resource.set_keepers",
        "resource.set_keepers",
        "resource.set_keepers",
        "resource.group",
        "resource.set_keepers",
    ]


def test_only_keepers_of_the_house_can_be_named_and_only_by_them() -> None:
    stage = set_stage()
    staff = make_member(stage.library, role="staff")
    by = seen(stage, stage.keeper)
    for person in (staff, stage.asker):
        with pytest.raises(Invalid):
            set_keepers(by=by, resource=stage.hall.uid, people=[person.uid])
    with pytest.raises(Invalid):
        set_keepers(by=by, resource=stage.hall.uid, people=[], whole_group=True)
    with pytest.raises(Forbidden):
        set_keepers(by=seen(stage, staff), resource=stage.hall.uid, people=[])
    stranger = viewer_for(person=make_person(), acting_for=None, now=NOON)
    with pytest.raises(NotFound):
        put_in_group(by=stranger, resource=stage.hall.uid, name="x")


def test_away_dates_and_a_deputy_by_oneself_or_a_manager() -> None:
    stage = set_stage()
    marta = make_member(stage.library, make_person("Marta"), role="keeper")
    jan = make_member(stage.library, make_person("Jan"), role="keeper")
    boss = make_member(stage.library, make_person("Ewa"), role="manager")
    of_marta = Membership.objects.get(person=marta)
    set_keepers(by=seen(stage, marta), resource=stage.hall.uid, people=[marta.uid])
    days: dict[str, Any] = {"from_on": date(2027, 3, 1), "until_on": date(2027, 3, 15)}
    with pytest.raises(Forbidden):
        set_away(by=seen(stage, jan), membership=of_marta.uid, **days)
    for wrong in (
        {**days, "deputy": marta.uid},
        {**days, "deputy": stage.asker.uid},
        {"from_on": date(2027, 3, 15), "until_on": date(2027, 3, 15)},
        {"from_on": date(2027, 2, 1), "until_on": date(2027, 3, 1)},
        {"from_on": None, "until_on": date(2027, 3, 15)},
    ):
        with pytest.raises(Invalid):
            set_away(by=seen(stage, marta), membership=of_marta.uid, **wrong)
    set_away(by=seen(stage, boss), membership=of_marta.uid, deputy=jan.uid, **days)
    stage.happens("send", to="asked", actor=stage.asker)
    relay_all(now=NOON)
    assert (told(marta), told(jan), told(boss)) == ([], ["request_new"], [])

    back = NOON + timedelta(days=14)
    stage.happens("send", to="asked", actor=stage.asker, now=back)
    relay_all(now=back)
    assert (told(marta), told(jan)) == (["request_new"], ["request_new"])
    set_away(by=seen(stage, marta), membership=of_marta.uid, from_on=None, until_on=None)
    assert Membership.objects.get(person=marta).deputy is None


@pytest.fixture
def owner() -> Side:
    return make_side("Biblioteka")


@pytest.fixture
def asker() -> Side:
    return make_side("Chór", role="staff")


def test_an_answer_is_due_in_three_working_days_and_moves_with_the_days_off(
    owner: Side, asker: Side
) -> None:
    hall = make_thing(owner, hours_source="house")
    one = ask(asker, line(hall, start=datetime(2027, 4, 10, 10, tzinfo=UTC))).lines[0]
    assert fresh(one).answer_due_at == THURSDAY

    def close() -> None:
        add_days_off(
            by=owner.viewer,
            institution=owner.house.pk,
            from_on=date(2027, 3, 2),
            until_on=date(2027, 3, 20),
        )

    change_hours(close, by=owner.viewer, institution=owner.house.pk)
    assert fresh(one).answer_due_at == datetime(2027, 3, 24, 9, tzinfo=UTC)
    found = expected_answers([hall.pk], now=NOW)[hall.pk]
    assert (found.usual_days, found.working_days) == (None, 3)
    assert (found.closed_from, found.closed_until) == (date(2027, 3, 2), date(2027, 3, 20))

    soon = ask(asker, line(make_thing(owner), start=NOW + timedelta(days=1, hours=2))).lines[0]
    assert fresh(soon).answer_due_at == NOW + timedelta(hours=13)


def test_half_of_at_least_five_answers_say_how_soon_they_usually_come(
    owner: Side, asker: Side
) -> None:
    hall = make_thing(owner)
    for days in (1, 1, 2, 4):
        one = ask(asker, line(hall, start=float(10 * days))).lines[0]
        do(owner, one, "decline", now=NOW + timedelta(days=days))
    later = NOW + timedelta(days=5)
    assert expected_answers([hall.pk], now=later)[hall.pk].usual_days is None
    one = ask(asker, line(hall, start=30)).lines[0]
    do(owner, one, "decline", now=NOW + timedelta(days=1, hours=12))
    assert expected_answers([hall.pk], now=later)[hall.pk].usual_days == 2
    assert expected_answers([hall.pk], now=NOW + timedelta(days=380))[hall.pk].usual_days is None


def test_closed_is_said_now_or_before_an_answer_is_due() -> None:
    def off(first: int, last: int) -> DaysOff:
        return DaysOff(date(2027, 8, first), date(2027, 8, last))

    today, due = date(2027, 8, 10), date(2027, 8, 13)
    assert closed([off(1, 5)], today, due) is None
    assert closed([off(1, 11)], today, due) == off(1, 11)
    assert closed([off(8, 11), off(11, 21)], today, due) == off(8, 21)
    assert closed([off(12, 13)], today, due) is None  # one day is only a later answer
    assert closed([off(12, 20)], today, due) == off(12, 20)
    assert closed([off(14, 20)], today, due) is None


def test_no_answer_is_due_in_a_holiday_and_nobody_is_reminded_then(
    owner: Side, asker: Side
) -> None:
    add_days_off(
        by=owner.viewer,
        institution=owner.house.pk,
        from_on=date(2027, 3, 2),
        until_on=date(2027, 3, 22),
    )
    hall = make_thing(owner, "Sala", hours_source="house")
    (one,) = ask(asker, line(hall, start=datetime(2027, 3, 23, 17, tzinfo=UTC))).lines
    assert fresh(one).answer_due_at == datetime(2027, 3, 22, 9, tzinfo=UTC)
    (soon,) = ask(asker, line(hall, start=datetime(2027, 3, 22, 8, tzinfo=UTC))).lines
    middle = fresh(soon).answer_due_at
    assert middle == datetime(2027, 3, 11, 20, 30, tzinfo=UTC), "there is no time after it"
    assert tell_unanswered(now=middle) == 0
    assert tell_unanswered(now=datetime(2027, 3, 22, 7, tzinfo=UTC)) > 0


def test_what_is_open_always_is_not_answered_on_its_houses_days_off(
    owner: Side, asker: Side
) -> None:
    lamp = make_thing(owner, "Lampa", hours_source="always")
    far = datetime(2027, 4, 12, 17, tzinfo=UTC)
    (one,) = ask(asker, line(lamp, start=far)).lines
    change_hours(
        partial(
            add_days_off,
            by=owner.viewer,
            institution=owner.house.pk,
            from_on=date(2027, 3, 2),
            until_on=date(2027, 3, 22),
        ),
        by=owner.viewer,
        institution=owner.house.pk,
    )
    back = datetime(2027, 3, 24, 9, tzinfo=UTC)
    assert fresh(one).answer_due_at == back, "what was asked before follows"
    (later,) = ask(asker, line(lamp, start=far, hours=4)).lines
    assert fresh(later).answer_due_at == back
    expected = expected_answers([lamp.pk], now=NOW)[lamp.pk]
    assert expected.closed_until == date(2027, 3, 22)
    # It is open all the same: nobody is refused by a day on which nobody answers.
    assert ask(asker, line(lamp, start=datetime(2027, 3, 10, 9, tzinfo=UTC))).lines
    assert tell_unanswered(now=datetime(2027, 3, 20, 9, tzinfo=UTC)) == 0


def test_holidays_that_the_clock_adds_move_what_is_due(owner: Side, asker: Side) -> None:
    at = datetime(2027, 5, 2, 9, tzinfo=UTC)
    (one,) = ask(
        asker, line(make_thing(owner), start=datetime(2027, 6, 10, 9, tzinfo=UTC)), now=at
    ).lines
    assert fresh(one).answer_due_at == datetime(2027, 5, 5, 9, tzinfo=UTC)
    Institution.objects.filter(pk=owner.house.pk).update(observes_public_holidays=True)
    assert close_on_public_holidays(now=at) == 3
    # 3 May is Constitution Day.
    assert fresh(one).answer_due_at == datetime(2027, 5, 6, 9, tzinfo=UTC)
    assert close_on_public_holidays(now=at) == 0


def test_due_answers_are_reminded_then_the_deputies_then_the_managers_each_once_as_a_list(
    owner: Side, asker: Side
) -> None:
    house = owner.house
    house.office_email = "kontakt@library.example"
    house.save()
    jan = make_member(house, make_person("Jan", language="en"), role="keeper")
    boss = make_member(house, make_person("Ewa", language="en"), role="manager")
    Membership.objects.filter(person=owner.person).update(deputy=jan)
    far = datetime(2027, 4, 10, 10, tzinfo=UTC)
    for title in ("Sala", "Scena"):
        thing = make_thing(owner, title)
        set_keepers(by=owner.viewer, resource=thing.uid, people=[owner.person.uid])
        ask(asker, line(thing, start=far))
    tell(NOW)
    mail.outbox.clear()
    assert tell_unanswered(now=THURSDAY - timedelta(minutes=1)) == 0
    found = []
    for now in (THURSDAY, THURSDAY + timedelta(days=1), THURSDAY + timedelta(days=4)):
        assert tell_unanswered(now=now) in {1, 2}
        assert tell_unanswered(now=now) == 0
        tell(now)
        found.append(sorted(message.to[0] for message in mail.outbox))
        mail.outbox.clear()
    named, office = owner.person.email, "kontakt@library.example"
    assert found == [sorted([named, office]), [jan.email], [boss.email]]
    assert tell_unanswered(now=THURSDAY + timedelta(days=10)) == 0
    with translation.override("en"):
        listed = inbox(viewer=owner.at(THURSDAY))[0]
    assert (listed.message, listed.text) == ("answers_due", "Not answered yet: Sala, Scena")


def test_who_asked_waits_on_and_is_asked_again_after_three_working_days(
    owner: Side, asker: Side
) -> None:
    one = ask(asker, line(make_thing(owner), start=datetime(2027, 4, 10, 10, tzinfo=UTC))).lines[0]
    uid = one.booking.uid
    early = keep_waiting(by=asker.at(NOW), booking=uid)
    assert (early.uid, fresh(one).keeps_waiting_at) == (uid, None)
    assert not not_answered(fresh(one), THURSDAY - timedelta(minutes=1))
    assert not_answered(fresh(one), THURSDAY)
    with pytest.raises(Forbidden):
        keep_waiting(by=owner.at(THURSDAY), booking=uid)
    keep_waiting(by=asker.at(THURSDAY), booking=uid)
    again = fresh(one)
    assert again.keeps_waiting_at == THURSDAY
    assert again.answer_due_at == datetime(2027, 3, 9, 9, tzinfo=UTC)
    do(owner, one, "decline", now=THURSDAY)
    with pytest.raises(Conflict):
        keep_waiting(by=asker.at(THURSDAY), booking=uid)


def test_who_is_waited_for_is_reminded_again_after_all_were_told_once(
    owner: Side, asker: Side
) -> None:
    thing = make_thing(owner)
    one = ask(asker, line(thing, start=datetime(2027, 4, 10, 10, tzinfo=UTC))).lines[0]
    for days in (0, 1, 4):
        assert tell_unanswered(now=THURSDAY + timedelta(days=days)) == 1
    keep_waiting(by=asker.at(THURSDAY + timedelta(days=5)), booking=one.booking.uid)
    due = fresh(one).answer_due_at
    assert due == datetime(2027, 3, 12, 9, tzinfo=UTC)
    assert tell_unanswered(now=due - timedelta(minutes=1)) == 0
    assert (tell_unanswered(now=due), tell_unanswered(now=due)) == (1, 0)


def test_what_came_to_be_asked_without_a_time_gets_one_from_the_clock() -> None:
    stage = set_stage()
    Line.objects.visible_to(SYSTEM).update(sent_at=NOON)
    assert keep_answer_times(now=NOON) == 1
    assert stage.line.answer_due_at == datetime(2027, 3, 4, 11, tzinfo=UTC)
    assert keep_answer_times(now=NOON) == 0


def test_a_second_answer_is_told_who_was_first_and_the_others_read_it(
    owner: Side, asker: Side
) -> None:
    marta = make_side(house=owner.house)
    one = ask(asker, line(make_thing(owner))).lines[0]
    relay_all(now=NOW)
    do(owner, one, "approve")
    assert do(marta, one, "approve").decided_by == owner.person  # the same again is harmless
    with pytest.raises(AnsweredAlready) as second:
        do(marta, one, "decline")
    assert str(owner.person) in str(second.value.message)
    with translation.override("en"):
        entry = inbox(viewer=marta.viewer)[0]
    assert entry.note == f"answered by {owner.person}"
    assert inbox(viewer=owner.viewer)[0].note == ""


def test_told_by_phone_is_ticked_and_unticked_by_the_owners_people(
    owner: Side, asker: Side
) -> None:
    hall = make_thing(owner)
    one = ask(asker, line(hall)).lines[0]
    with pytest.raises(Conflict):
        told_by_phone(by=owner.viewer, line=one.uid)
    do(owner, one, "approve")
    do(owner, one, "take_back")
    with pytest.raises(Forbidden):
        told_by_phone(by=asker.viewer, line=one.uid)
    told_by_phone(by=owner.viewer, line=one.uid)
    told_by_phone(by=owner.viewer, line=one.uid)
    assert (fresh(one).told_at, fresh(one).told_by) == (NOW, owner.person)
    told_by_phone(by=owner.viewer, line=one.uid, told=False)
    assert (fresh(one).told_at, fresh(one).told_by) == (None, None)
    verbs = Event.objects.filter(verb__in=["booking.told", "booking.untold"]).order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["booking.told", "booking.untold"]


def test_on_friday_at_three_each_keeper_gets_one_list_until_the_next_working_day() -> None:
    stage = set_stage(state="confirmed", starts_at=datetime(2027, 3, 13, 9, tzinfo=UTC))
    marta = make_member(stage.library, make_person("Marta", language="en"), role="keeper")
    drill = make_resource(stage.library, "Wiertarka", handover="simple")
    make_booking(
        stage.choir, [drill], state="confirmed", starts_at=datetime(2027, 3, 15, 8, tzinfo=UTC)
    )
    Line.objects.visible_to(SYSTEM).filter(resource=drill).update(handover="simple")
    set_keepers(by=seen(stage, marta), resource=drill.uid, people=[marta.uid])
    friday = datetime(2027, 3, 12, 14, tzinfo=UTC)
    assert tell_tomorrow(now=friday - timedelta(minutes=1)) == 0
    assert tell_tomorrow(now=friday) == 2
    assert tell_tomorrow(now=friday + timedelta(hours=1)) == 0
    tell(friday)
    assert mails() == [("tomorrow", "sent")] * 2
    by_reader = {message.to[0]: str(message.body) for message in mail.outbox}
    assert "Sala prób" in by_reader[stage.keeper.email]
    assert "Wiertarka" not in by_reader[stage.keeper.email]
    both = by_reader[marta.email]
    assert "fetched Mon 15 March 2027, 09:00" in both
    assert "brought back Mon 15 March 2027, 12:00" in both
    assert "Chór" in both
    assert tell_tomorrow(now=friday + timedelta(days=1)) == 0  # Saturday is no working day
