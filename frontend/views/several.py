"""Several requests confirmed with one tap, each judged for itself."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.errors import BookingRefused
from bookings.queries.keeping import asked_of
from bookings.services.actions import act
from bookings.states import LineState
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from frontend.presenters.lines import booking_title, thing_title, when
from frontend.presenters.reader import Reader, reader_of
from frontend.presenters.refusal import reason_items
from frontend.presenters.requests.groups import MOST_TICKED

from .doors import in_a_house
from .keepers import for_keepers


@require_POST
@in_a_house
@for_keepers
def approve(request: ViewedRequest) -> HttpResponse:
    """Confirm the requests `line`; the page says which went, and of the others why not. A no to one undoes no other."""
    reader = reader_of(request)
    uids = _ticked(request)
    lines = asked_of(reader.viewer, reader.viewer.acting_for or 0, uids=uids)
    if len(lines) < len(uids):
        raise NotFound
    gone: list[str] = []
    waiting: list[str] = []
    for line in lines:
        name = f"{booking_title(line.booking)}, {thing_title(line)}, {when(line)}"
        try:
            moved = act(by=reader.viewer, line=line.uid, action="approve")
        except (BookingRefused, Conflict, Invalid) as error:
            words = {"what": name, "why": _why(error, reader)}
            messages.error(request, _("Not confirmed: %(what)s. %(why)s") % words)
        else:
            (waiting if moved.state == LineState.ACCEPTED else gone).append(name)
    if gone:
        messages.success(request, _("Confirmed: %(what)s.") % {"what": "; ".join(gone)})
    if waiting:
        said = _("Agreed, confirmed as soon as the others agree: %(what)s.")
        messages.success(request, said % {"what": "; ".join(waiting)})
    if not uids:
        messages.info(request, _("Tick what you want to confirm first."))
    return redirect("frontend:requests")


def _ticked(request: ViewedRequest) -> list[UUID]:
    try:
        return [UUID(one) for one in dict.fromkeys(request.POST.getlist("line")[:MOST_TICKED])]
    except ValueError:
        raise NotFound from None


def _why(error: BookingRefused | Conflict | Invalid, reader: Reader) -> str:
    if isinstance(error, BookingRefused):
        told = reason_items(error.reasons, reader=reader, zone=ZoneInfo("UTC"), dated=True)
        return " ".join(one.message for one in told)
    if isinstance(error, Invalid):
        return " ".join(str(said) for said in error.errors.values())
    return str(error.message)
