"""What was agreed at another offset from UTC than its zone has by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from bookings.models import Block, Line, SeatedSession, Watch
from bookings.spans import Span, kept_on_the_wall
from bookings.states import LIVE, LineState, WatchState
from cooperative.access.querysets import SYSTEM

Kind = Literal["line", "block", "session", "watch"]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What moved (UTC), and whether it still fits. `resource` is a database id."""

    kind: Kind
    pk: int
    uid: UUID
    resource: int
    zone: str
    before: Span
    after: Span
    fits: bool = True


def find_shifted(*, now: datetime) -> list[Recomputed]:
    """What was agreed at another offset than its zone has by now. Four statements."""
    lines = Line.objects.visible_to(SYSTEM).filter(
        state__in=[*LIVE, LineState.DRAFT], use_ends_at__gt=now
    )
    watches = Watch.objects.visible_to(SYSTEM).filter(
        state__in=[WatchState.WAITING, WatchState.OFFERED], use_ends_at__gt=now
    )
    sessions = SeatedSession.objects.filter(ends_at__gt=now, cancelled_at__isnull=True)
    used, plain = ("use_starts_at", "use_ends_at"), ("starts_at", "ends_at")
    queries: tuple[tuple[Kind, Any, tuple[str, str]], ...] = (
        ("line", lines, used),
        ("block", Block.objects.filter(ends_at__gt=now), plain),
        ("session", sessions, plain),
        ("watch", watches, used),
    )
    found: list[Recomputed] = []
    for kind, query, (starts, ends) in queries:
        rows = query.filter(starts_offset__isnull=False, ends_offset__isnull=False)
        fields = ("pk", "uid", "resource_id", "zone", starts, ends, "starts_offset", "ends_offset")
        for pk, uid, resource, zone, start, end, first, last in rows.values_list(
            *fields
        ).iterator():
            place = ZoneInfo(zone)
            before = Span(start, end)
            after = Span(kept_on_the_wall(start, first, place), kept_on_the_wall(end, last, place))
            if before != after:
                found.append(Recomputed(kind, pk, uid, resource, zone, before, after))
    return found
