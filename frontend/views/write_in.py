"""Writing in: one line is typed, the form below fills, and one tap books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.errors import BookingRefused
from bookings.models import Booking
from bookings.permissions import may_undo_write_in
from bookings.queries.overview import booking_for
from bookings.recurrence.wish import SeriesWish
from bookings.services.correcting import undo_write_in
from bookings.services.write_in import (
    WrittenFor,
    look_at_write_in,
    write_in,
    write_in_series,
)
from bookings.spans import Span
from bookings.typed import Named, TypedBooking, read_line
from bookings.wishes import BookingWish, LineWish, validate
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.institutions.models import Institution
from cooperative.institutions.queries import institutions
from frontend.forms.dates import NAMES
from frontend.forms.fields import into_form
from frontend.forms.repeating import RepeatForm
from frontend.forms.write_in import (
    LineForm,
    Values,
    WriteInForm,
    as_data,
    merged,
    rows_in,
    values_of,
)
from frontend.presenters.listing import title_of
from frontend.presenters.reader import Reader, reader_of
from frontend.presenters.texts import booking_title, counted
from frontend.presenters.texts import things as things_words
from frontend.presenters.write_in import WriteInAnswer, answer_of, unsure
from sharing.models import Resource
from sharing.queries.listings import of_house

from .doors import in_a_house
from .keepers import for_keepers, say_what_was_entered
from .once import once

MOST_THINGS = 200
FROM_ADDRESS = ("date", "start", "end", "end_date", "title", "thing-0", "units-0")
"""What another page says of it: a thing and a time that were dragged over."""


@dataclass
class _House:
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
class _Sheet:
    """The page as it stands: the line, and the form with what is in it."""

    house: _House
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

    def wish(self) -> BookingWish:
        """What the valid forms mean. Raises `Invalid`."""
        form, repeat = self.form, self.repeat
        data = form.cleaned_data
        assert form.starts_at is not None
        assert form.ends_at is not None
        about: dict[str, Any] = {**form.about(), "expected_people": data["people"]}
        lines = tuple(
            LineWish(resource=uid, starts_at=form.starts_at, ends_at=form.ends_at, units=units)
            for uid, units in form.wanted
        )
        wish = BookingWish(lines=lines, **about)
        validate(wish)
        if not repeat.active:
            return wish
        whole = repeat.between(form.starts_at, form.ends_at)
        series = tuple(
            SeriesWish(
                resource=uid, repetition=whole, units=units, moved=repeat.moved(whole), place=place
            )
            for place, (uid, units) in enumerate(form.wanted)
        )
        return replace(wish, lines=(), series=series, all_or_nothing=False)

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
        return answer_of(looked, wish, reader=self.house.reader, zone=zone, typed=typed)

    def _missing(self) -> tuple[str, ...]:
        """What is empty by its name, what is wrong by its sentence."""
        found = []
        for form in (self.form, self.repeat):
            for name, said in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                empty = name in form.fields and not str(form[name].value() or "").strip()
                found.append(str(label) if empty and label else str(said[0]))
        return tuple(dict.fromkeys(found))


@require_http_methods(["GET", "POST"])
@once
@in_a_house
@for_keepers
def index(request: ViewedRequest) -> HttpResponse:
    """The page; POST reads the line (`do=read`), takes an option, or books (`do=book`)."""
    house = _House(request)
    if request.method == "GET":
        return _shown(request, _first(request, house))
    sheet = _sheet(request, house)
    if request.POST.get("do") != "book" or _typed_on(request):
        return _shown(request, sheet)
    sheet.sent = True
    form, repeat = sheet.form, sheet.repeat
    whom = None
    if form.is_valid() and repeat.is_valid():
        whom = form.written_for(house.members, house.id, name=form.cleaned_data["title"])
    if whom is None:
        return _shown(request, sheet, status=422)
    try:
        booking = _write(request, sheet, whom)
    except BookingRefused:
        return _shown(request, sheet, status=409)
    except Invalid as error:
        if not repeat.errors:
            into_form(form, error, NAMES)
        return _shown(request, sheet, status=422)
    return redirect(f"{reverse('frontend:write-in')}?done={booking.uid}")


@require_POST
@in_a_house
@for_keepers
def check(request: ViewedRequest) -> HttpResponse:
    """The form filled, while one types; with `part=answer` what it comes to, while one corrects."""
    sheet = _sheet(request, _House(request))
    part = "answer" if request.GET.get("part") == "answer" else "filled"
    return render(request, f"frontend/write_in.html#{part}", _context(sheet))


@require_POST
@in_a_house
@for_keepers
def undo(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Take back what was written in a moment ago."""
    try:
        undo_write_in(by=request.viewer, booking=uid)
    except (Conflict, Forbidden) as error:
        messages.error(request, str(error.message))
        return redirect("frontend:booking", uid)
    messages.success(request, _("Taken back: the time is free again."))
    return redirect("frontend:write-in")


def _first(request: ViewedRequest, house: _House) -> _Sheet:
    """An empty line, or what the address brings along."""
    read = house.read(request.GET.get("line", ""))
    brought = {name: [request.GET[name]] for name in FROM_ADDRESS if request.GET.get(name)}
    return _Sheet(house, read, house.values(read) | brought)


def _sheet(request: ViewedRequest, house: _House) -> _Sheet:
    """What was sent, with what was typed since it was last read, and the option that was chosen."""
    sent = {name: list(said) for name, said in request.POST.lists()}
    read = house.read(request.POST.get("line", ""))
    before = house.values(house.read(request.POST.get("was", "")))
    values = merged(sent, before, house.values(read))
    if option := request.POST.get("option"):
        for name, value in parse_qsl(option[:1_000], keep_blank_values=True):
            if name in {*FROM_ADDRESS, "whom", "member"} or name.startswith(("thing-", "units-")):
                values[name] = [value]
    return _Sheet(house, read, values)


def _typed_on(request: ViewedRequest) -> bool:
    """Whether the line says something that nobody has seen in the form: it is shown first, never booked unseen."""
    return request.POST.get("line", "").strip() != request.POST.get("was", "").strip()


def _write(request: ViewedRequest, sheet: _Sheet, whom: WrittenFor) -> Booking:
    wish = sheet.wish()
    if wish.series:
        if sheet.repeat.errors:
            raise Invalid({})
        made = write_in_series(by=request.viewer, lender=sheet.house.id, wish=wish, whom=whom)
        say_what_was_entered(request, len(made.lines), made.refused)
        return made.booking
    return write_in(by=request.viewer, lender=sheet.house.id, wish=wish, whom=whom)


def _shown(request: ViewedRequest, sheet: _Sheet, *, status: int = 200) -> HttpResponse:
    context = _context(sheet) | {
        "line": LineForm(initial={"line": sheet.read.text}),
        "members": [one.name for one in sheet.house.members],
        "done": _done(request, sheet.house.reader),
        "answered": request.method == "POST",
    }
    return render(request, "frontend/write_in.html", context, status=status)


def _context(sheet: _Sheet) -> dict[str, Any]:
    said = sheet.read.text or any(any(sheet.values.get(name, ())) for name in ("date", "start"))
    answer = sheet.answer() if said else None
    return {
        "answer": answer,
        "form": sheet.shown,
        "repeat": sheet.repeat,
        "was": sheet.read.text,
        "unsure": unsure(
            sheet.read,
            things=dict(sheet.house.choices),
            members={str(one.uid): one.name for one in sheet.house.members},
        ),
        "things": bool(sheet.house.things),
    }


def _done(request: ViewedRequest, reader: Reader) -> dict[str, Any] | None:
    """What was just written in, with the way to take it back."""
    try:
        whole = booking_for(viewer=request.viewer, uid=UUID(request.GET.get("done", "")))
    except (NotFound, ValueError):
        return None
    lines = list(whole.lines)
    if whole.booking.entered_for_id != reader.acting or not lines:
        return None
    return {
        "title": booking_title(whole.booking, lines, reader.language),
        "what": things_words(lines, reader.language),
        "when": reader.clock.span(
            Span(lines[0].use_starts_at, lines[0].use_ends_at), ZoneInfo(lines[0].zone)
        ),
        "url": reverse("frontend:booking", args=[whole.booking.uid]),
        "undo": reverse("frontend:write-in-undo", args=[whole.booking.uid])
        if may_undo_write_in(whole.booking, request.viewer)
        else "",
    }
