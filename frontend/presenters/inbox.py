"""Entries of the inbox as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from frontend.presenters.reader import Reader
from notifications.queries.inbox import Entry


@dataclass(frozen=True, slots=True)
class InboxRow:
    uid: UUID
    text: str
    note: str
    at_iso: str
    at_label: str
    read: bool
    opens: bool


def rows(entries: Iterable[Entry], *, reader: Reader) -> tuple[InboxRow, ...]:
    return tuple(
        InboxRow(
            uid=one.uid,
            text=one.text,
            note=one.note,
            at_iso=one.at.isoformat(),
            at_label=reader.clock.moment(one.at),
            read=one.read,
            opens=bool(one.path),
        )
        for one in entries
    )
