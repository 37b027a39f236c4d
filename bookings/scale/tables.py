"""COPY into the table of a model: the columns that are given by row, the rest by the model's defaults."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from psycopg import sql

from cooperative.identifiers import new_uid


class Table:
    """`given` are the columns that each row brings, in order; a public id is made for each row that brings none."""

    def __init__(self, model: type[Model], *given: str, **fixed: Any) -> None:
        self.name = model._meta.db_table
        rest: dict[str, Any] = {}
        self.makes_uid = False
        for field in model._meta.concrete_fields:
            column = str(field.column)
            if column in given or column in fixed or field.null or field.primary_key:
                continue
            if column == "uid":
                self.makes_uid = True
            else:
                rest[column] = _default(field)
        self.fixed = tuple({**rest, **fixed}.values())
        uid = ("uid",) if self.makes_uid else ()
        self.columns = (*given, *uid, *rest, *fixed)

    def copy(self, rows: Iterable[Sequence[Any]]) -> None:
        """Store `rows` in one statement; every trigger and constraint judges them."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.name), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                uid = (new_uid(),) if self.makes_uid else ()
                copy.write_row((*row, *uid, *self.fixed))


def _default(field: Field[Any, Any]) -> Any:
    value = field.get_default()
    return json.dumps(value) if isinstance(value, dict | list) else value


def go_on_counting(*models: type[Model]) -> None:
    """Ids were given by us; the next one that the database gives is behind them."""
    with connection.cursor() as cursor:
        for model in models:
            key = model._meta.pk
            assert key is not None
            cursor.execute(
                sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({}), 1)) FROM {}"
                ).format(
                    sql.Literal(model._meta.db_table),
                    sql.Literal(key.column),
                    sql.Identifier(str(key.column)),
                    sql.Identifier(model._meta.db_table),
                )
            )
