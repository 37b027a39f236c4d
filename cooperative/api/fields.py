"""Bodies and queries: declared once, for the schema and for reading.

The fields are DRF's, so that the OpenAPI document is made from them; reading is our own, strict (a number is no text,
an unknown name is an error) and quick enough for the path that every booking takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

from cooperative.errors import Sentence
from cooperative.timeparsing import TimeError, parse_day, parse_instant

from .problems import FieldError, Malformed

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INTEGER = re.compile(r"-?[0-9]{1,16}")
_UNSAFE = re.compile("[\x00\ud800-\udfff]")


class Unfit(Exception):
    """This value does not fit its field."""

    def __init__(
        self, code: str, message: Sentence, values: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.message, self.values = code, message, values or {}


@runtime_checkable
class Reads(Protocol):
    """A field that reads what came as JSON, and as text where it stands in a query."""

    def read(self, value: Any) -> Any: ...


class Text(serializers.CharField):
    """A text; spaces around it are dropped. `allow_blank` as DRF; at most `max_length` characters."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise Unfit("not_a_text", _("This is to be a text."))
        if _UNSAFE.search(value):
            raise Unfit("text_broken", _("This text contains a character that cannot be stored."))
        text = value.strip()
        if not text and not self.allow_blank:
            raise Unfit("required", _("Please fill this in."))
        if self.max_length is not None and len(value) > self.max_length:
            raise Unfit("text_too_long", _("This text is too long."), {"longest": self.max_length})
        return text


class Whole(serializers.IntegerField):
    """A whole number between `min_value` and `max_value`."""

    def read(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unfit("not_a_number", _("This is to be a whole number."))
        return int(_limited(value, self.min_value, self.max_value))

    def read_text(self, text: str) -> int:
        if not _INTEGER.fullmatch(text):
            raise Unfit("not_a_number", _("This is to be a whole number."))
        return self.read(int(text))


class Number(serializers.FloatField):
    """A number between `min_value` and `max_value`."""

    def read(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Unfit("not_a_number", _("This is to be a number."))
        return float(_limited(value, self.min_value, self.max_value))


class YesNo(serializers.BooleanField):
    """true or false; with `allow_null` also null, for what is not known."""

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Unfit("not_yes_or_no", _("This is to be true or false."))
        return value

    def read_text(self, text: str) -> bool:
        if text not in {"true", "false"}:
            raise Unfit("not_yes_or_no", _("This is to be true or false."))
        return text == "true"


class Uid(serializers.UUIDField):
    """The `id` of a thing, as the API gave it."""

    def read(self, value: Any) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise Unfit("not_an_id", _("This is to be an id (a UUID)."))
        return UUID(value)


class Instant(serializers.DateTimeField):
    """RFC 3339 with offset, whole minutes, 2000 to 2199. Read as aware UTC."""

    def read(self, value: Any) -> datetime:
        try:
            return parse_instant(value)
        except TimeError as error:
            raise Unfit(error.code, error.message, error.values) from None


class Day(serializers.DateField):
    """A calendar day, `2027-05-01`."""

    def read(self, value: Any) -> date:
        try:
            return parse_day(value)
        except TimeError as error:
            raise Unfit(error.code, error.message, error.values) from None


class Code(serializers.ChoiceField):
    """One of a list of codes."""

    def __init__(self, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(choices=[(code, code) for code in codes], **kwargs)

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise Unfit(
                "unknown_code", _("This is none of the codes."), {"codes": list(self.choices)}
            )
        return value


class Mapped(serializers.DictField):
    """A JSON object of any members; the service that takes it says what is wrong inside."""

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Unfit("not_an_object", _("This is to be an object."))
        return value


class Several(serializers.ListField):
    """A list; each item as `child` says. At most `max_length`."""

    def read_items(self, value: Any, at: str, errors: list[FieldError]) -> list[Any]:
        return _read_list(value, self, at, errors)

    def split(self, texts: list[str]) -> list[str]:
        return texts


class Body(serializers.Serializer[Any]):
    """What a request carries. Make one at import and call `read`: it keeps no state."""

    @cached_property
    def _known(self) -> dict[str, Any]:
        return {name: one for name, one in self.fields.items() if not one.read_only}

    def read(self, sent: Any) -> dict[str, Any]:
        """What was sent, by field; left-out ones without default are not in it. Raises `Malformed` with all errors."""
        errors: list[FieldError] = []
        made = self.read_members(sent, "", errors)
        if errors:
            raise Malformed(errors)
        return made

    def read_members(self, sent: Any, at: str, errors: list[FieldError]) -> dict[str, Any]:
        if not isinstance(sent, dict):
            errors.append(
                FieldError(at.rstrip("."), "not_an_object", _("This is to be an object."))
            )
            return {}
        known = self._known
        made: dict[str, Any] = {}
        # A name comes from outside and goes back: shortened, it cannot swell the answer.
        errors.extend(
            FieldError(f"{at}{name[:100]}", "unknown_field", _("There is no such field."))
            for name in sent
            if name not in known
        )
        for name, one in known.items():
            if name not in sent:
                if one.required:
                    errors.append(FieldError(f"{at}{name}", "required", _("Please fill this in.")))
                elif one.default is not empty:
                    made[name] = one.default
                continue
            made[name] = _read_one(sent[name], one, f"{at}{name}", errors)
        return made


class Query(Body):
    """What stands behind the `?` of an address: each name once, or several times where it is `Several`."""

    def read_query(self, sent: QueryDict, *, besides: Iterable[str] = ()) -> dict[str, Any]:
        """As `Body.read`. Names in `besides` belong to somebody else. Raises `Malformed`."""
        errors: list[FieldError] = []
        made: dict[str, Any] = {}
        known = self._known
        passed = set(besides)
        for name, texts in sent.lists():
            one = known.get(name)
            if one is None:
                if name not in passed:
                    errors.append(
                        FieldError(
                            _UNSAFE.sub("", name[:100]),
                            "unknown_field",
                            _("There is no such field."),
                        )
                    )
            elif isinstance(one, Several):
                made[name] = one.read_items(one.split(list(texts)), name, errors)
            elif len(texts) > 1:
                errors.append(FieldError(name, "given_twice", _("Please give this once.")))
            else:
                reader = getattr(one, "read_text", one.read)
                try:
                    made[name] = reader(texts[0])
                except Unfit as unfit:
                    errors.append(FieldError(name, unfit.code, unfit.message, unfit.values))
        for name, one in known.items():
            if name not in sent:
                if one.required:
                    errors.append(FieldError(name, "required", _("Please fill this in.")))
                elif one.default is not empty:
                    made[name] = one.default
        if errors:
            raise Malformed(errors)
        return made


def _limited(value: float, least: float | None, most: float | None) -> float:
    if (least is not None and value < least) or (most is not None and value > most):
        limits = {"least": least, "most": most}
        raise Unfit(
            "out_of_range",
            _("This number is too small or too large."),
            {name: limit for name, limit in limits.items() if limit is not None},
        )
    return value


def _read_one(value: Any, one: Any, at: str, errors: list[FieldError]) -> Any:
    if value is None:
        if not one.allow_null:
            errors.append(FieldError(at, "null", _("This is not to be null.")))
        return None
    if isinstance(one, Body):
        return one.read_members(value, f"{at}.", errors)
    if isinstance(one, serializers.ListSerializer):
        return _read_list(value, one, at, errors)
    if isinstance(one, Several):
        return one.read_items(value, at, errors)
    try:
        return one.read(value)
    except Unfit as unfit:
        errors.append(FieldError(at, unfit.code, unfit.message, unfit.values))
        return None


def _read_list(value: Any, many: Any, at: str, errors: list[FieldError]) -> list[Any]:
    """`many` is a `Several` or a `Body(many=True)`: both have a child and limits."""
    if not isinstance(value, list):
        errors.append(FieldError(at, "not_a_list", _("This is to be a list.")))
        return []
    if many.max_length is not None and len(value) > many.max_length:
        errors.append(
            FieldError(at, "too_many", _("These are too many."), {"most": many.max_length})
        )
        return []
    if many.min_length is not None and len(value) < many.min_length:
        errors.append(
            FieldError(at, "too_few", _("These are too few."), {"least": many.min_length})
        )
        return []
    return [
        _read_one(item, many.child, f"{at}.{index}", errors) for index, item in enumerate(value)
    ]
