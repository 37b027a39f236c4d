"""Who comes on the places of a booking, and giving one of them back."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.queries.overview import line_for
from bookings.queries.seats import seat_for, seats_of
from bookings.services.seats import drop_seat, set_seats
from bookings.spans import Span
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound, Stale
from frontend.forms.dates import SeatRows
from frontend.presenters.reader import reader_of
from frontend.presenters.seats import seat_list
from frontend.presenters.texts import line_words
from frontend.views.doors import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def names(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The places of one line; POST writes who comes."""
    reader = reader_of(request)
    line = line_for(viewer=reader.viewer, uid=uid)
    back = f"{reverse('frontend:booking', args=[line.booking.uid])}#who-{line.uid}"
    rows = SeatRows(request.POST, prefix="seats") if request.method == "POST" else None
    status = 200
    if rows is not None:
        status = 422
        if rows.is_valid():
            try:
                seen = request.POST.get("seen") or None
                set_seats(by=reader.viewer, line=uid, seats=rows.wishes, seen=seen)
                messages.success(request, _("Saved. Both sides see who comes."))
                return redirect(back)
            except Invalid as error:
                rows.take_refusal(error)
            except Stale:
                said = _("Somebody else wrote here meanwhile. Look at the list and save again.")
                rows.non_form_errors().append(said)
                status = 409
            except Conflict as error:
                messages.error(request, str(error.message))
                return redirect(back)
    seats = seats_of([line], viewer=reader.viewer).get(line.pk, [])
    found = seat_list(line, line.booking, seats, reader.viewer, rows=rows, whole=True)
    if found is None:
        raise NotFound
    context = {
        "list": found,
        "what": line_words(line, reader.language),
        "when": reader.clock.span(Span(line.use_starts_at, line.use_ends_at), ZoneInfo(line.zone)),
        "back": back,
    }
    return render(request, "frontend/seats.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def drop(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Giving one place back: a small page that says what it means; POST does it."""
    reader = reader_of(request)
    seat = seat_for(viewer=reader.viewer, uid=uid)
    line = line_for(viewer=reader.viewer, uid=seat.line.uid)
    back = f"{reverse('frontend:booking', args=[line.booking.uid])}#who-{line.uid}"
    if request.method == "POST":
        try:
            drop_seat(by=reader.viewer, seat=uid)
            messages.success(
                request, _("The place is free for others. The rest of the booking stays.")
            )
        except Conflict as error:
            messages.error(request, str(error.message))
        return redirect(back)
    context = {
        "title": _("Give one place back"),
        "text": _(
            "It is free for others at once; the other places stay yours. The other side is told."
        ),
        "grave": True,
        "what": ", ".join(one for one in (seat.name, line_words(line, reader.language)) if one),
        "when": reader.clock.span(Span(line.use_starts_at, line.use_ends_at), ZoneInfo(line.zone)),
        "who": "",
        "form": "",
        "back": back,
        "possible": seat.dropped_at is None,
    }
    return render(request, "frontend/booking_action.html", context)
