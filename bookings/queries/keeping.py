"""What a keeper looks at: requests that wait with what is in their way, what goes out and comes back, next uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, Q
from django.db.models.functions import Least

from bookings.facts.resource import ResourceFacts
from bookings.models import Block, BookingMessage, Line
from bookings.spans import Span, enclosing
from bookings.states import CLAIMING, PRICED, UNANSWERED, LineState
from cooperative.access.viewer import Viewer
from sharing.models.terms import FeeKind

from .availability import claims_of, facts_of
from .cases import warned_until
from .claims import ClaimRow

TAKEN_BACK_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class InWay:
    """What claims the time of a request: a line or a block. `until` = when a mere hold runs out. Spans UTC."""

    span: Span
    units: int
    until: datetime | None
    line: Line | None
    block: Block | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A line that waits, with what is in its way. `fits` = beside all that is firm; `size` = units there are.

    `why` is the word with which a house rule was asked to give way; `warned_until` the end of a warning of who asks.
    """

    line: Line
    in_way: tuple[InWay, ...]
    size: int
    fits: bool
    why: str = ""
    warned_until: datetime | None = None

    @property
    def claimed(self) -> Span:
        return claimed(self.line)


def claimed(line: Line) -> Span:
    """The use and the turnover after it."""
    return Span(line.use_starts_at, line.use_ends_at + timedelta(minutes=line.turnover_minutes))


DUE = ("expires_at", "answer_due_at", "decide_by", "use_starts_at")
"""What is kept runs out, an answer is due, and what begins needs none any more: whichever is first."""


def due_at(line: Line) -> datetime:
    """When the owner of an unanswered line should have answered."""
    times: list[datetime | None] = [getattr(line, name) for name in DUE]
    return min(at for at in times if at is not None)


def lines_of(viewer: Viewer, lender: int, *, states: Collection[str]) -> list[Line]:
    """Lines asked of `lender` in `states`, with booking and both sides, what is due first first. One statement."""
    return list(
        Line.objects.visible_to(viewer)
        .filter(lender=lender, state__in=list(states))
        .select_related("booking", "booking__borrower", "booking__person", "resource", "series")
        .order_by(Least(*DUE), "id")
    )


def asked_of(viewer: Viewer, lender: int, *, uids: Collection[UUID]) -> list[Line]:
    """Those of `uids` that were asked of `lender`, in the order of their use. One statement."""
    return list(
        Line.objects.visible_to(viewer)
        .filter(lender=lender, uid__in=list(uids), sent_at__isnull=False)
        .select_related("booking", "booking__borrower")
        .order_by("use_starts_at", "id")
    )


def without_amount(viewer: Viewer, lender: int) -> list[Line]:
    """Agreed to before anybody said how much, what is used soonest first. One statement."""
    return list(
        Line.objects.visible_to(viewer)
        .filter(lender=lender, fee_kind=FeeKind.TO_BE_AGREED, state__in=PRICED)
        .select_related("booking", "booking__borrower", "brought_by")
        .order_by("use_starts_at", "id")
    )


def just_declined(viewer: Viewer, lender: int) -> list[Line]:
    """Declined within the hour: the answer can still be taken back."""
    return list(
        Line.objects.visible_to(viewer)
        .filter(
            lender=lender,
            state=LineState.DECLINED,
            decided_at__gt=viewer.now - TAKEN_BACK_WITHIN,
        )
        .select_related("booking", "booking__borrower", "booking__person", "decided_by")
        .order_by("-decided_at", "-id")
    )


def with_what_is_in_the_way(lines: Sequence[Line], *, viewer: Viewer) -> list[Asked]:
    """Each line with the claims over its time, and the lines and blocks behind them. At most seven statements."""
    if not lines:
        return []
    hull = enclosing(claimed(one) for one in lines)
    facts = facts_of({one.resource_id for one in lines}, hull)
    claims = claims_of(facts.values(), hull, now=viewer.now)
    rows = {
        one.pk: [
            row
            for row in claims.get(one.resource_id, ())
            if row.line != one.pk and row.span.overlaps(claimed(one))
        ]
        for one in lines
    }
    causes = causes_of([row for found in rows.values() for row in found], viewer=viewer)
    why = _words_why(lines, viewer)
    asked = [_asked(one, rows[one.pk], facts.get(one.resource_id), causes) for one in lines]
    askers = {one.borrower_id for one in lines if one.borrower_id is not None}
    warned = warned_until(askers, now=viewer.now)
    return [
        replace(
            one,
            why=why.get(one.line.pk, ""),
            warned_until=warned.get(one.line.borrower_id or 0),
        )
        for one in asked
    ]


def _words_why(lines: Sequence[Line], viewer: Viewer) -> dict[int, str]:
    """What was said where a house rule was asked to give way, by line. One statement, none without such lines."""
    waived = [line.pk for line in lines if line.waived]
    if not waived:
        return {}
    said = BookingMessage.objects.visible_to(viewer).filter(kind="waiver", line__in=waived)
    return dict(said.order_by("id").values_list("line_id", "body"))


@dataclass(frozen=True, slots=True)
class Causes:
    """Lines and blocks by database id."""

    lines: dict[int, Line]
    blocks: dict[int, Block]


def causes_of(rows: Iterable[ClaimRow], *, viewer: Viewer) -> Causes:
    """What stands behind claims, as far as `viewer` may read it. Two statements."""
    found = list(rows)
    return causes(
        {row.line for row in found if row.line is not None},
        {row.block for row in found if row.block is not None},
        viewer=viewer,
    )


def causes(
    lines: Collection[int],
    blocks: Collection[int],
    *,
    viewer: Viewer,
    around: tuple[int, Span] | None = None,
) -> Causes:
    """Lines and blocks by id, for their owner's people; with `around` (resource, window) all blocks of that time too:
    one that lies wholly over what is handed out has no claim of its own."""
    wanted = Q(pk__in=list(blocks))
    if around is not None:
        resource, window = around
        wanted |= Q(resource=resource, starts_at__lt=window.end, ends_at__gt=window.start)
    said = (
        Line.objects.visible_to(viewer)
        .filter(pk__in=list(lines))
        .select_related("booking", "booking__borrower", "booking__person", "booking__entered_by")
        if lines
        else ()
    )
    taken = (
        Block.objects.filter(wanted, resource__owner__in=list(viewer.institutions))
        if blocks or around is not None
        else ()
    )
    return Causes({line.pk: line for line in said}, {block.pk: block for block in taken})


def _asked(
    line: Line,
    rows: list[ClaimRow],
    facts: ResourceFacts | None,
    causes: Causes,
) -> Asked:
    if line.wanted_minutes:
        # No time is named: nothing is in its way, and there is nothing to confirm yet.
        return Asked(line=line, in_way=(), size=facts.size if facts is not None else 0, fits=False)
    firm = [row.taken() for row in rows if row.expires_at is None]
    use = Span(line.use_starts_at, line.use_ends_at)
    return Asked(
        line=line,
        in_way=tuple(
            InWay(
                row.span,
                row.units,
                row.expires_at,
                causes.lines.get(row.line or 0),
                causes.blocks.get(row.block or 0),
            )
            for row in sorted(rows, key=lambda row: row.span.start)
        ),
        size=facts.most_units(use) if facts is not None else 0,
        fits=facts is not None and facts.units_left(use, firm) >= line.units,
    )


def out_and_back(viewer: Viewer, lender: int, day: Span) -> list[Line]:
    """What goes out, comes back or is used in the house on `day`, and what should have by then. One statement."""
    rows = Line.objects.visible_to(viewer).filter(lender=lender)
    due_out = Q(
        state__in=[LineState.CONFIRMED, LineState.FINISHED],
        use_starts_at__lt=day.end,
        use_ends_at__gt=day.start,
    )
    still_here = ~Q(handover="none") & Q(state=LineState.CONFIRMED, use_starts_at__lt=day.start)
    is_out = Q(state__in=[LineState.HANDED_OVER, LineState.OVERDUE], use_ends_at__lt=day.end) | Q(
        state=LineState.HANDED_OVER, use_starts_at__gte=day.start, use_starts_at__lt=day.end
    )
    was_back = Q(
        state__in=[LineState.RETURNED, LineState.LOST],
        returned_at__gte=day.start,
        returned_at__lt=day.end,
    )
    return list(
        rows.filter(due_out | still_here | is_out | was_back)
        .select_related(
            "booking",
            "booking__borrower",
            "booking__person",
            "booking__entered_by",
            "resource",
            "rest_of",
        )
        .order_by("use_starts_at", "id")
    )


def short_of(viewer: Viewer, resource: int) -> list[Line]:
    """Who comes next for a thing and was told that some of it is not back. One statement."""
    return list(
        Line.objects.visible_to(viewer)
        .filter(resource=resource, short_units__isnull=False, use_starts_at__gt=viewer.now)
        .select_related("booking", "booking__borrower", "booking__person")
        .order_by("use_starts_at", "id")
    )


def next_uses(viewer: Viewer, resources: Collection[int]) -> dict[int, datetime]:
    """When each resource is used or promised next, by its id. One statement."""
    rows = (
        Line.objects.visible_to(viewer)
        .filter(resource__in=list(resources), state__in=list(CLAIMING), use_ends_at__gt=viewer.now)
        .values_list("resource")
        .annotate(next=Min("use_starts_at"))
    )
    return dict(rows)


def waiting_by_resource(viewer: Viewer, resources: Collection[int]) -> dict[int, int]:
    """How many requests of each resource wait for an answer. One statement."""
    found: defaultdict[int, int] = defaultdict(int)
    rows = Line.objects.visible_to(viewer).filter(
        resource__in=list(resources), state__in=UNANSWERED
    )
    for resource in rows.values_list("resource_id", flat=True):
        found[resource] += 1
    return dict(found)
