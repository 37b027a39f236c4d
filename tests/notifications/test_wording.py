"""Times in mails: on the wall clock of the zone, in the reader's way of writing days."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from notifications.wording import span_words, things_words

EVENING = (datetime(2027, 3, 12, 17, tzinfo=UTC), datetime(2027, 3, 12, 20, tzinfo=UTC))
NIGHT = (datetime(2027, 3, 12, 21, tzinfo=UTC), datetime(2027, 3, 13, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Fri 12 March 2027, 18:00–21:00"),
        ("pl", "pt 12 marca 2027, 18:00–21:00"),
        ("de", "Fr 12. März 2027, 18:00–21:00"),
        ("uk", "пт 12 березня 2027, 18:00–21:00"),
    ],
)
def test_days_are_written_as_the_language_does(language: str, said: str) -> None:
    with translation.override(language):
        assert span_words(*EVENING, "Europe/Warsaw") == said


def test_over_midnight_both_days_are_said() -> None:
    with translation.override("pl"):
        assert (
            span_words(*NIGHT, "Europe/Warsaw")
            == "pt 12 marca 2027, 22:00 – so 13 marca 2027, 02:00"
        )


def test_more_than_three_things_are_counted() -> None:
    with translation.override("en"):
        assert things_words(["Hall", "Piano", "Chairs"]) == "Hall, Piano, Chairs"
        assert things_words(["Hall", "Piano", "Chairs", "Lamp"]) == "Hall, Piano and 2 more"
