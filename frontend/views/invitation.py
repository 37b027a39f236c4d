"""The link in an invitation's mail: what it invites to, and coming in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cooperative.access.middleware import ViewedRequest
from cooperative.access.standing import SESSION_KEY
from cooperative.errors import DomainError
from cooperative.membership.errors import InvitationOfSomebodyElse
from cooperative.membership.queries import has_address, invitation_by_token
from cooperative.membership.services.invitations import accept_invitation
from frontend.forms.people import ROLES
from frontend.presenters.moments import moment_label

from .doors import kindly


@require_http_methods(["GET", "POST"])
@kindly
def show(request: ViewedRequest, token: str) -> HttpResponse:
    """What one is invited to; a POST by who is signed in accepts."""
    if request.method == "POST" and request.user.is_authenticated:
        try:
            member = accept_invitation(by=request.viewer, token=token)
        except InvitationOfSomebodyElse as error:
            return _problem(request, error, other=True)
        except DomainError as error:
            return _problem(request, error)
        request.session[SESSION_KEY] = str(member.institution.uid)
        messages.success(
            request, _("Welcome. You act for %(house)s now.") % {"house": member.institution}
        )
        return redirect("frontend:desk")
    try:
        found = invitation_by_token(token, now=request.viewer.now)
    except DomainError as error:
        return _problem(request, error)
    mine = has_address(request.viewer.person, found.email)
    context = {
        "house": found.institution,
        "by": found.invited_by.name if found.invited_by is not None else "",
        "role": dict(ROLES)[found.role],
        "until": moment_label(found.expires_at, found.institution.time_zone),
        "email": found.email if mine else hinted(found.email),
        "mine": mine,
        "signed_in_as": getattr(request.user, "email", ""),
        "here": request.path,
    }
    return render(request, "frontend/invitation.html", context)


def hinted(email: str) -> str:
    """Enough of an address for its owner to know it, too little for somebody else to write to it."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _problem(request: ViewedRequest, error: DomainError, *, other: bool = False) -> HttpResponse:
    context = {
        "problem": error.message,
        "other": other,
        "here": request.path,
        "signed_in_as": getattr(request.user, "email", ""),
    }
    return render(request, "frontend/invitation.html", context, status=error.status)
