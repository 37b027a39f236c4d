"""PostgreSQL and Valkey, each ours unless its address was given."""

from __future__ import annotations

import os

from cooperative.embedded.places import Places
from cooperative.embedded.supervisor import Supervisor


def start(
    supervisor: Supervisor, places: Places, *, database: str, durable: bool
) -> dict[str, str]:
    """Start what is not given by DATABASE_URL and REDIS_URL; returns these two for children.

    A server whose address is given is not even imported.
    """
    given = dict.fromkeys(("DATABASE_URL", "REDIS_URL"), "")
    given = {name: os.environ[name] for name in given if os.environ.get(name)}
    if "DATABASE_URL" not in given:
        from cooperative.embedded import postgres

        kept = postgres.keeper(places)
        postgres.prepare(kept)
        supervisor.start(
            postgres.part(kept, places.logs / "postgresql.log", durable=durable),
            lambda: postgres.is_ready(kept),
            seconds=30,
        )
        postgres.ensure_database(kept, database)
        given["DATABASE_URL"] = kept.url(database)
    if "REDIS_URL" not in given:
        from cooperative.embedded import valkey

        sockets = places.sockets()
        supervisor.start(
            valkey.part(places, sockets, durable=durable),
            lambda: valkey.is_ready(sockets),
            seconds=10,
        )
        given["REDIS_URL"] = valkey.url(sockets)
    return given


def leave_note(places: Places, environment: dict[str, str]) -> None:
    """Write where the servers are, for commands in a second terminal."""
    fresh = places.environment.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(
        "".join(f"{name}={value}\n" for name, value in environment.items()), encoding="utf-8"
    )
    fresh.replace(places.environment)
