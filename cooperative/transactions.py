"""Running the outermost transaction again when the database says that only the timing was wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

from .errors import Busy

T = TypeVar("T")

MOST_RUNS = 5
AGAIN = frozenset({"40001", "40P01"})
"""serialization_failure; deadlock_detected (which the lock order should make impossible)."""
LOCK_NOT_AVAILABLE = "55P03"


def sqlstate(error: BaseException) -> str:
    """The five characters PostgreSQL gave, or nothing."""
    return str(getattr(error.__cause__, "sqlstate", "") or "")


def run_again(verb: Callable[[], T]) -> T:
    """Run `verb`, which opens its own transaction, at most 5 times; then raise `Busy` (503).

    Inside a transaction it runs once: only the outermost block can start afresh.
    """
    if connection.in_atomic_block:
        return verb()
    for _run in range(MOST_RUNS):
        try:
            return verb()
        except OperationalError as error:
            if sqlstate(error) == LOCK_NOT_AVAILABLE:
                break
            if sqlstate(error) not in AGAIN:
                raise
    raise Busy
