"""Days of the week as sentences need them: Polish and Ukrainian have other forms for each, and other prepositions."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

from cooperative.errors import Sentence

EVERY: tuple[Sentence, ...] = (
    pgettext_lazy("repetition", "every Monday"),
    pgettext_lazy("repetition", "every Tuesday"),
    pgettext_lazy("repetition", "every Wednesday"),
    pgettext_lazy("repetition", "every Thursday"),
    pgettext_lazy("repetition", "every Friday"),
    pgettext_lazy("repetition", "every Saturday"),
    pgettext_lazy("repetition", "every Sunday"),
)
EVERY_SECOND: tuple[Sentence, ...] = (
    pgettext_lazy("repetition", "every second Monday"),
    pgettext_lazy("repetition", "every second Tuesday"),
    pgettext_lazy("repetition", "every second Wednesday"),
    pgettext_lazy("repetition", "every second Thursday"),
    pgettext_lazy("repetition", "every second Friday"),
    pgettext_lazy("repetition", "every second Saturday"),
    pgettext_lazy("repetition", "every second Sunday"),
)
# The first in a row, with its preposition: on Tuesdays, Thursdays and Fridays.
ON: tuple[Sentence, ...] = (
    pgettext_lazy("repetition", "on Mondays"),
    pgettext_lazy("repetition", "on Tuesdays"),
    pgettext_lazy("repetition", "on Wednesdays"),
    pgettext_lazy("repetition", "on Thursdays"),
    pgettext_lazy("repetition", "on Fridays"),
    pgettext_lazy("repetition", "on Saturdays"),
    pgettext_lazy("repetition", "on Sundays"),
)
# The others in that row; and all of them after "counting only".
PLURAL: tuple[Sentence, ...] = (
    pgettext_lazy("repetition", "Mondays"),
    pgettext_lazy("repetition", "Tuesdays"),
    pgettext_lazy("repetition", "Wednesdays"),
    pgettext_lazy("repetition", "Thursdays"),
    pgettext_lazy("repetition", "Fridays"),
    pgettext_lazy("repetition", "Saturdays"),
    pgettext_lazy("repetition", "Sundays"),
)
# As in: if that is a Friday or Saturday.
IS: tuple[Sentence, ...] = (
    pgettext_lazy("if that is a", "Monday"),
    pgettext_lazy("if that is a", "Tuesday"),
    pgettext_lazy("if that is a", "Wednesday"),
    pgettext_lazy("if that is a", "Thursday"),
    pgettext_lazy("if that is a", "Friday"),
    pgettext_lazy("if that is a", "Saturday"),
    pgettext_lazy("if that is a", "Sunday"),
)
# After its number, as in: on the second Tuesday of each month.
NUMBERED: tuple[Sentence, ...] = (
    pgettext_lazy("on the second", "Monday"),
    pgettext_lazy("on the second", "Tuesday"),
    pgettext_lazy("on the second", "Wednesday"),
    pgettext_lazy("on the second", "Thursday"),
    pgettext_lazy("on the second", "Friday"),
    pgettext_lazy("on the second", "Saturday"),
    pgettext_lazy("on the second", "Sunday"),
)
# Numbers agree with the day: Friday is masculine in Polish and feminine in Ukrainian, the others are alike in both.
_OF_MONDAY: Mapping[int, Sentence] = {
    1: pgettext_lazy("Monday, Tuesday, Thursday", "first"),
    2: pgettext_lazy("Monday, Tuesday, Thursday", "second"),
    3: pgettext_lazy("Monday, Tuesday, Thursday", "third"),
    4: pgettext_lazy("Monday, Tuesday, Thursday", "fourth"),
    5: pgettext_lazy("Monday, Tuesday, Thursday", "fifth"),
    -5: pgettext_lazy("Monday, Tuesday, Thursday", "fifth-to-last"),
    -4: pgettext_lazy("Monday, Tuesday, Thursday", "fourth-to-last"),
    -3: pgettext_lazy("Monday, Tuesday, Thursday", "third-to-last"),
    -2: pgettext_lazy("Monday, Tuesday, Thursday", "second-to-last"),
    -1: pgettext_lazy("Monday, Tuesday, Thursday", "last"),
}
_OF_WEDNESDAY: Mapping[int, Sentence] = {
    1: pgettext_lazy("Wednesday, Saturday, Sunday", "first"),
    2: pgettext_lazy("Wednesday, Saturday, Sunday", "second"),
    3: pgettext_lazy("Wednesday, Saturday, Sunday", "third"),
    4: pgettext_lazy("Wednesday, Saturday, Sunday", "fourth"),
    5: pgettext_lazy("Wednesday, Saturday, Sunday", "fifth"),
    -5: pgettext_lazy("Wednesday, Saturday, Sunday", "fifth-to-last"),
    -4: pgettext_lazy("Wednesday, Saturday, Sunday", "fourth-to-last"),
    -3: pgettext_lazy("Wednesday, Saturday, Sunday", "third-to-last"),
    -2: pgettext_lazy("Wednesday, Saturday, Sunday", "second-to-last"),
    -1: pgettext_lazy("Wednesday, Saturday, Sunday", "last"),
}
_OF_FRIDAY: Mapping[int, Sentence] = {
    1: pgettext_lazy("Friday", "first"),
    2: pgettext_lazy("Friday", "second"),
    3: pgettext_lazy("Friday", "third"),
    4: pgettext_lazy("Friday", "fourth"),
    5: pgettext_lazy("Friday", "fifth"),
    -5: pgettext_lazy("Friday", "fifth-to-last"),
    -4: pgettext_lazy("Friday", "fourth-to-last"),
    -3: pgettext_lazy("Friday", "third-to-last"),
    -2: pgettext_lazy("Friday", "second-to-last"),
    -1: pgettext_lazy("Friday", "last"),
}
ORDINALS: tuple[Mapping[int, Sentence], ...] = (
    _OF_MONDAY,
    _OF_MONDAY,
    _OF_WEDNESDAY,
    _OF_MONDAY,
    _OF_FRIDAY,
    _OF_WEDNESDAY,
    _OF_WEDNESDAY,
)
"""By day of the week: the word for each number that a rule may give it."""
