"""What touches each other, moved under the locks of one commit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.facts.resource import ResourceFacts
from bookings.models import Block, Capacity, Line, SeatedSession, Watch
from bookings.rules import judge
from bookings.services.blocks import BlockPlan, blocked
from bookings.services.parties import parties_of
from bookings.services.scene import Scene
from bookings.spans import Span, enclosing, offset_minutes
from bookings.states import CLAIMING, LIVE, LineState
from cooperative.access.querysets import SYSTEM
from cooperative.events.services import NewEvent

from .finding import Kind, Recomputed

_WEIGHT = (
    LineState.HANDED_OVER,
    LineState.OVERDUE,
    LineState.CONFIRMED,
    LineState.ACCEPTED,
    LineState.HELD,
)


class TriedOnlyError(Exception):
    """Carries what would be out of the transaction, which is taken back."""

    def __init__(self, done: list[Recomputed]) -> None:
        super().__init__()
        self.done = done


@dataclass
class RecomputePlan:
    """Move `rows`, which touch each other. What somebody changed since they were read is left for the next time."""

    rows: Sequence[Recomputed]
    facts: Mapping[int, ResourceFacts]
    now: datetime
    apply: bool

    def _of(self, kind: Kind) -> dict[int, Recomputed]:
        return {row.pk: row for row in self.rows if row.kind == kind}

    @property
    def capacities(self) -> Collection[int]:
        return {
            number
            for resource in self.facts.values()
            for number in (
                *resource.capacities,
                *([resource.standing] if resource.is_whole and resource.standing else ()),
            )
        }

    @property
    def bookings(self) -> Collection[int]:
        lines = Line.objects.visible_to(SYSTEM).filter(
            Q(pk__in=self._of("line")) | Q(session__in=self._of("session"), state__in=LIVE)
        )
        watches = Watch.objects.visible_to(SYSTEM).filter(pk__in=self._of("watch"))
        return {
            *lines.values_list("booking_id", flat=True),
            *watches.values_list("booking_id", flat=True),
        }

    @property
    def window(self) -> Span:
        spans = [span for row in self.rows for span in (row.before, row.after)]
        longest = max(resource.turnover for resource in self.facts.values())
        return enclosing(spans).widen(after=longest)

    def decide(self, scene: Scene) -> list[Recomputed]:
        lines = self._lines(scene)
        held = {line.pk: line.expires_at for line, _row in lines}
        for line, _row in lines:
            if line.state in CLAIMING:
                scene.release(line)
        facts = self._with_sessions_moved(scene)
        done = [*self._of("session").values(), *self._blocks(scene)]
        for line, row in sorted(lines, key=_weight):
            fits = self._line(scene, line, row.after, facts, held[line.pk])
            done.append(replace(row, fits=fits))
        done += self._watches()
        if not self.apply:
            raise TriedOnlyError(done)
        return done

    def _lines(self, scene: Scene) -> list[tuple[Line, Recomputed]]:
        """The lines to move; those with seats go where their date goes."""
        rows, sessions = self._of("line"), self._of("session")
        found = []
        for line in scene.lines.values():
            dated = sessions.get(line.session_id or 0)
            row = rows.get(line.pk)
            before = Span(line.use_starts_at, line.use_ends_at)
            if row is None and dated is not None and before == dated.before:
                row = replace(dated, kind="line", pk=line.pk, uid=line.uid)
            if row is not None and row.before == before and line.state in (*LIVE, LineState.DRAFT):
                found.append((line, row))
        return found

    def _with_sessions_moved(self, scene: Scene) -> dict[int, ResourceFacts]:
        """Give dates with seats their new time, which nobody claims at the moment; the facts that say so."""
        moved = self._of("session")
        if not moved:
            return dict(self.facts)
        scene.clear_away()
        rows = SeatedSession.objects.filter(pk__in=moved).order_by("starts_at")
        later = next(iter(moved.values()))
        spans: dict[int, Span] = {}
        # Those first that make room for the others: no two dates of a thing are at the same time.
        for session in sorted(
            rows,
            key=lambda one: one.starts_at,
            reverse=later.after.start > later.before.start,
        ):
            after = moved[session.pk].after
            spans[session.capacity_id] = after
            Capacity.objects.filter(pk=session.capacity_id).update(
                span=DateTimeTZRange(after.start, after.end, "[)")
            )
            zone = ZoneInfo(session.zone)
            session.starts_at, session.ends_at = after.start, after.end
            session.starts_offset = offset_minutes(after.start, zone)
            session.ends_offset = offset_minutes(after.end, zone)
            session.version += 1
            session.save(
                update_fields=["starts_at", "ends_at", "starts_offset", "ends_offset", "version"]
            )
        return {
            number: replace(
                resource,
                periods=tuple(
                    replace(one, span=spans.get(one.capacity, one.span)) for one in resource.periods
                ),
            )
            for number, resource in self.facts.items()
        }

    def _blocks(self, scene: Scene) -> Iterable[Recomputed]:
        """Facts win: a block takes its new time, and what is in its way there is hit."""
        rows = self._of("block")
        for block in Block.objects.filter(pk__in=rows).order_by("pk"):
            row = rows[block.pk]
            if Span(block.starts_at, block.ends_at) != row.before:
                continue
            zone, resource = ZoneInfo(block.zone), self.facts[block.resource_id]
            block.starts_at, block.ends_at = row.after.start, row.after.end
            block.starts_offset = offset_minutes(row.after.start, zone)
            block.ends_offset = offset_minutes(row.after.end, zone)
            plan = BlockPlan(block, resource, replace(SYSTEM, now=self.now), hit=())
            try:
                plan.decide(scene)
                yield row
            except BookingRefused:  # the owner's own use is there: it takes what is left beside it
                shares = blocked(resource, row.after)
                scene.change_block(block, [share.capacity for share in shares])
                yield replace(row, fits=False)

    def _line(
        self,
        scene: Scene,
        line: Line,
        after: Span,
        facts: Mapping[int, ResourceFacts],
        expires_at: datetime | None,
    ) -> bool:
        """Move one line; whether it still fits. What is out stays out, whatever else is there."""
        before = Span(line.use_starts_at, line.use_ends_at)
        resource = replace(facts[line.resource_id], turnover_minutes=line.turnover_minutes)
        _write(line, before, after)
        ask = Ask(
            resource=scene.as_locked(resource),
            terms=None,
            use=after,
            event=Span(line.event_starts_at, line.event_ends_at),
            units=line.units,
            borrower=line.borrower_id,
            borrower_state="active",
            now=scene.now,
            was=before,
        )
        ask = replace(ask, taken=scene.taken(ask.locked, apart_from=line.pk))
        fits = line.state not in CLAIMING or not judge(ask, "extend")
        if fits and line.state in CLAIMING:
            scene.claim(line, ask.demands, expires_at)
            line.expires_at = expires_at
        elif not fits:
            line.hit_from, line.hit_at = line.state, scene.now
            scene.move(line, "hit", LineState.TO_SETTLE, by_clock=True)
        scene.end_offers_of(line)
        scene.touch(line)
        if fits and line.sent_at is not None:
            scene.log(_event(line, before))
        return fits

    def _watches(self) -> Iterable[Recomputed]:
        rows = self._of("watch")
        for watch in Watch.objects.visible_to(SYSTEM).filter(pk__in=rows):
            row = rows[watch.pk]
            _write(watch, row.before, row.after)
            watch.version += 1
            watch.save(update_fields=[*_SPANS, "starts_offset", "ends_offset", "version"])
            yield row


_SPANS = ("use_starts_at", "use_ends_at", "event_starts_at", "event_ends_at")


def _write(row: Line | Watch, before: Span, after: Span) -> None:
    """The new time, with the event inside it where it was."""
    zone = ZoneInfo(row.zone)
    row.use_starts_at, row.use_ends_at = after.start, after.end
    row.event_starts_at += after.start - before.start
    row.event_ends_at += after.end - before.end
    row.starts_offset = offset_minutes(after.start, zone)
    row.ends_offset = offset_minutes(after.end, zone)


def _weight(one: tuple[Line, Recomputed]) -> tuple[int, datetime, int]:
    """Who comes first where not all fit: what is out, then what was confirmed first."""
    line, _row = one
    rank = _WEIGHT.index(LineState(line.state)) if line.state in _WEIGHT else len(_WEIGHT)
    return rank, line.decided_at or line.state_since, line.pk


def _event(line: Line, before: Span) -> NewEvent:
    booking = line.booking
    return NewEvent(
        verb="booking.recompute",
        subject_kind="booking",
        subject_uid=booking.uid,
        parties=parties_of(booking, [line.lender_id]),
        data={
            "state": booking.state,
            "lines": [
                {
                    "line": str(line.uid),
                    "resource": line.shown.get("uid"),
                    "was": [before.start.isoformat(), before.end.isoformat()],
                    "is": [line.use_starts_at.isoformat(), line.use_ends_at.isoformat()],
                }
            ],
        },
    )
