"""Who hears of requests for one of our things, or for all that it is looked after with."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid
from frontend.forms.fields import into_form
from frontend.forms.people import KeepersForm
from frontend.presenters.people import heard_by
from sharing.models import Resource
from sharing.queries.keepers import Keepers, keepers_of
from sharing.services.keepers import set_keepers

from .doors import in_a_house
from .keepers import for_keepers
from .thing import head_of, listing_of


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def index(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The names, and the group; saved together."""
    listing = listing_of(request, uid)
    known = keepers_of(request.viewer, listing)
    data = request.POST if request.method == "POST" else None
    people = [(str(one.person.uid), str(one.person)) for one in known.members]
    form = KeepersForm(data, people=people, initial=_initial(listing, known))
    if data is not None and form.is_valid():
        try:
            set_keepers(
                by=request.viewer,
                resource=uid,
                people=[UUID(one) for one in form.cleaned_data["keepers"]],
                whole_group=form.cleaned_data["whole_group"],
                group=form.cleaned_data["group"],
            )
        except Invalid as error:
            into_form(form, error)
        except Conflict as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("frontend:thing-keepers", uid)
    context = {
        "head": head_of(request, listing, "thing"),
        "form": form,
        "groups": [group.name for group in known.groups],
        "hear": heard_by(known),
    }
    return render(
        request, "frontend/thing_keepers.html", context, status=200 if data is None else 422
    )


def _initial(listing: Resource, known: Keepers) -> dict[str, object]:
    by_id = {one.person_id: str(one.person.uid) for one in known.members}
    named = known.named or known.of_group
    return {
        "group": listing.group.name if listing.group is not None else "",
        "keepers": [by_id[one] for one in named if one in by_id],
        "whole_group": bool(known.of_group) and not known.named,
    }
