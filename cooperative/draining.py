"""Reading what a refused client is still sending, so that it gets to hear the answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

CHUNK = 64 * 1024
AT_MOST = 64 * 1024 * 1024
"""Bytes; who sends more is cut off."""


class DrainingMiddleware:
    """Discards the rest of a request's body after the answer was made.

    Too large a body is refused before it is read. A server that then closes leaves the client with a broken
    connection in place of the sentence that says why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        stream = getattr(request, "_stream", None)
        if (
            stream is not None
            and request.method not in {"GET", "HEAD"}
            and _length(request) <= AT_MOST
        ):
            try:
                while stream.read(CHUNK):
                    pass
            except (OSError, UnreadablePostError, ValueError):
                pass  # the client went away, or everything was read and closed
        return response


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return AT_MOST + 1
