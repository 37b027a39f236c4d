"""For whom and on what terms."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperative.identifiers import new_uid

from .resources import Resource


class FeeKind(models.TextChoices):
    FREE = "free", _("free")
    COST_RECOVERY = "cost_recovery", _("cost recovery")
    PRICE = "price", _("price")
    TO_BE_AGREED = "to_be_agreed", _("to be agreed")


class SharingTerms(models.Model):
    """For whom a resource is there, and on what terms.

    `notice_minutes` = latest time to ask before use; `horizon_days` = earliest; lengths and step in minutes, null =
    no rule. `at_once` confirms without asking. `ask_anyway` lets a request that only house rules stop be sent with a
    word why. Fees are information; `fees` holds exceptions by kind of borrower: {institution kind: {kind, amount}}.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="terms")
    audience = models.ForeignKey("cooperative.Audience", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    may_see = models.BooleanField(default=True)
    may_ask = models.BooleanField(default=False)
    at_once = models.BooleanField(default=False)
    ask_anyway = models.BooleanField(default=True)
    fee_kind = models.CharField(max_length=20, choices=FeeKind.choices, default=FeeKind.FREE)
    fee_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    fee_currency = models.CharField(max_length=3, default="PLN")
    fee_unit = models.CharField(max_length=20, blank=True)
    fee_ground = models.CharField(max_length=200, blank=True)
    fees = models.JSONField(default=dict, blank=True)
    notice_minutes = models.PositiveIntegerField(null=True, blank=True)
    horizon_days = models.PositiveIntegerField(null=True, blank=True)
    shortest_minutes = models.PositiveIntegerField(null=True, blank=True)
    longest_minutes = models.PositiveIntegerField(null=True, blank=True)
    step_minutes = models.PositiveIntegerField(null=True, blank=True)
    quota = models.JSONField(null=True, blank=True)
    deposit_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    deposit_currency = models.CharField(max_length=3, default="PLN")
    conditions = models.TextField(blank=True)
    conditions_version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "sharing terms"
        constraints = [
            models.UniqueConstraint(fields=["resource", "audience"], name="sharing_terms_once"),
            models.CheckConstraint(
                condition=Q(may_ask=False) | Q(may_see=True), name="sharing_terms_ask_needs_see"
            ),
            models.CheckConstraint(
                condition=Q(shortest_minutes__isnull=True)
                | Q(longest_minutes__isnull=True)
                | Q(longest_minutes__gte=F("shortest_minutes")),
                name="sharing_terms_lengths_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["resource", "audience"],
                condition=Q(may_see=True),
                name="sharing_terms_seen",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} for {self.audience_id}"
