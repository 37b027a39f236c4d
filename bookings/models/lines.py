"""Facts: one resource, one time, one answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bookings.querysets import LineManager
from bookings.states import LineState
from cooperative import clock
from cooperative.identifiers import new_uid

from .bookings import Booking, Series


class Line(models.Model):
    """A fact: one resource, one time, one answer.

    The use span (fetch to return, set-up and strike included) lies around the event span; claims cover it and the
    turnover. `terms` and `shown` are frozen when sent: the terms agreed, and what a line shows of its resource
    (titles by language, owner, category). `expires_at` is when a hold or an acceptance runs out; `decide_by` when an
    unanswered request does. `zone` is the owner's IANA zone, `local_date` the day of use there. `borrower` is the
    booking's, kept here for reading. With `wanted_minutes` the use span is a period in which so long is wished for, on
    `wanted_weekdays` (bit 0 = Monday, null = any) between two minutes of the owner's day. `series_on` is the date of
    the series that it stands for, also after it was moved; `session` the date it has seats on.
    `brought_by` is the line whose thing comes only with this one. `waiting` = on the waiting list, for as few as
    `least_units`. `starts_offset`, `ends_offset` are the minutes that the owner's clock was ahead of UTC at both ends
    of the use when it was agreed (null = before that was kept): with them a change of time-zone law is recomputed.
    `hit_by` or `hit_session` made it *to settle* or smaller at `hit_at`; `hit_from`, `hit_units` are what it was, so
    that a mistake can be taken back. `rest_of` is the loan of which these units were not brought back.
    `answer_due_at` is when its owner should have answered; `keeps_waiting_at` when whoever asked said that they wait
    all the same. The fee and its ground are frozen with the answer (`fee_kind` empty = not answered). `inner_note` is
    read in the owner's house alone. `short_units` of a use that begins soon are not back from somebody else, as was
    told last. `told_at` = the other side was told by phone of what came in the way.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    resource = models.ForeignKey("sharing.Resource", on_delete=models.PROTECT, related_name="+")
    lender = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="+"
    )
    borrower = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="lines"
    )
    series_on = models.DateField(null=True, blank=True)
    session = models.ForeignKey(
        "bookings.SeatedSession",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lines",
    )
    state = models.CharField(max_length=20, choices=LineState.choices, default=LineState.DRAFT)
    units = models.PositiveIntegerField(default=1)
    units_out = models.PositiveIntegerField(null=True, blank=True)
    units_back = models.PositiveIntegerField(null=True, blank=True)
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
    starts_offset = models.SmallIntegerField(null=True, blank=True)
    ends_offset = models.SmallIntegerField(null=True, blank=True)
    wanted_minutes = models.PositiveIntegerField(null=True, blank=True)
    wanted_weekdays = models.PositiveSmallIntegerField(null=True, blank=True)
    wanted_from_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    wanted_until_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    brought_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="brings"
    )
    rest_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="rests"
    )
    waiting = models.BooleanField(default=False)
    waiting_since = models.DateTimeField(null=True, blank=True)
    least_units = models.PositiveIntegerField(null=True, blank=True)
    second_in_line = models.BooleanField(default=False)
    waiver = models.TextField(blank=True)
    waived = models.JSONField(default=list, blank=True)
    terms = models.JSONField(default=dict, blank=True)
    shown = models.JSONField(default=dict, blank=True)
    handover = models.CharField(max_length=20, default="none")
    condition_out = models.TextField(blank=True)
    condition_back = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    keeps_waiting_at = models.DateTimeField(null=True, blank=True)
    fee_kind = models.CharField(max_length=20, blank=True)
    fee_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    fee_currency = models.CharField(max_length=3, blank=True)
    fee_unit = models.CharField(max_length=20, blank=True)
    fee_ground = models.CharField(max_length=200, blank=True)
    decline_code = models.CharField(max_length=40, blank=True)
    inner_note = models.TextField(max_length=5_000, blank=True)
    short_units = models.PositiveIntegerField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    handed_over_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    hit_by = models.ForeignKey(
        "bookings.Block", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hit_session = models.ForeignKey(
        "bookings.SeatedSession", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hit_from = models.CharField(max_length=20, blank=True)
    hit_units = models.PositiveIntegerField(null=True, blank=True)
    hit_at = models.DateTimeField(null=True, blank=True)
    state_since = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[LineManager[Line]] = LineManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(use_ends_at__gt=F("use_starts_at")), name="line_use_in_order"
            ),
            models.CheckConstraint(
                condition=Q(
                    event_ends_at__gt=F("event_starts_at"),
                    event_starts_at__gte=F("use_starts_at"),
                    event_ends_at__lte=F("use_ends_at"),
                ),
                name="line_event_inside_use",
            ),
            models.CheckConstraint(condition=Q(units__gte=1), name="line_units_positive"),
            models.CheckConstraint(
                condition=Q(state__in=LineState.values), name="line_state_known"
            ),
            models.CheckConstraint(
                condition=Q(least_units__isnull=True)
                | Q(least_units__gte=1, least_units__lte=F("units")),
                name="line_least_units_plausible",
            ),
            models.CheckConstraint(
                condition=Q(waiting=False) | Q(waiting_since__isnull=False),
                name="line_waits_since",
            ),
            models.CheckConstraint(
                condition=Q(wanted_minutes__isnull=True) | Q(wanted_minutes__gte=1),
                name="line_wanted_positive",
            ),
            models.CheckConstraint(
                condition=Q(rest_of__isnull=True) | ~Q(rest_of=F("id")),
                name="line_not_rest_of_itself",
            ),
            models.CheckConstraint(
                condition=Q(fee_amount__isnull=True) | Q(fee_amount__gte=0),
                name="line_fee_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["borrower", "state", "use_starts_at"], name="line_by_borrower"),
            models.Index(fields=["lender", "state", "use_starts_at"], name="line_by_lender"),
            models.Index(fields=["resource", "use_starts_at"], name="line_by_resource"),
            models.Index(
                fields=["resource", "waiting_since", "id"],
                name="line_waiting",
                condition=Q(waiting=True, state="asked"),
            ),
            models.Index(
                fields=["answer_due_at"],
                name="line_answer_due",
                condition=Q(state__in=["asked", "held"], answer_due_at__isnull=False),
            ),
            models.Index(
                fields=["state", "use_ends_at"],
                name="line_for_the_clock",
                condition=Q(
                    state__in=[
                        "asked",
                        "held",
                        "accepted",
                        "confirmed",
                        "handed_over",
                        "overdue",
                        "finished",
                        "returned",
                        "lost",
                        "not_used",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.uid}"
