"""From the outbox to deliveries and the stream: one relay at a time, one transaction for all that follows."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Prefetch

from cooperative.events.models import Event, EventParty, Outbox, Stream
from notifications.models import Channel, Delivery, DeliveryState
from notifications.queries.recipients import Recipient, people_behind, recipients
from notifications.services.timing import bring_together, set_times
from notifications.tells import Tell, tells

logger = logging.getLogger(__name__)

RELAY_LOCK = 0x506F_6465_7374
"""Advisory lock of the relay: positions of the stream are given out and committed in one order."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """What one turn did. `more` = the outbox held at least as much as was asked for."""

    events: int
    mails: int
    more: bool = False


def relay(*, now: datetime, limit: int = 100) -> Relayed:
    """Tell up to `limit` outbox events: inbox rows, mails that are due, stream positions; in one commit.

    Does nothing while another relay works. Killed before its commit, nothing has happened; after it, all of it has.
    """
    if not Outbox.objects.exists():
        return Relayed(0, 0)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [RELAY_LOCK])
            (mine,) = cursor.fetchone()
        if not mine:
            return Relayed(0, 0)
        ids = list(Outbox.objects.order_by("event_id").values_list("event_id", flat=True)[:limit])
        events = _read(ids)
        rules = {event.pk: _rules(event) for event in events}
        people = people_behind(events, rules, now=now)
        rows = [
            row
            for event in events
            for one in recipients(event, rules[event.pk], people)
            for row in _deliveries(event, one, now)
        ]
        set_times(rows, now=now)
        bring_together(rows, now=now)
        # Conflicts are what an earlier relay already wrote for the same (event, person, channel).
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        Stream.objects.bulk_create([Stream(event=event) for event in events])
        Outbox.objects.filter(event__in=ids).delete()
    mails = sum(row.channel == Channel.EMAIL for row in rows)
    return Relayed(len(events), mails, more=len(ids) == limit)


def relay_all(*, now: datetime, limit: int = 100, turns: int = 50) -> Relayed:
    """Turn after turn until the outbox is empty or `turns` are done."""
    events = mails = 0
    more = True
    while more and turns > 0:
        done = relay(now=now, limit=limit)
        events, mails, more, turns = events + done.events, mails + done.mails, done.more, turns - 1
    return Relayed(events, mails, more)


def _read(ids: Sequence[int]) -> list[Event]:
    parties = EventParty.objects.select_related("institution").order_by("id")
    return list(
        Event.objects.filter(pk__in=ids)
        .prefetch_related(Prefetch("parties", queryset=parties))
        .order_by("pk")
    )


def _rules(event: Event) -> tuple[Tell, ...]:
    try:
        return tells(event.verb, event.data)
    except Exception:  # one event that we misread must not stop all that come after it
        logger.exception("Nobody could be told of event %s (%s).", event.uid, event.verb)
        return ()


def _deliveries(event: Event, one: Recipient, now: datetime) -> list[Delivery]:
    return [
        Delivery(
            event=event,
            person_id=one.person,
            address=one.address,
            institution_id=one.institution,
            party_role=one.role,
            channel=channel,
            message=one.message,
            state=DeliveryState.SENT if channel == Channel.IN_APP else DeliveryState.DUE,
            created_at=now,
            due_at=now,
            sent_at=now if channel == Channel.IN_APP else None,
        )
        for channel in one.channels
    ]
