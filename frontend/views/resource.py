"""The page of a listing, its ask panel, and the check while one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import BookingRefused
from bookings.queries.composition import Belonging, belongings_of
from bookings.queries.dates import MonthLeft, months_of, stock_of
from bookings.queries.listing import Listing, listing_for, tiles_of
from bookings.queries.overview import first_draft_line
from bookings.services.answer_times import expected_answers
from bookings.services.drafts import add_line
from bookings.services.enquiries import carry_questions
from bookings.services.request.checking import check_booking
from bookings.services.request.sending import request_booking
from bookings.services.request.stored import Requested
from bookings.spans import Span, local_day
from bookings.wishes import BookingWish, LineWish
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Forbidden, Invalid
from frontend.forms.asking import AskForm
from frontend.forms.asking_filled import filled_in
from frontend.forms.fields import day_or_none
from frontend.forms.repeating import RepeatForm
from frontend.presenters.addresses import address
from frontend.presenters.asking import (
    PanelAnswer,
    checked,
    checked_series,
    refused_by,
    sent_series,
    unfinished,
    when_fetched,
)
from frontend.presenters.expected import expected_words
from frontend.presenters.marks import marks_of, near_both, other_country
from frontend.presenters.panel import Panel, panel_of
from frontend.presenters.reader import Reader, reader_of
from frontend.presenters.resource import HOWS, Calendar, How, calendar, present
from frontend.presenters.timetable import month_days
from frontend.views.doors import kindly, signed_in
from frontend.views.once import once
from sharing.queries.holidays import marked_days
from sharing.queries.texts import text_for

KEPT = ("start", "end", "units")
"""What the address of a page of the calendar keeps of a form."""


@require_http_methods(["GET", "HEAD", "POST"])
@once
@kindly
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The page; POST asks (`do`: ask, anyway, second), gathers (`add`), checks (`check`) or fills the form (`fill`)."""
    if request.method != "POST":
        typed = {name: str(value) for name, value in request.GET.items()}
        seen = _seen(reader_of(request), uid, typed)
        known = {name: value for name, value in typed.items() if name in seen.panel.names}
        return _shown(request, seen, known)
    return _posted(request, uid)


@signed_in
def _posted(request: ViewedRequest, uid: UUID) -> HttpResponse:
    reader = reader_of(request)
    if reader.acting is None:
        raise Forbidden(_("You do not act for an institution yet."))
    do = request.POST.get("do", "ask")
    data = request.POST.copy()
    if do == "second":
        data["second_in_line"] = "on"
    if do != "anyway":
        data["ask_anyway"] = ""
    seen = _seen(reader, uid, data)
    form = seen.panel.form(data, sending=do in {"ask", "anyway", "second"})
    if do in {"fill", "check"}:
        looked_at = form if do == "check" and not form.half else None
        return _shown(request, seen, data, form=looked_at)
    repeat = seen.repeat(data)
    if not form.is_valid() or not repeat.is_valid():
        return _shown(request, seen, data, form=form, status=422)
    if repeat.active and seen.how == "times":
        return _posted_series(request, seen, form, repeat, data)
    lines = form.with_beside(form.line_wish(uid))
    try:
        if do == "add":
            return _gathered(request, reader, lines)
        booking = _ask(reader, form, lines=lines, once=True).booking
    except BookingRefused as error:
        answer = refused_by(error, form, reader=reader, title=seen.title)
        return _shown(request, seen, data, form=form, answer=answer, status=409)
    except Invalid as error:
        form.take_refusal(error)
        return _shown(request, seen, data, form=form, status=422)
    told = _("Sent. You will hear as soon as its owner answers.")
    if booking.state == "confirmed":
        told = _("It is yours: confirmed at once.")
    elif lines[0].waiting_list:
        told = _("Noted. When it comes free you hear of it, and it is kept for you for some hours.")
    messages.success(request, told)
    return redirect("frontend:booking", booking.uid)


def _gathered(request: ViewedRequest, reader: Reader, lines: tuple[LineWish, ...]) -> HttpResponse:
    for line in lines:
        add_line(by=reader.viewer, wish=line)
    messages.success(request, _("It is in your request now. Add more, or send it."))
    return redirect("frontend:request")


def _posted_series(
    request: ViewedRequest, seen: _Seen, form: AskForm, repeat: RepeatForm, data: QueryDict
) -> HttpResponse:
    """Ask for every date, each for itself; what is taken is told and watched."""
    reader, uid = reader_of(request), seen.listing.resource.uid
    again: dict[str, Any] = {"form": form, "repeat": repeat}
    try:
        wish = form.series_wish(uid, repeat)
        if repeat.errors:
            return _shown(request, seen, data, status=422, **again)
        asked = _ask(reader, form, series=(wish,), all_or_nothing=False)
    except BookingRefused:
        return _shown(request, seen, data, status=409, **again)
    except Invalid as error:
        if not repeat.errors:
            form.take_refusal(error)
        return _shown(request, seen, data, status=422, **again)
    messages.success(request, sent_series(asked))
    return redirect("frontend:booking", asked.booking.uid)


def _ask(reader: Reader, form: AskForm, **wanted: Any) -> Requested:
    """Send what the form says; `wanted` are lines or series, and how."""
    assert reader.acting is not None
    found = form.cleaned_data
    made = request_booking(
        by=reader.viewer,
        institution=reader.acting,
        wish=BookingWish(
            **form.description(),
            ask_anyway=found.get("ask_anyway", ""),
            **wanted,
        ),
    )
    carry_questions(by=reader.viewer, booking=made.booking)
    return made


@require_http_methods(["GET", "POST"])
@signed_in
def check(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The answer of the panel alone, while one types."""
    reader = reader_of(request)
    if request.method == "GET":
        return redirect("frontend:resource", uid)
    seen = _seen(reader, uid, request.POST)
    form = seen.panel.form(request.POST)
    day = day_or_none(request.POST.get("date"))
    context: dict[str, Any] = {
        "answer": _answer(seen, form, reader, seen.repeat(request.POST)),
        "holidays": _holidays(seen.listing, reader, day),
        "uid": uid,
    }
    moved = day is not None and request.POST.get("shown", day.isoformat()) != day.isoformat()
    if day is not None and moved and seen.how == "times":
        # The calendar follows the day that was typed.
        context["calendar"] = _calendar(seen.listing, day, request.POST, reader, asking=True)
        context["shown"] = day.isoformat()
    return render(request, "frontend/resource.html#checked", context)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A listing with what belongs to it, and its panel."""

    listing: Listing
    belongings: Sequence[Belonging]
    panel: Panel
    title: str

    @property
    def how(self) -> How:
        return HOWS.get(self.listing.resource.kind, "times")

    def repeat(self, data: Mapping[str, Any] | None) -> RepeatForm:
        """The fold of what repeats, with what was typed."""
        alone = not any(one.kind == "only_with" for one in self.belongings)
        return RepeatForm(data, zone=self.listing.zone, watches=alone)


def _seen(reader: Reader, uid: UUID, data: Mapping[str, Any]) -> _Seen:
    day = day_or_none(data.get("date"))
    listing = listing_for(viewer=reader.viewer, uid=uid, day=day)
    belongings = belongings_of(listing.resource, viewer=reader.viewer)
    panel = panel_of(listing, belongings, reader, data, day)
    title = text_for(listing.resource.texts.all(), reader.language).title
    return _Seen(listing, belongings, panel, title)


def _shown(
    request: ViewedRequest,
    seen: _Seen,
    data: Mapping[str, Any],
    *,
    form: AskForm | None = None,
    repeat: RepeatForm | None = None,
    answer: PanelAnswer | None = None,
    status: int = 200,
) -> HttpResponse:
    reader, listing = reader_of(request), seen.listing
    day = day_or_none(data.get("date"))
    asking = listing.terms is not None and listing.terms.may_ask and reader.acting is not None
    if reader.acting == listing.resource.owner_id:
        asking = True
    if seen.how == "open":
        asking = False
    if asking and not data and seen.how == "times":
        data = _as_in_my_request(listing, reader)
        day = day_or_none(data.get("date"))
    looked_at = day or reader.clock.today(listing.zone)
    shown = form or seen.panel.form(data)
    bound = repeat or seen.repeat(data if request.method == "POST" else None)
    if asking and answer is None:
        answer = _answer(seen, shown, reader, bound)
    context = {
        "page": present(listing, reader, seen.belongings),
        "dates": seen.panel.choices,
        "later": seen.panel.later,
        "calendar": _calendar(listing, looked_at, data, reader, asking=asking)
        if seen.how == "times"
        else None,
        "left": stock_of(listing.resource.pk, now=reader.viewer.now)
        if seen.how == "gift"
        else None,
        "shown": looked_at.isoformat(),
        "form": shown if form is not None else seen.panel.unjudged(data, looked_at),
        "answer": answer,
        "repeat": bound,
        "holidays": _holidays(listing, reader, looked_at) if seen.how == "times" else (),
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


def _answer(seen: _Seen, form: AskForm, reader: Reader, repeat: RepeatForm) -> PanelAnswer:
    if reader.acting is None or not form.is_valid() or form.half:
        return unfinished(form)
    if repeat.active and seen.how == "times":
        return _series_answer(seen.listing, form, reader, repeat)
    uid = seen.listing.resource.uid
    wish = BookingWish(lines=form.with_beside(form.line_wish(uid)), title="?", once=True)
    try:
        found = check_booking(by=reader.viewer, institution=reader.acting, wish=wish)
    except Invalid as error:
        form.take_refusal(error)
        return unfinished(form)
    answer = checked(found, form, reader=reader, title=seen.title)
    return replace(answer, fetching=when_fetched(form, reader=reader))


def _series_answer(
    listing: Listing, form: AskForm, reader: Reader, repeat: RepeatForm
) -> PanelAnswer:
    assert reader.acting is not None
    if not repeat.is_valid():
        return unfinished(form, repeat)
    try:
        wish = form.series_wish(listing.resource.uid, repeat)
        if repeat.errors:
            return unfinished(form, repeat)
        whole = BookingWish(series=(wish,), title="?", all_or_nothing=False)
        found = check_booking(by=reader.viewer, institution=reader.acting, wish=whole)
    except Invalid as error:
        if not repeat.errors:
            form.take_refusal(error)
        return unfinished(form, repeat)
    typed = {name: str(value) for name, value in repeat.data.items()}
    return checked_series(found, wish, form, reader=reader, typed=typed)


def _calendar(
    listing: Listing, day: date, data: Mapping[str, Any], reader: Reader, *, asking: bool
) -> Calendar:
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


def _holidays(listing: Listing, reader: Reader, day: date | None) -> tuple[str, ...]:
    return near_both(listing.resource.owner, reader, day) if day is not None else ()
