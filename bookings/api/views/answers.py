"""`resources/{id}/keepers/`, `bookings/{id}/keep-waiting/`, `booking-lines/{id}/fee/`, `told/` and `untold/`."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.answers import FeeWish
from bookings.api.answering import NamedFeeBody
from bookings.api.answers import (
    KeepersBody,
    KeepersDoc,
    KeepWaitingBody,
    ToldBody,
    keepers_shown,
)
from bookings.api.docs import BookingDoc, LineDoc
from bookings.api.shown import beside, line_shown
from bookings.api.views.bookings import BookingView
from bookings.services.answer_times import keep_waiting
from bookings.services.fees import name_fee
from bookings.services.told import told_by_phone
from cooperative.access.viewer import Viewer
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from sharing.permissions import require_keeper
from sharing.queries.keepers import keepers_of
from sharing.queries.listings import resource_for
from sharing.services.keepers import set_keepers

KEEPERS, KEEP_WAITING, TOLD, FEE = KeepersBody(), KeepWaitingBody(), ToldBody(), NamedFeeBody()


class ResourceKeepers(ApiView):
    """Who hears of a thing, for the keepers of its owner."""

    query_class = InstitutionQuery

    @extend_schema(
        operation_id="resources_keepers",
        summary="Who hears of requests for it",
        responses=KeepersDoc,
    )
    def get(self, request: Request, id: UUID) -> Response:
        return self._answer(self.viewer(), id)

    @extend_schema(
        operation_id="resources_set_keepers",
        summary="Name who hears of requests for it",
        description="Nobody named: everybody who looks after things of the house. Any of them may answer all the same.",
        request=KeepersBody,
        responses={200: KeepersDoc},
    )
    def put(self, request: Request, id: UUID) -> Response:
        read = KEEPERS.read(request.data)
        viewer = self.viewer()
        set_keepers(by=viewer, resource=id, **read)
        return self._answer(viewer, id)

    @staticmethod
    def _answer(viewer: Viewer, uid: UUID) -> Response:
        resource = resource_for(viewer, uid)
        require_keeper(viewer, resource.owner_id)
        return Response(keepers_shown(keepers_of(viewer, resource), resource))


class KeepWaiting(BookingView):
    """No answer came in time, and whoever asked waits on."""

    @extend_schema(
        operation_id="bookings_keep_waiting",
        summary="Wait on, though no answer came in time",
        description=(
            "Of lines with `not_answered_yet`: an answer is due in another three of the owner's working days, and the "
            "owner is reminded then. Taking it back instead is `withdraw`."
        ),
        request=KeepWaitingBody,
        responses={200: BookingDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = KEEP_WAITING.read(request.data)
        viewer = self.viewer(read.get("institution"))
        booking = keep_waiting(by=viewer, booking=id, lender=read.get("owner"))
        return self.answer(booking, viewer)


class LineFee(ApiView):
    """What an agreed line costs."""

    query_class = InstitutionQuery

    @extend_schema(
        operation_id="booking_lines_fee",
        summary="Say what an agreed line costs, or less than was agreed",
        description=(
            "By a keeper of the owner. Where the yes came before anybody named an amount (`fee.kind` is "
            "`to_be_agreed`) it is said once; what was agreed can be lowered or waived, with a reason. The same "
            "again is harmless; more than was agreed is 400 `fee_only_lower`."
        ),
        request=NamedFeeBody,
        responses={200: LineDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = FEE.read(request.data)
        viewer = self.viewer()
        line = name_fee(by=viewer, line=id, **{**read, "fee": FeeWish(**read["fee"])})
        return Response(line_shown(line, line.booking, viewer, beside([line], viewer)))


class _Tells(ApiView):
    query_class = InstitutionQuery
    told = True

    def tick(self, request: Request, uid: UUID) -> Response:
        TOLD.read(request.data)
        viewer = self.viewer()
        line = told_by_phone(by=viewer, line=uid, told=self.told)
        return Response(line_shown(line, line.booking, viewer, beside([line], viewer)))


class Told(_Tells):
    """The other side was called."""

    @extend_schema(
        operation_id="booking_lines_told",
        summary="The other side was told by phone",
        description="Of what came in the way of a line. Whoever is ticked before their mail went out gets none.",
        request=ToldBody,
        responses={200: LineDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        return self.tick(request, id)


class Untold(_Tells):
    """They were not called after all."""

    told = False

    @extend_schema(
        operation_id="booking_lines_untold",
        summary="They were not told after all",
        request=ToldBody,
        responses={200: LineDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        return self.tick(request, id)
