"""Tiles are folded so that a run of equal ones is one element, and never show too much as free."""

from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from frontend.components import MAX_SPAN, Mark, Tick, Tile, Timeline, TimelineRow, cut, fold, shrink


def tile(kind: str, start: str, end: str, **more: object) -> Tile:
    return Tile(kind=kind, label=kind, start_label=start, end_label=end, **more)  # type: ignore[arg-type]


def test_neighbours_that_say_the_same_become_one() -> None:
    tiles = (
        tile("free", "8:00", "9:00"),
        tile("free", "9:00", "10:00", span=2),
        tile("taken", "10:00", "11:00"),
    )
    assert fold(tiles) == (
        tile("free", "8:00", "10:00", span=3),
        tile("taken", "10:00", "11:00"),
    )


def test_neighbours_with_different_words_stay_apart() -> None:
    tiles = (tile("taken", "8", "9", text="Chór"), tile("taken", "9", "10", text="Teatr"))
    assert fold(tiles) == tiles


def test_what_touches_a_unit_fills_it_but_free_fills_only_whole_units() -> None:
    labels = ("0", "1", "2", "3")
    taken = cut(
        [Mark(start=70, end=80, kind="taken", label="t")],
        minutes=180,
        unit=60,
        labels=labels,
        base="free",
        base_label="f",
    )
    assert [(t.kind, t.start_label, t.end_label) for t in taken] == [
        ("free", "0", "1"),
        ("taken", "1", "2"),
        ("free", "2", "3"),
    ]
    free = cut(
        [Mark(start=30, end=130, kind="free", label="f")],
        minutes=180,
        unit=60,
        labels=labels,
        base_label="c",
    )
    assert [(t.kind, t.start_label, t.end_label) for t in free] == [
        ("closed", "0", "1"),
        ("free", "1", "2"),
        ("closed", "2", "3"),
    ]


def test_labels_must_name_every_edge() -> None:
    with pytest.raises(ValueError, match="3 units need 4 labels, got 3"):
        cut([], minutes=180, unit=60, labels=("0", "1", "2"), base_label="c")


def test_shrink_draws_the_same_picture_in_fewer_units() -> None:
    tiles = (tile("free", "0", "8", span=32), tile("taken", "8", "10", span=8))
    assert [t.span for t in shrink(tiles)] == [4, 1]
    assert shrink(()) == ()


@given(st.lists(st.tuples(st.sampled_from(["free", "taken", "closed"]), st.integers(1, 60))))
def test_folding_keeps_the_length_and_leaves_no_equal_neighbours(
    runs: list[tuple[str, int]],
) -> None:
    tiles = [tile(kind, str(i), str(i + 1), span=span) for i, (kind, span) in enumerate(runs)]
    folded = fold(tiles)
    assert sum(t.span for t in folded) == sum(t.span for t in tiles)
    assert all(t.span <= MAX_SPAN for t in folded)
    assert all(a.kind != b.kind or a.span + b.span > MAX_SPAN for a, b in pairwise(folded))
    assert fold(folded) == folded


def test_two_hundred_things_over_a_month_stay_under_300_kb() -> None:
    tiles = tuple(
        tile("taken" if i % 2 else "free", f"{i * 2 + 1}.04", f"{i * 2 + 2}.04", span=6)
        for i in range(15)
    )
    rows = tuple(
        TimelineRow(
            title=f"Sala konferencyjna numer {n}",
            url=f"/rzeczy/019a0000-0000-7000-8000-{n:012}/",
            subtitle="Dom Kultury Nadrzecze",
            tiles=tiles,
        )
        for n in range(200)
    )
    ticks = tuple(Tick(label=str(day), span=3) for day in range(1, 31))
    timeline = Timeline(caption="kwiecień", ticks=ticks, rows=rows)
    page = render_to_string("components/timeline.html", {"timeline": timeline})
    assert page.count("<li") == 200 * 15 + 30
    assert len(page.encode()) < 300_000
