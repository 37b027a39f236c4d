"""Questions before any date, as the two sides look at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

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
        found, messages, files_of(viewer=viewer, messages=[one.pk for one in messages])
    )


def enquiry_about(*, viewer: Viewer, resource: UUID) -> Enquiry | None:
    """What the institution acted for has asked about a thing before, or None."""
    mine = Enquiry.objects.visible_to(viewer).filter(asker=viewer.acting_for)
    return mine.filter(resource__uid=resource).first()


def enquiries_of(*, viewer: Viewer) -> QuerySet[Enquiry]:
    """All that the viewer may read, with their sides; each says who wrote last (`last_for`) and what (`last_words`)."""
    last = BookingMessage.objects.visible_to(SYSTEM).filter(enquiry=OuterRef("pk"))
    newest = last.order_by("-at", "-pk")
    return (
        Enquiry.objects.visible_to(viewer)
        .select_related("resource", "lender", "asker", "person", "booking")
        .annotate(
            last_for=Subquery(newest.values("author_for_id")[:1]),
            last_words=Subquery(newest.values("body")[:1]),
        )
    )


def questions_waiting(*, viewer: Viewer, institution: int) -> list[Enquiry]:
    """Those about the house's things in which the asker wrote last, the longest waiting first. One statement."""
    asked = enquiries_of(viewer=viewer).filter(lender=institution)
    return [one for one in asked.order_by("last_at", "pk") if one.last_for == one.asker_id]  # type: ignore[attr-defined]
