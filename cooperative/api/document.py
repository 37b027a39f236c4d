"""The OpenAPI document and its page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI document as a value, in English; made once per process."""
    with translation.override("en"):
        # The generator carries no types.
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


class Document(SpectacularAPIView):
    """YAML, or JSON for `Accept: application/json` or `?format=json`."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        address = settings.BASE_URL or request.build_absolute_uri("/").rstrip("/")
        return Response({**document(), "servers": [{"url": address}]})


class DocumentPage(SpectacularSwaggerView):
    """The document to read and try out, served without any other host."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    url_name = "api-schema"
    template_name = "api/docs.html"
