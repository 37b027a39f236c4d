"""What somebody types who asks for a thing: wall-clock times of its owner, read by the one time parser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.opening import Fetching
from bookings.recurrence.wish import SeriesWish
from bookings.spans import Span
from bookings.wishes import UNNAMED, LineWish
from cooperative.errors import Invalid, Sentence
from cooperative.timeparsing import out_of_order

from .beside import BesideForm, Offered
from .describing import NeedsForm
from .fields import choose_from, clock_of, date_input, day_or_none, into_form, time_input
from .parts_of_day import PartsOfDay
from .repeating import RepeatForm
from .wall_times import TwiceChoice, WallTimes, which_of_two

_MINUTE = timedelta(minutes=1)


class AskForm(NeedsForm, BesideForm):
    """The ask panel. For rooms and people set-up and strike are asked, for things when they are fetched and back.

    With `sending` False a title may be missing: the panel checks while one types. `most` is how many there are; 1 =
    the number is not asked, 0 = it is another each time. `beside` is offered along with it.
    """

    title = forms.CharField(
        label=_("What for"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Rehearsal, workshop, opening…")}),
    )
    date = forms.CharField(label=_("Day"), widget=date_input())
    part = forms.ChoiceField(label=_("Which part of the day"), required=False)
    start = forms.CharField(label=_("From"), widget=time_input())
    end = forms.CharField(label=_("To"), widget=time_input())
    end_date = forms.CharField(label=_("Until another day"), widget=date_input(), required=False)
    units = forms.IntegerField(label=_("How many"), initial=1, min_value=1)
    setup = forms.IntegerField(
        label=_("Minutes before, to set up"), required=False, min_value=0, max_value=10_080
    )
    strike = forms.IntegerField(
        label=_("Minutes after, to clear away"), required=False, min_value=0, max_value=10_080
    )
    fetch_date = forms.CharField(label=_("Fetch on"), widget=date_input(), required=False)
    fetch_time = forms.CharField(label=_("at"), widget=time_input(), required=False)
    back_date = forms.CharField(label=_("Bring back on"), widget=date_input(), required=False)
    back_time = forms.CharField(label=_("at"), widget=time_input(), required=False)
    purpose = forms.CharField(
        label=_("A word to the owner"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    start_offset = forms.CharField(required=False, max_length=6)
    end_offset = forms.CharField(required=False, max_length=6)
    second_in_line = forms.BooleanField(required=False)
    waiting_list = forms.BooleanField(required=False)
    least_units = forms.IntegerField(required=False, min_value=1)
    ask_anyway = forms.CharField(required=False, max_length=2_000)

    FOLDED = (
        "end_date",
        "setup",
        "strike",
        "fetch_date",
        "fetch_time",
        "back_date",
        "back_time",
    )
    PLACES: ClassVar[Mapping[str, str]] = {
        "starts_at": "start",
        "ends_at": "end",
        "event_starts_at": "start",
        "event_ends_at": "end",
        "setup_minutes": "setup",
        "strike_minutes": "strike",
    }
    """Where the engine's sentences stand."""
    HINT: ClassVar[Sentence] = _("Choose a day and hours to see whether it is free.")
    HIDDEN = (
        "start_offset",
        "end_offset",
        "second_in_line",
        "waiting_list",
        "least_units",
        "ask_anyway",
    )
    """Drawn by the answer, where they are needed."""

    def __init__(
        self,
        *args: Any,
        zone: ZoneInfo,
        fetched: bool,
        most: int = 1,
        sending: bool = False,
        beside: Sequence[Offered] = (),
        desk: Callable[[Span], Fetching] | None = None,
        parts: PartsOfDay | None = None,
        needs: Sequence[str] = (),
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.offer(beside)
        self.desk = desk
        self.fetching: Fetching | None = None
        self.parts = parts or PartsOfDay()
        if choices := self.parts.choices():
            choose_from(self, "part", choices)
        else:
            del self.fields["part"]
        self.ask_for(needs)
        # Shown as needed, but no complaint while one only looks whether it is free.
        self.fields["title"].required = not self.is_bound
        self.zone = zone
        self.fetched = fetched
        self.sending = sending
        self.twice: list[TwiceChoice] = []
        self.overnight = False
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None
        self.event_starts_at: datetime | None = None
        self.event_ends_at: datetime | None = None
        self._ask_only_what_applies(most)

    def _ask_only_what_applies(self, most: int) -> None:
        if most == 1:
            del self.fields["units"]
        elif most:
            self.fields["units"].widget.attrs["max"] = str(most)
        unused = (
            ("setup", "strike")
            if self.fetched
            else ("fetch_date", "fetch_time", "back_date", "back_time")
        )
        for name in unused:
            del self.fields[name]
        for name in ("start", "end"):
            self.fields[name].required = not self._part

    @property
    def empty(self) -> bool:
        """Nothing about time was typed yet."""
        return not any(str(self.data.get(name) or "").strip() for name in ("date", "start", "end"))

    @property
    def _part(self) -> str:
        """The part of the day that was chosen instead of hours."""
        return str(self.data.get("part") or "") if "part" in self.fields else ""

    @property
    def half(self) -> bool:
        """Some of day, from and to is still missing: not wrong, not finished."""
        needed = ("date",) if self._part else ("date", "start", "end")
        return not all(str(self.data.get(name) or "").strip() for name in needed)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        given = {**{name: self.data.get(name, "") for name in self.fields}}
        given["end_date"] = given.get("end_date") or given.get("date")
        day = day_or_none(given.get("date"))
        if self._part and day is not None and (minutes := self.parts.on(self._part, day)):
            given["start"], given["end"] = (clock_of(minute) for minute in minutes)
            given["end_date"] = given["date"]
        if not self.half:
            self._read(given)
        if self.sending and not (found.get("title") or found.get("purpose")):
            self.add_error("title", str(UNNAMED))
        return found

    def _read(self, given: Mapping[str, Any]) -> None:
        wall = WallTimes(given, self.zone)
        self.event_starts_at = wall.read("date", "start", "start_offset")
        self.event_ends_at = wall.read("end_date", "end", "end_offset")
        self.starts_at, self.ends_at = self.event_starts_at, self.event_ends_at
        self._as_the_desk_is_open()
        if self.fetched and given.get("fetch_time"):
            with_day = {**given, "fetch_date": given.get("fetch_date") or self._day(self.starts_at)}
            fetching = WallTimes(with_day, self.zone)
            self.starts_at = fetching.read("fetch_date", "fetch_time", "start_offset")
            wall.errors.update(fetching.errors)
        if self.fetched and given.get("back_time"):
            with_day = {**given, "back_date": given.get("back_date") or self._day(self.ends_at)}
            returning = WallTimes(with_day, self.zone)
            self.ends_at = returning.read("back_date", "back_time", "end_offset")
            wall.errors.update(returning.errors)
        self.twice = wall.twice
        for name, sentences in wall.errors.items():
            self.add_error(name, sentences)
        if not wall.errors:
            self._look_for_midnight(given)

    def _day(self, instant: datetime | None) -> str:
        """The day as proposed: another hour alone means that day."""
        return "" if instant is None else f"{instant.astimezone(self.zone):%Y-%m-%d}"

    def _as_the_desk_is_open(self) -> None:
        """What is fetched: the last hours of the desk before the event and the first after it."""
        starts, ends = self.event_starts_at, self.event_ends_at
        if self.desk is None or starts is None or ends is None or starts >= ends:
            return
        self.fetching = self.desk(Span(starts, ends))
        self.starts_at, self.ends_at = self.fetching.use.start, self.fetching.use.end

    def _look_for_midnight(self, given: Mapping[str, Any]) -> None:
        """22:00 to 02:00 of one day: said here, for the engine knows no field of another day."""
        assert self.event_starts_at is not None
        assert self.event_ends_at is not None
        same_day = given["end_date"] == given["date"]
        if same_day and self.event_ends_at < self.event_starts_at:
            self.overnight = True
            backwards = out_of_order(self.event_starts_at, self.event_ends_at)
            assert backwards is not None
            led_to = _("For an end on the next day, fill in “%(field)s”.")
            field = {"field": self.fields["end_date"].label}
            self.add_error("end", [str(backwards[0]), str(led_to % field)])

    @property
    def unfolded(self) -> bool:
        """Whether something that is folded away was filled in, is wrong, or is what is missing."""
        folded = [self[name] for name in self.FOLDED if name in self.fields]
        return self.overnight or any(one.value() or one.errors for one in folded)

    @property
    def offsets(self) -> tuple[tuple[str, str], ...]:
        """What was chosen of times that the clock shows twice: sent along again while these times stand."""
        instants = {
            "start_offset": (self.event_starts_at, self.starts_at),
            "end_offset": (self.event_ends_at, self.ends_at),
        }
        chosen = (
            (name, which_of_two(at.astimezone(self.zone)))
            for name, both in instants.items()
            for at in both
            if at is not None
        )
        return tuple(dict(pair for pair in chosen if pair[1]).items())

    def line_wish(self, resource: UUID) -> LineWish:
        """What is asked for; only of a valid form."""
        found = self.cleaned_data
        assert self.starts_at is not None
        assert self.ends_at is not None
        moved = (self.starts_at, self.ends_at) != (self.event_starts_at, self.event_ends_at)
        return LineWish(
            resource=resource,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            event_starts_at=self.event_starts_at if moved else None,
            event_ends_at=self.event_ends_at if moved else None,
            units=found.get("units") or 1,
            setup_minutes=found.get("setup") or 0,
            strike_minutes=found.get("strike") or 0,
            second_in_line=bool(found.get("second_in_line")),
            waiting_list=bool(found.get("waiting_list")),
            least_units=found.get("least_units") if found.get("waiting_list") else None,
        )

    def series_wish(self, resource: UUID, repeat: RepeatForm) -> SeriesWish:
        """What is asked for where it repeats; only of two valid forms. Raises `Invalid`, said beside the fields."""
        found = self.cleaned_data
        if self.chosen:
            alone = _(
                "What repeats is asked for by itself. Take the ticks away, or ask for one date."
            )
            raise Invalid({"beside": alone})
        core = _wall(self.starts_at, self.zone), _wall(self.ends_at, self.zone)
        event = _wall(self.event_starts_at, self.zone), _wall(self.event_ends_at, self.zone)
        day = datetime.combine(event[0].date(), core[0].time())
        whole = repeat.repetition(
            starts=day,
            ends=day + (core[1] - core[0]),
            # What is fetched the day before repeats on the days of the event all the same.
            shift=(core[0].date() - event[0].date()).days,
        )
        midnight = core[0].replace(hour=0, minute=0)
        return SeriesWish(
            resource=resource,
            repetition=whole,
            units=found.get("units") or 1,
            setup_minutes=found.get("setup") or 0,
            strike_minutes=found.get("strike") or 0,
            event_starts_minute=None if event == core else (event[0] - midnight) // _MINUTE,
            event_length_minutes=None if event == core else (event[1] - event[0]) // _MINUTE,
            one_answer=bool(repeat.cleaned_data.get("one_answer")),
            watch_skipped=bool(repeat.cleaned_data.get("watch")),
            moved=repeat.moved(whole),
        )

    def take_refusal(self, error: Invalid) -> None:
        """Put the engine's sentences beside the fields they are about."""
        self.ask_for_what_misses(error)
        into_form(self, error, self.PLACES)

    def restated(self) -> dict[str, str]:
        """Everything typed, as texts: for the hidden fields of an option's button."""
        typed = {
            name: str(self.data.get(name) or "")
            for name in ("title", "purpose")
            if self.data.get(name)
        }
        return typed | self.beside_typed()


def _wall(instant: datetime | None, zone: ZoneInfo) -> datetime:
    """What the clock of `zone` shows then, without offset."""
    assert instant is not None
    return instant.astimezone(zone).replace(tzinfo=None)
