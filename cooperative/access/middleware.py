"""Names the viewer of every request, lazily: a request that reads nothing gated costs nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from cooperative import clock
from cooperative.people.models import Person

from .queries import standing_of, viewer_of
from .standing import SESSION_KEY, House, Standing, chosen_house
from .viewer import Viewer


class ViewedRequest(HttpRequest):
    """What a request carries behind `ViewerMiddleware`; for annotations of views."""

    viewer: Viewer
    institution: House | None
    institutions: tuple[House, ...]


class _Looking:
    """Reads the standing once for all that a request asks about who is looking."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._now = clock.now()
        self._standing: Standing | None = None

    @property
    def _person(self) -> Person | None:
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def standing(self) -> Standing:
        if self._standing is None:
            self._standing = standing_of(person=self._person, now=self._now)
        return self._standing

    def institutions(self) -> tuple[House, ...]:
        return self.standing.houses

    def institution(self) -> House | None:
        session = getattr(self._request, "session", {})
        return chosen_house(self.standing.houses, session.get(SESSION_KEY))

    def viewer(self) -> Viewer:
        acting = self.institution()
        return viewer_of(
            person=self._person,
            standing=self.standing,
            acting_for=acting.id if acting is not None else None,
            now=self._now,
        )


class ViewerMiddleware:
    """Sets `request.viewer`, `request.institution` (the acting `House`; false where none) and
    `request.institutions` (all of the person's, for the switch). All three are read on first use.

    Who signs in or switches during a request is seen as before until the next one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        looking = _Looking(request)
        request.viewer = SimpleLazyObject(looking.viewer)  # type: ignore[attr-defined]  # ViewedRequest
        request.institution = SimpleLazyObject(looking.institution)  # type: ignore[attr-defined]
        request.institutions = SimpleLazyObject(looking.institutions)  # type: ignore[attr-defined]
        return self._get_response(request)
