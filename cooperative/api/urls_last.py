"""What is below /api/ and nowhere else."""

from __future__ import annotations

from django.urls import re_path

from .views import UnknownAddress

urlpatterns = [re_path(r"", UnknownAddress.as_view())]
