"""All our things in one week."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from bookings.queries.timeline import timeline
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import NotFound
from frontend.presenters.listing import category_name, title_of
from frontend.presenters.texts import amount
from frontend.presenters.timetable import monday
from frontend.presenters.week.all_things import all_weeks
from frontend.presenters.week.own import week_window
from sharing.models import Resource
from sharing.queries.listings import of_house

from .doors import in_a_house
from .keepers import for_keepers
from .week_days import day_of, marks_around

MOST_ROWS = 200


@require_GET
@in_a_house
@for_keepers
def house(request: ViewedRequest) -> HttpResponse:
    """All our things in one week, each leading to its own."""
    viewer = request.viewer
    if not request.institution:
        raise NotFound
    zone = ZoneInfo(request.institution.time_zone)
    day = day_of(request, viewer.now.astimezone(zone).date())
    own = of_house(viewer, request.institution.id).exclude(state="withdrawn")
    things = list(own.exclude(kind__in=["open"])[:MOST_ROWS])
    first = monday(day)
    context = {
        "timeline": all_weeks(
            {
                one.pk: (title_of(one), _subtitle(one), _week_url(one, day), _write_in_url(one))
                for one in things
            },
            timeline([one.pk for one in things], week_window(day, zone), viewer=viewer),
            day,
            zone,
        ),
        "previous_url": f"?day={first - timedelta(days=7)}",
        "next_url": f"?day={first + timedelta(days=7)}",
        "any": bool(things),
        "marks": marks_around(request.institution.country, request.institution.region, first).lines,
    }
    return render(request, "frontend/weeks.html", context)


def _subtitle(listing: Resource) -> str:
    name = category_name(listing.category)
    counts = amount(listing)
    return f"{name} · {counts}" if counts else name


def _week_url(listing: Resource, day: date) -> str:
    return f"{reverse('frontend:week', args=[listing.uid])}?day={day}"


def _write_in_url(listing: Resource) -> str:
    return f"{reverse('frontend:write-in')}?thing-0={listing.uid}"
