"""Institutions: who owns, lends and borrows."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid


class InstitutionKind(models.TextChoices):
    MUNICIPAL = "municipal", _("municipal institution")
    ASSOCIATION = "association", _("association")
    FOUNDATION = "foundation", _("foundation")
    INFORMAL_GROUP = "informal_group", _("informal group")
    SCHOOL = "school", _("school")
    CITY_OFFICE = "city_office", _("city office")
    NETWORK_OFFICE = "network_office", _("network office")
    CREATOR = "creator", _("creator")
    GUEST = "guest", _("guest")


class InstitutionState(models.TextChoices):
    APPLIED = "applied", _("applied")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    LEFT = "left", _("left")


class Institution(models.Model):
    """A member, partner or guest of the cooperative.

    `time_zone` is an IANA name: rules and hours of what it owns live in it. `latitude`, `longitude` are WGS 84
    degrees. `registry` holds numbers by register (`nip`, `regon`, `krs`, `rik`), `accessibility` facts by code
    (`yes` | `no`, absent = unknown) and a free `note`.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=20, choices=InstitutionKind.choices)
    state = models.CharField(
        max_length=20, choices=InstitutionState.choices, default=InstitutionState.APPLIED
    )
    about = models.TextField(blank=True)
    umbrella = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="branches"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    district = models.CharField(max_length=100, blank=True)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2, default="PL", help_text="ISO 3166-1 alpha-2")
    region = models.CharField(
        max_length=10, blank=True, help_text="ISO 3166-2, for school holidays"
    )
    time_zone = models.CharField(max_length=64, default="Europe/Warsaw")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    day_contact_name = models.CharField(
        max_length=200,
        blank=True,
        help_text="Who is there on the day, unless a thing names another.",
    )
    day_contact_phone = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)
    office_email = models.EmailField(
        blank=True, help_text="Gets copies of new and unanswered requests."
    )
    registry = models.JSONField(default=dict, blank=True)
    accessibility = models.JSONField(default=dict, blank=True)
    audiences_served = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    observes_public_holidays = models.BooleanField(default=False)
    trusted = models.BooleanField(default=False, help_text="Its listings are published at once.")
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_source=""),
                name="institution_external_unique",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="institution_coordinates_valid",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="institution_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class InstitutionName(models.Model):
    """A name that an institution bore, kept when it is renamed or merged."""

    id = models.BigAutoField(primary_key=True)
    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="former_names"
    )
    name = models.CharField(max_length=200)
    until_on = models.DateField()

    def __str__(self) -> str:
        return self.name


class ApplicationState(models.TextChoices):
    SUBMITTED = "submitted", _("waiting for an answer")
    ADMITTED = "admitted", _("admitted")
    REFUSED = "refused", _("refused")


class Application(models.Model):
    """An institution asks to join; a moderator answers with a reason that the applicant reads."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="applications"
    )
    applicant = models.ForeignKey(
        "cooperative.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    message = models.TextField(blank=True)
    state = models.CharField(
        max_length=20, choices=ApplicationState.choices, default=ApplicationState.SUBMITTED
    )
    submitted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(state="submitted"),
                name="application_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at__isnull=True)
                | (~Q(state="submitted") & Q(decided_at__isnull=False) & ~Q(reason="")),
                name="application_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} ({self.state})"
