"""What a viewer may read of bookings: the borrower all of theirs, a lender what is asked of it, once it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Exists, F, Manager, OuterRef, Q

from cooperative.access.querysets import GatedQuerySet
from cooperative.access.viewer import Viewer

if TYPE_CHECKING:
    from .models import (  # noqa: F401  # named in quotes below
        Attachment,
        Booking,
        BookingMessage,
        Case,
        Enquiry,
        Line,
        Offer,
        Seat,
        Watch,
    )


class BookingQuerySet(GatedQuerySet["Booking"]):
    """Bookings; `visible_to(viewer)` first."""

    def _seen_by(self, viewer: Viewer) -> Q:
        mine = list(viewer.institutions)
        lent = apps.get_model("bookings", "Line")._base_manager.filter(
            booking=OuterRef("pk"), lender__in=mine, sent_at__isnull=False
        )
        return Q(borrower__in=mine) | Q(Exists(lent))


class LineQuerySet(GatedQuerySet["Line"]):
    """Lines; `visible_to(viewer)` first. A lender sees its own lines of a booking, never another owner's."""

    def _seen_by(self, viewer: Viewer) -> Q:
        mine = list(viewer.institutions)
        return Q(borrower__in=mine) | Q(lender__in=mine, sent_at__isnull=False)

    def on_desk_of(self, viewer: Viewer) -> LineQuerySet:
        """What `viewer` may read; for moderators besides what one side of it brought to them."""
        if not viewer.moderator:
            return self.visible_to(viewer)
        brought = apps.get_model("bookings", "Case")._base_manager.filter(
            line=OuterRef("pk"), brought_at__isnull=False
        )
        desk = self.filter(self._seen_by(viewer) | Q(Exists(brought)))
        desk._viewer_named = True
        return desk


class OfferQuerySet(GatedQuerySet["Offer"]):
    """Offers: both sides of the line they are about."""

    def _seen_by(self, viewer: Viewer) -> Q:
        mine = list(viewer.institutions)
        return Q(booking__borrower__in=mine) | Q(lender__in=mine)


class WatchQuerySet(GatedQuerySet["Watch"]):
    """Skipped dates: both sides, as of the lines beside them."""

    def _seen_by(self, viewer: Viewer) -> Q:
        mine = list(viewer.institutions)
        return Q(borrower__in=mine) | Q(lender__in=mine)


class SeatQuerySet(GatedQuerySet["Seat"]):
    """Who sits where: the two sides of the line, nobody else."""

    def _seen_by(self, viewer: Viewer) -> Q:
        mine = list(viewer.institutions)
        return Q(line__borrower__in=mine) | Q(line__lender__in=mine, line__sent_at__isnull=False)


class MessageQuerySet(GatedQuerySet["BookingMessage"]):
    """Messages: the borrower all, a lender those of its own thread and those to everybody in the booking."""

    def _seen_by(self, viewer: Viewer) -> Q:
        mine = list(viewer.institutions)
        lent = apps.get_model("bookings", "Line")._base_manager.filter(
            booking=OuterRef("booking_id"), lender__in=mine, sent_at__isnull=False
        )
        return (
            Q(booking__borrower__in=mine)
            | Q(enquiry__asker__in=mine)
            | Q(lender__in=mine)
            | (Q(lender__isnull=True) & Q(Exists(lent)))
        )

    def in_order(self) -> MessageQuerySet:
        return self.order_by(F("at"), F("id"))


class EnquiryQuerySet(GatedQuerySet["Enquiry"]):
    """Questions before any date: who asks, and the thing's owner."""

    def _seen_by(self, viewer: Viewer) -> Q:
        mine = list(viewer.institutions)
        return Q(asker__in=mine) | Q(lender__in=mine)


class CaseQuerySet(GatedQuerySet["Case"]):
    """Cases: the two sides of the line."""

    def _seen_by(self, viewer: Viewer) -> Q:
        mine = list(viewer.institutions)
        return Q(lender__in=mine) | Q(borrower__in=mine)

    def on_desk_of(self, viewer: Viewer) -> CaseQuerySet:
        """What `viewer` may read; for moderators besides what one side brought to them."""
        if not viewer.moderator:
            return self.visible_to(viewer)
        desk = self.filter(self._seen_by(viewer) | Q(brought_at__isnull=False))
        desk._viewer_named = True
        return desk


class AttachmentQuerySet(GatedQuerySet["Attachment"]):
    """Photos and files: seen by who sees the message, line or case that they belong to."""

    def _seen_by(self, viewer: Viewer) -> Q:
        models = (("message", "BookingMessage"), ("line", "Line"), ("case", "Case"))
        found = Q()
        for field, model in models:
            seen = apps.get_model("bookings", model).objects.visible_to(viewer)
            found |= Q(**{f"{field}__in": seen.values("pk")})
        return found

    def on_desk_of(self, viewer: Viewer) -> AttachmentQuerySet:
        """What `viewer` may see; for moderators besides what belongs to a case that one side brought to them, to the
        hand-overs of its line, and to the conversation of its two sides."""
        if not viewer.moderator:
            return self.visible_to(viewer)
        brought = Q(case__brought_at__isnull=False)
        every = apps.get_model("bookings", "Case")._base_manager.filter(brought_at__isnull=False)
        of_line = Q(line=OuterRef("line")) | Q(line__rest_of=OuterRef("line"))
        cases = every.filter(line__booking=OuterRef("message__booking"))
        in_its_thread = Q(Exists(cases.filter(lender=OuterRef("message__lender"))))
        to_everybody = Q(Exists(cases.filter(borrower=OuterRef("message__author_for"))))
        desk = self.filter(
            self._seen_by(viewer)
            | brought
            | Q(Exists(every.filter(of_line)), line__isnull=False)
            | in_its_thread
            | Q(message__lender__isnull=True) & to_everybody
        )
        desk._viewer_named = True
        return desk


AttachmentManager = Manager.from_queryset(AttachmentQuerySet)
BookingManager = Manager.from_queryset(BookingQuerySet)
CaseManager = Manager.from_queryset(CaseQuerySet)
EnquiryManager = Manager.from_queryset(EnquiryQuerySet)
LineManager = Manager.from_queryset(LineQuerySet)
OfferManager = Manager.from_queryset(OfferQuerySet)
SeatManager = Manager.from_queryset(SeatQuerySet)
WatchManager = Manager.from_queryset(WatchQuerySet)
MessageManager = Manager.from_queryset(MessageQuerySet)
