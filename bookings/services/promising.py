"""How a line comes to hold time for good: confirmed, or accepted while the rest of its booking is not answered."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from bookings.answers import freeze_fee, terms_fee
from bookings.facts.ask import Ask
from bookings.facts.resource import ResourceFacts
from bookings.models import Booking, Line
from bookings.spans import Span
from bookings.states import FIRM, LineState
from cooperative.errors import Conflict

from .judging.until import accepted_until
from .pending import counted
from .scene import Scene


def promise(
    scene: Scene, line: Line, ask: Ask, action: str, facts: Mapping[int, ResourceFacts]
) -> None:
    """Claim what `ask` takes for `line` and move it by `action`; `facts` are those of the booking's things, by id."""
    booking = line.booking
    others = [
        one
        for one in counted(scene.lines_of(booking))
        if one is not line and one.state != LineState.WITHDRAWN and not _together(line, one)
    ]
    if not line.fee_kind:  # agreed on a proposal: as the terms have it
        freeze_fee(line, terms_fee(line))
    if not ask.demands:
        raise Conflict(_("There is nothing to book here any more."))
    if not booking.all_or_nothing or all(one.state in FIRM for one in others):
        line.expires_at = None
        scene.claim(line, ask.demands, None)
        scene.move(line, action, LineState.CONFIRMED)
        return
    until = accepted_until(ask.resource, ask.use, now=scene.now, since=scene.now)
    if until <= scene.now:
        raise Conflict(_("It has begun already, and the rest of the request is not complete."))
    scene.claim(line, ask.demands, until)
    line.expires_at = until
    scene.move(line, action, LineState.ACCEPTED)
    _prolong(scene, booking, line, facts)


def _together(line: Line, other: Line) -> bool:
    """Whether `other` is answered with `line`: what it brought, or what brought it and was answered just now."""
    if other.brought_by_id is not None and other.brought_by_id == line.pk:
        return True
    answered = other.state == LineState.ACCEPTED or other.state in FIRM
    return other.pk is not None and other.pk == line.brought_by_id and answered


def _prolong(
    scene: Scene, booking: Booking, answered: Line, facts: Mapping[int, ResourceFacts]
) -> None:
    """An answer gives the other acceptances of the booking 3 working days more."""
    for other in scene.lines_of(booking):
        if other.state == LineState.ACCEPTED and other is not answered and other.expires_at:
            known = facts.get(other.resource_id)
            if known is not None and other.decided_at is not None:
                until = accepted_until(
                    known,
                    Span(other.use_starts_at, other.use_ends_at),
                    now=scene.now,
                    since=other.decided_at,
                )
                if until > other.expires_at:
                    scene.expire_claims_at(other, until)
