"""What a resource is made of, and what it comes with."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .resources import Resource


class ResourcePart(models.Model):
    """`units` of `part` belong to `whole`: hall A to the ground floor, 4 of the 6 microphones to the kit.

    A whole has no time of its own: its availability is that of its leaves. Both have the same owner, and nothing is a
    part of itself, at whatever depth; triggers in `bookings` refuse the rest (migration 0006).
    """

    id = models.BigAutoField(primary_key=True)
    whole = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="wholes")
    units = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whole", "part"], name="resource_part_once"),
            models.CheckConstraint(
                condition=Q(units__gte=1, units__lte=1_000_000),
                name="resource_part_units_plausible",
            ),
            models.CheckConstraint(condition=~Q(whole=F("part")), name="resource_part_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.part_id} in {self.whole_id}"


class CompanionKind(models.TextChoices):
    ONLY_WITH = "only_with", _("comes only with")
    WELL_WITH = "well_with", _("goes well with")


class Companion(models.Model):
    """A resource that comes only with another (the hall with its technician), or goes well with it (chairs).

    `units` of the companion are brought, or offered as a first number. Both have the same owner.
    """

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="companions")
    companion = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=CompanionKind.choices)
    units = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "companion"], name="companion_once"),
            models.CheckConstraint(condition=Q(units__gte=1), name="companion_units_positive"),
            models.CheckConstraint(
                condition=~Q(resource=F("companion")), name="companion_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.kind} {self.companion_id}"
