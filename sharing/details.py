"""The folded part of a listing: place, hand-over, what belongs to it. Cleaned and checked, nothing stored."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypedDict

from django.utils.translation import gettext_lazy as _

from cooperative.text import Fields

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_TURNOVER = 20_160
ASKED_OF_BORROWER = (
    "purpose", "event_kind", "expected_people", "open_to_public", "free_entry", "responsible_person",
    "responsible_phone", "access_needs",
)  # fmt: skip
"""Fields of a booking that an owner may require."""
NEVER_HANDED = frozenset({"seated", "metered", "giveaway", "open"})
"""Kinds of which nothing goes out and comes back: places, a person's hours, what is given away, what is read."""
_LINES = {
    "place": 200,
    "inventory_number": 80,
    "day_contact_name": 200,
    "day_contact_phone": 40,
}
_CHOICES = {
    "answering": ("keep_first", "owner_chooses"),
    "handover": ("none", "simple", "signed"),
    "hours_source": ("house", "own", "always"),
}


class Details(TypedDict, total=False):
    """What may be changed of a listing at once, by field of `Resource`; what is left out stays."""

    answering: str
    handover: str
    turnover_minutes: int
    hours_source: str
    place: str
    latitude: float | None
    longitude: float | None
    belongings: Sequence[str]
    rider: str
    funding_restriction: str
    value_amount: Decimal | None
    value_currency: str
    inventory_number: str
    needs_from_asker: Sequence[str]
    arrival_note: str
    day_contact_name: str
    day_contact_phone: str


def cleaned(given: Mapping[str, Any], fields: Fields) -> dict[str, Any]:  # noqa: PLR0912 - one case a field
    """The clean values of `given` (see `Details`); what is wrong is said in `fields`."""
    clean: dict[str, Any] = {}
    for name, value in given.items():
        match name:
            case "answering" | "handover" | "hours_source":
                if value not in _CHOICES[name]:
                    fields.wrong(name, _("Please choose one of the values on the list."))
                clean[name] = value
            case "place" | "inventory_number" | "day_contact_name" | "day_contact_phone":
                clean[name] = fields.line(name, value or "", longest=_LINES[name])
            case "arrival_note":
                clean[name] = fields.prose(name, value or "", longest=2_000)
            case "rider" | "funding_restriction":
                clean[name] = fields.prose(name, value or "", longest=20_000)
            case "belongings":
                clean[name] = _list(name, value, fields)
            case "needs_from_asker":
                unknown = set(value or []) - set(ASKED_OF_BORROWER)
                if unknown:
                    fields.wrong(name, _("Please choose one of the values on the list."))
                clean[name] = [code for code in ASKED_OF_BORROWER if code in set(value or [])]
            case "turnover_minutes":
                clean[name] = _whole(name, value, fields, highest=LONGEST_TURNOVER)
            case "latitude" | "longitude":
                clean[name] = _degrees(name, value, fields)
            case "value_amount":
                clean[name] = money(name, value, fields, highest=Decimal(9_999_999_999))
            case "value_currency":
                clean[name] = currency(name, value, fields)
            case _:
                fields.wrong(name, _("This is not a field of a listing."))
    if ("latitude" in clean or "longitude" in clean) and (
        (clean.get("latitude") is None) != (clean.get("longitude") is None)
    ):
        fields.wrong("latitude", _("Latitude and longitude belong together."))
    return clean


def refuse_handing(kind: str, clean: Mapping[str, Any], fields: Fields) -> None:
    """Say so in `fields` where something is to be handed over of a kind that has nothing."""
    if kind in NEVER_HANDED and clean.get("handover", "none") != "none":
        fields.wrong("handover", _("Nothing goes out and comes back here."))


def _list(name: str, value: Any, fields: Fields) -> list[str]:
    rows = [
        fields.line(f"{name}.{index}", str(row), longest=200)
        for index, row in enumerate(value or [])
    ]
    if len(rows) > 100:
        fields.wrong(name, _("At most 100 things fit on this list."))
    return [row for row in rows if row]


def _whole(name: str, value: Any, fields: Fields, *, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
        fields.wrong(name, _("Please enter a whole number from 0 to %d.") % highest)
        return 0
    return value


def _degrees(name: str, value: Any, fields: Fields) -> float | None:
    if value is None:
        return None
    limit = 90 if name == "latitude" else 180
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not -limit <= value <= limit
    ):
        fields.wrong(name, _("This is not a place on the map."))
        return None
    return float(value)


def money(
    name: str, value: Any, fields: Fields, *, highest: Decimal = Decimal(99_999_999)
) -> Decimal | None:
    """An amount of two decimals, or None."""
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value).replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= highest:
        fields.wrong(name, _("Please enter an amount of money."))
        return None
    return amount.quantize(Decimal("0.01"))


def currency(name: str, value: Any, fields: Fields) -> str:
    if not (isinstance(value, str) and len(value) == 3 and value.isascii() and value.isupper()):
        fields.wrong(name, _("Please enter a currency such as PLN or EUR."))
        return "PLN"
    return value
