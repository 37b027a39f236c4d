"""Writing in: one line is typed, the form below fills, and one tap books."""

from __future__ import annotations

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
from bookings.services.correcting import undo_write_in
from bookings.services.write_in import WrittenFor, write_in, write_in_series
from bookings.spans import Span
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from frontend.forms.dates import NAMES
from frontend.forms.fields import into_form
from frontend.forms.write_in import OF_THE_DESK, LineForm, merged
from frontend.presenters.reach import reach_of
from frontend.presenters.reader import Reader
from frontend.presenters.texts import booking_title
from frontend.presenters.texts import things as things_words
from frontend.presenters.write_in import unsure

from .doors import in_a_house
from .keepers import for_keepers, say_what_was_entered
from .once import once
from .write_in_sheet import House, Sheet

FROM_ADDRESS = (*OF_THE_DESK, "date", "start", "end", "end_date", "title", "thing-0", "units-0")
"""What another page says of it: a thing and a time that were dragged over."""


@require_http_methods(["GET", "POST"])
@once
@in_a_house
@for_keepers
def index(request: ViewedRequest) -> HttpResponse:
    """The page; POST reads the line (`do=read`), takes an option, or books (`do=book`)."""
    house = House(request)
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
    sheet = _sheet(request, House(request))
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


def _first(request: ViewedRequest, house: House) -> Sheet:
    """An empty line, or what the address brings along."""
    read = house.read(request.GET.get("line", ""))
    brought = {name: [request.GET[name]] for name in FROM_ADDRESS if request.GET.get(name)}
    return Sheet(house, read, house.values(read) | brought)


def _sheet(request: ViewedRequest, house: House) -> Sheet:
    """What was sent, with what was typed since it was last read, and the option that was chosen."""
    sent = {name: list(said) for name, said in request.POST.lists()}
    read = house.read(request.POST.get("line", ""))
    before = house.values(house.read(request.POST.get("was", "")))
    values = merged(sent, before, house.values(read))
    if option := request.POST.get("option"):
        for name, value in parse_qsl(option[:1_000], keep_blank_values=True):
            if name in {*FROM_ADDRESS, "whom", "member"} or name.startswith(("thing-", "units-")):
                values[name] = [value]
    return Sheet(house, read, values)


def _typed_on(request: ViewedRequest) -> bool:
    """Whether the line says something that nobody has seen in the form: it is shown first, never booked unseen."""
    return request.POST.get("line", "").strip() != request.POST.get("was", "").strip()


def _write(request: ViewedRequest, sheet: Sheet, whom: WrittenFor) -> Booking:
    wish = sheet.wish()
    if wish.series:
        if sheet.repeat.errors:
            raise Invalid({})
        made = write_in_series(by=request.viewer, lender=sheet.house.id, wish=wish, whom=whom)
        say_what_was_entered(request, len(made.lines), made.refused)
        return made.booking
    return write_in(by=request.viewer, lender=sheet.house.id, wish=wish, whom=whom)


def _shown(request: ViewedRequest, sheet: Sheet, *, status: int = 200) -> HttpResponse:
    context = _context(sheet) | {
        "line": LineForm(initial={"line": sheet.read.text}),
        "members": [one.name for one in sheet.house.members],
        "done": _done(request, sheet.house.reader),
        "answered": request.method == "POST",
    }
    return render(request, "frontend/write_in.html", context, status=status)


def _context(sheet: Sheet) -> dict[str, Any]:
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
        "handed": sheet.handed,
        "at_desk": any(any(sheet.values.get(name, ())) for name in OF_THE_DESK),
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
        "reach": reach_of(whole.booking),
        "undo": reverse("frontend:write-in-undo", args=[whole.booking.uid])
        if may_undo_write_in(whole.booking, request.viewer)
        else "",
    }
