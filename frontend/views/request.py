"""My request: several things with one set of dates, checked together, described, sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import BookingRefused
from bookings.models import Booking
from bookings.queries.overview import WholeBooking, my_request
from bookings.services.answer_times import expected_answers
from bookings.services.drafts import (
    add_instead,
    change_units,
    describe,
    remove_line,
    send,
    set_dates,
    wish_of,
)
from bookings.services.request.checking import Check, check_booking
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Invalid, NotFound
from frontend.forms.describing import DescriptionForm
from frontend.forms.fields import into_form
from frontend.forms.options import wishes_of
from frontend.forms.request import DatesForm, UnitsForm, dates_of, description_of
from frontend.presenters.reader import Reader, reader_of
from frontend.presenters.request import present
from frontend.views.doors import in_a_house
from frontend.views.once import once
from frontend.views.sent import uid_sent

HERE = "frontend:request"
BESIDE = frozenset({"dates", "units", "remove", "instead"})
"""What is done by a small form beside the long one: it brings along what was typed there, which is kept first."""


@require_http_methods(["GET", "HEAD", "POST"])
@once
@in_a_house
def show(request: ViewedRequest) -> HttpResponse:
    """The page; POST says in `do` what is done: dates, units, remove, instead, describe, send, anyway,
    discard."""
    reader = reader_of(request)
    if request.method == "POST" and request.POST.get("do") in BESIDE and "title" in request.POST:
        whole = my_request(viewer=reader.viewer)
        text = DescriptionForm(request.POST, needs=_needs(whole))
        if whole is not None and not _kept(whole, text, reader):
            return _shown(request, whole, reader, text=text, status=422)
    if request.method == "POST" and request.POST.get("do") == "instead":
        line = request.POST.get("line")
        add_instead(
            by=reader.viewer, wishes=wishes_of(request.POST), line=uid_sent(line) if line else None
        )
        messages.success(request, _("It is in your request now. Add more, or send it."))
        return redirect(HERE)
    whole = my_request(viewer=reader.viewer)
    if whole is None:
        return render(request, "frontend/request_empty.html")
    if request.method == "POST":
        return _done(request, whole, reader)
    return _shown(request, whole, reader)


def _done(request: ViewedRequest, whole: WholeBooking, reader: Reader) -> HttpResponse:
    do = request.POST.get("do", "describe")
    by, uid = reader.viewer, whole.booking.uid
    if do == "remove":
        remove_line(by=by, line=uid_sent(request.POST.get("line")))
        return redirect(HERE)
    if do == "discard":
        for line in whole.lines:
            remove_line(by=by, line=line.uid)
        messages.info(request, _("Your request is empty again."))
        return redirect(HERE)
    if do == "units":
        return _units(request, whole, reader)
    dates = DatesForm(request.POST, zone=_zone(whole)) if do == "dates" else None
    text = DescriptionForm(request.POST, sending=do in {"send", "anyway"}, needs=_needs(whole))
    if dates is not None:
        if not dates.is_valid():
            return _shown(request, whole, reader, dates=dates, status=422)
        try:
            set_dates(by=by, booking=uid, starts_at=dates.starts, ends_at=dates.ends)
        except Invalid as error:
            dates.take_refusal(error)
            return _shown(request, whole, reader, dates=dates, status=422)
        return redirect(HERE)
    if not text.is_valid():
        return _shown(request, whole, reader, text=text, status=422)
    try:
        describe(by=by, booking=uid, **text.fields_of_booking)
        if do in {"send", "anyway"}:
            anyway = request.POST.get("ask_anyway", "") if do == "anyway" else ""
            return _sent(request, send(by=by, booking=uid, ask_anyway=anyway).booking)
    except BookingRefused as error:
        found = Check(False, error.reasons, error.alternatives, (), _waivable(error))
        return _shown(request, whole, reader, text=text, check=found, status=409)
    except Invalid as error:
        text.take_refusal(error)
        return _shown(request, whole, reader, text=text, status=422)
    messages.success(request, _("Kept. Nothing is sent yet."))
    return redirect(HERE)


def _kept(whole: WholeBooking, text: DescriptionForm, reader: Reader) -> bool:
    """Keep the words of the long form; False where something in them must be looked at again."""
    if not text.is_valid():
        return False
    try:
        describe(by=reader.viewer, booking=whole.booking.uid, **text.fields_of_booking)
    except Invalid as error:
        text.take_refusal(error)
        return False
    return True


def _waivable(error: BookingRefused) -> bool:
    return bool(error.reasons) and all(reason.waivable for reason in error.reasons)


def _sent(request: ViewedRequest, booking: Booking) -> HttpResponse:
    messages.success(request, _("Sent. Each owner answers for its own things; you will hear."))
    return redirect("frontend:booking", booking.uid)


def _units(request: ViewedRequest, whole: WholeBooking, reader: Reader) -> HttpResponse:
    line = uid_sent(request.POST.get("line"))
    form = UnitsForm(request.POST)
    if form.is_valid():
        try:
            change_units(by=reader.viewer, line=line, units=form.cleaned_data["units"])
            return redirect(HERE)
        except Invalid as error:
            into_form(form, error)
    return _shown(request, whole, reader, wrong_units={line: form}, status=422)


def _shown(
    request: ViewedRequest,
    whole: WholeBooking,
    reader: Reader,
    *,
    dates: DatesForm | None = None,
    text: DescriptionForm | None = None,
    check: Check | None = None,
    wrong_units: Mapping[UUID, UnitsForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    zone = _zone(whole)
    context: dict[str, Any] = {
        "page": present(
            whole,
            check or _checked(whole, reader),
            reader=reader,
            zone=zone,
            wrong_units=wrong_units or {},
            expected=expected_answers(
                {line.resource_id for line in whole.lines}, now=reader.viewer.now
            ),
        ),
        "dates": dates or DatesForm(initial=dates_of(whole.lines[0], zone), zone=zone),
        "text": text or DescriptionForm(initial=description_of(whole.booking), needs=_needs(whole)),
        "anyway": request.POST.get("ask_anyway", ""),
    }
    return render(request, "frontend/request.html", context, status=status)


def _checked(whole: WholeBooking, reader: Reader) -> Check | None:
    """The engine's answer to the request as it stands; None where something in it went away."""
    assert reader.acting is not None
    uids = {line.resource_id: line.resource.uid for line in whole.lines}
    wish = wish_of(whole.booking, list(whole.lines), uids=uids)
    try:
        return check_booking(by=reader.viewer, institution=reader.acting, wish=wish)
    except (NotFound, Invalid):
        return None


def _needs(whole: WholeBooking | None) -> tuple[str, ...]:
    """What the owners of all that is in it want to know."""
    lines = whole.lines if whole is not None else ()
    return tuple(dict.fromkeys(name for one in lines for name in one.resource.needs_from_asker))


def _zone(whole: WholeBooking) -> ZoneInfo:
    return ZoneInfo(whole.lines[0].zone)
