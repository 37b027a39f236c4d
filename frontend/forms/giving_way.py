"""Which bookings give way to the owner's own use, and how many units the others keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict

KNOWN = "hit_known"


@dataclass(frozen=True, slots=True)
class Chosen:
    """`hit` give way, `shrink` keep fewer than they had; both None while the owner has not seen the list.

    `typed` is how many each keeps, by the public id of its line, to be shown again.
    """

    hit: tuple[UUID, ...] | None = None
    shrink: Mapping[UUID, int] | None = None
    typed: Mapping[str, int] = field(default_factory=dict)


def chosen(data: QueryDict) -> Chosen:
    """Read from `hit` (who gives way), and `keep-<line>` beside `had-<line>` (how many it keeps of how many)."""
    if KNOWN not in data:
        return Chosen()
    hit = [uid for text in data.getlist("hit") if (uid := _uid(text)) is not None]
    shrink: dict[UUID, int] = {}
    typed: dict[str, int] = {}
    for name in data:
        line = _uid(name.removeprefix("keep-")) if name.startswith("keep-") else None
        had = _number(data.get(f"had-{line}"))
        if line is None or had is None:
            continue
        keeps = _number(data.get(name)) or 0
        typed[str(line)] = keeps
        if not keeps:
            hit.append(line)
        elif keeps < had:
            shrink[line] = keeps
    return Chosen(tuple(hit), shrink, typed)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 8 else None
