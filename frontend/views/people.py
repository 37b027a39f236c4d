"""The people of our institution: who belongs to it, in which role, whom we invited."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.membership.queries import invitations_of, members_of
from cooperative.membership.services.invitations import invite, revoke_invitation
from cooperative.membership.services.members import change_role, end_membership
from frontend.forms.fields import into_form
from frontend.forms.people import InviteForm
from frontend.presenters.lines import language
from frontend.presenters.people import invitations, members

from .doors import in_a_house
from .keepers import for_managers


@require_http_methods(["GET", "POST"])
@in_a_house
def index(request: ViewedRequest) -> HttpResponse:
    """Everybody of the house reads it; managers invite here."""
    viewer, house = request.viewer, request.institution
    if not house:
        raise NotFound
    form = InviteForm(
        request.POST if request.method == "POST" else None, initial={"language": language()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            invite(by=viewer, institution=house.uid, **form.cleaned_data)
        except Invalid as error:
            into_form(form, error)
        except Conflict as error:
            form.add_error("email", str(error.message))
        else:
            messages.success(
                request,
                _("Invited: %(email)s gets a mail with a link that is valid for 14 days.")
                % {"email": form.cleaned_data["email"]},
            )
            return redirect("frontend:people")
    manages = viewer.may("manager", house.id)
    context = {
        "house": house.name,
        "manages": manages,
        "members": members(list(members_of(viewer, house.uid)), me=viewer.person),
        "invitations": invitations(
            list(invitations_of(viewer, house.uid)), now=viewer.now, zone=house.time_zone
        )
        if manages
        else (),
        "form": form if manages else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "frontend/people.html", context, status=status)


@require_POST
@in_a_house
def member(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Change a role, or end a membership (one's own too)."""
    try:
        if request.POST.get("action") == "end":
            end_membership(by=request.viewer, membership=uid)
            messages.success(request, _("They no longer belong to the institution."))
        else:
            change_role(by=request.viewer, membership=uid, role=request.POST.get("role", ""))
            messages.success(request, _("Saved."))
    except (Conflict, Invalid) as error:
        messages.error(request, str(error.message))
    return redirect("frontend:people")


@require_POST
@in_a_house
@for_managers
def invited(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Send an invitation again, or take it back."""
    house = request.institution
    try:
        if request.POST.get("action") == "again" and house:
            rows = invitations_of(request.viewer, house.uid)
            row = rows.filter(uid=uid).first()
            if row is None:
                raise NotFound
            invite(
                by=request.viewer,
                institution=house.uid,
                email=row.email,
                role=row.role,
                language=row.language,
            )
            messages.success(
                request,
                _("Renewed for 14 days. A mail goes out unless one went within the hour."),
            )
        else:
            revoke_invitation(by=request.viewer, invitation=uid)
            messages.success(request, _("Taken back: the link no longer works."))
    except Conflict as error:
        messages.error(request, str(error.message))
    return redirect("frontend:people")
