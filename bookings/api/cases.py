"""Cases over the API: what calls carry, what is shown, and the document's shapes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bookings.models import Case, CaseKind, CaseState, Moment, Objection, Outcome
from bookings.permissions import case_actions
from bookings.queries.cases import CaseFile
from cooperative.access.viewer import Viewer
from cooperative.api.acting import InstitutionQuery
from cooperative.api.fields import Body, Code, Instant, Text, Uid, YesNo
from cooperative.api.schema import FormDoc
from cooperative.api.serializers import InstitutionBrief, institution_brief

from .bodies import ReasonedActionBody
from .docs_refusals import codes
from .shown import instant, title_of
from .talk import FileDoc, upload_field
from .talk import file_shown as attachment_shown


class ComplaintBody(ReasonedActionBody):
    """What was wrong, in words; it opens a case, to which the other side answers first."""

    kind = Code(
        CaseKind.values,
        required=False,
        default=CaseKind.OTHER.value,
        help_text="`not_there` can be said from the beginning of the use on, all else when it is over.",
    )

    class Meta:
        ref_name = "Complaint"


class CaseWordsBody(Body):
    """A side's words."""

    words = Text(
        max_length=5_000, help_text="The other side reads it, and moderators if it is brought."
    )

    class Meta:
        ref_name = "CaseWords"


class CaseStepBody(Body):
    """A step that needs no words."""

    class Meta:
        ref_name = "CaseStep"


class CaseDecisionBody(Body):
    """A moderator's decision."""

    outcome = Code(Outcome.values)
    outcome_for = Uid(
        required=False,
        allow_null=True,
        default=None,
        help_text="The side that it falls on; none where nothing follows.",
    )
    until = Instant(
        required=False,
        allow_null=True,
        default=None,
        help_text="Of a pause: its end, a day to twelve months ahead; left out, six months.",
    )
    reason = Text(max_length=5_000, help_text="Both sides read it.")

    class Meta:
        ref_name = "CaseDecision"


class ObjectionAnswerBody(Body):
    """The answer to the oldest open objection."""

    upheld = YesNo(help_text="true: what the decision brought is lifted.")
    answer = Text(max_length=5_000, help_text="Both sides read it.")

    class Meta:
        ref_name = "ObjectionAnswer"


class CasesQuery(InstitutionQuery):
    """Which cases are listed."""

    role = Code(
        ["borrower", "lender", "moderator"],
        required=False,
        help_text="Of what you borrow or lend; `moderator`: what waits for the moderators' word.",
    )
    state = Code(CaseState.values, required=False)


class CaseDoc(serializers.Serializer[Any]):
    """Something was wrong with a line: what one side says, what the other says, and how it ended."""

    id = serializers.UUIDField()
    booking = serializers.UUIDField()
    line = serializers.UUIDField()
    title = serializers.CharField(help_text="Of the thing.")
    kind = codes(CaseKind.values)
    state = codes(CaseState.values)
    lender = InstitutionBrief()
    borrower = InstitutionBrief(
        allow_null=True, help_text="Null: its owner's own record of who was written in."
    )
    opened_for = InstitutionBrief(help_text="The side that says so.")
    words = serializers.CharField()
    opened_at = serializers.DateTimeField()
    answer_due_at = serializers.DateTimeField(
        help_text="From then on who opened it may bring it without an answer."
    )
    answer = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    settled_by_lender_at = serializers.DateTimeField(allow_null=True)
    settled_by_borrower_at = serializers.DateTimeField(allow_null=True)
    brought_at = serializers.DateTimeField(allow_null=True)
    outcome = codes(Outcome.values, allow_blank=True)
    outcome_for = InstitutionBrief(allow_null=True)
    outcome_reason = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    objection_until = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    actions = serializers.ListField(
        child=serializers.CharField(),
        help_text="What you may do now: `POST /api/v1/cases/{id}/{action}/`.",
    )

    class Meta:
        ref_name = "Case"


class ObjectionDoc(serializers.Serializer[Any]):
    """A side disagrees with a decision."""

    id = serializers.UUIDField()
    institution = InstitutionBrief()
    words = serializers.CharField()
    made_at = serializers.DateTimeField()
    upheld = serializers.BooleanField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        ref_name = "Objection"


class SanctionDoc(serializers.Serializer[Any]):
    """A warning or a pause that a decision brought; it ends by itself, or was lifted after an objection."""

    kind = codes(["warning", "pause"])
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    lifted_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        ref_name = "Sanction"


class WordDoc(serializers.Serializer[Any]):
    """A word of the conversation of the two sides."""

    author_for = serializers.CharField(allow_blank=True)
    body = serializers.CharField()
    at = serializers.DateTimeField()

    class Meta:
        ref_name = "CaseMessage"


class ShownFileDoc(FileDoc):
    """What one side shows."""

    added_for = InstitutionBrief(allow_null=True)

    class Meta:
        ref_name = "CaseFile"


class HandOverFileDoc(FileDoc):
    """What it looked like when it went out, or came back."""

    moment = codes(Moment.values)

    class Meta:
        ref_name = "HandOverFile"


class CaseFilesDoc(FormDoc):
    """At most eight of each side."""

    files = upload_field(required=True)

    class Meta:
        ref_name = "NewCaseFiles"


class WholeCaseDoc(CaseDoc):
    """A case with all that belongs to it. `messages` are filled for moderators alone; the sides have them in their
    booking. Each time a moderator reads it is among `read_at`."""

    objections = ObjectionDoc(many=True)
    sanctions = SanctionDoc(many=True)
    read_at = serializers.ListField(child=serializers.DateTimeField())
    messages = WordDoc(many=True)
    files = ShownFileDoc(many=True, help_text="What both sides show.")
    hand_over_files = HandOverFileDoc(
        many=True, help_text="Of the hand-overs of its line; for moderators, as `messages`."
    )

    class Meta:
        ref_name = "WholeCase"


def case_shown(case: Case, actions: tuple[str, ...]) -> dict[str, Any]:
    """`actions` are those that the reader may take now."""
    zone, shown = case.line.zone, case.line.shown
    times = (
        "opened_at",
        "answer_due_at",
        "answered_at",
        "settled_by_lender_at",
        "settled_by_borrower_at",
        "brought_at",
        "decided_at",
        "objection_until",
        "closed_at",
    )
    return {
        "id": case.uid,
        "booking": case.line.booking.uid,
        "line": case.line.uid,
        "title": title_of(shown.get("titles", {}), shown.get("original", "")),
        "kind": case.kind,
        "state": case.state,
        "lender": institution_brief(case.lender),
        "borrower": institution_brief(case.borrower),
        "opened_for": institution_brief(case.opened_for),
        "words": case.words,
        "answer": case.answer,
        "outcome": case.outcome,
        "outcome_for": institution_brief(case.outcome_for),
        "outcome_reason": case.outcome_reason,
        **{name: instant(getattr(case, name), zone) for name in times},
        "actions": list(actions),
    }


def _objection(one: Objection, zone: str) -> dict[str, Any]:
    return {
        "id": one.uid,
        "institution": institution_brief(one.institution),
        "words": one.words,
        "made_at": instant(one.made_at, zone),
        "upheld": one.upheld,
        "answer": one.answer,
        "answered_at": instant(one.answered_at, zone),
    }


def file_shown(whole: CaseFile, viewer: Viewer) -> dict[str, Any]:
    """A case with all that belongs to it."""
    case, zone = whole.case, whole.case.line.zone
    others = whole.other_moderators
    return {
        **case_shown(case, case_actions(case, whole.objections, viewer, other_moderators=others)),
        "objections": [_objection(one, zone) for one in whole.objections],
        "sanctions": [
            {
                "kind": one.kind,
                "starts_at": instant(one.starts_at, zone),
                "ends_at": instant(one.ends_at, zone),
                "lifted_at": instant(one.lifted_at, zone),
            }
            for one in whole.sanctions
        ],
        "read_at": [instant(at, zone) for at in whole.readings],
        "messages": [
            {
                "author_for": str(one.author_for) if one.author_for is not None else "",
                "body": one.body,
                "at": instant(one.at, zone),
            }
            for one in whole.messages
        ],
        "files": [
            {**attachment_shown(one), "added_for": institution_brief(one.added_for)}
            for one in whole.files
        ],
        "hand_over_files": [
            {**attachment_shown(one), "moment": one.moment} for one in whole.handed
        ],
    }
