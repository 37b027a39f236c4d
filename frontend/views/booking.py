"""Bookings: the lists of both sides, one booking whole, what people do with it and write in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.errors import BookingRefused, TooMuchWritten
from bookings.permissions import allowed_actions, may_say_not_there
from bookings.queries.cases import cases_of_lines
from bookings.queries.offers import offers_waiting, open_offers_of_booking
from bookings.queries.overview import (
    GROUPS,
    Side,
    WholeBooking,
    booking_for,
    bookings_of,
    group_counts,
    line_for,
)
from bookings.queries.seats import seats_of
from bookings.queries.series import series_of
from bookings.queries.timeline import TimeTile, timeline
from bookings.queries.waiting import places
from bookings.services.actions import BOOKING_ACTIONS, WITH_A_PROPOSAL, act, act_on_booking
from bookings.services.instead import options_instead
from bookings.services.messages import write_message
from bookings.spans import Span, local_day
from bookings.states import LIVE, TRANSITIONS, LineState
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.events.queries import story
from frontend.forms.acting import ActionForm
from frontend.forms.proposing import ProposalForm
from frontend.forms.talk import TalkForm
from frontend.presenters.actions import EXPLAINED, LABELS, needs_reason
from frontend.presenters.booking import present, to_replace
from frontend.presenters.bookings import group_tabs, rows, side_tabs
from frontend.presenters.offers import offer_cards, offer_rows
from frontend.presenters.periods import period_words
from frontend.presenters.reach import reach_of
from frontend.presenters.reader import Reader, reader_of
from frontend.presenters.refusal import reason_items
from frontend.presenters.story import AGREED, HAPPENED
from frontend.presenters.texts import booking_title, borrower_of, line_words
from frontend.views.doors import in_a_house, signed_in, way_back
from frontend.views.offers import things_for
from frontend.views.once import once

PAGE = 20
HEARD_OUTSIDE = frozenset({"take_back", "settle"})
"""Actions of which who was written in without an account gets a mail, where there is an address."""


@require_safe
@in_a_house
def index(request: ViewedRequest) -> HttpResponse:
    """The institution's bookings: `side` borrower or lender, `group` open, confirmed or over."""
    reader = reader_of(request)
    assert reader.acting is not None
    side: Side = "lender" if request.GET.get("side") == "lender" else "borrower"
    counts = group_counts(viewer=reader.viewer, institution=reader.acting, side=side)
    wanted = request.GET.get("group", "")
    group = wanted if wanted in GROUPS else next((g for g in GROUPS if counts.get(g)), "open")
    offset = request.GET.get("offset", "")
    start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 7 else 0
    page = bookings_of(
        viewer=reader.viewer,
        institution=reader.acting,
        side=side,
        group=group,
        offset=start,
        limit=PAGE,
    )
    base = f"{reverse('frontend:bookings')}?side={side}&group={group}"
    proposed = offers_waiting(
        viewer=reader.viewer,
        institution=reader.acting,
        keeper=reader.viewer.may("keeper", reader.acting),
    )
    context = {
        "proposed": offer_rows(
            [one for one in proposed if (one.lender_id == reader.acting) == (side == "lender")],
            reader=reader,
        ),
        "sides": side_tabs(side=side),
        "groups": group_tabs(counts, side=side, group=group),
        "waiting": rows(page, reader=reader, side=side),
        "side": side,
        "next_url": f"{base}&offset={page.next_offset}" if page.next_offset else "",
        "previous_url": f"{base}&offset={max(start - PAGE, 0)}" if start else "",
    }
    return render(request, "frontend/bookings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
@signed_in
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """One booking; POST writes a message."""
    reader = reader_of(request)
    form = TalkForm(request.POST, request.FILES) if request.method == "POST" else TalkForm()
    if request.method == "POST" and form.is_valid():
        try:
            write_message(by=reader.viewer, booking=uid, **form.words)
            return redirect(f"{reverse('frontend:booking', args=[uid])}#talk")
        except (Invalid, TooMuchWritten) as error:
            form.take_refusal(error)
    whole = booking_for(viewer=reader.viewer, uid=uid)
    if whole.booking.sent_at is None:
        return redirect("frontend:request")
    events = list(story(viewer=reader.viewer, subject=uid, kind="booking"))
    offers = offer_cards(
        open_offers_of_booking(whole.booking.pk, viewer=reader.viewer), whole.lines, reader=reader
    )
    page = present(
        whole,
        events,
        _tiles(whole, reader),
        reader=reader,
        cases=cases_of_lines(whole.lines, viewer=reader.viewer),
        seats=seats_of(whole.lines, viewer=reader.viewer),
        places=places(whole.lines, now=reader.viewer.now),
        series=series_of([whole.booking.pk], whole.lines, viewer=reader.viewer).get(
            whole.booking.pk, ()
        ),
        options=options_instead(to_replace(whole, events), by=reader.viewer),
        lit=any(action.kind == "next" for offer in offers for action in offer.actions),
    )
    context = {
        "page": page,
        "offers": offers,
        "form": form if page.may_write else None,
        "uid": uid,
        "paper_url": reverse("frontend:paper", args=[uid]),
    }
    return render(request, "frontend/booking.html", context, status=422 if form.errors else 200)


def _tiles(whole: WholeBooking, reader: Reader) -> dict[int, list[TimeTile]]:
    """Around the days of use of what is still to come."""
    live = [line for line in whole.lines if line.state in LIVE]
    seen = {line.resource_id for line in live}
    if not live:
        return {}
    days = [local_day(line.local_date, ZoneInfo(line.zone)) for line in live]
    window = Span(min(day.start for day in days), max(day.end for day in days))
    if window.length > timedelta(days=92):
        return {}
    return timeline(seen, window, viewer=reader.viewer)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def not_there(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Said at the door: what was promised is not there, though its use is not over."""
    return _line_action(request, uid, "complain")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def line_action(request: ViewedRequest, uid: UUID, action: str) -> HttpResponse:
    """One action on one line: a small page that says what it means and asks what it needs; POST does it."""
    return _line_action(request, uid, action)


def _line_action(request: ViewedRequest, uid: UUID, action: str) -> HttpResponse:
    reader = reader_of(request)
    if action not in LABELS:
        raise NotFound
    line = line_for(viewer=reader.viewer, uid=uid)
    back = way_back(request, "frontend:booking", line.booking.uid)
    options: dict[str, Any] = {
        "action": action,
        "needs_reason": needs_reason(action),
        "line": line,
    }
    options["initial"] = {"alone": request.GET.get("alone") == "1"}
    form = ActionForm(request.POST if request.method == "POST" else None, **options)
    data = request.POST if request.method == "POST" else None
    wants = bool(data and data.get("with_proposal"))
    instead = None
    if action in WITH_A_PROPOSAL:
        things = things_for(line, reader)
        instead = ProposalForm(
            data if wants else None, line=line, things=things, noted=False, ours=True
        )
    context: dict[str, Any] = {
        "instead": instead,
        "wants": wants,
        "title": LABELS[action],
        "text": EXPLAINED[action],
        "grave": action in {"decline", "cancel", "take_back", "lost"},
        "what": line_words(line, reader.language),
        "when": period_words(line)
        or reader.clock.span(Span(line.use_starts_at, line.use_ends_at), ZoneInfo(line.zone)),
        "who": borrower_of(line.booking)
        if line.lender_id in reader.viewer.institutions
        else str(line.lender),
        "form": form,
        "back": back,
        "reach": reach_of(line.booking) if action in HEARD_OUTSIDE else None,
        "possible": action in allowed_actions(line, line.booking, reader.viewer)
        or (action == "complain" and may_say_not_there(line, reader.viewer)),
    }
    status = 200
    if request.method == "POST":
        status = 422
        # A repeated click reaches the service too: it answers it as the first one.
        if form.is_valid() and (instead is None or not wants or instead.is_valid()):
            words, proposal = form.words, None
            if instead is not None and wants:
                proposal = instead.wish()
                words["answer"] = replace(words["answer"], fee=instead.fee)
            try:
                done = act(by=reader.viewer, line=uid, action=action, proposal=proposal, **words)
                messages.success(request, _told(action, done.state))
                return redirect(back)
            except BookingRefused as error:
                zone = ZoneInfo(line.zone)
                context["reasons"] = reason_items(
                    error.reasons, reader=reader, zone=zone, dated=True
                )
                status = 409
            except Conflict as error:
                # Another tab or a colleague was quicker: say so, and lead to how it stands now.
                context["possible"] = False
                context["why_not"] = error.message if error.message != error.title else ""
                status = 409
            except Invalid as error:
                (instead if instead is not None and wants else form).take_refusal(error)
    return render(request, "frontend/booking_action.html", context, status=status)


def _told(action: str, state: str) -> str:
    if state not in TRANSITIONS[action].targets:
        return _("Noted. It counts as soon as the other side says so too.")
    return f"{AGREED if state == LineState.ACCEPTED else HAPPENED[action]}."


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def booking_action(request: ViewedRequest, uid: UUID, action: str) -> HttpResponse:
    """The same for all lines of a booking that the borrower's action fits."""
    reader = reader_of(request)
    if action not in BOOKING_ACTIONS:
        raise NotFound
    whole = booking_for(viewer=reader.viewer, uid=uid)
    back = reverse("frontend:booking", args=[uid])
    data = request.POST if request.method == "POST" else None
    form = ActionForm(data, action=action, needs_reason=False)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act_on_booking(
                    by=reader.viewer,
                    booking=uid,
                    action=action,
                    note=form.words.get("note", ""),
                )
                messages.success(request, f"{HAPPENED[action]}.")
                return redirect(back)
            except Invalid as error:
                form.take_refusal(error)
    context = {
        "title": LABELS[action],
        "text": EXPLAINED[action],
        "grave": action == "cancel",
        "what": booking_title(whole.booking, list(whole.lines), reader.language),
        "form": form,
        "back": back,
        "possible": True,
    }
    return render(request, "frontend/booking_action.html", context, status=status)
