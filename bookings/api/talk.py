"""What people write to each other: what calls carry, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from bookings.models import Attachment, BookingMessage, MessageKind
from bookings.queries.attachments import files_of
from bookings.queries.enquiries import Question
from cooperative.access.viewer import Viewer
from cooperative.api.acting import ACTING, InstitutionQuery
from cooperative.api.fields import Body, Code, Text, Uid
from cooperative.api.schema import FormDoc
from cooperative.api.serializers import InstitutionBrief, institution_brief

from .docs_refusals import codes
from .shown import instant, title_of


class WordsBody(Body):
    """What is written. May be empty where files come with it."""

    body = Text(max_length=5_000, required=False, default="")

    class Meta:
        ref_name = "Words"


class MessageBody(WordsBody):
    """A message to the other side."""

    lender = Uid(
        required=False,
        allow_null=True,
        help_text="From the borrower to this owner alone; left out: to all. An owner writes to the borrower.",
    )

    class Meta:
        ref_name = "NewMessage"


class QuestionBody(WordsBody):
    """A question about a resource, to its owner."""

    institution = Uid(required=False, help_text=ACTING)
    resource = Uid()

    class Meta:
        ref_name = "NewEnquiry"


class EnquiriesQuery(InstitutionQuery):
    """Which questions."""

    role = Code(["lender", "borrower"], required=False, help_text="lender: what you are asked.")


def upload_field(*, required: bool = False) -> serializers.ListField:
    """The `files` of a form."""
    return serializers.ListField(
        child=serializers.FileField(), required=required, max_length=8, help_text="12 MB each."
    )


class FilesDoc(FormDoc):
    """The same as a form, with files."""

    body = serializers.CharField(required=False)
    lender = serializers.UUIDField(required=False)
    files = upload_field()

    class Meta:
        ref_name = "NewMessageWithFiles"


class WordsAndFilesDoc(FormDoc):
    """The same as a form, with files."""

    body = serializers.CharField(required=False)
    files = upload_field()

    class Meta:
        ref_name = "WordsWithFiles"


class QuestionAndFilesDoc(FormDoc):
    """The same as a form, with files."""

    institution = serializers.UUIDField(required=False)
    resource = serializers.UUIDField()
    body = serializers.CharField(required=False)
    files = upload_field()

    class Meta:
        ref_name = "NewEnquiryWithFiles"


WITH_FILES = {"application/json": MessageBody, "multipart/form-data": FilesDoc}
WORDS_WITH_FILES = {"application/json": WordsBody, "multipart/form-data": WordsAndFilesDoc}
QUESTION_WITH_FILES = {"application/json": QuestionBody, "multipart/form-data": QuestionAndFilesDoc}
ABOUT_FILES = (
    "As JSON, or as `multipart/form-data` with at most eight `files` of at most 12 MB: photos (JPEG, PNG, WebP; stored "
    "anew as WebP, without where they were taken) and PDF, ODT, DOCX, ODS, XLSX, TXT. `body` may be left out where "
    "there are files. 429 `too_many_messages`: very many within an hour."
)


class FileDoc(serializers.Serializer[Any]):
    """A photo (`width` and `height` in pixels) or another file."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)

    class Meta:
        ref_name = "File"


class MessageDoc(serializers.Serializer[Any]):
    """What people wrote in a booking, or before there was one (`enquiry`)."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    kind = codes(MessageKind.values, help_text="note, reason, waiver: said along with `action`.")
    action = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True)
    changes = serializers.DictField(
        child=serializers.ListField(),
        help_text="Of a correction: `[before, now]` by field of the booking; of contacts an empty list.",
    )
    author = serializers.CharField(allow_blank=True)
    author_for = InstitutionBrief(allow_null=True)
    lender = InstitutionBrief(allow_null=True, help_text="The thread of this owner; null = to all.")
    line = serializers.UUIDField(allow_null=True)
    enquiry = serializers.UUIDField(allow_null=True)
    files = FileDoc(many=True, help_text="Each from `GET /api/v1/attachments/{id}/`.")

    class Meta:
        ref_name = "Message"


class EnquiryDoc(serializers.Serializer[Any]):
    """A question about a resource before any date, and the conversation that it began."""

    id = serializers.UUIDField()
    resource = serializers.UUIDField()
    title = serializers.CharField()
    lender = InstitutionBrief()
    asker = InstitutionBrief()
    booking = serializers.UUIDField(allow_null=True, help_text="The request that came of it.")
    created_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    answered = serializers.BooleanField(help_text="Its owner wrote last.")

    class Meta:
        ref_name = "Enquiry"


def messages_read(viewer: Viewer) -> QuerySet[BookingMessage]:
    return BookingMessage.objects.visible_to(viewer).select_related(
        "author", "author_for", "lender", "line", "enquiry"
    )


def messages_shown(found: Sequence[BookingMessage], viewer: Viewer) -> list[dict[str, Any]]:
    """With their files; one statement."""
    files = files_of("message", [one.pk for one in found], viewer=viewer)
    return [_with_files(one, files.get(one.pk, ())) for one in found]


def message_shown(message: BookingMessage, viewer: Viewer) -> dict[str, Any]:
    """One that was just written."""
    return messages_shown([messages_read(viewer).get(pk=message.pk)], viewer)[0]


def _with_files(message: BookingMessage, files: Sequence[Attachment]) -> dict[str, Any]:
    author = message.author
    return {
        "id": message.uid,
        "at": instant(message.at),
        "kind": message.kind,
        "action": message.action,
        "body": message.body,
        "changes": message.changes,
        "author": author.name if author is not None else "",
        "author_for": institution_brief(message.author_for),
        "lender": institution_brief(message.lender),
        "line": message.line.uid if message.line is not None else None,
        "enquiry": message.enquiry.uid if message.enquiry is not None else None,
        "files": [file_shown(one) for one in files],
    }


def file_shown(one: Attachment) -> dict[str, Any]:
    return {
        "id": one.uid,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "width": one.width,
        "height": one.height,
    }


def enquiry_shown(question: Question) -> dict[str, Any]:
    one = question.enquiry
    return {
        "id": one.uid,
        "resource": one.resource.uid,
        "title": title_of(one.shown.get("titles", {}), one.shown.get("original", "")),
        "lender": institution_brief(one.lender),
        "asker": institution_brief(one.asker),
        "booking": one.booking.uid if one.booking is not None else None,
        "created_at": instant(one.created_at),
        "last_at": instant(one.last_at),
        "answered": question.answered,
    }
