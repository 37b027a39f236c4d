"""The page of a listing drawn, with its calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from bookings.queries.dates import MonthLeft, months_of, stock_of
from bookings.queries.listing import Listing, tiles_of
from bookings.queries.overview import first_draft_line
from bookings.services.answer_times import expected_answers
from bookings.spans import Span, local_day
from bookings.wishes import LineWish
from cooperative.access.middleware import ViewedRequest
from frontend.forms.asking import AskForm
from frontend.forms.asking_filled import filled_in
from frontend.forms.fields import day_or_none
from frontend.forms.repeating import RepeatForm
from frontend.presenters.addresses import address
from frontend.presenters.asking import PanelAnswer
from frontend.presenters.expected import expected_words
from frontend.presenters.marks import marks_of, near_both, other_country
from frontend.presenters.reader import Reader, reader_of
from frontend.presenters.resource import Calendar, calendar, present
from frontend.presenters.timetable import month_days
from sharing.queries.holidays import marked_days

from .resource_answer import answer_to
from .resource_seen import Seen

KEPT = ("start", "end", "units")
"""What the address of a page of the calendar keeps of a form."""


def shown_page(
    request: ViewedRequest,
    seen: Seen,
    data: Mapping[str, Any],
    *,
    form: AskForm | None = None,
    repeat: RepeatForm | None = None,
    answer: PanelAnswer | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; `data` is what was typed or the address says, `form` what came back with something wrong."""
    reader, listing = reader_of(request), seen.listing
    day = day_or_none(data.get("date"))
    asking = _may_ask(seen, reader)
    if asking and not data and seen.how == "times":
        data = _as_in_my_request(listing, reader)
        day = day_or_none(data.get("date"))
    looked_at = day or reader.clock.today(listing.zone)
    shown = form or seen.panel.form(data)
    bound = repeat or seen.repeat(data if request.method == "POST" else None)
    if asking and answer is None:
        answer = answer_to(seen, shown, reader, bound)
    context = {
        "page": present(listing, reader, seen.belongings),
        "dates": seen.panel.choices,
        "later": seen.panel.later,
        "calendar": calendar_of(listing, looked_at, data, reader, asking=asking)
        if seen.how == "times"
        else None,
        "left": stock_of(listing.resource.pk, now=reader.viewer.now)
        if seen.how == "gift"
        else None,
        "shown": looked_at.isoformat(),
        "form": shown if form is not None else seen.panel.unjudged(data, looked_at),
        "answer": answer,
        "repeat": bound,
        "holidays": holidays_near(listing, reader, looked_at) if seen.how == "times" else (),
        "asking": asking,
        "expected": _expected(listing, reader) if asking else "",
        "periods": listing.resource.kind == "metered"
        or listing.tree.root(listing.resource.category).code == "people",
        "acting": reader.acting is not None,
        "question_url": reverse("frontend:ask-question", args=[listing.resource.uid])
        if reader.acting not in {None, listing.resource.owner_id}
        else "",
        "keeps": reader.viewer.may("keeper", listing.resource.owner_id),
        "edit_url": address("thing", listing.resource.uid),
        "draft": listing.resource.state != "published",
        "uid": listing.resource.uid,
    }
    return render(request, "frontend/resource.html", context, status=status)


def _may_ask(seen: Seen, reader: Reader) -> bool:
    """Whether the panel is there: for whom the terms let ask, and for its own house."""
    if seen.how == "open":
        return False
    terms = seen.listing.terms
    may_ask = terms is not None and terms.may_ask and reader.acting is not None
    return may_ask or reader.acting == seen.listing.resource.owner_id


def _expected(listing: Listing, reader: Reader) -> str:
    """How soon its owner answers; nothing where nobody has to."""
    if listing.terms is not None and listing.terms.at_once:
        return ""
    key = listing.resource.pk
    found = expected_answers([key], now=reader.viewer.now)
    return expected_words(found.get(key), listing.today)


def _as_in_my_request(listing: Listing, reader: Reader) -> dict[str, str]:
    """The dates that my request has already: several things, one set of dates."""
    line = first_draft_line(viewer=reader.viewer)
    if line is None:
        return {}
    wish = LineWish(
        resource=listing.resource.uid, starts_at=line.event_starts_at, ends_at=line.event_ends_at
    )
    fetched = listing.resource.handover != "none"
    values = filled_in(wish, zone=listing.zone, fetched=fetched)
    return {name: value for name, value in values.items() if name != "units"}


def calendar_of(
    listing: Listing, day: date, data: Mapping[str, Any], reader: Reader, *, asking: bool
) -> Calendar:
    """The month around `day`, with what is free in it and the holidays."""
    kept = {name: str(data[name]) for name in KEPT if data.get(name)}
    days = month_days(day)
    window = Span(
        local_day(days[0] - timedelta(days=7), listing.zone).start,
        local_day(days[-1] + timedelta(days=7), listing.zone).end,
    )
    tiles = tiles_of(listing.resource, window, viewer=reader.viewer)
    owner = listing.resource.owner
    shown = (days[0], days[-1] + timedelta(days=1))
    marks = marks_of(
        marked_days(owner.country, owner.region, *shown, reader.language),
        *shown,
        language=reader.language,
        abroad=other_country(owner, reader),
    )
    return calendar(
        listing,
        tiles,
        day,
        reader=reader,
        kept=kept,
        asking=asking,
        marks=marks,
        months=_months(listing, day, reader),
    )


def _months(listing: Listing, day: date, reader: Reader) -> Sequence[MonthLeft]:
    """Of what has hours a month: the month of that day and the next."""
    if listing.resource.kind != "metered":
        return ()
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    days = (local_day(day, listing.zone).start, local_day(following, listing.zone).end)
    return months_of(listing.resource.pk, Span(*days), now=reader.viewer.now)


def holidays_near(listing: Listing, reader: Reader, day: date | None) -> tuple[str, ...]:
    """The holidays around a day, of the owner and of who reads."""
    return near_both(listing.resource.owner, reader, day) if day is not None else ()
