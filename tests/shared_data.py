"""Real input that is not ours to keep here: tests on it run where it lies beside us."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("PODEST_SHARED_DATA", ROOT.parent / "shared" / "data"))
S10 = "scenarios-fictional/s10_time_vectors.json"
"""Times of the weekly series with partners in five zones."""


def shared_files(pattern: str) -> list[Path]:
    """Its files of that name (`*.ics`), at any depth; skips the test where there are none."""
    found = sorted(SHARED.rglob(pattern))
    if not found:
        pytest.skip(f"no {pattern} is here; PODEST_SHARED_DATA names the folder they lie in")
    return found


def shared(name: str) -> Any:
    """A JSON file of it; skips the test where it is not here."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not here; PODEST_SHARED_DATA names the folder it lies in")
    return json.loads(path.read_text(encoding="utf-8"))
