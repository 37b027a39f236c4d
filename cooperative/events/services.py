"""Writing the event log: in the transaction of the change, in one statement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cooperative.identifiers import new_uid
from cooperative.statements import prepared


@dataclass(frozen=True, slots=True)
class Party:
    """Whom an event concerns: an institution or a person (database ids), in a role."""

    role: str
    institution: int | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to write. `data` holds uids, codes and times; never names or free text."""

    verb: str
    subject_kind: str
    subject_uid: UUID
    parties: tuple[Party, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    actor: int | None = None
    acting_for: int | None = None


# Parties are unnested with the ordinal of their event; a quiet event gets no outbox row.
_INSERT = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb) AS row(
        uid uuid, verb text, subject_kind text, subject_uid uuid, data jsonb, actor bigint,
        acting_for bigint, parties jsonb)
), written AS (
    INSERT INTO cooperative_event
        (uid, at, actor_id, acting_for_id, verb, subject_kind, subject_uid, data)
    SELECT uid, %s::timestamptz, actor, acting_for, verb, subject_kind, subject_uid, data FROM given
    RETURNING id, uid
), told AS (
    INSERT INTO cooperative_eventparty (event_id, institution_id, person_id, role)
    SELECT DISTINCT written.id, party.institution, party.person, party.role
    FROM given JOIN written USING (uid),
        jsonb_to_recordset(given.parties) AS party(institution bigint, person bigint, role text)
)
INSERT INTO cooperative_outbox (event_id) SELECT id FROM written WHERE NOT %s::boolean
"""


def record(events: Sequence[NewEvent], *, now: datetime, quiet: bool = False) -> None:
    """Write `events` with their parties and outbox rows, in one statement of the caller's transaction.

    `quiet` events (demo, imports) are logged and told to nobody.
    """
    if not events:
        return
    rows = [
        {
            "uid": str(new_uid()),
            "verb": event.verb,
            "subject_kind": event.subject_kind,
            "subject_uid": str(event.subject_uid),
            "data": event.data,
            "actor": event.actor,
            "acting_for": event.acting_for,
            "parties": [
                {"institution": party.institution, "person": party.person, "role": party.role}
                for party in event.parties
            ],
        }
        for event in events
    ]
    with prepared(_INSERT, [json.dumps(rows), now, quiet]):
        pass
