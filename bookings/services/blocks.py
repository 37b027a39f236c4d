"""What an owner takes for itself: own programme, closures, repair. Facts win over what was promised, openly.

One commit: first the lines hit become *to settle* and let go of their time, then the block claims it. The owner sees
the list before: without `hit`, bookings in the way are told as `WouldHit`. What is handed out stays out: the block
claims the rest, and what comes back (`filling`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused, UnknownResource, WouldHit
from bookings.facts import ResourceFacts, Share
from bookings.models import Block, BlockKind, Line
from bookings.permissions import may_keep
from bookings.queries.claims import LONGEST_CLAIM, ClaimRow, live_claims
from bookings.queries.facts import facts_by_id, facts_by_uid
from bookings.reasons import Reason
from bookings.spans import EARLIEST, LATEST, LONGEST, Load, Span, loads, offset_minutes
from bookings.states import HITTABLE, LineState, OfferState
from bookings.wishes import is_storable
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.services import NewEvent, Party
from cooperative.timeparsing import out_of_order

from .commit import DoesNotFit, commit
from .judging import days_around
from .scene import Scene, StaleFacts


@dataclass
class BlockPlan:
    """Add `block`, or move it when it has an id. `hit` = lines (database ids) that the owner chose, None = ask."""

    block: Block
    resource: ResourceFacts
    actor: Viewer
    hit: Collection[int] | None
    is_new: bool = field(init=False)
    """Told by its id before anything is written: a commit that runs again finds one given in vain."""

    def __post_init__(self) -> None:
        self.is_new = self.block.pk is None

    @property
    def capacities(self) -> Collection[int]:
        shares = [share.capacity for share in blocked(self.resource, self.window)]
        return {*shares, *self.resource.locked_for(())}

    @property
    def bookings(self) -> Collection[int]:
        rows = live_claims(self.capacities, self.window, now=self.actor.now)
        return {row.booking for row in rows if row.booking is not None and _gives_way(row)}

    @property
    def window(self) -> Span:
        return Span(self.block.starts_at, self.block.ends_at)

    def decide(self, scene: Scene) -> Block:
        shares = blocked(scene.as_locked(self.resource), self.window)
        if not self.resource.bookable:
            raise BookingRefused(
                [Reason("no_dates_yet", "fact", _("There are no dates to book yet."))]
            )
        if not self.is_new:
            scene.release_block(_still_there(self.block))
        chosen = self._choose(scene, shares)
        if chosen and self.hit is None:
            raise WouldHit(chosen)
        for line in chosen:
            scene.release(line)
            scene.move(line, "hit", LineState.TO_SETTLE)
        capacities = [share.capacity for share in shares]
        if self.is_new:
            scene.add_block(self.block, capacities)
        else:
            scene.change_block(self.block, capacities)
        scene.log(
            _event(
                "block.add" if self.is_new else "block.move",
                self.block,
                self.resource,
                self.actor,
            )
        )
        return self.block

    def _choose(self, scene: Scene, shares: Sequence[Share]) -> list[Line]:
        """The lines that give way on any of its capacities; what gives way on one is gone from the others."""
        chosen: list[int] = []
        for share in shares:
            rows = [row for row in self._in_way(scene, share) if row.line not in chosen]
            scene.need({row.booking for row in rows if row.booking is not None and _gives_way(row)})
            taken = choose_hit(
                rows,
                share.span or self.window,
                share.size if share.span is not None else self.block.units * share.units,
                scene.capacities[share.capacity].size,
                prefer=self.hit,
                beside_own=self.block.kind == BlockKind.LOST,
            )
            chosen.extend(row.line for row in taken if row.line is not None)
            for offer in {row.offer for row in taken if row.offer is not None}:
                scene.end_offer(scene.offers.stored[offer], OfferState.WITHDRAWN)
        return [scene.lines[number] for number in chosen]

    def _in_way(self, scene: Scene, share: Share) -> list[ClaimRow]:
        """The claims on this capacity alone: other things of a booking that is hit stay as they are."""
        mine = [row for row in scene.claims if row.capacity == share.capacity]
        if share.mode == "total":  # counted whenever it is
            return [replace(row, span=self.window) for row in mine]
        return [row for row in mine if row.span.overlaps(share.span or self.window)]


def _gives_way(row: ClaimRow) -> bool:
    return row.offer is not None or row.line_state in HITTABLE


def blocked(resource: ResourceFacts, window: Span) -> list[Share]:
    """What a block over `window` takes of: all leaves, or every session that it touches."""
    if resource.kind != "seated":
        return list(resource.shares)
    return [one for one in resource.periods if one.span is not None and one.span.overlaps(window)]


def choose_hit(
    rows: Collection[ClaimRow],
    window: Span,
    units: int,
    size: int,
    *,
    prefer: Collection[int] | None = None,
    beside_own: bool = False,
) -> list[ClaimRow]:
    """The claims that have to give way so that `units` fit beside what is out: proposals, the owner's choice, then
    unanswered lines, then the latest confirmed. Raises `BookingRefused` where the owner's own use is in the way, unless
    it fits `beside_own`."""
    stays = [row for row in rows if (beside_own or row.line is not None) and not _gives_way(row)]
    left = [row for row in rows if row not in stays]
    chosen: list[ClaimRow] = []

    def order(row: ClaimRow) -> tuple[bool, bool, bool, int]:
        return (
            row.offer is None,
            row.line not in (prefer or ()),
            row.line_state == LineState.CONFIRMED,
            -(row.line or 0),
        )

    movable = sorted((row for row in left if _gives_way(row)), key=order)
    while (over := _too_full(left, stays, window, units, size)) is not None:
        row = next((row for row in movable if row.span.overlaps(over)), None)
        if row is None:
            raise BookingRefused(
                [
                    Reason(
                        "taken_by_yourself",
                        "fact",
                        _("You have entered this time for yourself already."),
                    )
                ]
            )
        movable.remove(row)
        left.remove(row)
        chosen.append(row)
    return chosen


def _too_full(
    rows: Iterable[ClaimRow], stays: Iterable[ClaimRow], window: Span, units: int, size: int
) -> Span | None:
    """The first time at which `rows` leave no room for `units`, or for as many of them as are not out then."""
    load = [Load(row.span, row.units) for row in rows]
    for out in loads([Load(row.span, row.units) for row in stays], window):
        room = size - out.units
        for step in loads(load, out.span):
            if step.units + min(units, room) > room:
                return step.span
    return None


def add_block(
    *,
    by: Viewer,
    resource: UUID,
    starts_at: datetime,
    ends_at: datetime,
    kind: str = BlockKind.OWN_PROGRAMME,
    title: str = "",
    note: str = "",
    units: int | None = None,
    hit: tuple[UUID, ...] | None = None,
    quiet: bool = False,
) -> Block:
    """Take time of one's own thing; `units` defaults to all of them.

    Raises `WouldHit` with the lines in the way where `hit` is None; `Invalid`, `Forbidden`, `UnknownResource`.
    """
    span = _span(starts_at, ends_at)
    facts = own_thing(by, resource, [span])
    block = new_block(facts, span, by=by, kind=kind, title=title, note=note, units=units)
    return _commit(block, facts, by, hit, quiet)


def new_block(
    facts: ResourceFacts,
    span: Span,
    *,
    by: Viewer,
    kind: str,
    title: str,
    note: str,
    units: int | None,
) -> Block:
    """A block that is not stored yet, of all units unless said otherwise. Raises `Invalid`."""
    wanted = facts.size if units is None else units
    _check(kind=kind, title=title, note=note, units=wanted, size=facts.size)
    return Block(
        resource_id=facts.id,
        starts_at=span.start,
        ends_at=span.end,
        units=wanted,
        kind=kind,
        title=title.strip(),
        note=note.strip(),
        zone=facts.zone_name,
        local_date=span.start.astimezone(facts.zone).date(),
        starts_offset=offset_minutes(span.start, facts.zone),
        ends_offset=offset_minutes(span.end, facts.zone),
        created_by_id=by.person,
        created_at=by.now,
    )


def block_lost(
    scene: Scene, resource: ResourceFacts, *, units: int, by: Viewer, now: datetime
) -> None:
    """What is lost is nobody's to use: a block of it from now on, as long as a claim may be, inside a running commit.

    Its owner removes it when the thing is found. What was promised of it is hit; the owner's own use stays.
    """
    if not resource.shares or resource.kind == "giveaway" or not units:
        return  # what was given away is not missed
    span = lost_span(now)
    block = Block(
        resource_id=resource.id,
        starts_at=span.start,
        ends_at=span.end,
        units=min(units, max(resource.size, 1)),
        kind=BlockKind.LOST,
        zone=resource.zone_name,
        local_date=span.start.astimezone(resource.zone).date(),
        created_by_id=by.person,
        created_at=now,
    )
    BlockPlan(block, resource, by, hit=()).decide(scene)


def lost_span(now: datetime) -> Span:
    """How long what is lost at `now` is taken."""
    start = now.replace(second=0, microsecond=0)
    return Span(start, min(start + LONGEST_CLAIM, LATEST - timedelta(minutes=1)))


def move_block(
    *,
    by: Viewer,
    block: UUID,
    starts_at: datetime,
    ends_at: datetime,
    title: str | None = None,
    units: int | None = None,
    hit: tuple[UUID, ...] | None = None,
) -> Block:
    """Give a block another time, title or number. Raises as `add_block`, `NotFound`."""
    found, facts = own_block(by, block)
    lost = found.kind == BlockKind.LOST
    span = _span(starts_at, ends_at, longest=LONGEST_CLAIM if lost else LONGEST)
    found.starts_at, found.ends_at = span.start, span.end
    found.local_date = span.start.astimezone(facts.zone).date()
    found.starts_offset = offset_minutes(span.start, facts.zone)
    found.ends_offset = offset_minutes(span.end, facts.zone)
    found.title = found.title if title is None else title.strip()
    found.units = found.units if units is None else units
    _check(kind=found.kind, title=found.title, note=found.note, units=found.units, size=facts.size)
    return _commit(found, facts, by, hit, quiet=False)


def remove_block(*, by: Viewer, block: UUID) -> None:
    """Give the time free again. Repeating is harmless."""
    with contextlib.suppress(NotFound):
        found, facts = own_block(by, block)
        commit(RemovePlan(found, facts, by), now=by.now, by=by)


@dataclass
class RemovePlan:
    """Remove a block; another may have done so a moment ago."""

    block: Block
    resource: ResourceFacts
    actor: Viewer

    @property
    def capacities(self) -> Collection[int]:
        return [share.capacity for share in blocked(self.resource, self.window)]

    @property
    def bookings(self) -> Collection[int]:
        return ()

    @property
    def window(self) -> Span:
        return Span(self.block.starts_at, self.block.ends_at)

    def decide(self, scene: Scene) -> None:
        _still_there(self.block)
        scene.log(_event("block.remove", self.block, self.resource, self.actor))
        scene.remove_block(self.block)


def _still_there(block: Block) -> Block:
    """As it is stored, read again under the lock: somebody else may have removed it a moment ago."""
    stored = Block.objects.filter(pk=block.pk).first()
    if stored is None:
        raise NotFound
    return stored


def _commit(
    block: Block,
    facts: ResourceFacts,
    by: Viewer,
    hit: tuple[UUID, ...] | None,
    quiet: bool,
) -> Block:
    lines = chosen_lines(hit, facts, by)
    try:
        return commit(BlockPlan(block, facts, by, lines), now=by.now, by=by, quiet=quiet)
    except StaleFacts:
        raise Conflict(_("Somebody changed it meanwhile. Please look again.")) from None
    except DoesNotFit:
        raise BookingRefused([Reason("taken", "fact", _("It is taken at that time."))]) from None


def chosen_lines(
    hit: tuple[UUID, ...] | None, facts: ResourceFacts, by: Viewer
) -> list[int] | None:
    """The lines (database ids) that the owner chose to give way; None where nothing was chosen yet."""
    if hit is None:
        return None
    mine = Line.objects.visible_to(by).filter(uid__in=hit, lender=facts.owner)
    return list(mine.values_list("pk", flat=True))


def _span(starts_at: datetime, ends_at: datetime, *, longest: timedelta = LONGEST) -> Span:
    if disorder := out_of_order(starts_at, ends_at):
        sentence, code = disorder
        raise Invalid({"ends_at": sentence}, code=code)
    if starts_at < EARLIEST or ends_at >= LATEST:  # compared first: far years have no UTC
        raise Invalid({"starts_at": _("Give a date between 2000 and 2199.")})
    span = Span(starts_at.astimezone(UTC), ends_at.astimezone(UTC))
    for name, instant in (("starts_at", span.start), ("ends_at", span.end)):
        if instant.second or instant.microsecond:
            raise Invalid({name: _("Whole minutes only.")})
    if span.length > longest:
        raise Invalid({"ends_at": _("The longest time is %(days)s days.") % {"days": longest.days}})
    return span


def _check(*, kind: str, title: str, note: str, units: int, size: int) -> None:
    if kind not in BlockKind.values:
        raise Invalid({"kind": _("Choose one of the kinds.")})
    if not 1 <= units <= max(size, 1):
        raise Invalid({"units": _("There are not so many.")})
    for name, text, longest in (("title", title, 200), ("note", note, 5_000)):
        if len(text) > longest:
            raise Invalid({name: _("This text is too long.")})
        if not is_storable(text):
            raise Invalid({name: _("This text has a forbidden character.")})


def own_thing(by: Viewer, resource: UUID, spans: Sequence[Span]) -> ResourceFacts:
    """The facts of a thing that `by` keeps, around `spans`. Raises `UnknownResource`, `Forbidden`."""
    since, until = days_around(spans)
    facts = facts_by_uid([resource], since=since, until=until).get(resource)
    if facts is None or not facts.seen_by(by):
        raise UnknownResource
    if not may_keep(by, facts.owner):
        raise Forbidden
    return facts


def own_block(by: Viewer, block: UUID) -> tuple[Block, ResourceFacts]:
    """A block of a thing that `by` keeps, and its facts. Raises `NotFound`, `Forbidden`."""
    found = Block.objects.filter(uid=block).first()
    if found is None:
        raise NotFound
    since, until = days_around([Span(found.starts_at, found.ends_at)])
    facts = facts_by_id([found.resource_id], since=since, until=until)[found.resource_id]
    if not facts.seen_by(by) or facts.owner not in by.roles:
        raise NotFound
    if not may_keep(by, facts.owner):
        raise Forbidden
    return found, facts


def _event(verb: str, block: Block, resource: ResourceFacts, by: Viewer) -> NewEvent:
    return NewEvent(
        verb=verb,
        subject_kind="block",
        subject_uid=block.uid,
        parties=(Party("owner", institution=resource.owner),),
        data={
            "resource": str(resource.uid),
            "starts_at": block.starts_at.isoformat(),
            "ends_at": block.ends_at.isoformat(),
            "kind": block.kind,
        },
        actor=by.person,
        acting_for=by.acting_for,
    )
