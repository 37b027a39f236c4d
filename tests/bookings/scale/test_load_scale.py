"""A small world of a size: stored with every trigger on, sound, and one that the services go on with."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import F, Sum

from bookings.models import Booking, Capacity, Claim, Line
from bookings.scale.databases import drop, fill, template_of
from bookings.scale.founding import ASKER
from bookings.scale.shape import Shape
from bookings.services.request.sending import request_booking
from bookings.states import CLAIMING
from bookings.wishes import BookingWish, LineWish
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.events.models import Event, Outbox
from cooperative.models import Membership
from sharing.models import Resource
from tests.bookings.stage import audited
from tests.databases import Clone

NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
SMALL = Shape(4_000, 150, NOW)


@pytest.mark.committing
def test_a_world_is_sound_and_goes_on() -> None:
    stored = fill(SMALL)
    assert stored == Claim.objects.count() == pytest.approx(SMALL.claims, rel=0.05)
    audited(NOW)
    written = Capacity.objects.aggregate(all=Sum("version"))["all"]
    assert written >= stored, "the trigger counted every claim"
    states = set(Line.objects.visible_to(SYSTEM).values_list("state", flat=True))
    assert states >= {"confirmed", "held", "asked", "closed", "finished", "returned", "declined"}
    causes = Claim.objects.order_by().values_list("cause", "mode").distinct()
    assert set(causes) == {
        ("line", "exclusive"),
        ("line", "peak"),
        ("line", "total"),
        ("block", "exclusive"),
    }
    assert Outbox.objects.count() == 0, "nobody is told of ten years"
    told = Event.objects.filter(verb="booking.send").values_list("subject_uid", flat=True)
    assert set(told) == set(Booking.objects.visible_to(SYSTEM).values_list("uid", flat=True))

    membership = Membership.objects.select_related("person").get(person__email=ASKER)
    asker = viewer_for(person=membership.person, acting_for=membership.institution_id, now=NOW)
    hall = Resource.objects.visible_to(SYSTEM).filter(kind="exclusive", parts=None)[0]
    start = datetime(2029, 3, 1, 9, tzinfo=UTC)
    wish = LineWish(hall.uid, start, start + timedelta(hours=2))
    done = request_booking(
        by=asker, institution=membership.institution_id, wish=BookingWish((wish,), title="Dalej")
    )
    assert [line.state for line in done.lines] == ["confirmed"]
    audited(NOW)
    late = Line.objects.visible_to(SYSTEM).filter(state__in=CLAIMING, use_ends_at__lt=F("sent_at"))
    assert not late.exists()


@pytest.mark.proof
@pytest.mark.committing
def test_a_template_is_made_once_and_cloned(committed_db: Clone) -> None:
    name = f"podest_scale_test_{os.getpid()}"
    options = {"claims": 1_000, "things": 100, "at": "2027-02-01T10:00+01:00", "into": name}
    template = template_of(Shape(1_000, 100, NOW))
    try:
        told = StringIO()
        call_command("load_scale", stdout=told, **options)
        assert [line.split(":")[0] for line in told.getvalue().splitlines()] == [template, name]
        told = StringIO()
        call_command("load_scale", stdout=told, **options)
        assert [line.split(":")[0] for line in told.getvalue().splitlines()] == [name]
        with psycopg.connect(committed_db.server.named(name)) as connection:
            row = connection.execute("SELECT count(*) FROM bookings_claim").fetchone()
        assert row is not None
        assert row[0] == pytest.approx(1_000, rel=0.1)
    finally:
        drop(name)
        drop(template)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"into": "podest"}, "begins with podest_scale"),
        ({"at": "2027-02-01T10:00"}, "Say the offset"),
        ({"claims": 10}, "At least 1000"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: dict[str, object], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("load_scale", **options)


def test_never_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRODUCTION", True)
    with pytest.raises(CommandError, match="never in production"):
        call_command("load_scale")
