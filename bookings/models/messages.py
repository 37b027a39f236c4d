"""What people write to each other."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.querysets import EnquiryManager, MessageManager
from cooperative import clock
from cooperative.identifiers import new_uid

from .bookings import Booking
from .lines import Line


class MessageKind(models.TextChoices):
    MESSAGE = "message", _("message")
    NOTE = "note", _("note with an answer")
    REASON = "reason", _("reason")
    WAIVER = "waiver", _("why an exception is asked for")
    TOLD = "told", _("told by phone")
    CORRECTION = "correction", _("correction")


class Enquiry(models.Model):
    """A question about a thing before any date: one conversation of its owner with each institution that asks.

    `shown` is frozen like on `Line`; `last_at` when somebody wrote last; `booking` is the request that came of it.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    resource = models.ForeignKey("sharing.Resource", on_delete=models.PROTECT, related_name="+")
    lender = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="+"
    )
    asker = models.ForeignKey("cooperative.Institution", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.SET_NULL, related_name="enquiries"
    )
    shown = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[EnquiryManager[Enquiry]] = EnquiryManager()

    class Meta:
        verbose_name_plural = "enquiries"
        constraints = [
            models.UniqueConstraint(fields=["resource", "asker"], name="enquiry_one_conversation")
        ]
        indexes = [
            models.Index(fields=["lender", "-last_at"], name="enquiry_by_lender"),
            models.Index(fields=["asker", "-last_at"], name="enquiry_by_asker"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class BookingMessage(models.Model):
    """What people write to each other in a booking, or in an enquiry before any.

    `lender` = the thread of one owner; null = to all of them. A correction says in `changes`, by field, what was and
    what is (`corrections.changes_kept`).
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    enquiry = models.ForeignKey(
        Enquiry, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    lender = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    line = models.ForeignKey(
        Line, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    author = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_for = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=MessageKind.choices, default=MessageKind.MESSAGE)
    action = models.CharField(max_length=20, blank=True)
    body = models.TextField(max_length=5_000)
    changes = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[MessageManager[BookingMessage]] = MessageManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(booking__isnull=False, enquiry__isnull=True)
                | Q(booking__isnull=True, enquiry__isnull=False),
                name="message_one_conversation",
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]
