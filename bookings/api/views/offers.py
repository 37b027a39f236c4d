"""`offers/`: propose another time, number or thing for a line; look up, take, decline and withdraw proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api import examples
from bookings.api.bodies import OfferAnswerBody, OfferBody, OffersQuery, fee_of, proposed_wish
from bookings.api.docs import OfferDoc, ProposedOfferDoc
from bookings.api.docs_refusals import RefusalDoc
from bookings.api.shown import beside, line_shown, offer_shown
from bookings.models import Offer
from bookings.queries.offers import offer_for, offers_of
from bookings.queries.overview import line_for
from bookings.services.offers import accept_offer, decline_offer, propose, withdraw_offer
from cooperative.access.viewer import Viewer
from cooperative.api import pages
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from cooperative.api.schema import page_of

OFFER, ANSWER = OfferBody(), OfferAnswerBody()


class Offers(ApiView):
    """Proposals of both sides."""

    query_class = OffersQuery
    pages_through = True
    also_answers = (404,)
    problem_docs: ClassVar[dict[int, type[serializers.Serializer[Any]]]] = {409: RefusalDoc}

    @extend_schema(
        operation_id="offers_list",
        summary="Proposals about what you borrow and lend, newest first",
        responses=page_of("OfferPage", OfferDoc),
    )
    def get(self, request: Request) -> Response:
        viewer = self.viewer()
        asked = self.asked
        rows = offers_of(
            viewer=viewer,
            houses=self.houses(viewer),
            role=asked.get("role"),
            state=asked.get("state"),
        )

        def shown(found: Sequence[Offer]) -> list[dict[str, Any]]:
            return [offer_shown(one, viewer) for one in found]

        return Response(pages.keyset(rows, request, shown))

    @extend_schema(
        operation_id="offers_create",
        summary="Propose another time, number or thing for a line",
        description=(
            "201: the other side is asked, and what is proposed is kept until `offer.expires_at`. "
            "200: the line was changed at once (`applied`): you gave back, nobody had answered yet, or its owner lets "
            "you have it without asking. What is out already may be kept longer unless a fact is in the way."
        ),
        request=OfferBody,
        responses={200: ProposedOfferDoc, 201: ProposedOfferDoc},
        examples=[examples.NEW_OFFER],
    )
    def post(self, request: Request) -> Response:
        read = OFFER.read(request.data)
        viewer = self.viewer()
        line = line_for(viewer=viewer, uid=read.pop("line"))
        made = propose(
            by=viewer,
            line=line.uid,
            wish=proposed_wish(read, line),
            note=read["note"],
            expires_at=read.get("expires_at"),
            fee=fee_of(read),
        )
        more = beside([made.line], viewer)
        offer = None
        if made.offer is not None:
            offer = offer_shown(offer_for(viewer=viewer, uid=made.offer.uid), viewer)
        shown = {
            "applied": offer is None,
            "line": line_shown(made.line, made.line.booking, viewer, more),
            "offer": offer,
        }
        return Response(shown, 200 if offer is None else 201)


class OfferDetail(ApiView):
    """One proposal."""

    query_class = InstitutionQuery

    @extend_schema(operation_id="offers_retrieve", summary="One proposal", responses=OfferDoc)
    def get(self, request: Request, id: UUID) -> Response:
        viewer = self.viewer()
        return Response(offer_shown(offer_for(viewer=viewer, uid=id), viewer))


class OfferAnswer(ApiView):
    """What the views of answers share."""

    problem_docs: ClassVar[dict[int, type[serializers.Serializer[Any]]]] = {409: RefusalDoc}

    def shown(self, uid: UUID, viewer: Viewer) -> Response:
        return Response(offer_shown(offer_for(viewer=viewer, uid=uid), viewer))


class AcceptOffer(OfferAnswer):
    """A proposal is taken."""

    @extend_schema(
        operation_id="offers_accept",
        summary="Take a proposal; taken again it answers the same",
        description="409 `offer_expired`: too late. 409 `not_possible`: it no longer fits.",
        request=OfferAnswerBody,
        responses={200: OfferDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = ANSWER.read(request.data)
        viewer = self.viewer()
        accept_offer(by=viewer, offer=id, note=read["note"])
        return self.shown(id, viewer)


class DeclineOffer(OfferAnswer):
    """A proposal is declined."""

    @extend_schema(
        operation_id="offers_decline",
        summary="Say no to a proposal; the line stays, or leaves the waiting list",
        request=OfferAnswerBody,
        responses={200: OfferDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = ANSWER.read(request.data)
        viewer = self.viewer()
        decline_offer(by=viewer, offer=id, note=read["note"])
        return self.shown(id, viewer)


class WithdrawOffer(OfferAnswer):
    """A proposal is taken back."""

    @extend_schema(
        operation_id="offers_withdraw",
        summary="Take back a proposal that your side made",
        request=OfferAnswerBody,
        responses={200: OfferDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = ANSWER.read(request.data)
        viewer = self.viewer()
        withdraw_offer(by=viewer, offer=id, note=read["note"])
        return self.shown(id, viewer)


ANSWERS: dict[str, type[OfferAnswer]] = {
    "accept": AcceptOffer,
    "decline": DeclineOffer,
    "withdraw": WithdrawOffer,
}
