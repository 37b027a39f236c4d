"""Reading JSON strictly: what a client cannot have meant is a 400, never a surprise further in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import JSONParser

from cooperative.errors import DomainError, Invalid, Sentence

MOST_BYTES = 1_048_576
DEEPEST = 32
MOST_VALUES = 50_000
LARGEST_INTEGER = 2**53

_SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(Invalid):
    """Not JSON, or JSON that nobody means."""

    code = "malformed"
    title = _("The request cannot be read")

    def __init__(self, message: Sentence) -> None:
        super().__init__({}, message)


class TooLarge(DomainError):
    code = "too_large"
    status = 413
    title = _("This is too much at once")


class StrictJSONParser(JSONParser):
    """JSON in UTF-8, at most 1 MiB, 32 levels and 50,000 values; no NUL, lone surrogate, NaN or repeated name."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return read_json(stream.read(MOST_BYTES + 1))


def read_json(sent: bytes) -> Any:
    """The value that `sent` means; nothing sent is an empty object. Raises `Unreadable` or `TooLarge`."""
    if len(sent) > MOST_BYTES:
        raise TooLarge
    if not sent.strip():
        return {}
    try:
        text = sent.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_int=_integer,
            parse_float=_float,
        )
    except UnicodeDecodeError:
        raise Unreadable(_("The body is not UTF-8.")) from None
    except RecursionError:
        raise Unreadable(_("The body is nested too deeply.")) from None
    except ValueError:
        raise Unreadable(_("The body is not JSON.")) from None
    # Escapes make these out of innocent bytes, so they are looked for in the text that has the escapes.
    if "\\u" in text or "\x00" in text:
        _check_strings(value)
    _check_size(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Unreadable(_("A name is repeated in an object."))
    return made


def _no_number(_text: str) -> NoReturn:
    raise Unreadable(_("NaN and Infinity are not JSON."))


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > LARGEST_INTEGER:
        raise Unreadable(_("A number is too large."))
    return int(text)


def _float(text: str) -> float:
    if len(text) > 400:
        raise Unreadable(_("A number is too long."))
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise Unreadable(_("A number is too large."))
    return number


def _check_strings(value: Any) -> None:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, str) and ("\x00" in one or _SURROGATE.search(one)):
            raise Unreadable(_("A text contains a character that cannot be stored."))


def _check_size(value: Any) -> None:
    seen = 0
    waiting = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            raise Unreadable(_("The body is nested too deeply."))
        if seen > MOST_VALUES:
            raise TooLarge
        if isinstance(one, dict):
            waiting.extend((inner, depth + 1) for inner in one.values())
        elif isinstance(one, list):
            waiting.extend((inner, depth + 1) for inner in one)
