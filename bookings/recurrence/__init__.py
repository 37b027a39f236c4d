"""Repeated bookings, without database: a rule on the owner's wall clock, its dates, its words. Import from here.

`rule` and `repetition` count days and know no Django; `reading` and `plain` take what programs and people give and
refuse it in sentences; `clock` turns dates into instants; `words` says a repetition in the reader's language.
"""

from .clock import ClockTrouble, Timed, timed
from .plain import PlainRepetition, plain_of, repetition_of
from .reading import read_repetition
from .repetition import Dates, LeftOut, Occurrence, Repetition, dates, shifted, split, years
from .rule import MOST_DATES
from .words import left_out_words, sentence

__all__ = [
    "MOST_DATES",
    "ClockTrouble",
    "Dates",
    "LeftOut",
    "Occurrence",
    "PlainRepetition",
    "Repetition",
    "Timed",
    "dates",
    "left_out_words",
    "plain_of",
    "read_repetition",
    "repetition_of",
    "sentence",
    "shifted",
    "split",
    "timed",
    "years",
]
