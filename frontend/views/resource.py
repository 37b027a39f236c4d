"""The page of a listing, its ask panel, and the check while one types."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import BookingRefused
from bookings.services.drafts import add_line
from bookings.services.request.sending import request_booking
from bookings.services.request.stored import Requested
from bookings.wishes import BookingWish, LineWish
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Forbidden, Invalid
from frontend.forms.asking import AskForm
from frontend.forms.fields import day_or_none
from frontend.forms.repeating import RepeatForm
from frontend.presenters.asking import refused_by, sent_series
from frontend.presenters.reader import Reader, reader_of

from .doors import kindly, signed_in
from .once import once
from .resource_answer import answer_to
from .resource_page import calendar_of, holidays_near, shown_page
from .resource_seen import Seen, seen_by


@require_http_methods(["GET", "HEAD", "POST"])
@once
@kindly
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The page; POST asks (`do`: ask, anyway, second), gathers (`add`), checks (`check`) or fills the form (`fill`)."""
    if request.method != "POST":
        typed = {name: str(value) for name, value in request.GET.items()}
        seen = seen_by(reader_of(request), uid, typed)
        known = {name: value for name, value in typed.items() if name in seen.panel.names}
        return shown_page(request, seen, known)
    return _posted(request, uid)


@signed_in
def _posted(request: ViewedRequest, uid: UUID) -> HttpResponse:
    reader = reader_of(request)
    if reader.acting is None:
        raise Forbidden(_("You do not act for an institution yet."))
    do = request.POST.get("do", "ask")
    data = request.POST.copy()
    if do == "second":
        data["second_in_line"] = "on"
    if do != "anyway":
        data["ask_anyway"] = ""
    seen = seen_by(reader, uid, data)
    form = seen.panel.form(data, sending=do in {"ask", "anyway", "second"})
    if do in {"fill", "check"}:
        looked_at = form if do == "check" and not form.half else None
        return shown_page(request, seen, data, form=looked_at)
    repeat = seen.repeat(data)
    if not form.is_valid() or not repeat.is_valid():
        return shown_page(request, seen, data, form=form, status=422)
    if repeat.active and seen.how == "times":
        return _posted_series(request, seen, form, repeat, data)
    lines = form.with_beside(form.line_wish(uid))
    try:
        if do == "add":
            return _gathered(request, reader, lines)
        booking = _ask(reader, form, lines=lines, once=True).booking
    except BookingRefused as error:
        answer = refused_by(error, form, reader=reader, title=seen.title)
        return shown_page(request, seen, data, form=form, answer=answer, status=409)
    except Invalid as error:
        form.take_refusal(error)
        return shown_page(request, seen, data, form=form, status=422)
    told = _("Sent. You will hear as soon as its owner answers.")
    if booking.state == "confirmed":
        told = _("It is yours: confirmed at once.")
    elif lines[0].waiting_list:
        told = _("Noted. When it comes free you hear of it, and it is kept for you for some hours.")
    messages.success(request, told)
    return redirect("frontend:booking", booking.uid)


def _gathered(request: ViewedRequest, reader: Reader, lines: tuple[LineWish, ...]) -> HttpResponse:
    for line in lines:
        add_line(by=reader.viewer, wish=line)
    messages.success(request, _("It is in your request now. Add more, or send it."))
    return redirect("frontend:request")


def _posted_series(
    request: ViewedRequest, seen: Seen, form: AskForm, repeat: RepeatForm, data: QueryDict
) -> HttpResponse:
    """Ask for every date, each for itself; what is taken is told and watched."""
    reader, uid = reader_of(request), seen.listing.resource.uid
    again: dict[str, Any] = {"form": form, "repeat": repeat}
    try:
        wish = form.series_wish(uid, repeat)
        if repeat.errors:
            return shown_page(request, seen, data, status=422, **again)
        asked = _ask(reader, form, series=(wish,), all_or_nothing=False)
    except BookingRefused:
        return shown_page(request, seen, data, status=409, **again)
    except Invalid as error:
        if not repeat.errors:
            form.take_refusal(error)
        return shown_page(request, seen, data, status=422, **again)
    messages.success(request, sent_series(asked))
    return redirect("frontend:booking", asked.booking.uid)


def _ask(reader: Reader, form: AskForm, **wanted: Any) -> Requested:
    """Send what the form says; `wanted` are lines or series, and how."""
    assert reader.acting is not None
    found = form.cleaned_data
    return request_booking(
        by=reader.viewer,
        institution=reader.acting,
        wish=BookingWish(
            **form.description(),
            ask_anyway=found.get("ask_anyway", ""),
            **wanted,
        ),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def check(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The answer of the panel alone, while one types."""
    reader = reader_of(request)
    if request.method == "GET":
        return redirect("frontend:resource", uid)
    seen = seen_by(reader, uid, request.POST)
    form = seen.panel.form(request.POST)
    day = day_or_none(request.POST.get("date"))
    context: dict[str, Any] = {
        "answer": answer_to(seen, form, reader, seen.repeat(request.POST)),
        "holidays": holidays_near(seen.listing, reader, day),
        "uid": uid,
    }
    moved = day is not None and request.POST.get("shown", day.isoformat()) != day.isoformat()
    if day is not None and moved and seen.how == "times":
        # The calendar follows the day that was typed.
        context["calendar"] = calendar_of(seen.listing, day, request.POST, reader, asking=True)
        context["shown"] = day.isoformat()
    return render(request, "frontend/resource.html#checked", context)
