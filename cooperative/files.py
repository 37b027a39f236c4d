"""A stored file on its way out: to be looked at, or to be saved whatever a browser would make of it."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from .errors import NotFound


def given_out(path: str, *, name: str, media_type: str, saved: bool) -> HttpResponse:
    """The file at `path` of the media storage under the `name` that people know. Raises `NotFound`."""
    try:
        with default_storage.open(path) as file:
            answer = HttpResponse(file.read(), content_type=media_type)
    except FileNotFoundError:
        raise NotFound from None
    disposition = content_disposition_header(as_attachment=saved, filename=name)
    answer["Content-Disposition"] = str(disposition)
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
