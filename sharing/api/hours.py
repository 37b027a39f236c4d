"""`.../hours/` and `.../changed-hours/`: when a house, or one resource, is open; other hours on one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer

from cooperative.access.viewer import Viewer
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from cooperative.api.fields import Body, Day, Text, Uid
from cooperative.errors import NotFound
from cooperative.institutions.queries import institution
from cooperative.timeparsing import TimeError, parse_day
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
from sharing.services.changed_hours import remove_changed_hours, set_changed_hours
from sharing.wishes import TimesWish


# --- what calls carry, and what is answered ------------------------------------------------------------
class TimesBody(Body):
    """From when until when of the local day."""

    opens = Text(max_length=5, help_text="`09:00`")
    closes = Text(max_length=5, help_text="`13:00`; `24:00` ends the day")

    class Meta:
        ref_name = "OpenTimes"


class ChangedHoursBody(Body):
    """Other hours than every week on one day: they stand in place of the week's."""

    institution = Uid(required=False, help_text="The institution you act for.")
    on = Day(help_text="A day on the owner's calendar.")
    hours: ListSerializer[Any] = ListSerializer(child=TimesBody(), min_length=1, max_length=20)
    reason = Text(
        max_length=200,
        allow_blank=True,
        required=False,
        default="",
        help_text="Whoever wants to ask reads it.",
    )

    class Meta:
        ref_name = "NewChangedHours"


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


# --- a resource ----------------------------------------------------------------------------------------
class ResourceHours(ApiView):
    """What holds for one resource: its own hours or those of its house."""

    query_class = InstitutionQuery

    @extend_schema(
        operation_id="resources_hours", summary="When a resource is open", responses=HoursDoc
    )
    def get(self, request: Request, id: UUID) -> Response:
        return _of_resource(self.viewer(), id)


class ResourceChangedHours(ApiView):
    """Other hours of one resource on one day."""

    @extend_schema(
        operation_id="resources_change_hours",
        summary="Open a resource at other times on one day",
        description="What was changed on that day before is replaced. It wins over what its house changed.",
        request=ChangedHoursBody,
        responses={200: HoursDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = CHANGED.read(request.data)
        viewer = self.viewer(read.get("institution"))
        owner = resource_for(viewer, id).owner_id
        set_changed_hours(by=viewer, institution=owner, resource=id, **_wished(read))
        return _of_resource(viewer, id)


class ResourceChangedDay(ApiView):
    """A day of one resource that was changed."""

    @extend_schema(
        operation_id="resources_unchange_hours",
        summary="Open a resource as every week again on that day",
        responses={204: None},
    )
    def delete(self, request: Request, id: UUID, on: str) -> Response:
        viewer = self.viewer()
        owner = resource_for(viewer, id).owner_id
        remove_changed_hours(by=viewer, institution=owner, resource=id, on=_day(on))
        return Response(status=204)


# --- a house -------------------------------------------------------------------------------------------
class HouseHours(ApiView):
    """What holds for a house, and for what follows it."""

    query_class = InstitutionQuery

    @extend_schema(
        operation_id="institutions_hours", summary="When an institution is open", responses=HoursDoc
    )
    def get(self, request: Request, id: UUID) -> Response:
        return _of_house(self.viewer(), id)


class HouseChangedHours(ApiView):
    """Other hours of a house on one day."""

    @extend_schema(
        operation_id="institutions_change_hours",
        summary="Open your institution at other times on one day",
        description="It holds for all that follows the hours of the house.",
        request=ChangedHoursBody,
        responses={200: HoursDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = CHANGED.read(request.data)
        viewer = self.viewer(read.get("institution"))
        house = institution(viewer, id)
        set_changed_hours(by=viewer, institution=house.pk, **_wished(read))
        return _of_house(viewer, id)


class HouseChangedDay(ApiView):
    """A day of a house that was changed."""

    @extend_schema(
        operation_id="institutions_unchange_hours",
        summary="Open your institution as every week again on that day",
        responses={204: None},
    )
    def delete(self, request: Request, id: UUID, on: str) -> Response:
        viewer = self.viewer()
        remove_changed_hours(by=viewer, institution=institution(viewer, id).pk, on=_day(on))
        return Response(status=204)


CHANGED = ChangedHoursBody()


def _wished(read: dict[str, Any]) -> dict[str, Any]:
    hours = [TimesWish(row["opens"], row["closes"]) for row in read["hours"]]
    return {"on": read["on"], "hours": hours, "reason": read["reason"]}


def _of_resource(viewer: Viewer, uid: UUID) -> Response:
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


def _of_house(viewer: Viewer, uid: UUID) -> Response:
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


def _day(text: str) -> date:
    """Raises `NotFound`: what is no day has no changed hours."""
    try:
        return parse_day(text)
    except TimeError:
        raise NotFound from None
