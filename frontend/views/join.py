"""Applying as an institution, and where the application stands."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid
from cooperative.institutions.queries import applications_of
from cooperative.institutions.services.applications import apply
from frontend.forms.fields import into_form
from frontend.forms.institution import JoinForm
from frontend.presenters.join import standing_of

from .doors import signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def index(request: ViewedRequest) -> HttpResponse:
    """The form, and above it what was applied for already."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        message = data.pop("message")
        try:
            apply(by=request.viewer, message=message, **data)
        except Invalid as error:
            into_form(form, error)
        except Conflict as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Sent. The moderators answer, and you are told by e-mail."))
            return redirect("frontend:join")
    standing = standing_of(list(applications_of(request.viewer)[:10]))
    context = {"form": form, "applications": standing, "asked": any(one.open for one in standing)}
    status = 422 if request.method == "POST" else 200
    return render(request, "frontend/join.html", context, status=status)
