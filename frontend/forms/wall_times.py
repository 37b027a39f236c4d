"""Days and times as they are typed, read in one zone; those that the clock shows twice are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from cooperative.timeparsing import TimeError, parse_wall


@dataclass(frozen=True, slots=True)
class TwiceChoice:
    """A time that the clock shows twice: the field that says which is meant, and both answers."""

    field: str
    question: str
    answers: tuple[tuple[str, str], ...]


class WallTimes:
    """Reads pairs of day and time in one zone, gathering what cannot be read by field name."""

    def __init__(self, data: Mapping[str, Any], zone: ZoneInfo) -> None:
        self._data = data
        self.zone = zone
        self.errors: dict[str, list[Any]] = {}
        self.twice: list[TwiceChoice] = []

    def read(self, day: str, time: str, offset: str) -> datetime | None:
        """The instant, or None with the reason in `errors` (and in `twice`, where it exists twice)."""
        day_text, time_text = str(self._data.get(day) or ""), str(self._data.get(time) or "")
        try:
            return parse_wall(
                day_text,
                time_text,
                zone=self.zone,
                offset=str(self._data.get(offset) or "") or None,
            )
        except TimeError as error:
            self.errors.setdefault(time, []).append(error.message)
            offsets = error.values.get("offsets")
            if isinstance(offsets, list):
                first = _("%(time)s before the clock is turned back (UTC%(offset)s)")
                second = _("%(time)s after the clock is turned back (UTC%(offset)s)")
                self.twice.append(
                    TwiceChoice(
                        field=offset,
                        question=str(error.message),
                        answers=tuple(
                            (value, str(words % {"time": time_text, "offset": value}))
                            for value, words in zip(offsets, (first, second), strict=True)
                        ),
                    )
                )
            return None


def which_of_two(local: datetime) -> str:
    """The offset of a time that the clock shows twice; nothing at any other time, where it would only outlive its day.

    Kept in the form, it would answer the question for whatever day is typed next.
    """
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return ""
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:]}"
