"""One turn of sending: each mail that is due, if what it says is still so."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from cooperative.access.viewer import Viewer
from notifications.messages import MESSAGES
from notifications.models import Channel, Delivery, DeliveryState
from notifications.permissions import choices, still_true, wants
from notifications.queries.facts import Facts, event_parties, facts_for
from notifications.queries.subjects.choosing import shown
from notifications.roles import BORROWING, OUTSIDE, may_hear
from notifications.services.compose import compose

from .failing import ServerAway, bounced_before, failed
from .leasing import lease
from .marking import mark, mark_told, try_later
from .readers import address_of, language_of, reader_of

logger = logging.getLogger(__name__)
TURN = timedelta(seconds=60)
"""After so long a turn takes no further mail: tasks have a time limit, and the next turn is near."""


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
                outcome = try_later(delivery, str(away), now=clock())
                until = now  # the others wait for the next turn
            except DatabaseError:
                raise
            except Exception as error:  # one bad row must not stop those behind it
                logger.exception("Mail %s could not be sent.", delivery.uid)
                mailer.close()
                outcome = try_later(delivery, type(error).__name__, now=clock())
            setattr(done, outcome, getattr(done, outcome) + 1)
    finally:
        mailer.close()
    return done


def _send(delivery: Delivery, mailer: BaseEmailBackend, *, now: datetime) -> str:
    """Send one leased mail and mark it; the name of the counter in `Sent` that it belongs to."""
    address = address_of(delivery)
    viewer = reader_of(delivery, now)
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
        mark(delivery, DeliveryState.DROPPED, error=why_not[delivery.pk])
        return "dropped"
    language = language_of(delivery, facts)
    mail = compose(delivery, facts, to=address, language=language, told=told)
    try:
        mailer.open()  # stays open for the next mail of this turn
        mailer.send_messages([mail])
    except (smtplib.SMTPException, OSError) as error:
        return failed(delivery, error, address, mailer, now=now)
    mark_told(delivery, why_not, now=now)
    return "sent"


def _why_not(delivery: Delivery, facts: Facts, *, address: str, viewer: Viewer) -> str:
    """Why this mail is not sent after all, as things are now; "" when it is."""
    message = MESSAGES.get(delivery.message)
    if message is None:
        return "unknown message"
    by_phone = message.breaks and delivery.party_role in BORROWING
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
        ("never heard of it", lambda: not _never_heard(delivery)),
        ("this address was refused before", lambda: not bounced_before(delivery, address)),
    )
    return next((why for why, holds in checks if not holds()), "")


def _never_heard(delivery: Delivery) -> bool:
    """Whether a mail would take back what somebody written in was never told: it was undone before that went out."""
    if delivery.party_role != OUTSIDE or delivery.message != "taken_back":
        return False
    first = Delivery.objects.filter(
        address=delivery.address, about=delivery.about, message="written_in"
    )
    return first.exists() and not first.filter(state=DeliveryState.SENT).exists()
