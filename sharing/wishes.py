"""What a keeper wants of a listing, as plain values: made by forms, API and import, read by the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class TextWish:
    """A text in one language (`pl`, `en`, `de`, `uk`). An empty title and no body = no text in that language."""

    language: str
    title: str
    summary: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class TermsWish:
    """Terms for one audience: `own`, `cooperative`, `public`, `network:<uid>` or `partnership:<id>`.

    Fields as in `SharingTerms`; minutes and days, None = no rule.
    """

    audience: str
    may_see: bool = True
    may_ask: bool = False
    at_once: bool = False
    ask_anyway: bool = True
    fee_kind: str = "free"
    fee_amount: Decimal | None = None
    fee_currency: str = "PLN"
    fee_unit: str = ""
    fee_ground: str = ""
    fees: Mapping[str, Any] = field(default_factory=dict)
    notice_minutes: int | None = None
    horizon_days: int | None = None
    shortest_minutes: int | None = None
    longest_minutes: int | None = None
    step_minutes: int | None = None
    deposit_amount: Decimal | None = None
    deposit_currency: str = "PLN"
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class HoursWish:
    """Open on `weekday` (0 = Monday) from `opens` to `closes`, wall-clock times `HH:MM`; `24:00` ends a day.

    `valid_until` is exclusive; None = no limit.
    """

    weekday: int
    opens: str
    closes: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class TimesWish:
    """Open from `opens` to `closes` of one day, as in `HoursWish`."""

    opens: str
    closes: str
