"""What is said of a resource, held to the definitions of its category and those above. Missing = unknown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cooperative.errors import Sentence
from cooperative.text import Unreadable, line

if TYPE_CHECKING:
    from .models import AttributeDefinition

Value = str | int | float | bool


def validated(
    given: Mapping[str, Any], definitions: Sequence[AttributeDefinition]
) -> tuple[dict[str, Value], dict[str, Sentence]]:
    """The clean values by code, and what is wrong by `attributes.<code>`. None and "" mean unknown."""
    known = {definition.code: definition for definition in definitions}
    values: dict[str, Value] = {}
    errors: dict[str, Sentence] = {}
    for code, raw in given.items():
        definition = known.get(code)
        if definition is None:
            errors[f"attributes.{code}"] = _("This cannot be said of things in this category.")
            continue
        if raw is None or raw == "":
            continue
        try:
            values[code] = _value(raw, definition)
        except Unreadable as problem:
            errors[f"attributes.{code}"] = problem.sentence
    return values, errors


def still_defined(
    values: Mapping[str, Any], definitions: Sequence[AttributeDefinition]
) -> dict[str, Any]:
    """What of `values` may be said in another category: kept when a listing moves."""
    codes = {definition.code for definition in definitions}
    return {code: value for code, value in values.items() if code in codes}


def _value(raw: Any, definition: AttributeDefinition) -> Value:
    match definition.kind:
        case "number":
            return _number(raw, definition)
        case "yes_no":
            return _yes_no(raw)
        case "choice":
            if raw in [choice["code"] for choice in definition.choices]:
                return str(raw)
            raise Unreadable("attribute_choice", _("Please choose one of the values on the list."))
        case _:
            return line(str(raw), longest=300)


def _number(raw: Any, definition: AttributeDefinition) -> int | float:
    wrong = Unreadable("attribute_number", _("Please enter a number."))
    if isinstance(raw, bool):
        raise wrong
    text = str(raw).strip().replace("\u00a0", "").replace(" ", "").replace(",", ".")
    # Python also reads 1_000, full-width and Arabic digits; people who type them mean something else.
    if not text.isascii() or "_" in text or len(text) > 30:
        raise wrong
    try:
        number = float(text)
    except ValueError:
        raise wrong from None
    if not math.isfinite(number):
        raise wrong
    low, high = definition.minimum, definition.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise Unreadable(
            "attribute_range",
            _("Please enter a number from %(low)s to %(high)s.")
            % {"low": _plain(low), "high": _plain(high)},
        )
    return int(number) if number == int(number) else number


def _plain(number: float | None) -> str:
    return "…" if number is None else f"{number:g}"


def _yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if str(raw).lower() in {"yes", "true", "1", "on"}:
        return True
    if str(raw).lower() in {"no", "false", "0", "off"}:
        return False
    raise Unreadable("attribute_yes_no", _("Please choose yes, no or unknown."))
