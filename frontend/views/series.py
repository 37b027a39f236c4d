"""What repeats: this and following changed or called off, and dates that are watched."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bookings.errors import BookingRefused
from bookings.queries.overview import booking_for
from bookings.queries.series import WholeSeries, series_for, series_of
from bookings.recurrence import sentence
from bookings.services.series.change_plan import ChangedSeries
from bookings.services.series.changing import change_series
from bookings.services.series.ending import end_series
from bookings.services.series.watching import leave_watch
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from frontend.forms.fields import into_form
from frontend.forms.series import ChangeSeriesForm, EndSeriesForm, as_it_is
from frontend.presenters.moments import day_label
from frontend.presenters.reader import Reader, reader_of
from frontend.presenters.refusal import reason_items
from frontend.presenters.series import counts_of, dates_to_come
from frontend.presenters.texts import counted, line_title
from frontend.views.doors import signed_in, way_back
from frontend.views.once import once


@require_http_methods(["GET", "HEAD", "POST"])
@once
@signed_in
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """This and following; POST says in `do` what is done: change or end."""
    reader = reader_of(request)
    whole = _whole(reader, uid)
    booking = whole.series.booking
    assert booking is not None
    dates = dates_to_come(whole, reader=reader)
    lender = whole.lines[0].lender_id
    borrowing = reader.viewer.may("staff", booking.borrower_id)
    keeping = reader.viewer.may("keeper", lender)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    since = next(
        (day for day, _words in dates if day.isoformat() == request.GET.get("since")), None
    )
    first = since or (dates[0][0] if dates else None)
    change = ChangeSeriesForm(
        request.POST if do == "change" else None,
        dates=dates,
        series=whole.series,
        counted=counted(whole.lines[0].resource),
        initial=as_it_is(whole.series, first),
        prefix="change",
    )
    end = EndSeriesForm(
        request.POST if do == "end" else None,
        dates=dates,
        needs_reason=not borrowing,
        initial={"since": first.isoformat() if first else ""},
        prefix="end",
    )
    context: dict[str, Any] = {
        "title": line_title(whole.lines[0], reader.language),
        "sentence": sentence(whole.repetition),
        "counts": counts_of(whole.lines, whole.watches),
        "dates": dates,
        "change": change if borrowing or (keeping and booking.borrower_id is None) else None,
        "end": end if borrowing or keeping else None,
        "back": reverse("frontend:booking", args=[booking.uid]),
    }
    status = 200
    if do == "change" and context["change"] is not None:
        status = _changed(request, whole, change, reader, context)
    elif do == "end" and context["end"] is not None:
        status = _ended(request, whole, end, reader)
    if status == 302:
        return redirect("frontend:booking", booking.uid)
    return render(request, "frontend/series.html", context, status=status)


def _whole(reader: Reader, uid: UUID) -> WholeSeries:
    """The series with its dates. Raises `NotFound` also where all of its dates went to another."""
    row = series_for(viewer=reader.viewer, uid=uid)
    assert row.booking is not None
    booked = booking_for(viewer=reader.viewer, uid=row.booking.uid)
    found = series_of([booked.booking.pk], booked.lines, viewer=reader.viewer)
    whole = next((one for one in found.get(booked.booking.pk, ()) if one.series.pk == row.pk), None)
    if whole is None or not whole.lines:
        raise NotFound
    whole.series.booking = booked.booking
    return whole


def _changed(
    request: ViewedRequest,
    whole: WholeSeries,
    form: ChangeSeriesForm,
    reader: Reader,
    context: dict[str, Any],
) -> int:
    """Change it; 302 where that was done."""
    if not form.is_valid():
        return 422
    try:
        done = change_series(
            by=reader.viewer,
            series=whole.series.uid,
            since=form.first,
            change=form.change,
            note=form.cleaned_data["note"],
        )
    except BookingRefused as error:
        zone = ZoneInfo(whole.series.zone)
        context["reasons"] = reason_items(error.reasons, reader=reader, zone=zone, dated=True)
        return 409
    except Conflict as error:
        form.add_error(None, str(error.message))
        return 409
    except Invalid as error:
        form.take_refusal(error)
        return 422
    for level, words in _told(done):
        messages.add_message(request, level, words)
    return 302


def _told(done: ChangedSeries) -> list[tuple[int, str]]:
    """What became of a change, in a few sentences: nobody wonders about a date."""
    said = []
    moved = len(done.moved) + len(done.added)
    if moved:
        words = ngettext(
            "%(count)d date has its new time.", "%(count)d dates have their new time.", moved
        )
        said.append((messages.SUCCESS, words % {"count": moved}))
    if done.asked:
        words = ngettext(
            "%(count)d date keeps its time until its owner agrees to the new one.",
            "%(count)d dates keep their time until their owner agrees to the new one.",
            len(done.asked),
        )
        said.append((messages.INFO, words % {"count": len(done.asked)}))
    for one in done.kept:
        why = " ".join(str(reason.message) for reason in one.reasons[:1])
        words = _("%(day)s stays as it was: %(why)s")
        said.append((messages.WARNING, words % {"day": _old_day(one.line.local_date), "why": why}))
    for no in done.refused:
        why = " ".join(str(reason.message) for reason in no.reasons[:1])
        words = _("%(day)s could not be added: %(why)s")
        said.append((messages.WARNING, words % {"day": _old_day(no.on), "why": why}))
    return said


def _old_day(day: date | None) -> str:
    return day_label(day) if day is not None else ""


def _ended(request: ViewedRequest, whole: WholeSeries, form: EndSeriesForm, reader: Reader) -> int:
    """Call it off; 302 where that was done."""
    if not form.is_valid():
        return 422
    try:
        end_series(
            by=reader.viewer,
            series=whole.series.uid,
            since=form.first,
            reason=form.cleaned_data["reason"],
        )
    except Conflict as error:
        form.add_error(None, str(error.message))
        return 409
    except Invalid as error:
        into_form(form, error)
        return 422
    messages.success(request, _("Called off from that date on. The other side is told once."))
    return 302


@require_POST
@signed_in
def leave(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Watch a date no longer."""
    reader = reader_of(request)
    watch = leave_watch(by=reader.viewer, watch=uid)
    messages.success(request, _("This date is watched no longer."))
    return redirect(way_back(request, "frontend:booking", watch.booking.uid))
