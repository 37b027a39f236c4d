"""What is wrong with a row, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _


def problem_words(problem: Mapping[str, Any]) -> str:
    """The sentence of a problem; of what a service refused in words it is those."""
    found = _WORDS.get(str(problem.get("code")))
    if found is None:
        return str(problem.get("text") or _("This cannot be booked as it stands."))
    values = {
        name: problem.get(name, "")
        for name in ("name", "column", "row", "rows", "sheet", "units", "asked")
    }
    return found() % values


_WORDS: Mapping[str, Callable[[], str]] = {
    "taken": lambda: _("It is taken at that time."),
    "not_enough_units": lambda: _("Only %(units)s of %(asked)s are free then."),
    "more_than_there_are": lambda: _("There are only %(units)s of it."),
    "kept_for_another": lambda: _("It is kept for somebody who asked first."),
    "no_session_then": lambda: _("There is no date of it at that time."),
    "time_does_not_exist": lambda: _("The clock jumps over this time on that night."),
    "time_exists_twice": lambda: _("The clock shows this time twice on that night."),
    "thing_missing": lambda: _("The thing is missing."),
    "thing_unknown": lambda: _("Nobody said yet what “%(name)s” is."),
    "thing_not_ours": lambda: _("“%(name)s” is not ours."),
    "title_missing": lambda: _("Neither a title nor whom it is for stands here."),
    "day_missing": lambda: _("The day is missing, or is not one."),
    "end_missing": lambda: _("Until when is missing."),
    "ends_before_start": lambda: _("The end lies before the start."),
    "time_unreadable": lambda: _("“%(name)s” is not a time."),
    "weekday_unreadable": lambda: _("“%(name)s” is not a day of the week."),
    "units_unreadable": lambda: _("“%(name)s” is not a number of things."),
    "not_so_many_dates": lambda: _("A class has from 1 to 366 dates."),
    "row_twice": lambda: _("Row %(row)s says the same."),
    "id_twice": lambda: _("Row %(row)s has the same number (id)."),
    "cell_too_long": lambda: _("The text in “%(column)s” is too long."),
    "sheet_not_read": lambda: _("The sheet “%(sheet)s” has other columns; its %(rows)s rows were not read."),
    "cancelled": lambda: _("It is called off in the calendar."),
    "this_and_future": lambda: _("A change of all dates that follow cannot be read. Enter it by hand."),
    "event_unreadable": lambda: _("This event is damaged. Enter it by hand."),
    "rule_several": lambda: _("It has several rules of repetition. Enter it by hand."),
    "rule_other_zone": lambda: _("It repeats in another time zone. Enter it by hand."),
    "also_other_time": lambda: _("It has dates at another hour. Enter them by hand."),
    "zone_unknown": lambda: _("Its time zone is not known."),
}  # fmt: skip
