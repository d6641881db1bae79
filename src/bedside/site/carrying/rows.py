"""Rows of one table: out as JSON, and in again as values that were checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Model, QuerySet

from bedside.site.accounts.models import User
from bedside.site.carrying.archive import Line
from bedside.site.carrying.tables import BY_NAME, Merge, Table, Values
from bedside.site.carrying.values import as_json, reader_of
from bedside.site.statements import new

CHUNK_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """One row of a file: where it stands, what it says as JSON, and its values."""

    line: Line
    told: dict[str, Any]
    values: Values


class Codec:
    """The two ways of one table. `latest` is the last instant at which a row of a file may have been changed."""

    def __init__(self, table: Table, latest: datetime) -> None:
        self.table = table
        self.names = (*(field.name for field in table.fields), *table.of_user)
        self._columns = [_column(table, field.name) for field in table.fields]
        stamps = table.stamp if table.merge is Merge.LATER else ()
        self._readers: dict[str, Callable[[Any], Any]] = {
            field.name: reader_of(
                field,
                table.shapes.get(field.name),
                table.checks.get(field.name),
                latest if field.name in stamps else None,
            )
            for field in table.fields
        }
        for name in table.of_user:
            (own,) = (field for field in User._meta.concrete_fields if field.name == name)
            self._readers[name] = reader_of(own, None, None, None)

    @property
    def columns(self) -> list[str]:
        """What is asked of the database for a row, in the order of `names`."""
        return [*self._columns, *(f"{self.table.owner}__{name}" for name in self.table.of_user)]

    def told(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """A row of the database, read by `columns`, as a file has it."""
        return dict(zip(self.names, map(as_json, row), strict=True))

    def read(self, line: Line) -> Incoming:
        """A row of a file, checked field by field.

        Raises:
            UsageError: a field is missing, is too many, or holds what it can't; names member, line and field.
        """
        told = line.told
        if told.keys() != self._readers.keys():
            odd = min(told.keys() ^ self._readers.keys())
            line.refuse("it is missing" if odd in self._readers else "there is no such field", field=odd[:100])
        values: Values = {}
        for name, reads in self._readers.items():
            try:
                values[name] = reads(told[name])
            except (ValueError, TypeError, AttributeError) as error:
                line.refuse(str(error), field=name)
        for name, follows in self.table.derived.items():
            values[name] = follows(values)
        return Incoming(line, told, values)


def rows_of(user: User, table: Table, codec: Codec) -> Iterator[dict[str, Any]]:
    """All rows of a table that the person owns, as a file has them, in an order that does not change."""
    rows = asked_of(table).filter(**{table.owner: user})
    order = [_column(table, name) for name in table.key] or ["pk"]
    for row in rows.order_by(*order).values_list(*codec.columns).iterator(chunk_size=CHUNK_ROWS):
        yield codec.told(row)


def asked_of(table: Table) -> QuerySet[Any]:
    """The rows of a table, of whoever, with what `Codec.columns` asks of them."""
    named = {f"carried_{name}": expression for name, expression in table.asked.items()}
    rows: QuerySet[Any] = table.model._base_manager.filter(**table.only).annotate(**named)
    return rows


def key_of(table: Table, told: Mapping[str, Any]) -> tuple[Any, ...]:
    """What tells the row from the person's others."""
    return tuple(told[name] for name in table.key)


def compared(table: Table, told: Mapping[str, Any]) -> str:
    """What must be the same in two rows of one key, as text; of two changed at one instant the greater text holds."""
    return json.dumps({name: value for name, value in told.items() if name not in table.of_server}, sort_keys=True)


def place_in_time(table: Table, told: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """By which the later of two rows is told; a row that was never changed is before all."""
    return tuple(told[name] or "" for name in table.stamp), compared(table, told)


def same_or_later(table: Table, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Does the row that is here stay as it is? For rows that are never changed: are the two the same?"""
    if table.merge is Merge.SAME:
        return compared(table, mine) == compared(table, theirs)
    return place_in_time(table, mine) >= place_in_time(table, theirs)


def ids_by_key(user: User, table: Table) -> dict[UUID, Any]:
    """The primary keys of the person's rows by the keys under which a file names them."""
    rows = table.model._base_manager.filter(**{table.owner: user}, **table.only)
    return dict(rows.values_list(table.key[0], "pk"))


def _column(table: Table, name: str) -> str:
    """Where a value is read: a reference as the key by which the file names the row it points at."""
    if name in table.asked:
        return f"carried_{name}"
    if name not in table.references:
        return name
    (key,) = BY_NAME[table.references[name]].key
    return f"{name}__{key}" if key != "id" else f"{name}_id"


def instance(table: Table, user: User, attributes: Mapping[str, Any]) -> Model:
    """A row that is not written yet; made without the signals of a model, which cost more than all else of it."""
    own = {"user_id": user.pk} if table.owner == "user" else {}
    made: Model = new(table.model, **own, **attributes)
    return made


def is_plain(table: Table) -> bool:
    """Can new rows of it be written by `statements.insert`, which takes a fifth of the time? It does not know days."""
    return not any(type(field) is models.DateField for field in table.model._meta.concrete_fields)
