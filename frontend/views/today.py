"""Today: out and back in order of time, done where it stands, printed on one sheet."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bookings.queries.attachments import files_of
from bookings.queries.blocks import in_repair
from bookings.queries.keeping import out_and_back, short_of
from bookings.services.handing import hand
from bookings.spans import local_day
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from frontend.forms.fields import day_or_none, into_form
from frontend.forms.handover import HandoverForm
from frontend.presenters.broken import repair_rows
from frontend.presenters.moments import long_day
from frontend.presenters.today import rows_of, thing_seen, told_of
from sharing.models import Resource

from .doors import in_a_house
from .keepers import for_keepers
from .sent import uid_or_none
from .thing import listing_of

BY_SCRIPT = "X-Kept"
"""Sent by the page's own script, which keeps clicks while there is no network."""
ACTIONS = {"hand_over", "give_back", "overdue", "lost", "not_used"}


@require_GET
@in_a_house
@for_keepers
def index(request: ViewedRequest) -> HttpResponse:
    """One day of the house."""
    return _page(request)


@require_POST
@in_a_house
@for_keepers
def handover(request: ViewedRequest, line: UUID) -> HttpResponse:
    """Hand out, take back, or say that it did not come back."""
    action = request.POST.get("action", "")
    form = HandoverForm(request.POST, request.FILES, prefix=str(line)[-8:])
    if action not in ACTIONS:
        raise NotFound
    if not form.is_valid():
        return _refused(request, line, form, status=422)
    try:
        done = hand(
            by=request.viewer,
            line=line,
            action=action,
            files=form.cleaned_data["photo"],
            units=form.cleaned_data["units"],
            condition=form.cleaned_data["condition"],
            happened_at=form.happened_at(now=request.viewer.now),
        )
    except Invalid as error:
        into_form(form, error, {"happened_at": "ago", "files": "photo"})
        return _refused(request, line, form, status=422)
    except Conflict as error:
        form.add_error(None, str(error.message))
        return _refused(request, line, form, status=409)
    messages.success(request, _("Noted."))
    for words in told_of(short_of(request.viewer, done.resource_id)):
        messages.warning(request, words)
    if BY_SCRIPT in request.headers:
        return HttpResponse(status=204)
    thing = f"&thing={request.POST['thing']}" if request.POST.get("thing") else ""
    return redirect(f"{reverse('frontend:today')}?day={_day(request)}{thing}")


def _refused(
    request: ViewedRequest, line: UUID, form: HandoverForm, *, status: int
) -> HttpResponse:
    """What was typed stays; to a phone that kept the click only the sentences."""
    if BY_SCRIPT in request.headers:
        said = [str(one) for errors in form.errors.values() for one in errors]
        return JsonResponse({"said": said}, status=status)
    return _page(request, sent={str(line): form}, status=status)


def _day(request: ViewedRequest) -> date:
    zone = ZoneInfo(request.institution.time_zone) if request.institution else ZoneInfo("UTC")
    sent = day_or_none(request.POST.get("day") or request.GET.get("day"))
    return sent or request.viewer.now.astimezone(zone).date()


def _thing(request: ViewedRequest) -> Resource | None:
    """The thing alone that its code was scanned of."""
    wanted = uid_or_none(request.POST.get("thing") or request.GET.get("thing"))
    return listing_of(request, wanted) if wanted is not None else None


def _page(
    request: ViewedRequest, *, sent: dict[str, HandoverForm] | None = None, status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    if not request.institution:
        raise NotFound
    zone = ZoneInfo(request.institution.time_zone)
    day = _day(request)
    whole = local_day(day, zone)
    lines = out_and_back(viewer, request.institution.id, whole)
    thing = _thing(request)
    if thing is not None:
        lines = [line for line in lines if line.resource.uid == thing.uid]
    photos = files_of("line", [line.pk for line in lines], viewer=viewer)
    context = {
        "rows": rows_of(lines, whole, now=viewer.now, sent=sent or {}, photos=photos),
        "repairs": repair_rows(
            in_repair(viewer, request.institution.id),
            now=viewer.now,
            here=f"{reverse('frontend:today')}?day={day}",
        ),
        "thing": thing_seen(thing) if thing is not None else None,
        "day": day.isoformat(),
        "day_label": long_day(day),
        "house": request.institution.name,
        "today": day == viewer.now.astimezone(zone).date(),
        "previous_url": f"?day={day - timedelta(days=1)}",
        "next_url": f"?day={day + timedelta(days=1)}",
    }
    return render(request, "frontend/today.html", context, status=status)
