"""Something was wrong: cases, what moderators decided, objections."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.querysets import CaseManager
from cooperative import clock
from cooperative.identifiers import new_uid

from .lines import Line


class CaseKind(models.TextChoices):
    NOT_THERE = "not_there", _("it was not there")
    NOT_BACK = "not_back", _("it was not brought back")
    DAMAGED = "damaged", _("damaged")
    DIRTY = "dirty", _("left dirty")
    NOBODY_CAME = "nobody_came", _("nobody came")
    OTHER = "other", _("something else")


class CaseState(models.TextChoices):
    OPEN = "open", _("waiting for the other side")
    ANSWERED = "answered", _("answered by the other side")
    BROUGHT = "brought", _("with the moderators")
    DECIDED = "decided", _("decided")
    SETTLED = "settled", _("settled between the two")
    LAPSED = "lapsed", _("nobody went on with it")


class Outcome(models.TextChoices):
    NOTHING = "nothing", _("nothing follows")
    NOTE = "note", _("a note")
    WARNING = "warning", _("a warning")
    PAUSE = "pause", _("a pause in asking")


class Case(models.Model):
    """One side says of a line that something was wrong; the other answers first, a moderator only if one of them asks.

    `line_from` is the line's state before. `answer_due_at`: until then it stays between the two. Each side's yes to
    "settled between us" is kept; both close it. `outcome` falls on `outcome_for`, with a reason both read, and may be
    objected to until `objection_until`.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="cases")
    lender = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="+"
    )
    borrower = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    line_from = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=CaseState.choices, default=CaseState.OPEN)
    kind = models.CharField(max_length=20, choices=CaseKind.choices)
    words = models.TextField(max_length=5_000)
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_for = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="+"
    )
    answer_due_at = models.DateTimeField()
    answer = models.TextField(max_length=5_000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_by_lender_at = models.DateTimeField(null=True, blank=True)
    settled_by_borrower_at = models.DateTimeField(null=True, blank=True)
    brought_at = models.DateTimeField(null=True, blank=True)
    brought_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    brought_for = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    outcome_for = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome_reason = models.TextField(max_length=5_000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    objection_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[CaseManager[Case]] = CaseManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="case_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *Outcome.values]), name="case_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(opened_for=F("lender")) | Q(opened_for=F("borrower")),
                name="case_opened_by_a_side",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False) & ~Q(outcome_reason="")),
                name="case_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | ~Q(outcome=""), name="case_decided_has_outcome"
            ),
            models.CheckConstraint(
                condition=Q(brought_at__isnull=True, brought_for__isnull=True)
                | Q(brought_at__isnull=False, brought_for__isnull=False),
                name="case_brought_by_a_side",
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(state__in=["open", "answered", "brought"]),
                name="case_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "answer_due_at"],
                name="case_for_the_clock",
                condition=Q(state__in=["open", "answered", "brought"]),
            ),
            models.Index(fields=["lender", "-id"], name="case_by_lender"),
            models.Index(fields=["borrower", "-id"], name="case_by_borrower"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Objection(models.Model):
    """A side of a decided case disagrees; a moderator answers with a reason. Once for each side."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="objections")
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    words = models.TextField(max_length=5_000)
    made_at = models.DateTimeField(default=clock.now)
    upheld = models.BooleanField(null=True, blank=True)
    answer = models.TextField(max_length=5_000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "institution"], name="objection_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, upheld__isnull=True)
                | (Q(answered_at__isnull=False, upheld__isnull=False) & ~Q(answer="")),
                name="objection_answered_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:60]


class SanctionKind(models.TextChoices):
    WARNING = "warning", _("warning")
    PAUSE = "pause", _("pause in asking")


class Sanction(models.Model):
    """What a decision brings to an institution for a time; it ends by itself, or is lifted after an objection.

    Under a *pause* it asks for nothing of others; what was agreed stays.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="sanctions"
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sanctions")
    kind = models.CharField(max_length=20, choices=SanctionKind.choices)
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SanctionKind.values), name="sanction_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="sanction_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["institution", "ends_at"],
                name="sanction_in_force",
                condition=Q(lifted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.ends_at}"
