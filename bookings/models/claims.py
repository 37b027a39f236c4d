"""Time taken."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .blocks import Block
from .capacities import Capacity, CapacityMode
from .lines import Line
from .offers import Offer


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
    (capacity, mode), the exclusion constraint and the triggers are in migration 0003.
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
