"""Entering a block, and moving it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused, UnknownResource
from bookings.facts.resource import ResourceFacts
from bookings.models import Block, BlockKind, Line
from bookings.permissions import may_keep
from bookings.queries.claims import LONGEST_CLAIM
from bookings.queries.facts import facts_by_id, facts_by_uid
from bookings.reasons import Reason
from bookings.services.commit import DoesNotFit, commit
from bookings.services.judging.asks import days_around
from bookings.services.starting_again import StaleFacts
from bookings.spans import LONGEST, Span, offset_minutes
from bookings.wishes import Errors, check_span, check_texts
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound

from .claiming import BlockPlan


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
    shrink: Mapping[UUID, int] | None = None,
    photo: str = "",
    review_on: date | None = None,
    quiet: bool = False,
) -> Block:
    """Take time of one's own thing; `units` defaults to all of them.

    `hit` are the lines that give way first, `shrink` says how many units others keep; with `shrink` (which may be
    empty) nobody gives way who is not in `hit`. `photo` is the stem of a stored picture. Raises `WouldHit` with the
    lines in the way where `hit` is None or they do not suffice; `Invalid`, `Forbidden`, `UnknownResource`.
    """
    span = _span(starts_at, ends_at)
    facts = own_thing(by, resource, [span])
    block = new_block(facts, span, by=by, kind=kind, title=title, note=note, units=units)
    block.photo, block.review_on = photo, review_on
    return _commit(block, facts, by, hit=hit, shrink=shrink, quiet=quiet)


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


def move_block(
    *,
    by: Viewer,
    block: UUID,
    starts_at: datetime,
    ends_at: datetime,
    title: str | None = None,
    units: int | None = None,
    hit: tuple[UUID, ...] | None = None,
    shrink: Mapping[UUID, int] | None = None,
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
    return _commit(found, facts, by, hit=hit, shrink=shrink)


def _commit(
    block: Block,
    facts: ResourceFacts,
    by: Viewer,
    *,
    hit: tuple[UUID, ...] | None,
    shrink: Mapping[UUID, int] | None,
    quiet: bool = False,
) -> Block:
    chosen = chosen_lines(hit if shrink is None else hit or (), facts, by)
    keeps = None if shrink is None else _kept(shrink, facts, by)
    plan = BlockPlan(block, facts, by, chosen, keeps)
    try:
        return commit(plan, now=by.now, by=by, quiet=quiet)
    except StaleFacts:
        raise Conflict(_("Somebody changed it meanwhile. Please look again.")) from None
    except DoesNotFit:
        raise BookingRefused([Reason("taken", "fact", _("It is taken at that time."))]) from None


def chosen_lines(
    hit: tuple[UUID, ...] | None, facts: ResourceFacts, by: Viewer
) -> list[int] | None:
    """The lines (database ids) that the owner chose to give way; None where nothing was chosen yet."""
    return None if hit is None else list(_mine(hit, facts, by).values()) if hit else []


def _kept(shrink: Mapping[UUID, int], facts: ResourceFacts, by: Viewer) -> dict[int, int]:
    """How many units lines (database ids) keep. Raises `Invalid` for lines of others."""
    mine = _mine(shrink, facts, by) if shrink else {}
    if shrink.keys() - mine.keys():
        raise Invalid({"shrink": _("This booking is not in the way any more.")})
    return {mine[uid]: units for uid, units in shrink.items()}


def _mine(lines: Iterable[UUID], facts: ResourceFacts, by: Viewer) -> dict[UUID, int]:
    found = Line.objects.visible_to(by).filter(uid__in=list(lines), lender=facts.owner)
    return dict(found.values_list("uid", "pk"))


def _span(starts_at: datetime, ends_at: datetime, *, longest: timedelta = LONGEST) -> Span:
    errors = Errors()
    span = check_span(starts_at, ends_at, errors, longest=longest)
    errors.refuse()
    return span


def _check(*, kind: str, title: str, note: str, units: int, size: int) -> None:
    if kind not in BlockKind.values:
        raise Invalid({"kind": _("Choose one of the kinds.")})
    if not 1 <= units <= max(size, 1):
        raise Invalid({"units": _("There are not so many.")})
    check_texts(200, title=title)
    check_texts(5_000, note=note)


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
