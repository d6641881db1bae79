"""Statements compiled once, for the few tables that every saved answer writes.

The ORM compiles each query anew, which costs several times what the database needs to run it (measured in
`docs/explanation/what-a-sitting-costs.md`). Here the SQL of a table is made once out of its model, so that the two can't
differ, and values are written as the fields of the model would write them, which a test compares for each kind of field.
Rows are instances of the models, several go in one call, and all runs on Django's connection, inside its transaction, though
by the driver's own cursor: the layers of Django's cursor cost more than SQLite's work does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field  # not generic when the program runs


MAX_ROWS = 32  # that go in one statement: with the widest table 544 parameters, where some databases take 999


def insert(rows: Sequence[models.Model]) -> None:
    """Add rows of one model. Keys that the database counts out are not read back.

    Raises:
        IntegrityError: a row breaks a rule of its table.
    """
    if rows:
        _run(_insertion(type(rows[0]), (), (), _database().vendor), rows)


def upsert(rows: Sequence[models.Model], *, by: tuple[str, ...], change: tuple[str, ...]) -> None:
    """Add rows of one model; where one with the same fields `by` exists, change its fields `change` instead."""
    if rows:
        _run(_insertion(type(rows[0]), by, change, _database().vendor), rows)


def update(rows: Sequence[models.Model], *fields: str) -> None:
    """Write these fields of rows of one model, found by their keys."""
    if rows:
        _run(_change(type(rows[0]), fields, _database().vendor), rows)


def select(model: type[models.Model], names: Sequence[str], tail: str, parameters: Sequence[Any]) -> list[Any]:
    """Rows of one model with only these fields loaded; `tail` follows the table's name, as in `WHERE id = %s`."""
    return later(model, names, tail, parameters)()


def later(model: type[models.Model], names: Sequence[str], tail: str, parameters: Sequence[Any]) -> Callable[[], list[Any]]:
    """The same, asked for now and read when what this answers is called, so that in `one_trip` several are waited for once."""
    database = _database()
    sql, attributes, readers = _selection(model, tuple(names), database.vendor)
    asked = execute(f"{sql} {tail}", parameters)
    # SQLite reads as it is asked: what is written in between must not get into it
    known = asked.fetchall() if database.vendor == "sqlite" else None

    def read() -> list[Any]:
        with database.wrap_database_errors:
            found = asked.fetchall() if known is None else known
        return [_instance(model, dict(zip(attributes, _read(readers, values), strict=True)), is_new=False) for values in found]

    return read


def _read(readers: Sequence[Callable[[Any], Any] | None], values: Sequence[Any]) -> list[Any]:
    return [value if read is None else read(value) for read, value in zip(readers, values, strict=True)]


def new(model: type[models.Model], **fields: Any) -> Any:
    """A row to be inserted, by the names of its attributes (`sitting_id`, not `sitting`); what is not named has its default.

    As the model would make it, without the signals that Django sends for each, which cost ten times as much.
    """
    made = {name: default() if callable(default) else default for name, default in _defaults(model) if name not in fields}
    return _instance(model, {**made, **fields}, is_new=True)


def _instance(model: type[models.Model], fields: dict[str, Any], *, is_new: bool) -> Any:
    state = ModelState()
    state.adding = is_new
    state.db = None if is_new else "default"
    row = model.__new__(model)
    row.__dict__.update(fields, _state=state)
    return row


@lru_cache(maxsize=64)
def _defaults(model: type[models.Model]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (field.attname, field.get_default if field.has_default() else field.get_default())
        for field in model._meta.concrete_fields
    )


def among(column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The condition that a column has one of these values, which are at least one, and its parameters.

    Where the database takes a list for a parameter it is one text for any number of values, planned once.
    """
    if _database().vendor == "postgresql":
        return f"{column} = ANY(%s)", [list(values)]
    few = padded(values)
    return f"{column} IN ({_placeholders(len(few))})", few


def padded(values: Sequence[Any]) -> list[Any]:
    """The values, the last one repeated up to a power of two, so that few statements serve groups of all sizes."""
    return [*values, *[values[-1]] * ((1 << (len(values) - 1).bit_length()) - len(values))] if values else []


def _placeholders(number: int) -> str:
    return ", ".join(["%s"] * number)


def key(value: UUID) -> Any:
    """A UUID as this database takes it for a parameter."""
    return value if _database().features.has_native_uuid_field else value.hex


@contextmanager
def one_trip() -> Iterator[None]:
    """What is written inside is sent without waiting for one statement's answer before the next, where the driver can do that.

    With PostgreSQL each wait is a trip to another process. What asks for rows waits for them, and for all that was sent before;
    that a statement failed shows there, or at the end. How many rows were changed is not known inside.

    Raises:
        DatabaseError: one of the statements failed; nothing that came after it was run.
    """
    database = _database()
    if database.vendor != "postgresql" or _is_watched(database):
        yield
        return
    database.close_if_health_check_failed()  # now, since inside there can be no other connection
    database.ensure_connection()
    if database.connection.pgconn.pipeline_status:  # within another trip
        yield
        return
    from bedside.site.pipelines import pipeline  # noqa: PLC0415 - needs psycopg, which is there only with PostgreSQL

    with database.wrap_database_errors, pipeline(database.connection):
        yield


def commit_in_trip() -> None:
    """Commit with what `one_trip` sends last, and not in a trip of its own; nothing may be asked or written after that.

    That it was committed is known when the trip has ended without an error. Where there is no trip, or the transaction is
    within another one, the commit is left to whoever began it.
    """
    database = _database()
    is_in_trip = database.vendor == "postgresql" and database.connection.pgconn.pipeline_status
    if is_in_trip and len(database.atomic_blocks) == 1:
        _server_cursor(database).execute("COMMIT")


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL that writes rows: what stands before them, one of them, and what stands after; and for each placeholder of a row
    the attribute that it is for, with what makes a value for the driver of it."""

    head: str
    row: str
    tail: str
    values: tuple[tuple[str, Callable[[Any], Any] | None], ...]  # None: as it is
    is_for_one: bool = False

    def of(self, n_rows: int) -> str:
        return f"{self.head}{', '.join([self.row] * n_rows)}{self.tail}"


def _run(statement: _Statement, rows: Sequence[models.Model]) -> None:
    made = []
    for row in rows:
        kept = row.__dict__  # a field that was not loaded is not here, and must not be written
        made.append([kept[name] if adapt is None else adapt(kept[name]) for name, adapt in statement.values])
    if statement.is_for_one and len(made) > 1:
        _execute_many(statement.of(1), made)
        return
    for some in _in_powers_of_two(made):
        execute(statement.of(len(some)), [value for row in some for value in row])


def _in_powers_of_two(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The rows in parts whose sizes are powers of two, so that few statements serve any number."""
    at = 0
    while at < len(rows):
        n = min(MAX_ROWS, 1 << (len(rows) - at).bit_length() - 1)
        yield rows[at : at + n]
        at += n


def execute(sql: str, parameters: Sequence[Any]) -> Any:
    """Run one statement; answers a cursor with its rows.

    Raises:
        DatabaseError: as Django's own cursor would.
    """
    database = _database()
    if _is_watched(database):
        cursor = database.cursor()
        cursor.execute(sql, parameters)
        return cursor
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        if database.vendor == "sqlite":
            return database.connection.execute(_for_sqlite(sql), parameters)
        # in binary, since Django has times in text read by a loader of its own, in Python
        return _server_cursor(database).execute(_for_postgresql(sql), parameters, prepare=True, binary=True)


def _execute_many(sql: str, parameters: Sequence[Sequence[Any]]) -> None:
    """Run one statement for several rows, with SQLite."""
    database = _database()
    if _is_watched(database):
        database.cursor().executemany(sql, parameters)
        return
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        database.connection.executemany(_for_sqlite(sql), parameters)


def _database() -> BaseDatabaseWrapper:
    """This thread's connection. `django.db.connection` looks it up again for each of its attributes, which adds up."""
    return connections[DEFAULT_DB_ALIAS]


def _is_watched(database: BaseDatabaseWrapper) -> bool:
    """Does somebody watch what Django runs? Then it runs through Django's own cursor."""
    return bool(database.queries_logged or database.execute_wrappers)


@lru_cache(maxsize=512)
def _for_sqlite(sql: str) -> str:
    return sql.replace("%s", "?")  # the statements here hold no other percent sign


@lru_cache(maxsize=512)
def _for_postgresql(sql: str) -> str:
    first, *others = sql.split("%s")
    return first + "".join(f"${number}{part}" for number, part in enumerate(others, start=1))


def _server_cursor(database: BaseDatabaseWrapper) -> Any:
    """A cursor that leaves the parameters to the server, so that a statement is parsed and planned there once.

    A raw one: the other kind looks for placeholders in each long statement anew, which took a sixth of the time of a save.
    """
    from psycopg import RawCursor  # noqa: PLC0415 - only where the database is PostgreSQL

    return RawCursor(database.connection)


@lru_cache(maxsize=64)
def _insertion(model: type[models.Model], by: tuple[str, ...], change: tuple[str, ...], vendor: str) -> _Statement:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(_column(field) for field in fields)
    head = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES "  # noqa: S608 - of models
    tail = ""
    if by:
        sets = ", ".join(f"{column} = excluded.{column}" for column in _columns(model, change))
        tail = f" ON CONFLICT ({', '.join(_columns(model, by))}) DO UPDATE SET {sets}"
    return _Statement(head, f"({_placeholders(len(fields))})", tail, _adapted(fields, vendor))


@lru_cache(maxsize=64)
def _change(model: type[models.Model], names: tuple[str, ...], vendor: str) -> _Statement:
    own_key, table = model._meta.pk, _quoted(model._meta.db_table)
    fields = [*_fields(model, names), own_key]
    if vendor == "sqlite":  # which takes rows to update from only since version 3.33
        sets = ", ".join(f"{column} = %s" for column in _columns(model, names))
        head, tail = f"UPDATE {table} SET ", f" WHERE {_column(own_key)} = %s"  # noqa: S608 - of models
        return _Statement(head, sets, tail, _adapted(fields, vendor), is_for_one=True)
    sets = ", ".join(f"{column} = given.{column}" for column in _columns(model, names))
    head = f"UPDATE {table} SET {sets} FROM (VALUES "  # noqa: S608 - of models
    columns = ", ".join(_column(field) for field in fields)
    tail = f") AS given ({columns}) WHERE {table}.{_column(own_key)} = given.{_column(own_key)}"
    row = ", ".join(f"%s::{_type(field)}" for field in fields)
    return _Statement(head, f"({row})", tail, _adapted(fields, vendor))


def _type(field: _Field) -> str:
    """The type of a field's values, without a length: a cast to that would cut off what is too long, and not refuse it."""
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection)).partition("(")[0]


def _adapted(fields: Sequence[_Field], vendor: str) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    return tuple((field.attname, _adapter(field, vendor)) for field in fields)


def _adapter(field: _Field, vendor: str) -> Callable[[Any], Any] | None:
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
            return None


@lru_cache(maxsize=64)
def _selection(
    model: type[models.Model], names: tuple[str, ...], vendor: str
) -> tuple[str, tuple[str, ...], tuple[Callable[[Any], Any] | None, ...]]:
    # in the order of the model, as `from_db` wants them
    fields = [field for field in model._meta.concrete_fields if field.name in names or field.attname in names]
    columns = ", ".join(_column(field) for field in fields)
    sql = f"SELECT {columns} FROM {_quoted(model._meta.db_table)}"  # noqa: S608 - of models
    return sql, tuple(field.attname for field in fields), tuple(_reader(field, vendor) for field in fields)


def _reader(field: _Field, vendor: str) -> Callable[[Any], Any] | None:
    """What makes a value of the field out of what the driver gives."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    match kind:
        case models.JSONField():
            # psycopg has read it where it came in binary; what these fields hold is never a mere text
            return lambda value: json.loads(value) if isinstance(value, str) else value
        case models.UUIDField() if vendor == "sqlite":
            return _unless_null(UUID)
        case models.DateTimeField() if vendor == "sqlite":
            return _unless_null(_instant)
        case _:
            return None


def _unless_null(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


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
