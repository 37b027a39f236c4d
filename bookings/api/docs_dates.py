"""Shapes of answers about dates with places, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class SessionBrief(serializers.Serializer[Any]):
    """One date: book exactly `starts_at` to `ends_at`, at most `free_units` places."""

    id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    units = serializers.IntegerField(help_text="All its places.")
    free_units = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "SessionBrief"


class SessionDoc(SessionBrief):
    """One date of something with places. Its `ETag` is for `If-Match`."""

    resource = serializers.UUIDField()
    note = serializers.CharField(allow_blank=True)
    zone = serializers.CharField(help_text="The owner's IANA zone.")
    cancelled_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        ref_name = "Session"


class MonthDoc(serializers.Serializer[Any]):
    """One of the owner's calendar months."""

    month = serializers.CharField(help_text="`2027-03`")
    minutes = serializers.IntegerField(help_text="That can be had in it, by all together.")
    minutes_left = serializers.IntegerField()

    class Meta:
        ref_name = "Month"


class SeatDoc(serializers.Serializer[Any]):
    """The person on one place; empty = not known."""

    id = serializers.UUIDField()
    position = serializers.IntegerField(
        help_text="Stays the same when other places are given back."
    )
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    access_needs = serializers.CharField(allow_blank=True)
    food_needs = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "Seat"


class SeatsDoc(serializers.Serializer[Any]):
    """All places of a line, in order. The `ETag` is for `If-Match`."""

    seats = SeatDoc(many=True)

    class Meta:
        ref_name = "Seats"
