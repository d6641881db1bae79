"""Statements compiled once, for the few tables that every saved answer writes.

The ORM compiles each query anew, which costs several times what the database needs to run it (measured in
`docs/explanation/what-a-sitting-costs.md`). Here the SQL of a table is made once out of its model, so that the two can't
differ, and values are written as the fields of the model would write them, which a test compares for each kind of field.
Rows are instances of the models, several go in one call, and all runs on Django's connection, inside its transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, models

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field  # not generic when the program runs


def insert(rows: Sequence[models.Model]) -> None:
    """Add rows of one model. Keys that the database counts out are not read back.

    Raises:
        IntegrityError: a row breaks a rule of its table.
    """
    if rows:
        _run(_insertion(type(rows[0]), (), (), connection.vendor), rows)


def upsert(rows: Sequence[models.Model], *, by: tuple[str, ...], change: tuple[str, ...]) -> None:
    """Add rows of one model; where one with the same fields `by` exists, change its fields `change` instead."""
    if rows:
        _run(_insertion(type(rows[0]), by, change, connection.vendor), rows)


def update(rows: Sequence[models.Model], *fields: str) -> None:
    """Write these fields of rows of one model, found by their keys."""
    if rows:
        _run(_change(type(rows[0]), fields, connection.vendor), rows)


def select(model: type[models.Model], names: Sequence[str], tail: str, parameters: Sequence[Any]) -> list[Any]:
    """Rows of one model with only these fields loaded; `tail` follows the table's name, as in `WHERE id = %s`."""
    sql, attributes, readers = _selection(model, tuple(names), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {tail}", parameters)
        found = cursor.fetchall()
    return [
        model.from_db("default", attributes, [read(value) for read, value in zip(readers, values, strict=True)])
        for values in found
    ]


def placeholders(values: Iterable[Any]) -> str:
    """As many placeholders as values, for IN."""
    return ", ".join("%s" for _ in values)


def key(value: UUID) -> Any:
    """A UUID as this database takes it for a parameter."""
    return value if connection.features.has_native_uuid_field else value.hex


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL that writes rows, and for each placeholder the attribute of a row and what makes a value for the driver of it."""

    sql: str
    values: tuple[tuple[str, Callable[[Any], Any]], ...]


def _run(statement: _Statement, rows: Sequence[models.Model]) -> None:
    values = [[adapt(getattr(row, attribute)) for attribute, adapt in statement.values] for row in rows]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(statement.sql, values[0])
        else:
            cursor.executemany(statement.sql, values)


@lru_cache(maxsize=64)
def _insertion(model: type[models.Model], by: tuple[str, ...], change: tuple[str, ...], vendor: str) -> _Statement:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(_column(field) for field in fields)
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({placeholders(fields)})"  # noqa: S608 - of models
    if by:
        sets = ", ".join(f"{column} = excluded.{column}" for column in _columns(model, change))
        sql += f" ON CONFLICT ({', '.join(_columns(model, by))}) DO UPDATE SET {sets}"
    return _Statement(sql, _adapted(fields, vendor))


@lru_cache(maxsize=64)
def _change(model: type[models.Model], names: tuple[str, ...], vendor: str) -> _Statement:
    sets = ", ".join(f"{column} = %s" for column in _columns(model, names))
    own_key = model._meta.pk
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE {_column(own_key)} = %s"  # noqa: S608 - of models
    return _Statement(sql, _adapted([*_fields(model, names), own_key], vendor))


def _adapted(fields: Sequence[_Field], vendor: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    return tuple((field.attname, _adapter(field, vendor)) for field in fields)


def _adapter(field: _Field, vendor: str) -> Callable[[Any], Any]:
    """What makes a value for the driver out of a value of the field: what the field itself would do, without its detours."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    match kind:
        case models.JSONField():
            return lambda value: field.get_db_prep_save(value, connection)
        case models.UUIDField() if vendor == "sqlite":
            return _unless_null(_hex)
        case models.DateTimeField() if vendor == "sqlite":
            return _unless_null(_naive)
        case _:
            return _as_it_is


@lru_cache(maxsize=64)
def _selection(
    model: type[models.Model], names: tuple[str, ...], vendor: str
) -> tuple[str, tuple[str, ...], tuple[Callable[[Any], Any], ...]]:
    # in the order of the model, as `from_db` wants them
    fields = [field for field in model._meta.concrete_fields if field.name in names or field.attname in names]
    columns = ", ".join(_column(field) for field in fields)
    sql = f"SELECT {columns} FROM {_quoted(model._meta.db_table)}"  # noqa: S608 - of models
    return sql, tuple(field.attname for field in fields), tuple(_reader(field, vendor) for field in fields)


def _reader(field: _Field, vendor: str) -> Callable[[Any], Any]:
    """What makes a value of the field out of what the driver gives."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    match kind:
        case models.JSONField():
            return _unless_null(json.loads)
        case models.UUIDField() if vendor == "sqlite":
            return _unless_null(UUID)
        case models.DateTimeField() if vendor == "sqlite":
            return _unless_null(_instant)
        case _:
            return _as_it_is


def _unless_null(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _as_it_is(value: Any) -> Any:
    return value


def _hex(value: UUID) -> str:
    return value.hex


def _naive(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _instant(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)  # SQLite has no time zones: Django keeps UTC there


def _fields(model: type[models.Model], names: Iterable[str]) -> list[_Field]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _columns(model: type[models.Model], names: Iterable[str]) -> list[str]:
    return [_column(field) for field in _fields(model, names)]


def _column(field: _Field) -> str:
    assert field.column is not None  # the fields here are concrete: each has its column
    return _quoted(field.column)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
