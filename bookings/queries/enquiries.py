"""Questions before any date, as the two sides look at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from bookings.models import Attachment, BookingMessage, Enquiry
from bookings.queries.attachments import files_of
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound


@dataclass(frozen=True, slots=True)
class WholeEnquiry:
    """A conversation with its messages in order; `files` by the id of their message."""

    enquiry: Enquiry
    messages: tuple[BookingMessage, ...]
    files: Mapping[int, Sequence[Attachment]]


@dataclass(frozen=True, slots=True)
class Question:
    """An enquiry in a list, with what was written last."""

    enquiry: Enquiry
    last: BookingMessage

    @property
    def answered(self) -> bool:
        """Whether it is the asker's turn."""
        return self.last.author_for_id != self.enquiry.asker_id


def enquiry_for(*, viewer: Viewer, uid: UUID) -> WholeEnquiry:
    """One conversation. Raises `NotFound`. Three statements."""
    found = enquiries_of(viewer=viewer).filter(uid=uid).first()
    if found is None:
        raise NotFound
    messages = tuple(
        BookingMessage.objects.visible_to(viewer)
        .filter(enquiry=found)
        .select_related("author", "author_for", "lender")
        .in_order()
    )
    return WholeEnquiry(
        found, messages, files_of("message", [one.pk for one in messages], viewer=viewer)
    )


def enquiry_about(*, viewer: Viewer, resource: UUID) -> Enquiry | None:
    """What the institution acted for has asked about a thing before, or None."""
    mine = Enquiry.objects.visible_to(viewer).filter(asker=viewer.acting_for)
    return mine.filter(resource__uid=resource).first()


def enquiries_of(*, viewer: Viewer) -> QuerySet[Enquiry]:
    """All that the viewer may read, with their sides."""
    return Enquiry.objects.visible_to(viewer).select_related(
        "resource", "lender", "asker", "person", "booking"
    )


def with_last_said(enquiries: Iterable[Enquiry]) -> list[Question]:
    """Each of these, which may be read, with what was written last. One statement, none for no enquiries."""
    found = list(enquiries)
    if not found:
        return []
    rows = BookingMessage.objects.visible_to(SYSTEM).filter(enquiry__in=found)
    newest = rows.order_by("enquiry", "-at", "-pk").distinct("enquiry")
    last = {one.enquiry_id: one for one in newest}
    return [Question(one, last[one.pk]) for one in found]


def questions_waiting(*, viewer: Viewer, institution: int) -> list[Question]:
    """Those about the house's things in which the asker wrote last, the longest waiting first. Two statements."""
    said = BookingMessage.objects.visible_to(SYSTEM).filter(enquiry=OuterRef("pk"))
    wrote = Subquery(said.order_by("-at", "-pk").values("author_for")[:1])
    asked = enquiries_of(viewer=viewer).filter(lender=institution)
    waiting = asked.alias(wrote=wrote).filter(wrote=F("asker"))
    return with_last_said(waiting.order_by("last_at", "pk"))
