"""Statements written by hand for the hot paths, kept prepared by the server: their plan is made once a connection."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg.types.range import Range

Parameters = Mapping[str, Any] | Sequence[Any]


@contextmanager
def prepared(statement: str, parameters: Parameters) -> Iterator[CursorWrapper]:
    """Run `statement` with parameters bound by the server, and give the cursor to read its rows from.

    Django binds in the client, which makes PostgreSQL plan anew each time: for our longest statements that costs more
    than running them. psycopg prepares what a connection has run before (`prepare_threshold` in settings). Say every
    parameter's type in the statement (`%s::bigint[]`): a plan is kept for each set of types.

    Where queries are logged (tests that count them) the client binds, so that their text is there to be read.
    """
    if connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            yield cursor
        return
    connection.ensure_connection()
    with CursorWrapper(ServerBindingCursor(connection.connection), connection) as cursor:  # type: ignore[call-arg]
        cursor.execute(statement, parameters)
        yield cursor


def insert_all(rows: Sequence[Model]) -> None:
    """Insert new rows of one model with one prepared statement, whatever their number, and give them their ids.

    The values travel as one JSON parameter, so that the statement is the same for one row and for three hundred;
    `bulk_create` writes a statement anew each time. Models without a `uid` get no ids back. Fields keep what they
    hold: defaults of the model apply as always, expressions are not supported.
    """
    if not rows:
        return
    model = type(rows[0])
    for row in rows:  # rows made before what they belong to was stored learn its id now
        row._prepare_related_fields_for_save(operation_name="insert_all")  # type: ignore[attr-defined]
    told = [{column: _told(field, row) for column, field in _columns(model)} for row in rows]
    with prepared(_insertion(model), [json.dumps(told, default=str)]) as cursor:
        made = dict(cursor.fetchall())
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias
        uid = getattr(row, "uid", None)
        if uid in made:
            row.pk = made[uid]


@lru_cache(maxsize=16)
def _columns(model: type[Model]) -> tuple[tuple[str, Any], ...]:
    fields = model._meta.concrete_fields
    return tuple((str(field.column), field) for field in fields if not field.primary_key)


@lru_cache(maxsize=16)
def _insertion(model: type[Model]) -> str:
    names = [connection.ops.quote_name(column) for column, _field in _columns(model)]
    typed = ", ".join(
        f"{name} {field.db_type(connection).split(' COLLATE')[0]}"
        for name, (_column, field) in zip(names, _columns(model), strict=True)
    )
    columns, table = ", ".join(names), connection.ops.quote_name(model._meta.db_table)
    key = "uid" if any(column == "uid" for column, _field in _columns(model)) else "NULL::uuid"
    return (
        f"INSERT INTO {table} ({columns}) SELECT {columns} "  # noqa: S608 - names of our own models
        f"FROM jsonb_to_recordset(%s::jsonb) AS given({typed}) RETURNING {key}, id"
    )


def _told(field: Any, row: Model) -> Any:
    """A value as JSON carries it: what PostgreSQL reads from text is text, JSON stays JSON."""
    value = field.pre_save(row, add=True)
    if isinstance(value, Range) and value.lower is not None and value.upper is not None:
        return f"[{value.lower.isoformat()},{value.upper.isoformat()})"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
