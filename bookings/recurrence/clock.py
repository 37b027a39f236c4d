"""The instants of one date: wall clock to UTC. What the clock skips or shows twice is told, never shifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bookings.spans import Span
from cooperative.errors import Sentence
from cooperative.timeparsing import TimeError, parse_wall

from .repetition import Repetition


@dataclass(frozen=True, slots=True)
class ClockTrouble:
    """A wall-clock time (naive) that does not exist on that day or comes twice, at which end, and why in a sentence.

    `offsets` are those before and after the change, as `+02:00`: of a time that comes twice, the earlier instant's
    first. Of one that does not exist, `exists_before` and `exists_after` are the nearest times (`01:59`) that do.
    """

    edge: Literal["start", "end"]
    reason: Literal["does_not_exist", "twice"]
    wall: datetime
    offsets: tuple[str, str]
    message: Sentence
    exists_before: str = ""
    exists_after: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    """One date: its span (UTC), or what is wrong with its start, its end or both."""

    local_date: date
    span: Span | None
    troubles: tuple[ClockTrouble, ...] = ()


def timed(repetition: Repetition, on: date, zone: ZoneInfo, *, offset: str | None = None) -> Timed:
    """The span of the date `on` in `zone`, the owner's: length on the wall clock, so that 22:00 to 06:00 has 7, 8 or
    9 real hours.

    `offset` (`+02:00`) chooses where the clock shows a time twice; elsewhere it is not read, as in forms.
    """
    starts = datetime.combine(on, time.min) + timedelta(minutes=repetition.starts_minute)
    ends = starts + timedelta(minutes=repetition.length_minutes)
    found = (_instant("start", starts, zone, offset), _instant("end", ends, zone, offset))
    start, end = found
    if isinstance(start, datetime) and isinstance(end, datetime):
        return Timed(on, Span(start, end))
    return Timed(on, None, tuple(one for one in found if isinstance(one, ClockTrouble)))


def _instant(
    edge: Literal["start", "end"], wall: datetime, zone: ZoneInfo, offset: str | None
) -> datetime | ClockTrouble:
    try:
        return parse_wall(f"{wall:%Y-%m-%d}", f"{wall:%H:%M}", zone=zone, offset=offset)
    except TimeError as error:
        if error.code not in {"time_does_not_exist", "time_exists_twice"}:
            raise
        twice = error.code == "time_exists_twice"
        return ClockTrouble(
            edge=edge,
            reason="twice" if twice else "does_not_exist",
            wall=wall,
            offsets=(_offset(wall, zone, 0), _offset(wall, zone, 1)),
            message=error.message,
            exists_before=str(error.values.get("before", "")),
            exists_after=str(error.values.get("after", "")),
        )


def _offset(wall: datetime, zone: ZoneInfo, fold: int) -> str:
    return wall.replace(tzinfo=zone, fold=fold).isoformat(timespec="minutes")[
        len("2027-10-31T02:30") :
    ]
