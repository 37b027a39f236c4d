"""Addresses of WHAT below /api/v1/."""

from __future__ import annotations

from django.urls import path

from . import hours
from .views import Categories

urlpatterns = [
    path("categories/", Categories.as_view()),
    path("institutions/<uuid:id>/hours/", hours.HouseHours.as_view()),
    path("institutions/<uuid:id>/changed-hours/", hours.HouseChangedHours.as_view()),
    path("institutions/<uuid:id>/changed-hours/<str:on>/", hours.HouseChangedDay.as_view()),
    path("resources/<uuid:id>/hours/", hours.ResourceHours.as_view()),
    path("resources/<uuid:id>/changed-hours/", hours.ResourceChangedHours.as_view()),
    path("resources/<uuid:id>/changed-hours/<str:on>/", hours.ResourceChangedDay.as_view()),
]
