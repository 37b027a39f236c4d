"""Dates of a series that could not be had, watched until they come free."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bookings.querysets import WatchManager
from bookings.states import WatchState
from cooperative import clock
from cooperative.identifiers import new_uid

from .bookings import Booking, Series


class Watch(models.Model):
    """A wish that waits without being a line: a skipped date of a series. It holds nothing.

    Who waits since earlier comes first, together with the lines that wait.

    When it comes free it is offered to its booking; taking the offer makes it a line there. Fields as on `Line`.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="watches")
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="watches"
    )
    resource = models.ForeignKey("sharing.Resource", on_delete=models.PROTECT, related_name="+")
    lender = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="+"
    )
    borrower = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=20, choices=WatchState.choices, default=WatchState.WAITING)
    units = models.PositiveIntegerField(default=1)
    least_units = models.PositiveIntegerField(null=True, blank=True)
    use_starts_at = models.DateTimeField()
    use_ends_at = models.DateTimeField()
    event_starts_at = models.DateTimeField()
    event_ends_at = models.DateTimeField()
    setup_minutes = models.PositiveIntegerField(default=0)
    strike_minutes = models.PositiveIntegerField(default=0)
    turnover_minutes = models.PositiveIntegerField(default=0)
    zone = models.CharField(max_length=64)
    local_date = models.DateField()
    starts_offset = models.SmallIntegerField(null=True, blank=True)
    ends_offset = models.SmallIntegerField(null=True, blank=True)
    waiting_since = models.DateTimeField(default=clock.now)
    state_since = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[WatchManager[Watch]] = WatchManager()

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            models.CheckConstraint(
                condition=Q(use_ends_at__gt=F("use_starts_at")), name="watch_use_in_order"
            ),
            models.CheckConstraint(condition=Q(units__gte=1), name="watch_units_positive"),
            models.UniqueConstraint(
                fields=["series", "use_starts_at"],
                condition=Q(state__in=["waiting", "offered"]),
                name="watch_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WatchState.values), name="watch_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["resource", "waiting_since", "id"],
                condition=Q(state="waiting"),
                name="watch_waiting",
            ),
            models.Index(
                fields=["use_starts_at"], condition=Q(state="waiting"), name="watch_for_the_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.uid}"
