"""`make proof`: every test, whole; then the suite on days that are hard for calendars."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

DAYS = {
    "the evening before the clocks go forward": "2027-03-27T23:30+01:00",
    "a leap day": "2028-02-29T12:00+01:00",
    "the last evening of a year": "2027-12-31T23:30+01:00",
}


def main(arguments: Sequence[str]) -> int:
    """Run all of it, even after a failure; returns 1 if anything failed."""
    failed = []
    runs = {"everything, today": ("", "")}
    runs |= {name: (day, "not proof") for name, day in DAYS.items()}
    for name, (day, marked) in runs.items():
        print(f"\n=== {name} {day}", flush=True)
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-m", marked]
        done = subprocess.run(
            [*command, *arguments],
            env={
                **os.environ,
                "PODEST_DAY": day,
                "PODEST_PROOF": "" if day else "1",
                "PODEST_FUZZ": "6" if day else "25",
            },
            check=False,
        )
        failed += [name] if done.returncode else []
    print(f"\nNot proved: {', '.join(failed)}." if failed else "\nProved.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
