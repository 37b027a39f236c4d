"""Series over the API: what a line that repeats carries, and how a series is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from rest_framework.serializers import ListSerializer

from bookings.models import Watch
from bookings.queries.series import WholeSeries
from bookings.recurrence import MOST_DATES, left_out_words, read_repetition, sentence
from bookings.recurrence.rule import LONGEST_TEXT
from bookings.recurrence.wish import SeriesWish
from bookings.spans import Span
from bookings.wishes import MOST_UNITS
from cooperative.api.acting import ACTING
from cooperative.api.fields import Body, Day, Instant, Several, Text, Uid, Whole, YesNo
from cooperative.errors import Invalid, Sentence
from cooperative.timeparsing import out_of_order

_MINUTE = timedelta(minutes=1)


class MovedBody(Body):
    """One date with a time of its own, on that day or another; so is chosen which of two equal hours is meant."""

    date = Day(help_text="A date of the series.")
    starts_at = Instant()
    ends_at = Instant()

    class Meta:
        ref_name = "MovedDate"


class SeriesBody(Body):
    """How a line repeats. Its `starts_at` and `ends_at` are those of the first date; the others have the same hours on
    the owner's wall clock."""

    rule = Text(
        max_length=LONGEST_TEXT,
        help_text=(
            "RRULE (RFC 5545), restricted: FREQ DAILY, WEEKLY or MONTHLY, INTERVAL, COUNT or UNTIL (one of them), "
            "BYDAY, BYMONTHDAY, BYSETPOS, WKST. At most 366 dates."
        ),
    )
    exceptions = Several(
        child=Day(), max_length=MOST_DATES, required=False, default=[], help_text="Days left out."
    )
    additions = Several(
        child=Day(), max_length=MOST_DATES, required=False, default=[], help_text="Days put in."
    )
    moved: ListSerializer[Any] = ListSerializer(
        child=MovedBody(), max_length=MOST_DATES, required=False, default=[]
    )
    skip_public_holidays = YesNo(
        required=False, default=False, help_text="Those of the owner's country."
    )
    skip_school_holidays = YesNo(
        required=False, default=False, help_text="Those of the owner's region."
    )
    one_answer = YesNo(
        required=False, default=False, help_text="The owner answers all dates at once."
    )
    watch_skipped = YesNo(
        required=False,
        default=True,
        help_text="Dates that are taken are watched until they come free.",
    )

    class Meta:
        ref_name = "NewSeries"


class ChangeBody(Body):
    """What becomes different from `since` on; what is left out stays as it is."""

    institution = Uid(required=False, help_text=ACTING)
    since = Day(help_text="The first date that changes, as in `series_on`.")
    starts_at = Instant(
        required=False,
        help_text="When that date is to start: another hour, or another day of the week.",
    )
    ends_at = Instant(required=False, help_text="When that date is to end.")
    units = Whole(min_value=1, max_value=MOST_UNITS, required=False)
    note = Text(max_length=5_000, allow_blank=True, required=False, default="")

    class Meta:
        ref_name = "ChangeSeries"


class EndBody(Body):
    """From when on all is called off."""

    institution = Uid(required=False, help_text=ACTING)
    since = Day(required=False, help_text="The first date that is off; today where left out.")
    reason = Text(
        max_length=5_000,
        allow_blank=True,
        required=False,
        default="",
        help_text="Why; the other side reads it. Its owner must say.",
    )

    class Meta:
        ref_name = "EndSeries"


class LeaveBody(Body):
    """Nothing but for whom one acts."""

    institution = Uid(required=False, help_text=ACTING)

    class Meta:
        ref_name = "LeaveWatch"


def series_wish(line: Mapping[str, Any], place: int, zone: ZoneInfo) -> SeriesWish:
    """What a line body with `series` means; `place` is its index. Raises `Invalid`, its fields those of the body."""
    at, read = f"lines.{place}.", line["series"]
    unheard = [name for name in ("wanted", "waiting_list", "least_units") if line.get(name)]
    if unheard:
        sentence = _("What repeats has its times; those that are taken are watched.")
        raise Invalid({f"{at}{name}": sentence for name in unheard})
    if disorder := out_of_order(line["starts_at"], line["ends_at"]):
        raise Invalid({f"{at}ends_at": disorder[0]}, code=disorder[1])
    starts, ends = wall_of(line["starts_at"], zone), wall_of(line["ends_at"], zone)
    midnight = starts.replace(hour=0, minute=0)
    try:
        repetition = read_repetition(
            rule=read["rule"],
            first_on=starts.date(),
            starts_minute=(starts - midnight) // _MINUTE,
            length_minutes=(ends - starts) // _MINUTE,
            exceptions=read["exceptions"],
            additions=read["additions"],
            skip_holidays=read["skip_public_holidays"],
            skip_school_holidays=read["skip_school_holidays"],
            zone=zone,
        )
    except Invalid as error:
        named = {f"{at}{_FIELDS.get(name, name)}": said for name, said in error.errors.items()}
        raise Invalid(named, code=error.code) from None
    event = line.get("event_starts_at"), line.get("event_ends_at")
    shown_starts = None if event[0] is None else wall_of(event[0], zone)
    shown_ends = None if event[1] is None else wall_of(event[1], zone)
    if shown_starts is not None or shown_ends is not None:
        shown_starts, shown_ends = shown_starts or starts, shown_ends or ends
    return SeriesWish(
        resource=line["resource"],
        repetition=repetition,
        units=line["units"],
        setup_minutes=line["setup_minutes"],
        strike_minutes=line["strike_minutes"],
        event_starts_minute=None if shown_starts is None else (shown_starts - midnight) // _MINUTE,
        event_length_minutes=None
        if shown_starts is None or shown_ends is None
        else (shown_ends - shown_starts) // _MINUTE,
        second_in_line=line["second_in_line"],
        one_answer=read["one_answer"],
        watch_skipped=read["watch_skipped"],
        moved=_moved(read["moved"], f"{at}series.moved."),
        place=place,
    )


_FIELDS = {
    "rule": "series.rule",
    "exceptions": "series.exceptions",
    "additions": "series.additions",
    "first_on": "starts_at",
    "starts_minute": "starts_at",
    "length_minutes": "ends_at",
}


def wall_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clock of `zone` shows then, without offset."""
    return instant.astimezone(zone).replace(tzinfo=None)


def _moved(rows: Iterable[Mapping[str, Any]], at: str) -> dict[date, Span]:
    wrong: dict[str, Sentence | list[Sentence]] = {}
    found: dict[date, Span] = {}
    for number, row in enumerate(rows):
        if disorder := out_of_order(row["starts_at"], row["ends_at"]):
            wrong[f"{at}{number}.ends_at"] = disorder[0]
        else:
            found[row["date"]] = Span(row["starts_at"], row["ends_at"])
    if wrong:
        raise Invalid(wrong)
    return found


def series_shown(whole: WholeSeries) -> dict[str, Any]:
    """A series with what became of the dates that are no lines."""
    row, repetition = whole.series, whole.repetition
    return {
        "id": row.uid,
        "resource": row.resource.uid,
        "sentence": sentence(repetition),
        "rule": row.rule,
        "exceptions": row.exceptions,
        "additions": row.additions,
        "skip_public_holidays": row.skips_public_holidays,
        "skip_school_holidays": row.skips_school_holidays,
        "first_on": row.first_on.isoformat(),
        "until_on": row.until_on.isoformat() if row.until_on else None,
        "starts_minute": row.starts_minute,
        "length_minutes": row.length_minutes,
        "zone": row.zone,
        "units": row.units,
        "one_answer": row.one_answer,
        "follows": row.follows.uid if row.follows is not None else None,
        "left_out": _left_out(whole),
        "watches": [watch_shown(watch) for watch in whole.watches],
    }


def _left_out(whole: WholeSeries) -> list[dict[str, Any]]:
    found = [
        {
            "date": one.local_date.isoformat(),
            "reason": one.reason,
            "message": left_out_words(one),
        }
        for one in whole.left_out
    ]
    words = missing_words()
    found += [
        {"date": one.on.isoformat(), "reason": one.code, "message": words[one.code]}
        for one in whole.missing
    ]
    return sorted(found, key=lambda one: one["date"])


def missing_words() -> dict[str, str]:
    """Why a date of the rule is neither a line nor watched, by code."""
    return {
        "not_possible": _("It was not to be had and is not watched."),
        "time_does_not_exist": _(
            "The clock jumps over this time on that night; it does not exist."
        ),
        "time_twice": _("The clock shows this time twice on that night. Which one do you mean?"),
    }


def watch_shown(watch: Watch) -> dict[str, Any]:
    """A date that is watched, or was."""
    zone = ZoneInfo(watch.zone)
    return {
        "id": watch.uid,
        "date": watch.local_date.isoformat(),
        "state": watch.state,
        "units": watch.units,
        "use_starts_at": watch.use_starts_at.astimezone(zone).isoformat(),
        "use_ends_at": watch.use_ends_at.astimezone(zone).isoformat(),
        "waiting_since": watch.waiting_since.astimezone(zone).isoformat(),
    }
