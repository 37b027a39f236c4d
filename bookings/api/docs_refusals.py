"""Shapes of a no: its reasons, what can be had instead, and whom own use would hit; for the OpenAPI document."""

from __future__ import annotations

from typing import Any, get_args

from rest_framework import serializers

from bookings.reasons import AlternativeKind
from bookings.states import LineState
from cooperative.api.schema import ProblemDoc


def codes(values: Any, **kwargs: Any) -> serializers.ChoiceField:
    """One of some stable codes."""
    return serializers.ChoiceField([(code, code) for code in values], **kwargs)


class ReasonDoc(serializers.Serializer[Any]):
    """Why not. A *fact* holds for everybody; a house *rule* may be waived by its owner where `waivable`."""

    code = serializers.CharField(help_text="Stable.")
    kind = codes(["fact", "rule"])
    waivable = serializers.BooleanField()
    line = serializers.IntegerField(
        allow_null=True, help_text="Index of the line in the request, from 0."
    )
    date = serializers.DateField(required=False, help_text="Of a line that repeats: which date.")
    message = serializers.CharField(help_text="A sentence in the reader's language.")
    values = serializers.DictField(help_text="What the rule and the wish say, by name.")
    relax = serializers.DictField(
        required=False,
        help_text="What would make it go through: fields of a line with their values.",
    )

    class Meta:
        ref_name = "Reason"


class PieceDoc(serializers.Serializer[Any]):
    """One of several lines that stand in for one. `resource` to `strike_minutes` are the members of a new line."""

    title = serializers.CharField()
    owner = serializers.CharField()
    resource = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    event_starts_at = serializers.DateTimeField()
    event_ends_at = serializers.DateTimeField()
    units = serializers.IntegerField()
    setup_minutes = serializers.IntegerField()
    strike_minutes = serializers.IntegerField()

    class Meta:
        ref_name = "Piece"


class AlternativeDoc(PieceDoc):
    """What can be asked for instead. `resource` to `least_units` are the members of a new line, ready to be sent."""

    kind = codes(get_args(AlternativeKind))
    line = serializers.IntegerField(help_text="Index of the line that it would replace.")
    date = serializers.DateField(required=False, help_text="Of a line that repeats: which date.")
    message = serializers.CharField()
    why = serializers.CharField(help_text="Why it is offered, in one line.")
    second_in_line = serializers.BooleanField()
    waiting_list = serializers.BooleanField()
    least_units = serializers.IntegerField(allow_null=True)
    place = serializers.IntegerField(
        allow_null=True, help_text="Which in the queue one would be; 1 = next."
    )
    lines = PieceDoc(
        many=True, help_text="Of a `split`: all the lines that stand in for this one; else empty."
    )

    class Meta:
        ref_name = "Alternative"


class RefusalDoc(ProblemDoc):
    """A no with all its reasons and its options. Both are left out where state alone is in the way."""

    reasons = ReasonDoc(many=True, required=False)
    alternatives = AlternativeDoc(many=True, required=False)

    class Meta:
        ref_name = "Refusal"


class OptionsDoc(serializers.Serializer[Any]):
    """What can be asked for in place of a line that came to nothing, the best first."""

    alternatives = AlternativeDoc(many=True)

    class Meta:
        ref_name = "Options"


class HitDoc(serializers.Serializer[Any]):
    """A booking in the way."""

    line = serializers.UUIDField()
    booking = serializers.UUIDField()
    title = serializers.CharField()
    borrower = serializers.CharField()
    state = codes(LineState.values)
    units = serializers.IntegerField()
    use_starts_at = serializers.DateTimeField()
    use_ends_at = serializers.DateTimeField()

    class Meta:
        ref_name = "Hit"


class WouldHitDoc(ProblemDoc):
    """409 `would_hit`: bookings in the way, the most urgent first. Nothing was stored. Of a state that does not allow
    it there are no `lines`."""

    lines = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        help_text="The `id`s of booking lines that would give way.",
    )
    today = serializers.IntegerField(required=False, help_text="How many of them are today.")
    hits = HitDoc(many=True, required=False)
    others = HitDoc(
        many=True, required=False, help_text="Who else is there then and could give way instead."
    )

    class Meta:
        ref_name = "WouldHit"
