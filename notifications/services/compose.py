"""Writing a mail in its reader's language. A translation or template that fails never stops a mail."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from cooperative.membership.tokens import invitation_token
from notifications.links import absolute, page_path
from notifications.messages import MESSAGES, Message, Page
from notifications.models import Delivery
from notifications.queries.facts import Facts
from notifications.queries.subjects.choosing import shown
from notifications.queries.subjects.shown import Shown
from notifications.roles import OUTSIDE
from notifications.wording import one_line

logger = logging.getLogger(__name__)
FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Part:
    """What one mail says in one sentence: `opening`, and what it is about."""

    opening: str
    said: Shown


def compose(
    delivery: Delivery,
    facts: Facts,
    *,
    to: str,
    language: str,
    told: Sequence[Delivery] = (),
) -> EmailMultiAlternatives:
    """The mail for `delivery`: text and HTML, stable Message-ID, Reply-To the other side's contact.

    `told` is what it says where that is not `delivery` alone: others about the same booking.

    What cannot be written in `language` is written in English; what cannot be written at all says only where to look.
    """
    told = told or [delivery]
    for attempt in dict.fromkeys((language, FALLBACK_LANGUAGE)):
        try:
            with translation.override(attempt):
                return _written(delivery, told, facts, to=to, language=attempt)
        except Exception:  # a bad translation or template is ours to mend, not the reader's to miss
            logger.exception("Mail %s cannot be written in %s.", delivery.message, attempt)
    link = absolute(page_path(Page.HOME))
    return _mail(delivery, to=to, subject="Podest", text=f"There is news for you: {link}\n")


def _written(
    delivery: Delivery,
    told: Sequence[Delivery],
    facts: Facts,
    *,
    to: str,
    language: str,
) -> EmailMultiAlternatives:
    by_message: dict[str, list[Delivery]] = {}
    for one in told:
        by_message.setdefault(one.message, []).append(one)
    found = [(MESSAGES[code], shown(same[0], facts, same[1:])) for code, same in by_message.items()]
    message, said = found[0]
    outside = delivery.party_role == OUTSIDE  # without an account no page opens
    subject = one_line("; ".join(str(one.subject) % about.values for one, about in found))
    context: dict[str, Any] = {
        "language": language,
        "subject": subject,
        "opening": str(message.sentence) % said.values,
        "said": said,
        "parts": [Part(str(one.sentence) % about.values, about) for one, about in found],
        "call": said if (message.breaks or outside) and said.call_phone else None,
        "action": str(message.action),
        "link": "" if outside else absolute(_path(message, said)),
        "outside": outside,
        "home": absolute("/"),
        "settings_link": absolute(page_path(Page.HOME)),
        "essential": message.essential or delivery.person_id is None,
        "topic": message.topic.label,
    }
    name = f"notifications/mail/{message.template}"
    text = render_to_string(f"{name}.txt", context)
    html = render_to_string(f"{name}.html", context)
    return _mail(delivery, to=to, subject=subject, text=text, html=html, reply_to=said.reply_to)


def _path(message: Message, said: Shown) -> str:
    if message.page is Page.INVITATION and said.target is not None:
        return page_path(Page.INVITATION, invitation_token(said.target))
    at = said.anchor if message.page is Page.OFFER else ""
    return page_path(message.page, said.target, at=at) or page_path(Page.HOME)


def _mail(
    delivery: Delivery,
    *,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    reply_to: str = "",
) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={
            # The same for every attempt, so that a mail sent twice is recognised as one.
            "Message-ID": message_id(delivery),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            # Everything about one booking stands together in the reader's mail program.
            "References": f"<{delivery.event.subject_uid}@{mail_host()}>",
        },
    )
    if html is not None:
        mail.attach_alternative(html, "text/html")
    return mail


def message_id(delivery: Delivery) -> str:
    """Made from the delivery's uid: stable over retries."""
    return f"<{delivery.uid}@{mail_host()}>"


def mail_host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"
