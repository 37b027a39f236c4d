"""`.../hours/` and `.../changed-hours/`: when a house, or one resource, is open; other hours on one day."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.docs_refusals import WouldHitDoc
from bookings.api.hours import (
    ChangedHoursBody,
    ConfirmedQuery,
    WeeklyHoursBody,
    times_of,
    week_of,
)
from bookings.services.hours import change_hours
from cooperative.access.viewer import Viewer
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from cooperative.errors import NotFound
from cooperative.institutions.queries import institution
from cooperative.timeparsing import TimeError, parse_day
from sharing.api.hours import HoursDoc, of_house, of_resource
from sharing.queries.listings import resource_for
from sharing.services.changed_hours import remove_changed_hours, set_changed_hours
from sharing.services.set_weekly_hours import set_weekly_hours

CHANGED, WEEKLY = ChangedHoursBody(), WeeklyHoursBody()
WOULD = "409 `would_hit` with the bookings that would lie outside the hours, unless `confirmed`: nothing is stored."
Problems = dict[int, type[serializers.Serializer[object]]]


class ResourceHours(ApiView):
    """What holds for one resource: its own hours or those of its house."""

    query_class = InstitutionQuery
    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(
        operation_id="resources_hours", summary="When a resource is open", responses=HoursDoc
    )
    def get(self, request: Request, id: UUID) -> Response:
        return of_resource(self.viewer(), id)

    @extend_schema(
        operation_id="resources_set_hours",
        summary="Give a resource weekly hours of its own, seasons included",
        description=f"Replaced whole. {WOULD}",
        request=WeeklyHoursBody,
        responses={200: HoursDoc},
    )
    def put(self, request: Request, id: UUID) -> Response:
        read = WEEKLY.read(request.data)
        viewer = self.viewer(read.get("institution"))
        _set_week(viewer, read, house=resource_for(viewer, id).owner_id, resource=id)
        return of_resource(viewer, id)


class ResourceChangedHours(ApiView):
    """Other hours of one resource on one day."""

    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(
        operation_id="resources_change_hours",
        summary="Open a resource at other times on one day",
        description=(
            "What was changed on that day before is replaced. It wins over what its house changed. "
            f"{WOULD}"
        ),
        request=ChangedHoursBody,
        responses={200: HoursDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = CHANGED.read(request.data)
        viewer = self.viewer(read.get("institution"))
        _change_a_day(viewer, read, house=resource_for(viewer, id).owner_id, resource=id)
        return of_resource(viewer, id)


class ResourceChangedDay(ApiView):
    """A day of one resource that was changed."""

    delete_query_class = ConfirmedQuery
    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(
        operation_id="resources_unchange_hours",
        summary="Open a resource as every week again on that day",
        description=WOULD,
        responses={204: None},
    )
    def delete(self, request: Request, id: UUID, on: str) -> Response:
        viewer = self.viewer()
        known = self.asked.get("confirmed", False)
        owner = resource_for(viewer, id).owner_id
        _as_every_week(viewer, on, house=owner, resource=id, confirmed=known)
        return Response(status=204)


class HouseHours(ApiView):
    """What holds for a house, and for what follows it."""

    query_class = InstitutionQuery
    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(
        operation_id="institutions_hours", summary="When an institution is open", responses=HoursDoc
    )
    def get(self, request: Request, id: UUID) -> Response:
        return of_house(self.viewer(), id)

    @extend_schema(
        operation_id="institutions_set_hours",
        summary="Set the weekly hours of your institution, seasons included",
        description=f"Replaced whole; they hold for all that follows the house. {WOULD}",
        request=WeeklyHoursBody,
        responses={200: HoursDoc},
    )
    def put(self, request: Request, id: UUID) -> Response:
        read = WEEKLY.read(request.data)
        viewer = self.viewer(read.get("institution"))
        _set_week(viewer, read, house=institution(viewer, id).pk)
        return of_house(viewer, id)


class HouseChangedHours(ApiView):
    """Other hours of a house on one day."""

    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(
        operation_id="institutions_change_hours",
        summary="Open your institution at other times on one day",
        description=f"It holds for all that follows the hours of the house. {WOULD}",
        request=ChangedHoursBody,
        responses={200: HoursDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = CHANGED.read(request.data)
        viewer = self.viewer(read.get("institution"))
        _change_a_day(viewer, read, house=institution(viewer, id).pk)
        return of_house(viewer, id)


class HouseChangedDay(ApiView):
    """A day of a house that was changed."""

    delete_query_class = ConfirmedQuery
    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(
        operation_id="institutions_unchange_hours",
        summary="Open your institution as every week again on that day",
        description=WOULD,
        responses={204: None},
    )
    def delete(self, request: Request, id: UUID, on: str) -> Response:
        viewer = self.viewer()
        known = self.asked.get("confirmed", False)
        _as_every_week(viewer, on, house=institution(viewer, id).pk, confirmed=known)
        return Response(status=204)


def _set_week(
    viewer: Viewer, read: dict[str, Any], *, house: int, resource: UUID | None = None
) -> None:
    change = partial(
        set_weekly_hours, by=viewer, institution=house, resource=resource, hours=week_of(read)
    )
    known: bool = read["confirmed"]
    change_hours(change, by=viewer, institution=house, resource=resource, confirmed=known)


def _change_a_day(
    viewer: Viewer, read: dict[str, Any], *, house: int, resource: UUID | None = None
) -> None:
    change = partial(
        set_changed_hours,
        by=viewer,
        institution=house,
        resource=resource,
        on=read["on"],
        hours=times_of(read),
        reason=read["reason"],
    )
    known: bool = read["confirmed"]
    change_hours(change, by=viewer, institution=house, resource=resource, confirmed=known)


def _as_every_week(
    viewer: Viewer, on: str, *, house: int, resource: UUID | None = None, confirmed: bool
) -> None:
    change = partial(
        remove_changed_hours, by=viewer, institution=house, resource=resource, on=_day(on)
    )
    change_hours(change, by=viewer, institution=house, resource=resource, confirmed=confirmed)


def _day(text: str) -> date:
    """Raises `NotFound`: what is no day has no changed hours."""
    try:
        return parse_day(text)
    except TimeError:
        raise NotFound from None
