"""The label on a case: a QR code that opens the thing, for who keeps it where it is handed out and taken back."""

from __future__ import annotations

from uuid import UUID

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cooperative.access.middleware import ViewedRequest
from frontend.presenters.listing import title_of
from notifications.links import absolute
from sharing.models import Resource

from .doors import in_a_house, signed_in
from .keepers import for_keepers
from .thing import head_of, listing_of


@require_GET
@in_a_house
@for_keepers
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The label of a thing, to print and to stick on its case."""
    listing = listing_of(request, uid)
    address = absolute(reverse("frontend:scan", args=[uid]))
    code = segno.make(address, error="m", micro=False)
    context = {
        "head": head_of(request, listing, "edit"),
        "thing": listing,
        "title": title_of(listing),
        "code": code.svg_data_uri(scale=6, border=2),
        "address": address,
    }
    return render(request, "frontend/label.html", context)


@require_GET
@signed_in
def scan(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Where the code leads: its keepers to what goes out and comes back of it, everybody else to its page."""
    owner = (
        Resource.objects.visible_to(request.viewer).filter(uid=uid).values_list("owner", flat=True)
    ).first()
    ours = request.institution and request.institution.id == owner
    if ours and request.viewer.may("keeper", owner):
        return redirect(f"{reverse('frontend:today')}?thing={uid}")
    return redirect("frontend:resource", uid)
