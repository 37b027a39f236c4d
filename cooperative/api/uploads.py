"""Bodies with files: the fields of a form beside its files, for the few calls that take any."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from .problems import FieldError, Malformed

FILES = "files"
_MULTIPART = MultiPartParser.media_type


class FormWithFiles(MultiPartParser):
    """Besides JSON: `multipart/form-data`, its files under the name `files`."""


def is_multipart(request: Request) -> bool:
    content_type = (request.content_type or "").partition(";")[0].strip().lower()
    return bool(content_type == _MULTIPART)


def fields_and_files(request: Request) -> tuple[Any, list[UploadedFile[Any]]]:
    """What was sent, as a `Body` reads it, and the files beside it. Raises `Malformed`.

    A file under another name is an unknown field, like any other.
    """
    data: Any = request.data
    if not is_multipart(request):
        return data, []
    sent = {name: values for name, values in data.lists() if name != FILES}
    twice = [name for name, values in sent.items() if len(values) > 1]
    if twice:
        said = _("Please give this once.")
        raise Malformed([FieldError(name[:100], "given_twice", said) for name in twice])
    files = data.getlist(FILES)
    if any(not isinstance(one, UploadedFile) for one in files):
        raise Malformed([FieldError(FILES, "not_a_file", _("This is to be a file."))])
    return {
        name: values[0] if isinstance(values[0], str) else "" for name, values in sent.items()
    }, files
