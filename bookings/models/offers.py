"""Proposals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.querysets import OfferManager
from bookings.states import OfferState
from cooperative import clock
from cooperative.identifiers import new_uid

from .bookings import Booking
from .lines import Line


class OfferKind(models.TextChoices):
    COUNTER = "counter", _("another proposal")
    CHANGE = "change", _("change")
    WAITING = "waiting", _("came free")
    TIME = "time", _("a time")
    ANSWER = "answer", _("answer from the board")


class Offer(models.Model):
    """A proposal about a line (a counter-offer, a waiting-list offer, a change) or to a booking (a board answer).

    What it proposes is claimed, net of what its line holds already, until it is decided or `expires_at` is past.
    `watch` is the skipped date that came free; `offered_for` the side that made it, null = an outside party.
    `terms` and `shown` as on a line, of the proposed resource.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="offers"
    )
    line = models.ForeignKey(
        Line, null=True, blank=True, on_delete=models.PROTECT, related_name="offers"
    )
    resource = models.ForeignKey(
        "sharing.Resource", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    watch = models.ForeignKey(
        "bookings.Watch", null=True, blank=True, on_delete=models.PROTECT, related_name="offers"
    )
    session = models.ForeignKey(
        "bookings.SeatedSession", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lender = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=OfferKind.choices)
    state = models.CharField(max_length=20, choices=OfferState.choices, default=OfferState.OPEN)
    units = models.PositiveIntegerField(default=1)
    use_starts_at = models.DateTimeField()
    use_ends_at = models.DateTimeField()
    event_starts_at = models.DateTimeField()
    event_ends_at = models.DateTimeField()
    setup_minutes = models.PositiveIntegerField(default=0)
    strike_minutes = models.PositiveIntegerField(default=0)
    turnover_minutes = models.PositiveIntegerField(default=0)
    zone = models.CharField(max_length=64)
    local_date = models.DateField()
    whole_days = models.BooleanField(default=False)
    terms = models.JSONField(default=dict, blank=True)
    shown = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    offered_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    offered_for = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[OfferManager[Offer]] = OfferManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(use_ends_at__gt=F("use_starts_at")), name="offer_use_in_order"
            ),
            models.CheckConstraint(
                condition=Q(
                    event_ends_at__gt=F("event_starts_at"),
                    event_starts_at__gte=F("use_starts_at"),
                    event_ends_at__lte=F("use_ends_at"),
                ),
                name="offer_event_inside_use",
            ),
            models.CheckConstraint(condition=Q(units__gte=1), name="offer_units_positive"),
            models.CheckConstraint(
                condition=Q(state__in=OfferState.values), name="offer_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=OfferKind.values), name="offer_kind_known"),
            models.CheckConstraint(
                condition=Q(booking__isnull=False) | Q(line__isnull=True),
                name="offer_line_in_a_booking",
            ),
        ]
        indexes = [
            models.Index(fields=["line"], condition=Q(state="open"), name="offer_open_of_line"),
            models.Index(
                fields=["expires_at"], condition=Q(state="open"), name="offer_running_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"
