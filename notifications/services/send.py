"""Sending what is due by e-mail: lease, committed; ask again whether it is still so; send; mark.

Nothing is sent inside a transaction. A worker killed between sending and marking leaves a lease that runs out; the
next one sends the same mail with the same Message-ID.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.db import connection as database
from django.db.models import Q

from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from notifications.messages import MESSAGES
from notifications.models import Channel, Delivery, DeliveryState
from notifications.permissions import choices, still_true, wants
from notifications.queries.facts import Facts, event_parties, facts_for
from notifications.queries.subjects.choosing import shown
from notifications.roles import may_hear
from notifications.services.compose import compose
from notifications.services.timing import awake

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than any single attempt to send; what a killed worker held is taken up again after it."""
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1_800, 7_200, 28_800))
"""Waiting times between tries; after the one that follows the last, the mail is parked."""
TURN = timedelta(seconds=60)
"""After so long a turn takes no further mail: tasks have a time limit, and the next turn is near."""
LAST_TRY = len(BACK_OFF) + 1

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


class ServerAway(Exception):
    """The mail server cannot be reached: no use in trying the others now."""


@dataclass(slots=True)
class Sent:
    """What one turn did."""

    sent: int = 0
    dropped: int = 0
    later: int = 0
    parked: int = 0


def send_due(*, clock: Callable[[], datetime], limit: int = 200) -> Sent:
    """Send up to `limit` mails that are due. `clock` is asked before each, as a turn may take long.

    Any number of workers may do this at once.
    """
    done = Sent()
    mailer: BaseEmailBackend = get_connection()
    until = clock() + TURN
    try:
        for _ in range(limit):
            now = clock()
            delivery = lease(now=now) if now < until else None
            if delivery is None:
                break
            try:
                outcome = _send(delivery, mailer, now=now)
            except ServerAway as away:
                outcome = _later(delivery, str(away), now=clock())
                until = now  # the others wait for the next turn
            except DatabaseError:
                raise
            except Exception as error:  # one bad row must not stop those behind it
                logger.exception("Mail %s could not be sent.", delivery.uid)
                mailer.close()
                outcome = _later(delivery, type(error).__name__, now=clock())
            setattr(done, outcome, getattr(done, outcome) + 1)
    finally:
        mailer.close()
    return done


def try_again(deliveries: Collection[int], *, now: datetime) -> int:
    """Have parked mails (database ids) tried afresh, with the same Message-ID. How many were parked."""
    parked = Delivery.objects.filter(state=DeliveryState.PARKED)
    meant = Q(pk__in=deliveries, told_with=None) | Q(along__in=deliveries)
    first = list(parked.filter(meant).distinct().values_list("pk", flat=True))
    parked.filter(told_with__in=first).update(state=DeliveryState.DUE, error="")
    return parked.filter(pk__in=first).update(
        state=DeliveryState.DUE, due_at=now, attempts=0, error=""
    )


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
                _mark(delivery, DeliveryState.PARKED, error=delivery.error or "never came back")
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


def _send(delivery: Delivery, mailer: BaseEmailBackend, *, now: datetime) -> str:
    """Send one leased mail and mark it; the name of the counter in `Sent` that it belongs to."""
    address = _address(delivery)
    viewer = _reader(delivery, now)
    along = Delivery.objects.filter(told_with=delivery, state=DeliveryState.DUE)
    meant = [
        delivery,
        *along.select_related("event", "institution")
        .prefetch_related(event_parties())
        .order_by("pk"),
    ]
    facts = facts_for([one.event for one in meant], viewer=viewer)
    why_not = {one.pk: _why_not(one, facts, address=address, viewer=viewer) for one in meant}
    told = [one for one in meant if not why_not[one.pk]]
    if not told:
        _mark(delivery, DeliveryState.DROPPED, error=why_not[delivery.pk])
        return "dropped"
    language = _language(delivery, facts)
    mail = compose(delivery, facts, to=address, language=language, told=told)
    try:
        mailer.open()  # stays open for the next mail of this turn
        mailer.send_messages([mail])
    except (smtplib.SMTPException, OSError) as error:
        return _failed(delivery, error, address, mailer, now=now)
    _mark_told(delivery, why_not, now=now)
    return "sent"


def _why_not(delivery: Delivery, facts: Facts, *, address: str, viewer: Viewer) -> str:
    """Why this mail is not sent after all, as things are now; "" when it is."""
    message = MESSAGES.get(delivery.message)
    if message is None:
        return "unknown message"
    by_phone = message.breaks and delivery.party_role == "borrower"
    said = shown(delivery, facts)
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("no address", lambda: bool(address)),
        ("no longer in this role", lambda: may_hear(delivery, viewer=viewer)),
        (
            "not wanted by e-mail",
            lambda: wants(message, Channel.EMAIL, choices(delivery.person_id)),
        ),
        (
            "no longer so",
            lambda: still_true(delivery, message, shown=said, facts=facts, now=viewer.now),
        ),
        ("told by phone", lambda: not (by_phone and said.told)),
        ("this address was refused before", lambda: not _bounced_before(delivery, address)),
    )
    return next((why for why, holds in checks if not holds()), "")


def _failed(
    delivery: Delivery,
    error: smtplib.SMTPException | OSError,
    address: str,
    mailer: BaseEmailBackend,
    *,
    now: datetime,
) -> str:
    """What a failure means: refused for good, to be tried again, or a server that is away."""
    mailer.close()
    code = 0
    bounced = ""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((answer[0] for answer in error.recipients.values()), default=0)
        bounced = f"{_bounce(address)} " if code >= 500 else ""
    elif isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
    told = f"{type(error).__name__} {code or ''}".strip()
    if not code:
        # Nothing is known of this mail: the line broke, nobody was there, or the server wants none of us.
        raise ServerAway(told) from error
    if code < 500:
        return _later(delivery, told, now=now)
    _mark(delivery, DeliveryState.PARKED, error=bounced + told)
    logger.warning("Mail %s was refused: %s.", delivery.uid, told)
    return "parked"


def _later(delivery: Delivery, error: str, *, now: datetime) -> str:
    """Put back with a growing wait, or park after the last try."""
    if delivery.attempts >= LAST_TRY:
        _mark(delivery, DeliveryState.PARKED, error=error)
        logger.error("Mail %s is parked after %s tries.", delivery.uid, delivery.attempts)
        return "parked"
    _mark(delivery, DeliveryState.DUE, error=error, due_at=now + BACK_OFF[delivery.attempts - 1])
    return "later"


def _mark(delivery: Delivery, state: DeliveryState, *, error: str = "", **fields: object) -> None:
    """Write the outcome, unless the lease ran out and somebody else is at it; what is told with it shares an end."""
    with transaction.atomic():
        marked = Delivery.objects.filter(
            pk=delivery.pk, state=delivery.state, attempts=delivery.attempts
        ).update(state=state, leased_until=None, error=error[:300], **fields)
        if marked and state in {DeliveryState.PARKED, DeliveryState.DROPPED}:
            Delivery.objects.filter(told_with=delivery, state=DeliveryState.DUE).update(
                state=state, error=error[:300]
            )


def _mark_told(delivery: Delivery, why_not: Mapping[int, str], *, now: datetime) -> None:
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


def _address(delivery: Delivery) -> str:
    """Where the mail goes now; "" for who was erased, shut out, or has an address that cannot exist (RFC 2606)."""
    person = delivery.person
    address = delivery.address
    if person is not None:
        address = person.email if person.is_active and person.erased_at is None else ""
    return "" if address.lower().endswith(".invalid") else address


def _reader(delivery: Delivery, now: datetime) -> Viewer:
    """Who reads it: the person as they are now, or for an office copy the institution itself."""
    if delivery.person is not None:
        return viewer_for(person=delivery.person, acting_for=delivery.institution_id, now=now)
    house = delivery.institution_id
    return Viewer(now=now, acting_for=house, roles={house: "keeper"} if house is not None else {})


def _language(delivery: Delivery, facts: Facts) -> str:
    if delivery.person is not None:
        return delivery.person.language
    invitation = facts.invitations.get(delivery.event.subject_uid)
    if invitation is not None:
        return invitation.language
    return next(iter(delivery.institution.languages), "pl") if delivery.institution else "pl"


def _bounce(address: str) -> str:
    """Recognises a refused address without keeping it."""
    return f"bounced:{sha256(address.lower().encode()).hexdigest()[:16]}"


def _bounced_before(delivery: Delivery, address: str) -> bool:
    """Whether a mail server refused this very address of this reader for good. A changed address starts afresh."""
    return Delivery.objects.filter(
        person=delivery.person,
        address=delivery.address,
        channel=Channel.EMAIL,
        state=DeliveryState.PARKED,
        error__startswith=_bounce(address),
    ).exists()
