"""Every component on one page, with sample data, for those who build pages."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from frontend.views import styleguide_sample


def show(request: HttpRequest) -> HttpResponse:
    """The style page; only where the site is a demo or being worked on."""
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    return render(request, "frontend/styleguide.html", styleguide_sample.context())
