"""What stands in front of every page: who may come in, and how a no of the domain is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import DomainError, NotFound

P = ParamSpec("P")
View = Callable[Concatenate[ViewedRequest, P], HttpResponse]
Handled = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_htmx(request: HttpRequest) -> bool:
    """Whether a fragment is asked for, not a page."""
    return bool(getattr(request, "htmx", False))


def kindly(view: View[P]) -> Handled[P]:
    """A domain error that the view did not show in place becomes a page in our look, with its status."""

    @wraps(view)
    def handled(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # ViewerMiddleware made it so
        except DomainError as error:
            return refused(request, error)

    return handled


def signed_in(view: View[P]) -> Handled[P]:
    """The same for people with an account; others sign in first and come back."""
    inner = kindly(view)

    @wraps(view)
    def handled(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return inner(request, *args, **kwargs)
        if is_htmx(request):
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = reverse("account_login")
            return answer
        back = request.get_full_path() if request.method == "GET" else reverse("frontend:desk")
        return redirect_to_login(back)

    return handled


def in_a_house(view: View[P]) -> Handled[P]:
    """The same for people who act for an institution; others are shown how to come to one."""

    @wraps(view)
    def inner(request: ViewedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.institution:
            return redirect("frontend:start")
        return view(request, *args, **kwargs)

    return signed_in(inner)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page of a no: what it was, and the way back."""
    if isinstance(error, NotFound):
        return render(request, "404.html", status=404)
    context = {"title": error.title, "text": "" if error.message == error.title else error.message}
    return render(request, "frontend/refused.html", context, status=error.status)


def way_back(request: HttpRequest, otherwise: str, *args: object) -> str:
    """The address in `next`, where it is one of ours; else the page named `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return resolve_url(otherwise, *args)
