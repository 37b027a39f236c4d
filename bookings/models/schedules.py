"""Spreadsheets and calendars that a house brings in: what was read, and what became of each row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid

from .bookings import Booking


class ScheduleFormat(models.TextChoices):
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    ICS = "ics", "ICS"


class ScheduleState(models.TextChoices):
    MAPPING = "mapping", _("its columns are being named")
    PREVIEW = "preview", _("looked over before anything is stored")
    DONE = "done", _("brought in")
    DROPPED = "dropped", _("left aside")


class ScheduleRowState(models.TextChoices):
    READY = "ready", _("fits")
    STORED = "stored", _("booked")
    KNOWN = "known", _("was there already")
    CHANGED = "changed", _("other than what is stored")
    CLASH = "clash", _("clashes")
    WRONG = "wrong", _("cannot be read")
    LEFT_OUT = "left_out", _("left out")


class ScheduleImport(models.Model):
    """One file of one house. `mapping` says which column is what: {field: header}; `digest` is the file's SHA-256.

    `source` is where its rows' ids are unique: the same sheet a month later has the same one.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.CASCADE, related_name="+"
    )
    made_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=10, choices=ScheduleFormat.choices)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=60)
    zone = models.CharField(max_length=64)
    headers = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    names = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        max_length=20, choices=ScheduleState.choices, default=ScheduleState.MAPPING
    )
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ScheduleState.values), name="schedule_import_state_known"
            )
        ]
        indexes = [models.Index(fields=["institution", "-id"], name="schedule_import_by_house")]

    def __str__(self) -> str:
        return self.name


class ScheduleRow(models.Model):
    """One row of it: its cells as texts by header, what was corrected on the page, and what became of it.

    `external_id` is its own id or, without one, a digest of what identifies it. `problems` are codes with values, as
    of reasons, put into words when they are read.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    schedule = models.ForeignKey(ScheduleImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    corrections = models.JSONField(default=dict, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=ScheduleRowState.choices)
    problems = models.JSONField(default=list, blank=True)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "number"], name="schedule_row_once"),
            models.CheckConstraint(
                condition=Q(state__in=ScheduleRowState.values), name="schedule_row_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
