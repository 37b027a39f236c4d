"""What an agreed thing costs, said or lowered by its owner after the yes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.permissions import may_name_fee
from bookings.queries.overview import line_for
from bookings.services.fees import name_fee
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Forbidden, Invalid
from frontend.forms.answers import FeeForm
from frontend.presenters.fees import agreed_words
from frontend.presenters.lines import when, who
from frontend.presenters.reader import reader_of
from frontend.presenters.texts import line_words

from .doors import signed_in, way_back


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """A small page that asks for the amount; POST says it."""
    reader = reader_of(request)
    line = line_for(viewer=reader.viewer, uid=uid)
    if not reader.viewer.may("keeper", line.lender_id):
        raise Forbidden
    back = way_back(request, "frontend:booking", line.booking.uid)
    data = request.POST if request.method == "POST" else None
    form = FeeForm(data, line=line)
    unsaid = line.fee_amount is None
    context = {
        "title": _("Say what it costs") if unsaid else _("Lower the fee"),
        "text": agreed_words(line),
        "what": line_words(line, reader.language),
        "when": when(line),
        "who": who(line.booking),
        "form": form,
        "back": back,
        "possible": may_name_fee(line, reader.viewer),
    }
    status = 200
    if data is not None:
        status = 422
        if form.is_valid():
            try:
                name_fee(by=reader.viewer, line=uid, **form.said)
            except Invalid as error:
                form.take_refusal(error)
            except Conflict as error:
                context.update(possible=False, why_not=error.message)
                status = 409
            else:
                messages.success(request, _("Said. The other side is told now."))
                return redirect(back)
    return render(request, "frontend/booking_action.html", context, status=status)
