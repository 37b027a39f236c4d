"""How long an errand takes: clicks, fields and keys counted by `Hands`, seconds by the model, held to a limit.

With `PODEST_DAYS` set to a file each errand is written there as a row of the table in `docs/measurements.md`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.days.hands import Hands


class Stopwatch:
    """Call it around an errand: `with stopwatch("Mon 8:30 three requests", hands, most=60): ...`"""

    @contextmanager
    def __call__(self, errand: str, hands: Hands, *, most: float) -> Iterator[None]:
        """`most` = seconds that it may take. Counting begins anew."""
        hands.rest()
        yield
        told = f"| {errand} | {hands.clicks} | {hands.fields} | {hands.keys} | {hands.seconds:.0f} s | {most:.0f} s |"
        print(told)
        if rows := os.environ.get("PODEST_DAYS"):
            with Path(rows).open("a", encoding="utf-8") as file:
                file.write(f"{told}\n")
        assert hands.seconds <= most, told
