"""Reading the event log: the stream by position, and the story of one subject. Only what concerns the viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q

from .models import Event, EventParty, Stream

if TYPE_CHECKING:
    from cooperative.access.viewer import Viewer

MODERATED = ("institution.apply", "resource.submit", "case.bring", "case.object")
"""What waits for a moderator: told to them though they are no party."""
_DESK = (
    "institution.",
    "resource.submit",
    "resource.publish",
    "resource.ask_changes",
    "resource.refuse",
)


@dataclass(frozen=True, slots=True)
class Told:
    """An event and its place in the stream. Positions grow, with gaps; they are never given out again."""

    position: int
    event: Event


def concerns(viewer: Viewer) -> Q:
    """A condition on `Event`: the viewer, or an institution of theirs, is a party."""
    if viewer.system:
        return Q()
    mine = Q(institution__in=list(viewer.institutions))
    if viewer.person is not None:
        mine |= Q(person=viewer.person)
    found = Q(Exists(EventParty.objects.filter(mine, event=OuterRef("pk"))))
    return found | Q(verb__in=MODERATED) if viewer.moderator else found


def stream(*, viewer: Viewer, after: int = 0, limit: int = 50) -> list[Told]:
    """Up to `limit` (at most 500) events behind position `after` that concern the viewer, oldest first.

    The next page is asked for with the last position of this one. Parties and their institutions are read along.
    """
    rows = (
        Stream.objects.filter(position__gt=after)
        .filter(event__in=Event.objects.filter(concerns(viewer)).values("pk"))
        .select_related("event", "event__actor", "event__acting_for")
        .prefetch_related(_parties("event__parties"))
        .order_by("position")[: max(0, min(limit, 500))]
    )
    return [Told(row.position, row.event) for row in rows]


def story(*, viewer: Viewer, subject: UUID, kind: str) -> list[Event]:
    """What happened to one subject (`kind` as in the log: booking, resource, institution), oldest first.

    A lender reads what concerns it, the borrower all; moderators also how listings and applications were decided.
    """
    seen = concerns(viewer)
    if viewer.moderator:
        for prefix in _DESK:
            seen |= Q(verb__startswith=prefix)
    return list(
        Event.objects.filter(seen, subject_uid=subject, subject_kind=kind)
        .select_related("actor", "acting_for")
        .prefetch_related(_parties("parties"))
        .order_by("id")
    )


def _parties(path: str) -> Prefetch[str]:
    return Prefetch(path, queryset=EventParty.objects.select_related("institution", "person"))
