"""`booking-lines/{id}/seats/` and `seats/{id}/drop/`: who comes, and one place given back."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.docs import LineDoc
from bookings.api.docs_dates import SeatsDoc
from bookings.api.seats import DropBody, SeatsBody, seats_shown, wishes_of
from bookings.api.shown import line_shown
from bookings.models import Line
from bookings.queries.seats import seats_of, tag_of_seats
from bookings.services.seats import drop_seat, set_seats
from cooperative.access.viewer import Viewer
from cooperative.api import etags
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from cooperative.errors import NotFound

SEATS, DROP = SeatsBody(), DropBody()


class Seats(ApiView):
    """Who comes on the places of a line, for its two sides."""

    query_class = InstitutionQuery
    matches = ("PUT",)

    @extend_schema(
        operation_id="booking_lines_seats",
        summary="Who comes on its places",
        description="None where it has no places. Names and needs are erased 30 days after its end.",
        responses=SeatsDoc,
    )
    def get(self, request: Request, id: UUID) -> Response:
        return self._answer(self.viewer(), id)

    @extend_schema(
        operation_id="booking_lines_set_seats",
        summary="Write who comes on its places",
        description="By the borrower, or a keeper of the owner. Replaced whole.",
        request=SeatsBody,
        responses={200: SeatsDoc},
    )
    def put(self, request: Request, id: UUID) -> Response:
        read = SEATS.read(request.data)
        viewer = self.viewer()
        set_seats(by=viewer, line=id, seats=wishes_of(read), seen=etags.tag_matched(request))
        return self._answer(viewer, id)

    @staticmethod
    def _answer(viewer: Viewer, uid: UUID) -> Response:
        line = Line.objects.visible_to(viewer).filter(uid=uid).first()
        if line is None:
            raise NotFound
        seats = seats_of([line], viewer=viewer).get(line.pk, [])
        return Response(seats_shown(seats), headers={"ETag": etags.of_word(tag_of_seats(seats))})


class DropSeat(ApiView):
    """One place given back."""

    @extend_schema(
        operation_id="seats_drop",
        summary="Give one place back, and keep the others",
        description=(
            "The line has one unit less; the other side is told. 409 `last_seat` for the only one: cancel the line "
            "instead. Repeating it is harmless."
        ),
        request=DropBody,
        responses={200: LineDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        DROP.read(request.data)
        viewer = self.viewer()
        line = drop_seat(by=viewer, seat=id)
        return Response(line_shown(line, line.booking, viewer))
