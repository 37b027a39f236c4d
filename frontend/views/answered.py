"""What no answer came to in time: whoever asked waits on, or lets it go."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.services.actions import act_on_booking
from bookings.services.answer_times import keep_waiting
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict

from .doors import signed_in
from .sent import uid_sent


@require_POST
@signed_in
def not_answered(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """`do` = keep waiting, or let go of what one owner has not answered."""
    lender = uid_sent(request.POST.get("lender"))
    try:
        if request.POST.get("do") == "let_go":
            act_on_booking(by=request.viewer, booking=uid, action="withdraw", unanswered_by=lender)
            messages.success(request, _("Let go: its owner is told."))
        else:
            keep_waiting(by=request.viewer, booking=uid, lender=lender)
            messages.success(
                request,
                _("You wait on. Its owner is reminded; we ask you again in three working days."),
            )
    except Conflict as error:
        messages.info(request, str(error.message))
    return redirect("frontend:booking", uid)
