"""The view that all others of the API are: strict JSON, problems, throttled, each POST once per key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.parsers import BaseParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cooperative import clock
from cooperative.access.queries import standing_of
from cooperative.access.standing import House, Standing
from cooperative.access.viewer import Viewer

from . import fields, idempotency, pages
from .acting import InstitutionQuery, acting_viewer
from .authentication import BearerTokenAuthentication, PageSession, caller
from .parsers import StrictJSONParser
from .renderers import ApiRenderer, OneForm
from .schema import ApiSchema
from .throttling import TokenThrottle


class ApiView(APIView):
    """One domain call per method; errors travel as exceptions to `problems.handle`."""

    authentication_classes = (BearerTokenAuthentication, PageSession)
    permission_classes = (IsAuthenticated,)
    throttle_classes = (TokenThrottle,)
    parser_classes: tuple[type[BaseParser], ...] = (StrictJSONParser,)
    renderer_classes = (ApiRenderer,)
    content_negotiation_class = OneForm
    metadata_class = None
    http_method_names = ["get", "post", "put", "patch", "delete"]
    schema = ApiSchema()

    query_class: ClassVar[type[fields.Query] | None] = None
    """What may stand behind the `?` of a GET, besides `institution` and the page."""
    delete_query_class: ClassVar[type[fields.Query] | None] = None
    """The same of a DELETE, which has no body."""
    pages_through: ClassVar[bool] = False
    """Whether a GET answers in pages, and so takes `cursor` and `limit`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            # The handler is looked up after this: from here on it is the one that answers once.
            self.post = self._once(getattr(self, "post", self.http_method_not_allowed))

    def _once(self, handler: Callable[..., Response]) -> Callable[..., Response]:
        def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
            return idempotency.once(request, lambda: handler(request, *args, **kwargs))

        return answer

    @cached_property
    def now(self) -> Any:
        """The instant of this call."""
        return clock.now()

    def viewer(self, named: UUID | None = None) -> Viewer:
        """Who looks, acting for `named` (a body's `institution`) or as `?institution=` says."""
        return acting_viewer(
            self.request, self.standing, named or self.asked.get("institution"), self.now
        )

    def houses(self, viewer: Viewer) -> list[int]:
        """The institutions (database ids) that a list is about: the one named, else all of the caller's."""
        if self.asked.get("institution"):
            return [viewer.acting_for] if viewer.acting_for is not None else []
        return list(viewer.institutions)

    @cached_property
    def standing(self) -> Standing:
        """The caller's institutions; one statement."""
        return standing_of(person=caller(self.request), now=self.now)

    def house(self, institution: int | None) -> House | None:
        """One of the caller's institutions by database id."""
        return self.standing.house(institution)

    @cached_property
    def asked(self) -> Mapping[str, Any]:
        """The query, read strictly. Raises `Malformed`."""
        by_method = {"GET": self.query_class, "DELETE": self.delete_query_class}
        kind = by_method.get(self.request.method or "")
        query = _queries.setdefault(kind or InstitutionQuery, (kind or InstitutionQuery)())
        return query.read_query(
            self.request.query_params, besides=pages.PARAMETERS if self.pages_through else ()
        )


_queries: dict[type[fields.Query], fields.Query] = {}
