"""What both sides of a proposal bring, and how it is written on a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused, UnknownResource
from bookings.facts.ask import Ask
from bookings.facts.resource import ResourceFacts
from bookings.models import Booking, Line, Offer
from bookings.queries.facts import facts_by_id, facts_by_uid
from bookings.queries.parties import institution_viewer
from bookings.reasons import Reason
from bookings.services.claim_changes import claimed
from bookings.services.commit import DoesNotFit, with_fresh_facts
from bookings.services.judging.agreed import frozen
from bookings.services.judging.asks import days_around
from bookings.services.judging.until import hold_until
from bookings.services.months import begin_months
from bookings.services.parties import parties_of
from bookings.services.restoring import forget_hit
from bookings.services.scene import Scene
from bookings.services.starting_again import StaleFacts
from bookings.spans import Span, enclosing, offset_minutes, with_turnover
from bookings.states import CLAIMING, LIVE, LineState
from bookings.wishes import LineWish, check_texts
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Invalid
from cooperative.events.services import NewEvent

S = LineState
LONGEST_NOTE = 5_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What both sides bring: facts of the booking's things by id, the thing proposed, the borrower's own view."""

    facts: dict[int, ResourceFacts]
    resource: ResourceFacts
    borrower: Viewer | None

    def ask(self, scene: Scene, line: Line, wish: LineWish, *, instead_of: Iterable[Offer]) -> Ask:
        """The proposal as the rules judge it, beside everything but what its line holds and the offers it replaces."""
        bare = self.ask_for(scene, line.booking, wish, instead_of=instead_of, apart_from=line.pk)
        return replace(
            bare,
            was=Span(line.use_starts_at, line.use_ends_at),
            brought=line.brought_by_id is not None,
        )

    def ask_for(
        self,
        scene: Scene,
        booking: Booking,
        wish: LineWish,
        *,
        instead_of: Iterable[Offer],
        apart_from: int | None = None,
    ) -> Ask:
        """The same for a wish that is no line yet."""
        resource = scene.as_locked(self.resource)
        use, view = wish.use, self.borrower
        day = use.start.astimezone(resource.zone).date()
        bare = Ask(
            resource=resource,
            terms=resource.terms_to_ask(view, day) if view is not None else None,
            use=use,
            event=wish.event,
            units=wish.units,
            borrower=booking.borrower_id,
            borrower_state=view.acting_state if view is not None else "active",
            now=scene.now,
            seen=view is None or resource.seen_by(view),
        )
        taken = scene.taken(
            bare.locked,
            apart_from=apart_from,
            apart_from_offers={offer.pk for offer in instead_of},
        )
        return replace(bare, taken=taken)


def at_once(ask: Ask) -> bool:
    return ask.policy == "at_once"


def hull(line: Line, wish: LineWish, context: Context) -> Span:
    """All that a line, or what came along with it, has or may take."""
    longest = max(one.turnover for one in context.facts.values())
    return enclosing([claimed(line), with_turnover(wish.use, longest)])


def change_now(scene: Scene, line: Line, ask: Ask, wish: LineWish) -> None:
    """Give a line what it asks for: its claims are swapped, its state stays. What was proposed of it before is off."""
    scene.end_offers_of(line)
    holds = line.state in CLAIMING  # its claims may lie far from the time that is judged
    until = line.expires_at
    if line.state == S.HELD:
        until = hold_until(ask.resource, ask.use, now=scene.now)
    if holds:
        scene.release(line)
        scene.claim(line, ask.demands, until)
        line.expires_at = until
    before = Span(line.use_starts_at, line.use_ends_at)
    write_on(line, ask, wish)
    line.second_in_line = line.waiting = False  # nothing stands in its way any more
    out_again(scene, line)
    scene.touch(line)
    scene.log(changed(line, before, scene))


def refuse_to_lose(line: Line, wish: LineWish) -> None:
    """What is out is out since it was fetched, all of it, whatever is agreed of its return. Raises `Conflict`."""
    same = UUID(line.shown["uid"]) == wish.resource
    since = wish.use.start == line.use_starts_at
    if not (same and since and wish.units >= (line.units_out or line.units)):
        raise Conflict(_("It is out already: only its return can be changed."))


def out_again(scene: Scene, line: Line) -> None:
    """What was overdue and may stay longer is simply out."""
    if line.state == S.OVERDUE and line.use_ends_at > scene.now:
        scene.move(line, "extend", S.HANDED_OVER)


def write_on(line: Line, ask: Ask, wish: LineWish) -> None:
    """Another time, number or thing on a line. The terms agreed stay where the thing does."""
    if line.resource_id != ask.resource.id:
        line.resource_id = ask.resource.id
        line.lender_id = ask.resource.owner
        line.handover = ask.resource.handover
        line.terms, line.shown = frozen(ask)
    line.units = ask.units
    line.use_starts_at, line.use_ends_at = ask.use.start, ask.use.end
    line.event_starts_at, line.event_ends_at = ask.event.start, ask.event.end
    line.setup_minutes, line.strike_minutes = wish.setup_minutes, wish.strike_minutes
    line.turnover_minutes = ask.resource.turnover_minutes
    line.zone = ask.resource.zone_name
    line.local_date = ask.event.start.astimezone(ask.resource.zone).date()
    line.starts_offset = offset_minutes(ask.use.start, ask.resource.zone)
    line.ends_offset = offset_minutes(ask.use.end, ask.resource.zone)
    line.session_id = next((one.share.session for one in ask.demands), None)
    line.wanted_minutes = None
    line.wanted_weekdays = line.wanted_from_minute = line.wanted_until_minute = None
    if line.least_units is not None and line.least_units > line.units:
        line.least_units = None
    forget_hit(line)


def said(note: str) -> str:
    check_texts(LONGEST_NOTE, note=note)
    return note.strip()


def context_of(line: Line | Offer, wish: LineWish, *, by: Viewer, by_owner: bool) -> Context:
    since, until = days_around(
        [
            wish.use,
            Span(line.use_starts_at, line.use_ends_at),
            Span(by.now, by.now + timedelta(days=30)),
        ]
    )
    mine = line if isinstance(line, Line) else None
    others = (
        Line.objects.visible_to(SYSTEM)
        .filter(booking=line.booking_id)
        .filter(Q(state__in=LIVE) | Q(brought_by=mine, brought_by__isnull=False))
        .values_list("resource_id", "brought_by")
    )
    ids = {resource for resource, _brought_by in others} | {line.resource_id or 0}
    facts = facts_by_id(ids, since=since, until=until)
    resource = next((one for one in facts.values() if one.uid == wish.resource), None)
    if resource is None:
        resource = facts_by_uid([wish.resource], since=since, until=until).get(wish.resource)
    if resource is None or not (resource.id == line.resource_id or resource.seen_by(by)):
        raise UnknownResource
    if resource.owner != line.lender_id or (not by_owner and resource.id != line.resource_id):
        raise Invalid({"resource": _("Another thing can be proposed by its owner only.")})
    along = {thing for thing, by_line in others if mine is not None and by_line == mine.pk}
    another = mine is not None and resource.id != mine.resource_id
    if another and mine is not None and mine.state in LIVE and along:
        # What came along with the one is not what comes with the other.
        raise Invalid(
            {"resource": _("Other things come along with it: decline, and propose it so.")}
        )
    if mine is not None and (mine.wanted_minutes or another) and resource.comes_with:
        wanted = [one.uid for one in resource.comes_with]
        found = facts_by_uid(wanted, since=since, until=until).values()
        facts = facts | {one.id: one for one in found}
        along |= {one.id for one in found}
    together = [resource, *(facts[thing] for thing in along)]
    if begin_months(one for thing in together for one in thing.demands(wish.use, wish.units)):
        raise StaleFacts
    view = None
    borrower = line.booking.borrower_id if line.booking is not None else None
    if borrower is not None:
        view = institution_viewer(borrower, now=by.now)
    return Context(facts | {resource.id: resource}, resource, view)


def guarded(store: Callable[[], T]) -> T:
    """Run `store` on fresh facts; where the guard says no, somebody was quicker."""
    try:
        return with_fresh_facts(store)
    except DoesNotFit:
        raise BookingRefused(
            [Reason("taken", "fact", _("Somebody was quicker. Please look again."))]
        ) from None


def changed(line: Line, before: Span, scene: Scene) -> NewEvent:
    booking = line.booking
    return NewEvent(
        verb="booking.change",
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
                    "units": line.units,
                }
            ],
        },
        actor=scene.by.person if scene.by else None,
        acting_for=scene.by.acting_for if scene.by else None,
    )
