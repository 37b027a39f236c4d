"""Writing in: one typed line, and the short form that it fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from bookings.typed import LONGEST, Found, TypedBooking
from bookings.wishes import MOST_UNITS
from cooperative.timeparsing import TimeError, parse_wall

from .fields import choose_from, clock_of, date_input, time_input
from .wall_span import WallSpanForm
from .whom import MEMBER, OUTSIDE, OWN, WhomFields

MOST_THINGS = 8
DAY = 1440
OF_THE_DESK = ("fetch_date", "fetch_time", "back_date", "back_time")
"""When what is lent is fetched and brought back, where that is not when the event is."""
Values = dict[str, list[str]]


class LineForm(forms.Form):
    """What is typed, before anything else."""

    speaks_of_parts = True
    """That the form below may be filled in by hand instead is seen."""

    line = forms.CharField(
        label=_("Say it in one line"),
        max_length=LONGEST,
        required=False,
        help_text=_("As you would note it: Tue 17-18:30, mirror room, choir, Ms Novak 600 100 200"),
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "enterkeyhint": "go", "class": "big"}
        ),
    )


class WriteInForm(WhomFields, WallSpanForm):
    """What was understood, each part to be corrected. Things are rows `thing-0` with `units-0` and so on."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    people = forms.IntegerField(
        label=_("People expected"), min_value=0, max_value=1_000_000, required=False
    )
    fetch_date = forms.CharField(
        label=_("Fetch on"), max_length=20, required=False, widget=date_input()
    )
    fetch_time = forms.CharField(label=_("at"), max_length=10, required=False, widget=time_input())
    back_date = forms.CharField(
        label=_("Bring back on"), max_length=20, required=False, widget=date_input()
    )
    back_time = forms.CharField(label=_("at"), max_length=10, required=False, widget=time_input())

    def __init__(
        self, *args: Any, things: Sequence[tuple[str, str]], rows: int = 1, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fetched_at: datetime | None = None
        self.back_at: datetime | None = None
        self.rows = min(max(rows, 1), MOST_THINGS)
        for number in range(self.rows):
            self.fields[f"thing-{number}"] = forms.ChoiceField(
                label=_("Thing") if number == 0 else _("And another thing"), required=number == 0
            )
            choose_from(self, f"thing-{number}", [("", _("choose…")), *things])
            self.fields[f"units-{number}"] = forms.IntegerField(
                label=_("How many"), min_value=1, max_value=MOST_UNITS, required=False
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        last = data.get("end_date") or data.get("date")
        self.fetched_at = self._at_the_desk("fetch", data.get("date"))
        self.back_at = self._at_the_desk("back", last)
        if self.fetched_at and self.starts_at and self.fetched_at > self.starts_at:
            self.add_error("fetch_time", _("It is fetched before the event begins."))
        if self.back_at and self.ends_at and self.back_at < self.ends_at:
            self.add_error("back_time", _("It is brought back after the event."))
        return data

    def _at_the_desk(self, end: str, day: str | None) -> datetime | None:
        """The instant that is named, on `day` unless on another."""
        day = self.cleaned_data.get(f"{end}_date") or day
        clock = self.cleaned_data.get(f"{end}_time")
        if not day or not clock:
            return None
        try:
            return parse_wall(day, clock, zone=self.zone)
        except TimeError as error:
            self.add_error(f"{end}_time", str(error.message))
            return None

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """The rows of things, as fields."""
        return [(self[f"thing-{number}"], self[f"units-{number}"]) for number in range(self.rows)]

    @property
    def wanted(self) -> list[tuple[UUID, int]]:
        """The things with how many, of the cleaned rows."""
        data = self.cleaned_data
        return [
            (UUID(uid), data.get(f"units-{number}") or 1)
            for number in range(self.rows)
            if (uid := data.get(f"thing-{number}"))
        ]


def rows_in(values: Mapping[str, Any]) -> int:
    """How many rows of things are filled, and one more."""
    filled = [n for n in range(MOST_THINGS) if any(values.get(f"thing-{n}") or ())]
    return (max(filled) + 2) if filled else 1


def values_of(read: TypedBooking, *, member: str = "") -> Values:
    """What a typed line says, as the form's values; `member` is the name of the one it names."""
    whom = OWN if read.own else MEMBER if read.member else OUTSIDE
    values: dict[str, str] = {
        "date": read.day.isoformat() if read.day else "",
        "start": clock_of(read.start) if read.start is not None else "",
        "title": read.title,
        "people": str(read.people or ""),
        "whom": whom,
        "member": member,
        "outside_name": read.person,
        "outside_phone": read.phone,
        "outside_email": read.email,
        "came_by": read.came_by or "phone",
        **_end(read),
    }
    things = read.things or ((Found("", read.units),) if read.units else ())
    for number, one in enumerate(things[:MOST_THINGS]):
        values |= {f"thing-{number}": one.key, f"units-{number}": str(one.units or "")}
    found: Values = {name: [value] for name, value in values.items()}
    return found | _repeat(read)


def _end(read: TypedBooking) -> dict[str, str]:
    """The end, and its day where that is another than the first. Midnight is 24:00."""
    if read.end is None:
        return {"end": "", "end_date": ""}
    later, minute = divmod(read.end, DAY)
    if minute == 0:
        later, minute = later - 1, DAY
    day = read.day
    if day is None or later == 0:
        return {"end": clock_of(minute), "end_date": ""}
    return {
        "end": clock_of(minute),
        "end_date": day.fromordinal(day.toordinal() + later).isoformat(),
    }


def _repeat(read: TypedBooking) -> Values:
    if read.repeats is None:
        return {"repeats": [""], "every": ["1"], "weekdays": [], "until": [""], "times": [""]}
    one = read.repeats
    return {
        "repeats": [one.every],
        "every": [str(one.interval)],
        "weekdays": [str(day) for day in sorted(one.weekdays)],
        "until": [one.until.isoformat() if one.until else ""],
        "times": [str(one.times or "")],
    }


def merged(sent: Mapping[str, list[str]], before: Values, after: Values) -> Values:
    """What stands in the form after the line was typed on: what was corrected by hand stays, the rest is read anew.

    `before` and `after` are the values of the line as it was and as it is.
    """
    found: Values = {name: list(said) for name, said in sent.items()}
    for name in {*before, *after}:
        old, new = before.get(name, [""]), after.get(name, [""])
        here = found.get(name, [])
        if _bare(here) in (_bare(old), []):
            found[name] = list(new)
    return found


def _bare(values: list[str]) -> list[str]:
    return [value for value in values if value.strip()]


def as_data(values: Mapping[str, list[str]]) -> MultiValueDict[str, str]:
    """The form's values as forms take them."""
    return MultiValueDict({name: list(said) for name, said in values.items()})
