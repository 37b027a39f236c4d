"""The inbox of a person, worded when it is read, through what they may see by then."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bookings.states import UNANSWERED
from cooperative.access.viewer import Viewer
from cooperative.errors import Sentence
from notifications.links import page_path
from notifications.messages import GONE, MESSAGES, Page
from notifications.models import Channel, Delivery, DeliveryState
from notifications.queries.facts import Facts, event_parties, facts_for
from notifications.queries.subjects.choosing import shown
from notifications.queries.subjects.shown import HIDDEN
from notifications.roles import may_hear

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the inbox. `text` is worded in the active language; `path` is "" where there is nothing to open.

    `at` is an aware instant in UTC; `topic` a code of `Topic`; `institution` the id of the reader's house meant.
    """

    uid: UUID
    at: datetime
    message: str
    topic: str
    text: str
    note: str
    path: str
    read: bool
    institution: int | None
    event: UUID
    subject_kind: str
    subject: UUID
    position: int
    """Where the next page goes on: `inbox(before=position)`."""


def unread_count(*, viewer: Viewer) -> int:
    """How many entries the person has not read. One statement."""
    if viewer.person is None:
        return 0
    return Delivery.objects.filter(
        person=viewer.person, channel=Channel.IN_APP, read_at__isnull=True
    ).count()


def inbox(
    *, viewer: Viewer, before: int | None = None, limit: int = 20, unread: bool = False
) -> list[Entry]:
    """The person's entries, newest first, worded in the active language. At most 12 statements, whatever `limit`.

    `before` is the `position` of the last entry of the page before.
    """
    if viewer.person is None:
        return []
    rows = Delivery.objects.filter(person=viewer.person, channel=Channel.IN_APP)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(
        rows.select_related("event")
        .prefetch_related(event_parties())
        .order_by("-pk")[: max(1, min(limit, 100))]
    )
    return _entries(found, viewer)


def entry(*, viewer: Viewer, uid: UUID) -> Entry | None:
    """One entry of the person's own inbox, or None."""
    found = (
        Delivery.objects.filter(person=viewer.person, channel=Channel.IN_APP, uid=uid)
        .select_related("event")
        .prefetch_related(event_parties())
    )
    return next(iter(_entries(list(found), viewer)), None) if viewer.person is not None else None


def mail_refused(*, viewer: Viewer) -> bool:
    """Whether the last mail to this person that had an outcome was refused by their mail server: for a notice."""
    if viewer.person is None:
        return False
    last = (
        Delivery.objects.filter(
            person=viewer.person,
            channel=Channel.EMAIL,
            state__in=[DeliveryState.SENT, DeliveryState.PARKED],
        )
        .order_by("-pk")
        .values_list("error", flat=True)
        .first()
    )
    return last is not None and last.startswith("bounced:")


def _entries(found: Sequence[Delivery], viewer: Viewer) -> list[Entry]:
    facts = facts_for([delivery.event for delivery in found], viewer=viewer)
    entries: list[Entry] = []
    for delivery in found:
        message = MESSAGES.get(delivery.message)
        # Who no longer has the role in which they were told keeps the entry, without its content.
        heard = message is not None and may_hear(delivery, viewer=viewer)
        said = shown(delivery, facts) if heard else HIDDEN
        there = message is not None and said.visible
        entries.append(
            Entry(
                uid=delivery.uid,
                at=delivery.created_at,
                message=delivery.message,
                topic=message.topic.value if message is not None else "",
                text=_worded(message.sentence, said.values)
                if message is not None and there
                else str(GONE),
                note=said.note or _answered_by(delivery, facts, viewer),
                path=(
                    page_path(
                        message.page,
                        said.target,
                        at=said.anchor if message.page is Page.OFFER else "",
                    )
                    or page_path(Page.HOME)
                )
                if message is not None and there
                else "",
                read=delivery.read_at is not None,
                institution=delivery.institution_id,
                event=delivery.event.uid,
                subject_kind=delivery.event.subject_kind,
                subject=delivery.event.subject_uid,
                position=delivery.pk,
            )
        )
    return entries


def _answered_by(delivery: Delivery, facts: Facts, viewer: Viewer) -> str:
    """Which colleague answered the request that an entry tells of; "" where nobody did, or the reader themselves."""
    if delivery.message != "request_new":
        return ""
    named = (facts.lines.get(UUID(one["line"])) for one in delivery.event.data.get("lines", ()))
    lines = [line for line in named if line is not None]
    who = {line.decided_by for line in lines if line.decided_by is not None}
    if not who or any(line.state in UNANSWERED for line in lines):
        return ""
    others = sorted(str(one) for one in who if one.pk != viewer.person)
    return _("answered by %(who)s") % {"who": ", ".join(others)} if others else ""


def _worded(sentence: Sentence, values: dict[str, str]) -> str:
    """A translation that names what there is not must not break the inbox."""
    try:
        return str(sentence) % values
    except (KeyError, ValueError, TypeError):
        logger.exception("A sentence cannot be filled in: %r", str(sentence))
        return " · ".join(value for value in (values["what"], values["when"]) if value)
