"""The day that a page of a week is about, and the holidays around it."""

from __future__ import annotations

from datetime import date, timedelta

from cooperative.access.middleware import ViewedRequest
from cooperative.timeparsing import TimeError, parse_day
from frontend.presenters.lines import language
from frontend.presenters.marks import Marks, marks_of
from sharing.queries.holidays import marked_days


def marks_around(country: str, region: str, first: date) -> Marks:
    """The holidays of the week that begins on `first`."""
    days = (first, first + timedelta(days=7))
    return marks_of(marked_days(country, region, *days, language()), *days, language=language())


def day_of(request: ViewedRequest, today: date) -> date:
    """The day that was typed or that the address names, else `today`."""
    for text in (request.POST.get("date"), request.GET.get("day")):
        try:
            if text:
                return parse_day(text)
        except TimeError:
            continue
    return today
