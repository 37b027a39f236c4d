"""The photos of a listing: taking several at once, describing, ordering, taking away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from frontend.forms.listing.photos import PhotosForm
from frontend.presenters.photos import photo_rows
from sharing.pictures import LARGEST_BYTES
from sharing.services.photos import (
    MOST_PHOTOS,
    add_photo,
    describe_photo,
    order_photos,
    remove_photo,
)

from .doors import in_a_house
from .keepers import for_keepers
from .thing import head_of, listing_of


@require_http_methods(["GET", "POST"])
@in_a_house
@for_keepers
def index(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """The photos, and a form for more."""
    listing = listing_of(request, uid)
    if request.method == "POST":
        take_all(request, uid)
        return redirect("frontend:thing-photos", uid)
    rows = photo_rows(listing)
    context = {
        "head": head_of(request, listing, "thing-photos"),
        "rows": rows,
        "form": PhotosForm(),
        "full": len(rows) >= MOST_PHOTOS,
    }
    return render(request, "frontend/thing_photos.html", context)


@require_POST
@in_a_house
@for_keepers
def change(request: ViewedRequest, uid: UUID, photo: UUID) -> HttpResponse:
    """Describe a photo, move it one place forward, or take it away."""
    action = request.POST.get("action", "")
    listing = listing_of(request, uid)
    photos = [one.uid for one in listing.photos.all()]
    if photo not in photos:
        raise NotFound
    try:
        if action == "remove":
            remove_photo(by=request.viewer, photo=photo)
            messages.success(request, _("The photo is gone."))
        elif action == "forward":
            place = max(photos.index(photo) - 1, 0)
            photos.remove(photo)
            photos.insert(place, photo)
            order_photos(by=request.viewer, resource=uid, photos=photos)
        elif action == "describe":
            text = request.POST.get("alternative_text", "")
            describe_photo(by=request.viewer, photo=photo, alternative_text=text)
            messages.success(request, _("Saved."))
    except Invalid as error:
        messages.error(request, _first(error))
    return redirect("frontend:thing-photos", uid)


def take_all(request: ViewedRequest, uid: UUID) -> None:
    """Take every file that was sent; what cannot be taken is said file by file."""
    taken = 0
    files = request.FILES.getlist("photos")
    for file in files:
        try:
            add_photo(
                by=request.viewer,
                resource=uid,
                data=_content(file),
                alternative_text=request.POST.get("alternative_text", ""),
            )
        except Invalid as error:
            messages.error(request, f"{file.name}: {_first(error)}")
        except Conflict as error:
            messages.error(request, str(error.message))
            break
        else:
            taken += 1
    if taken:
        messages.success(request, ngettext("%d photo taken.", "%d photos taken.", taken) % taken)
    elif not files and request.resolver_match and request.resolver_match.url_name == "thing-photos":
        messages.error(request, _("Choose a photo first."))


def _content(file: UploadedFile[bytes]) -> bytes:
    """No more than tells that it is too much."""
    return file.read(LARGEST_BYTES + 1)  # type: ignore[no-any-return]  # the stubs leave it open


def _first(error: Invalid) -> str:
    return str(next(iter(error.errors.values()), [error.message])[0])
