"""Addresses of the pages that messages lead to. Pages live above; they are named by text, with their fixed paths as
what holds while a page has no name yet."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from notifications.messages import Page

_NAMED: dict[Page, tuple[str, str]] = {
    Page.BOOKING: ("frontend:booking", "/bookings/{}/"),
    Page.OFFER: ("frontend:booking", "/bookings/{}/"),
    Page.ENQUIRY: ("frontend:question", "/questions/{}/"),
    Page.REQUESTS: ("frontend:requests", "/requests/"),
    Page.RESOURCE: ("frontend:resource", "/resources/{}/"),
    Page.MODERATION: ("frontend:moderation", "/moderation/"),
    Page.INVITATION: ("frontend:invitation", "/invitations/{}/"),
    Page.TODAY: ("frontend:today", "/today/"),
    Page.CASE: ("frontend:case", "/cases/{}/"),
    Page.HOME: ("frontend:desk", "/"),
}


def page_path(page: Page, target: UUID | str | None = None, *, at: str = "") -> str:
    """The path of a page, `at` the id of what it is about there; "" where it needs a target and there is none."""
    name, fixed = _NAMED[page]
    needs_target = "{}" in fixed
    if needs_target and target is None:
        return ""
    try:
        path = reverse(name, args=[target] if needs_target else [])
    except NoReverseMatch:
        path = fixed.format(target)
    return f"{path}#{at}" if at else path


def absolute(path: str) -> str:
    """With the address of this installation in front."""
    return f"{settings.BASE_URL}{path}"
