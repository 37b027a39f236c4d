"""The moderators' desk: admit institutions, look at listings, decide cases; each with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from bookings.queries.cases import cases_on_desk
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Forbidden, Invalid
from cooperative.institutions.queries import applications_waiting, look_alikes
from cooperative.institutions.services.applications import admit, refuse
from frontend.components import Choice
from frontend.forms.fields import into_form
from frontend.forms.moderation import DecisionForm, ReviewsForm
from frontend.presenters import moderation as present
from frontend.presenters.cases import case_rows
from frontend.presenters.reader import reader_of
from sharing.queries.catalogue import tree
from sharing.queries.listings import review_desk
from sharing.queries.terms import terms_by_resource
from sharing.services.decide_review import decide_review

from .doors import signed_in
from .sent import uids_in

MOST = 50


@require_GET
@signed_in
def index(request: ViewedRequest) -> HttpResponse:
    """One of three tabs: `institutions`, `listings`, `disputes`."""
    return _page(request, request.GET.get("tab", ""))


@require_POST
@signed_in
def application(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Admit or refuse an institution."""
    form = DecisionForm(request.POST, prefix=str(uid)[-8:])
    verb = admit if request.POST.get("action") == "admit" else refuse
    if form.is_valid():
        try:
            verb(by=request.viewer, application=uid, reason=form.cleaned_data["reason"])
        except Invalid as error:
            into_form(form, error)
        except Conflict as error:
            messages.error(request, str(error.message))
            return redirect(_tab("institutions"))
        else:
            messages.success(
                request,
                _("Admitted. Whoever applied is told, and manages the institution.")
                if verb is admit
                else _("Refused. Whoever applied reads your reason."),
            )
            return redirect(_tab("institutions"))
    return _page(request, "institutions", sent={str(uid): form})


@require_POST
@signed_in
def listings(request: ViewedRequest) -> HttpResponse:
    """One word on all listings that are chosen."""
    form = ReviewsForm(request.POST)
    chosen = request.POST.getlist("review")
    if form.is_valid():
        try:
            decided = decide_review(
                by=request.viewer,
                reviews=uids_in(chosen),
                decision=form.cleaned_data["decision"],
                reason=form.cleaned_data["reason"],
                trust_owner=form.cleaned_data["trust_owner"],
            )
        except Invalid as error:
            into_form(form, error)
        except Conflict as error:
            form.add_error(None, str(error.message))
        else:
            count = len(decided)
            messages.success(
                request, ngettext("%d listing decided.", "%d listings decided.", count) % count
            )
            return redirect(_tab("listings"))
    return _page(request, "listings", decision=form, chosen=chosen)


def _page(
    request: ViewedRequest,
    tab: str,
    *,
    sent: dict[str, DecisionForm] | None = None,
    decision: ReviewsForm | None = None,
    chosen: Sequence[str] = (),
) -> HttpResponse:
    viewer = request.viewer
    if not viewer.moderator:
        raise Forbidden(_("This page is for the moderators of the cooperative."))
    waiting = applications_waiting(viewer)
    desk = review_desk(viewer)
    brought = cases_on_desk(viewer)
    counts = {
        "institutions": waiting.count(),
        "listings": desk.count(),
        "disputes": brought.count(),
    }
    if tab not in counts:
        tab = next((name for name, count in counts.items() if count), "institutions")
    context: dict[str, Any] = {"tabs": _tabs(tab, counts), "tab": tab}
    if tab == "institutions":
        rows = list(waiting[:MOST])
        context["applications"] = present.applications(
            rows, look_alikes([row.institution for row in rows]), sent=sent or {}
        )
    elif tab == "listings":
        reviews = list(desk[:MOST])
        context["reviews"] = present.reviews(
            reviews,
            within=tree(),
            terms=terms_by_resource([row.resource for row in reviews]),
            chosen=chosen or request.GET.getlist("review"),
        )
        context["form"] = decision or ReviewsForm()
    else:
        context["waiting"] = case_rows(list(brought[:MOST]), reader=reader_of(request))
    status = 422 if sent or decision else 200
    return render(request, "frontend/moderation.html", context, status=status)


def _tab(name: str) -> str:
    return f"{reverse('frontend:moderation')}?tab={name}"


def _tabs(current: str, counts: dict[str, int]) -> tuple[Choice, ...]:
    labels = {
        "institutions": _("Institutions"),
        "listings": _("Listings"),
        "disputes": _("Cases"),
    }
    return tuple(
        Choice(value=name, label=label, current=name == current, url=_tab(name), count=counts[name])
        for name, label in labels.items()
    )
