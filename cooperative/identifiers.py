"""Public identifiers: UUID version 7 (RFC 9562), ordered by the millisecond they were made in."""

from __future__ import annotations

import secrets
import time
import uuid


def new_uid() -> uuid.UUID:
    """A fresh UUIDv7: 48 bits of Unix milliseconds, then 74 random bits.

    Order is only an index's convenience: no rule and no reader relies on it, so the wall clock is read directly.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= secrets.randbits(12) << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return uuid.UUID(int=value)
