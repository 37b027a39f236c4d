"""Something was wrong: the institution's list, one case for both sides and for moderators, each step a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
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
from frontend.forms.cases import CaseDecisionForm, CaseFilesForm, CaseWordsForm, ObjectionAnswerForm
from frontend.forms.fields import into_form
from frontend.presenters.cases import case_page, case_rows, in_force
from frontend.presenters.reader import reader_of

from .doors import in_a_house, signed_in

MOST = 50
DONE: dict[str, Sentence] = {
    "answer": gettext_lazy("Your answer is with the other side."),
    "settle": gettext_lazy("Noted. It is closed when both sides say so."),
    "bring": gettext_lazy("It is with the moderators now. Both sides are told."),
    "decide": gettext_lazy("Decided. Both sides read your reason."),
    "files": gettext_lazy("Added. The other side sees it."),
    "object": gettext_lazy("Your objection is with the moderators."),
    "answer_objection": gettext_lazy("Answered. Both sides read your reason."),
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
    if action not in DONE:
        raise NotFound
    found = case_for(viewer=request.viewer, uid=uid)
    made = _forms(found).get(action)
    form = made(request.POST) if made is not None else None
    if form is not None and not form.is_valid():
        return _page(request, found, sent={action: form}, status=422)
    try:
        _take(action, request, uid, form)
    except Invalid as error:
        if form is None:
            raise
        into_form(form, error, {"files": "photos"})
        return _page(request, found, sent={action: form}, status=422)
    except Conflict as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, str(DONE[action]))
    return redirect(reverse("frontend:case", args=[uid]))


def _take(action: str, request: ViewedRequest, uid: UUID, form: forms.Form | None) -> None:
    by = request.viewer
    if action == "files":
        add_to_case(by=by, case=uid, files=request.FILES.getlist("photos"))
    elif isinstance(form, (CaseDecisionForm, ObjectionAnswerForm)):
        verb = verbs.decide_case if action == "decide" else verbs.answer_objection
        verb(by=by, case=uid, **form.words)
    elif form is not None:
        say = verbs.answer_case if action == "answer" else verbs.object_to
        say(by=by, case=uid, words=form.cleaned_data["words"])
    else:
        go = verbs.settle_case if action == "settle" else verbs.bring_case
        go(by=by, case=uid)


def _forms(case: Case) -> dict[str, Callable[..., forms.Form]]:
    sides = [side for side in (case.borrower, case.lender) if side is not None]

    def decision(data: Any = None) -> CaseDecisionForm:
        return CaseDecisionForm(data, sides=sides)

    return {
        "answer": CaseWordsForm,
        "files": CaseFilesForm,
        "object": CaseWordsForm,
        "decide": decision,
        "answer_objection": ObjectionAnswerForm,
    }


def _page(
    request: ViewedRequest,
    case: Case,
    *,
    sent: dict[str, forms.Form] | None = None,
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
