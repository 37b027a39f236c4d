"""The requests inbox of a house: reading it, and answering."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from bookings.answers import NOTHING, AnswerWith, FeeWish
from bookings.errors import AnsweredAlready, BookingRefused
from bookings.queries.enquiries import questions_waiting
from bookings.queries.keeping import (
    just_declined,
    lines_of,
    with_what_is_in_the_way,
    without_amount,
)
from bookings.queries.rivals import standings
from bookings.services.actions import WITH_A_PROPOSAL, act
from bookings.services.offers.suggesting import suggest
from bookings.states import UNANSWERED, WAITING, LineState
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid
from frontend.forms.answers import AnswerForm
from frontend.presenters.fees import fees_to_say
from frontend.presenters.questions import question_rows
from frontend.presenters.reader import reader_of
from frontend.presenters.refusal import reason_items
from frontend.presenters.requests.answered import answered
from frontend.presenters.requests.answered import waiting as listed
from frontend.presenters.requests.groups import groups_of, ticked_together
from frontend.presenters.series_requests import series_requests, without_what_is_brought

from .doors import in_a_house, is_htmx, way_back
from .keepers import for_keepers

ALONE = {"1": True, "0": False}
"""What a form says of a date of a series: of it alone, or of all that stand alike; else as the series has it."""
ACTIONS = {"approve", "decline", "let_go", "reopen", "settle", "take_back"}


@require_GET
@in_a_house
@for_keepers
def index(request: ViewedRequest) -> HttpResponse:
    """What waits for an answer."""
    return _page(request)


@require_POST
@in_a_house
@for_keepers
def answer(request: ViewedRequest, line: UUID) -> HttpResponse:
    """Take one of `ACTIONS` on a line. What was written stays where something is wrong."""
    action = request.POST.get("action", "")
    form = AnswerForm(request.POST, prefix=str(line)[-8:])
    if action not in ACTIONS or not form.is_valid():
        return _page(request, sent={str(line): form}, status=422)
    try:
        moved = act(
            by=request.viewer,
            line=line,
            action=action,
            note=form.cleaned_data["note"] if action == "approve" else "",
            reason=form.cleaned_data["reason"] if action in WITH_A_PROPOSAL else "",
            answer=_answer(form, action),
            alone=ALONE.get(request.POST.get("alone", "")),
        )
    except Invalid as error:
        form.take_refusal(error)
        return _page(request, sent={str(line): form}, status=422)
    except BookingRefused as error:
        zone = ZoneInfo("UTC")
        told = reason_items(error.reasons, reader=reader_of(request), zone=zone, dated=True)
        why = " ".join(one.message for one in told)
        return _page(request, sent={str(line): form}, error=why, status=409)
    except AnsweredAlready as error:
        messages.info(request, str(error.message))
        return redirect(way_back(request, "frontend:requests"))
    except Conflict as error:
        return _page(request, sent={str(line): form}, error=str(error.message), status=409)
    done = _approved(moved.state) if action == "approve" else str(SAID[action])
    by = moved.decided_by if action in {"approve", "decline"} else None
    if by is not None and by.pk != request.viewer.person:
        done = _("Answered already by %(who)s, just as you would.") % {"who": by}
    messages.success(request, done)
    return redirect(way_back(request, "frontend:requests"))


def _answer(form: AnswerForm, action: str) -> AnswerWith:
    """Of what was typed, what belongs to the button that was pressed."""
    if action == "approve":
        return replace(form.answer, code="")
    return replace(form.answer, fee=FeeWish()) if action in WITH_A_PROPOSAL else NOTHING


def _approved(state: str) -> str:
    if state == LineState.ACCEPTED:
        return _("Agreed. It is confirmed as soon as the others have agreed to their part.")
    return _("Confirmed. Whoever asked is told now.")


SAID = {
    "decline": gettext_lazy("Declined. You can take this back within the hour."),
    "let_go": gettext_lazy("Let go: others can have this time now. The request still waits."),
    "reopen": gettext_lazy("Taken back: the request waits for your answer again."),
    "settle": gettext_lazy("Noted: agreed from your side."),
    "take_back": gettext_lazy("Taken back. Whoever had it is told now."),
}


def _page(
    request: ViewedRequest,
    *,
    sent: dict[str, AnswerForm] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    house = viewer.acting_for or 0
    waiting = lines_of(
        viewer,
        house,
        states=WAITING | {LineState.TO_SETTLE},
    )
    open_ones = [line for line in waiting if line.state in UNANSWERED]
    asked = with_what_is_in_the_way(without_what_is_brought(open_ones), viewer=viewer)
    groups = groups_of(
        asked,
        now=viewer.now,
        sent=sent or {},
        error=error,
        standings=standings(open_ones),
        elsewhere=lambda rivals: suggest(rivals, by=viewer, elsewhere=True),
    )
    context = {
        "groups": groups,
        "ticked": ticked_together(groups),
        "series": series_requests(
            asked, now=viewer.now, sent=sent or {}, error=error, lit=not groups
        ),
        "to_settle": listed([one for one in waiting if one.state == LineState.TO_SETTLE]),
        "accepted": listed([one for one in waiting if one.state == LineState.ACCEPTED]),
        "declined": answered(just_declined(viewer, house)),
        "fees": fees_to_say(without_amount(viewer, house)),
        "questions": question_rows(
            questions_waiting(viewer=viewer, institution=house), reader=reader_of(request)
        ),
        "error": error,
        "fragment": is_htmx(request),
    }
    name = "frontend/requests.html#inbox" if is_htmx(request) else "frontend/requests.html"
    return render(request, name, context, status=status)
