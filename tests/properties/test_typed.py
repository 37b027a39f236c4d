"""A typed line: no text is too strange for it, and what is written down in any usual way is read back."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bookings.typed import Named, read_line

TODAY = date(2027, 3, 1)
THINGS = (
    Named("mirror", ("Sala lustrzana",)),
    Named("chairs", ("Krzesła",), counted=True),
    Named("12", ("12",)),
)
MEMBERS = (Named("choir", ("Chór Echo",)), Named("none", ("",)))
WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "wt 17-18:30 12.03 od do co tydzień razy 40 krzeseł p. Nowak 600 100 200 sala lustrzana na 2h a@b.pl + , ; - "
        "до кінця червня bis Ende every 3/4 31.02 24:00 99 pm rano 1999 przyszły",
    )
)
MONTHS = re.findall(
    r"\S+",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
)


@given(st.text() | st.lists(WORDS, max_size=25).map(" ".join), st.sampled_from(["pl", "de"]))
@example("12.03-", "pl")
@example("co 0 tygodni 999 razy do 31.02", "pl")
@example("İ" * 40 + " wt 17-18", "pl")
@example("\x1f wt \x1f 17-18", "pl")
@example("x" * 5_000, "de")
def test_no_text_is_too_strange(text: str, language: str) -> None:
    found = read_line(text, today=TODAY, language=language, things=THINGS, members=MEMBERS)
    assert len(found.title) <= 200
    if found.start is not None and found.end is not None:
        assert 0 <= found.start < found.end
    if found.day is not None:
        assert date(2000, 1, 1) <= found.day < date(2200, 1, 1)


def written(day: date) -> st.SearchStrategy[str]:
    """The ways in which a day is written down; without a year it is within one from today."""
    ways = [
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    ]
    if TODAY <= day < TODAY + timedelta(days=365):
        ways += [f"{day.day}.{day.month:02}.", f"{day.day} {MONTHS[day.month - 1]}"]
    return st.sampled_from(ways)


def clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


@given(st.data())
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    day = data.draw(st.dates(date(2027, 1, 1), date(2040, 12, 31)))
    start = data.draw(st.integers(0, 1439))
    length = data.draw(st.integers(5, 1435))
    end = (start + length) % 1440
    hours = data.draw(
        st.sampled_from(
            [
                f"{clock(start)}-{clock(end)}",
                f"{clock(start)} – {clock(end)}",
                f"od {clock(start)} do {clock(end)}",
            ]
        )
    )
    parts = data.draw(st.permutations([data.draw(written(day)), hours, "sala lustrzana"]))
    found = read_line(", ".join([*parts, "próba"]), today=TODAY, things=THINGS)
    ends = start + length
    assert (found.day, found.start, found.end) == (day, start, ends)
    assert [one.key for one in found.things] == ["mirror"]
    assert (found.title, found.doubts) == ("próba", ())
