"""The sheet of writing in: the line as it is read, and the form that it fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.opening import Fetching
from bookings.queries.fetching import fetching_for
from bookings.recurrence.wish import SeriesWish
from bookings.services.write_in import look_at_write_in
from bookings.typed import Named, TypedBooking, read_line
from bookings.wishes import BookingWish, LineWish, validate
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Invalid, NotFound
from cooperative.institutions.models import Institution
from cooperative.institutions.queries import institutions
from frontend.forms.dates import NAMES
from frontend.forms.fields import into_form
from frontend.forms.repeating import RepeatForm
from frontend.forms.write_in import Values, WriteInForm, as_data, rows_in, values_of
from frontend.presenters.listing import title_of
from frontend.presenters.reader import Reader, reader_of
from frontend.presenters.texts import counted
from frontend.presenters.write_in import WriteInAnswer, answer_of
from sharing.models import Resource
from sharing.queries.listings import of_house

MOST_THINGS = 200


@dataclass
class House:
    """The house that writes in: its things and whom it may name, each read once."""

    request: ViewedRequest

    @cached_property
    def reader(self) -> Reader:
        return reader_of(self.request)

    @cached_property
    def id(self) -> int:
        if not self.request.institution:
            raise NotFound
        return self.request.institution.id

    @cached_property
    def things(self) -> list[Resource]:
        own = of_house(self.request.viewer, self.id).exclude(state="withdrawn")
        return list(own.exclude(kind="open")[:MOST_THINGS])

    @cached_property
    def members(self) -> list[Institution]:
        return list(institutions(self.request.viewer).exclude(pk=self.id))

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        return [(str(one.uid), title_of(one)) for one in self.things]

    @cached_property
    def fetched(self) -> dict[UUID, int]:
        """The things that are handed over, with their database ids."""
        return {one.uid: one.pk for one in self.things if one.handover != "none"}

    def zone(self, values: Mapping[str, Sequence[str]]) -> str:
        """The clock of the first thing, else the house's."""
        wanted = (values.get("thing-0") or [""])[0]
        zones = {str(one.uid): one.time_zone for one in self.things}
        house = self.request.institution
        return zones.get(wanted) or (house.time_zone if house else "UTC")

    def read(self, text: str) -> TypedBooking:
        today = self.request.viewer.now.astimezone(ZoneInfo(self.zone({}))).date()
        return read_line(
            text,
            today=today,
            language=self.reader.language,
            things=[
                Named(
                    str(one.uid), tuple(row.title for row in one.texts.all()), counted=counted(one)
                )
                for one in self.things
            ],
            members=[
                Named(str(one.uid), tuple(name for name in (one.name, one.short_name) if name))
                for one in self.members
            ],
        )

    def values(self, read: TypedBooking) -> Values:
        names = {str(one.uid): one.name for one in self.members}
        found = values_of(read, member=names.get(read.member or "", ""))
        if not read.things and len(self.things) == 1:
            found["thing-0"] = [str(self.things[0].uid)]
        return found


@dataclass
class Sheet:
    """The page as it stands: the line, and the form with what is in it."""

    house: House
    read: TypedBooking
    values: Values
    sent: bool = False
    """It was sent to be booked: what is wrong is said at its field."""

    @cached_property
    def form(self) -> WriteInForm:
        return WriteInForm(
            as_data(self.values),
            zone=self.house.zone(self.values),
            things=self.house.choices,
            rows=rows_in(self.values),
        )

    @cached_property
    def repeat(self) -> RepeatForm:
        zone = ZoneInfo(self.house.zone(self.values))
        return RepeatForm(as_data(self.values), zone=zone, asks=False)

    @property
    def shown(self) -> WriteInForm:
        """Half a form has no mistakes yet."""
        if self.sent:
            return self.form
        return WriteInForm(
            initial={name: said[0] if said else "" for name, said in self.values.items()},
            zone=self.house.zone(self.values),
            things=self.house.choices,
            rows=rows_in(self.values),
        )

    @property
    def handed(self) -> bool:
        """Whether any of the things is fetched and brought back."""
        known = {str(uid) for uid in self.house.fetched}
        chosen = (self.values.get(f"thing-{row}", [""]) for row in range(self.form.rows))
        return any(one in known for said in chosen for one in said)

    def wish(self) -> BookingWish:
        """What the valid forms mean. Raises `Invalid`."""
        form, repeat = self.form, self.repeat
        data = form.cleaned_data
        assert form.starts_at is not None
        assert form.ends_at is not None
        about: dict[str, Any] = {**form.about(), "expected_people": data["people"]}
        lines = tuple(
            self._line(uid, units, form.starts_at, form.ends_at) for uid, units in form.wanted
        )
        wish = BookingWish(lines=lines, **about)
        validate(wish)
        if not repeat.active:
            return wish
        if form.fetched_at or form.back_at:
            said = _("What repeats is fetched and brought back when it is used: leave this empty.")
            raise Invalid({"fetch_time": said})
        whole = repeat.between(form.starts_at, form.ends_at)
        series = tuple(
            SeriesWish(
                resource=uid, repetition=whole, units=units, moved=repeat.moved(whole), place=place
            )
            for place, (uid, units) in enumerate(form.wanted)
        )
        return replace(wish, lines=(), series=series, all_or_nothing=False)

    def _line(self, uid: UUID, units: int, starts_at: datetime, ends_at: datetime) -> LineWish:
        """What is handed over is used from when it is fetched until it is back."""
        form = self.form
        handed = uid in self.house.fetched
        return LineWish(
            resource=uid,
            starts_at=(form.fetched_at if handed else None) or starts_at,
            ends_at=(form.back_at if handed else None) or ends_at,
            event_starts_at=starts_at,
            event_ends_at=ends_at,
            units=units,
        )

    def _desk(self, wish: BookingWish) -> Fetching | None:
        """When its keeper's hours have the first thing fetched and brought back, where that is not what is said."""
        for line in wish.lines:
            thing = self.house.fetched.get(line.resource)
            if thing is None:
                continue
            [found] = fetching_for([(thing, line.event)])
            if found.use not in (line.event, line.use):
                return found
        return None

    def answer(self) -> WriteInAnswer:
        """Whether it can be, or what has to be said first."""
        form, repeat = self.form, self.repeat
        if not form.is_valid() or not repeat.is_valid():
            return WriteInAnswer(missing=self._missing())
        try:
            wish = self.wish()
            looked = look_at_write_in(by=self.house.request.viewer, lender=self.house.id, wish=wish)
        except Invalid as error:
            into_form(form, error, NAMES)
            return WriteInAnswer(missing=self._missing())
        typed = {name: said[0] for name, said in self.values.items() if said}
        zone = ZoneInfo(self.house.zone(self.values))
        return answer_of(
            looked,
            wish,
            reader=self.house.reader,
            zone=zone,
            typed=typed,
            desk=self._desk(wish),
        )

    def _missing(self) -> tuple[str, ...]:
        """What is empty by its name, what is wrong by its sentence."""
        found = []
        for form in (self.form, self.repeat):
            for name, said in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                empty = name in form.fields and not str(form[name].value() or "").strip()
                found.append(str(label) if empty and label else str(said[0]))
        return tuple(dict.fromkeys(found))
