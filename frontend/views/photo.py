"""Photos of listings, through the same gate as the listings."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpResponse

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import NotFound
from frontend.views.doors import kindly
from sharing.models import ResourcePhoto
from sharing.queries.listings import photo_on_desk
from sharing.services.photos import file_of


@kindly
def show(request: ViewedRequest, uid: UUID, width: int) -> HttpResponse:
    """One photo in one of its widths, as WebP."""
    seen = ResourcePhoto.objects.visible_to(request.viewer).filter(uid=uid).first()
    if seen is None:
        seen = photo_on_desk(request.viewer, uid)
    try:
        with default_storage.open(file_of(seen, width)) as file:
            answer = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError:
        raise NotFound from None
    answer["Cache-Control"] = "private, max-age=86400"
    return answer
