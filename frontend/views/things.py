"""Our things: the list, a new one by four questions, its state and its photos."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bookings.errors import WouldHit
from bookings.queries.keeping import next_uses, waiting_by_resource
from bookings.services.resources import withdraw_resource
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid
from frontend.forms.fields import into_form
from frontend.forms.listing.form import ListingForm
from frontend.forms.listing.photos import PhotosForm
from frontend.presenters.lines import language
from frontend.presenters.listing import category_choices, rows_of
from frontend.presenters.reviews import open_reviews
from sharing.models import AttributeDefinition
from sharing.presets import preset_for
from sharing.queries.catalogue import definitions_for, tree
from sharing.queries.listings import of_house
from sharing.services.create_resource import create_resource
from sharing.services.publish import publish, unpublish

from .doors import in_a_house, is_htmx
from .keepers import for_keepers
from .once import once
from .photos import take_all

PER_PAGE = 40


@require_GET
@in_a_house
@for_keepers
def index(request: ViewedRequest) -> HttpResponse:
    """All listings of the house, in any state."""
    viewer = request.viewer
    try:
        first = max(int(request.GET.get("from", "0")), 0)
    except ValueError:
        first = 0
    found = list(of_house(viewer, viewer.acting_for or 0)[first : first + PER_PAGE + 1])
    shown = found[:PER_PAGE]
    ids = [one.pk for one in shown]
    context = {
        "things": rows_of(
            shown,
            reviews=open_reviews(ids),
            next_uses=next_uses(viewer, ids),
            waiting=waiting_by_resource(viewer, ids),
        ),
        "previous_url": f"?from={max(first - PER_PAGE, 0)}" if first else "",
        "next_url": f"?from={first + PER_PAGE}" if len(found) > PER_PAGE else "",
        "count_label": f"{first + 1}–{first + len(shown)}" if shown else "",
    }
    return render(request, "frontend/things.html", context)


@require_http_methods(["GET", "POST"])
@once
@in_a_house
@for_keepers
def new(request: ViewedRequest) -> HttpResponse:
    """The four questions. With htmx a GET with a category answers with what may be said of such things."""
    within = tree()
    chosen = within.by_code.get(request.POST.get("category") or request.GET.get("category") or "")
    definitions: list[AttributeDefinition] = (
        list(definitions_for(chosen, within)) if chosen is not None else []
    )
    speaks = language()
    form = ListingForm(
        request.POST or None,
        categories=category_choices(within),
        definitions=definitions,
        language=speaks,
        new=True,
        usual=(chosen.default_kind or "exclusive") if chosen is not None else "",
        initial={
            "written_in": speaks,
            "other_language": "en" if speaks == "pl" else "pl",
        },
    )
    photos = PhotosForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and chosen is not None:
        preset = preset_for(within.root(chosen).code)
        try:
            made = create_resource(
                by=request.viewer,
                owner=request.viewer.acting_for or 0,
                category=chosen.code,
                kind=_kind(form, chosen.default_kind),
                units=form.cleaned_data["units"],
                texts=form.texts(),
                original=form.cleaned_data["written_in"],
                attributes=form.attributes(),
                terms=form.terms(preset, kept={}),
                **form.details(),
            )
        except Invalid as error:
            into_form(form, error, form.named())
        except Conflict as error:
            form.add_error(None, str(error.message))
        else:
            take_all(request, made.uid)
            if "publish" in request.POST:
                _publish(request, made.uid)
            else:
                messages.success(request, _("Saved. Colleagues in your house can use it already."))
            return redirect("frontend:thing", made.uid)
    name = "frontend/thing_new.html"
    if is_htmx(request) and request.method == "GET":
        name += "#of-category"
    status = 422 if request.method == "POST" else 200
    return render(request, name, {"form": form, "photos": photos}, status=status)


def _kind(form: ListingForm, usual: str) -> str:
    """Several of what is usually one at a time are pieces."""
    chosen = form.cleaned_data["kind"]
    if chosen:
        return str(chosen)
    return "pooled" if form.cleaned_data["units"] > 1 and usual in {"", "exclusive"} else usual


@require_POST
@in_a_house
@for_keepers
def state(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Publish (or send to the moderators), take back into the house, or withdraw for good."""
    action = request.POST.get("action", "")
    if action == "publish":
        _publish(request, uid)
    elif action == "unpublish":
        unpublish(by=request.viewer, resource=uid)
        messages.success(request, _("Only your own house sees it now. Bookings stay as they are."))
    elif action == "withdraw":
        try:
            withdraw_resource(by=request.viewer, resource=uid)
        except WouldHit:
            messages.error(
                request, _("It is still promised to somebody. Settle these bookings first.")
            )
        else:
            messages.success(request, _("Withdrawn for good. Its past stays."))
            return redirect("frontend:things")
    return redirect("frontend:thing", uid)


def _publish(request: ViewedRequest, uid: UUID) -> None:
    try:
        listing = publish(by=request.viewer, resource=uid)
    except Conflict as error:
        messages.warning(request, f"{_('Saved for your own house.')} {error.message}")
        return
    if listing.state == "published":
        messages.success(request, _("Published: members can find it now."))
    else:
        messages.success(
            request,
            _("Sent to the moderators. Colleagues in your house can use it already."),
        )
