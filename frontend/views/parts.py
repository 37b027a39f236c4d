"""What one of our things is made of, and what it comes with: only with, or well with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import WouldHit
from bookings.queries.composition import (
    Belonging,
    belongings_of,
    tag_of_companions,
    tag_of_parts,
)
from bookings.services.composition.companions import set_companions
from bookings.services.composition.parts import change_parts
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound, Stale
from frontend.forms.composition import CompanionRows, PartRows
from frontend.presenters.belonging import of_kind, own_things
from sharing.models import CompanionKind, Resource
from sharing.queries.listings import of_house

from .doors import in_a_house
from .keepers import for_keepers
from .thing import head_of, in_the_way, listing_of

PART_KINDS = ("exclusive", "pooled")
COMPANION_KINDS = ("exclusive", "pooled", "metered", "giveaway")


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def index(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Two lists, each saved by itself. Saving the old list takes a change back."""
    listing = listing_of(request, uid)
    if listing.kind == "open":
        raise NotFound
    belongings = belongings_of(listing, viewer=request.viewer)
    things = [one for one in of_house(request.viewer, listing.owner_id) if one.pk != listing.pk]
    saving = request.POST.get("action", "") if request.method == "POST" else ""
    rows: dict[str, Any] = {
        "parts": PartRows(
            request.POST if saving == "parts" else None,
            initial=_initial(belongings, "part"),
            prefix="parts",
            form_kwargs={"own": own_things(things, kinds=PART_KINDS)},
        ),
        "companions": CompanionRows(
            request.POST if saving == "companions" else None,
            initial=_initial(belongings, *CompanionKind.values),
            prefix="companions",
            form_kwargs={"own": own_things(things, kinds=COMPANION_KINDS)},
        ),
    }
    context: dict[str, Any] = {"hits": (), "stale": ""}
    if saving in rows and rows[saving].is_valid():
        try:
            _save(request, listing, saving, rows[saving])
        except WouldHit as error:
            context["hits"] = in_the_way(request, error.lines)
        except Invalid as error:
            rows[saving].take_refusal(error)
        except Stale:
            context["stale"] = saving
        except Conflict as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("frontend:thing-parts", uid)
    context |= rows | {
        "head": head_of(request, listing, "thing-parts"),
        "wholes": of_kind(belongings, "whole", own=True),
        "now": [one.title for one in of_kind(belongings, "part")]
        if saving == "parts"
        else [one.title for kind in CompanionKind.values for one in of_kind(belongings, kind)],
        "may_have_parts": listing.kind == "exclusive",
        "seen": {"parts": tag_of_parts(listing.pk), "companions": tag_of_companions(listing.pk)},
    }
    status = 200
    if request.method == "POST":
        status = 409 if context["hits"] or context["stale"] else 422
    return render(request, "frontend/thing_parts.html", context, status=status)


def _initial(belongings: list[Belonging], *kinds: str) -> list[dict[str, Any]]:
    return [
        {"resource": str(one.resource), "units": one.units, "kind": one.kind}
        for one in belongings
        if one.kind in kinds
    ]


def _save(request: ViewedRequest, listing: Resource, saving: str, rows: Any) -> None:
    seen = request.POST.get("seen") or None
    if saving == "parts":
        change_parts(by=request.viewer, resource=listing.uid, parts=rows.parts, seen=seen)
    else:
        set_companions(
            by=request.viewer, resource=listing.uid, companions=rows.companions, seen=seen
        )
