"""`enquiries/`: questions before any date. `attachments/`: the photos and files of conversations."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.talk import (
    ABOUT_FILES,
    QUESTION_WITH_FILES,
    WORDS_WITH_FILES,
    EnquiriesQuery,
    EnquiryDoc,
    MessageDoc,
    QuestionBody,
    WordsBody,
    enquiry_shown,
    message_shown,
    messages_read,
    messages_shown,
)
from bookings.queries.attachments import stored_file
from bookings.queries.enquiries import enquiries_of, with_last_said
from bookings.services.enquiries import answer_question, ask_question
from cooperative.api import pages
from cooperative.api.acting import InstitutionQuery, must_act
from cooperative.api.base import ApiView
from cooperative.api.parsers import StrictJSONParser
from cooperative.api.schema import page_of
from cooperative.api.uploads import FormWithFiles, fields_and_files
from cooperative.errors import NotFound
from cooperative.files import given_out

QUESTION, WORDS = QuestionBody(), WordsBody()


class Enquiries(ApiView):
    """Questions about things, before any date."""

    parser_classes = (StrictJSONParser, FormWithFiles)
    query_class = EnquiriesQuery
    pages_through = True
    also_answers = (404,)

    @extend_schema(
        operation_id="enquiries_list",
        summary="Questions that you asked or are asked, newest first",
        responses=page_of("EnquiryPage", EnquiryDoc),
    )
    def get(self, request: Request) -> Response:
        viewer = self.viewer()
        asked = self.asked
        houses = self.houses(viewer)
        rows = enquiries_of(viewer=viewer)
        if asked.get("role") == "lender":
            rows = rows.filter(lender__in=houses)
        elif asked.get("role") == "borrower":
            rows = rows.filter(asker__in=houses)
        return Response(
            pages.keyset(
                rows,
                request,
                lambda found: [enquiry_shown(one) for one in with_last_said(found)],
            )
        )

    @extend_schema(
        operation_id="enquiries_create",
        summary="Ask a resource's owner; what you asked before is the same conversation",
        description=ABOUT_FILES,
        request=QUESTION_WITH_FILES,
        responses={201: EnquiryDoc},
    )
    def post(self, request: Request) -> Response:
        sent, files = fields_and_files(request)
        read = QUESTION.read(sent)
        viewer = self.viewer(read.get("institution"))
        must_act(viewer)
        made = ask_question(by=viewer, resource=read["resource"], body=read["body"], files=files)
        [asked] = with_last_said(enquiries_of(viewer=viewer).filter(messages=made))
        return Response(enquiry_shown(asked), status=201)


class EnquiryDetail(ApiView):
    """One question."""

    query_class = InstitutionQuery

    @extend_schema(operation_id="enquiries_retrieve", summary="One question", responses=EnquiryDoc)
    def get(self, request: Request, id: UUID) -> Response:
        found = with_last_said(enquiries_of(viewer=self.viewer()).filter(uid=id))
        if not found:
            raise NotFound
        return Response(enquiry_shown(found[0]))


class EnquiryMessages(ApiView):
    """What was written about it."""

    parser_classes = (StrictJSONParser, FormWithFiles)
    query_class = InstitutionQuery
    pages_through = True

    @extend_schema(
        operation_id="enquiries_messages_list",
        summary="What was written, oldest first",
        responses=page_of("EnquiryMessagePage", MessageDoc),
    )
    def get(self, request: Request, id: UUID) -> Response:
        viewer = self.viewer()
        found = enquiries_of(viewer=viewer).filter(uid=id).first()
        if found is None:
            raise NotFound
        return Response(
            pages.keyset(
                messages_read(viewer).filter(enquiry=found.pk),
                request,
                lambda some: messages_shown(some, viewer),
                newest_first=False,
            )
        )

    @extend_schema(
        operation_id="enquiries_messages_create",
        summary="Write on, from either side",
        description=ABOUT_FILES,
        request=WORDS_WITH_FILES,
        responses={201: MessageDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        sent, files = fields_and_files(request)
        read = WORDS.read(sent)
        viewer = self.viewer()
        made = answer_question(by=viewer, enquiry=id, body=read["body"], files=files)
        return Response(message_shown(made, viewer), 201)


class AttachmentFile(ApiView):
    """A photo or a file."""

    query_class = InstitutionQuery

    @extend_schema(
        operation_id="attachments_retrieve",
        summary="A photo (WebP) or a file, for those who see what it belongs to",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: Request, id: UUID) -> HttpResponse:
        found = stored_file(by=self.viewer(), attachment=id)
        return given_out(
            found.path, name=found.name, media_type=found.media_type, saved=not found.is_photo
        )
