"""The first page: what this is, in one screen."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bookings.queries.search import Wanted, search
from cooperative.access.middleware import ViewedRequest
from cooperative.institutions.queries import applications_of
from frontend.presenters.addresses import address
from frontend.presenters.catalogue import cards
from frontend.presenters.reader import reader_of
from frontend.views.doors import kindly
from sharing.queries.catalogue import tree

SHOWN = 8


@require_safe
@kindly
def show(request: ViewedRequest) -> HttpResponse:
    """For visitors what is openly shared; for people without an institution the two ways in; others go to the desk."""
    reader = reader_of(request)
    if not request.user.is_authenticated:
        found = search(viewer=reader.viewer, wanted=Wanted(), limit=SHOWN)
        shown = cards(found.results, reader=reader, within=tree())
        return render(request, "frontend/start.html", {"cards": shown})
    if reader.acting is not None:
        return redirect("frontend:desk")
    desk = address("moderation")
    if reader.viewer.moderator and desk:
        return redirect(desk)
    context = {
        "applications": list(applications_of(reader.viewer)),
        "apply_url": address("join"),
    }
    return render(request, "frontend/begin.html", context)
