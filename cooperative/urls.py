"""Addresses of the whole; each app brings its own list, named here as text to add no dependency."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("cooperative.api.urls")),
    path("api/v1/", include("sharing.api.urls")),
    path("api/v1/", include("bookings.api.urls")),
    path("api/v1/", include("notifications.api.urls")),
    path("api/", include("cooperative.api.urls_last")),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("", include("frontend.urls")),
]

# Problems for what fails before or outside a view of the API; the framework's pages for the rest.
handler400 = "cooperative.api.problems.bad_request"
handler500 = "cooperative.api.problems.server_error"
