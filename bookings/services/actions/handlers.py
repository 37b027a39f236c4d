"""What each action does besides changing the state; one function each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bookings.answers import FeeWish, answered_fee, forget_answer, freeze_fee, terms_fee
from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.models import BookingMessage, Line
from bookings.permissions import case_sides, sides
from bookings.rules.room import free_units, in_time
from bookings.services.blocks import block_lost
from bookings.services.case_book import (
    agree,
    case_under_way,
    decide_that_nothing_follows,
    open_case,
)
from bookings.services.judging.refusing import refuse_what_is_gone
from bookings.services.outrun import tell_outrun
from bookings.services.promising import promise
from bookings.services.scene import Scene
from bookings.states import UNANSWERED, LineState, OfferState, Who
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Invalid

from .rests import keep_rest

if TYPE_CHECKING:
    from .plan import LinePlan

REOPEN_WITHIN = timedelta(hours=1)
NOTED_WITHIN = timedelta(days=3)
"""So long a click may wait on a phone without a network."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""A phone's clock may be ahead of ours by so much."""


class SaidAlready(Exception):
    """This side's yes is written down, the other's is not: said again it adds nothing."""


def _approve(plan: LinePlan, scene: Scene, line: Line) -> None:
    if line.wanted_minutes:
        raise Conflict(_("No time is named yet: propose one."))
    refuse_what_is_gone([plan.resource])
    ask, reasons = plan.judge(scene, line, "approve")
    if reasons:
        raise BookingRefused(reasons)
    _let_rivals_go(scene, ask, line)
    scene.release(line)
    line.decided_at, line.decided_by_id = scene.now, plan.actor.person
    # What comes along is answered with what brought it, whose owner names the fee.
    brought = line.pk != plan.line.pk or line.brought_by_id is not None
    alone = plan.answer.fee != FeeWish() or not brought
    freeze_fee(line, answered_fee(line, plan.answer.fee) if alone else terms_fee(line))
    line.inner_note = plan.answer.inner_note
    promise(scene, line, ask, "approve", plan.facts)
    tell_outrun(scene, line, ask)


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
        if rival.offer is not None:
            scene.end_offer(scene.offers.stored[rival.offer], OfferState.WITHDRAWN)
        elif rival.line is not None:
            other = scene.lines[rival.line]
            scene.release(other)
            scene.move(other, "let_go", LineState.ASKED)


def _in_way(ask: Ask, taken: list[Taken]) -> bool:
    return free_units(ask, taken) < ask.units


def _decline(plan: LinePlan, scene: Scene, line: Line) -> None:
    brings = scene.lines.get(line.brought_by_id or 0) if line.waiting else None
    scene.release(line)
    line.decided_at, line.decided_by_id = scene.now, plan.actor.person
    _say_why(plan, line)
    scene.move(line, "decline", LineState.DECLINED)
    if brings is not None and brings.waiting:
        scene.look_again(brings)


def _reopen(plan: LinePlan, scene: Scene, line: Line) -> None:
    if line.decided_at is None or scene.now - line.decided_at > REOPEN_WITHIN:
        raise Conflict(_("An answer can be taken back within an hour only."))
    _ask, reasons = plan.judge(scene, line, "period" if line.wanted_minutes else "revive")
    if reasons:
        raise BookingRefused(reasons)
    line.decided_at = line.decided_by_id = None
    forget_answer(line)
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
        elif other.state in UNANSWERED:
            scene.release(other)
            scene.move(other, "withdraw", LineState.WITHDRAWN)


def _say_why(plan: LinePlan, line: Line) -> None:
    line.decline_code = plan.answer.code
    line.inner_note = plan.answer.inner_note or line.inner_note


def _cancel(action: str) -> Callable[[LinePlan, Scene, Line], None]:
    def handler(plan: LinePlan, scene: Scene, line: Line) -> None:
        if action == "take_back":
            _say_why(plan, line)
        if line.use_starts_at <= scene.now and line.handover == "none":
            scene.end_claims(line, scene.now)
        else:
            scene.release(line)
        scene.move(line, action, LineState.CANCELLED)

    return handler


def _settle(plan: LinePlan, scene: Scene, line: Line) -> None:
    """Both sides must agree; the first yes is written down, the second settles."""
    if not _both_agree(plan, scene, line, str(_("Agreed from our side."))):
        return
    ask, reasons = plan.judge(scene, line, "revive")
    if reasons:
        raise BookingRefused(reasons)
    scene.claim(line, ask.demands, None)
    scene.move(line, "settle", LineState.CONFIRMED)


def _resolve(plan: LinePlan, scene: Scene, line: Line) -> None:
    """The sides settle it together; a moderator to whom it was brought alone."""
    case = case_under_way(line)
    if not case_sides(case, plan.actor):
        reason = plan.reason or plan.note
        decide_that_nothing_follows(scene, line, case, by=plan.actor, reason=reason)
    elif not agree(scene, line, case, by=plan.actor):
        raise SaidAlready


def _both_agree(plan: LinePlan, scene: Scene, line: Line, yes: str) -> bool:
    """Whether the other side said yes too, since the line came to where it is; else ours is written down.

    Raises `SaidAlready` where it was before.
    """
    mine = sides(line, line.booking, plan.actor)
    if line.booking.borrower_id is None or {Who.BORROWER, Who.KEEPER} <= mine:
        return True
    agreed = set(
        BookingMessage.objects.visible_to(SYSTEM)
        .filter(line=line, action=plan.action, at__gte=line.state_since)
        .values_list("author_for", flat=True)
    )
    ours, theirs = line.lender_id, line.booking.borrower_id
    if Who.BORROWER in mine:
        ours, theirs = theirs, ours
    if theirs in agreed:
        return True
    if ours in agreed:
        raise SaidAlready
    scene.say(line, line.booking, kind="note", body=yes, action=plan.action)
    return False


def _hand_over(plan: LinePlan, scene: Scene, line: Line) -> None:
    if line.handover == "none":
        raise Conflict(_("There is nothing to hand over here."))
    line.units_out = _some(plan, line.units, least=1)
    line.condition_out = plan.condition
    line.handed_over_at = _happened(plan, scene)
    scene.move(line, "hand_over", LineState.HANDED_OVER)


def _give_back(plan: LinePlan, scene: Scene, line: Line) -> None:
    """What is back is free at that minute. What is not stays out, as a line of its own; what is used up never comes."""
    out = line.units_out or line.units
    line.units_back = _some(plan, out, least=1)
    line.condition_back = plan.condition
    line.returned_at = _happened(plan, scene, since=line.handed_over_at)
    told: dict[str, Any] = {}
    if line.units_back < out and plan.resource.kind != "giveaway":
        rest = keep_rest(scene, line, out - line.units_back)
        told = {"units": line.units_back, "units_out": out, "rest": str(rest.uid)}
    scene.end_claims(line, line.returned_at)
    scene.move(line, "give_back", LineState.RETURNED, **told)


def _happened(plan: LinePlan, scene: Scene, *, since: datetime | None = None) -> datetime:
    """When it was done: now, or when somebody noted it who had no network. Raises `Invalid`."""
    at = plan.happened_at
    if at is None:
        return scene.now
    earliest = scene.now - NOTED_WITHIN
    if since is not None:
        earliest = max(earliest, since)
    if not earliest <= at <= scene.now + CLOCKS_DIFFER:
        raise Invalid({"happened_at": _("That time cannot be right: give when it was done.")})
    return min(at, scene.now)


def _some(plan: LinePlan, most: int, *, least: int = 0) -> int:
    units = most if plan.units is None else plan.units
    if not least <= units <= most:
        limits = {"least": least, "most": most}
        raise Invalid({"units": _("Between %(least)s and %(most)s.") % limits})
    return units


def _overdue(plan: LinePlan, scene: Scene, line: Line) -> None:
    if line.use_ends_at > scene.now:
        raise Conflict(_("It is not due back yet."))
    scene.move(line, "overdue", LineState.OVERDUE)


def _lost(plan: LinePlan, scene: Scene, line: Line) -> None:
    line.units_back = 0 if plan.units is None else _some(plan, line.units_out or line.units)
    scene.end_claims(line, scene.now)
    scene.move(line, "lost", LineState.LOST)
    missing = (line.units_out or line.units) - line.units_back
    block_lost(scene, plan.resource, units=missing, by=plan.actor, now=scene.now)


def _not_used(plan: LinePlan, scene: Scene, line: Line) -> None:
    if line.use_starts_at > scene.now:
        raise Conflict(_("It has not begun yet."))
    if plan.resource.kind == "giveaway":  # not fetched, not used up
        scene.release(line)
    scene.end_claims(line, scene.now)
    scene.move(line, "not_used", LineState.NOT_USED)


def _complain(plan: LinePlan, scene: Scene, line: Line) -> None:
    open_case(scene, line, by=plan.actor, kind=plan.kind, words=plan.reason)


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
