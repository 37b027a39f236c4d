"""Moving a line: approve, decline, withdraw, hand over, give back ... One door for pages and API.

Every action is one row of the transition table; what it does besides changing the state stands here, one function
each. Repeating an action is harmless: the line comes back as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.facts import Ask, ResourceFacts, Taken
from bookings.models import Booking, BookingMessage, Line
from bookings.permissions import may_act, sides
from bookings.queries.facts import facts_by_id
from bookings.queries.parties import institution_viewer
from bookings.reasons import Reason
from bookings.rules import Verb, judge
from bookings.rules.room import free_units, in_time
from bookings.spans import Span, with_turnover
from bookings.states import FIRM, PERSONAL_ACTIONS, TRANSITIONS, LineState, Who
from bookings.wishes import is_storable
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound

from .commit import DoesNotFit, commit
from .judging import accepted_until, days_around
from .scene import Scene

REOPEN_WITHIN = timedelta(hours=1)
LONGEST_WORDS = 5_000


@dataclass
class LinePlan:
    """Take `action` on one line. `actor` is the viewer; `facts` are those of all resources of the booking."""

    line: Line
    action: str
    actor: Viewer
    facts: Mapping[int, ResourceFacts]
    borrower_view: Viewer | None = None
    note: str = ""
    reason: str = ""
    units: int | None = None
    condition: str = ""
    rivals: set[int] = field(default_factory=set)

    @property
    def resource(self) -> ResourceFacts:
        return self.facts[self.line.resource_id]

    @property
    def capacities(self) -> Collection[int]:
        return () if self.resource.capacity is None else (self.resource.capacity,)

    @property
    def bookings(self) -> Collection[int]:
        return (self.line.booking_id,)

    @property
    def window(self) -> Span:
        return claimed(self.line)

    def decide(self, scene: Scene) -> Line:
        line = scene.lines[self.line.pk]
        row = TRANSITIONS[self.action]
        if line.state not in row.sources:
            if line.state in row.targets:
                return line
            raise Conflict(
                _("This is no longer possible: it is “%(state)s” now.")
                % {"state": LineState(line.state).label}
            )
        HANDLERS[self.action](self, scene, line)
        kind = "reason" if self.reason else "note"
        scene.say(line, line.booking, kind=kind, body=self.reason or self.note, action=self.action)
        return line

    def judge(self, scene: Scene, line: Line, verb: Verb) -> tuple[Ask, list[Reason]]:
        """The line judged afresh under the locks; it never counts against itself."""
        resource = self.resource
        use = Span(line.use_starts_at, line.use_ends_at)
        view = self.borrower_view
        day = use.start.astimezone(resource.zone).date()
        ask = Ask(
            resource=resource,
            terms=resource.terms_to_ask(view, day) if view is not None else None,
            use=use,
            event=Span(line.event_starts_at, line.event_ends_at),
            units=line.units,
            borrower=line.booking.borrower_id,
            borrower_state=view.acting_state if view is not None else "active",
            now=scene.now,
            taken=scene.taken(resource.capacity or 0, apart_from=line.pk),
            second_in_line=line.second_in_line,
            # Somebody written in by the keeper has no audiences.
            seen=view is None or resource.seen_by(view),
        )
        return ask, judge(ask, verb)


def claimed(line: Line) -> Span:
    """The use and the turnover after it."""
    use = Span(line.use_starts_at, line.use_ends_at)
    return with_turnover(use, timedelta(minutes=line.turnover_minutes))


# --- what each action does ---------------------------------------------------------------------------
def _approve(plan: LinePlan, scene: Scene, line: Line) -> None:
    ask, reasons = plan.judge(scene, line, "approve")
    if reasons:
        raise BookingRefused(reasons)
    _let_rivals_go(scene, ask, line)
    scene.release(line)
    booking = line.booking
    line.decided_at, line.decided_by_id = scene.now, plan.actor.person
    others = [
        one
        for one in scene.lines_of(booking)
        if one is not line and one.state != LineState.WITHDRAWN
    ]
    if not booking.all_or_nothing or all(one.state in FIRM for one in others):
        _claim(scene, line, plan.resource, None)
        scene.move(line, "approve", LineState.CONFIRMED)
        return
    until = accepted_until(plan.resource, ask.use, now=scene.now, since=scene.now)
    if until <= scene.now:
        raise Conflict(_("It has begun already, and the rest of the request is not complete."))
    _claim(scene, line, plan.resource, until)
    line.expires_at = until
    scene.move(line, "approve", LineState.ACCEPTED)
    _prolong(plan, scene, booking)


def _claim(scene: Scene, line: Line, resource: ResourceFacts, until: datetime | None) -> None:
    if resource.capacity is None:
        raise Conflict(_("There is nothing to book here any more."))
    scene.claim(line, resource.capacity, claimed(line), line.units, until)


def _let_rivals_go(scene: Scene, ask: Ask, line: Line) -> None:
    """The owner may choose who asked second: what was only kept for others is let go in the same commit."""
    taken = list(ask.taken)
    holds = sorted(
        (claim for claim in taken if claim.hold_until is not None and in_time(ask, claim)),
        key=lambda claim: (claim.hold_until or scene.now, claim.line or 0),
        reverse=True,
    )
    scene.need(
        {claim.booking for claim in holds if claim.booking is not None and _in_way(ask, taken)}
    )
    while _in_way(ask, taken) and holds:
        rival = holds.pop(0)
        taken.remove(rival)
        if rival.line is not None:
            other = scene.lines[rival.line]
            scene.release(other)
            scene.move(other, "let_go", LineState.ASKED)


def _in_way(ask: Ask, taken: list[Taken]) -> bool:
    return free_units(ask, taken) < ask.units


def _prolong(plan: LinePlan, scene: Scene, booking: Booking) -> None:
    """An answer gives the other acceptances of the booking 3 working days more."""
    for other in scene.lines_of(booking):
        if other.state == LineState.ACCEPTED and other is not plan.line and other.expires_at:
            facts = plan.facts.get(other.resource_id)
            if facts is not None and other.decided_at is not None:
                until = accepted_until(
                    facts,
                    Span(other.use_starts_at, other.use_ends_at),
                    now=scene.now,
                    since=other.decided_at,
                )
                if until > other.expires_at:
                    scene.expire_claims_at(other, until)


def _decline(plan: LinePlan, scene: Scene, line: Line) -> None:
    scene.release(line)
    line.decided_at, line.decided_by_id = scene.now, plan.actor.person
    scene.move(line, "decline", LineState.DECLINED)


def _reopen(plan: LinePlan, scene: Scene, line: Line) -> None:
    if line.decided_at is None or scene.now - line.decided_at > REOPEN_WITHIN:
        raise Conflict(_("An answer can be taken back within an hour only."))
    _ask, reasons = plan.judge(scene, line, "revive")
    if reasons:
        raise BookingRefused(reasons)
    line.decided_at = line.decided_by_id = None
    scene.move(line, "reopen", LineState.ASKED)


def _release_to(action: str, target: LineState) -> Callable[[LinePlan, Scene, Line], None]:
    def handler(plan: LinePlan, scene: Scene, line: Line) -> None:
        scene.release(line)
        scene.move(line, action, target)

    return handler


def _complete(plan: LinePlan, scene: Scene, line: Line) -> None:
    """The borrower goes ahead with the part that is; what nobody answered is taken back."""
    for other in scene.lines_of(line.booking):
        if other.state == LineState.ACCEPTED:
            scene.expire_claims_at(other, None)
            scene.move(other, "complete", LineState.CONFIRMED)
        elif other.state in {LineState.ASKED, LineState.HELD}:
            scene.release(other)
            scene.move(other, "withdraw", LineState.WITHDRAWN)


def _cancel(action: str) -> Callable[[LinePlan, Scene, Line], None]:
    def handler(plan: LinePlan, scene: Scene, line: Line) -> None:
        if line.use_starts_at <= scene.now and line.handover == "none":
            scene.end_claims(line, scene.now)
        else:
            scene.release(line)
        scene.move(line, action, LineState.CANCELLED)

    return handler


def _settle(plan: LinePlan, scene: Scene, line: Line) -> None:
    """Both sides must agree; the first yes is written down, the second settles."""
    if not _both_agree(plan, line, "settle"):
        scene.say(
            line, line.booking, kind="note", body=str(_("Agreed from our side.")), action="settle"
        )
        return
    _ask, reasons = plan.judge(scene, line, "revive")
    if reasons:
        raise BookingRefused(reasons)
    _claim(scene, line, plan.resource, None)
    scene.move(line, "settle", LineState.CONFIRMED)


def _resolve(plan: LinePlan, scene: Scene, line: Line) -> None:
    """A moderator closes a dispute alone; the sides do it together."""
    mine = sides(line, line.booking, plan.actor)
    if Who.MODERATOR not in mine and not _both_agree(plan, line, "resolve"):
        scene.say(
            line, line.booking, kind="note", body=str(_("Settled from our side.")), action="resolve"
        )
        return
    scene.move(line, "resolve", LineState.CLOSED)


def _both_agree(plan: LinePlan, line: Line, action: str) -> bool:
    mine = sides(line, line.booking, plan.actor)
    if line.booking.borrower_id is None or {Who.BORROWER, Who.KEEPER} <= mine:
        return True
    other_side = line.lender_id if Who.BORROWER in mine else line.booking.borrower_id
    return (
        BookingMessage.objects.visible_to(SYSTEM)
        .filter(line=line, action=action, author_for=other_side, at__gte=line.state_since)
        .exists()
    )


def _hand_over(plan: LinePlan, scene: Scene, line: Line) -> None:
    if line.handover == "none":
        raise Conflict(_("There is nothing to hand over here."))
    line.units_out = _some(plan, line.units)
    line.condition_out = plan.condition
    line.handed_over_at = scene.now
    scene.move(line, "hand_over", LineState.HANDED_OVER)


def _give_back(plan: LinePlan, scene: Scene, line: Line) -> None:
    """What is back is free at that minute. Fewer back than went out is written down, never refused."""
    line.units_back = _some(plan, line.units_out or line.units)
    line.condition_back = plan.condition
    line.returned_at = scene.now
    scene.end_claims(line, scene.now)
    scene.move(line, "give_back", LineState.RETURNED)


def _some(plan: LinePlan, most: int) -> int:
    units = most if plan.units is None else plan.units
    if not 0 <= units <= most:
        raise Invalid({"units": _("Between 0 and %(most)s.") % {"most": most}})
    return units


def _overdue(plan: LinePlan, scene: Scene, line: Line) -> None:
    if line.use_ends_at > scene.now:
        raise Conflict(_("It is not due back yet."))
    scene.move(line, "overdue", LineState.OVERDUE)


def _lost(plan: LinePlan, scene: Scene, line: Line) -> None:
    line.units_back = 0 if plan.units is None else _some(plan, line.units_out or line.units)
    scene.end_claims(line, scene.now)
    scene.move(line, "lost", LineState.LOST)


def _not_used(plan: LinePlan, scene: Scene, line: Line) -> None:
    if line.use_starts_at > scene.now:
        raise Conflict(_("It has not begun yet."))
    if plan.resource.mode == "total":  # not fetched, not used up
        scene.release(line)
    scene.end_claims(line, scene.now)
    scene.move(line, "not_used", LineState.NOT_USED)


def _complain(plan: LinePlan, scene: Scene, line: Line) -> None:
    scene.move(line, "complain", LineState.DISPUTED)


HANDLERS: dict[str, Callable[[LinePlan, Scene, Line], None]] = {
    "approve": _approve,
    "decline": _decline,
    "reopen": _reopen,
    "withdraw": _release_to("withdraw", LineState.WITHDRAWN),
    "let_go": _release_to("let_go", LineState.ASKED),
    "complete": _complete,
    "cancel": _cancel("cancel"),
    "take_back": _cancel("take_back"),
    "settle": _settle,
    "hand_over": _hand_over,
    "give_back": _give_back,
    "overdue": _overdue,
    "lost": _lost,
    "not_used": _not_used,
    "complain": _complain,
    "resolve": _resolve,
}


# --- the doors ---------------------------------------------------------------------------------------
def act(
    *,
    by: Viewer,
    line: UUID,
    action: str,
    note: str = "",
    reason: str = "",
    units: int | None = None,
    condition: str = "",
    quiet: bool = False,
) -> Line:
    """Take a personal action on a line and return it.

    `units` counts what went out or came back. Raises `NotFound`, `Forbidden`, `Invalid` (a reason is missing),
    `Conflict` (state or time), `BookingRefused` (it no longer fits).
    """
    if action not in PERSONAL_ACTIONS:
        raise NotFound(code="unknown_action")
    seen = Line.objects.on_desk_of(by)
    found = seen.select_related("booking").filter(uid=line).first()
    if found is None:
        raise NotFound
    if not may_act(found, found.booking, action, by):
        raise Forbidden
    _check_words(action, note=note, reason=reason, condition=condition)
    plan = _plan(found, action, by)
    plan = replace(plan, note=note.strip(), reason=reason.strip(), units=units, condition=condition)
    try:
        return commit(plan, now=by.now, by=by, quiet=quiet)
    except DoesNotFit:
        raise BookingRefused([Reason("taken", "fact", _("It is taken at that time."))]) from None


def _check_words(action: str, *, note: str, reason: str, condition: str) -> None:
    if TRANSITIONS[action].needs_reason and not reason.strip():
        raise Invalid({"reason": _("Say why, in a sentence: the other side reads it.")})
    for name, text in (("note", note), ("reason", reason), ("condition", condition)):
        if len(text) > LONGEST_WORDS:
            raise Invalid({name: _("This text is too long.")})
        if not is_storable(text):
            raise Invalid({name: _("This text has a forbidden character.")})


def _plan(line: Line, action: str, by: Viewer) -> LinePlan:
    resources = set(
        Line.objects.visible_to(SYSTEM)
        .filter(booking=line.booking_id)
        .values_list("resource_id", flat=True)
        if action == "approve" and line.booking.all_or_nothing
        else [line.resource_id]
    )
    since, until = days_around(
        [Span(line.use_starts_at, line.use_ends_at), Span(by.now, by.now + timedelta(days=30))]
    )
    facts = facts_by_id(resources, since=since, until=until)
    view: Viewer | None = None
    if action in {"approve", "reopen", "settle"} and line.booking.borrower_id is not None:
        view = institution_viewer(line.booking.borrower_id, now=by.now)
    return LinePlan(line, action, by, facts, view)


BOOKING_ACTIONS = ("withdraw", "complete", "cancel")
"""Besides `send` (see `drafts`): what the borrower does to all lines of a booking that it fits."""


def act_on_booking(
    *, by: Viewer, booking: UUID, action: str, note: str = "", reason: str = ""
) -> Booking:
    """Take a borrower's action on every line of a booking that it applies to, in one commit."""
    if action not in BOOKING_ACTIONS:
        raise NotFound(code="unknown_action")
    found = Booking.objects.visible_to(by).filter(uid=booking).first()
    if found is None:
        raise NotFound
    if not by.may("staff", found.borrower_id):
        raise Forbidden
    _check_words(action, note=note, reason=reason, condition="")
    lines = list(Line.objects.visible_to(by).select_related("booking").filter(booking=found))
    row = TRANSITIONS[action]
    fitting = [line for line in lines if line.state in row.sources]
    if not fitting:
        if any(line.state in row.targets for line in lines):
            return found
        raise Conflict
    plan = WholeBookingPlan(found, fitting, action, by, note.strip() or reason.strip())
    return commit(plan, now=by.now, by=by)


@dataclass
class WholeBookingPlan:
    """One borrower's action on many lines of one booking."""

    booking: Booking
    fitting: list[Line]
    action: str
    actor: Viewer
    note: str

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return (self.booking.pk,)

    @property
    def window(self) -> Span:
        return Span(
            min(line.use_starts_at for line in self.fitting),
            max(claimed(line).end for line in self.fitting),
        )

    def decide(self, scene: Scene) -> Booking:
        booking = scene.bookings[self.booking.pk]
        row = TRANSITIONS[self.action]
        plan = LinePlan(self.fitting[0], self.action, self.actor, {})
        for line in scene.lines_of(booking):
            if line.state in row.sources:
                HANDLERS[self.action](plan, scene, line)
        if self.note:
            scene.say(None, booking, kind="note", body=self.note, action=self.action)
        return booking
