"""`ETag` and `If-Match` of things that can be edited: the tag is their version."""

from __future__ import annotations

import re

from rest_framework.request import Request

from cooperative.errors import Stale

_TAG = re.compile(r'"v(?P<version>[0-9]{1,9})"')


def etag(version: int) -> str:
    """The tag of a version: strong, since every change counts the version up."""
    return f'"v{version}"'


def of_word(word: str) -> str:
    """The tag of something without a version: a word that is another whenever it is (letters and digits)."""
    return f'"{word}"'


def tag_matched(request: Request) -> str | None:
    """The word that `If-Match` names, for a service that compares it under its lock; None for any."""
    sent = request.META.get("HTTP_IF_MATCH")
    return None if sent is None or sent.strip() == "*" else sent.strip().strip('"')


def check_match(request: Request, version: int) -> None:
    """Raises `Stale` (412) where the call names versions by `If-Match` and none of them is this one."""
    sent = request.META.get("HTTP_IF_MATCH")
    if sent is None:
        return
    tags = {tag.strip() for tag in sent.split(",")}
    if "*" not in tags and etag(version) not in tags:
        raise Stale


def version_matched(request: Request) -> int | None:
    """The one version that `If-Match` names, for a service that judges it under its lock; None for any.

    Raises `Stale` for a tag that no version has.
    """
    sent = request.META.get("HTTP_IF_MATCH")
    if sent is None or sent.strip() == "*":
        return None
    found = _TAG.fullmatch(sent.strip())
    if found is None:
        raise Stale
    return int(found["version"])
