"""Proposing something else for a thing of a booking, from either side, and answering what was proposed."""

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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from bookings.answers import FeeWish
from bookings.errors import BookingRefused
from bookings.models import Line
from bookings.permissions import may_propose
from bookings.queries.offers import offer_for, things_to_propose
from bookings.queries.overview import line_for
from bookings.queries.periods import MOST_SUGGESTED, times_for
from bookings.services.drafts import wish_of_line
from bookings.services.offers import (
    Proposed,
    accept_offer,
    decline_offer,
    propose,
    withdraw_offer,
)
from bookings.spans import Span
from bookings.states import IS_OUT, UNANSWERED
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.timeparsing import TimeError, parse_instant
from frontend.forms.proposing import ProposalForm
from frontend.presenters.actions import KEEP_LONGER, LONGER
from frontend.presenters.periods import period_words
from frontend.presenters.reader import Reader, reader_of
from frontend.presenters.refusal import reason_items
from frontend.presenters.texts import borrower_of, line_words, title_of
from frontend.views.doors import signed_in
from frontend.views.once import once


def things_for(line: Line, reader: Reader) -> list[tuple[str, str]]:
    """What the reader may propose instead of a line's thing, as choices; none for who asked."""
    if not reader.viewer.may("keeper", line.lender_id):
        return []
    found = things_to_propose(line, viewer=reader.viewer)
    return [(str(uid), title_of(titles, reader.language)) for uid, titles in found]


@require_http_methods(["GET", "HEAD", "POST"])
@once
@signed_in
def propose_page(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """A form with the line as it stands; POST proposes, or changes what needs nobody's yes."""
    reader = reader_of(request)
    line = line_for(viewer=reader.viewer, uid=uid)
    ours = reader.viewer.may("keeper", line.lender_id)
    if ours and line.wanted_minutes and request.POST.getlist("times"):
        return _propose_times(request, line, reader)
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        line=line,
        things=things_for(line, reader),
        ours=ours,
    )
    zone = ZoneInfo(line.zone)
    context: dict[str, Any] = {
        "title": _title(line, ours=ours),
        "text": _what_it_means(line, ours=ours),
        "what": line_words(line, reader.language),
        "when": reader.clock.span(Span(line.use_starts_at, line.use_ends_at), zone),
        "period": period_words(line),
        "who": borrower_of(line.booking) if ours else str(line.lender),
        "form": form,
        "back": reverse("frontend:booking", args=[line.booking.uid]),
        "possible": may_propose(line, reader.viewer),
        "times": _times(line, reader) if ours else (),
    }
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = propose(
                    by=reader.viewer,
                    line=uid,
                    wish=form.wish(),
                    note=form.cleaned_data["note"],
                    fee=form.fee,
                )
                messages.success(request, _told(made, reader))
                return redirect(context["back"])
            except BookingRefused as error:
                context["reasons"] = reason_items(error.reasons, reader=reader, zone=zone)
                status = 409
            except Conflict:
                context["possible"] = False
                status = 409
            except Invalid as error:
                form.take_refusal(error)
    return render(request, "frontend/propose.html", context, status=status)


def _title(line: Line, *, ours: bool) -> str:
    if line.state in IS_OUT:
        return _("Back on another day") if ours else str(KEEP_LONGER)
    if not ours:
        return _("Change what you asked for")
    return _("Propose times") if line.wanted_minutes else _("Propose something else")


def _times(line: Line, reader: Reader) -> list[tuple[str, str]]:
    """Free times of a period, as values and words of ticks; nothing where the line names its time."""
    zone = ZoneInfo(line.zone)
    return [
        (f"{one.start.isoformat()}/{one.end.isoformat()}", reader.clock.span(one, zone))
        for one in times_for(line, viewer=reader.viewer)
    ]


def _propose_times(request: ViewedRequest, line: Line, reader: Reader) -> HttpResponse:
    """Each ticked time is a proposal of its own; the asker takes one of them."""
    wish, made = wish_of_line(line), 0
    for value in request.POST.getlist("times")[:MOST_SUGGESTED]:
        try:
            start, end = (parse_instant(text) for text in value.split("/"))
        except (TimeError, ValueError):
            raise NotFound from None
        one = replace(wish, starts_at=start, ends_at=end, event_starts_at=None, event_ends_at=None)
        try:
            propose(
                by=reader.viewer,
                line=line.uid,
                wish=one,
                note=request.POST.get("note", ""),
                fee=FeeWish(request.POST.get("fee_amount") or None),
            )
            made += 1
        except Invalid as error:  # of the fee: the same for each of them
            for said in error.errors.values():
                messages.error(request, " ".join(str(sentence) for sentence in said))
            return redirect("frontend:propose", line.uid)
        except BookingRefused as error:
            told = " ".join(str(reason.message) for reason in error.reasons)
            when = reader.clock.span(Span(start, end), ZoneInfo(line.zone))
            messages.error(request, f"{when}: {told}")
    if made:
        messages.success(request, _("Proposed. Whoever asked chooses one of the times."))
    return redirect("frontend:booking", line.booking.uid)


def _what_it_means(line: Line, *, ours: bool) -> str:
    if ours:
        return _(
            "What you propose is kept until it is answered. What was asked for stays as it is until then."
        )
    if line.state in UNANSWERED:
        return _("Nobody has answered yet: it is changed at once.")
    return _("Shorter or fewer is changed at once. More waits for the owner's yes.")


def _told(made: Proposed, reader: Reader) -> str:
    if made.offer is None:
        return _("Changed.")
    until = reader.clock.moment(made.offer.expires_at, ZoneInfo(made.offer.zone))
    return _("Proposed. It waits for the other side until %(moment)s.") % {"moment": until}


@require_POST
@signed_in
def longer(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """What is out already, kept half an hour or an hour longer: one tap."""
    reader = reader_of(request)
    minutes = request.POST.get("minutes", "")
    if minutes not in {str(one) for one in LONGER}:
        raise NotFound
    line = line_for(viewer=reader.viewer, uid=uid)
    wish = wish_of_line(line)
    later = replace(
        wish,
        ends_at=wish.ends_at + timedelta(minutes=int(minutes)),
        event_starts_at=wish.event.start,
        event_ends_at=wish.event.end,
    )
    try:
        messages.success(request, _told(propose(by=reader.viewer, line=uid, wish=later), reader))
    except BookingRefused as error:
        messages.error(request, " ".join(str(one.message) for one in error.reasons))
    except Invalid as error:
        told = [str(one) for sentences in error.errors.values() for one in sentences]
        messages.error(request, " ".join(told))
    return redirect("frontend:booking", line.booking.uid)


ANSWERS = {
    "accept": (accept_offer, gettext_lazy("Taken: it is as proposed now.")),
    "decline": (decline_offer, gettext_lazy("Said no, thank you. The other side is told.")),
    "withdraw": (withdraw_offer, gettext_lazy("Withdrawn.")),
}


@require_POST
@signed_in
def answer(request: ViewedRequest, uid: UUID, action: str) -> HttpResponse:
    """Take a proposal, decline it, or take one's own back."""
    reader = reader_of(request)
    if action not in ANSWERS:
        raise NotFound
    offer = offer_for(viewer=reader.viewer, uid=uid)
    assert offer.booking is not None
    verb, done = ANSWERS[action]
    try:
        verb(by=reader.viewer, offer=uid)
        messages.success(request, done)
    except BookingRefused as error:
        messages.error(request, " ".join(str(one.message) for one in error.reasons))
    except Conflict as error:  # somebody was quicker, or it is too late
        messages.error(request, str(error.message))
    return redirect("frontend:booking", offer.booking.uid)
