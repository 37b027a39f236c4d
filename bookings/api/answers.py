"""Who hears of a thing, how soon its owner answers, and what is said where no answer came: bodies, answers, shapes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rest_framework import serializers

from bookings.models import Booking, Line
from bookings.permissions import not_answered
from bookings.queries.answers import Answers
from bookings.queries.parties import asks_after
from bookings.services.told import was_called
from cooperative.access.viewer import Viewer
from cooperative.api.fields import Body, Several, Text, Uid, YesNo
from cooperative.membership.models import Membership
from sharing.models import Resource
from sharing.queries.keepers import Keepers


class KeepersBody(Body):
    """Who is named, replaced whole."""

    people: Several = Several(
        child=Uid(), max_length=50, help_text="Of `possible`; none = everybody who keeps things."
    )
    group = Text(
        max_length=120,
        required=False,
        allow_blank=True,
        help_text="The group that it is looked after with, by name; empty = none; left out = as it is.",
    )
    whole_group = YesNo(
        required=False,
        default=False,
        help_text="`people` are for everything in its group; it has no names of its own then.",
    )

    class Meta:
        ref_name = "NewKeepers"


class KeepWaitingBody(Body):
    """Of which owner; left out = of all that did not answer in time."""

    institution = Uid(required=False, help_text="The institution you act for.")
    owner = Uid(required=False)

    class Meta:
        ref_name = "KeepWaiting"


class ToldBody(Body):
    """Nothing more is said."""

    class Meta:
        ref_name = "Told"


class PersonBrief(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()

    class Meta:
        ref_name = "PersonBrief"


class KeepersDoc(serializers.Serializer[Any]):
    """Who hears of requests, changes and returns of a thing. Any keeper may answer all the same."""

    named = PersonBrief(many=True)
    group = serializers.CharField(allow_blank=True)
    group_named = PersonBrief(many=True, help_text="Named for everything in its group.")
    hear = PersonBrief(many=True, help_text="Who hears today: who is away is stood in for.")
    possible = PersonBrief(many=True)

    class Meta:
        ref_name = "Keepers"


class AnswersDoc(serializers.Serializer[Any]):
    """How soon its owner answers."""

    usual_days = serializers.IntegerField(
        allow_null=True,
        help_text="Within so many days half of its answers of the last year came; null = too few to say.",
    )
    working_days = serializers.IntegerField(help_text="The owner's; after them an answer is due.")
    closed_from = serializers.DateField(
        allow_null=True, help_text="Its days off now, or before an answer is due."
    )
    closed_until = serializers.DateField(allow_null=True, help_text="Exclusive.")

    class Meta:
        ref_name = "Answers"


class CallDoc(serializers.Serializer[Any]):
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "Call"


def answers_shown(found: Answers | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "usual_days": found.usual_days,
        "working_days": found.working_days,
        "closed_from": found.closed_from.isoformat() if found.closed_from else None,
        "closed_until": found.closed_until.isoformat() if found.closed_until else None,
    }


def keepers_shown(found: Keepers, resource: Resource) -> dict[str, Any]:
    by_id = {one.person_id: one for one in found.members}

    def brief(people: Iterable[int]) -> list[dict[str, Any]]:
        return [_person(by_id[one]) for one in people if one in by_id]

    return {
        "named": brief(found.named),
        "group": resource.group.name if resource.group is not None else "",
        "group_named": brief(found.of_group),
        "hear": brief(found.hear),
        "possible": [_person(one) for one in found.members],
    }


def _person(one: Membership) -> dict[str, Any]:
    return {"id": one.person.uid, "name": str(one.person)}


def whom_to_ask(line: Line, booking: Booking, viewer: Viewer) -> dict[str, str] | None:
    """For who asked, where no answer came in time."""
    if booking.borrower_id not in viewer.institutions or not not_answered(line, viewer.now):
        return None
    name, phone = asks_after(line)
    return {"name": name, "phone": phone}


def told_when(line: Line, viewer: Viewer) -> datetime | None:
    """For the owner's people: when the other side was called about what came in the way."""
    mine = line.lender_id in viewer.institutions
    return line.told_at if mine and was_called(line) else None
