"""Addresses of the pages."""

from django.urls import path
from django.views.generic import TemplateView

from frontend.views import mailbox, styleguide

app_name = "frontend"
urlpatterns = [
    path(
        "accessibility/",
        TemplateView.as_view(template_name="accessibility.html"),
        name="accessibility",
    ),
    path("styleguide/", styleguide.show, name="styleguide"),
    path("mailbox/", mailbox.show, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.html, name="mailbox-html"),
]
