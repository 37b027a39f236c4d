"""Acting for one of several institutions."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cooperative.access.middleware import ViewedRequest
from cooperative.access.standing import SESSION_KEY
from cooperative.errors import NotFound
from frontend.views.doors import signed_in, way_back


@require_POST
@signed_in
def switch(request: ViewedRequest) -> HttpResponse:
    """Act for the institution `institution` (uid) from the next request on; back to `next`."""
    chosen = request.POST.get("institution", "")
    if chosen not in {str(house.uid) for house in request.institutions}:
        raise NotFound
    request.session[SESSION_KEY] = chosen
    return redirect(way_back(request, "frontend:desk"))
