"""House presets: the answers to "who may ask" and "free or not" that most listings start from.

The defaults follow what culture houses ask for today: rooms some days ahead, things a day, people a week; a year
ahead at most; the owner decides on rooms and people, and keeps things for who asks first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .catalogue import Names
from .wishes import TermsWish

DAY = 24 * 60
AUDIENCE_CHOICES = ("own", "cooperative", "cooperative_public")
"""Only our house; members of the cooperative; members, and everybody may see."""
ANSWERS = ("at_once", "keep_first", "owner_chooses")
"""How requests are answered: at once without asking, kept for who asks first, the owner chooses."""


@dataclass(frozen=True, slots=True)
class Preset:
    """Where a new listing starts. `name` in pl, en, de, uk."""

    code: str
    name: Names
    audience: str = "cooperative"
    answer: str = "owner_chooses"
    notice_minutes: int = DAY
    horizon_days: int = 365
    longest_minutes: int | None = None
    fee_kind: str = "free"
    turnover_minutes: int = 0
    handover: str = "none"


HOUSE = Preset("house", ("Ustawienia domu", "House preset", "Hausvorgabe", "Налаштування дому"))

PRESETS: tuple[Preset, ...] = (
    HOUSE,
    Preset("spaces", ("Sale", "Rooms", "Räume", "Приміщення"), notice_minutes=3 * DAY, turnover_minutes=30),
    Preset(
        "equipment", ("Sprzęt", "Equipment", "Ausstattung", "Обладнання"), answer="keep_first",
        longest_minutes=14 * DAY, handover="simple",
    ),
    Preset("products", ("Wydarzenia", "Culture products", "Kulturangebote", "Події"), notice_minutes=14 * DAY),
    Preset("people", ("Ludzie", "People", "Menschen", "Люди"), notice_minutes=7 * DAY),
    Preset(
        "places", ("Pobyty", "Stays", "Aufenthalte", "Проживання"), notice_minutes=14 * DAY,
        turnover_minutes=DAY, handover="signed",
    ),
    Preset(
        "transport", ("Transport", "Transport", "Transport", "Транспорт"), notice_minutes=2 * DAY,
        longest_minutes=3 * DAY, handover="signed",
    ),
    Preset("knowhow", ("Wiedza", "Know-how", "Wissen", "Знання"), answer="at_once", notice_minutes=0),
    Preset(
        "give", ("Oddam", "To give away", "Zu verschenken", "Віддам"), answer="keep_first", notice_minutes=0,
        handover="simple",
    ),
)  # fmt: skip


def preset_for(root: str) -> Preset:
    """The preset of a root category; the house's own where there is none."""
    return next((preset for preset in PRESETS if preset.code == root), HOUSE)


def terms_of(
    *,
    audience: str,
    answer: str = "owner_chooses",
    notice_minutes: int | None = DAY,
    horizon_days: int | None = 365,
    longest_minutes: int | None = None,
    shortest_minutes: int | None = None,
    fee_kind: str = "free",
    fee_amount: Decimal | None = None,
    fee_unit: str = "",
    fee_ground: str = "",
    conditions: str = "",
) -> list[TermsWish]:
    """The terms that follow from the four questions. Colleagues in the own house ask without rules."""
    own = TermsWish("own", may_ask=True, at_once=answer == "at_once")
    if audience == "own":
        return [own]
    members = TermsWish(
        "cooperative",
        may_ask=True,
        at_once=answer == "at_once",
        notice_minutes=notice_minutes,
        horizon_days=horizon_days,
        longest_minutes=longest_minutes,
        shortest_minutes=shortest_minutes,
        fee_kind=fee_kind,
        fee_amount=fee_amount,
        fee_unit=fee_unit,
        fee_ground=fee_ground,
        conditions=conditions,
    )
    if audience == "cooperative":
        return [own, members]
    return [own, members, replace(members, audience="public", may_ask=False, at_once=False)]


def terms_from(preset: Preset) -> list[TermsWish]:
    """The terms of a preset as it is."""
    return terms_of(
        audience=preset.audience,
        answer=preset.answer,
        notice_minutes=preset.notice_minutes,
        horizon_days=preset.horizon_days,
        longest_minutes=preset.longest_minutes,
        fee_kind=preset.fee_kind,
    )


def audience_choice(wishes: Sequence[TermsWish]) -> str:
    """Which of `AUDIENCE_CHOICES` these terms amount to; empty where they are made by hand."""
    names = {wish.audience for wish in wishes if wish.may_see}
    return {
        frozenset({"own"}): "own",
        frozenset({"own", "cooperative"}): "cooperative",
        frozenset({"own", "cooperative", "public"}): "cooperative_public",
    }.get(frozenset(names), "")
