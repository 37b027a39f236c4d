"""The page on which a booking's description is corrected."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.permissions import may_correct
from bookings.queries.overview import booking_for
from bookings.services.correcting import correct
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Forbidden, Invalid, Stale
from frontend.forms.correcting import CorrectForm
from frontend.presenters.reach import reach_of
from frontend.presenters.reader import reader_of
from frontend.presenters.texts import booking_title

from .doors import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The form; POST saves it, or says that somebody else was quicker and keeps what was typed."""
    whole = booking_for(viewer=request.viewer, uid=uid)
    if not may_correct(whole.booking, request.viewer):
        raise Forbidden
    data = request.POST.copy() if request.method == "POST" else None
    form = CorrectForm(data, booking=whole.booking)
    status = 200
    if data is not None:
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"]
            try:
                found = correct(by=request.viewer, booking=uid, version=version, **form.wanted)
            except Invalid as error:
                form.take_refusal(error)
            except Stale as error:
                again = data.copy()
                again["version"] = str(whole.booking.version)
                form = CorrectForm(again, booking=whole.booking)
                form.add_error(None, f"{error.message}.")
                status = 409
            else:
                reach = reach_of(found)
                told = (
                    f"{_('Corrected.')} {reach}"
                    if reach
                    else _("Corrected. The other side hears of it.")
                )
                messages.success(request, told)
                return redirect("frontend:booking", uid)
    context = {
        "form": form,
        "what": booking_title(whole.booking, list(whole.lines), reader_of(request).language),
        "back": reverse("frontend:booking", args=[uid]),
        "reach": reach_of(whole.booking),
    }
    return render(request, "frontend/correct.html", context, status=status)
