"""When houses and things are open."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperative.identifiers import new_uid

from .resources import Resource


class WeeklyHours(models.Model):
    """Open on a weekday (0 = Monday) from minute to minute of the owner's local day (1440 = midnight at its end).

    Of the house where `resource` is null, else of that resource. `valid_until` is exclusive.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.CASCADE, related_name="weekly_hours"
    )
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="weekly_hours"
    )
    weekday = models.PositiveSmallIntegerField()
    opens_minute = models.PositiveSmallIntegerField()
    closes_minute = models.PositiveSmallIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "weekly hours"
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekly_hours_weekday"),
            models.CheckConstraint(
                condition=Q(closes_minute__gt=F("opens_minute"), closes_minute__lte=1440),
                name="weekly_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                name="weekly_hours_validity_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_minute}-{self.closes_minute}"


class DayOffKind(models.TextChoices):
    PUBLIC_HOLIDAY = "public_holiday", _("public holiday")
    SCHOOL_HOLIDAY = "school_holiday", _("school holiday")
    HOUSE = "house", _("house closed")


class DayOff(models.Model):
    """Days on which a house, or one resource, is not open; `until_on` is exclusive. Read by rules, never claims."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.CASCADE, related_name="days_off"
    )
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="days_off"
    )
    from_on = models.DateField()
    until_on = models.DateField()
    kind = models.CharField(max_length=20, choices=DayOffKind.choices, default=DayOffKind.HOUSE)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "days off"
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="day_off_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.from_on} {self.reason}"


class ChangedHours(models.Model):
    """Other hours than usual on one day, of a house or of one resource: its rows replace the week's on that day.

    Minutes of the owner's local day. A day on which it is not open at all is a `DayOff`.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.CASCADE, related_name="changed_hours"
    )
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="changed_hours"
    )
    on = models.DateField()
    opens_minute = models.PositiveSmallIntegerField()
    closes_minute = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "changed hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_minute__gt=F("opens_minute"), closes_minute__lte=1440),
                name="changed_hours_in_order",
            )
        ]
        indexes = [models.Index(fields=["institution", "on"], name="changed_hours_by_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.opens_minute}-{self.closes_minute}"


class SchoolHoliday(models.Model):
    """Days without school in a country or one of its regions (ISO 3166-2; empty = everywhere); `until_on` exclusive.

    `name` by language. Shown, and left out of series where asked; nothing is closed by it.
    """

    id = models.BigAutoField(primary_key=True)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=10, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    name = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region", "from_on"], name="school_holiday_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("from_on")), name="school_holiday_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region or self.country} {self.from_on}"


class PartOfDay(models.TextChoices):
    MORNING = "morning", _("morning")
    AFTERNOON = "afternoon", _("afternoon")
    EVENING = "evening", _("evening")


class DayPart(models.Model):
    """When a house's morning, afternoon and evening are, in minutes of its local day; without a row as is usual."""

    id = models.BigAutoField(primary_key=True)
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.CASCADE, related_name="day_parts"
    )
    part = models.CharField(max_length=20, choices=PartOfDay.choices)
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "part"], name="day_part_once"),
            models.CheckConstraint(condition=Q(part__in=PartOfDay.values), name="day_part_known"),
            models.CheckConstraint(
                condition=Q(ends_minute__gt=F("starts_minute"), ends_minute__lte=1440),
                name="day_part_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.starts_minute}-{self.ends_minute}"
