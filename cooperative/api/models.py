"""Answers kept for 24 h so that a repeated POST has its effect once."""

from __future__ import annotations

from django.db import models

from cooperative import clock


class IdempotencyKey(models.Model):
    """A successful answer, stored in the transaction of its effect. `body_hash` is SHA-256 of method, path and body."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("cooperative.Person", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="idempotency_key_unique")
        ]

    def __str__(self) -> str:
        return self.key
