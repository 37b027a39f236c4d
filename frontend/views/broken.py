"""Out of order in two taps, and mended in one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bookings.errors import BookingRefused, WouldHit
from bookings.models import Block
from bookings.queries.blocks import block_for, in_repair
from bookings.queries.keeping import causes
from bookings.services.repair import Until, mended, out_of_order, still_broken, store_photo
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Invalid, NotFound
from frontend.forms.broken import BrokenForm, kept
from frontend.forms.fields import into_form
from frontend.forms.giving_way import chosen
from frontend.presenters.broken import repair_rows
from frontend.presenters.week.hits import HitRow, hit_rows
from sharing.models import Resource
from sharing.pictures import LARGEST_BYTES, WIDTHS

from .doors import in_a_house, way_back
from .keepers import for_keepers, say_what_came_back
from .once import once
from .thing import head_of, listing_of


@require_http_methods(["GET", "POST"])
@once
@in_a_house
@for_keepers
def index(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Say that something is out of order; whom it hits is shown before anything is stored."""
    listing = listing_of(request, uid)
    data = request.POST if request.method == "POST" else None
    form = BrokenForm(data, request.FILES or None, size=listing.units)
    if data is None:
        return _page(request, listing, form)
    if not form.is_valid():
        return _page(request, listing, form, status=422)
    way, stem = chosen(request.POST), form.cleaned_data["photo_kept"]
    try:
        stem = _photo(form) or stem
        out_of_order(
            by=request.viewer,
            resource=listing.uid,
            zone=listing.time_zone,
            units=form.cleaned_data.get("units") or 1,
            until=Until(form.cleaned_data["until"]),
            note=form.cleaned_data["note"],
            photo=stem,
            hit=way.hit,
            shrink=way.shrink,
        )
    except WouldHit as error:
        return _page(request, listing, form, error=error, stem=stem, status=409)
    except BookingRefused as no:
        form.add_error(None, [str(reason.message) for reason in no.reasons])
        return _page(request, listing, form, stem=stem, status=409)
    except Invalid as error:
        into_form(form, error)
        return _page(request, listing, form, stem=stem, status=422)
    messages.success(request, _("Noted: nobody can book it until it is mended."))
    if way.hit or way.shrink:
        return redirect("frontend:to-settle")
    return redirect(way_back(request, "frontend:broken", uid))


@require_POST
@in_a_house
@for_keepers
def change(request: ViewedRequest, block: UUID) -> HttpResponse:
    """It works again, or it still does not."""
    found = block_for(request.viewer, block)
    if request.POST.get("action") == "still":
        still_broken(by=request.viewer, block=block)
        messages.success(request, _("Noted. We ask again in two weeks."))
    else:
        say_what_came_back(request, mended(by=request.viewer, block=block))
    return redirect(way_back(request, "frontend:broken", found.resource.uid))


@require_GET
@in_a_house
def photo(request: ViewedRequest, block: UUID, width: int) -> HttpResponse:
    """What was broken, for the people of its owner."""
    found = block_for(request.viewer, block)
    if not found.photo or width not in WIDTHS:
        raise NotFound
    try:
        with default_storage.open(f"{found.photo}-{width}.webp") as file:
            answer = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError:
        raise NotFound from None
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


def _photo(form: BrokenForm) -> str:
    """The stem of what was sent now, if anything was. Raises `PhotoRefused`."""
    sent = form.cleaned_data["photo"]
    return store_photo(sent.read(LARGEST_BYTES + 1)) if sent is not None else ""


def _page(
    request: ViewedRequest,
    listing: Resource,
    form: BrokenForm,
    *,
    error: WouldHit | None = None,
    stem: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    hits: tuple[HitRow, ...] = ()
    if error is not None:
        lines = {line.pk for line in (*error.lines, *error.others)}
        read = causes(lines, (), viewer=viewer)
        hits = hit_rows(
            error.lines,
            read,
            now=viewer.now,
            others=error.others,
            typed=chosen(request.POST).typed,
        )
    repairs: list[Block] = in_repair(viewer, listing.owner_id, resource=listing.pk)
    context = {
        "head": head_of(request, listing, "broken"),
        "form": form,
        "photo_kept": kept(stem),
        "hits": hits,
        "how_many": error.message if error is not None else "",
        "pool": listing.units > 1,
        "repairs": repair_rows(repairs, now=viewer.now, here=request.path),
        "next": way_back(request, "frontend:broken", listing.uid),
    }
    return render(request, "frontend/broken.html", context, status=status)
