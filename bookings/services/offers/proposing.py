"""Making a proposal, or changing at once what needs nobody's yes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.answers import AnswerWith, FeeWish, agreed_to, as_stored, fee_by
from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.models import Line, Offer, OfferKind
from bookings.opening import after_working_days
from bookings.queries.cases import asking_paused_until
from bookings.reasons import Reason
from bookings.rules import Verb, judge
from bookings.services.claim_changes import claimed
from bookings.services.commit import commit
from bookings.services.judging.agreed import frozen
from bookings.services.offer_book import beyond
from bookings.services.scene import Scene
from bookings.spans import Span
from bookings.states import (
    IS_OUT,
    PROPOSED_BY_ASKER,
    PROPOSED_BY_OWNER,
    REVIVED,
    UNANSWERED,
    LineState,
    OfferState,
)
from bookings.wishes import LineWish, validate_line
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound

from .along import Along, along, bring, brought, not_free
from .context import (
    Context,
    at_once,
    change_now,
    context_of,
    guarded,
    hull,
    refuse_to_lose,
    said,
)

S = LineState
OFFER_WORKING_DAYS = 3


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a proposal: `offer` waits for the other side, or the line was changed at once (None)."""

    line: Line
    offer: Offer | None


AS_THE_TERMS = FeeWish()


@dataclass
class ProposalPlan:
    """Propose `wish` for `line`; as its owner, or as who asked for it."""

    line: Line
    wish: LineWish
    context: Context
    actor: Viewer
    by_owner: bool
    note: str = ""
    expires_at: datetime | None = None
    along: str = ""
    """The act on the line that it comes with."""
    fee: FeeWish = AS_THE_TERMS

    @property
    def capacities(self) -> Collection[int]:
        demands = self.context.resource.demands(self.wish.use, self.wish.units)
        return self.context.resource.locked_for(demands)

    @property
    def bookings(self) -> Collection[int]:
        return (self.line.booking_id,)

    @property
    def window(self) -> Span:
        return hull(self.line, self.wish, self.context)

    def decide(self, scene: Scene) -> Proposed:
        line = scene.lines[self.line.pk]
        if line.state not in (PROPOSED_BY_OWNER if self.by_owner else PROPOSED_BY_ASKER):
            raise Conflict(
                _("This is no longer possible: it is “%(state)s” now.")
                % {"state": LineState(line.state).label}
            )
        if line.state in IS_OUT:
            refuse_to_lose(line, self.wish)
        # Several times may be proposed at once: the asker takes one. Anything else replaces what was proposed before.
        before = [] if line.wanted_minutes else scene.offers.open_of(line)
        ask = self.context.ask(scene, line, self.wish, instead_of=before)
        own = scene.claims_of(line)
        agreed = [
            replace(row, span=part)
            for row in own
            if (part := row.span.meet(claimed(line))) is not None
        ]
        only_less = (
            bool(own and ask.demands)
            and Span(line.use_starts_at, line.use_ends_at).contains(ask.use)
            and not beyond(ask.demands, agreed)
            and ask.resource.id == line.resource_id
        )
        sure = only_less and not self.by_owner and line.state not in IS_OUT
        others = along(scene, line, self.wish, self.context)
        fresh = brought(scene, line, self.wish, self.context)
        reasons = [] if sure else self._reasons(line, ask, [*others, *fresh])
        if reasons:
            raise BookingRefused(reasons)
        straight = only_less or line.state in UNANSWERED or (at_once(ask) and not self._paused(ask))
        if not self.by_owner and straight:
            change_now(scene, line, ask, self.wish)
            for other in others:
                change_now(scene, other.line, other.ask, other.wish)
            bring(scene, line, fresh)
            scene.say(line, line.booking, kind="note", body=self.note, action="change")
            return Proposed(line, None)
        for replaced in before:
            scene.end_offer(replaced, OfferState.WITHDRAWN)
        offer = self._offer(scene, line, ask)
        claims = self.by_owner or ask.policy == "keep_first"
        pieces = beyond(ask.demands, own) if claims else ()
        scene.offers.make(offer, pieces, along=self.along)
        scene.say(line, line.booking, kind="note", body=self.note, action="offer")
        return Proposed(line, offer)

    def _reasons(self, line: Line, ask: Ask, others: Iterable[Along]) -> list[Reason]:
        """Why it cannot be; of what comes along the owner judges the hours, as of its own."""
        if self.by_owner:
            verbs: tuple[Verb, Verb] = ("accept", "accept")
        else:
            verbs = ("extend", "extend") if line.state in IS_OUT else ("move", "bring")
            ask = replace(ask, paused_until=self._paused(ask))
        return [*judge(ask, verbs[0]), *not_free(others, verbs[1])]

    def _paused(self, ask: Ask) -> datetime | None:
        """Until when who asked may take nothing without its owner's own yes, also no longer than it has it."""
        return None if self.by_owner else asking_paused_until(ask.borrower, now=ask.now)

    def _offer(self, scene: Scene, line: Line, ask: Ask) -> Offer:
        kind = OfferKind.CHANGE if line.state not in REVIVED else OfferKind.COUNTER
        if line.wanted_minutes:
            kind = OfferKind.TIME
        usual = after_working_days(ask.resource, scene.now, OFFER_WORKING_DAYS)
        until = min(
            self.expires_at or usual, ask.use.start if ask.use.start > scene.now else ask.use.end
        )
        if not self.by_owner:  # nobody keeps the time of others for longer than a request does
            until = min(until, usual)
        if until <= scene.now:
            raise Invalid({"expires_at": _("There must be time left to answer.")})
        terms, shown = frozen(ask)
        terms |= self._fee(line, terms, same=ask.resource.id == line.resource_id)
        return Offer(
            booking=line.booking,
            line=line,
            resource_id=ask.resource.id,
            lender_id=ask.resource.owner,
            kind=kind,
            units=ask.units,
            use_starts_at=ask.use.start,
            use_ends_at=ask.use.end,
            event_starts_at=ask.event.start,
            event_ends_at=ask.event.end,
            setup_minutes=self.wish.setup_minutes,
            strike_minutes=self.wish.strike_minutes,
            turnover_minutes=ask.resource.turnover_minutes,
            zone=ask.resource.zone_name,
            local_date=ask.event.start.astimezone(ask.resource.zone).date(),
            session_id=next((one.share.session for one in ask.demands), None),
            terms=terms,
            shown=shown,
            note=self.note,
            offered_by_id=self.actor.person,
            offered_for_id=line.lender_id if self.by_owner else line.booking.borrower_id,
            created_at=scene.now,
            expires_at=until,
        )

    def _fee(self, line: Line, terms: Mapping[str, Any], *, same: bool) -> Mapping[str, Any]:
        """What the owner names: taking the proposal agrees to it, so that one to be agreed has to be said now."""
        if not self.by_owner or line.fee_kind:
            return {}
        fee = agreed_to(fee_by(line.terms if same else terms, line.booking), self.fee)
        return {} if fee is None or self.fee == AS_THE_TERMS else as_stored(fee)


def propose(
    *,
    by: Viewer,
    line: UUID,
    wish: LineWish,
    note: str = "",
    expires_at: datetime | None = None,
    fee: FeeWish = AS_THE_TERMS,
) -> Proposed:
    """Propose `wish` for a line: its owner to who asked, or who asked to its owner.

    What only gives back, what nobody answered yet and what is confirmed at once is changed straight away. An owner may
    propose another of its things; who asked keeps to the thing. Of what is out only the return can be changed.
    `expires_at` is 3 of the owner's working days on unless given, for who asked no later; never beyond the start.
    With `fee` an owner names what it costs where nothing is agreed yet; it has to where the terms leave it open.
    Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`, `BookingRefused`.
    """
    found = Line.objects.visible_to(by).select_related("booking").filter(uid=line).first()
    if found is None or found.state == S.DRAFT:
        raise NotFound
    by_owner = by.may("keeper", found.lender_id)
    if not by_owner and not by.may("staff", found.booking.borrower_id):
        raise Forbidden
    validate_line(wish)
    words = said(note)
    named = AnswerWith(fee=fee).checked().fee if by_owner else AS_THE_TERMS

    def store() -> Proposed:
        context = context_of(found, wish, by=by, by_owner=by_owner)
        return commit(
            ProposalPlan(found, wish, context, by, by_owner, words, expires_at, fee=named),
            now=by.now,
            by=by,
            in_turn=not by_owner,
        )

    return guarded(store)


def instead(
    line: Line, wish: LineWish, *, by: Viewer, along: str, fee: FeeWish = AS_THE_TERMS
) -> ProposalPlan:
    """What its owner proposes for a line along with another act on it; decided in that act's commit.

    Raises `UnknownResource`, `Invalid`.
    """
    context = context_of(line, wish, by=by, by_owner=True)
    return ProposalPlan(line, wish, context, by, True, along=along, fee=fee)
