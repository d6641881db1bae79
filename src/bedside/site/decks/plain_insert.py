"""Adding very many rows: one prepared statement, and values turned once for each column.

Django's own `bulk_create` makes an object and a piece of SQL for each row, which is four times as slow; and as long as it
writes, an answer of an exam waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

CACHE_KIB = 64 * 1024


class PlainInsert:
    """Adds rows of one table. A row that is there already under its key stays as it is."""

    def __init__(self, model: type[models.Model], names: Sequence[str]) -> None:
        of_model = {field.name: field for field in model._meta.concrete_fields}
        fields = [of_model[name] for name in names]
        columns = ", ".join(connection.ops.quote_name(field.column or field.name) for field in fields)
        places = ", ".join(["%s"] * len(fields))
        table = connection.ops.quote_name(model._meta.db_table)
        self._sql = f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608 - names only
        self._adapt = [_adapting(field) for field in fields]

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows, each in the order of the names. Call it inside a transaction."""
        adapt = self._adapt
        values = [[turn(value) for turn, value in zip(adapt, row, strict=True)] for row in rows]
        if values:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql, values)


@contextmanager
def room_for_many() -> Iterator[None]:
    """More memory for SQLite while many rows come: keys fall all over an index, whose pages in 2 MB go out and in again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size={before}")


def _adapting(field: Any) -> Callable[[Any], Any]:
    """How the database in use takes the values of this column."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    ops = connection.ops
    if isinstance(target, models.UUIDField):
        is_native = connection.features.has_native_uuid_field
        return lambda value: value if is_native or value is None else value.hex
    if isinstance(target, models.DateTimeField):
        return lambda value: None if value is None else ops.adapt_datetimefield_value(value)
    if isinstance(target, models.DateField):
        return lambda value: None if value is None else ops.adapt_datefield_value(value)
    if isinstance(target, models.JSONField):
        return lambda value: ops.adapt_json_value(value, None)
    return lambda value: value
