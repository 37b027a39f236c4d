"""Databases of a size on the server that Django uses: made once, kept as a template, cloned in seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from .copying import Scribe
from .founding import found
from .shape import SEED, Shape, things_of, uses_of

ROOT = Path(__file__).resolve().parents[2]


def template_of(shape: Shape) -> str:
    """The name of the template of `shape`: another as soon as its day, a migration or this package changes."""
    told = hashlib.sha256()
    files = [*ROOT.glob("*/migrations/**/*.py"), *Path(__file__).parent.glob("*.py")]
    for path in sorted(files):
        told.update(path.read_bytes())
    return f"{_size(shape)}_{shape.now:%Y%m%d}_{told.hexdigest()[:8]}"


def _size(shape: Shape) -> str:
    return f"podest_scale_{shape.claims}_{shape.things}"


def ensure_template(shape: Shape) -> tuple[str, int | None]:
    """Its name, and how many claims were stored if it had to be made. Older ones of that size are dropped."""
    name = template_of(shape)
    with _server() as server:
        found = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{_size(shape)}_"]
        )
        there = {row[0] for row in found}
        if name in there:
            return name, None
        for old in there:
            drop(old)
        server.execute(_named("CREATE DATABASE {}", f"{name}_new"))
    with in_use(f"{name}_new"):
        call_command("migrate", verbosity=0, interactive=False)
        claims = fill(shape)
    with _server() as server:
        server.execute(_named("ALTER DATABASE {} RENAME TO {}", f"{name}_new", name))
    return name, claims


def fill(shape: Shape) -> int:
    """Store a world of `shape` in the database in use, which is migrated and otherwise empty; how many claims.

    In many commits: whoever stops it leaves half a world.
    """
    with connection.cursor() as cursor:  # as long as it takes, until this connection is closed
        cursor.execute("SET statement_timeout = 0")
    dice = Random(SEED)  # noqa: S311 - a world to measure in, nothing secret
    things = things_of(shape, dice)
    uses = uses_of(things, dice)
    claims = Scribe(found(shape, things, uses), dice).write(uses)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return claims


def clone(template: str, into: str) -> None:
    """A copy of `template` under the name `into`; another of that name is dropped."""
    drop(into)
    with _server() as server:
        server.execute(_named("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", into, template))


def drop(name: str) -> None:
    with _server() as server:
        server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


@contextmanager
def in_use(name: str) -> Iterator[None]:
    """Point Django at the database `name`, in all threads of this process."""
    settings = connections.settings["default"]
    before = settings["NAME"]
    connection.close()
    settings["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = connection.settings_dict["NAME"] = before


def _server() -> psycopg.Connection[Any]:
    """The database that every server has, to make and drop others from."""
    given = connection.get_connection_params()
    kept = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    return psycopg.connect(**kept, dbname="postgres", autocommit=True)


def _named(statement: Any, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))
