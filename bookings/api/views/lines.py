"""`booking-lines/{id}/{action}/`: one address for each action that a person takes, from the transition table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.answering import ApprovingBody, RefusingActionBody, answer_of
from bookings.api.bodies import (
    ActionBody,
    ReasonedActionBody,
    fee_of,
    proposed_wish,
)
from bookings.api.cases import ComplaintBody
from bookings.api.docs import LineDoc
from bookings.api.docs_refusals import OptionsDoc, RefusalDoc
from bookings.api.shown import alternative_shown, beside, line_shown
from bookings.queries.overview import line_for
from bookings.services.actions import WITH_A_PROPOSAL, act
from bookings.services.instead import options_instead_of
from bookings.states import PERSONAL_ACTIONS, TRANSITIONS, Transition, Who
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView

_WHO = {
    Who.BORROWER: "the borrower",
    Who.KEEPER: "a keeper of the owner",
    Who.BOTH: "both sides",
    Who.MODERATOR: "a moderator",
}


def line_action(row: Transition) -> type[ApiView]:
    """The view of one action."""
    body = ReasonedActionBody if row.needs_reason else ActionBody
    if row.action == "approve":
        body = ApprovingBody
    if row.action in WITH_A_PROPOSAL:
        body = RefusingActionBody
    if row.action == "complain":
        body = ComplaintBody
    reader = body()

    class Act(ApiView):
        __doc__ = _said(row)
        problem_docs: ClassVar[dict[int, type[serializers.Serializer[Any]]]] = {409: RefusalDoc}

        @extend_schema(
            operation_id=f"booking_lines_{row.action}",
            summary=f"{row.action.replace('_', ' ').capitalize()} a line",
            description=_said(row),
            request=body,
            responses={200: LineDoc},
        )
        def post(self, request: Request, id: UUID) -> Response:
            read = reader.read(request.data)
            viewer = self.viewer()
            said = answer_of(read)
            if read.get("proposal") is not None:
                said = replace(said, fee=fee_of(read["proposal"]))
                read["proposal"] = proposed_wish(read["proposal"], line_for(viewer=viewer, uid=id))
            line = act(by=viewer, line=id, action=row.action, answer=said, **read)
            return Response(line_shown(line, line.booking, viewer, beside([line], viewer)))

    return Act


def _said(row: Transition) -> str:
    sources = ", ".join(sorted(row.sources))
    targets = " or ".join(row.targets)
    who = ", ".join(_WHO[one] for one in row.who if one in _WHO)
    return f"From {sources} to {targets}; by {who}. Repeating it is harmless."


ACTIONS: dict[str, type[ApiView]] = {
    action: line_action(TRANSITIONS[action]) for action in PERSONAL_ACTIONS
}


class Alternatives(ApiView):
    """What could be had in place of a line that came to nothing."""

    query_class = InstitutionQuery

    @extend_schema(
        operation_id="booking_lines_alternatives",
        summary="What could be had instead",
        description=(
            "For who asked: of a line that was declined, taken back, not answered or is to be settled, "
            "and for what of a confirmed one is not back from somebody else. Things like it "
            "first, several owners together, then the same thing at other times; empty where there is nothing to do."
        ),
        responses={200: OptionsDoc},
    )
    def get(self, request: Request, id: UUID) -> Response:
        options = options_instead_of(by=self.viewer(), line=id)
        return Response({"alternatives": [alternative_shown(one) for one in options]})
