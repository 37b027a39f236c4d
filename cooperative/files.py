"""A file on its way out: to be looked at, or to be saved whatever a browser would make of it."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from .errors import NotFound


def given_out(path: str, *, name: str, media_type: str, saved: bool) -> HttpResponse:
    """The file at `path` of the media storage under the `name` that people know. Raises `NotFound`."""
    try:
        with default_storage.open(path) as file:
            answer = _answer(file.read(), name=name, media_type=media_type, saved=saved)
    except FileNotFoundError:
        raise NotFound from None
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def made_now(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """A file that was made for this answer, to be saved."""
    answer = _answer(content, name=name, media_type=media_type, saved=True)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _answer(content: bytes, *, name: str, media_type: str, saved: bool) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    disposition = content_disposition_header(as_attachment=saved, filename=name)
    answer["Content-Disposition"] = str(disposition)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
