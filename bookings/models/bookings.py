"""Wishes: bookings and series."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.querysets import BookingManager
from bookings.states import BookingState
from cooperative import clock
from cooperative.identifiers import new_uid


class CameBy(models.TextChoices):
    """How it reached the owner whose keeper wrote it in."""

    PHONE = "phone", _("by phone")
    EMAIL = "email", _("by e-mail")
    IN_PERSON = "in_person", _("in person")
    LETTER = "letter", _("by letter")
    SPREADSHEET = "spreadsheet", _("from a spreadsheet")


class Booking(models.Model):
    """A wish: who asks for what and why. `borrower` is null where an outside party was written in by a keeper.

    `patron` signs for an informal group. A person has one draft for each institution: *My request*. What was written
    in says by whom (`entered_by`), for which owner (`entered_for`) and how it came; with an external source it is the
    row `external_id` of that owner's spreadsheet or calendar, and comes in once.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    borrower = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    patron = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outside_name = models.CharField(max_length=200, blank=True)
    outside_phone = models.CharField(max_length=40, blank=True)
    outside_email = models.EmailField(blank=True)
    entered_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_for = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    came_by = models.CharField(max_length=20, choices=CameBy.choices, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=20, choices=BookingState.choices, default=BookingState.DRAFT
    )
    title = models.CharField(max_length=200, blank=True)
    event_kind = models.CharField(max_length=40, blank=True)
    purpose = models.TextField(blank=True)
    expected_people = models.PositiveIntegerField(null=True, blank=True)
    open_to_public = models.BooleanField(null=True, blank=True)
    free_entry = models.BooleanField(null=True, blank=True)
    responsible_person = models.CharField(max_length=200, blank=True)
    responsible_phone = models.CharField(max_length=40, blank=True)
    access_needs = models.TextField(blank=True)
    remarks = models.TextField(blank=True)
    all_or_nothing = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[BookingManager[Booking]] = BookingManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(borrower__isnull=False) | ~Q(outside_name=""),
                name="booking_has_a_borrower",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BookingState.values), name="booking_state_known"
            ),
            models.UniqueConstraint(
                fields=["borrower", "person"],
                condition=Q(state="draft", sent_at__isnull=True),
                name="booking_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(came_by__in=["", *CameBy.values]), name="booking_came_by_known"
            ),
            models.CheckConstraint(
                condition=Q(external_source="") | Q(entered_for__isnull=False),
                name="booking_external_has_owner",
            ),
            models.UniqueConstraint(
                fields=["entered_for", "external_source", "external_id"],
                condition=~Q(external_source=""),
                name="booking_external_once",
            ),
        ]
        indexes = [models.Index(fields=["borrower", "-id"], name="booking_by_borrower")]

    def __str__(self) -> str:
        return self.title or str(self.uid)


class Series(models.Model):
    """A repeated wish of one booking (or block) for one resource, in the owner's wall-clock time.

    `rule` is a restricted RRULE; `starts_minute` counts from local midnight, `length_minutes` is wall time. With
    `one_answer` its owner answers all of its dates at once. `follows` is the series that this one took over from.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.CASCADE, related_name="series"
    )
    resource = models.ForeignKey("sharing.Resource", on_delete=models.PROTECT, related_name="+")
    rule = models.TextField()
    exceptions = models.JSONField(default=list, blank=True)
    additions = models.JSONField(default=list, blank=True)
    zone = models.CharField(max_length=64)
    first_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    starts_minute = models.PositiveSmallIntegerField()
    length_minutes = models.PositiveIntegerField()
    event_starts_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    event_length_minutes = models.PositiveIntegerField(null=True, blank=True)
    setup_minutes = models.PositiveIntegerField(default=0)
    strike_minutes = models.PositiveIntegerField(default=0)
    units = models.PositiveIntegerField(default=1)
    whole_days = models.BooleanField(default=False)
    skips_public_holidays = models.BooleanField(default=False)
    skips_school_holidays = models.BooleanField(default=False)
    one_answer = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by"
    )

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.rule
