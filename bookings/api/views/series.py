"""`series/` and `watches/`: this and following, and dates that are watched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.docs import BookingDoc, ChangedSeriesDoc, WatchDoc
from bookings.api.series import ChangeBody, EndBody, LeaveBody, wall_of, watch_shown
from bookings.api.shown import reason_shown, refused_shown
from bookings.models import Series
from bookings.queries.series import series_for
from bookings.services.series.change_plan import ChangedSeries
from bookings.services.series.changing import SeriesChange, change_series
from bookings.services.series.ending import end_series
from bookings.services.series.watching import leave_watch
from cooperative.api.base import ApiView
from cooperative.errors import Invalid
from cooperative.timeparsing import out_of_order

from .bookings import BookingView

CHANGE, END, LEAVE = ChangeBody(), EndBody(), LeaveBody()
_MINUTE = timedelta(minutes=1)


class ChangeSeries(BookingView):
    """This and following, otherwise."""

    @extend_schema(
        operation_id="series_change",
        summary="Another time, length, day of the week or number from a date on",
        description=(
            "Ends the series and begins another. What waits is asked anew at its new time; what is confirmed and "
            "cannot have it keeps the old one (`kept`); what grows keeps it until its owner agrees (`asked`)."
        ),
        request=ChangeBody,
        responses={200: ChangedSeriesDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = CHANGE.read(request.data)
        viewer = self.viewer(read.get("institution"))
        found = series_for(viewer=viewer, uid=id)
        changed = change_series(
            by=viewer,
            series=id,
            since=read["since"],
            change=_change(read, found),
            note=read["note"],
        )
        assert found.booking is not None
        booking = self.answer(found.booking, viewer)
        return Response(_changed_shown(changed) | {"booking": booking.data})


def _change(read: dict[str, Any], row: Series) -> SeriesChange:
    """What a body says beside the series as it is. Raises `Invalid`."""
    zone = ZoneInfo(row.zone)
    starts_at, ends_at = read.get("starts_at"), read.get("ends_at")
    days, starts_minute, length = 0, None, None
    if starts_at is not None:
        starts = wall_of(starts_at, zone)
        days = (starts.date() - read["since"]).days
        starts_minute = (starts - starts.replace(hour=0, minute=0)) // _MINUTE
    if ends_at is not None:
        if starts_at is None:
            raise Invalid({"starts_at": _("Give the start as well.")})
        if disorder := out_of_order(starts_at, ends_at):
            raise Invalid({"ends_at": disorder[0]}, code=disorder[1])
        length = (wall_of(ends_at, zone) - wall_of(starts_at, zone)) // _MINUTE
    return SeriesChange(days, starts_minute, length, read.get("units"))


def _changed_shown(changed: ChangedSeries) -> dict[str, Any]:
    return {
        "ended": changed.ended.uid,
        "begun": changed.begun.uid,
        "moved": [line.uid for line in changed.moved],
        "asked": [
            {"line": offer.line.uid, "offer": offer.uid}
            for offer in changed.asked
            if offer.line is not None
        ],
        "kept": [
            {
                "line": one.line.uid,
                "date": one.on.isoformat(),
                "reasons": [reason_shown(reason) for reason in one.reasons],
            }
            for one in changed.kept
        ],
        "added": [line.uid for line in changed.added],
        "refused": refused_shown(changed.refused),
    }


class EndSeries(BookingView):
    """This and following, called off."""

    @extend_schema(
        operation_id="series_end",
        summary="Call off all dates from a day on, with one reason",
        description=(
            "By the borrower (withdrawn and cancelled) or the owner (declined and taken back, with a `reason`). "
            "Dates that are watched are so no longer."
        ),
        request=EndBody,
        responses={200: BookingDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = END.read(request.data)
        viewer = self.viewer(read.get("institution"))
        ended = end_series(by=viewer, series=id, since=read.get("since"), reason=read["reason"])
        assert ended.booking is not None
        return self.answer(ended.booking, viewer)


class LeaveWatch(ApiView):
    """A date is watched no longer."""

    @extend_schema(
        operation_id="watches_leave",
        summary="Watch a date no longer; repeating it is harmless",
        request=LeaveBody,
        responses={200: WatchDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = LEAVE.read(request.data)
        viewer = self.viewer(read.get("institution"))
        return Response(watch_shown(leave_watch(by=viewer, watch=id)))
