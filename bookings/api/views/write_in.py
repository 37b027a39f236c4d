"""`bookings/write-in/`: a keeper stores what was agreed elsewhere, and takes it back within the hour."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api import examples
from bookings.api.bodies import BookingActionBody, wish_of
from bookings.api.docs import BookingDoc, RequestedDoc
from bookings.api.shown import refused_shown
from bookings.api.written import WriteInBody, written_for
from bookings.services.correcting import undo_write_in
from bookings.services.write_in import write_in_series
from cooperative.api.acting import must_act

from .bookings import ACTION, BookingView

WRITE_IN = WriteInBody()


class WriteIn(BookingView):
    """What came by phone."""

    also_answers = (403, 404)

    @extend_schema(
        operation_id="bookings_write_in",
        summary="Write in what was agreed elsewhere: confirmed at once",
        description=(
            "By keepers of the house that lends, of its own things; also what has passed. House rules do not count. "
            "409: the time is not free. A line with `series` repeats; what of it cannot be comes back in `refused`."
        ),
        request=WriteInBody,
        responses={201: RequestedDoc},
        examples=[examples.WRITTEN_IN],
    )
    def post(self, request: Request) -> Response:
        read = WRITE_IN.read(request.data)
        viewer = self.viewer(read.get("institution"))
        house = must_act(viewer)
        wish = wish_of(read, by=viewer)
        whom = written_for(read, by=viewer)
        made = write_in_series(by=viewer, lender=house, wish=wish, whom=whom)
        more = {"refused": refused_shown(made.refused)} if made.refused else None
        return self.answer(made.booking, viewer, status=201, more=more)


class UndoWriteIn(BookingView):
    """It was a mistake."""

    also_answers = (403,)

    @extend_schema(
        operation_id="bookings_undo_write_in",
        summary="Take back what was written in within the last hour",
        request=BookingActionBody,
        responses={200: BookingDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = ACTION.read(request.data)
        viewer = self.viewer(read.get("institution"))
        return self.answer(undo_write_in(by=viewer, booking=id), viewer)
