"""From a wish with series to one with a line for each date, before anything is read or judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count

from django.utils.translation import gettext_lazy as _

from bookings.queries.places import holidays_for, places_of
from bookings.reasons import Reason
from bookings.recurrence import Dates
from bookings.recurrence.reading import NO_DATES
from bookings.recurrence.wish import check_series, unfold
from bookings.rules.dates import no_such_time
from bookings.wishes import BookingWish, Errors, LineWish, check_number
from cooperative.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class UnfoldedWish:
    """`wish` has lines for dates that can be, `impossible` are the others. `dates` by the index of their series."""

    wish: BookingWish
    impossible: tuple[Reason, ...] = ()
    dates: tuple[Dates, ...] = ()


def unfold_series(wish: BookingWish, *, by: Viewer) -> UnfoldedWish:
    """`wish` with its series unfolded, in the order in which things were asked for.

    Raises `UnknownResource`; `Invalid` where a series has no date or all have more than 366.
    """
    if not wish.series:
        return UnfoldedWish(wish)
    places = places_of({series.resource for series in wish.series}, by=by)
    repeated = {series.place for series in wish.series}
    numbers = (number for number in count() if number not in repeated)
    lines: list[LineWish] = [
        replace(line, place=number) for line, number in zip(wish.lines, numbers, strict=False)
    ]
    impossible: list[Reason] = []
    found: list[Dates] = []
    errors = Errors()
    for number, series in enumerate(wish.series):
        at = f"lines.{series.place}."
        check_series(series, errors, at)
        place = places[series.resource]
        unfolded = unfold(series, number, place.zone, holidays_for(series.repetition, place))
        known = {one.local_date for one in unfolded.dates.occurrences}
        errors.check(
            known.issuperset(series.moved),
            f"{at}series.moved",
            _("Only a date of the series can be moved."),
            "not_a_date",
        )
        stands = bool(unfolded.lines or unfolded.troubled)
        errors.check(stands, f"{at}series.rule", NO_DATES, "no_dates")
        lines.extend(unfolded.lines)
        found.append(unfolded.dates)
        impossible += [no_such_time(one, line=series.place) for one in unfolded.troubled]
        check_number(len(lines) + len(impossible), errors)
        errors.refuse()
    lines.sort(key=lambda line: line.place or 0)
    return UnfoldedWish(replace(wish, lines=tuple(lines)), tuple(impossible), tuple(found))
