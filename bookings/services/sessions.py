"""Dates of something with seats: added, changed, cancelled by its owner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from bookings.errors import UnknownResource, WouldHit
from bookings.facts import ResourceFacts
from bookings.models import Capacity, CapacityMode, Line, SeatedSession
from bookings.permissions import may_keep
from bookings.queries.facts import facts_by_id, facts_by_uid
from bookings.spans import EARLIEST, LATEST, LONGEST, SHORTEST, Span, offset_minutes
from bookings.states import HITTABLE
from bookings.wishes import MOST_UNITS, is_storable
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound, Sentence, Stale
from cooperative.events.services import NewEvent, Party
from cooperative.timeparsing import out_of_order

from .commit import commit, with_fresh_facts
from .judging import days_around
from .restoring import Struck, TakenBack, facts_of_struck, restore, struck_by
from .scene import Scene, StaleFacts


@dataclass
class SessionPlan:
    """Store `session` with `units` seats at its time: a new one, or one that has an id."""

    session: SeatedSession
    units: int
    resource: ResourceFacts
    actor: Viewer
    before: Span | None = None
    """Its time as it is stored; None = it is new."""

    @property
    def capacities(self) -> Collection[int]:
        return (self.session.capacity_id,) if self.before is not None else ()

    @property
    def bookings(self) -> Collection[int]:
        return ()

    @property
    def window(self) -> Span:
        old = self.before or self._span
        return Span(min(old.start, self._span.start), max(old.end, self._span.end))

    @property
    def _span(self) -> Span:
        return Span(self.session.starts_at, self.session.ends_at)

    def decide(self, scene: Scene) -> SeatedSession:
        session, span = self.session, self._span
        stored = DateTimeTZRange(span.start, span.end, "[)")
        if self.before is None:
            session.capacity = Capacity.objects.create(
                resource_id=self.resource.id,
                mode=CapacityMode.PEAK,
                size=self.units,
                size_from=EARLIEST,
                span=stored,
            )
            session.units = self.units
            session.save(force_insert=True)
            scene.log(_event("session.add", session, self.resource, self.actor))
            return session
        held = scene.capacities[session.capacity_id]
        if held.size == 0:
            raise Conflict(_("This date was cancelled."))
        _still_as_read(session)
        rows = [row for row in scene.claims if row.capacity == session.capacity_id]
        if rows and held.span != span:
            raise WouldHit(_lines([row.line for row in rows]), now=scene.now)
        if sum(row.units for row in rows) > self.units:
            raise WouldHit(_lines([row.line for row in rows]), now=scene.now)
        scene.clear_away()
        Capacity.objects.filter(pk=session.capacity_id).update(
            span=stored, size=self.units, size_from=EARLIEST
        )
        scene.read_sizes()
        if self.units > held.size:
            scene.free(session.capacity_id, span)
        session.units = self.units
        session.save()
        scene.log(_event("session.change", session, self.resource, self.actor))
        return session


@dataclass
class CancelPlan:
    """Cancel a session. `confirmed` = the owner has seen whom it hits."""

    session: SeatedSession
    resource: ResourceFacts
    actor: Viewer
    confirmed: bool

    @property
    def capacities(self) -> Collection[int]:
        return (self.session.capacity_id,)

    @property
    def bookings(self) -> Collection[int]:
        return set(
            Line.objects.visible_to(self.actor)
            .filter(claims__capacity=self.session.capacity_id)
            .values_list("booking_id", flat=True)
        )

    @property
    def window(self) -> Span:
        return Span(self.session.starts_at, self.session.ends_at)

    def decide(self, scene: Scene) -> SeatedSession:
        session = self.session
        if scene.capacities[session.capacity_id].size == 0:
            return session
        _still_as_read(session)
        if session.ends_at <= scene.now:
            raise Conflict(_("This date is over."))
        rows = [row for row in scene.claims if row.capacity == session.capacity_id]
        scene.need({row.booking for row in rows if row.booking is not None})
        lines = [scene.lines[row.line] for row in rows if row.line is not None]
        if lines and not self.confirmed:
            raise WouldHit(lines, now=scene.now)
        for line in lines:
            if line.state in HITTABLE:
                scene.hit(line, session=session)
        for block in {row.block for row in rows if row.block is not None}:
            scene.drop_claims_of_block(block, session.capacity_id)
        scene.clear_away()
        Capacity.objects.filter(pk=session.capacity_id).update(size=0, size_from=EARLIEST)
        session.cancelled_at = scene.now
        session.save()
        scene.log(_event("session.cancel", session, self.resource, self.actor))
        return session


def add_session(
    *,
    by: Viewer,
    resource: UUID,
    starts_at: datetime,
    ends_at: datetime,
    units: int | None = None,
    title: str = "",
    note: str = "",
) -> SeatedSession:
    """Give a thing with seats one more date; as many seats as its listing says, unless `units` are given.

    Raises `Invalid`, `Conflict` (`session_exists`), `Forbidden`, `UnknownResource`.
    """
    facts = own_with_places(by, resource)
    session = new_session(
        facts, by=by, starts_at=starts_at, ends_at=ends_at, title=title, note=note
    )
    return _store(session, facts.units if units is None else units, facts, by)


def own_with_places(by: Viewer, resource: UUID) -> ResourceFacts:
    """A thing with seats that `by` keeps. Raises `UnknownResource`, `Forbidden`, `Invalid`."""
    facts = _own(by, resource)
    if facts.kind != "seated":
        raise Invalid({"resource": _("Only what has places per date has dates.")})
    return facts


def new_session(
    facts: ResourceFacts,
    *,
    by: Viewer,
    starts_at: datetime,
    ends_at: datetime,
    title: str,
    note: str,
) -> SeatedSession:
    """A date that is not stored yet. Raises `Invalid`."""
    session = SeatedSession(
        resource_id=facts.id, created_by_id=by.person, created_at=by.now, zone=facts.zone_name
    )
    _fill(session, facts, starts_at=starts_at, ends_at=ends_at, title=title, note=note)
    return session


def change_session(
    *,
    by: Viewer,
    session: UUID,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    units: int | None = None,
    title: str | None = None,
    note: str | None = None,
    version: int | None = None,
) -> SeatedSession:
    """Another time (while nobody has a seat), number of seats (no fewer than are promised), title or note.

    `version` is the one that the change was made from, None = whatever it is. Raises `WouldHit` with who is in the
    way, `Stale`, `Invalid`, `Conflict`, `Forbidden`, `NotFound`.
    """

    def change() -> SeatedSession:
        found, facts = _mine(by, session)
        if version is not None and version != found.version:
            raise Stale
        found.version += 1
        before = Span(found.starts_at, found.ends_at)
        _fill(
            found,
            facts,
            starts_at=starts_at or found.starts_at,
            ends_at=ends_at or found.ends_at,
            title=found.title if title is None else title,
            note=found.note if note is None else note,
        )
        seats = found.capacity.size if units is None else units
        return _store(found, seats, facts, by, before=before)

    return with_fresh_facts(change)


def cancel_session(*, by: Viewer, session: UUID, confirmed: bool = False) -> SeatedSession:
    """Cancel a date. Whoever has a seat is told, and their booking is *to settle*. Repeating is harmless.

    Raises `WouldHit` with the bookings unless `confirmed`; `Forbidden`, `NotFound`.
    """

    def cancel() -> SeatedSession:
        found, facts = _mine(by, session)
        found.version += 1
        return commit(CancelPlan(found, facts, by, confirmed), now=by.now, by=by)

    return with_fresh_facts(cancel)


@dataclass
class RestorePlan:
    """Let a cancelled date take place after all; within the hour who had a seat has it again."""

    session: SeatedSession
    resource: ResourceFacts
    actor: Viewer
    struck: Struck

    @property
    def capacities(self) -> Collection[int]:
        return (self.session.capacity_id,)

    @property
    def bookings(self) -> Collection[int]:
        return self.struck.bookings

    @property
    def window(self) -> Span:
        return self.struck.hull(Span(self.session.starts_at, self.session.ends_at))

    def decide(self, scene: Scene) -> TakenBack:
        session, capacity = self.session, self.session.capacity_id
        if scene.capacities[capacity].size:
            return TakenBack()
        if session.ends_at <= scene.now:
            raise Conflict(_("This date is over."))
        Capacity.objects.filter(pk=capacity).update(size=session.units, size_from=EARLIEST)
        scene.read_sizes()
        session.cancelled_at = None
        session.save()
        scene.log(_event("session.restore", session, self.resource, self.actor))
        span = Span(session.starts_at, session.ends_at)
        scene.free(capacity, span)
        scene.fill_during(capacity, span)
        # Read again: a cancelled date is none of its thing's.
        facts = facts_of_struck(self.struck.lines, now=scene.now)
        return restore(scene, self.struck.lines, facts)


def restore_session(*, by: Viewer, session: UUID) -> TakenBack:
    """Take the cancelling of a date back. Within the hour who had a seat has it again. Repeating is harmless.

    Raises `Conflict` (it is over; there is another date at that time: `session_exists`), `Forbidden`, `NotFound`.
    """
    found, facts = _mine(by, session)
    found.version += 1
    plan = RestorePlan(found, facts, by, struck_by(session=found, now=by.now))
    try:
        return commit(plan, now=by.now, by=by)
    except IntegrityError as error:
        raise another_then(error) from None


def _store(
    session: SeatedSession,
    units: int,
    facts: ResourceFacts,
    by: Viewer,
    *,
    before: Span | None = None,
) -> SeatedSession:
    check_seats(units)
    try:
        return commit(SessionPlan(session, units, facts, by, before), now=by.now, by=by)
    except IntegrityError as error:
        raise another_then(error) from None


def check_seats(units: int) -> None:
    if not 1 <= units <= MOST_UNITS:
        raise Invalid({"units": _("Give a plausible number.")})


def another_then(error: IntegrityError) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name != "capacity_one_of_a_time":
        return error
    return Conflict(_("There is a date at that time already."), code="session_exists")


def _fill(
    session: SeatedSession,
    facts: ResourceFacts,
    *,
    starts_at: datetime,
    ends_at: datetime,
    title: str,
    note: str,
) -> None:
    errors: dict[str, Sentence | list[Sentence]] = {}
    if disorder := out_of_order(starts_at, ends_at):
        raise Invalid({"ends_at": disorder[0]}, code=disorder[1])
    if starts_at < EARLIEST or ends_at >= LATEST:
        raise Invalid({"starts_at": _("Give a date between 2000 and 2199.")})
    span = Span(starts_at.astimezone(UTC), ends_at.astimezone(UTC))
    for name, instant in (("starts_at", span.start), ("ends_at", span.end)):
        if instant.second or instant.microsecond:
            errors[name] = _("Whole minutes only.")
    if span.length < SHORTEST:
        errors["ends_at"] = _("The shortest time is 5 minutes.")
    if span.length > LONGEST:
        errors["ends_at"] = _("The longest time is 366 days.")
    for name, text, longest in (("title", title, 200), ("note", note, 5_000)):
        if len(text) > longest:
            errors[name] = _("This text is too long.")
        elif not is_storable(text):
            errors[name] = _("This text has a forbidden character.")
    if errors:
        raise Invalid(errors)
    session.starts_at, session.ends_at = span.start, span.end
    session.title, session.note = title.strip(), note.strip()
    session.local_date = span.start.astimezone(facts.zone).date()
    session.starts_offset = offset_minutes(span.start, facts.zone)
    session.ends_offset = offset_minutes(span.end, facts.zone)


def _still_as_read(session: SeatedSession) -> None:
    """Under the lock of its capacity. Raises `StaleFacts` where somebody changed it meanwhile."""
    if SeatedSession.objects.filter(pk=session.pk, version=session.version - 1).exists():
        return
    raise StaleFacts


def _lines(ids: Collection[int | None]) -> list[Line]:
    return list(
        Line.objects.visible_to(SYSTEM)
        .filter(pk__in=[number for number in ids if number is not None])
        .order_by("pk")
    )


def _own(by: Viewer, resource: UUID) -> ResourceFacts:
    since, until = days_around([Span(by.now, by.now + timedelta(days=1))])
    facts = facts_by_uid([resource], since=since, until=until).get(resource)
    if facts is None or not facts.seen_by(by):
        raise UnknownResource
    if not may_keep(by, facts.owner):
        raise Forbidden
    return facts


def _mine(by: Viewer, session: UUID) -> tuple[SeatedSession, ResourceFacts]:
    found = SeatedSession.objects.select_related("capacity").filter(uid=session).first()
    if found is None:
        raise NotFound
    since, until = days_around([Span(found.starts_at, found.ends_at)])
    facts = facts_by_id([found.resource_id], since=since, until=until)[found.resource_id]
    if not facts.seen_by(by):
        raise NotFound
    if not may_keep(by, facts.owner):
        raise Forbidden
    return found, facts


def _event(verb: str, session: SeatedSession, resource: ResourceFacts, by: Viewer) -> NewEvent:
    return NewEvent(
        verb=verb,
        subject_kind="session",
        subject_uid=session.uid,
        parties=(Party("owner", institution=resource.owner),),
        data={
            "resource": str(resource.uid),
            "starts_at": session.starts_at.isoformat(),
            "ends_at": session.ends_at.isoformat(),
        },
        actor=by.person,
        acting_for=by.acting_for,
    )
