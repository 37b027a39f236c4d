"""Answers as JSON, whatever the client says it accepts: there is one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request


class Verbatim(str):
    """JSON that is ready to be sent, as it was sent before."""

    __slots__ = ()


class ApiRenderer(JSONRenderer):
    """JSON in UTF-8 without spaces; `Verbatim` as it is."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        if isinstance(data, Verbatim):
            return data.encode()
        return super().render(data, None, None)


class OneForm(BaseContentNegotiation):
    """The first parser that reads the content type, the only renderer."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> Any:
        content_type = (request.content_type or "").partition(";")[0].strip().lower()
        for parser in parsers:
            if parser.media_type == content_type:
                return parser
        return None

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type
