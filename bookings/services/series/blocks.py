"""Own programme, closures and repair that repeat: a block for each date, in one commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused, WouldHit
from bookings.facts.resource import ResourceFacts
from bookings.models import Block, BlockKind, Line, Series
from bookings.queries.claims import ClaimRow, live_claims
from bookings.queries.places import holidays_for, places_of
from bookings.reasons import Reason
from bookings.recurrence import Dates, LeftOut, Repetition
from bookings.recurrence.reading import NO_DATES
from bookings.recurrence.wish import NOTHING_MOVED, SeriesWish, Unfolded, unfold
from bookings.rules.dates import no_such_time
from bookings.services.blocks import (
    BlockPlan,
    RemovePlan,
    blocked,
    choose_hit,
    chosen_lines,
    new_block,
    own_block,
    own_thing,
)
from bookings.services.commit import DoesNotFit, commit
from bookings.services.request.stored import RefusedLine
from bookings.services.restoring import struck_by
from bookings.services.scene import Scene
from bookings.services.starting_again import StaleFacts
from bookings.spans import Span, enclosing
from bookings.wishes import Errors
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, NotFound

from .rows import series_row


@dataclass(frozen=True, slots=True)
class BlockWish:
    """What an owner takes for itself again and again; `moved` as in `SeriesWish`, `units` None = all of them."""

    resource: UUID
    repetition: Repetition
    kind: str = BlockKind.OWN_PROGRAMME
    title: str = ""
    note: str = ""
    units: int | None = None
    moved: tuple[tuple[date, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class BlockDate:
    """One date as it would be: whom it hits, or why it cannot be. Without a span there is no such time."""

    on: date
    span: Span | None
    hits: tuple[Line, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Every date of a wish, in order, and those that are left out."""

    dates: tuple[BlockDate, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """What was stored, and the dates that could not be."""

    series: Series
    blocks: tuple[Block, ...]
    refused: tuple[RefusedLine, ...]


def add_blocks(*, by: Viewer, wish: BlockWish, hit: tuple[UUID, ...] | None = None) -> Blocked:
    """Take time of one's own thing on every date.

    Raises `WouldHit` with all lines in the way where `hit` is None; `BookingRefused` where not one date can be;
    `Invalid`, `Forbidden`, `UnknownResource`.
    """
    unfolded, facts = _unfolded(by, wish)
    chosen = chosen_lines(hit, facts, by)
    plans = []
    for line in unfolded.lines:
        block = new_block(
            facts,
            line.use,
            by=by,
            kind=wish.kind,
            title=wish.title,
            note=wish.note,
            units=wish.units,
        )
        plans.append(
            (line.series_on or block.local_date, BlockPlan(block, facts, by, chosen or ()))
        )
    impossible = [
        RefusedLine(0, (no_such_time(one, line=0),), on=one.on) for one in unfolded.troubled
    ]
    if not plans:
        raise BookingRefused([reason for one in impossible for reason in one.reasons])
    plan = BlocksPlan(wish, plans, facts, unfolded.dates, by, asked=hit is not None)
    try:
        series, blocks, refused = commit(plan, now=by.now, by=by)
    except StaleFacts:
        raise Conflict(_("Somebody changed it meanwhile. Please look again.")) from None
    except DoesNotFit:
        raise BookingRefused([Reason("taken", "fact", _("It is taken at that time."))]) from None
    told = sorted((*impossible, *refused), key=lambda one: one.on or date.min)
    return Blocked(series, tuple(blocks), tuple(told))


def _unfolded(by: Viewer, wish: BlockWish) -> tuple[Unfolded, ResourceFacts]:
    place = places_of([wish.resource], by=by)[wish.resource]
    series = SeriesWish(
        resource=wish.resource, repetition=wish.repetition, moved=dict(wish.moved) or NOTHING_MOVED
    )
    unfolded = unfold(series, 0, place.zone, holidays_for(wish.repetition, place))
    errors = Errors()
    stands = bool(unfolded.lines or unfolded.troubled)
    errors.check(stands, "rule", NO_DATES, "no_dates")
    errors.refuse()
    spans = [line.use for line in unfolded.lines] or [Span(by.now, by.now + timedelta(days=1))]
    return unfolded, own_thing(by, wish.resource, spans)


@dataclass
class BlocksPlan:
    """Carry out the plans of all dates. `asked` = the owner has seen whom they hit."""

    wish: BlockWish
    plans: Sequence[tuple[date, BlockPlan]]
    resource: ResourceFacts
    dates: Dates
    actor: Viewer
    asked: bool

    @property
    def capacities(self) -> Collection[int]:
        return {capacity for _on, plan in self.plans for capacity in plan.capacities}

    @property
    def bookings(self) -> Collection[int]:
        """Those that any date may hit, read at once."""
        rows = live_claims(self.capacities, self.window, now=self.actor.now)
        windows = [plan.window for _on, plan in self.plans]
        return {
            row.booking
            for row in rows
            if row.booking is not None
            and (row.mode == "total" or any(row.span.overlaps(window) for window in windows))
        }

    @property
    def window(self) -> Span:
        return enclosing(plan.window for _on, plan in self.plans)

    def decide(self, scene: Scene) -> tuple[Series, list[Block], list[RefusedLine]]:
        row = series_row(
            SeriesWish(resource=self.wish.resource, repetition=self.wish.repetition),
            resource=self.resource.id,
            zone=self.resource.zone_name,
            dates=self.dates,
            by=self.actor.person,
            now=scene.now,
        )
        blocks: list[Block] = []
        refused: list[RefusedLine] = []
        for on, plan in self.plans:
            plan.block.series = row
            try:
                blocks.append(plan.decide(scene))
            except BookingRefused as no:
                reasons = tuple(reason.at(0, on) for reason in no.reasons)
                refused.append(RefusedLine(0, reasons, on=on))
        hits = [move.line for move in scene.moves if move.action == "hit"]
        if hits and not self.asked:
            raise WouldHit(hits, now=scene.now)
        if not blocks:
            raise BookingRefused([reason for one in refused for reason in one.reasons])
        row.units = blocks[0].units
        scene.series.made.append(row)
        return row, blocks, refused


def look_at_blocks(*, by: Viewer, wish: BlockWish) -> LookedAt:
    """What each date would be, without locks; stores nothing. Raises as `add_blocks`, but for `WouldHit`."""
    unfolded, facts = _unfolded(by, wish)
    spans = {line.series_on: line.use for line in unfolded.lines}
    rows: list[ClaimRow] = []
    if spans:
        hull = enclosing(spans.values())
        capacities = {share.capacity for share in blocked(facts, hull)}
        rows = live_claims(capacities, hull, now=by.now)
    units = facts.size if wish.units is None else wish.units
    found: list[tuple[date, Span | None, set[int], tuple[Reason, ...]]] = []
    for on, span in spans.items():
        hits, reasons = _hits(facts, span, units, rows, wish.kind)
        found.append((on or date.min, span, hits, reasons))
    found += [(one.on, None, set(), (no_such_time(one, line=0),)) for one in unfolded.troubled]
    lines = (
        Line.objects.visible_to(SYSTEM)
        .select_related("booking", "booking__borrower")
        .in_bulk({number for _on, _span, hits, _reasons in found for number in hits})
    )
    dates = [
        BlockDate(on, span, tuple(lines[number] for number in sorted(hits)), reasons)
        for on, span, hits, reasons in sorted(found, key=lambda one: one[0])
    ]
    return LookedAt(tuple(dates), unfolded.dates.left_out)


def _hits(
    facts: ResourceFacts, span: Span, units: int, rows: Sequence[ClaimRow], kind: str
) -> tuple[set[int], tuple[Reason, ...]]:
    """The lines (database ids) that would give way on one date, or why they cannot."""
    hits: set[int] = set()
    for share in blocked(facts, span):
        during = share.span or span
        here = [row for row in rows if row.capacity == share.capacity and row.line not in hits]
        if share.mode == "total":  # counted whenever it is
            here = [replace(row, span=during) for row in here]
        here = [row for row in here if row.span.overlaps(during)]
        wanted = share.size if share.span is not None else units * share.units
        try:
            taken = choose_hit(here, during, wanted, share.size, beside_own=kind == BlockKind.LOST)
        except BookingRefused as no:
            return set(), no.reasons
        hits |= {row.line for row in taken if row.line is not None}
    return hits, ()


def remove_blocks(*, by: Viewer, block: UUID) -> int:
    """Give the time of this block and of all that follow in its series free again; how many. Repeating is harmless."""
    try:
        found, facts = own_block(by, block)
    except NotFound:
        return 0
    following = (
        Block.objects.filter(series=found.series_id, starts_at__gte=found.starts_at)
        if found.series_id is not None
        else Block.objects.filter(pk=found.pk)
    )
    plans = [
        RemovePlan(one, facts, by, struck_by(block=one, now=by.now))
        for one in following.order_by("starts_at")
    ]
    return commit(RemoveAllPlan(plans), now=by.now, by=by) if plans else 0


@dataclass
class RemoveAllPlan:
    """Remove several blocks of one thing at once; those that are gone already are left out."""

    plans: Sequence[RemovePlan]

    @property
    def capacities(self) -> Collection[int]:
        return {capacity for plan in self.plans for capacity in plan.capacities}

    @property
    def bookings(self) -> Collection[int]:
        return {booking for plan in self.plans for booking in plan.bookings}

    @property
    def window(self) -> Span:
        return enclosing(plan.window for plan in self.plans)

    def decide(self, scene: Scene) -> int:
        removed = 0
        for plan in self.plans:
            try:
                plan.decide(scene)
            except NotFound:
                continue
            removed += 1
        return removed
