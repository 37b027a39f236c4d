"""What somebody types who wants a thing again and again: beside any form that says the first date and its hours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.recurrence import PlainRepetition, Repetition, repetition_of, shifted
from bookings.recurrence.plain import Every
from bookings.recurrence.rule import RuleRefused, expand
from bookings.spans import Span
from cooperative.errors import Invalid
from cooperative.timeparsing import TimeError, parse_day, parse_wall

from .fields import clock_of, date_input, day_or_none, into_form

MOST_ROWS = 366
_MINUTE = timedelta(minutes=1)
_APART = re.compile(r"[\s,;]+")
WEEKDAYS = (
    (0, pgettext_lazy("weekday", "Mon")),
    (1, pgettext_lazy("weekday", "Tue")),
    (2, pgettext_lazy("weekday", "Wed")),
    (3, pgettext_lazy("weekday", "Thu")),
    (4, pgettext_lazy("weekday", "Fri")),
    (5, pgettext_lazy("weekday", "Sat")),
    (6, pgettext_lazy("weekday", "Sun")),
)
# Where the engine's sentence about a part of the rule stands in this form.
_PLACES = {
    "every": "repeats",
    "interval": "every",
    "weekdays": "weekdays",
    "month_day": "monthly",
    "nth": "monthly",
    "nth_weekday": "monthly",
    "until": "until",
    "times": "times",
    "additions": "additions",
    "exceptions": "additions",
}


class RepeatForm(forms.Form):
    """The fold *It repeats*. Without `repeats` nothing else of it counts.

    Besides its fields it reads what the table of dates sends: `skip` (ISO days), and for each date `from-<day>`,
    `to-<day>` (a time of its own) and `offset-<day>` (which of two equal hours).
    """

    speaks_of_parts = True
    """That each field may be left out goes without saying in a fold that may."""

    repeats = forms.ChoiceField(
        label=_("How often"),
        required=False,
        choices=[
            ("", _("no, only once")),
            ("day", _("every day")),
            ("week", _("every week")),
            ("month", _("every month")),
        ],
    )
    every = forms.IntegerField(
        label=_("Every so many"), required=False, min_value=1, max_value=366, initial=1
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        required=False,
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    monthly = forms.ChoiceField(
        label=_("In the month"),
        required=False,
        choices=[
            ("day", _("on the same day of the month")),
            ("nth", _("on the same day of the week, counted from the first")),
            ("last_weekday", _("on the last such day of the week")),
            ("last_day", _("on the last day")),
        ],
    )
    until = forms.CharField(label=_("Until"), required=False, widget=date_input())
    times = forms.IntegerField(
        label=_("or so many times"), required=False, min_value=1, max_value=366
    )
    skip_holidays = forms.BooleanField(label=_("not on public holidays"), required=False)
    skip_school_holidays = forms.BooleanField(label=_("not in school holidays"), required=False)
    additions = forms.CharField(
        label=_("Also on"),
        required=False,
        max_length=5_000,
        help_text=_("Other days, as 5.5.2027, 12.6.2027."),
    )
    one_answer = forms.BooleanField(label=_("one answer for all dates"), required=False)
    watch = forms.BooleanField(
        label=_("watch what is taken, and offer it when it comes free"),
        required=False,
        initial=True,
    )

    def __init__(
        self, *args: Any, zone: ZoneInfo, asks: bool = True, watches: bool = True, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.zone = zone
        if not asks:  # an owner needs no answer, and sees what comes free
            del self.fields["one_answer"]
        if not (asks and watches):  # what brings something along is not waited for
            del self.fields["watch"]

    @property
    def active(self) -> bool:
        return bool(str(self.data.get("repeats") or "").strip())

    @property
    def skipped(self) -> frozenset[date]:
        """The dates that were ticked to be left out."""
        getlist = getattr(self.data, "getlist", None)
        given = getlist("skip") if getlist is not None else self.data.get("skip", [])
        return frozenset(
            day for text in given[:MOST_ROWS] if (day := day_or_none(text)) is not None
        )

    def between(self, starts_at: datetime, ends_at: datetime) -> Repetition:
        """The same of the instants of the first date. Raises as `repetition`."""
        starts, ends = (
            at.astimezone(self.zone).replace(tzinfo=None) for at in (starts_at, ends_at)
        )
        return self.repetition(starts=starts, ends=ends)

    def repetition(self, *, starts: datetime, ends: datetime, shift: int = 0) -> Repetition:
        """What repeats; `starts` and `ends` are the wall clock (naive) of the first date.

        With `shift` all of it happens so many days later than the days that were chosen: fetched the day before is
        -1. Raises `Invalid`, after putting its sentences beside the fields.
        """
        found = self.cleaned_data
        plain = self._plain(found, starts=starts, ends=ends)
        try:
            whole = repetition_of(plain)
            if shift:
                whole = shifted(whole, shift)
            return self._without_skipped(whole)
        except RuleRefused:
            sentence = _("By days of the month it can only be fetched on the same day.")
            self.add_error("repeats", sentence)
            raise Invalid({"repeats": sentence}) from None
        except Invalid as error:
            into_form(self, error, _PLACES)
            raise

    def _plain(
        self, found: Mapping[str, Any], *, starts: datetime, ends: datetime
    ) -> PlainRepetition:
        first, every = starts.date(), _every(found.get("repeats"))
        monthly = (found.get("monthly") or "day") if every == "month" else ""
        nth = {"nth": (first.day - 1) // 7 + 1, "last_weekday": -1}.get(monthly)
        return PlainRepetition(
            every=every,
            first_on=first,
            starts_minute=starts.hour * 60 + starts.minute,
            length_minutes=(ends - starts) // _MINUTE,
            interval=found.get("every") or 1,
            weekdays=frozenset(found.get("weekdays") or ()) if every == "week" else frozenset(),
            month_day=-1 if monthly == "last_day" else None,
            nth=nth,
            nth_weekday=first.weekday() if nth is not None else None,
            until=day_or_none(found.get("until")),
            times=found.get("times"),
            additions=self._days(found.get("additions") or ""),
            skip_holidays=bool(found.get("skip_holidays")),
            skip_school_holidays=bool(found.get("skip_school_holidays")),
        )

    def _without_skipped(self, whole: Repetition) -> Repetition:
        """Left out are the ticked dates that it has; of others nothing need be said."""
        by_rule = set(expand(whole.parts, first_on=whole.first_on))
        return Repetition(
            rule=whole.rule,
            first_on=whole.first_on,
            starts_minute=whole.starts_minute,
            length_minutes=whole.length_minutes,
            exceptions=self.skipped & by_rule,
            additions=whole.additions - self.skipped,
            skip_holidays=whole.skip_holidays,
            skip_school_holidays=whole.skip_school_holidays,
        )

    def clean_until(self) -> str:
        text = str(self.cleaned_data.get("until") or "").strip()
        if text and self.active:
            try:
                parse_day(text)
            except TimeError as error:
                raise forms.ValidationError(str(error.message)) from None
        return text

    def clean_additions(self) -> str:
        text = str(self.cleaned_data.get("additions") or "").strip()
        for one in _APART.split(text) if text and self.active else ():
            if one and day_or_none(one) is None:
                raise forms.ValidationError(
                    _("%(text)s is no day; write it as 5.5.2027."), params={"text": one[:40]}
                )
        return text

    @staticmethod
    def _days(text: str) -> frozenset[date]:
        return frozenset(day for one in _APART.split(text) if (day := day_or_none(one)) is not None)

    def moved(self, whole: Repetition) -> dict[date, Span]:
        """The dates that were given a time of their own, or the choice between two equal hours.

        An end that lies before its start is on the next day. What cannot be read is said at the top of the form.
        """
        found: dict[date, Span] = {}
        for day in self._named():
            try:
                found[day] = self._own_time(day, whole)
            except TimeError as error:
                self.add_error(None, f"{day}: {error.message}")
        return found

    def _own_time(self, day: date, whole: Repetition) -> Span:
        first = str(self.data.get(f"from-{day}") or "") or clock_of(whole.starts_minute)
        last = str(self.data.get(f"to-{day}") or "")
        offset = str(self.data.get(f"offset-{day}") or "") or None
        start = parse_wall(f"{day}", first, zone=self.zone, offset=offset)
        later, minute = divmod(whole.starts_minute + whole.length_minutes, 1440)
        if not last:
            ends_on = day + timedelta(days=later)
            return Span(
                start, parse_wall(f"{ends_on}", clock_of(minute), zone=self.zone, offset=offset)
            )
        end = parse_wall(f"{day}", last, zone=self.zone, offset=offset)
        if end <= start:
            next_day = day + timedelta(days=1)
            end = parse_wall(f"{next_day}", last, zone=self.zone, offset=offset)
        return Span(start, end)

    def _named(self) -> list[date]:
        """The dates that the table says something of."""
        named = set()
        for name in self.data:
            what, _dash, text = str(name).partition("-")
            if what in {"from", "to", "offset"} and str(self.data.get(name) or "").strip():
                named.add(day_or_none(text))
        return sorted(day for day in named if day is not None)[:MOST_ROWS]


def _every(value: object) -> Every:
    return "day" if value == "day" else "month" if value == "month" else "week"
