"""The day that a page of a week is about, and the holidays around it."""

from __future__ import annotations

from datetime import date, timedelta

from cooperative.access.middleware import ViewedRequest
from frontend.forms.fields import day_or_none
from frontend.presenters.lines import language
from frontend.presenters.marks import Marks, marks_of
from sharing.queries.holidays import marked_days


def marks_around(country: str, region: str, first: date) -> Marks:
    """The holidays of the week that begins on `first`."""
    days = (first, first + timedelta(days=7))
    return marks_of(marked_days(country, region, *days, language()), *days, language=language())


def day_of(request: ViewedRequest, today: date) -> date:
    """The day that was typed or that the address names, else `today`."""
    sent = day_or_none(request.POST.get("date")) or day_or_none(request.GET.get("day"))
    return sent or today
