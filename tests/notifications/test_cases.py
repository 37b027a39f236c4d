"""Who hears of a case: the other side at each step, moderators of what was brought, nobody of a reading."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.services.cases import (
    answer_case,
    bring_case,
    decide_case,
    object_to,
    read_case,
)
from bookings.services.clockwork import tick
from cooperative.access.queries import viewer_for
from notifications.models import Delivery
from notifications.queries.inbox import inbox
from notifications.services.relay import relay_all
from tests.bookings.stage import DAY, ask, line, make_side, make_thing, open_case
from tests.factories import make_moderator
from tests.notifications.stage import told

pytestmark = pytest.mark.django_db
AFTER = DAY + timedelta(hours=13)


def test_each_step_is_told_to_the_other_side_and_to_moderators_when_brought() -> None:
    owner, guest, third = make_side("Dom"), make_side("Chór", role="staff"), make_side("Kino")
    judge = make_moderator()
    (one,) = ask(guest, line(make_thing(owner, "Sala", terms={"at_once": True}))).lines
    tick(now=AFTER)
    relay_all(now=AFTER)
    Delivery.objects.all().delete()
    made = open_case(by=owner.at(AFTER), line=one.uid, kind="dirty", words="Brudno.")
    answer_case(by=guest.at(AFTER), case=made.uid, words="Było brudno.")
    relay_all(now=AFTER)
    assert (told(owner.person), told(guest.person)) == (["case_answered"], ["complained"])
    assert told(judge) == []
    bring_case(by=owner.at(AFTER), case=made.uid)
    by = viewer_for(person=judge, acting_for=None, now=AFTER)
    made.refresh_from_db()
    read_case(by=by, case=made)
    decide_case(by=by, case=made.uid, outcome="nothing", reason="Nic.")
    object_to(by=guest.at(AFTER), case=made.uid, words="Nie.")
    relay_all(now=AFTER)
    assert told(owner.person) == ["case_answered", "case_decided", "case_objected"]
    assert told(guest.person) == ["complained", "case_brought", "case_decided"]
    assert told(judge) == ["case_to_decide", "objection_to_answer"]
    assert told(third.person) == []
    entries = inbox(viewer=by)
    assert {entry.path for entry in entries} == {f"/cases/{made.uid}/"}
    assert all("Sala" in entry.text for entry in entries)
