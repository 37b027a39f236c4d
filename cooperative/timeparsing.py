"""The one parser of times that people and programs write: forms, API and import all call it.

What it returns is an aware instant in UTC, on a whole minute, of the years 2000 to 2199. What it refuses, it refuses
as `TimeError` with a stable code and a sentence for the reader.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from cooperative.errors import Invalid, Sentence

FIRST_YEAR, LAST_YEAR = 2000, 2199
EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
LATEST = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
# The longest text that can be meant: 2027-05-01T18:00:00.000000000+02:00, with some room.
LONGEST_TEXT = 40

# Digits are the ASCII ones: a full-width digit is a digit to Python, and to nobody who sends a request.
_INSTANT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]"
    r"(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_LOST_PLUS = re.compile(r"[0-9T:.-]+ [0-9]{2}:[0-9]{2}")
_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})")
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]{1,9}))?)?"
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})")


class TimeError(Invalid):
    """A time that cannot be taken. `values` says what the reader may choose from, as text.

    `time_exists_twice`: `offsets`, the earlier instant's first. `time_does_not_exist`: `before` and `after`, the
    nearest wall-clock times that exist.
    """

    code = "time_invalid"

    def __init__(
        self,
        message: Sentence,
        *,
        code: str,
        field: str = "time",
        values: dict[str, str | list[str]] | None = None,
    ) -> None:
        super().__init__({field: message}, message, code=code)
        self.values: dict[str, str | list[str]] = values or {}

    def at(self, field: str) -> TimeError:
        """The same refusal, said of `field`."""
        return TimeError(self.message, code=self.code, field=field, values=self.values)


def parse_instant(text: object, *, zone: ZoneInfo | str | None = None) -> datetime:
    """RFC 3339 with its offset, as `2027-05-01T18:00:00+02:00`. Seconds may be left out, and are 00 where given.

    With `zone` (an IANA zone) a text without offset is taken as that zone's wall clock. `24:00` is the midnight that
    ends the day. Raises `TimeError`.
    """
    given = _short_text(text)
    found = _INSTANT.fullmatch(given)
    if found is None:
        if _LOST_PLUS.fullmatch(given):
            raise TimeError(
                _("The + before the offset was lost on the way; in an address write it as %2B."),
                code="time_malformed",
            )
        raise _malformed()
    if found["offset"] is None:
        if zone is None:
            raise TimeError(
                _("The offset from UTC is missing, as in 2027-05-01T18:00:00+02:00."),
                code="time_offset_missing",
            )
        return parse_wall(found["day"], found["time"], zone=zone)
    local = _naive(parse_day(found["day"]), found["time"])
    return _in_range(local - _offset(found["offset"]))


def parse_wall(
    day_text: object,
    time_text: object,
    *,
    zone: ZoneInfo | str,
    offset: str | None = None,
) -> datetime:
    """A wall-clock day and time of `zone`: `2027-05-01` or `1.5.2027`, and `18:00`; `24:00` ends the day.

    A time that the clock jumps over in spring raises `TimeError` `time_does_not_exist`. One that exists twice in
    autumn raises `time_exists_twice`, unless `offset` (`+02:00`) says which; at any other time `offset` is not read.
    """
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    naive = _naive(parse_day(day_text), _short_text(time_text))
    first = naive.replace(tzinfo=place, fold=0)
    second = naive.replace(tzinfo=place, fold=1)
    before, after = _of(first), _of(second)
    if before == after:
        return _in_range(naive - before)
    if before < after:
        # Read with the offset of each side, the missing time falls on the other side: the gap's two edges.
        raise TimeError(
            _("The clock jumps over this time on that night; it does not exist."),
            code="time_does_not_exist",
            values=_edges(naive, place),
        )
    offsets = [_written(before), _written(after)]
    if offset:
        asked = _offset(_short_text(offset))
        if asked in {before, after}:
            return _in_range(naive - asked)
    raise TimeError(
        _("The clock shows this time twice on that night. Which one do you mean?"),
        code="time_exists_twice",
        values={"offsets": offsets},
    )


def parse_day(text: object) -> date:
    """`2027-05-01`, or `1.5.2027` as it is written in Polish and German. Raises `TimeError`."""
    given = _short_text(text)
    found = _DAY.fullmatch(given) or _DAY_FIRST.fullmatch(given)
    if found is None:
        raise TimeError(_("A day is written as 2027-05-01."), code="time_malformed")
    year = int(found["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _out_of_range()
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        raise TimeError(_("This day is not in the calendar."), code="time_malformed") from None


def out_of_order(starts: datetime, ends: datetime) -> tuple[Sentence, str] | None:
    """The sentence and the code of what is wrong with a stretch of time; None where it ends after it starts."""
    if starts < ends:
        return None
    if starts > ends:
        return _("The end lies before the start."), "ends_before_start"
    return _("Start and end are the same: the length is zero."), "span_empty"


def _short_text(text: object) -> str:
    if not isinstance(text, str):
        raise _malformed()
    given = text.strip(" ") if len(text) <= LONGEST_TEXT else ""
    if not given:
        raise _malformed()
    return given


def _naive(day: date, text: str) -> datetime:
    found = _TIME.fullmatch(text)
    if found is None:
        raise TimeError(_("A time is written as 18:00."), code="time_malformed")
    hour, minute = int(found["hour"]), int(found["minute"])
    if int(found["second"] or 0) or int(found["part"] or 0):
        raise TimeError(
            _("Times are whole minutes, without seconds."), code="time_not_whole_minute"
        )
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise TimeError(_("A day has the times from 00:00 to 24:00."), code="time_malformed")
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall clock, its zone follows
    return midnight + timedelta(hours=hour, minutes=minute)


def _offset(text: str) -> timedelta:
    if text in {"Z", "z"}:
        return timedelta(0)
    found = _OFFSET.fullmatch(text)
    if found is None or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        raise TimeError(_("An offset is written as +02:00 or Z."), code="time_malformed")
    distance = timedelta(hours=int(found["hour"]), minutes=int(found["minute"]))
    return -distance if found["sign"] == "-" else distance


def _of(local: datetime) -> timedelta:
    offset = local.utcoffset()
    if offset is None:  # pragma: no cover - a zone always knows
        raise _malformed()
    return offset


def _in_range(naive_utc: datetime) -> datetime:
    instant = naive_utc.replace(tzinfo=UTC)
    if not EARLIEST <= instant <= LATEST:
        raise _out_of_range()
    return instant


def _edges(naive: datetime, place: ZoneInfo) -> dict[str, str | list[str]]:
    """The last minute before the gap and the first one after it, in wall-clock time."""
    low, high = (naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (1, 0))
    old = _of(low.astimezone(place))
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2 // timedelta(minutes=1) * timedelta(minutes=1)
        if _of(middle.astimezone(place)) == old:
            low = middle
        else:
            high = middle
    return {"before": f"{low.astimezone(place):%H:%M}", "after": f"{high.astimezone(place):%H:%M}"}


def _written(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _malformed() -> TimeError:
    return TimeError(_("A time is written as 2027-05-01T18:00:00+02:00."), code="time_malformed")


def _out_of_range() -> TimeError:
    return TimeError(_("Times are from 2000 until 2199."), code="time_out_of_range")
