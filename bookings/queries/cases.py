"""Cases as people look at them: lists, one whole, what waits for moderators; warnings and pauses in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from bookings.case_steps import ANSWERED, BROUGHT, GO_ON_WITHIN, OPEN, UNDER_WAY
from bookings.models import (
    Attachment,
    BookingMessage,
    Case,
    Line,
    Moment,
    Objection,
    Sanction,
    SanctionKind,
)
from bookings.querysets import CaseQuerySet
from bookings.states import LineState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from cooperative.events.models import Event
from cooperative.membership.models import CooperativeRole, Membership

from .attachments import files_of


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with what belongs to it. `messages` and `events` are those of its two sides about its line, for
    moderators to whom it was brought; the sides have them in their booking. `readings`: when moderators opened it."""

    case: Case
    objections: tuple[Objection, ...]
    sanctions: tuple[Sanction, ...]
    readings: tuple[datetime, ...]
    other_moderators: bool
    files: tuple[Attachment, ...] = ()
    messages: tuple[BookingMessage, ...] = ()
    events: tuple[Event, ...] = ()
    sent: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)
    """Files of `messages`, by message id."""
    handed: tuple[Attachment, ...] = ()
    """Of the hand-overs of its line, and of the loan that it is a rest of: for moderators, as `messages`."""


def _with_sides(rows: CaseQuerySet) -> CaseQuerySet:
    return rows.select_related(
        "line",
        "line__lender",
        "line__resource",
        "line__booking",
        "line__booking__borrower",
        "line__booking__person",
        "lender",
        "borrower",
        "opened_for",
        "outcome_for",
    )


def cases_of(
    *, viewer: Viewer, houses: Iterable[int], role: str | None = None, state: str | None = None
) -> CaseQuerySet:
    """Cases of what `houses` borrow or lend (`role`, None = either), the newest first."""
    mine = list(houses)
    borrowed, lent = Q(borrower__in=mine), Q(lender__in=mine)
    rows = _with_sides(Case.objects.visible_to(viewer))
    rows = rows.filter({"borrower": borrowed, "lender": lent}.get(role or "", borrowed | lent))
    rows = rows.filter(state=state) if state else rows
    return rows.order_by("-pk")


def cases_on_desk(viewer: Viewer) -> CaseQuerySet:
    """What waits for the moderators' word, the longest first: decisions, and answers to objections.

    What an institution of the viewer is a side of is left to the others.
    """
    if not viewer.moderator:
        return Case.objects.visible_to(viewer).none()
    mine = list(viewer.institutions)
    open_objection = Objection.objects.filter(case=OuterRef("pk"), answered_at__isnull=True)
    return (
        _with_sides(Case.objects.on_desk_of(viewer))
        .filter(Q(state=BROUGHT) | Q(Exists(open_objection)), brought_at__isnull=False)
        .exclude(Q(lender__in=mine) | Q(borrower__in=mine, borrower__isnull=False))
        .order_by("brought_at", "pk")
    )


def case_for(*, viewer: Viewer, uid: UUID) -> Case:
    """One case with its line and sides. Raises `NotFound`."""
    found = _with_sides(Case.objects.on_desk_of(viewer)).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def case_file(case: Case, *, viewer: Viewer, moderates: bool) -> CaseFile:
    """All that belongs to a case; with `moderates` also the story and the conversation of its two sides, no other."""
    about = Event.objects.filter(subject_kind="booking", subject_uid=case.line.booking.uid)
    read = about.filter(verb="case.read", data__case=str(case.uid)).order_by("id")
    messages: list[BookingMessage] = []
    events: list[Event] = []
    if moderates:
        between = Q(lender=case.lender_id) | Q(lender__isnull=True, author_for=case.borrower_id)
        messages = list(
            BookingMessage.objects.visible_to(SYSTEM)
            .filter(between, booking=case.line.booking_id)
            .select_related("author", "author_for", "lender")
            .in_order()
        )
        named = Q(data__lines__contains=[{"line": str(case.line.uid)}])
        told = about.filter(named, parties__institution=case.lender_id)
        events = list(told.distinct().select_related("actor", "acting_for").order_by("id"))
    return CaseFile(
        case,
        tuple(Objection.objects.filter(case=case).select_related("institution").order_by("pk")),
        tuple(Sanction.objects.filter(case=case).order_by("pk")),
        tuple(read.values_list("at", flat=True)),
        other_moderators(case, now=viewer.now),
        tuple(
            Attachment.objects.on_desk_of(viewer)
            .filter(case=case)
            .select_related("added_for")
            .order_by("pk")
        ),
        tuple(messages),
        tuple(events),
        files_of("message", [one.pk for one in messages], viewer=viewer),
        _of_hand_overs(case, viewer) if moderates else (),
    )


def _of_hand_overs(case: Case, viewer: Viewer) -> tuple[Attachment, ...]:
    ids = [one for one in (case.line_id, case.line.rest_of_id) if one is not None]
    found = files_of("line", ids, viewer=viewer)
    return tuple(sorted((file for some in found.values() for file in some), key=_when_handed))


def _when_handed(one: Attachment) -> tuple[bool, int]:
    return one.moment != Moment.OUT, one.pk


def objections_of(cases: Collection[Case]) -> dict[int, list[Objection]]:
    """By case id. One statement, none for no cases."""
    found: dict[int, list[Objection]] = {}
    if cases:
        for one in Objection.objects.filter(case__in=[case.pk for case in cases]).order_by("pk"):
            found.setdefault(one.case_id, []).append(one)
    return found


def cases_of_lines(lines: Iterable[Line], *, viewer: Viewer) -> dict[int, Case]:
    """The latest case of each line, by its id. One statement, none where none of them can have one."""
    once = [line.pk for line in lines if line.state in {LineState.DISPUTED, LineState.CLOSED}]
    if not once:
        return {}
    rows = Case.objects.visible_to(viewer).filter(line__in=once).order_by("pk")
    return {case.line_id: case for case in rows}


def other_moderators(case: Case, *, now: datetime) -> bool:
    """Whether somebody who did not decide a case, and is on neither side of it, could answer an objection."""
    if case.decided_by_id is None:
        return True
    at_home = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=now),
        person=OuterRef("person"),
        institution__in=[house for house in (case.lender_id, case.borrower_id) if house],
    )
    roles = CooperativeRole.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=now), granted_at__lte=now, person__is_active=True
    )
    return roles.exclude(person=case.decided_by_id).filter(~Exists(at_home)).exists()


# --- what follows ---------------------------------------------------------------------------------
def sanctions_in_force(houses: Collection[int], *, now: datetime) -> dict[int, list[Sanction]]:
    """Warnings and pauses of institutions at `now`, by institution. One statement, none for no houses."""
    found: dict[int, list[Sanction]] = {}
    if houses:
        rows = Sanction.objects.filter(
            institution__in=list(houses),
            lifted_at__isnull=True,
            starts_at__lte=now,
            ends_at__gt=now,
        )
        for row in rows.order_by("ends_at", "pk"):
            found.setdefault(row.institution_id, []).append(row)
    return found


def warned_until(houses: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """Until when institutions have a warning: all that others are told of it."""
    return _longest(houses, SanctionKind.WARNING, now=now)


def _longest(houses: Collection[int], kind: SanctionKind, *, now: datetime) -> dict[int, datetime]:
    return {
        house: max(row.ends_at for row in rows)
        for house, all_rows in sanctions_in_force(houses, now=now).items()
        if (rows := [row for row in all_rows if row.kind == kind])
    }


def asking_paused_until(house: int | None, *, now: datetime) -> datetime | None:
    """Until when an institution may ask for nothing of others; None = it may."""
    return paused_until([house] if house is not None else [], now=now).get(house or 0)


def paused_until(houses: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """The same of several, of those that are paused. One statement, none for no houses."""
    return _longest(houses, SanctionKind.PAUSE, now=now)


# --- the clock ------------------------------------------------------------------------------------
def unanswered(*, now: datetime) -> CaseQuerySet:
    """Cases whose five days are over without a word, and of which that was not told yet."""
    told = Event.objects.annotate(case=KeyTextTransform("case", "data")).filter(
        subject_uid=OuterRef("line__booking__uid"),
        verb="case.unanswered",
        case=Cast(OuterRef("uid"), TextField()),
    )
    return (
        Case.objects.visible_to(SYSTEM)
        .filter(state=OPEN, answer_due_at__lte=now, borrower__isnull=False)
        .filter(~Exists(told))
        .select_related("line")
        .order_by("answer_due_at", "pk")
    )


def run_down(*, now: datetime) -> CaseQuerySet:
    """Cases with which nobody went on for fourteen days."""
    since = now - GO_ON_WITHIN
    rows = Case.objects.visible_to(SYSTEM).filter(
        state__in=[OPEN, ANSWERED], answer_due_at__lte=since
    )
    for at in ("answered_at", "settled_by_lender_at", "settled_by_borrower_at"):
        rows = rows.filter(Q(**{f"{at}__isnull": True}) | Q(**{f"{at}__lte": since}))
    return rows.select_related("line").order_by("answer_due_at", "pk")


def under_way(viewer: Viewer, house: int) -> int:
    """How many cases of an institution are not over."""
    rows = Case.objects.visible_to(viewer).filter(state__in=UNDER_WAY)
    return rows.filter(Q(lender=house) | Q(borrower=house)).count()
