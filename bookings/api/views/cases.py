"""`cases/`: what was wrong, answered first by the other side, decided by moderators if one of the two brings it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.cases import (
    CaseDecisionBody,
    CaseDoc,
    CaseFilesDoc,
    CasesQuery,
    CaseStepBody,
    CaseWordsBody,
    ObjectionAnswerBody,
    WholeCaseDoc,
    case_shown,
    file_shown,
)
from bookings.models import Case
from bookings.permissions import case_actions, may_moderate
from bookings.queries.cases import case_file, case_for, cases_of, cases_on_desk, objections_of
from bookings.services import cases as verbs
from bookings.services.attachments import add_to_case
from cooperative.access.viewer import Viewer
from cooperative.api import pages
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from cooperative.api.schema import page_of
from cooperative.api.uploads import FormWithFiles, fields_and_files

WORDS, STEP, DECISION, ANSWER = (
    CaseWordsBody(),
    CaseStepBody(),
    CaseDecisionBody(),
    ObjectionAnswerBody(),
)


class Cases(ApiView):
    """Cases of both sides, and those that wait for moderators."""

    query_class = CasesQuery
    pages_through = True

    @extend_schema(
        operation_id="cases_list",
        summary="Cases of what you borrow and lend, newest first; with role=moderator what waits",
        description=(
            "A case is opened by `POST booking-lines/{id}/complain/` with a `kind` and a `reason`. `actions` are those "
            "of the list's reader."
        ),
        responses=page_of("CasePage", CaseDoc),
    )
    def get(self, request: Request) -> Response:
        viewer, asked = self.viewer(), self.asked
        if asked.get("role") == "moderator":
            rows = cases_on_desk(viewer)
            rows = rows.filter(state=asked["state"]) if asked.get("state") else rows
        else:
            rows = cases_of(
                viewer=viewer,
                houses=self.houses(viewer),
                role=asked.get("role"),
                state=asked.get("state"),
            )

        def shown(found: Sequence[Case]) -> list[dict[str, Any]]:
            objected = objections_of(found)
            return [
                case_shown(
                    one,
                    case_actions(one, objected.get(one.pk, ()), viewer, other_moderators=True),
                )
                for one in found
            ]

        return Response(pages.keyset(rows.order_by("-pk"), request, shown))


class CaseView(ApiView):
    """What the views of one case share."""

    def shown(self, uid: UUID, viewer: Viewer) -> Response:
        """As it stands after a step."""
        return self.whole(case_for(viewer=viewer, uid=uid), viewer)

    @staticmethod
    def whole(found: Case, viewer: Viewer) -> Response:
        whole = case_file(found, viewer=viewer, moderates=may_moderate(found, viewer))
        return Response(file_shown(whole, viewer))


class CaseDetail(CaseView):
    """One case."""

    query_class = InstitutionQuery

    @extend_schema(
        operation_id="cases_retrieve",
        summary="One case; each reading by a moderator is logged, and both sides see when",
        responses=WholeCaseDoc,
    )
    def get(self, request: Request, id: UUID) -> Response:
        viewer = self.viewer()
        found = case_for(viewer=viewer, uid=id)
        verbs.read_case(by=viewer, case=found)
        return self.whole(found, viewer)


class AnswerCase(CaseView):
    """The other side's word."""

    @extend_schema(
        operation_id="cases_answer",
        summary="Answer, once, as the side that did not open it",
        request=CaseWordsBody,
        responses={200: WholeCaseDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        viewer = self.viewer()
        verbs.answer_case(by=viewer, case=id, words=WORDS.read(request.data)["words"])
        return self.shown(id, viewer)


class SettleCase(CaseView):
    """Settled between us."""

    @extend_schema(
        operation_id="cases_settle",
        summary="Say that it is settled between the two; it is closed when both said so",
        request=CaseStepBody,
        responses={200: WholeCaseDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        STEP.read(request.data)
        viewer = self.viewer()
        verbs.settle_case(by=viewer, case=id)
        return self.shown(id, viewer)


class BringCase(CaseView):
    """To the moderators."""

    @extend_schema(
        operation_id="cases_bring",
        summary="Bring it to the moderators, who may then read it and its conversation",
        description="409 `state_conflict`: who opened it waits for the answer, or for `answer_due_at`.",
        request=CaseStepBody,
        responses={200: WholeCaseDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        STEP.read(request.data)
        viewer = self.viewer()
        verbs.bring_case(by=viewer, case=id)
        return self.shown(id, viewer)


class DecideCase(CaseView):
    """A moderator's decision."""

    @extend_schema(
        operation_id="cases_decide",
        summary="Decide, as a moderator of neither side, with a reason that both read",
        request=CaseDecisionBody,
        responses={200: WholeCaseDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = DECISION.read(request.data)
        viewer = self.viewer()
        verbs.decide_case(by=viewer, case=id, on=read.pop("outcome_for"), **read)
        return self.shown(id, viewer)


class ObjectToCase(CaseView):
    """An objection."""

    @extend_schema(
        operation_id="cases_object",
        summary="Object to the decision, once, until `objection_until`",
        request=CaseWordsBody,
        responses={200: WholeCaseDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        viewer = self.viewer()
        verbs.object_to(by=viewer, case=id, words=WORDS.read(request.data)["words"])
        return self.shown(id, viewer)


class AnswerObjection(CaseView):
    """The answer to an objection."""

    @extend_schema(
        operation_id="cases_answer_objection",
        summary="Answer an objection, as another moderator than who decided where there is one",
        request=ObjectionAnswerBody,
        responses={200: WholeCaseDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = ANSWER.read(request.data)
        viewer = self.viewer()
        verbs.answer_objection(by=viewer, case=id, **read)
        return self.shown(id, viewer)


class FilesOfCase(CaseView):
    """Photos and files that one side shows."""

    parser_classes = (FormWithFiles,)

    @extend_schema(
        operation_id="cases_add_files",
        summary="Show photos or files, as one of the two sides",
        description=(
            "As `multipart/form-data`, at most eight `files` of each side, each of at most 12 MB: photos (stored anew "
            "as WebP) and PDF, ODT, DOCX, ODS, XLSX, TXT. Each is read from `GET /api/v1/attachments/{id}/`."
        ),
        request={"multipart/form-data": CaseFilesDoc},
        responses={200: WholeCaseDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        sent, files = fields_and_files(request)
        STEP.read(sent)
        viewer = self.viewer()
        add_to_case(by=viewer, case=id, files=files)
        return self.shown(id, viewer)


STEPS: dict[str, type[CaseView]] = {
    "answer": AnswerCase,
    "settle": SettleCase,
    "bring": BringCase,
    "decide": DecideCase,
    "object": ObjectToCase,
    "answer_objection": AnswerObjection,
}
