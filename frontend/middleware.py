"""Pages for what the framework answers without any."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


class MethodPageMiddleware:
    """A method that an address does not know is an empty answer of Django's: for people it becomes a page.

    Stands innermost, so that what others add to a page is added to this one. The API speaks for itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        if answer.status_code == 405 and not request.path.startswith("/api/"):
            # Written into the same answer: it says which methods are allowed.
            answer.content = render_to_string("405.html", request=request)
        return answer
