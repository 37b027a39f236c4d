"""TELL: what was told to whom, by which channel, and what is due to be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid


class Channel(models.TextChoices):
    IN_APP = "in_app", _("in the inbox")
    EMAIL = "email", _("by e-mail")


class DeliveryState(models.TextChoices):
    DUE = "due", _("to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("no longer true, not sent")
    PARKED = "parked", _("given up after the last try")


class Delivery(models.Model):
    """One event told to one person by one channel: once. In-app ones are the inbox; `read_at` belongs to them.

    Where nobody with an account is meant (an invitation, an institution's office), `address` says where the mail goes
    and `person` is null. While `sending`, `leased_until` says how long the sender may take; after that another may
    try again. `urgent` mails pass quiet hours and wait behind no other. What `gathers` (a code) tells `about` one
    booking to one reader goes out as one mail: that of the first, `told_with` which the others are.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    event = models.ForeignKey(
        "cooperative.Event", on_delete=models.PROTECT, related_name="deliveries"
    )
    person = models.ForeignKey(
        "cooperative.Person",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    address = models.EmailField(max_length=254, blank=True)
    institution = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    party_role = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    message = models.CharField(max_length=60)
    state = models.CharField(
        max_length=20, choices=DeliveryState.choices, default=DeliveryState.DUE
    )
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(default=False)
    about = models.UUIDField(null=True, blank=True)
    gathers = models.CharField(max_length=20, blank=True)
    told_with = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="along"
    )

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "person", "channel"], name="delivery_once"),
            models.UniqueConstraint(
                fields=["event", "address", "channel"],
                condition=~Q(address=""),
                name="delivery_to_address_once",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, address="")
                | (Q(person__isnull=True, channel="email") & ~Q(address="")),
                name="delivery_one_recipient",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["due", "sending"]), name="delivery_due"
            ),
            models.Index(fields=["person", "channel", "-id"], name="delivery_inbox"),
            models.Index(
                fields=["person", "address", "id"],
                condition=Q(channel="email", state__in=["due", "sending"]),
                name="delivery_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} -> {self.person_id or self.address} ({self.channel})"


class Reminder(models.Model):
    """Something to be told at `due_at` unless it is no longer true by then. Rows, never a broker's delay.

    About a line, or about another subject (an offer, a partnership, a listing) by kind and uid.
    """

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(
        "bookings.Line", null=True, blank=True, on_delete=models.CASCADE, related_name="reminders"
    )
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_uid = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "kind", "due_at"],
                condition=Q(line__isnull=False),
                name="reminder_once",
            ),
            models.UniqueConstraint(
                fields=["subject_uid", "kind", "due_at"],
                condition=Q(subject_uid__isnull=False),
                name="reminder_once_by_subject",
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=False, subject_uid__isnull=True)
                | Q(line__isnull=True, subject_uid__isnull=False),
                name="reminder_one_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="reminder_due")
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.due_at}"


class Preference(models.Model):
    """A person's own choice for a topic and a channel; without a row the default holds."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        "cooperative.Person", on_delete=models.CASCADE, related_name="notification_preferences"
    )
    topic = models.CharField(max_length=40)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "topic", "channel"], name="preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.channel} {self.wanted}"
