"""Addresses of the whole; each app brings its own list, named here as text to add no dependency."""

from __future__ import annotations

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path


def _part(prefix: str, module: str) -> list[URLResolver]:
    """The addresses of `module`, or none while that part of the house is not built."""
    try:
        there = find_spec(module) is not None
    except ModuleNotFoundError:
        there = False
    return [path(prefix, include(module))] if there else []


urlpatterns: list[URLPattern | URLResolver] = [
    *_part("api/v1/", "cooperative.api.urls"),
    *_part("api/v1/", "sharing.api.urls"),
    *_part("api/v1/", "bookings.api.urls"),
    *_part("api/v1/", "notifications.api.urls"),
    *_part("api/", "cooperative.api.urls_last"),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    *_part("", "notifications.urls"),
    *_part("", "frontend.urls"),
]

# Problems for what fails before or outside a view of the API; the framework's pages for the rest.
handler400 = "cooperative.api.problems.bad_request"
handler500 = "cooperative.api.problems.server_error"
