"""Addresses of WHO below /api/v1/, and the document of them all."""

from __future__ import annotations

from django.urls import path

from . import document, views

urlpatterns = [
    path("schema/", document.Document.as_view(), name="api-schema"),
    path("docs/", document.DocumentPage.as_view(), name="api-docs"),
    path("institutions/", views.Institutions.as_view()),
    path("institutions/<uuid:id>/", views.InstitutionDetail.as_view()),
    path("networks/", views.Networks.as_view()),
    path("tokens/", views.Tokens.as_view()),
    path("tokens/<uuid:id>/", views.TokenDetail.as_view()),
]
