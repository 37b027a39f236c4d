"""Addresses of the whole; each app brings its own list, named here as text to add no dependency."""

from __future__ import annotations

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView


def _part(prefix: str, module: str) -> list[URLResolver]:
    """The addresses of `module`, or none while that part of the house is not built."""
    try:
        there = find_spec(module) is not None
    except ModuleNotFoundError:
        there = False
    return [path(prefix, include(module))] if there else []


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
    *_part("api/v1/", "cooperative.api.urls"),
    *_part("api/v1/", "sharing.api.urls"),
    *_part("api/v1/", "bookings.api.urls"),
    *_part("api/v1/", "notifications.api.urls"),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    *_part("", "notifications.urls"),
    *_part("", "frontend.urls"),
]
