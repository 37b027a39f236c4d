"""Addresses of TELL below /api/v1/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("notifications/", views.Notifications.as_view()),
    path("notifications/read/", views.ReadNotifications.as_view()),
    path("notifications/<uuid:id>/read/", views.ReadNotification.as_view()),
    path("events/", views.Events.as_view()),
]
