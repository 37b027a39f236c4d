"""`bookings/`: ask, check, look up, write, and act on all lines at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api import examples
from bookings.api.bodies import (
    BookingActionBody,
    BookingBody,
    BookingsQuery,
    SendBody,
    wish_of,
)
from bookings.api.docs import BookingDoc, CheckDoc, RequestedDoc
from bookings.api.docs_refusals import RefusalDoc
from bookings.api.shown import beside, booking_shown, check_shown, refused_shown
from bookings.api.talk import (
    ABOUT_FILES,
    WITH_FILES,
    MessageBody,
    MessageDoc,
    message_shown,
    messages_read,
    messages_shown,
)
from bookings.api.written import CorrectBody
from bookings.models import Booking, Line
from bookings.queries.series import series_of
from bookings.services.actions import act_on_booking
from bookings.services.correcting import correct
from bookings.services.drafts import send
from bookings.services.messages import write_message
from bookings.services.request.checking import check_booking
from bookings.services.request.sending import request_booking
from cooperative.access.viewer import Viewer
from cooperative.api import etags, pages
from cooperative.api.acting import InstitutionQuery, must_act
from cooperative.api.authentication import caller
from cooperative.api.base import ApiView
from cooperative.api.parsers import StrictJSONParser
from cooperative.api.schema import page_of
from cooperative.api.serializers import institution_brief
from cooperative.api.uploads import FormWithFiles, fields_and_files
from cooperative.errors import NotFound
from cooperative.institutions.models import Institution

BOOKING, ACTION, SEND, MESSAGE = BookingBody(), BookingActionBody(), SendBody(), MessageBody()
CORRECT = CorrectBody()


class BookingView(ApiView):
    """What the views below share: how a booking is shown."""

    problem_docs: ClassVar[dict[int, type[serializers.Serializer[Any]]]] = {409: RefusalDoc}

    def answer(
        self,
        booking: Booking,
        viewer: Viewer,
        *,
        status: int = 200,
        more: dict[str, Any] | None = None,
    ) -> Response:
        """`booking` read again, with the lines that the viewer may read."""
        found = list(_with_parties(Booking.objects.visible_to(viewer)).filter(pk=booking.pk))
        if not found:
            raise NotFound
        shown = _shown(found, viewer)[0] | (more or {})
        return Response(shown, status, headers={"ETag": etags.etag(found[0].version)})


class Bookings(BookingView):
    """Requests of yours, and what is asked of you."""

    query_class = BookingsQuery
    pages_through = True
    also_answers = (404,)

    @extend_schema(
        operation_id="bookings_list",
        summary="Bookings of yours, newest first",
        responses=page_of("BookingPage", BookingDoc),
    )
    def get(self, request: Request) -> Response:
        viewer = self.viewer()
        asked = self.asked
        houses = self.houses(viewer)
        rows = _with_parties(Booking.objects.visible_to(viewer))
        lines = Line.objects.visible_to(viewer).filter(booking=OuterRef("pk"))
        if asked.get("role") == "borrower":
            rows = rows.filter(borrower__in=houses)
        elif asked.get("role") == "lender":
            lines = lines.filter(lender__in=houses)
            rows = rows.filter(Exists(lines))
        elif asked.get("institution"):
            rows = rows.filter(borrower__in=houses) | rows.filter(
                Exists(lines.filter(lender__in=houses))
            )
        if "state" in asked:
            rows = rows.filter(state=asked["state"])
        if "starts_at" in asked:
            lines = lines.filter(use_ends_at__gt=asked["starts_at"])
        if "ends_at" in asked:
            lines = lines.filter(use_starts_at__lt=asked["ends_at"])
        if "starts_at" in asked or "ends_at" in asked:
            rows = rows.filter(Exists(lines))
        return Response(pages.keyset(rows, request, lambda found: _shown(found, viewer)))

    @extend_schema(
        operation_id="bookings_create",
        summary="Ask for one or many things",
        description=(
            "201: stored, and asked, held, accepted or confirmed as the owners' policies say (`lines[].state`). "
            "409: not possible, with all `reasons` and with `alternatives` that can be sent as lines. "
            "404 `unknown_resource`: no such resource for you."
        ),
        request=BookingBody,
        responses={201: RequestedDoc},
        examples=[examples.NEW_BOOKING, examples.NEW_SERIES, examples.REFUSAL],
    )
    def post(self, request: Request) -> Response:
        read = BOOKING.read(request.data)
        viewer = self.viewer(read.get("institution"))
        house = must_act(viewer)
        made = request_booking(by=viewer, institution=house, wish=wish_of(read, by=viewer))
        repeated = series_of([made.booking.pk], made.lines, viewer=viewer)
        shown = booking_shown(
            made.booking,
            made.lines,
            viewer,
            borrower=institution_brief(self.house(house)),
            asked_by=caller(request).name,
            series=repeated.get(made.booking.pk, ()),
        )
        if made.refused:
            shown["refused"] = refused_shown(made.refused)
        return Response(shown, 201, headers={"ETag": etags.etag(made.booking.version)})


class BookingCheck(ApiView):
    """The same question, without asking."""

    also_answers = (404,)

    @extend_schema(
        operation_id="bookings_check",
        summary="What would become of a request; nothing is stored",
        request=BookingBody,
        responses={200: CheckDoc},
        examples=[examples.NEW_BOOKING],
    )
    def post(self, request: Request) -> Response:
        read = BOOKING.read(request.data)
        viewer = self.viewer(read.get("institution"))
        house = must_act(viewer)
        found = check_booking(by=viewer, institution=house, wish=wish_of(read, by=viewer))
        return Response(check_shown(found))


class BookingDetail(BookingView):
    """One booking."""

    also_answers = (403, 412)
    query_class = InstitutionQuery

    @extend_schema(operation_id="bookings_retrieve", summary="One booking", responses=BookingDoc)
    def get(self, request: Request, id: UUID) -> Response:
        viewer = self.viewer()
        return self.answer(booking_of(viewer, id), viewer)

    @extend_schema(
        operation_id="bookings_correct",
        summary="Correct what a booking is about",
        description=(
            "By the borrower's staff; of an outside party by keepers of the house that wrote it in. Other times are "
            "proposed by `POST offers/`."
        ),
        request=CorrectBody,
        responses=BookingDoc,
    )
    def patch(self, request: Request, id: UUID) -> Response:
        read = CORRECT.read(request.data)
        viewer = self.viewer(read.pop("institution", None))
        version = etags.version_matched(request)
        return self.answer(correct(by=viewer, booking=id, version=version, **read), viewer)


class Messages(ApiView):
    """The conversation of both sides; what was asked before there was a request stands before it."""

    parser_classes = (StrictJSONParser, FormWithFiles)
    query_class = InstitutionQuery
    pages_through = True

    @extend_schema(
        operation_id="bookings_messages_list",
        summary="What was written in a booking, oldest first",
        responses=page_of("MessagePage", MessageDoc),
    )
    def get(self, request: Request, id: UUID) -> Response:
        viewer = self.viewer()
        found = booking_of(viewer, id)
        rows = messages_read(viewer).filter(Q(booking=found) | Q(enquiry__booking=found))
        return Response(
            pages.keyset(
                rows, request, lambda some: messages_shown(some, viewer), newest_first=False
            )
        )

    @extend_schema(
        operation_id="bookings_messages_create",
        summary="Write to the other side",
        description=ABOUT_FILES,
        request=WITH_FILES,
        responses={201: MessageDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        sent, files = fields_and_files(request)
        read = MESSAGE.read(sent)
        viewer = self.viewer()
        lender: int | None = None
        if read.get("lender") is not None:
            lender = (
                Institution.objects.filter(uid=read["lender"]).values_list("pk", flat=True).first()
            )
            if lender is None:
                raise NotFound
        made = write_message(by=viewer, booking=id, body=read["body"], lender=lender, files=files)
        return Response(message_shown(made, viewer), 201)


class SendBooking(BookingView):
    """A draft is asked for."""

    @extend_schema(
        operation_id="bookings_send",
        summary="Send a draft; sent again it answers the same",
        request=SendBody,
        responses={200: RequestedDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        read = SEND.read(request.data)
        viewer = self.viewer(read.get("institution"))
        made = send(by=viewer, booking=id, ask_anyway=read["ask_anyway"])
        return self.answer(
            made.booking,
            viewer,
            more={"refused": refused_shown(made.refused)} if made.refused else None,
        )


def booking_action(action: str, summary: str) -> type[BookingView]:
    """The view of `POST bookings/{id}/{action}/`."""

    class Act(BookingView):
        __doc__ = summary

        @extend_schema(
            operation_id=f"bookings_{action}",
            summary=summary,
            request=BookingActionBody,
            responses={200: BookingDoc},
        )
        def post(self, request: Request, id: UUID) -> Response:
            read = ACTION.read(request.data)
            viewer = self.viewer(read.get("institution"))
            booking = act_on_booking(
                by=viewer, booking=id, action=action, note=read["note"], reason=read["reason"]
            )
            return self.answer(booking, viewer)

    return Act


def booking_of(viewer: Viewer, uid: UUID) -> Booking:
    """Raises `NotFound` for what one may not see."""
    found = Booking.objects.visible_to(viewer).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _with_parties(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    return rows.select_related("borrower", "person", "entered_by")


def _shown(bookings: Sequence[Booking], viewer: Viewer) -> list[dict[str, Any]]:
    """All of them with their lines, what is proposed for these and their places in the queue; three statements, and two
    more where something repeats."""
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    ids = [booking.pk for booking in bookings]
    for line in (
        Line.objects.visible_to(viewer)
        .filter(booking__in=ids)
        .select_related("series", "rest_of", "lender")
        .order_by("position", "pk")
    ):
        lines[line.booking_id].append(line)
    more = beside([line for found in lines.values() for line in found], viewer)
    repeated = series_of(ids, (one for each in lines.values() for one in each), viewer=viewer)
    return [
        booking_shown(
            booking,
            lines[booking.pk],
            viewer,
            more=more,
            borrower=institution_brief(booking.borrower),
            asked_by=booking.person.name if booking.person is not None else "",
            series=repeated.get(booking.pk, ()),
        )
        for booking in bookings
    ]
