"""What every page carries: ways, whom one acts for, the inbox. Read only where a page shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from bookings.queries.overview import nav_counts
from cooperative.access.middleware import ViewedRequest
from frontend.components import Choice, NavItem
from frontend.presenters.addresses import address
from notifications.queries.inbox import unread_count


def podest(request: HttpRequest) -> dict[str, Any]:
    """Names that `base.html` takes. Pages of errors may be drawn without a viewer: then there is nothing."""
    if not hasattr(request, "viewer"):
        return {}
    frame = _Frame(request)  # type: ignore[arg-type]  # ViewerMiddleware made it so
    names: dict[str, Callable[[], Any]] = {
        "nav": frame.nav,
        "acting_for": frame.acting_for,
        "acting_choices": frame.acting_choices,
        "inbox_url": frame.inbox_url,
        "inbox_count": frame.inbox_count,
        "account_links": frame.account_links,
        "home_url": frame.home_url,
    }
    lazy: dict[str, Any] = {name: SimpleLazyObject(read) for name, read in names.items()}
    return {**lazy, "acting_url": reverse("frontend:acting")}


class _Frame:
    def __init__(self, request: ViewedRequest) -> None:
        self._request = request

    @property
    def _signed_in(self) -> bool:
        return bool(getattr(self._request, "user", None) and self._request.user.is_authenticated)

    def nav(self) -> tuple[NavItem, ...]:
        if not self._signed_in:
            return ()
        viewer, here = self._request.viewer, self._request.path
        acting = viewer.acting_for
        keeper = acting is not None and viewer.may("keeper", acting)
        counts = nav_counts(viewer=viewer, keeper=keeper)
        ways: list[NavItem | None] = []
        if acting is not None:
            ways += [
                _way(_("Desk"), "desk", "home", here),
                _way(_("Catalogue"), "catalogue", "magnifying-glass", here, also="/resources/"),
                _way(_("My request"), "request", "shopping-bag", here, count=counts.in_my_request),
                _way(_("Requests"), "requests", "inbox-arrow-down", here, count=counts.to_answer)
                if keeper
                else None,
                _way(_("Bookings"), "bookings", "calendar-days", here, in_bar=not keeper),
                *(
                    (
                        _way(_("Write in"), "write-in", "pencil-square", here, in_bar=False),
                        _way(_("Today"), "today", "clock", here, in_bar=False),
                        _way(_("Our week"), "weeks", "table-cells", here, in_bar=False),
                        _way(_("Our things"), "things", "square-3-stack-3d", here, in_bar=False),
                    )
                    if keeper
                    else ()
                ),
                _way(_("Cases"), "cases", "scale", here, in_bar=False),
                _way(_("People"), "people", "users", here, in_bar=False)
                if viewer.may("manager", acting)
                else None,
            ]
        else:
            ways.append(_way(_("Catalogue"), "catalogue", "magnifying-glass", here))
        if viewer.moderator:
            bar = acting is None
            ways.append(_way(_("Moderation"), "moderation", "check-badge", here, in_bar=bar))
        return tuple(way for way in ways if way is not None)

    def acting_for(self) -> str:
        house = self._request.institution
        return house.title if house else ""

    def acting_choices(self) -> tuple[Choice, ...]:
        acting = self._request.viewer.acting_for
        return tuple(
            Choice(value=str(house.uid), label=house.title, current=house.id == acting)
            for house in self._request.institutions
        )

    def inbox_url(self) -> str:
        return reverse("frontend:inbox") if self._signed_in else ""

    def inbox_count(self) -> int:
        return unread_count(viewer=self._request.viewer) if self._signed_in else 0

    def account_links(self) -> tuple[Choice, ...]:
        here = self._request.path
        found = [(_("Settings"), address("settings"))]
        house = self._request.institution if self._signed_in else None
        if house:
            found.insert(0, (_("Our institution"), address("institution", house.uid)))
        found.append((_("Apply with an institution"), address("join")))
        return tuple(
            Choice(value="", label=label, url=url, current=here == url)
            for label, url in found
            if url
        )

    def home_url(self) -> str:
        if self._signed_in and self._request.institution:
            return reverse("frontend:desk")
        return reverse("frontend:start")


def _way(
    label: str,
    name: str,
    icon: str,
    here: str,
    *,
    count: int = 0,
    in_bar: bool = True,
    also: str = "-",
) -> NavItem | None:
    url = address(name)
    if not url:
        return None
    return NavItem(
        label=label,
        url=url,
        icon=icon,
        current=here.startswith((url, also)),
        count=count,
        in_bar=in_bar,
    )
