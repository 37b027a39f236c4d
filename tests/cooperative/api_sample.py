"""A small API to test the layers with: a counter that grows, and a body with every kind of field."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import connection, transaction
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer

from cooperative.api import etags
from cooperative.api.base import ApiView
from cooperative.api.fields import Body, Code, Instant, Several, Text, Uid, Whole, YesNo
from cooperative.errors import Conflict
from cooperative.events.services import NewEvent, record
from cooperative.identifiers import new_uid


class Inner(Body):
    starts_at = Instant()
    units = Whole(min_value=1, max_value=100, required=False, default=1)


class Sample(Body):
    title = Text(max_length=10, required=False, default="")
    resource = Uid(required=False)
    lines: ListSerializer[Any] = ListSerializer(child=Inner(), min_length=1, max_length=3)
    open_to_public = YesNo(required=False, allow_null=True)
    kind = Code(["one", "two"], required=False)
    words = Several(child=Text(max_length=5), required=False, max_length=2)


SAMPLE = Sample()


class Echo(ApiView):
    def post(self, request: Request) -> Response:
        made = SAMPLE.read(request.data)
        return Response({name: str(value) for name, value in made.items()})


class Grow(ApiView):
    """Writes one event for each call that has its effect; `fail` says how often it is interrupted first."""

    interrupted: ClassVar[int] = 0

    def post(self, request: Request) -> Response:
        sent: Any = request.data

        def work() -> Response:
            event = NewEvent(verb="sample.grow", subject_kind="sample", subject_uid=new_uid())
            record([event], now=self.now, quiet=True)
            if Grow.interrupted < sent.get("fail", 0):
                Grow.interrupted += 1
                with connection.cursor() as cursor:
                    cursor.execute(
                        "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$"
                    )
            Grow.interrupted = 0
            if sent.get("refuse"):
                raise Conflict
            answer: dict[str, Any] = {"ż": str(event.subject_uid), "a": 1, "bb": [1.5, None]}
            return Response(answer, 201, headers={"ETag": etags.etag(1)})

        with transaction.atomic():
            return work()


class Whoami(ApiView):
    def get(self, request: Request) -> Response:
        viewer = self.viewer()
        return Response({"person": viewer.person, "acting_for": viewer.acting_for})


class Broken(ApiView):
    def get(self, request: Request) -> Response:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '1ms'")
            cursor.execute("SELECT pg_sleep(1)")
        return Response()


class Edited(ApiView):
    def patch(self, request: Request) -> Response:
        etags.check_match(request, 7)
        return Response({}, headers={"ETag": etags.etag(7)})


urlpatterns = [
    path("api/v1/echo/", Echo.as_view()),
    path("api/v1/grow/", Grow.as_view()),
    path("api/v1/whoami/", Whoami.as_view()),
    path("api/v1/broken/", Broken.as_view()),
    path("api/v1/edited/", Edited.as_view()),
    path("", include("cooperative.urls")),
]
handler400 = "cooperative.api.problems.bad_request"
handler500 = "cooperative.api.problems.server_error"
