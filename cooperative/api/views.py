"""`institutions/`, `networks/`, `tokens/`, and what answers where nothing is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from cooperative.errors import NotFound
from cooperative.institutions.models import Institution

from . import pages
from .acting import InstitutionQuery
from .base import ApiView
from .problems import UnknownPath
from .queries import institutions_for, networks_for
from .schema import page_of
from .serializers import (
    InstitutionDoc,
    InstitutionsQuery,
    NetworkDoc,
    institution_shown,
    network_shown,
)


class Institutions(ApiView):
    """The directory of the cooperative."""

    query_class = InstitutionsQuery
    pages_through = True

    @extend_schema(
        operation_id="institutions_list",
        summary="Institutions that you may look up",
        responses=page_of("InstitutionPage", InstitutionDoc),
    )
    def get(self, request: Request) -> Response:
        viewer = self.viewer()
        rows = institutions_for(
            viewer, words=self.asked.get("q", ""), mine=self.asked.get("mine") == "true"
        )

        def show(institution: Institution) -> dict[str, Any]:
            return institution_shown(institution, role=viewer.roles.get(institution.pk))

        return Response(pages.keyset(rows, request, show, newest_first=False))


class InstitutionDetail(ApiView):
    """One institution."""

    query_class = InstitutionQuery

    @extend_schema(
        operation_id="institutions_retrieve", summary="One institution", responses=InstitutionDoc
    )
    def get(self, request: Request, id: UUID) -> Response:
        viewer = self.viewer()
        found = institutions_for(viewer).filter(uid=id).first()
        if found is None:
            raise NotFound
        return Response(institution_shown(found, role=viewer.roles.get(found.pk)))


class Networks(ApiView):
    """Networks of the cooperative, for the filter `network` of `resources/`."""

    query_class = InstitutionQuery
    pages_through = True

    @extend_schema(
        operation_id="networks_list",
        summary="Networks that you may look up",
        responses=page_of("NetworkPage", NetworkDoc),
    )
    def get(self, request: Request) -> Response:
        rows = networks_for(self.viewer())
        return Response(pages.keyset(rows, request, network_shown, newest_first=False))


class UnknownAddress(ApiView):
    """Everything below `/api/` that is nowhere else: a problem, not a page."""

    permission_classes = (AllowAny,)
    http_method_names = ["get", "post", "put", "patch", "delete"]
    schema = None  # type: ignore[assignment]  # not part of the document

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        slashless = not request.path.endswith("/")
        raise UnknownPath(_("Addresses of this API end with a slash.") if slashless else "")
