"""`institutions/`, `networks/`, `tokens/`, and what answers where nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from cooperative.errors import NotFound
from cooperative.institutions.models import Institution
from cooperative.membership.queries import tokens_of
from cooperative.membership.services.tokens import create_api_token, revoke_api_token

from . import pages
from .acting import BoundElsewhere, InstitutionQuery
from .authentication import UsedToken
from .base import ApiView
from .problems import UnknownPath
from .queries import institutions_for, networks_for
from .schema import page_of
from .serializers import (
    InstitutionDoc,
    InstitutionsQuery,
    NetworkDoc,
    NewTokenDoc,
    TokenBody,
    TokenDoc,
    institution_shown,
    network_shown,
    token_shown,
)

TOKEN = TokenBody()


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

        def show(found: Sequence[Institution]) -> list[dict[str, Any]]:
            return [institution_shown(one, role=viewer.roles.get(one.pk)) for one in found]

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
        return Response(
            pages.keyset(
                rows,
                request,
                lambda found: [network_shown(one) for one in found],
                newest_first=False,
            )
        )


class Tokens(ApiView):
    """The API tokens of the person who calls."""

    query_class = InstitutionQuery
    pages_through = True
    also_answers = (404,)

    @extend_schema(
        operation_id="tokens_list",
        summary="Your tokens that still work, newest first",
        responses=page_of("TokenPage", TokenDoc),
    )
    def get(self, request: Request) -> Response:
        rows = tokens_of(self.viewer())
        return Response(
            pages.keyset(rows, request, lambda found: [token_shown(one) for one in found])
        )

    @extend_schema(
        operation_id="tokens_create",
        summary="A new token; its secret is shown this once",
        description="A token bound to an institution can make only tokens that are bound to the same one.",
        request=TokenBody,
        responses={201: NewTokenDoc},
    )
    def post(self, request: Request) -> Response:
        read = TOKEN.read(request.data)
        viewer = self.viewer()
        bound = request.auth.institution if isinstance(request.auth, UsedToken) else None
        if bound is not None:
            # Else a token for one house would open all the houses of its person.
            house = self.house(bound)
            if house is None or read.get("institution") not in {None, house.uid}:
                raise BoundElsewhere
            read["institution"] = house.uid
        made = create_api_token(
            by=viewer,
            name=read["name"],
            institution=read.get("institution"),
            expires_at=read.get("expires_at"),
        )
        shown = token_shown(made.token)
        response = Response({**shown, "token": made.secret}, 201)
        response.kept_data = {**shown, "token": None}  # type: ignore[attr-defined]  # read by idempotency
        return response


class TokenDetail(ApiView):
    """One token."""

    @extend_schema(
        operation_id="tokens_revoke", summary="Take a token back, at once", responses={204: None}
    )
    def delete(self, request: Request, id: UUID) -> Response:
        revoke_api_token(by=self.viewer(), token=id)
        return Response(status=204)


class UnknownAddress(ApiView):
    """Everything below `/api/` that is nowhere else: a problem, not a page."""

    permission_classes = (AllowAny,)  # type: ignore[assignment]  # of the base: a tuple of any such
    http_method_names = ["get", "post", "put", "patch", "delete"]
    schema = None  # type: ignore[assignment]  # not part of the document

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        slashless = not request.path.endswith("/")
        raise UnknownPath(_("Addresses of this API end with a slash.") if slashless else "")
