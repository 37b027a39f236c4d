"""WHEN: wishes (bookings, series), their facts (lines), and what holds time (capacities, claims, blocks).

The rows that hold time are guarded by triggers and an exclusion constraint (migration 0002): what does not fit
cannot be stored, whoever writes.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid

from .querysets import BookingManager, LineManager, MessageManager, OfferManager
from .states import BookingState, LineState, OfferState


class CapacityMode(models.TextChoices):
    EXCLUSIVE = "exclusive", _("one at a time")
    PEAK = "peak", _("so many at once")
    TOTAL = "total", _("so many in all")


class Capacity(models.Model):
    """What is guarded: `size` units of a resource, from `size_from` on, always or inside `span` (a session, a month).

    `mode` never changes. `version` grows with every claim written: it is the lock that makes writers queue.
    The standing capacity of a resource is kept by a trigger on the resource.
    """

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(
        "sharing.Resource", on_delete=models.PROTECT, related_name="capacities"
    )
    mode = models.CharField(max_length=20, choices=CapacityMode.choices)
    size = models.PositiveIntegerField()
    size_from = models.DateTimeField()
    span = DateTimeRangeField(null=True, blank=True)
    version = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [
            models.CheckConstraint(
                condition=~Q(mode="exclusive") | Q(size__lte=1), name="capacity_exclusive_is_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.size} of {self.resource_id}"


class Booking(models.Model):
    """A wish: who asks for what and why. `borrower` is null where an outside party was written in by a keeper.

    `patron` signs for an informal group. A person has one draft for each institution: *My request*.
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
        ]
        indexes = [models.Index(fields=["borrower", "-id"], name="booking_by_borrower")]

    def __str__(self) -> str:
        return self.title or str(self.uid)


class Series(models.Model):
    """A repeated wish of one booking (or block) for one resource, in the owner's wall-clock time.

    `rule` is a restricted RRULE; `starts_minute` counts from local midnight, `length_minutes` is wall time.
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
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by"
    )

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.rule


class Line(models.Model):
    """A fact: one resource, one time, one answer.

    The use span (fetch to return, set-up and strike included) lies around the event span; claims cover it and the
    turnover. `terms` and `shown` are frozen when sent: the terms agreed, and what a line shows of its resource
    (titles by language, owner, category). `expires_at` is when a hold or an acceptance runs out; `decide_by` when an
    unanswered request does. `zone` is the owner's IANA zone, `local_date` the day of use there. `borrower` is the
    booking's, kept here for reading. With `wanted_minutes` the use span is a period in which so long is wished for.
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
    wanted_minutes = models.PositiveIntegerField(null=True, blank=True)
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
    handed_over_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
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
        ]
        indexes = [
            models.Index(fields=["borrower", "state", "use_starts_at"], name="line_by_borrower"),
            models.Index(fields=["lender", "state", "use_starts_at"], name="line_by_lender"),
            models.Index(fields=["resource", "use_starts_at"], name="line_by_resource"),
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


class BlockKind(models.TextChoices):
    OWN_PROGRAMME = "own_programme", _("own programme")
    CLOSURE = "closure", _("closed")
    REPAIR = "repair", _("in repair")


class Block(models.Model):
    """Time that the owner takes for itself. Others see only that it is taken."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    resource = models.ForeignKey(
        "sharing.Resource", on_delete=models.PROTECT, related_name="blocks"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    units = models.PositiveIntegerField(default=1)
    kind = models.CharField(
        max_length=20, choices=BlockKind.choices, default=BlockKind.OWN_PROGRAMME
    )
    title = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    zone = models.CharField(max_length=64)
    local_date = models.DateField()
    whole_days = models.BooleanField(default=False)
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="blocks"
    )
    created_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="block_in_order"),
            models.CheckConstraint(condition=Q(units__gte=1), name="block_units_positive"),
        ]
        indexes = [models.Index(fields=["resource", "starts_at"], name="block_by_resource")]

    def __str__(self) -> str:
        return self.title or self.kind


class Offer(models.Model):
    """A proposal about a line (a counter-offer, a waiting-list offer, a change) or to a booking (a board answer)."""

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
    lender = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20)
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
    note = models.TextField(blank=True)
    offered_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    offered_for = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="+"
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
            models.CheckConstraint(
                condition=Q(booking__isnull=False) | Q(line__isnull=True),
                name="offer_line_in_a_booking",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="offer_running_out")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class ClaimCause(models.TextChoices):
    LINE = "line", _("booking")
    OFFER = "offer", _("offer")
    BLOCK = "block", _("own use")


def _caused_by(cause: str) -> Q:
    return Q(
        cause=cause, **{f"{name}__isnull": name != cause for name in ("line", "offer", "block")}
    )


class Claim(models.Model):
    """Time taken of a capacity, half-open, UTC. Deleted when it no longer holds; readers skip run-out ones.

    Only the engine's `commit` writes here; the guard refuses what does not fit, whoever writes. The foreign key
    (capacity, mode), the exclusion constraint and the triggers are in migration 0002.
    """

    id = models.BigAutoField(primary_key=True)
    capacity = models.ForeignKey(
        Capacity,
        on_delete=models.PROTECT,
        related_name="claims",
        db_constraint=False,
        db_index=False,
    )
    mode = models.CharField(max_length=20, choices=CapacityMode.choices)
    span = DateTimeRangeField()
    units = models.PositiveIntegerField(default=1)
    cause = models.CharField(max_length=20, choices=ClaimCause.choices)
    line = models.ForeignKey(
        Line, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    offer = models.ForeignKey(
        Offer,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
        db_index=False,
    )
    block = models.ForeignKey(
        Block,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
        db_index=False,
    )
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_caused_by("line") | _caused_by("offer") | _caused_by("block"),
                name="claim_one_cause",
            ),
            models.CheckConstraint(
                condition=Q(units__gte=1) & (~Q(mode="exclusive") | Q(units=1)),
                name="claim_units_positive",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False),
                name="claim_running_out",
            ),
            models.Index(fields=["offer"], condition=Q(offer__isnull=False), name="claim_of_offer"),
            models.Index(fields=["block"], condition=Q(block__isnull=False), name="claim_of_block"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.span}"


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
