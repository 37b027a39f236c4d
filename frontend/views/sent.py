"""Public ids that a page sends along: as they are, or none."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from cooperative.errors import NotFound


def uid_or_none(text: object) -> UUID | None:
    try:
        return UUID(str(text or ""))
    except ValueError:
        return None


def uid_sent(text: object) -> UUID:
    """Raises `NotFound` where it is none."""
    found = uid_or_none(text)
    if found is None:
        raise NotFound
    return found


def uids_in(texts: Iterable[str]) -> list[UUID]:
    """Those that are ids, in order."""
    return [found for text in texts if (found := uid_or_none(text)) is not None]
