"""Photos and files that go with a conversation, a hand-over or a case, for those who see that."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from bookings.queries.attachments import stored_file
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import NotFound

from .doors import signed_in


@require_safe
@signed_in
def show(request: ViewedRequest, uid: UUID, width: int | None = None) -> HttpResponse:
    """A photo (re-encoded by us) to be looked at; any other file to be saved, whatever a browser would make of it."""
    found = stored_file(by=request.viewer, attachment=uid, width=width)
    try:
        with default_storage.open(found.path) as file:
            answer = HttpResponse(file.read(), content_type=found.media_type)
    except FileNotFoundError:
        raise NotFound from None
    saved = content_disposition_header(as_attachment=not found.is_photo, filename=found.name)
    answer["Content-Disposition"] = str(saved)
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
