"""What repeats, once it was sent: one fold with the sentence, how far it is, and each date with what can be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.answers import is_unsaid
from bookings.models import Booking, Line, Watch
from bookings.permissions import sides
from bookings.queries.series import MissingDate, WholeSeries
from bookings.recurrence import left_out_words, sentence
from bookings.spans import Span
from bookings.states import FIRM, LIVE, OVER, PRICED, WAITING, LineState, WatchState, Who
from frontend.components import Action, Fact, StateChip
from frontend.presenters.actions import line_actions
from frontend.presenters.fees import fee_actions, fee_facts
from frontend.presenters.moments import day_label
from frontend.presenters.reader import Reader
from frontend.presenters.texts import line_chip, line_title, line_words, units_words

SHOWN_OPEN = 6
"""Up to so many dates the fold stands open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDate:
    """One date: a line with its actions, or one that is watched. `beside` = what came along, with its state."""

    when: str
    chip: StateChip
    beside: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesCard:
    """All dates of one thing that repeats."""

    uid: UUID
    title: str
    url: str
    owner: str
    units: str
    along: str
    """What every date brings along; "" where nothing."""
    sentence: str
    counts: str
    answer: str
    dates: tuple[SeriesDate, ...]
    left_out: tuple[str, ...]
    open: bool
    following: Action | None
    facts: tuple[Fact, ...]
    """What is not said yet of what a date costs, its own and of what it brings along."""
    fees: tuple[Action, ...]


def series_cards(
    found: Iterable[WholeSeries],
    booking: Booking,
    lines: Sequence[Line],
    *,
    reader: Reader,
    back: str,
) -> tuple[SeriesCard, ...]:
    """The series of a booking; `lines` are all of it, for what its dates bring along."""
    brings: dict[int, list[Line]] = {}
    for line in lines:
        if line.brought_by_id is not None:
            brings.setdefault(line.brought_by_id, []).append(line)
    return tuple(_card(one, booking, brings, reader=reader, back=back) for one in found)


def apart_from_series(lines: Iterable[Line]) -> list[Line]:
    """The lines that stand by themselves: of no series, and brought by no date of one."""
    every = list(lines)
    dated = {line.pk for line in every if line.series_id is not None}
    return [line for line in every if line.pk not in dated and line.brought_by_id not in dated]


def _card(
    whole: WholeSeries,
    booking: Booking,
    brings: Mapping[int, Sequence[Line]],
    *,
    reader: Reader,
    back: str,
) -> SeriesCard:
    first = whole.lines[0]
    unsaid = _without_amount(whole.lines, brings)
    rows: list[tuple[Span, SeriesDate]] = [
        (_use(line), _line(line, booking, brings.get(line.pk, ()), reader=reader, back=back))
        for line in whole.lines
    ]
    shown = [one for one in whole.watches if one.state in {WatchState.WAITING, WatchState.OFFERED}]
    rows += [(_use(watch), _watch(watch, booking, reader=reader, back=back)) for watch in shown]
    rows.sort(key=lambda row: (row[0].start, row[0].end))
    return SeriesCard(
        uid=whole.series.uid,
        title=line_title(first, reader.language),
        url=reverse("frontend:resource", args=[first.resource.uid]),
        owner=str(first.lender),
        units=units_words(first) if first.units > 1 else "",
        along=", ".join(
            dict.fromkeys(
                line_words(one, reader.language)
                for line in whole.lines
                for one in brings.get(line.pk, ())
            )
        ),
        sentence=sentence(whole.repetition),
        counts=counts_of(whole.lines, shown),
        answer=_("One answer for all dates") if whole.series.one_answer else "",
        dates=tuple(row for _span, row in rows),
        left_out=(
            *(left_out_words(one) for one in whole.left_out),
            *(_missing(one) for one in whole.missing),
        ),
        open=len(rows) <= SHOWN_OPEN,
        following=_following(whole, booking, reader),
        facts=tuple(fact for one in unsaid for fact in fee_facts(one)),
        fees=tuple(act for one in unsaid for act in fee_actions(one, reader.viewer, back=back)),
    )


def _without_amount(lines: Sequence[Line], brings: Mapping[int, Sequence[Line]]) -> list[Line]:
    """Of each thing the first agreed date of which nobody said what it costs."""
    every = [one for line in lines for one in (line, *brings.get(line.pk, ()))]
    found = {one.resource_id: one for one in reversed(every) if is_unsaid(one)}
    return [one for one in every if found.get(one.resource_id) is one and one.state in PRICED]


def _use(row: Line | Watch) -> Span:
    return Span(row.use_starts_at, row.use_ends_at)


def counts_of(lines: Sequence[Line], watches: Sequence[Watch]) -> str:
    """`14 of 16 confirmed, 1 waiting for an answer, 1 watched`."""
    count = Counter[str]()
    for line in lines:
        state = LineState(line.state)
        if state == LineState.TO_SETTLE:
            count["settle"] += 1
        elif state in FIRM:
            count["firm"] += 1
        elif state in WAITING:
            count["waiting"] += 1
        elif state in OVER:
            count["over"] += 1
    said = [
        ngettext(
            "%(firm)d of %(count)d confirmed", "%(firm)d of %(count)d confirmed", count["firm"]
        )
        % {"firm": count["firm"], "count": len(lines)}
    ]
    named = (
        (
            count["waiting"],
            ngettext("%d waits for an answer", "%d wait for an answer", count["waiting"]),
        ),
        (count["settle"], ngettext("%d to be settled", "%d to be settled", count["settle"])),
        (count["over"], ngettext("%d called off", "%d called off", count["over"])),
        (len(watches), ngettext("%d watched", "%d watched", len(watches))),
    )
    said += [words % number for number, words in named if number]
    return ", ".join(said)


def _line(
    line: Line, booking: Booking, along: Sequence[Line], *, reader: Reader, back: str
) -> SeriesDate:
    beside = tuple(
        f"{line_title(one, reader.language)}: {LineState(one.state).label}"
        for one in along
        if one.state != line.state
    )
    return SeriesDate(
        when=reader.clock.span(_use(line), ZoneInfo(line.zone)),
        chip=line_chip(line, reader),
        beside=beside,
        actions=line_actions(line, booking, reader.viewer, back=back),
    )


def _watch(watch: Watch, booking: Booking, *, reader: Reader, back: str) -> SeriesDate:
    mine = reader.viewer.may("staff", booking.borrower_id)
    leave = Action(
        label=_("Watch no longer"),
        url=reverse("frontend:watch-leave", args=[watch.uid]),
        method="post",
        fields=(("next", back),),
        kind="quiet",
    )
    return SeriesDate(
        when=reader.clock.span(_use(watch), ZoneInfo(watch.zone)),
        chip=StateChip(state=watch.state, label=str(WatchState(watch.state).label)),
        actions=(leave,) if mine and watch.state == WatchState.WAITING else (),
    )


def _missing(one: MissingDate) -> str:
    words = {
        "time_does_not_exist": _("the clock jumps over this time"),
        "time_twice": _("the clock shows this time twice"),
    }.get(one.code, _("was not to be had"))
    return f"{day_label(one.on)} – {words}"


def _following(whole: WholeSeries, booking: Booking, reader: Reader) -> Action | None:
    """The page of this and following, for those who may do something there."""
    live = next((line for line in whole.lines if line.state in LIVE), None)
    if live is None or not sides(live, booking, reader.viewer) & {Who.BORROWER, Who.KEEPER}:
        return None
    return Action(
        label=_("This and following dates"),
        url=reverse("frontend:series", args=[whole.series.uid]),
        icon="arrow-path",
    )


def dates_to_come(whole: WholeSeries, *, reader: Reader) -> list[tuple[date, str]]:
    """The dates from which on something can be done, with words."""
    return [
        (line.series_on, day_label(line.series_on, year=True))
        for line in whole.lines
        if line.series_on is not None
        and line.state in LIVE
        and line.use_starts_at > reader.viewer.now
    ]
