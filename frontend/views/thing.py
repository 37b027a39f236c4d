"""One of our things: reading and changing its description and terms, knowing of who changed it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors import WouldHit, WouldLieOutside
from bookings.models import Line
from bookings.queries.keeping import causes
from bookings.services.hours import JUDGED_BY, change_hours
from bookings.services.resources import change_units
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Forbidden, Invalid, Stale
from frontend.forms.fields import into_form
from frontend.forms.listing.form import ListingForm
from frontend.presenters.lines import language
from frontend.presenters.listing import (
    ListingHead,
    category_choices,
    differences,
    head,
    initial_of,
    wishes_of,
)
from frontend.presenters.people import heard_by
from frontend.presenters.week.hits import HitRow, hit_rows
from sharing.models import Resource, SharingTerms
from sharing.permissions import may_edit
from sharing.presets import preset_for
from sharing.queries.catalogue import definitions_for, tree
from sharing.queries.keepers import keepers_of
from sharing.queries.listings import last_review, resource_for
from sharing.queries.terms import terms_by_resource
from sharing.services.save_listing import save_listing

from .doors import in_a_house
from .keepers import for_keepers

ONE_OF_IT = {"exclusive", "open"}


def listing_of(request: ViewedRequest, uid: UUID) -> Resource:
    """The listing, for keepers of its owner; raises `NotFound`, `Forbidden`."""
    listing = resource_for(request.viewer, uid)
    if not may_edit(request.viewer, listing):
        raise Forbidden(_("Only those who look after your house's things may change it."))
    return listing


def head_of(
    request: ViewedRequest,
    listing: Resource,
    current: str,
    terms: list[SharingTerms] | None = None,
) -> ListingHead:
    rows = terms if terms is not None else terms_by_resource([listing])[listing.pk]
    return head(
        listing,
        review=last_review(listing),
        terms=rows,
        current=current,
        active=listing.owner.state == "active",
    )


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def edit(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Change a listing; whoever saved meanwhile is told, both values shown, nothing lost."""
    listing = listing_of(request, uid)
    within = tree()
    rows = terms_by_resource([listing])[listing.pk]
    initial = initial_of(listing, rows)
    chosen = (
        within.by_code.get(request.POST.get("category", "")) or within.by_id[listing.category_id]
    )

    def form_of(data: Any) -> ListingForm:
        form = ListingForm(
            data,
            categories=category_choices(within),
            definitions=definitions_for(chosen, within),
            language=language(),
            custom_terms=initial["audience"] == "custom",
            usual=listing.kind,
            initial=initial,
        )
        form.fields["kind"].disabled = True
        form.fields["units"].disabled = listing.kind in ONE_OF_IT
        return form

    form = form_of(request.POST if request.method == "POST" else None)
    hit: Sequence[HitRow] = ()
    outside: Sequence[HitRow] = ()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            save = partial(
                save_listing,
                by=request.viewer,
                resource=uid,
                version=form.cleaned_data["version"] or 0,
                category=chosen.code,
                attributes=form.attributes(),
                texts=form.texts(),
                original=form.cleaned_data["written_in"],
                terms=form.terms(preset_for(within.root(chosen).code), kept=wishes_of(rows)),
                **form.details(),
            )
            try:
                _save(request, listing, form, save)
            except WouldLieOutside as error:
                outside, status = in_the_way(request, error.lines), 409
            except Stale:
                form, status = _stale(form, request, listing, initial, form_of), 409
            except Invalid as error:
                into_form(form, error, form.named())
            except Conflict as error:
                form.add_error(None, str(error.message))
            else:
                hit = _count(request, listing, form.cleaned_data["units"])
                if not hit:
                    return redirect("frontend:thing", uid)
                # The rest is saved: the form goes on from there, with the number as it was typed.
                listing = listing_of(request, uid)
                rows = terms_by_resource([listing])[listing.pk]
                initial = initial_of(listing, rows) | {"units": form.cleaned_data["units"]}
                form, status = form_of(None), 409
    context = {
        "form": form,
        "head": head_of(request, listing, "thing", rows),
        "hits": hit,
        "outside": outside,
        "hear": heard_by(keepers_of(request.viewer, listing)),
        "uid": uid,
    }
    return render(request, "frontend/thing.html", context, status=status)


def _save(
    request: ViewedRequest, listing: Resource, form: ListingForm, save: Callable[[], Resource]
) -> None:
    """Raises `WouldLieOutside` where it changes when it is open, unless `confirmed` was sent too; and as `save`."""
    details = form.details().items()
    if not any(name in JUDGED_BY and getattr(listing, name) != value for name, value in details):
        save()
        return
    change_hours(
        save,
        by=request.viewer,
        institution=listing.owner_id,
        resource=listing.uid,
        confirmed=request.POST.get("confirmed") == "1",
    )


def _stale(
    form: ListingForm,
    request: ViewedRequest,
    listing: Resource,
    now: Mapping[str, Any],
    form_of: Callable[[Any], ListingForm],
) -> ListingForm:
    """The same form with what was typed; where it differs the field says what stands there now."""
    data = request.POST.copy()
    data["version"] = str(listing.version)
    fresh = form_of(data)
    fresh.is_valid()
    for name, there in differences(form, now).items():
        fresh[name].help_text = format_html(
            '<strong class="theirs">{}</strong>', _("Now it says: %(there)s") % {"there": there}
        )
    fresh.add_error(
        None,
        _(
            "Somebody else changed this meanwhile. What you typed is still here; where it differs, "
            "the field says what stands there now. Save again to keep yours."
        ),
    )
    return fresh


def _count(request: ViewedRequest, listing: Resource, units: int) -> Sequence[HitRow]:
    """The number has a verb of its own: what is promised from now on must still fit. Returns what does not."""
    if listing.kind not in ONE_OF_IT and units != listing.units:
        try:
            change_units(by=request.viewer, resource=listing.uid, units=units)
        except WouldHit as error:
            return in_the_way(request, error.lines)
        except Invalid as error:
            messages.error(request, str(error.message))
            return ()
    messages.success(request, _("Saved."))
    return ()


def in_the_way(request: ViewedRequest, lines: Sequence[Line]) -> Sequence[HitRow]:
    """Whom a change would hit, as the owner's people may read it."""
    read = causes({line.pk for line in lines}, (), viewer=request.viewer)
    return hit_rows(lines, read, now=request.viewer.now)
