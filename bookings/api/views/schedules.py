"""`institutions/{id}/schedule.xlsx` and its likes: what is booked of a house's things, as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from bookings.api.listing_bodies import SpanQuery
from bookings.models import ScheduleFormat
from bookings.services.schedules.telling import TYPES, timetable_file
from cooperative.api.base import ApiView
from cooperative.files import made_now
from cooperative.institutions.queries import institution


def _file(kind: ScheduleFormat) -> type[ApiView]:
    media = TYPES[kind].partition(";")[0]

    class ScheduleFile(ApiView):
        """The timetable of a house in one format, for its keepers."""

        query_class: ClassVar[type[SpanQuery]] = SpanQuery

        @extend_schema(
            operation_id=f"institutions_schedule_{kind.value}",
            summary=f"The timetable of a house as {kind.label}",
            description=(
                "Everything booked of the things of `id` that touches the time, for its keepers; 404 for others. The "
                "shape is the one that the page brings in; what comes back is known, not doubled."
            ),
            responses={(200, media): OpenApiTypes.BINARY},
        )
        def get(self, request: Request, id: UUID) -> HttpResponse:
            viewer = self.viewer()
            asked = self.asked
            made = timetable_file(
                by=viewer,
                house=institution(viewer, id).pk,
                starts_at=asked["starts_at"],
                ends_at=asked["ends_at"],
                kind=kind,
            )
            return made_now(made.content, name=made.name, media_type=made.content_type)

    return ScheduleFile


FILES: Mapping[str, type[ApiView]] = {kind.value: _file(kind) for kind in ScheduleFormat}
