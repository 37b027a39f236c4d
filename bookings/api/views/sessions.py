"""`resources/{id}/sessions/` and `sessions/{id}/`: the dates of what has places."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.blocks import taken_back_shown
from bookings.api.dates import (
    CancelSessionBody,
    EditSessionBody,
    SessionBody,
    SessionsQuery,
    session_shown,
)
from bookings.api.docs_blocks import TakenBackDoc
from bookings.api.docs_dates import SessionDoc
from bookings.api.docs_refusals import WouldHitDoc
from bookings.api.views.resources import OnlyInstitution, unknown_resource
from bookings.queries.dates import date_for, dates_of
from bookings.services.sessions import (
    add_session,
    cancel_session,
    change_session,
    restore_session,
)
from bookings.spans import LATEST, Span
from cooperative.access.viewer import Viewer
from cooperative.api import etags, pages
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from cooperative.api.schema import page_of
from sharing.models import Resource

NEW, EDIT, CANCEL = SessionBody(), EditSessionBody(), CancelSessionBody()
NOTHING = OnlyInstitution()
Problems = dict[int, type[serializers.Serializer[object]]]


class Sessions(ApiView):
    """The dates of one resource."""

    query_class = SessionsQuery
    pages_through = True

    @extend_schema(
        operation_id="sessions_list",
        summary="Its dates, in order of time, without cancelled ones",
        responses=page_of("SessionPage", SessionDoc),
    )
    def get(self, request: Request, id: UUID) -> Response:
        asked, page = self.asked, pages.wanted(request)
        found = Resource.objects.visible_to(self.viewer()).filter(uid=id).values_list("pk").first()
        if found is None:
            raise unknown_resource()
        start, end = asked.get("starts_at", self.now), asked.get("ends_at", LATEST)
        last = page.offset + page.limit
        rows = (
            dates_of(found[0], Span(start, end), now=self.now, most=last + 1) if start < end else []
        )
        shown = [session_shown(one, id) for one in rows[page.offset : last]]
        following = last if len(rows) > last else None
        return Response(pages.ranked(shown, request, page=page, next_offset=following))

    @extend_schema(
        operation_id="sessions_create",
        summary="Give it one more date",
        request=SessionBody,
        responses={201: SessionDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = NEW.read(request.data)
        viewer = self.viewer()
        made = add_session(by=viewer, resource=id, **read)
        return session_answer(viewer, made.uid, status=201)


class SessionDetail(ApiView):
    """One date."""

    query_class = InstitutionQuery
    matches = ("PATCH",)
    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(operation_id="sessions_retrieve", summary="One date", responses=SessionDoc)
    def get(self, request: Request, id: UUID) -> Response:
        return session_answer(self.viewer(), id)

    @extend_schema(
        operation_id="sessions_edit",
        summary="Change a date",
        description=(
            "409 `would_hit` with `lines` where people have places that it would take from them, or, for another time, "
            "ask for some."
        ),
        request=EditSessionBody,
        responses={200: SessionDoc},
    )
    def patch(self, request: Request, id: UUID) -> Response:
        read = EDIT.read(request.data)
        viewer = self.viewer()
        change_session(by=viewer, session=id, version=etags.version_matched(request), **read)
        return session_answer(viewer, id)


class CancelSession(ApiView):
    """A date that does not take place."""

    problem_docs: ClassVar[Problems] = {409: WouldHitDoc}

    @extend_schema(
        operation_id="sessions_cancel",
        summary="Cancel a date",
        description=(
            "409 `would_hit` with `lines` where people have places, or ask for some, and `confirmed` is not true. "
            "Repeating it is harmless."
        ),
        request=CancelSessionBody,
        responses={200: SessionDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = CANCEL.read(request.data)
        viewer = self.viewer()
        cancel_session(by=viewer, session=id, **read)
        return session_answer(viewer, id)


class RestoreSession(ApiView):
    """A date that takes place after all."""

    @extend_schema(
        operation_id="sessions_restore",
        summary="Let a cancelled date take place after all",
        description=(
            "Within 60 minutes of the cancelling, whoever had a place has it again, and whoever asked for one asks "
            "again. Repeating it is harmless."
        ),
        request=OnlyInstitution,
        responses={200: TakenBackDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        NOTHING.read(request.data)
        return Response(taken_back_shown(restore_session(by=self.viewer(), session=id)))


def session_answer(viewer: Viewer, uid: UUID, *, status: int = 200) -> Response:
    """The date as it is now. Raises `NotFound`."""
    found = date_for(viewer, uid)
    return Response(
        session_shown(found, found.session.resource.uid),
        status,
        headers={"ETag": etags.etag(found.session.version)},
    )
