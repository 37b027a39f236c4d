"""One A4 for each booking and owner: the request, its terms, and lines to decide and sign on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings.queries.overview import booking_for
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import NotFound
from frontend.components import Choice
from frontend.presenters.paper import paper_of
from frontend.presenters.reader import reader_of
from frontend.views.doors import signed_in


@require_safe
@signed_in
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The sheet of the owner named in `owner`, of the first one where none is; for both sides of the booking."""
    reader = reader_of(request)
    whole = booking_for(viewer=reader.viewer, uid=uid)
    lines = [line for line in whole.lines if line.sent_at is not None]
    owners = {str(line.lender.uid): line.lender for line in lines}
    wanted = request.GET.get("owner") or next(iter(owners), "")
    if wanted not in owners:
        raise NotFound
    here = reverse("frontend:paper", args=[uid])
    context = {
        "paper": paper_of(
            whole.booking,
            [line for line in lines if str(line.lender.uid) == wanted],
            reader=reader,
        ),
        "owners": tuple(
            Choice(value=key, label=str(one), url=f"{here}?owner={key}", current=key == wanted)
            for key, one in owners.items()
        )
        if len(owners) > 1
        else (),
        "back": reverse("frontend:booking", args=[uid]),
    }
    return render(request, "frontend/paper.html", context)
