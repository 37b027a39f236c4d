"""A date that does not take place: who has a seat settles it, who asked for one is declined; and taking that back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.errors import WouldHit
from bookings.facts.resource import ResourceFacts
from bookings.models import Capacity, Line, SeatedSession
from bookings.services.commit import commit, with_fresh_facts
from bookings.services.restoring import (
    Struck,
    TakenBack,
    facts_of_struck,
    restore,
    struck_by,
)
from bookings.services.scene import Scene
from bookings.spans import EARLIEST, Span
from bookings.states import HITTABLE, TRANSITIONS, LineState, OfferState
from bookings.wishes import check_texts
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict

from .keeping import another_then, asking, my_session, session_event, still_as_read

LONGEST_REASON = 5_000


@dataclass
class CancelPlan:
    """Cancel a session. `confirmed` = the owner has seen whom it hits; `reason` is read by all of them."""

    session: SeatedSession
    resource: ResourceFacts
    actor: Viewer
    confirmed: bool
    reason: str

    @property
    def capacities(self) -> Collection[int]:
        return (self.session.capacity_id,)

    @property
    def bookings(self) -> Collection[int]:
        return set(
            Line.objects.visible_to(self.actor)
            .filter(
                Q(claims__capacity=self.session.capacity_id)
                | Q(session=self.session, state=LineState.ASKED)
            )
            .values_list("booking_id", flat=True)
        )

    @property
    def window(self) -> Span:
        return Span(self.session.starts_at, self.session.ends_at)

    def decide(self, scene: Scene) -> SeatedSession:
        session = self.session
        if scene.capacities[session.capacity_id].size == 0:
            return session
        still_as_read(session)
        if session.ends_at <= scene.now:
            raise Conflict(_("This date is over."))
        rows = [row for row in scene.claims if row.capacity == session.capacity_id]
        scene.need({row.booking for row in rows if row.booking is not None})
        lines = [scene.lines[row.line] for row in rows if row.line is not None]
        asked = self._asked(scene)
        if (lines or asked) and not self.confirmed:
            raise WouldHit([*lines, *asked], now=scene.now)
        for offer in {row.offer for row in rows if row.offer is not None}:
            scene.end_offer(scene.offers.stored[offer], OfferState.WITHDRAWN)
        for line in lines:
            if line.state in HITTABLE:
                scene.hit(line, session=session)
                scene.say(line, line.booking, kind="reason", body=self.reason, action="hit")
        for line in asked:
            self._decline(scene, line)
        for block in {row.block for row in rows if row.block is not None}:
            scene.drop_claims_of_block(block, session.capacity_id)
        scene.clear_away()
        Capacity.objects.filter(pk=session.capacity_id).update(size=0, size_from=EARLIEST)
        session.cancelled_at = scene.now
        session.save()
        scene.log(session_event("session.cancel", session, self.resource, self.actor))
        return session

    def _asked(self, scene: Scene) -> list[Line]:
        """Who asks for places and has none, those whose hold ran out just now among them."""
        waiting = asking(self.session)
        scene.need(
            Line.objects.visible_to(self.actor)
            .filter(pk__in=waiting)
            .values_list("booking_id", flat=True)
        )
        return [
            line
            for line in scene.lines.values()
            if line.session_id == self.session.pk and line.state == LineState.ASKED
        ]

    def _decline(self, scene: Scene, line: Line) -> None:
        """Nobody can say yes to it any more. What it was is kept, so that a mistake can be taken back."""
        line.hit_from, line.hit_units = line.state, None
        line.hit_by, line.hit_session, line.hit_at = None, self.session, scene.now
        words = self.reason or _("This date does not take place.")
        for one in (line, *scene.brought_by(line)):
            if one.state in TRANSITIONS["decline"].sources:
                scene.release(one)
                if not one.waiting:
                    one.waiting_since = None  # by this it is told, taken back, from who only asked
                one.decided_at, one.decided_by_id = scene.now, self.actor.person
                scene.move(one, "decline", LineState.DECLINED)
        scene.say(line, line.booking, kind="reason", body=words, action="decline")


def cancel_session(
    *, by: Viewer, session: UUID, confirmed: bool = False, reason: str = ""
) -> SeatedSession:
    """Cancel a date. Whoever has a seat is told, and their booking is *to settle*; whoever asked for one is declined,
    with the `reason`. Repeating is harmless.

    Raises `WouldHit` with the bookings unless `confirmed`; `Invalid`, `Forbidden`, `NotFound`.
    """
    check_texts(LONGEST_REASON, reason=reason)

    def cancel() -> SeatedSession:
        found, facts = my_session(by, session)
        found.version += 1
        plan = CancelPlan(found, facts, by, confirmed, reason.strip())
        return commit(plan, now=by.now, by=by)

    return with_fresh_facts(cancel)


@dataclass
class RestorePlan:
    """Let a cancelled date take place after all; within the hour who had a seat has it again, and who asked asks."""

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
        scene.log(session_event("session.restore", session, self.resource, self.actor))
        span = Span(session.starts_at, session.ends_at)
        scene.free(capacity, span)
        scene.fill_during(capacity, span)
        # Read again: a cancelled date is none of its thing's.
        facts = facts_of_struck(self.struck.lines, now=scene.now)
        return restore(scene, self.struck.lines, facts)


def restore_session(*, by: Viewer, session: UUID) -> TakenBack:
    """Take the cancelling of a date back. Within the hour who had a seat has it again, and who asked for one asks
    again. Repeating is harmless.

    Raises `Conflict` (it is over; there is another date at that time: `session_exists`), `Forbidden`, `NotFound`.
    """
    found, facts = my_session(by, session)
    found.version += 1
    plan = RestorePlan(found, facts, by, struck_by(session=found, now=by.now))
    try:
        return commit(plan, now=by.now, by=by)
    except IntegrityError as error:
        raise another_then(error) from None
