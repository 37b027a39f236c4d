"""What a failure of the mail server means."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime
from hashlib import sha256

from django.core.mail.backends.base import BaseEmailBackend

from notifications.models import Channel, Delivery, DeliveryState

from .marking import mark, try_later

logger = logging.getLogger(__name__)


class ServerAway(Exception):
    """The mail server cannot be reached: no use in trying the others now."""


def failed(
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
        return try_later(delivery, told, now=now)
    mark(delivery, DeliveryState.PARKED, error=bounced + told)
    logger.warning("Mail %s was refused: %s.", delivery.uid, told)
    return "parked"


def _bounce(address: str) -> str:
    """Recognises a refused address without keeping it."""
    return f"bounced:{sha256(address.lower().encode()).hexdigest()[:16]}"


def bounced_before(delivery: Delivery, address: str) -> bool:
    """Whether a mail server refused this very address of this reader for good. A changed address starts afresh."""
    return Delivery.objects.filter(
        person=delivery.person,
        address=delivery.address,
        channel=Channel.EMAIL,
        state=DeliveryState.PARKED,
        error__startswith=_bounce(address),
    ).exists()
