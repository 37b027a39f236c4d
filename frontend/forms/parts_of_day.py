"""Morning, afternoon, evening or the whole day, in place of hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from cooperative.errors import Sentence
from sharing.models import PartOfDay

from .fields import clock_of

Minutes = tuple[int, int]
WHOLE_DAY = "day"
MIDNIGHTS = (0, 24 * 60)


@dataclass(frozen=True, slots=True)
class PartsOfDay:
    """`minutes` by part; `opens` says when something is open on a day (None = closed, or it does not matter)."""

    minutes: Mapping[str, Minutes] = field(default_factory=dict)
    opens: Callable[[date], Minutes | None] = lambda _day: None

    def choices(self) -> list[tuple[str, Sentence]]:
        if not self.minutes:
            return []
        said = [
            (part, f"{PartOfDay(part).label} {clock_of(first)}–{clock_of(last)}")
            for part, (first, last) in self.minutes.items()
        ]
        return [("", _("from hour to hour")), *said, (WHOLE_DAY, _("the whole day"))]

    def on(self, part: str, day: date) -> Minutes | None:
        """The part on that day, as far as it is open; None where no such part is known."""
        whole = MIDNIGHTS if part == WHOLE_DAY else self.minutes.get(part)
        if whole is None:
            return None
        opens = self.opens(day) or MIDNIGHTS
        met = max(whole[0], opens[0]), min(whole[1], opens[1])
        return met if met[0] < met[1] else whole
