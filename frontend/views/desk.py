"""The desk of somebody at work."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.queries.cases import cases_on_desk
from bookings.queries.enquiries import questions_waiting
from bookings.queries.offers import offers_waiting
from bookings.queries.overview import answered_since, waiting_for
from bookings.spans import local_day
from cooperative.access.middleware import ViewedRequest
from cooperative.institutions.queries import applications_waiting
from frontend.presenters.addresses import address
from frontend.presenters.desk import sections, shortcuts
from frontend.presenters.reader import reader_of
from frontend.presenters.when import day_of
from frontend.views.doors import in_a_house
from sharing.queries.listings import review_desk

LATELY = timedelta(days=3)


@require_safe
@in_a_house
def show(request: ViewedRequest) -> HttpResponse:
    """What waits for the institution acted for, and for moderators what waits for them."""
    reader = reader_of(request)
    viewer = reader.viewer
    assert reader.acting is not None
    keeper = viewer.may("keeper", reader.acting)
    today = reader.clock.today()
    waiting = waiting_for(
        viewer=viewer,
        institution=reader.acting,
        today=local_day(today, reader.clock.zone),
        keeper=keeper,
    )
    proposed = offers_waiting(viewer=viewer, institution=reader.acting, keeper=keeper)
    asked = questions_waiting(viewer=viewer, institution=reader.acting) if keeper else []
    answered = answered_since(viewer=viewer, institution=reader.acting, since=viewer.now - LATELY)
    context = {
        "today": day_of(today),
        "sections": sections(waiting, answered, proposed, asked, reader=reader, keeper=keeper),
        "ways": shortcuts() if keeper else (),
        "moderation_url": address("moderation"),
        "moderating": (
            (_("institutions that apply"), applications_waiting(viewer).count()),
            (_("listings to look at"), review_desk(viewer).count()),
            (_("cases to decide"), cases_on_desk(viewer).count()),
        )
        if viewer.moderator
        else (),
    }
    return render(request, "frontend/desk.html", context)
