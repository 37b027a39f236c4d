"""When our house, or one thing, is open: weekly hours, days off, public holidays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from frontend.forms.hours import DayOffForm, HoursForm
from frontend.presenters.hours import days_off_rows, kept_rows, plain_rows
from sharing.models import Resource
from sharing.queries.hours import days_off, week, weekly_rows
from sharing.services.days_off import (
    add_days_off,
    add_public_holidays,
    remove_days_off,
    remove_public_holidays,
)
from sharing.services.set_weekly_hours import set_weekly_hours

from .doors import in_a_house
from .keepers import for_keepers, into_form
from .thing import head_of, listing_of


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def house(request: ViewedRequest) -> HttpResponse:
    """Hours of the house; things follow them unless they have their own."""
    return _page(request, None)


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def thing(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Hours of one thing; saving them makes them its own."""
    return _page(request, listing_of(request, uid))


def _page(request: ViewedRequest, listing: Resource | None) -> HttpResponse:
    viewer = request.viewer
    if not request.institution:
        raise NotFound
    owner = listing.owner_id if listing is not None else request.institution.id
    zone = ZoneInfo(listing.time_zone if listing is not None else request.institution.time_zone)
    today = viewer.now.astimezone(zone).date()
    rows = weekly_rows(institution=owner, resource=listing.pk if listing else None)
    own = listing is None or listing.hours_source == "own"
    # What holds now is what one changes: the house's hours, where the thing follows them.
    now_held = rows if own else weekly_rows(institution=owner)
    shown = week(plain_rows(now_held))
    action = request.POST.get("action", "") if request.method == "POST" else ""
    hours = HoursForm(request.POST if action == "hours" else None, week=shown)
    off = DayOffForm(request.POST if action == "off" else None)
    uid = listing.uid if listing is not None else None
    done = False
    try:
        match action:
            case "hours" if hours.is_valid():
                wishes = [*hours.wishes, *kept_rows(rows)]
                set_weekly_hours(by=viewer, institution=owner, resource=uid, hours=wishes)
                done = True
            case "off" if off.is_valid():
                last = off.cleaned_data["last_on"] or off.cleaned_data["from_on"]
                add_days_off(
                    by=viewer,
                    institution=owner,
                    resource=uid,
                    from_on=off.cleaned_data["from_on"],
                    until_on=last + timedelta(days=1),
                    reason=off.cleaned_data["reason"],
                )
                done = True
            case "open":
                remove_days_off(by=viewer, day_off=_uid(request))
                done = True
            case "holidays":
                add_public_holidays(by=viewer, institution=owner, year=_year(request, today.year))
                done = True
            case "no-holidays":
                year = _year(request, today.year)
                remove_public_holidays(by=viewer, institution=owner, year=year)
                done = True
    except Invalid as error:
        into_form(
            hours if action == "hours" else off,
            error,
            hours.named() if action == "hours" else {"until_on": "last_on"},
        )
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect(request.path)
    if done:
        messages.success(request, _("Saved."))
        return redirect(request.path)
    context: dict[str, Any] = {
        "head": head_of(request, listing, "thing-hours") if listing is not None else None,
        "hours": hours,
        "off": off,
        "own": own,
        "source": listing.get_hours_source_display() if listing is not None else "",
        "house": listing is None,
        "days": days_off_rows(
            days_off(institution=owner, resource=listing.pk if listing else None, since=today)
        ),
        "years": (today.year, today.year + 1),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "frontend/hours.html", context, status=status)


def _uid(request: ViewedRequest) -> UUID:
    try:
        return UUID(request.POST.get("day_off", ""))
    except ValueError:
        raise NotFound from None


def _year(request: ViewedRequest, otherwise: int) -> int:
    text = request.POST.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else otherwise
