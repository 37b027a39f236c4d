"""Taking the next mail that is due, so that no other worker takes it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection as database
from django.db import transaction

from notifications.models import Channel, Delivery, DeliveryState
from notifications.queries.facts import event_parties
from notifications.services.timing import awake

from .marking import LAST_TRY, mark

LEASE = timedelta(seconds=60)
"""Longer than any single attempt to send; what a killed worker held is taken up again after it."""

# The oldest unfinished mail of each reader that is due or was tried, never a later one before it; an urgent one waits
# only behind urgent ones. Rows that another worker is leasing at this very moment are passed over, and so are the later
# ones of the same reader. What is told with another mail is no mail of its own.
_NEXT = """
SELECT id FROM notifications_delivery AS mail
WHERE channel = 'email' AND due_at <= %(now)s AND told_with_id IS NULL
    AND (state = 'due' OR (state = 'sending' AND leased_until <= %(now)s))
    AND NOT EXISTS (
        SELECT 1 FROM notifications_delivery AS earlier
        WHERE earlier.channel = 'email' AND earlier.state IN ('due', 'sending')
            AND earlier.told_with_id IS NULL AND earlier.id < mail.id
            AND (earlier.due_at <= %(now)s OR earlier.attempts > 0) AND (earlier.urgent OR NOT mail.urgent)
            AND earlier.address = mail.address
            AND earlier.person_id IS NOT DISTINCT FROM mail.person_id
    )
ORDER BY due_at, id LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED
"""


def lease(*, now: datetime) -> Delivery | None:
    """Take the next mail that is due, for `LEASE`; None when there is none. Committed before anything is sent.

    One that brought down its workers time and again is parked here, so that the others flow.
    """
    while True:
        with transaction.atomic():
            with database.cursor() as cursor:
                cursor.execute(_NEXT, {"now": now})
                row = cursor.fetchone()
            if row is None:
                return None
            taken = Delivery.objects.select_related("event", "person", "institution")
            delivery = taken.prefetch_related(event_parties()).get(pk=row[0])
            if delivery.attempts >= LAST_TRY:
                mark(delivery, DeliveryState.PARKED, error=delivery.error or "never came back")
                continue
            later = _morning(delivery, now)
            if later is not None:
                Delivery.objects.filter(pk=delivery.pk).update(
                    state=DeliveryState.DUE, leased_until=None, due_at=later
                )
                continue
            if delivery.gathers and delivery.attempts == 0:
                _take_along(delivery)
            delivery.state = DeliveryState.SENDING
            delivery.attempts += 1
            delivery.leased_until = now + LEASE
            delivery.save(update_fields=["state", "attempts", "leased_until"])
            return delivery


def _morning(delivery: Delivery, now: datetime) -> datetime | None:
    """When the reader's quiet hours end, where this mail has to wait for that. What a worker began is brought to its
    end."""
    if delivery.urgent or delivery.person is None or delivery.state != DeliveryState.DUE:
        return None
    later = awake(delivery.person, now)
    return later if later > now else None


def _take_along(delivery: Delivery) -> None:
    """What waits to tell the same reader of the same booking goes out with this mail: once it is tried, with no more
    and no less."""
    Delivery.objects.filter(
        person=delivery.person_id,
        address=delivery.address,
        institution=delivery.institution_id,
        party_role=delivery.party_role,
        channel=Channel.EMAIL,
        about=delivery.about,
        gathers=delivery.gathers,
        state=DeliveryState.DUE,
        attempts=0,
        told_with=None,
        pk__gt=delivery.pk,
    ).update(told_with=delivery)
