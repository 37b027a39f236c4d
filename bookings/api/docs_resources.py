"""Shapes of answers about resources, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bookings.api.docs_dates import MonthDoc, SessionBrief
from cooperative.api.serializers import InstitutionBrief
from sharing.models import CompanionKind, FeeKind, Handover, ResourceKind, ResourceState

from .answers import AnswersDoc
from .docs_refusals import codes


class TermsDoc(serializers.Serializer[Any]):
    """The terms that hold today for whom you act."""

    sentence = serializers.CharField(help_text="All of it in one sentence.")
    may_ask = serializers.BooleanField()
    at_once = serializers.BooleanField()
    ask_anyway = serializers.BooleanField()
    fee_kind = codes(FeeKind.values)
    fee_amount = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    fee_currency = serializers.CharField()
    fee_unit = serializers.CharField(allow_blank=True)
    notice_minutes = serializers.IntegerField(allow_null=True)
    horizon_days = serializers.IntegerField(allow_null=True)
    shortest_minutes = serializers.IntegerField(allow_null=True)
    longest_minutes = serializers.IntegerField(allow_null=True)
    step_minutes = serializers.IntegerField(allow_null=True)
    conditions = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "TermsForYou"


class CategoryBrief(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()

    class Meta:
        ref_name = "CategoryBrief"


class PhotoDoc(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    alternative_text = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()

    class Meta:
        ref_name = "Photo"


class ResourceBrief(serializers.Serializer[Any]):
    """A resource in a list."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True, help_text="Of title, summary and body.")
    category = CategoryBrief()
    owner = InstitutionBrief()
    kind = codes(ResourceKind.values)
    units = serializers.IntegerField()
    state = codes(ResourceState.values)
    place = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    time_zone = serializers.CharField(help_text="IANA zone of its owner's wall clock.")
    attributes = serializers.DictField(help_text="By code; what is absent is unknown.")
    handover = codes(Handover.values)
    free_units = serializers.IntegerField(
        required=False, help_text="With a window: how many are free during all of it."
    )

    class Meta:
        ref_name = "ResourceBrief"


class ResourceTextDoc(serializers.Serializer[Any]):
    language = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True)
    is_original = serializers.BooleanField()

    class Meta:
        ref_name = "ResourceTextShown"


class PartDoc(serializers.Serializer[Any]):
    """Another resource, and how many of it."""

    resource = serializers.UUIDField()
    title = serializers.CharField()
    units = serializers.IntegerField()

    class Meta:
        ref_name = "Part"


class CompanionDoc(PartDoc):
    """A resource that another comes with."""

    kind = codes(CompanionKind.values)

    class Meta:
        ref_name = "Companion"


class PartsDoc(serializers.Serializer[Any]):
    """What it is made of, and what it is a part of."""

    parts = PartDoc(many=True)
    part_of = PartDoc(many=True, help_text="As far as you may see it.")

    class Meta:
        ref_name = "Parts"


class CompanionsDoc(serializers.Serializer[Any]):
    """What it comes only with, as everybody who sees it is told, and well with, as far as you may see it."""

    companions = CompanionDoc(many=True)

    class Meta:
        ref_name = "Companions"


class ResourceDoc(ResourceBrief):
    """A resource. Its `ETag` is for `If-Match`."""

    body = serializers.CharField(allow_blank=True)
    texts = ResourceTextDoc(many=True)
    photos = PhotoDoc(many=True)
    turnover_minutes = serializers.IntegerField(help_text="Kept free after each use.")
    belongings = serializers.ListField(child=serializers.CharField())
    rider = serializers.CharField(allow_blank=True)
    needs_from_asker = serializers.ListField(
        child=serializers.CharField(),
        help_text="Fields of a booking that its owner wants filled in.",
    )
    terms = TermsDoc(allow_null=True, help_text="Null: nothing of this is for you today.")
    parts = PartDoc(many=True)
    part_of = PartDoc(many=True, help_text="As far as you may see it.")
    companions = CompanionDoc(many=True)
    answers = AnswersDoc(allow_null=True, help_text="How soon its owner answers a request.")

    class Meta:
        ref_name = "Resource"


class SpanDoc(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()

    class Meta:
        ref_name = "Span"


class FreeSpanDoc(SpanDoc):
    units = serializers.IntegerField()

    class Meta:
        ref_name = "FreeSpan"


class AvailabilityDoc(serializers.Serializer[Any]):
    """When it is open, and when how many are free. Times of use, in the owner's wall clock; ends are exclusive."""

    open = SpanDoc(many=True)
    free = FreeSpanDoc(many=True)
    sessions = SessionBrief(
        many=True,
        required=False,
        help_text="Of what has places: its dates inside the window, full ones too.",
    )
    months = MonthDoc(
        many=True, required=False, help_text="Of what has hours a month: those the window touches."
    )

    class Meta:
        ref_name = "Availability"
