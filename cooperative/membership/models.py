"""Who acts for whom: memberships, cooperative-wide roles, invitations, API tokens."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid


class Role(models.TextChoices):
    """What a person may do in an institution. Each includes the ones before it."""

    STAFF = "staff", _("finds and asks")
    KEEPER = "keeper", _("looks after things: lists, answers, hands over")
    MANAGER = "manager", _("runs the institution: people, partnerships")


class Membership(models.Model):
    """A person belongs to an institution, from `started_at` until `ended_at` (exclusive; null = still)."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    person = models.ForeignKey(
        "cooperative.Person", on_delete=models.CASCADE, related_name="memberships"
    )
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.STAFF)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    away_from_on = models.DateField(null=True, blank=True)
    away_until_on = models.DateField(null=True, blank=True)
    deputy = models.ForeignKey(
        "cooperative.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deputises_for",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "institution"],
                condition=Q(ended_at__isnull=True),
                name="membership_one_current",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(away_from_on__isnull=True, away_until_on__isnull=True)
                | Q(away_until_on__gt=F("away_from_on")),
                name="membership_away_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} @ {self.institution} ({self.role})"


class CooperativeRoleKind(models.TextChoices):
    MODERATOR = "moderator", _("moderator")
    ADMINISTRATOR = "administrator", _("administrator")


class CooperativeRole(models.Model):
    """A role in the whole cooperative; an administrator is a moderator too."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        "cooperative.Person", on_delete=models.CASCADE, related_name="cooperative_roles"
    )
    role = models.CharField(max_length=20, choices=CooperativeRoleKind.choices)
    granted_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(ended_at__isnull=True),
                name="cooperative_role_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.role})"


class Invitation(models.Model):
    """A colleague is invited by e-mail. Only the token's SHA-256 is kept; the token itself is in the mail."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.STAFF)
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2, default="pl")
    invited_by = models.ForeignKey(
        "cooperative.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("institution"),
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} -> {self.institution}"


class ApiToken(models.Model):
    """A bearer token of a person, bound to one institution or to none. Only its SHA-256 is kept."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    person = models.ForeignKey(
        "cooperative.Person", on_delete=models.CASCADE, related_name="api_tokens"
    )
    institution = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
