"""Taking times."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence


def each(
    run: Callable[[int], object], count: int, *, first: int = 0, warm_up: int = 0
) -> list[float]:
    """Seconds that each of `count` runs took, numbered from `first` on; `warm_up` runs before do not count."""
    for number in range(first, first + warm_up):
        run(number)
    taken = []
    for number in range(first + warm_up, first + warm_up + count):
        begun = time.perf_counter()
        run(number)
        taken.append(time.perf_counter() - begun)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of them lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
