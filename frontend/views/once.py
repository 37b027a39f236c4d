"""A form that is sent twice has its effect once: a second click, and the back button after it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from cooperative.api.idempotency import form_once
from cooperative.people.models import Person

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]

FIELD = "once"
_LONGEST = 64


def once(view: Page[P]) -> Page[P]:
    """For views whose form carries `{% once %}`: the same form with the same words leads to the same place.

    Other words in the same form (gone back, changed, sent again) are another wish.
    """

    @wraps(view)
    def handled(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST" or not isinstance(request.user, Person):
            return view(request, *args, **kwargs)
        if not 0 < len(request.POST.get(FIELD, "")) <= _LONGEST:
            return view(request, *args, **kwargs)
        return form_once(
            person=request.user.pk,
            form=_as_sent(request),
            work=lambda: view(request, *args, **kwargs),
        )

    return handled


def _as_sent(request: HttpRequest) -> str:
    words = sorted(
        (name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"
    )
    files = sorted(
        (name, one.name, one.size) for name, several in request.FILES.lists() for one in several
    )
    sent = json.dumps([request.path, words, files])
    return hashlib.sha256(sent.encode(errors="surrogatepass")).hexdigest()
