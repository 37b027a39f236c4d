"""The people of our institution: who belongs to it, in which role, whom we invited."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.membership.queries import invitations_of, members_of
from cooperative.membership.services.away import set_away
from cooperative.membership.services.invitations import invite, revoke_invitation
from cooperative.membership.services.members import change_role, end_membership
from frontend.forms.fields import into_form
from frontend.forms.people import AwayForm, InviteForm
from frontend.presenters.lines import language
from frontend.presenters.people import away_form, invitations, members

from .doors import in_a_house, way_back
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
    return _page(request, form=form, status=422 if request.method == "POST" else 200)


def _page(
    request: ViewedRequest,
    *,
    form: InviteForm | None = None,
    away: Mapping[UUID, AwayForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, house = request.viewer, request.institution
    if not house:
        raise NotFound
    manages = viewer.may("manager", house.id)
    form = form or InviteForm(initial={"language": language()})
    context = {
        "house": house.name,
        "manages": manages,
        "members": members(
            list(members_of(viewer, house.uid)),
            me=viewer.person,
            now=viewer.now,
            manages=manages,
            typed=away or {},
        ),
        "invitations": invitations(
            list(invitations_of(viewer, house.uid)), now=viewer.now, zone=house.time_zone
        )
        if manages
        else (),
        "form": form if manages else None,
    }
    return render(request, "frontend/people.html", context, status=status)


@require_POST
@in_a_house
def away(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Say that a member is away, and who stands in."""
    house = request.institution
    rows = list(members_of(request.viewer, house.uid)) if house else []
    row = next((one for one in rows if one.uid == uid), None)
    if row is None:
        raise NotFound
    form = away_form(row, request.POST, among=rows)
    if form.is_valid():
        deputy = form.cleaned_data["deputy"]
        try:
            set_away(
                by=request.viewer,
                membership=uid,
                from_on=form.cleaned_data["first"],
                until_on=form.until_on,
                deputy=UUID(deputy) if deputy else None,
            )
        except Invalid as error:
            into_form(form, error, {"from_on": "first", "until_on": "last"})
        else:
            messages.success(request, _("Saved."))
            return redirect(way_back(request, "frontend:people"))
    return _page(request, away={uid: form}, status=422)


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
