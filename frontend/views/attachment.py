"""Photos and files that go with a conversation, a hand-over or a case, for those who see that."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bookings.queries.attachments import stored_file
from cooperative.access.middleware import ViewedRequest
from cooperative.files import given_out

from .doors import signed_in


@require_safe
@signed_in
def show(request: ViewedRequest, uid: UUID, width: int | None = None) -> HttpResponse:
    """A photo (re-encoded by us) to be looked at; any other file to be saved."""
    found = stored_file(by=request.viewer, attachment=uid, width=width)
    return given_out(
        found.path, name=found.name, media_type=found.media_type, saved=not found.is_photo
    )
