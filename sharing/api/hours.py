"""How the hours of a house, or of one resource, are told. The calls live in `bookings/api/views/hours.py`: what changes
hours tells which bookings would lie outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rest_framework import serializers
from rest_framework.response import Response

from cooperative.access.viewer import Viewer
from cooperative.institutions.queries import institution
from sharing.models import DayOff, DayOffKind, WeeklyHours
from sharing.queries.hours import (
    DayHours,
    changed_hours,
    changed_hours_of,
    clock_face,
    days_off,
    days_off_of,
    weekly_rows,
)
from sharing.queries.listings import resource_for


class TimesDoc(serializers.Serializer[Any]):
    opens = serializers.CharField()
    closes = serializers.CharField()

    class Meta:
        ref_name = "OpenTimesShown"


class WeeklyDoc(serializers.Serializer[Any]):
    weekday = serializers.IntegerField(help_text="0 = Monday")
    opens = serializers.CharField()
    closes = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="Exclusive.")

    class Meta:
        ref_name = "WeeklyHoursShown"


class DayOffDoc(serializers.Serializer[Any]):
    from_on = serializers.DateField()
    until_on = serializers.DateField(help_text="Exclusive.")
    kind = serializers.ChoiceField([(code, code) for code in DayOffKind.values])
    reason = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "DayOff"


class ChangedDoc(serializers.Serializer[Any]):
    on = serializers.DateField()
    hours = TimesDoc(many=True)
    reason = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "ChangedHours"


class HoursDoc(serializers.Serializer[Any]):
    """By the wall clock of `time_zone`. A day off is closed; a changed day is open as it says; any other as every week.

    No `weekly` rows at all = open at any time. Days that are over are left out.
    """

    time_zone = serializers.CharField()
    weekly = WeeklyDoc(many=True)
    days_off = DayOffDoc(many=True)
    changed = ChangedDoc(many=True)

    class Meta:
        ref_name = "Hours"


def _shown(
    zone: str,
    weekly: Sequence[WeeklyHours],
    off: Sequence[DayOff],
    changed: Sequence[DayHours],
) -> dict[str, Any]:
    return {
        "time_zone": zone,
        "weekly": [
            {
                "weekday": row.weekday,
                "opens": clock_face(row.opens_minute),
                "closes": clock_face(row.closes_minute),
                "valid_from": row.valid_from,
                "valid_until": row.valid_until,
            }
            for row in weekly
        ],
        "days_off": [
            {
                "from_on": row.from_on,
                "until_on": row.until_on,
                "kind": row.kind,
                "reason": row.reason,
            }
            for row in off
        ],
        "changed": [
            {
                "on": row.on,
                "hours": [{"opens": opens, "closes": closes} for opens, closes in row.times],
                "reason": row.reason,
            }
            for row in changed
        ],
    }


def of_resource(viewer: Viewer, uid: UUID) -> Response:
    """When a resource is open. Raises `NotFound`."""
    resource = resource_for(viewer, uid)
    today = viewer.now.astimezone(ZoneInfo(resource.time_zone)).date()
    own = resource.pk if resource.hours_source == "own" else None
    always = resource.hours_source == "always"
    return Response(
        _shown(
            resource.time_zone,
            [] if always else weekly_rows(institution=resource.owner_id, resource=own),
            days_off_of(resource, since=today),
            changed_hours_of(resource, since=today),
        )
    )


def of_house(viewer: Viewer, uid: UUID) -> Response:
    """When an institution is open. Raises `NotFound`."""
    house = institution(viewer, uid)
    today = viewer.now.astimezone(ZoneInfo(house.time_zone)).date()
    return Response(
        _shown(
            house.time_zone,
            weekly_rows(institution=house.pk),
            days_off(institution=house.pk, since=today),
            changed_hours(institution=house.pk, since=today),
        )
    )
