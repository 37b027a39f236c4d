"""What something came between: to whom something else can be proposed, with one tap or to all of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bookings.models import Line
from bookings.services.offers.suggesting import (
    fewer_lines,
    hit_lines,
    propose_first,
    proposed_already,
    suggest,
)
from bookings.services.told import told_by_phone
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, DomainError, NotFound
from frontend.presenters.settling import settling_rows

from .doors import in_a_house, way_back
from .keepers import for_keepers
from .sent import uid_sent


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def index(request: ViewedRequest) -> HttpResponse:
    """The lines to be settled, in order of urgency; a POST proposes for one `line`, or for all that wait."""
    viewer = request.viewer
    if not request.institution:
        raise NotFound
    if request.method == "POST" and request.POST.get("told"):
        return _tick(request)
    lines = hit_lines(by=viewer, lender=request.institution.id)
    proposed = proposed_already(lines, by=viewer)
    waiting = [line for line in lines if line.pk not in proposed]
    if request.method == "POST":
        one = request.POST.get("line")
        chosen = waiting if one is None else [line for line in waiting if str(line.uid) == one]
        _propose(request, chosen)
        return redirect("frontend:to-settle")
    rows = settling_rows(lines, proposed, suggest(waiting, by=viewer), now=viewer.now)
    fewer = fewer_lines(by=viewer, lender=request.institution.id)
    rows += settling_rows(fewer, {}, {}, now=viewer.now)
    context = {"rows": rows, "several": sum(bool(row.suggestion) for row in rows) > 1}
    return render(request, "frontend/to_settle.html", context)


def _tick(request: ViewedRequest) -> HttpResponse:
    """Who was called, or not after all."""
    line = uid_sent(request.POST.get("line"))
    try:
        told_by_phone(by=request.viewer, line=line, told=request.POST["told"] == "yes")
    except Conflict as error:
        messages.info(request, str(error.message))
    if request.POST.get("next"):
        return redirect(way_back(request, "frontend:to-settle"))
    return redirect(f"{reverse('frontend:to-settle')}#s-{line}")


def _propose(request: ViewedRequest, lines: list[Line]) -> None:
    """Each for itself: what one of them makes impossible is looked for anew for the next."""
    count = 0
    for line in lines:
        try:
            propose_first(by=request.viewer, line=line)
        except DomainError:  # nothing fits, or somebody was quicker: the page says so
            continue
        count += 1
    if count:
        said = ngettext("Proposed to %d of them.", "Proposed to %d of them.", count) % count
        messages.success(request, said)
    else:
        messages.info(request, _("There is nothing that fits. Please write to them."))
