"""By which terms something may be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Terms:
    """Sharing terms as the rules read them; field names as in `sharing.SharingTerms`."""

    uid: str
    audience: int
    position: int
    may_see: bool
    may_ask: bool
    at_once: bool
    ask_anyway: bool
    notice_minutes: int | None
    horizon_days: int | None
    shortest_minutes: int | None
    longest_minutes: int | None
    step_minutes: int | None
    agreed: Mapping[str, Any] = field(default_factory=dict)
    """Fees, deposit, conditions: frozen on the line, judged by nobody."""


OWN_HOUSE = Terms("", 0, 0, True, True, False, True, None, None, None, None, None)
"""A house may always ask for its own things."""
