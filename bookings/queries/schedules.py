"""Files that a house brought in, what is known of their rows already, and what a house's timetable holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from bookings.models import Booking, Line, ScheduleImport, ScheduleRow, ScheduleRowState
from bookings.sheets.columns import plain
from bookings.spans import Span
from bookings.states import CLAIMING, UNDONE_WITHIN, BookingState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from cooperative.institutions.models import Institution, InstitutionName
from sharing.models import Resource, ResourceText

DECIDED = (ScheduleRowState.STORED, ScheduleRowState.KNOWN, ScheduleRowState.LEFT_OUT)
MOST_IMPORTS = 50
_UID_LENGTH = 36


def schedules_of(viewer: Viewer, house: int) -> QuerySet[ScheduleImport]:
    """The latest files of a house for its keepers, with how many rows each has and how many wait (`waiting`)."""
    rows = ScheduleImport.objects.filter(institution=house) if viewer.may("keeper", house) else None
    if rows is None:
        return ScheduleImport.objects.none()
    waits = Q(rows__state__in=["ready", "changed", "clash", "wrong"])
    counted = rows.annotate(total=Count("rows"), waiting=Count("rows", filter=waits))
    return counted.select_related("made_by").order_by("-id")[:MOST_IMPORTS]


def schedule_for(viewer: Viewer, uid: UUID, *, lock: bool = False) -> ScheduleImport:
    """One file, for keepers of its house; locked within the caller's transaction with `lock`. Raises `NotFound`."""
    rows = ScheduleImport.objects.select_related("institution")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(uid=uid).first()
    if found is None or not viewer.may("keeper", found.institution_id):
        raise NotFound
    return found


def things_by_name(viewer: Viewer, house: int) -> dict[str, str]:
    """What a house calls its bookable things, in any language, as `plain` has it: {name: public id}.

    A name of two things is none.
    """
    own = Resource.objects.visible_to(viewer).filter(owner=house).exclude(state="withdrawn")
    found: dict[str, set[str]] = {}
    titles = ResourceText.objects.visible_to(SYSTEM).filter(resource__in=own.values("pk"))
    for title, uid in titles.values_list("title", "resource__uid"):
        found.setdefault(plain(title), set()).add(str(uid))
    return {name: next(iter(uids)) for name, uids in found.items() if len(uids) == 1}


@dataclass(frozen=True, slots=True)
class Members:
    """Active members by name (also one that they bore before) and by e-mail address."""

    by_name: Mapping[str, int]
    by_email: Mapping[str, int]

    def find(self, name: str, email: str) -> int | None:
        return self.by_email.get(email.strip().casefold()) or self.by_name.get(plain(name))


def members() -> Members:
    """Two statements. A name of two members is nobody's."""
    names: dict[str, set[int]] = {}
    emails: dict[str, set[int]] = {}
    rows = Institution.objects.filter(state="active")
    for pk, *texts, contact, office in rows.values_list(
        "pk", "name", "short_name", "contact_email", "office_email"
    ):
        for name in filter(None, texts):
            names.setdefault(plain(name), set()).add(pk)
        for address in filter(None, (contact, office)):
            emails.setdefault(address.casefold(), set()).add(pk)
    former = InstitutionName.objects.filter(institution__state="active")
    for pk, name in former.values_list("institution", "name"):
        names.setdefault(plain(name), set()).add(pk)
    return Members(_certain(names), _certain(emails))


def _certain(found: Mapping[str, set[int]]) -> dict[str, int]:
    return {name: next(iter(several)) for name, several in found.items() if len(several) == 1}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of rows by their id: the latest row of an earlier file that was decided, and what is booked."""

    rows: Mapping[str, ScheduleRow] = field(default_factory=dict)
    bookings: Mapping[str, Booking] = field(default_factory=dict)
    exported: Mapping[str, Booking] = field(default_factory=dict)
    """By the public id of a line or series, as our own files have it."""
    undone: frozenset[int] = frozenset()
    """Bookings (database ids) that were taken back within the hour of being written in: a slip, no calling off."""


def called_off(booking: Booking | None) -> bool:
    """Whether nothing of it is booked any more: its row can be brought in again."""
    return booking is not None and booking.state == BookingState.CANCELLED


def known_of(schedule: ScheduleImport, ids: Collection[str]) -> Known:
    """Four statements, however many rows; five where something was called off."""
    if not ids:
        return Known()
    house = schedule.institution_id
    earlier = (
        ScheduleRow.objects.filter(
            schedule__institution=house,
            schedule__source=schedule.source,
            external_id__in=ids,
            state__in=DECIDED,
        )
        .exclude(schedule=schedule)
        .select_related("schedule", "booking")
        .order_by("id")
    )
    bookings = Booking.objects.visible_to(SYSTEM).filter(
        entered_for=house, external_source=schedule.source, external_id__in=ids
    )
    ours = {text: uid for text in ids if (uid := _uid(text)) is not None}
    exported: dict[str, Booking] = {}
    if ours:
        lines = Line.objects.visible_to(SYSTEM).filter(lender=house).select_related("booking")
        wanted = Q(uid__in=ours.values()) | Q(series__uid__in=ours.values())
        by_uid: dict[UUID, Booking] = {}
        for line in lines.filter(wanted).select_related("series"):
            by_uid[line.uid] = line.booking
            if line.series is not None:
                by_uid[line.series.uid] = line.booking
        exported = {text: by_uid[uid] for text, uid in ours.items() if uid in by_uid}
    rows = {row.external_id: row for row in earlier}
    booked = {booking.external_id: booking for booking in bookings}
    there = [*(row.booking for row in rows.values()), *booked.values()]
    return Known(rows, booked, exported, _undone(one for one in there if one is not None))


def _undone(bookings: Iterable[Booking]) -> frozenset[int]:
    off = {one.pk: one.created_at for one in bookings if called_off(one)}
    if not off:
        return frozenset()
    last = Line.objects.visible_to(SYSTEM).filter(booking__in=off).order_by()
    ended = last.values_list("booking").annotate(at=Max("state_since"))
    return frozenset(pk for pk, at in ended if at - off[pk] <= UNDONE_WITHIN)


def _uid(text: str) -> UUID | None:
    """The public id that an id of our own files begins with; in a calendar a host follows it."""
    try:
        return UUID(text[:_UID_LENGTH])
    except ValueError:
        return None


def gone_from(schedule: ScheduleImport, window: Span, ids: Collection[str]) -> list[Line]:
    """What came from the same sheet before, lies in its time and stands in it no longer; the first line of each."""
    lines = (
        Line.objects.visible_to(SYSTEM)
        .filter(
            lender=schedule.institution_id,
            booking__entered_for=schedule.institution_id,
            booking__external_source=schedule.source,
            use_starts_at__lt=window.end,
            use_ends_at__gt=window.start,
            state__in=CLAIMING,
        )
        .exclude(booking__external_id__in=ids)
        .select_related("booking", "booking__borrower")
        .order_by("use_starts_at", "id")
    )
    first: dict[int, Line] = {}
    for line in lines:
        first.setdefault(line.booking_id, line)
    return list(first.values())


def timetable_of(viewer: Viewer, house: int, window: Span) -> list[Line]:
    """Everything booked of a house's things in `window`, in order of time, for its keepers. Raises `NotFound`."""
    if not viewer.may("keeper", house):
        raise NotFound
    rows = Line.objects.visible_to(viewer).filter(
        lender=house,
        state__in=CLAIMING,
        use_starts_at__lt=window.end,
        use_ends_at__gt=window.start,
    )
    return list(
        rows.select_related("booking", "booking__borrower", "series", "resource").order_by(
            "use_starts_at", "id"
        )
    )


def latest_mapping(house: int, *, source: str) -> ScheduleImport | None:
    """The last file of the house with the same headings that got as far as being looked over."""
    rows = ScheduleImport.objects.filter(institution=house, source=source)
    return rows.exclude(state="mapping").order_by("-id").first()


def names_told(house: int) -> dict[str, str]:
    """What the house said before that names in its sheets mean; the latest word counts."""
    found: dict[str, str] = {}
    told = ScheduleImport.objects.filter(institution=house).order_by("-id")[:MOST_IMPORTS]
    for names in reversed(list(told.values_list("names", flat=True))):
        found |= names
    return found


def rows_of(schedule: ScheduleImport, states: Iterable[str] | None = None) -> list[ScheduleRow]:
    rows = schedule.rows.select_related("booking", "booking__borrower").order_by("number")
    return list(rows if states is None else rows.filter(state__in=list(states)))
