"""What became of a mail: sent, dropped, to be tried again, or parked."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from notifications.models import Delivery, DeliveryState

logger = logging.getLogger(__name__)
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1_800, 7_200, 28_800))
"""Waiting times between tries; after the one that follows the last, the mail is parked."""
LAST_TRY = len(BACK_OFF) + 1


def try_again(deliveries: Collection[int], *, now: datetime) -> int:
    """Have parked mails (database ids) tried afresh, with the same Message-ID. How many were parked."""
    parked = Delivery.objects.filter(state=DeliveryState.PARKED)
    meant = Q(pk__in=deliveries, told_with=None) | Q(along__in=deliveries)
    first = list(parked.filter(meant).distinct().values_list("pk", flat=True))
    parked.filter(told_with__in=first).update(state=DeliveryState.DUE, error="")
    return parked.filter(pk__in=first).update(
        state=DeliveryState.DUE, due_at=now, attempts=0, error=""
    )


def try_later(delivery: Delivery, error: str, *, now: datetime) -> str:
    """Put back with a growing wait, or park after the last try."""
    if delivery.attempts >= LAST_TRY:
        mark(delivery, DeliveryState.PARKED, error=error)
        logger.error("Mail %s is parked after %s tries.", delivery.uid, delivery.attempts)
        return "parked"
    mark(delivery, DeliveryState.DUE, error=error, due_at=now + BACK_OFF[delivery.attempts - 1])
    return "later"


def mark(delivery: Delivery, state: DeliveryState, *, error: str = "", **fields: object) -> None:
    """Write the outcome, unless the lease ran out and somebody else is at it; what is told with it shares an end."""
    with transaction.atomic():
        marked = Delivery.objects.filter(
            pk=delivery.pk, state=delivery.state, attempts=delivery.attempts
        ).update(state=state, leased_until=None, error=error[:300], **fields)
        if marked and state in {DeliveryState.PARKED, DeliveryState.DROPPED}:
            Delivery.objects.filter(told_with=delivery, state=DeliveryState.DUE).update(
                state=state, error=error[:300]
            )


def mark_told(delivery: Delivery, why_not: Mapping[int, str], *, now: datetime) -> None:
    """It was sent: what it said is told, what was no longer so when it was written is dropped."""
    with transaction.atomic():
        mine = Delivery.objects.filter(
            pk=delivery.pk, state=delivery.state, attempts=delivery.attempts
        ).update(leased_until=None, **_told(why_not[delivery.pk], now))
        for pk, why in why_not.items():
            if mine and pk != delivery.pk:
                along = Delivery.objects.filter(pk=pk, told_with=delivery)
                along.filter(state=DeliveryState.DUE).update(**_told(why, now))


def _told(why_not: str, now: datetime) -> dict[str, Any]:
    if why_not:
        return {"state": DeliveryState.DROPPED, "error": why_not}
    return {"state": DeliveryState.SENT, "sent_at": now, "error": ""}
