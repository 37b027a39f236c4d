"""What was understood of a typed line, whether it can be, who has the time, and what else could be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import Block, Line
from bookings.opening import Fetching
from bookings.queries.keeping import Causes
from bookings.reasons import Alternative
from bookings.recurrence import sentence
from bookings.services.write_in import Looked
from bookings.spans import Span
from bookings.typed import Doubt, TypedBooking
from bookings.why import why
from bookings.wishes import BookingWish
from frontend.components import ReasonItem
from frontend.forms.write_in import OF_THE_DESK
from frontend.presenters.asking import fetching_words
from frontend.presenters.lines import block_title, booking_title, when, who
from frontend.presenters.moments import span_label
from frontend.presenters.reader import Reader
from frontend.presenters.refusal import reason_items
from frontend.presenters.repeating import DatesPreview, dates_preview
from frontend.presenters.texts import pieces, title_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A button that fills the form otherwise: `value` are the fields as an address writes them."""

    label: str
    value: str
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """What may be meant in several ways, with a button for each."""

    words: str
    choices: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who has the time: what, who and when, and where that is looked at."""

    words: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteInAnswer:
    """Whether it can be written in. `missing` names what has to be said first; nothing else is there then."""

    missing: tuple[str, ...] = ()
    free: bool = False
    when: str = ""
    past: bool = False
    reasons: tuple[ReasonItem, ...] = ()
    in_way: tuple[Standing, ...] = ()
    options: tuple[Change, ...] = ()
    dates: DatesPreview | None = None
    fetching: Change | None = None
    """By the hours of the desk, for an event that lies outside them."""


def unsure(
    read: TypedBooking, *, things: Mapping[str, str], members: Mapping[str, str]
) -> tuple[Unsure, ...]:
    """Everything that the line may mean in another way; `things` and `members` are names by key."""
    return tuple(_unsure(doubt, things, members) for doubt in read.doubts)


def _unsure(doubt: Doubt, things: Mapping[str, str], members: Mapping[str, str]) -> Unsure:
    said = {
        "weekday_differs": _("“%(text)s” is another day than the date. The date counts."),
        "day_or_hour": _("“%(text)s” is read as days; it could be hours."),
        "which_hours": _("“%(text)s” could be hours too."),
        "no_end": _("Until when, after “%(text)s”?"),
        "which_week": _("“%(text)s” is read as that day of next week."),
        "no_repeat_end": _("“%(text)s”: until when, or how many times?"),
        "which_thing": _("Which one is “%(text)s”?"),
        "which_member": _("Is “%(text)s” a member?"),
    }[doubt.code]
    choices: list[Change] = []
    for key in doubt.choices:
        if key in things:
            choices.append(Change(label=things[key], value=urlencode({"thing-0": key})))
        elif key in members:
            fields = {"whom": "member", "member": members[key]}
            choices.append(Change(label=members[key], value=urlencode(fields)))
    return Unsure(words=said % {"text": doubt.text}, choices=tuple(choices))


def answer_of(
    looked: Looked,
    wish: BookingWish,
    *,
    reader: Reader,
    zone: ZoneInfo,
    typed: Mapping[str, str],
    desk: Fetching | None = None,
) -> WriteInAnswer:
    """The answer to a wish that says all it must."""
    check = looked.check
    dates = None
    if len(wish.series) == 1:
        whole = wish.series[0].repetition
        dates = dates_preview(check, whole, reader=reader, zone=zone, typed=typed)
    spans = [line.use for line in wish.lines]
    words = span_label(spans[0].start, spans[0].end, zone, now=reader.viewer.now) if spans else ""
    if len(wish.series) > 1:  # each of several things has all of these dates
        words = sentence(wish.series[0].repetition)
    return WriteInAnswer(
        free=check.possible,
        when=words,
        past=bool(spans) and spans[0].end <= reader.viewer.now,
        reasons=() if dates else reason_items(check.reasons, reader=reader, zone=zone, dated=True),
        in_way=_standing(looked.in_way, zone),
        options=tuple(_changes(looked.options, wish, reader=reader)),
        dates=dates,
        fetching=_at_the_desk(desk, zone=zone, reader=reader) if desk is not None else None,
    )


def _at_the_desk(desk: Fetching, *, zone: ZoneInfo, reader: Reader) -> Change | None:
    """To be taken with one tap, and moved after it."""
    words = fetching_words(desk.fetch, desk.back, zone=zone, reader=reader)
    if not words:
        return None
    fields: dict[str, str] = {}
    for name, at in (
        ("fetch", desk.use.start if desk.fetch else None),
        ("back", desk.use.end if desk.back else None),
    ):
        local = at.astimezone(zone) if at is not None else None
        fields[f"{name}_date"] = local.date().isoformat() if local is not None else ""
        fields[f"{name}_time"] = f"{local:%H:%M}" if local is not None else ""
    return Change(label=words, value=urlencode(fields))


def _standing(found: Causes, zone: ZoneInfo) -> tuple[Standing, ...]:
    rows: list[tuple[object, Standing]] = [
        (line.use_starts_at, _of_line(line)) for line in found.lines.values()
    ]
    rows += [(block.starts_at, _of_block(block, zone)) for block in found.blocks.values()]
    rows.sort(key=lambda row: str(row[0]))
    return tuple(row for _at, row in rows[:5])


def _of_line(line: Line) -> Standing:
    said = (booking_title(line.booking), who(line.booking), when(line))
    url = reverse("frontend:booking", args=[line.booking.uid])
    return Standing(words=" · ".join(dict.fromkeys(one for one in said if one)), url=url)


def _of_block(block: Block, zone: ZoneInfo) -> Standing:
    said = (block_title(block), span_label(block.starts_at, block.ends_at, zone))
    return Standing(words=" · ".join(said), url="")


def _changes(
    options: Iterable[Alternative], wish: BookingWish, *, reader: Reader
) -> Iterable[Change]:
    several = len(wish.lines) > 1
    for option in options:
        zone = ZoneInfo(option.zone)
        title = title_of(option.titles, reader.language)
        span = span_label(option.starts_at, option.ends_at, zone)
        place = option.line or 0
        if option.kind == "other_time":
            label, fields = span, _times(Span(option.starts_at, option.ends_at), zone)
            if any(line.use != line.event for line in wish.lines):
                fields |= dict.fromkeys(OF_THE_DESK, "")
            if several:
                label = f"{span} ({title})"
        elif option.kind == "fewer_units":
            label = _("%(pieces)s at the same time") % {"pieces": pieces(option.units)}
            fields = {f"units-{place}": str(option.units)}
        else:
            label, fields = title, {f"thing-{place}": str(option.resource)}
        more = why(option) if option.kind != "like_resource" else ""
        yield Change(label=label, value=urlencode(fields), more=more)


def _times(span: Span, zone: ZoneInfo) -> dict[str, str]:
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    return {
        "date": start.date().isoformat(),
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "end_date": "" if end.date() == start.date() else end.date().isoformat(),
    }
