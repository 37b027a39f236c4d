"""What calls about resources carry: how they are listed, changed and looked for."""

from __future__ import annotations

import re
from dataclasses import fields as dataclass_fields
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.serializers import ListSerializer

from bookings.queries.availability import LONGEST_WINDOW
from bookings.spans import Span
from bookings.wishes import (
    MOST_UNITS,
)
from cooperative.api.acting import ACTING, InstitutionQuery
from cooperative.api.fields import (
    Body,
    Code,
    Day,
    Instant,
    Mapped,
    Number,
    Several,
    Text,
    Uid,
    Whole,
    YesNo,
)
from cooperative.api.problems import FieldError, Malformed
from cooperative.text import LANGUAGES
from cooperative.timeparsing import out_of_order
from sharing.models import FeeKind, ResourceKind
from sharing.wishes import HoursWish, TermsWish, TextWish

from .amounts import Amount
from .bodies import optional_text


class SpanQuery(InstitutionQuery):
    """From when until when: of what is free, from fetch to return, set-up and strike included."""

    starts_at = Instant()
    ends_at = Instant()


class TextBody(Body):
    """What is said of a resource in one language."""

    language = Code(LANGUAGES)
    title = Text(max_length=120)
    summary = optional_text(300)
    body = optional_text(20_000)

    class Meta:
        ref_name = "ResourceText"


class TermsBody(Body):
    """For whom it is there and on what terms. Null or left out = no rule."""

    audience = Text(
        max_length=60,
        help_text="`own`, `cooperative`, `public` (may only see), `network:<id>` or `partnership:<id>`.",
    )
    may_see = YesNo(required=False, default=True)
    may_ask = YesNo(required=False, default=False)
    at_once = YesNo(required=False, default=False, help_text="Confirmed without asking.")
    ask_anyway = YesNo(
        required=False,
        default=True,
        help_text="House rules may be asked to be waived, with a word why.",
    )
    fee_kind = Code(FeeKind.values, required=False, default="free")
    fee_amount = Amount(required=False, allow_null=True, default=None)
    fee_currency = Text(max_length=3, required=False, default="PLN")
    fee_unit = optional_text(20)
    fee_ground = optional_text(200)
    notice_minutes = Whole(
        min_value=0, required=False, allow_null=True, default=None, help_text="Latest time to ask."
    )
    horizon_days = Whole(
        min_value=1,
        required=False,
        allow_null=True,
        default=None,
        help_text="Earliest time to ask.",
    )
    shortest_minutes = Whole(min_value=0, required=False, allow_null=True, default=None)
    longest_minutes = Whole(min_value=0, required=False, allow_null=True, default=None)
    step_minutes = Whole(
        min_value=0, max_value=1_440, required=False, allow_null=True, default=None
    )
    deposit_amount = Amount(required=False, allow_null=True, default=None)
    deposit_currency = Text(max_length=3, required=False, default="PLN")
    conditions = optional_text(10_000)

    class Meta:
        ref_name = "Terms"


class HoursBody(Body):
    """Open on a weekday, in the owner's wall-clock time."""

    weekday = Whole(min_value=0, max_value=6, help_text="0 = Monday")
    opens = Text(max_length=5, help_text="`08:00`")
    closes = Text(max_length=5, help_text="`22:00`; `24:00` ends the day")
    valid_from = Day(required=False, allow_null=True, default=None)
    valid_until = Day(required=False, allow_null=True, default=None, help_text="Exclusive.")

    class Meta:
        ref_name = "WeeklyHours"


class ListingBody(Body):
    """What can be said of a resource, new or not."""

    institution = Uid(required=False, help_text=ACTING)
    category = Text(max_length=60, required=False, help_text="The `code` of a category.")
    texts: ListSerializer[Any] = ListSerializer(
        child=TextBody(), required=False, min_length=1, max_length=4
    )
    original = Code(LANGUAGES, required=False, help_text="The language it was written in.")
    attributes = Mapped(
        required=False, help_text="By code, as the category declares them; replaced whole."
    )
    terms: ListSerializer[Any] = ListSerializer(child=TermsBody(), required=False, max_length=50)
    answering = Code(["keep_first", "owner_chooses"], required=False)
    handover = Code(["none", "simple", "signed"], required=False)
    turnover_minutes = Whole(min_value=0, max_value=20_160, required=False)
    hours_source = Code(["house", "own", "always"], required=False)
    place = Text(max_length=200, allow_blank=True, required=False)
    latitude = Number(min_value=-90, max_value=90, required=False, allow_null=True)
    longitude = Number(min_value=-180, max_value=180, required=False, allow_null=True)
    belongings = Several(child=Text(max_length=200), required=False, max_length=100)
    rider = Text(max_length=20_000, allow_blank=True, required=False)
    funding_restriction = Text(max_length=20_000, allow_blank=True, required=False)
    inventory_number = Text(max_length=80, allow_blank=True, required=False)
    arrival_note = Text(
        max_length=2_000,
        allow_blank=True,
        required=False,
        help_text="Door, key, where to report; told to the borrower of a confirmed line.",
    )
    day_contact_name = Text(max_length=200, allow_blank=True, required=False)
    day_contact_phone = Text(max_length=40, allow_blank=True, required=False)

    class Meta:
        ref_name = "ListingDetails"


class EditResourceBody(ListingBody):
    """What is to change of a resource; what is left out stays."""

    confirmed = YesNo(
        required=False,
        default=False,
        help_text="Also where bookings lie outside its hours then: they stay as they are.",
    )

    class Meta:
        ref_name = "EditResource"


class ResourceBody(ListingBody):
    """A new resource. It can be used in its own house at once; `publish` offers it to others."""

    category = Text(max_length=60, help_text="The `code` of a category.")
    texts: ListSerializer[Any] = ListSerializer(child=TextBody(), min_length=1, max_length=4)
    kind = Code(
        ResourceKind.values,
        required=False,
        help_text="One at a time, or pieces; the category's where left out.",
    )
    units = Whole(min_value=1, max_value=MOST_UNITS, required=False, default=1)
    hours: ListSerializer[Any] = ListSerializer(child=HoursBody(), required=False, max_length=100)

    class Meta:
        ref_name = "NewResource"


_SORTED_OUT = {
    "institution",
    "confirmed",
    "texts",
    "terms",
    "hours",
    "original",
    "category",
    "attributes",
    "kind",
    "units",
}


def listing_of(read: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments that `create_resource` and its fellows take."""
    made: dict[str, Any] = {name: value for name, value in read.items() if name not in _SORTED_OUT}
    for name, kind in (("texts", TextWish), ("terms", TermsWish), ("hours", HoursWish)):
        if name in read:
            known = {one.name for one in dataclass_fields(kind)}
            made[name] = [
                kind(**{key: value for key, value in row.items() if key in known})
                for row in read[name]
            ]
    made.update(
        {
            name: read[name]
            for name in ("category", "attributes", "kind", "units", "original")
            if name in read
        }
    )
    return made


class ResourcesQuery(InstitutionQuery):
    """What is looked for. With `starts_at` and `ends_at` (a window of use, at most 92 days) only what is free then."""

    q = Text(required=False, max_length=200, help_text="Words, in any of the languages.")
    category = Text(
        required=False,
        max_length=60,
        help_text="The `code` of a category; those below it are included.",
    )
    starts_at = Instant(required=False)
    ends_at = Instant(required=False)
    units = Whole(
        required=False, min_value=1, max_value=MOST_UNITS, default=1, help_text="At least so many."
    )
    network = Uid(required=False, help_text="Only of owners in this network or in one below it.")
    owner = Uid(required=False, help_text="Only of this institution.")
    near = Text(
        required=False,
        max_length=60,
        help_text="`latitude,longitude` or `latitude,longitude,km` (WGS 84): nearest first, at most so far away.",
    )
    attributes = Several(
        child=Text(max_length=200),
        required=False,
        max_length=20,
        help_text="`code:value`, again for each: a number is the least wanted, several choices mean any of them.",
    )
    mine = Code(
        ["true"],
        required=False,
        help_text="All that the institution you act for lists, in any state.",
    )


_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,10})?")
_KM = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,3})?")


def near_of(text: str) -> tuple[float, float, float | None]:
    """`51.1,17.03,5` as numbers. Raises `Malformed`."""
    parts = [part.strip() for part in text.split(",")]
    places, km = parts[:2], parts[2:]
    fits = len(places) == 2 and all(_DEGREES.fullmatch(part) for part in places)
    fits = fits and len(km) <= 1 and all(_KM.fullmatch(part) for part in km)
    if fits:
        latitude, longitude = float(places[0]), float(places[1])
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return latitude, longitude, float(km[0]) if km else None
    sentence = _("A place is written as 51.11,17.03 or 51.11,17.03,5.")
    raise Malformed([FieldError("near", "not_a_place", sentence)])


def attributes_of(pairs: list[str]) -> dict[str, Any]:
    """`["seats:40", "floor:wood", "floor:stone"]` by code; several of one code as a list. Raises `Malformed`."""
    found: dict[str, Any] = {}
    for pair in pairs:
        code, colon, value = pair.partition(":")
        if not (colon and code and value):
            sentence = _("An attribute is written as code:value.")
            raise Malformed([FieldError("attributes", "not_an_attribute", sentence)])
        found.setdefault(code, []).append(value)
    return {code: values[0] if len(values) == 1 else values for code, values in found.items()}


def window_of(read: dict[str, Any]) -> Span | None:
    """The window of a query: both ends or none. Raises `Malformed`."""
    starts, ends = read.get("starts_at"), read.get("ends_at")
    if starts is None and ends is None:
        return None
    if starts is None or ends is None:
        missing = "starts_at" if starts is None else "ends_at"
        raise Malformed([FieldError(missing, "required", _("Please fill this in."))])
    if disorder := out_of_order(starts, ends):
        sentence, code = disorder
        raise Malformed([FieldError("ends_at", code, sentence)])
    if ends - starts > LONGEST_WINDOW:
        sentence = _("A window has 92 days at most.")
        raise Malformed([FieldError("ends_at", "window_too_long", sentence, {"days": 92})])
    return Span(starts, ends)
