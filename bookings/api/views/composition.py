"""`resources/{id}/parts/` and `resources/{id}/companions/`."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.composition import (
    CompanionsBody,
    PartsBody,
    companions_shown,
    parts_shown,
)
from bookings.api.docs_refusals import WouldHitDoc
from bookings.api.docs_resources import CompanionsDoc, PartsDoc
from bookings.queries.composition import belongings_of, tag_of_companions, tag_of_parts
from bookings.services.composition.companions import CompanionWish, set_companions
from bookings.services.composition.parts import PartWish, change_parts
from cooperative.access.viewer import Viewer
from cooperative.api import etags
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from sharing.queries.listings import resource_for

PARTS, COMPANIONS = PartsBody(), CompanionsBody()


class Parts(ApiView):
    """What a resource is made of."""

    query_class = InstitutionQuery
    matches = ("PUT",)
    problem_docs: ClassVar[dict[int, type[serializers.Serializer[Any]]]] = {409: WouldHitDoc}

    @extend_schema(operation_id="resources_parts", summary="What it is made of", responses=PartsDoc)
    def get(self, request: Request, id: UUID) -> Response:
        return self._answer(self.viewer(), id)

    @extend_schema(
        operation_id="resources_change_parts",
        summary="Say what it is made of",
        description=(
            "Replaced whole. What is promised from now on is moved to the new parts in the same moment; 409 "
            "`would_hit` with `lines` where some of it would not fit, and nothing is changed."
        ),
        request=PartsBody,
        responses={200: PartsDoc},
    )
    def put(self, request: Request, id: UUID) -> Response:
        read = PARTS.read(request.data)
        viewer = self.viewer()
        wishes = [PartWish(**row) for row in read["parts"]]
        change_parts(by=viewer, resource=id, parts=wishes, seen=etags.tag_matched(request))
        return self._answer(viewer, id)

    @staticmethod
    def _answer(viewer: Viewer, uid: UUID) -> Response:
        resource = resource_for(viewer, uid)
        shown = parts_shown(belongings_of(resource, viewer=viewer))
        return Response(shown, headers={"ETag": etags.of_word(tag_of_parts(resource.pk))})


class Companions(ApiView):
    """What a resource comes with."""

    query_class = InstitutionQuery
    matches = ("PUT",)

    @extend_schema(
        operation_id="resources_companions",
        summary="What it comes only with, and well with",
        responses=CompanionsDoc,
    )
    def get(self, request: Request, id: UUID) -> Response:
        return self._answer(self.viewer(), id)

    @extend_schema(
        operation_id="resources_set_companions",
        summary="Say what it comes with",
        description="Replaced whole. Requests that were sent keep what came with them.",
        request=CompanionsBody,
        responses={200: CompanionsDoc},
    )
    def put(self, request: Request, id: UUID) -> Response:
        read = COMPANIONS.read(request.data)
        viewer = self.viewer()
        wishes = [CompanionWish(**row) for row in read["companions"]]
        set_companions(by=viewer, resource=id, companions=wishes, seen=etags.tag_matched(request))
        return self._answer(viewer, id)

    @staticmethod
    def _answer(viewer: Viewer, uid: UUID) -> Response:
        resource = resource_for(viewer, uid)
        shown = companions_shown(belongings_of(resource, viewer=viewer))
        return Response(shown, headers={"ETag": etags.of_word(tag_of_companions(resource.pk))})
