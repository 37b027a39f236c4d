"""`resources/{id}/blocks/` and `blocks/{id}/`: own programme, closures, repair. Facts win, openly."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.blocks import (
    BlockBody,
    BlocksQuery,
    EditBlockBody,
    block_shown,
    chosen,
    taken_back_shown,
)
from bookings.api.docs_blocks import BlockDoc, TakenBackDoc
from bookings.api.docs_refusals import WouldHitDoc
from bookings.queries.blocks import block_for, blocks_of
from bookings.services.blocks import add_block, move_block, remove_block
from bookings.spans import LATEST
from cooperative.api import pages
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from cooperative.api.schema import page_of

NEW, EDIT = BlockBody(), EditBlockBody()
Problems = dict[int, type[serializers.Serializer[object]]]


class Blocks(ApiView):
    """What an owner takes of one of its things."""

    query_class = BlocksQuery
    pages_through = True
    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(
        operation_id="blocks_list",
        summary="What its owner takes for itself, in order of time; for its owner alone",
        responses=page_of("BlockPage", BlockDoc),
    )
    def get(self, request: Request, id: UUID) -> Response:
        asked, page = self.asked, pages.wanted(request)
        rows = blocks_of(
            self.viewer(),
            id,
            since=asked.get("starts_at", self.now),
            until=asked.get("ends_at", LATEST),
        )
        last = page.offset + page.limit
        shown = [block_shown(one, id) for one in rows[page.offset : last]]
        following = last if len(rows[last : last + 1]) else None
        return Response(pages.ranked(shown, request, page=page, next_offset=following))

    @extend_schema(
        operation_id="blocks_create",
        summary="Take time for yourself",
        description=(
            "409 `would_hit` with the bookings in the way where `hit` is left out or does not suffice: nothing is "
            "stored then. Whoever gives way is told at once, and the booking is to be settled."
        ),
        request=BlockBody,
        responses={201: BlockDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        made = add_block(by=self.viewer(), resource=id, **chosen(NEW.read(request.data)))
        return Response(block_shown(made, id), 201)


class BlockDetail(ApiView):
    """One of them."""

    query_class = InstitutionQuery
    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(operation_id="blocks_retrieve", summary="One of them", responses=BlockDoc)
    def get(self, request: Request, id: UUID) -> Response:
        return self._answer(id)

    @extend_schema(
        operation_id="blocks_edit",
        summary="Move it, or change its number",
        description="409 `would_hit` as when it was made.",
        request=EditBlockBody,
        responses={200: BlockDoc},
    )
    def patch(self, request: Request, id: UUID) -> Response:
        read = chosen(EDIT.read(request.data))
        viewer = self.viewer()
        found = block_for(viewer, id)
        starts_at, ends_at = (
            read.pop("starts_at", found.starts_at),
            read.pop("ends_at", found.ends_at),
        )
        move_block(by=viewer, block=id, starts_at=starts_at, ends_at=ends_at, **read)
        return self._answer(id)

    @extend_schema(
        operation_id="blocks_remove",
        summary="Give the time free; within the hour it was a mistake",
        description=(
            "Within 60 minutes of what it hit, the bookings that gave way are again what they were, as far as nobody "
            "else got their time. Repeating it is harmless."
        ),
        responses={200: TakenBackDoc},
    )
    def delete(self, request: Request, id: UUID) -> Response:
        return Response(taken_back_shown(remove_block(by=self.viewer(), block=id)))

    def _answer(self, id: UUID) -> Response:
        found = block_for(self.viewer(), id)
        return Response(block_shown(found, found.resource.uid))
