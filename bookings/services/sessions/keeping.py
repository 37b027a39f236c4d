"""Dates of something with seats, as their owner enters and changes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from bookings.errors import UnknownResource, WouldHit
from bookings.facts.resource import ResourceFacts
from bookings.models import Capacity, CapacityMode, Line, SeatedSession
from bookings.permissions import may_keep
from bookings.queries.facts import facts_by_id, facts_by_uid
from bookings.queries.sessions import queue_for_dates
from bookings.services.commit import commit, with_fresh_facts
from bookings.services.judging.asks import days_around
from bookings.services.scene import Scene
from bookings.services.starting_again import StaleFacts
from bookings.spans import EARLIEST, SHORTEST, Span, enclosing, offset_minutes
from bookings.states import LineState
from bookings.wishes import MOST_UNITS, Errors, check_span, check_text
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from cooperative.events.services import NewEvent, Party


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
        return enclosing([self.before or self._span, self._span])

    @property
    def _span(self) -> Span:
        return Span(self.session.starts_at, self.session.ends_at)

    def decide(self, scene: Scene) -> SeatedSession:
        session, span = self.session, self._span
        stored = DateTimeTZRange(span.start, span.end, "[)")
        queue_for_dates(self.resource.id)
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
            scene.begin(session.capacity)
            scene.log(session_event("session.add", session, self.resource, self.actor))
            return session
        held = scene.capacities[session.capacity_id]
        if held.size == 0:
            raise Conflict(_("This date was cancelled."))
        still_as_read(session)
        moved = held.span != span
        rows = [row for row in scene.claims if row.capacity == session.capacity_id]
        taken = [row for row in rows if row.line is not None]
        having = {row.line for row in taken if row.line is not None}
        if moved and (having or asking(session)):
            raise WouldHit(_lines(having | asking(session)), now=scene.now)
        if sum(row.units for row in taken) > self.units:
            raise WouldHit(_lines(having), now=scene.now)
        kept = [row for row in rows if row.block is None]
        if moved or sum(row.units for row in kept) > self.units:
            scene.end_offers_on(session.capacity_id)
        for block in {row.block for row in rows if row.block is not None}:
            scene.drop_claims_of_block(block, session.capacity_id)
        scene.fill_during(session.capacity_id, span)
        scene.clear_away()
        Capacity.objects.filter(pk=session.capacity_id).update(
            span=stored, size=self.units, size_from=EARLIEST
        )
        scene.read_sizes()
        if self.units > held.size:
            scene.free(session.capacity_id, span)
        session.units = self.units
        session.save()
        scene.log(session_event("session.change", session, self.resource, self.actor))
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
    """Another time (while nobody has a seat or asks for one), number of seats (as many as are promised), title, note.

    `version` is the one that the change was made from, None = whatever it is. Raises `WouldHit` with who is in the
    way, `Stale`, `Invalid`, `Conflict`, `Forbidden`, `NotFound`.
    """

    def change() -> SeatedSession:
        found, facts = my_session(by, session)
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
    errors = Errors()
    span = check_span(starts_at, ends_at, errors)
    errors.check(span.length >= SHORTEST, "ends_at", _("The shortest time is 5 minutes."))
    check_text(title, errors, "title", 200)
    check_text(note, errors, "note", 5_000)
    errors.refuse()
    session.starts_at, session.ends_at = span.start, span.end
    session.title, session.note = title.strip(), note.strip()
    session.local_date = span.start.astimezone(facts.zone).date()
    session.starts_offset = offset_minutes(span.start, facts.zone)
    session.ends_offset = offset_minutes(span.end, facts.zone)


def still_as_read(session: SeatedSession) -> None:
    """Under the lock of its capacity. Raises `StaleFacts` where somebody changed it meanwhile."""
    if SeatedSession.objects.filter(pk=session.pk, version=session.version - 1).exists():
        return
    raise StaleFacts


def asking(session: SeatedSession) -> set[int]:
    """The lines (database ids) that ask for places on a date and have none. One statement."""
    found = Line.objects.visible_to(SYSTEM).filter(session=session, state=LineState.ASKED)
    return set(found.values_list("pk", flat=True))


def _lines(ids: Collection[int]) -> list[Line]:
    return list(Line.objects.visible_to(SYSTEM).filter(pk__in=ids).order_by("pk"))


def _own(by: Viewer, resource: UUID) -> ResourceFacts:
    since, until = days_around([Span(by.now, by.now + timedelta(days=1))])
    facts = facts_by_uid([resource], since=since, until=until).get(resource)
    if facts is None or not facts.seen_by(by):
        raise UnknownResource
    if not may_keep(by, facts.owner):
        raise Forbidden
    return facts


def my_session(by: Viewer, session: UUID) -> tuple[SeatedSession, ResourceFacts]:
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


def session_event(
    verb: str, session: SeatedSession, resource: ResourceFacts, by: Viewer
) -> NewEvent:
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
