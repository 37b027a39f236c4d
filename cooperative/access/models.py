"""Audiences: the groups that terms and posts may name. One row for each, made together with what it names."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AudienceKind(models.TextChoices):
    OWN = "own", _("own house")
    PARTNERSHIP = "partnership", _("partner")
    NETWORK = "network", _("network")
    COOPERATIVE = "cooperative", _("all members")
    PUBLIC = "public", _("everyone")


def _names(kind: str, field: str | None) -> Q:
    fields = ("institution", "partnership", "network")
    return Q(kind=kind, **{f"{name}__isnull": name != field for name in fields})


class Audience(models.Model):
    """Who is meant. `own` names an institution, `partnership` a partnership, `network` a network other than the
    root; `cooperative` (the root network's only row) and `public` name nothing and exist once."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20, choices=AudienceKind.choices)
    institution = models.OneToOneField(
        "cooperative.Institution",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="audience",
    )
    partnership = models.OneToOneField(
        "cooperative.Partnership",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="audience",
    )
    network = models.OneToOneField(
        "cooperative.Network",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="audience",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_names("own", "institution")
                | _names("partnership", "partnership")
                | _names("network", "network")
                | _names("cooperative", None)
                | _names("public", None),
                name="audience_names_its_own",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind__in=["cooperative", "public"]),
                name="audience_single_kinds_once",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
