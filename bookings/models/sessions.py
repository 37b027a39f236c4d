"""Dated sessions with seats, and who sits there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookings.querysets import SeatManager
from cooperative import clock
from cooperative.identifiers import new_uid

from .capacities import Capacity
from .lines import Line


class SeatedSession(models.Model):
    """One date of something with seats: a workshop, a study visit. Its time is its capacity's; `units` = seats.

    Cancelled = `cancelled_at`; the capacity then has size 0. `series` where it was entered as one of many.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    resource = models.ForeignKey(
        "sharing.Resource", on_delete=models.PROTECT, related_name="sessions"
    )
    capacity = models.OneToOneField(Capacity, on_delete=models.PROTECT, related_name="session")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    units = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    zone = models.CharField(max_length=64)
    local_date = models.DateField()
    starts_offset = models.SmallIntegerField(null=True, blank=True)
    ends_offset = models.SmallIntegerField(null=True, blank=True)
    series = models.ForeignKey(
        "bookings.Series", null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions"
    )
    created_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_in_order"
            )
        ]
        indexes = [models.Index(fields=["resource", "starts_at"], name="session_by_resource")]

    def __str__(self) -> str:
        return self.title or str(self.starts_at)


class Seat(models.Model):
    """Who sits on one seat of a line, as far as it was told. Names and needs are erased 30 days after the session.

    A line of a session gets as many as it has units when it is sent. A dropped seat is free for others; its row stays
    until then, so that the list tells who was to come.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="seats")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, blank=True)
    access_needs = models.CharField(max_length=500, blank=True)
    food_needs = models.CharField(max_length=500, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[SeatManager[Seat]] = SeatManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "position"], name="seat_position_once")
        ]
        indexes = [
            models.Index(
                fields=["line"], condition=models.Q(erased_at__isnull=True), name="seat_to_erase"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.position)
