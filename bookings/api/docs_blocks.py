"""Shapes of answers about what owners take for themselves, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bookings.models import BlockKind

_KINDS = [(kind, kind) for kind in BlockKind.values]


class BlockDoc(serializers.Serializer[Any]):
    """Time that the owner takes for itself; others see only that it is taken."""

    id = serializers.UUIDField()
    resource = serializers.UUIDField()
    kind = serializers.ChoiceField(_KINDS)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    units = serializers.IntegerField()
    title = serializers.CharField()
    note = serializers.CharField()
    review_on = serializers.DateField(
        allow_null=True, help_text="The day on which its owner looks whether it still is so."
    )

    class Meta:
        ref_name = "Block"


class TakenBackDoc(serializers.Serializer[Any]):
    """What became of the bookings that had given way: within the hour a mistake gives back what nobody else got."""

    restored = serializers.ListField(
        child=serializers.UUIDField(), help_text="Lines that are again what they were before."
    )
    to_settle = serializers.ListField(
        child=serializers.UUIDField(), help_text="Lines whose time somebody else got meanwhile."
    )

    class Meta:
        ref_name = "TakenBack"
