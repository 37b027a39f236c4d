"""A country that changes its time law: a zone file of ours in front of the installed ones."""

from __future__ import annotations

import struct
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


def fixed_zone(hours: int, name: str) -> bytes:
    """A zone file (TZif, RFC 9636) without any clock change: so many hours ahead of UTC."""

    def block(version: bytes) -> bytes:
        label = name.encode() + b"\0"
        header = b"TZif" + version + bytes(15) + struct.pack(">6L", 0, 0, 0, 0, 1, len(label))
        return header + struct.pack(">lBB", hours * 3600, 0, 0) + label

    return block(b"2") + block(b"2") + f"\n{name}{-hours}\n".encode()


@pytest.fixture
def law(tmp_path: Path) -> Iterator[Callable[[str, int], None]]:
    """`law("Europe/Kyiv", 2)`: from now on it is always two hours ahead there."""
    before = zoneinfo.TZPATH

    def enact(zone: str, hours: int) -> None:
        path = tmp_path / zone
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(fixed_zone(hours, "LAW"))
        zoneinfo.reset_tzpath([tmp_path, *before])
        zoneinfo.ZoneInfo.clear_cache()

    yield enact
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()
