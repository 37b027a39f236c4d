"""Bookings as people look at them: one whole, lists by side and state, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q

from bookings.models import Attachment, Booking, BookingMessage, Line
from bookings.queries.attachments import files_of
from bookings.querysets import BookingQuerySet, LineQuerySet
from bookings.spans import Span
from bookings.states import PRICED, UNANSWERED, WAITING, BookingState, LineState
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from sharing.models.terms import FeeKind

Side = Literal["borrower", "lender"]
S = LineState
SETTLING = (S.TO_SETTLE, S.DISPUTED)
OUT = (S.HANDED_OVER, S.OVERDUE)
SEEN_LINES = "seen_lines"  # where a prefetched booking carries the lines of this side

GROUPS: dict[str, tuple[str, ...]] = {
    "open": (BookingState.OPEN, BookingState.PARTLY_CONFIRMED),
    "confirmed": (BookingState.CONFIRMED,),
    "over": (
        BookingState.CLOSED,
        BookingState.DECLINED,
        BookingState.WITHDRAWN,
        BookingState.EXPIRED,
        BookingState.CANCELLED,
    ),
}
"""Booking states as a list shows them; drafts are under *My request*."""


@dataclass(frozen=True, slots=True)
class NavCounts:
    in_my_request: int = 0
    to_answer: int = 0


@dataclass(frozen=True, slots=True)
class WholeBooking:
    """A booking with the lines and messages that the viewer may read, in order; `files` by the id of their message,
    `photos` of its hand-overs by line id."""

    booking: Booking
    lines: tuple[Line, ...]
    messages: tuple[BookingMessage, ...]
    files: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)
    photos: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BookingsPage:
    """`lines` by booking id; `next_offset` None at the end."""

    bookings: tuple[Booking, ...]
    lines: dict[int, list[Line]]
    next_offset: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an institution, each list in order of time. Lines come with booking and both sides."""

    to_answer: tuple[Line, ...]
    mine: tuple[Line, ...]
    settling: tuple[Line, ...]
    out_and_back: tuple[Line, ...]
    coming: tuple[Line, ...]


def _with_sides(lines: LineQuerySet) -> LineQuerySet:
    return lines.select_related(
        "booking", "booking__borrower", "booking__person", "lender", "resource"
    )


def nav_counts(*, viewer: Viewer, keeper: bool) -> NavCounts:
    """Things in my request, and what waits for my house: for its answer, or for what it costs. One statement."""
    if viewer.acting_for is None:
        return NavCounts()
    mine = Q(booking__person=viewer.person, borrower=viewer.acting_for, state=S.DRAFT)
    to_say = Q(state__in=UNANSWERED) | Q(state__in=PRICED, fee_kind=FeeKind.TO_BE_AGREED)
    asked = Q(to_say, lender=viewer.acting_for) if keeper else Q(pk__in=[])
    found = Line.objects.visible_to(viewer).aggregate(
        mine=Count("pk", filter=mine), asked=Count("booking", filter=asked, distinct=True)
    )
    return NavCounts(found["mine"], found["asked"])


def booking_for(*, viewer: Viewer, uid: UUID) -> WholeBooking:
    """One booking as the viewer may read it, with what was asked before there was one. Raises `NotFound`.

    Five statements at most.
    """
    booking = (
        Booking.objects.visible_to(viewer)
        .select_related("borrower", "person", "entered_by")
        .filter(uid=uid)
        .first()
    )
    if booking is None:
        raise NotFound
    lines = list(
        Line.objects.visible_to(viewer)
        .filter(booking=booking)
        .select_related("lender", "resource", "decided_by", "session", "hit_by")
        .order_by("position", "pk")
    )
    for line in lines:
        line.booking = booking
    messages = (
        BookingMessage.objects.visible_to(viewer)
        .filter(Q(booking=booking) | Q(enquiry__booking=booking))
        .select_related("author", "author_for", "lender")
        .in_order()
    )
    said = tuple(messages)
    files = files_of("message", [one.pk for one in said], viewer=viewer)
    handed = [line.pk for line in lines if line.handed_over_at is not None]
    return WholeBooking(booking, tuple(lines), said, files, files_of("line", handed, viewer=viewer))


def line_for(*, viewer: Viewer, uid: UUID) -> Line:
    """One line with its booking and sides, as `act` would find it. Raises `NotFound`."""
    found = _with_sides(Line.objects.on_desk_of(viewer)).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _of_side(viewer: Viewer, institution: int, side: Side) -> BookingQuerySet:
    bookings = Booking.objects.visible_to(viewer)
    if side == "borrower":
        return bookings.filter(borrower=institution).exclude(state=BookingState.DRAFT)
    lent = Line.objects.visible_to(viewer).filter(booking=OuterRef("pk"), lender=institution)
    return bookings.filter(Exists(lent))


def group_counts(*, viewer: Viewer, institution: int, side: Side) -> dict[str, int]:
    """How many bookings are in each of `GROUPS`. One statement."""
    return _of_side(viewer, institution, side).aggregate(
        **{name: Count("pk", filter=Q(state__in=states)) for name, states in GROUPS.items()}
    )


def bookings_of(
    *,
    viewer: Viewer,
    institution: int,
    side: Side,
    group: str,
    offset: int = 0,
    limit: int = 20,
) -> BookingsPage:
    """Bookings of one side in one of `GROUPS`: what is to come by its day, what is over latest first.

    A lender's page has only its own lines. Two statements.
    """
    lines = Line.objects.visible_to(viewer).select_related("lender").order_by("position", "pk")
    when = Q(lines__lender=institution) if side == "lender" else Q()
    if side == "lender":
        lines = lines.filter(lender=institution)
    bookings = (
        _of_side(viewer, institution, side)
        .filter(state__in=GROUPS[group])
        .annotate(
            first=Min("lines__use_starts_at", filter=when or None),
            last=Max("lines__use_ends_at", filter=when or None),
        )
        .select_related("borrower", "person", "entered_by")
        .prefetch_related(Prefetch("lines", queryset=lines, to_attr=SEEN_LINES))
        .order_by("-last" if group == "over" else "first", "pk")
    )
    rows = list(bookings[offset : offset + limit + 1])
    more = offset + limit if len(rows) > limit else None
    shown = rows[:limit]
    return BookingsPage(tuple(shown), {row.pk: getattr(row, SEEN_LINES) for row in shown}, more)


def waiting_for(
    *, viewer: Viewer, institution: int, today: Span, keeper: bool, most: int = 50
) -> Waiting:
    """What an institution's desk shows. `today` is its local day. At most five statements."""
    lines = _with_sides(Line.objects.visible_to(viewer)).order_by("use_starts_at", "pk")
    borrowed = Q(borrower=institution)
    lent = Q(lender=institution) if keeper else Q(pk__in=[])
    side = borrowed | lent
    starts, ends = today.start, today.end
    today_out = Q(state=S.CONFIRMED, use_starts_at__gte=starts, use_starts_at__lt=ends)
    today_back = Q(state__in=OUT, use_ends_at__lt=ends)
    return Waiting(
        to_answer=_first(lines.filter(lent, state__in=UNANSWERED), most) if keeper else (),
        mine=_first(lines.filter(borrowed, state__in=WAITING), most),
        settling=_first(lines.filter(side, state__in=SETTLING), most),
        out_and_back=_first(lines.filter(side).filter(today_out | today_back), most),
        coming=_first(
            lines.filter(borrowed, state=S.CONFIRMED, use_starts_at__gte=ends), min(most, 5)
        ),
    )


def _first(lines: LineQuerySet, most: int) -> tuple[Line, ...]:
    return tuple(lines[:most])


def answered_since(
    *, viewer: Viewer, institution: int, since: datetime, most: int = 5
) -> Sequence[Line]:
    """Lines of the institution's own requests that were answered since, latest first. One statement."""
    states: Iterable[str] = (S.CONFIRMED, S.DECLINED, S.EXPIRED, S.CANCELLED)
    return list(
        _with_sides(Line.objects.visible_to(viewer))
        .filter(borrower=institution, state__in=states, state_since__gte=since)
        .order_by("-state_since", "-pk")[:most]
    )


def first_draft_line(*, viewer: Viewer) -> Line | None:
    """The first thing in my request, for its dates. One statement, none for who acts for nobody."""
    if viewer.person is None or viewer.acting_for is None:
        return None
    mine = Line.objects.visible_to(viewer).filter(
        booking__person=viewer.person, borrower=viewer.acting_for, state=S.DRAFT
    )
    return mine.order_by("position", "pk").first()


def my_request(*, viewer: Viewer) -> WholeBooking | None:
    """The request that is being put together, with its lines in order; None where there is none. Two statements."""
    if viewer.person is None or viewer.acting_for is None:
        return None
    booking = (
        Booking.objects.visible_to(viewer)
        .filter(person=viewer.person, borrower=viewer.acting_for, state=BookingState.DRAFT)
        .order_by("-pk")
        .first()
    )
    if booking is None:
        return None
    lines = tuple(
        Line.objects.visible_to(viewer)
        .filter(booking=booking)
        .select_related("lender", "resource")
        .order_by("position", "pk")
    )
    return WholeBooking(booking, lines, ()) if lines else None
