"""What may be said of an institution, cleaned field by field. Pure but for Django's validators."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from cooperative import text

from .accessibility import ANSWERS, FACTS, NOTE, SERVED
from .models import InstitutionKind
from .registry import REGISTERS, number

Cleaner = Callable[[text.Fields, str, Any], Any]
_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}", re.ASCII)


def clean(given: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """The `given` fields as they are stored; `whole` = a new institution, which needs name, kind and city.

    Raises one `Invalid` for everything that is wrong, unknown fields included.
    """
    fields = text.Fields()
    for name in given:
        if name not in _CLEANERS:
            fields.wrong(name, _("This cannot be said of an institution."))
    if whole:
        for name in ("name", "kind", "city"):
            if not given.get(name):
                fields.wrong(name, _("Please fill this in."))
    cleaned = {
        name: _CLEANERS[name](fields, name, value)
        for name, value in given.items()
        if name in _CLEANERS
    }
    if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
        fields.wrong("latitude", _("Latitude and longitude belong together."))
    fields.check()
    return cleaned


def known_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def _line(longest: int, *, required: bool = False) -> Cleaner:
    def cleaner(fields: text.Fields, name: str, value: Any) -> str:
        return fields.line(name, str(value or ""), longest=longest, required=required)

    return cleaner


def _prose(fields: text.Fields, name: str, value: Any) -> str:
    return fields.prose(name, str(value or ""), longest=10_000)


def _kind(fields: text.Fields, name: str, value: Any) -> str:
    if value not in InstitutionKind.values:
        fields.wrong(name, _("Please choose a kind of institution."))
    return str(value)


def _country(fields: text.Fields, name: str, value: Any) -> str:
    code = fields.line(name, str(value or ""), longest=2, required=True).upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        fields.wrong(name, _("Please give the country as two letters, such as PL."))
    return code


def _region(fields: text.Fields, name: str, value: Any) -> str:
    code = fields.line(name, str(value or ""), longest=10).upper()
    if code and not _REGION.fullmatch(code):
        fields.wrong(name, _("Please give the region by its ISO 3166-2 code, such as PL-02."))
    return code


def _zone(fields: text.Fields, name: str, value: Any) -> str:
    zone = fields.line(name, str(value or ""), longest=64, required=True)
    if not known_zone(zone):
        fields.wrong(name, _("This time zone is not known; write it like Europe/Warsaw."))
    return zone


def _email(fields: text.Fields, name: str, value: Any) -> str:
    address = fields.line(name, str(value or ""), longest=254)
    if address:
        try:
            validate_email(address)
        except ValidationError:
            fields.wrong(name, _("This is not an e-mail address."))
    return address


def _website(fields: text.Fields, name: str, value: Any) -> str:
    address = fields.line(name, str(value or ""), longest=200)
    if address and "://" not in address:
        address = f"https://{address}"
    if address:
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError:
            fields.wrong(name, _("This is not an address of a web page."))
    return address


def _degrees(most: float) -> Cleaner:
    def cleaner(fields: text.Fields, name: str, value: Any) -> float | None:
        if value is None or value == "":
            return None
        try:
            degrees = float(value)
        except (TypeError, ValueError):
            degrees = math.nan
        if not abs(degrees) <= most:
            fields.wrong(name, _("Please give degrees, such as 51.1079."))
            return None
        return degrees

    return cleaner


def _languages(fields: text.Fields, name: str, value: Any) -> list[str]:
    codes = list(dict.fromkeys(str(code).strip().lower() for code in _listed(value)))
    if len(codes) > 20 or not all(len(c) == 2 and c.isascii() and c.isalpha() for c in codes):
        fields.wrong(name, _("Please give languages as two letters each, such as pl, uk."))
    return codes


def _served(fields: text.Fields, name: str, value: Any) -> list[str]:
    codes = set(_listed(value))
    if not codes <= set(SERVED):
        fields.wrong(name, _("Please choose from the list."))
    return [code for code in SERVED if code in codes]


def _registry(fields: text.Fields, name: str, value: Any) -> dict[str, str]:
    kept: dict[str, str] = {}
    for register, written in _mapped(fields, name, value).items():
        if register not in REGISTERS:
            fields.wrong(name, _("This register is not known."))
        elif written:
            try:
                kept[register] = number(register, str(written))
            except ValueError:
                fields.wrong(
                    f"{name}.{register}", _("This number is not right; please compare it.")
                )
    return kept


def _accessibility(fields: text.Fields, name: str, value: Any) -> dict[str, str]:
    kept: dict[str, str] = {}
    for code, answer in _mapped(fields, name, value).items():
        if code == NOTE:
            if note := fields.prose(f"{name}.{NOTE}", str(answer or ""), longest=2_000):
                kept[NOTE] = note
        elif code not in FACTS:
            fields.wrong(name, _("Please choose from the list."))
        elif answer in ANSWERS:
            kept[code] = str(answer)
        elif answer:
            fields.wrong(f"{name}.{code}", _("Please say yes or no, or leave it open."))
    return kept


def _yes_no(_fields: text.Fields, _name: str, value: Any) -> bool:
    return bool(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set) else []


def _mapped(fields: text.Fields, name: str, value: Any) -> Mapping[str, Any]:
    if value is None or isinstance(value, Mapping):
        return value or {}
    fields.wrong(name, _("Please choose from the list."))
    return {}


_CLEANERS: dict[str, Cleaner] = {
    "name": _line(200, required=True),
    "short_name": _line(80),
    "kind": _kind,
    "about": _prose,
    "street": _line(200),
    "postal_code": _line(20),
    "district": _line(100),
    "city": _line(100, required=True),
    "country": _country,
    "region": _region,
    "time_zone": _zone,
    "latitude": _degrees(90),
    "longitude": _degrees(180),
    "languages": _languages,
    "contact_email": _email,
    "contact_phone": _line(40),
    "day_contact_name": _line(200),
    "day_contact_phone": _line(40),
    "website": _website,
    "office_email": _email,
    "registry": _registry,
    "accessibility": _accessibility,
    "audiences_served": _served,
    "observes_public_holidays": _yes_no,
}
