"""Asking for a length in a period: its owner answers with times."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import BookingRefused
from bookings.queries.listing import listing_for
from bookings.services.request.sending import request_booking
from bookings.wishes import BookingWish
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Forbidden, Invalid
from frontend.forms.period import PeriodForm
from frontend.presenters.reader import reader_of
from frontend.presenters.refusal import reason_items
from frontend.views.doors import signed_in
from frontend.views.once import once
from sharing.queries.texts import text_for


@require_http_methods(["GET", "HEAD", "POST"])
@once
@signed_in
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The form; POST asks."""
    reader = reader_of(request)
    if reader.acting is None:
        raise Forbidden(_("You do not act for an institution yet."))
    listing = listing_for(viewer=reader.viewer, uid=uid)
    needs = listing.resource.needs_from_asker
    data = request.POST if request.method == "POST" else None
    form = PeriodForm(data, zone=listing.zone, needs=needs)
    context: dict[str, Any] = {
        "form": form,
        "what": text_for(listing.resource.texts.all(), reader.language).title,
        "who": str(listing.resource.owner),
        "back": reverse("frontend:resource", args=[uid]),
    }
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            wish = BookingWish(
                lines=(form.line_wish(uid),),
                **form.description(),
            )
            try:
                made = request_booking(by=reader.viewer, institution=reader.acting, wish=wish)
                messages.success(request, _("Sent. Its owner answers with times to choose from."))
                return redirect("frontend:booking", made.booking.uid)
            except BookingRefused as error:
                context["reasons"] = reason_items(error.reasons, reader=reader, zone=listing.zone)
                status = 409
            except Invalid as error:
                form.take_refusal(error)
    return render(request, "frontend/period.html", context, status=status)
