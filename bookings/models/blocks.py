"""What owners take for themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid

from .bookings import Series


class BlockKind(models.TextChoices):
    OWN_PROGRAMME = "own_programme", _("own programme")
    CLOSURE = "closure", _("closed")
    REPAIR = "repair", _("in repair")
    LOST = "lost", _("lost")


class Block(models.Model):
    """Time that the owner takes for itself. Others see only that it is taken.

    `photo` is the stem of a picture of what is broken, as on `ResourcePhoto`; on `review_on` its owner is asked whether
    it still is so. Offsets as on `Line`.
    """

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
    starts_offset = models.SmallIntegerField(null=True, blank=True)
    ends_offset = models.SmallIntegerField(null=True, blank=True)
    photo = models.CharField(max_length=200, blank=True)
    review_on = models.DateField(null=True, blank=True)
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
