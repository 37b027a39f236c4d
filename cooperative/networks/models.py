"""Networks that nest, and partnerships between two institutions. Every link is dated; upper dates are exclusive."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid


class NetworkKind(models.TextChoices):
    COOPERATIVE = "cooperative", _("the cooperative")
    COURTYARD = "courtyard", _("courtyard")
    CITY = "city", _("city")
    REGION = "region", _("region")
    COALITION = "coalition", _("coalition")
    TWIN_PAIR = "twin_pair", _("twin pair")
    FAMILY = "family", _("European family")


class Network(models.Model):
    """A group of institutions and networks. The cooperative itself is the one network of kind `cooperative`."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=NetworkKind.choices)
    operator = models.ForeignKey(
        "cooperative.Institution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="operates",
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="cooperative"), name="network_one_root"
            )
        ]

    def __str__(self) -> str:
        return self.name


_VALID = Func(
    F("valid_from"), F("valid_until"), function="daterange", output_field=DateRangeField()
)


class NetworkMembership(models.Model):
    """An institution or a network belongs to a network from `valid_from` until `valid_until` (exclusive)."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="links")
    institution = models.ForeignKey(
        "cooperative.Institution",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="network_links",
    )
    member_network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="parent_links"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(institution__isnull=False, member_network__isnull=True)
                | Q(institution__isnull=True, member_network__isnull=False),
                name="network_membership_one_member",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="network_membership_in_order",
            ),
            models.CheckConstraint(
                condition=Q(member_network__isnull=True) | ~Q(member_network=F("network")),
                name="network_membership_not_itself",
            ),
            ExclusionConstraint(
                name="network_membership_institution_once",
                expressions=[
                    (F("network"), RangeOperators.EQUAL),
                    (F("institution"), RangeOperators.EQUAL),
                    (_VALID, RangeOperators.OVERLAPS),
                ],
                condition=Q(institution__isnull=False),
            ),
            ExclusionConstraint(
                name="network_membership_network_once",
                expressions=[
                    (F("network"), RangeOperators.EQUAL),
                    (F("member_network"), RangeOperators.EQUAL),
                    (_VALID, RangeOperators.OVERLAPS),
                ],
                condition=Q(member_network__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution or self.member_network} in {self.network}"


class PartnershipKind(models.TextChoices):
    LETTER_OF_INTENT = "letter_of_intent", _("letter of intent")
    AGREEMENT = "agreement", _("agreement")


class PartnershipState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    AGREED = "agreed", _("agreed")
    REFUSED = "refused", _("refused")
    ENDED = "ended", _("ended")


class Partnership(models.Model):
    """Two institutions agree to help each other; valid once the second says yes, on the days of use."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=PartnershipKind.choices)
    proposer = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="partnerships_proposed"
    )
    partner = models.ForeignKey(
        "cooperative.Institution", on_delete=models.PROTECT, related_name="partnerships_received"
    )
    state = models.CharField(
        max_length=20, choices=PartnershipState.choices, default=PartnershipState.PROPOSED
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    proposed_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(proposer=F("partner")), name="partnership_two_parties"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="partnership_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposer} – {self.partner}"
