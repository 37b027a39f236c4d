"""What people write to each other."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.querysets import MessageManager
from cooperative import clock
from cooperative.identifiers import new_uid

from .bookings import Booking
from .lines import Line


class MessageKind(models.TextChoices):
    MESSAGE = "message", _("message")
    NOTE = "note", _("note with an answer")
    REASON = "reason", _("reason")
    WAIVER = "waiver", _("why an exception is asked for")


class BookingMessage(models.Model):
    """What people write to each other in a booking. `lender` = the thread of one owner; null = to all of them."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="messages")
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
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[MessageManager[BookingMessage]] = MessageManager()

    def __str__(self) -> str:
        return self.body[:60]
