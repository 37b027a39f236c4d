"""What is guarded."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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


class Composition(models.Model):
    """One row for each house that has wholes: writers of parts queue at it, before they lock any capacity."""

    owner = models.OneToOneField(
        "cooperative.Institution", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    version = models.BigIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"parts of {self.owner_id}"
