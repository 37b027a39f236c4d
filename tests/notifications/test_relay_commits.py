"""The relay and its commit: one at a time, all or nothing."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction

from cooperative.events.models import Outbox, Stream
from notifications.models import Delivery
from notifications.services.relay import RELAY_LOCK, Relayed, relay
from tests.databases import Clone
from tests.notifications.stage import NOON, set_stage, told

pytestmark = pytest.mark.committing


def test_a_second_relay_does_nothing_while_the_first_works(committed_db: Clone) -> None:
    stage = set_stage()
    stage.happens("send", to="asked", actor=stage.asker)
    with psycopg.connect(committed_db.url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [RELAY_LOCK])
        assert relay(now=NOON) == Relayed(0, 0)
        assert Outbox.objects.count() == 1
    assert relay(now=NOON).events == 1


def test_killed_before_its_commit_nothing_has_happened(committed_db: Clone) -> None:
    stage = set_stage()
    stage.happens("send", to="asked", actor=stage.asker)
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - the kill is the point
        relay(now=NOON)
        raise RuntimeError("killed")
    assert (Delivery.objects.count(), Stream.objects.count()) == (0, 0)
    assert Outbox.objects.count() == 1
    relay(now=NOON)
    assert told(stage.keeper) == ["request_new"]
    assert connection.in_atomic_block is False
