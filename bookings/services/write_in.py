"""Writing in what came by phone: a booking made by the owner's keeper, confirmed at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.facts import Ask
from bookings.models import Booking, Line
from bookings.permissions import may_write_in
from bookings.reasons import Reason
from bookings.spans import Span
from bookings.states import LineState
from bookings.wishes import DESCRIPTION, BookingWish, is_storable, validate
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, Invalid

from .commit import DoesNotFit, commit, with_fresh_facts
from .judging import answer_all, bring_along, capacities_of, hull, load_asks
from .months import begin_months
from .request import fill_line
from .scene import Scene, StaleFacts


@dataclass
class WriteInPlan:
    """Confirm `wish` for an outside party, or for the institution `borrower`."""

    wish: BookingWish
    asks: list[Ask]
    by: Viewer
    borrower: int | None
    outside_name: str = ""
    outside_phone: str = ""
    outside_email: str = ""

    @property
    def capacities(self) -> Collection[int]:
        return capacities_of(self.asks)

    @property
    def bookings(self) -> Collection[int]:
        return ()

    @property
    def window(self) -> Span:
        return hull(self.asks)

    def decide(self, scene: Scene) -> Booking:
        asks = [replace(ask, resource=scene.as_locked(ask.resource)) for ask in self.asks]
        answers = answer_all(
            self.wish,
            asks,
            scene.taken(self.capacities),
            verb="write_in",
        )
        reasons = [reason for answer in answers for reason in answer.reasons]
        if reasons:
            raise BookingRefused(reasons)
        booking = Booking(
            borrower_id=self.borrower,
            outside_name=self.outside_name,
            outside_phone=self.outside_phone,
            outside_email=self.outside_email,
            all_or_nothing=self.wish.all_or_nothing,
            created_at=scene.now,
            sent_at=scene.now,
            **{name: getattr(self.wish, name) for name in DESCRIPTION},
        )
        lines: dict[int, Line] = {}
        for answer in answers:
            if answer.left_out:
                continue
            line = Line(booking=booking, position=answer.index, resource_id=answer.ask.resource.id)
            if answer.wish.brought_by is not None:
                line.brought_by = lines[answer.wish.brought_by]
            fill_line(line, answer)
            line.sent_at = line.decided_at = scene.now
            line.decided_by_id = self.by.person
            scene.move(line, "write_in", LineState.CONFIRMED)
            scene.claim(line, answer.ask.demands, None)
            lines[answer.index] = line
        scene.create(booking, list(lines.values()))
        return booking


def write_in(
    *,
    by: Viewer,
    lender: int,
    wish: BookingWish,
    outside_name: str = "",
    outside_phone: str = "",
    outside_email: str = "",
    borrower: int | None = None,
    quiet: bool = False,
) -> Booking:
    """Store a booking of the owner's own things that was agreed elsewhere, also one that lies in the past.

    Either an outside party by name, or a member `borrower` (database id; the owner itself where people, papers or a
    hand-over belong to its own use). Raises `Invalid`, `Forbidden`, `UnknownResource`, `BookingRefused`.
    """
    if not may_write_in(by, lender):
        raise Forbidden
    if borrower is None and not outside_name.strip():
        raise Invalid({"outside_name": _("Say who it is for.")})
    for name, text, longest in (
        ("outside_name", outside_name, 200),
        ("outside_phone", outside_phone, 40),
        ("outside_email", outside_email, 254),
    ):
        if len(text) > longest:
            raise Invalid({name: _("This text is too long.")})
        if not is_storable(text):
            raise Invalid({name: _("This text has a forbidden character.")})
    if outside_email.strip():
        try:
            validate_email(outside_email.strip())
        except ValidationError:
            raise Invalid({"outside_email": _("Give an e-mail address.")}) from None
    validate(wish)
    outside = (outside_name.strip(), outside_phone.strip(), outside_email.strip())

    def store() -> Booking:
        asked = load_asks(wish, by=by, borrower=borrower, borrower_state="active")
        if any(ask.resource.owner != lender for ask in asked):
            raise Forbidden(_("Only what is yours can be written in."))
        whole, asks = bring_along(wish, asked, by=by)
        if begin_months(demand for ask in asks for demand in ask.demands):
            raise StaleFacts
        plan = WriteInPlan(whole, asks, by, borrower, *outside)
        return commit(plan, now=by.now, by=by, quiet=quiet)

    try:
        return with_fresh_facts(store)
    except DoesNotFit:
        raise BookingRefused([Reason("taken", "fact", _("It is taken at that time."))]) from None
