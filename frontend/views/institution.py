"""The page of an institution, and what its managers change on it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, Stale
from cooperative.institutions.models import Institution
from cooperative.institutions.permissions import may_edit, must_edit
from cooperative.institutions.queries import institution
from cooperative.institutions.services.houses import edit_institution
from frontend.forms.fields import into_form
from frontend.forms.institution import InstitutionForm
from frontend.presenters.institution import (
    facts_of,
    hours_of,
    initial_of,
    things_of,
)
from sharing.models import Resource
from sharing.queries.hours import week, weekly_rows
from sharing.queries.listings import with_parts_shown

from .doors import kindly, signed_in

MOST_THINGS = 60


@require_GET
@kindly
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Who they are, where, how accessible, and what of theirs the reader may see."""
    viewer = request.viewer
    house = institution(viewer, uid)
    things = with_parts_shown(
        Resource.objects.visible_to(viewer).filter(owner=house, state="published")
    ).order_by("sort_key", "id")[:MOST_THINGS]
    today = viewer.now.date()
    context = {
        "house": house,
        "facts": facts_of(house),
        "hours": hours_of(week(weekly_rows(institution=house.pk), on=today)),
        "cards": things_of(list(things)),
        "may_edit": may_edit(viewer, house),
        "own": house.pk in viewer.institutions,
    }
    return render(request, "frontend/institution.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Change it, knowing of who changed it meanwhile."""
    house = institution(request.viewer, uid)
    must_edit(request.viewer, house)
    form = InstitutionForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(house),
        country=house.country,
    )
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            edit_institution(
                by=request.viewer,
                institution=uid,
                version=form.cleaned_data["version"],
                **form.changes(),
            )
        except Stale:
            form, status = _stale(request, form, house), 409
        except Invalid as error:
            into_form(form, error)
        except Conflict as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("frontend:institution", uid)
    context = {"form": form, "house": house}
    return render(request, "frontend/institution_edit.html", context, status=status)


def _stale(request: ViewedRequest, form: InstitutionForm, house: Institution) -> InstitutionForm:
    now = initial_of(house)
    data = request.POST.copy()
    data["version"] = str(now["version"])
    fresh = InstitutionForm(data, country=house.country)
    fresh.is_valid()
    for name, typed in form.cleaned_data.items():
        there = now.get(name, "")
        if name != "version" and str(typed or "") != str(there or ""):
            there = dict(getattr(fresh.fields[name], "choices", ())).get(there, there)
            fresh[name].help_text = format_html(
                '<strong class="theirs">{}</strong>',
                _("Now it says: %(there)s") % {"there": there or _("nothing")},
            )
    fresh.add_error(
        None,
        _(
            "Somebody else changed this meanwhile. What you typed is still here; where it differs, "
            "the field says what stands there now. Save again to keep yours."
        ),
    )
    return fresh
