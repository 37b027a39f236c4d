"""Something was wrong: the institution's list, one case for both sides and for moderators, each step a button."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from bookings.models import Case
from bookings.permissions import may_moderate
from bookings.queries.cases import case_file, case_for, cases_of, sanctions_in_force
from bookings.services import cases as verbs
from bookings.services.attachments import add_to_case
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound, Sentence
from frontend.forms.cases import (
    CaseDecisionForm,
    CaseFilesForm,
    CaseForm,
    CaseWordsForm,
    ObjectionAnswerForm,
)
from frontend.forms.fields import into_form
from frontend.presenters.cases import case_page, case_rows, in_force
from frontend.presenters.reader import reader_of

from .doors import in_a_house, signed_in

MOST = 50
STEPS: dict[str, tuple[Callable[..., object], Sentence]] = {
    "answer": (verbs.answer_case, gettext_lazy("Your answer is with the other side.")),
    "settle": (verbs.settle_case, gettext_lazy("Noted. It is closed when both sides say so.")),
    "bring": (
        verbs.bring_case,
        gettext_lazy("It is with the moderators now. Both sides are told."),
    ),
    "decide": (verbs.decide_case, gettext_lazy("Decided. Both sides read your reason.")),
    "files": (add_to_case, gettext_lazy("Added. The other side sees it.")),
    "object": (verbs.object_to, gettext_lazy("Your objection is with the moderators.")),
    "answer_objection": (
        verbs.answer_objection,
        gettext_lazy("Answered. Both sides read your reason."),
    ),
}


@require_safe
@in_a_house
def index(request: ViewedRequest) -> HttpResponse:
    """Cases of the institution acted for, the newest first, and what follows from them for it."""
    reader = reader_of(request)
    assert reader.acting is not None
    assert request.institution
    rows = cases_of(viewer=reader.viewer, houses=[reader.acting])[:MOST]
    own = sanctions_in_force([reader.acting], now=reader.viewer.now).get(reader.acting, ())
    context = {
        "waiting": case_rows(list(rows), reader=reader),
        "in_force": in_force(own, zone=request.institution.time_zone),
    }
    return render(request, "frontend/cases.html", context)


@require_GET
@signed_in
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """One case; opened by a moderator it is logged."""
    found = case_for(viewer=request.viewer, uid=uid)
    verbs.read_case(by=request.viewer, case=found)
    return _page(request, found)


@require_POST
@signed_in
def step(request: ViewedRequest, uid: UUID, action: str) -> HttpResponse:
    """One step of a case; what was typed comes back where it cannot be taken."""
    if action not in STEPS:
        raise NotFound
    verb, done = STEPS[action]
    found = case_for(viewer=request.viewer, uid=uid)
    make = _forms(found).get(action)
    form = make(request.POST, request.FILES) if make is not None else None
    if form is not None and not form.is_valid():
        return _page(request, found, sent={action: form}, status=422)
    try:
        verb(by=request.viewer, case=uid, **(form.said if form is not None else {}))
    except Invalid as error:
        if form is None:
            raise
        into_form(form, error, {"files": "attached"})
        return _page(request, found, sent={action: form}, status=422)
    except Conflict as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, str(done))
    return redirect(reverse("frontend:case", args=[uid]))


def _forms(case: Case) -> dict[str, Callable[..., CaseForm]]:
    sides = [side for side in (case.borrower, case.lender) if side is not None]

    return {
        "answer": CaseWordsForm,
        "files": CaseFilesForm,
        "object": CaseWordsForm,
        "decide": partial(CaseDecisionForm, sides=sides),
        "answer_objection": ObjectionAnswerForm,
    }


def _page(
    request: ViewedRequest,
    case: Case,
    *,
    sent: dict[str, CaseForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    reader = reader_of(request)
    moderates = may_moderate(case, reader.viewer)
    whole = case_file(case, viewer=reader.viewer, moderates=moderates)
    page = case_page(whole, reader=reader, moderates=moderates)
    shown = {
        action: (sent or {}).get(action) or make()
        for action, make in _forms(case).items()
        if action in page.actions or action in (sent or {}) or (action == "files" and page.may_show)
    }
    context = {
        "page": page,
        "forms": shown,
        "uid": case.uid,
        "settle": "settle" in page.actions,
        "bring": "bring" in page.actions,
    }
    return render(request, "frontend/case.html", context, status=status)
