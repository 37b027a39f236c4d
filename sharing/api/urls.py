"""Addresses of WHAT below /api/v1/."""

from __future__ import annotations

from django.urls import path

from .views import Categories

urlpatterns = [
    path("categories/", Categories.as_view()),
]
