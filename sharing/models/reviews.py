"""What moderators look at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid

from .resources import Resource


class ReviewState(models.TextChoices):
    SUBMITTED = "submitted", _("waiting for the moderators")
    CHANGES_ASKED = "changes_asked", _("changes asked for")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")


class Review(models.Model):
    """What moderators look at: a first listing (`change` null) or a change of a published one (field -> new value)."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="reviews")
    change = models.JSONField(null=True, blank=True)
    state = models.CharField(
        max_length=20, choices=ReviewState.choices, default=ReviewState.SUBMITTED
    )
    submitted_at = models.DateTimeField(default=clock.now)
    submitted_by = models.ForeignKey(
        "cooperative.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource"],
                condition=Q(state__in=["submitted", "changes_asked"]),
                name="review_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted") | Q(decided_at__isnull=False),
                name="review_decided_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.state}"
