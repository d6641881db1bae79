"""Rows of a file put together with the rows that are here. Call it inside the one write of the whole file.

What is here under the same key is the same, or the later of the two, or the file is refused. Ids that are another person's
here are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.models import User
from bedside.site.carrying.rows import Codec, Incoming, asked_of, ids_by_key, instance, is_plain, key_of, same_or_later
from bedside.site.carrying.tables import BY_NAME, Merge, Table
from bedside.site.statements import insert

BATCH = 400  # rows in one statement; SQLite of old takes 32,766 values in it


@dataclass(slots=True)
class Counts:
    """What became of the rows of one table."""

    n_new: int = 0
    n_changed: int = 0
    n_known: int = 0
    n_left_out: int = 0


class Joiner:
    """Puts the rows of one table into the store, batch by batch."""

    def __init__(self, table: Table, user: User, at: datetime, codec: Codec) -> None:
        self.counts = Counts()
        self._table, self._user, self._at, self._codec = table, user, at, codec
        self._ids = {name: ids_by_key(user, BY_NAME[of]) for name, of in table.references.items() if BY_NAME[of].key != ("id",)}
        self._seen: set[tuple[Any, ...]] = set()

    def join(self, rows: Iterable[Incoming], left_out: Mapping[str, set[UUID]]) -> None:
        """Put all rows in. `left_out` names rows, by table, that stay out; what points at one of them stays out as well.

        Raises:
            ConflictError: a row differs from the one that is here, or its id is somebody else's; names it.
            UsageError: a row can't be kept; names member, line and field.
        """
        for batch in _batches(rows, BATCH):
            wanted = [row for row in batch if not self._stays_out(row, left_out)]
            self.counts.n_left_out += len(batch) - len(wanted)
            self._see_once(wanted)
            self._see_referenced(wanted)
            self._join(wanted)
        self._see_own_references()

    def _stays_out(self, row: Incoming, left_out: Mapping[str, set[UUID]]) -> bool:
        own = left_out.get(self._table.name, ())
        if own and row.values.get("id") in own:
            return True
        return any(row.values[name] in left_out.get(of, ()) for name, of in self._table.references.items())

    def _see_once(self, batch: Sequence[Incoming]) -> None:
        for row in batch:
            key = key_of(self._table, row.told)
            if key in self._seen:
                row.line.refuse("a row with this key is in the file twice", field=self._table.key[0] if key else None)
            self._seen.add(key)

    def _see_referenced(self, batch: Sequence[Incoming]) -> None:
        """What the rows point at by its id is here, and the person's own."""
        for name, of in self._table.references.items():
            if name in self._ids or of == self._table.name:
                continue
            wanted = {row.values[name] for row in batch} - {None}
            table = BY_NAME[of]
            owned = table.model._base_manager.filter(**{table.owner: self._user, "pk__in": wanted}, **table.only)
            if missing := wanted - set(owned.values_list("pk", flat=True)):
                row = next(row for row in batch if row.values[name] in missing)
                row.line.refuse(f"there is no such row among the {of} of the person", field=name)

    def _see_own_references(self) -> None:
        """What rows point at in their own table came with them, in any order."""
        for name, of in self._table.references.items():
            if of != self._table.name:
                continue
            rows = self._table.model._base_manager.filter(**{self._table.owner: self._user, f"{name}__isnull": False})
            owned = self._table.model._base_manager.filter(**{self._table.owner: self._user}).values("pk")
            bad = rows.exclude(**{f"{name}__in": owned}).values_list("pk", flat=True).first()
            if bad is not None:
                raise UsageError(f'{of}: row {bad}, field "{name}": it points at no row of the person')

    def _join(self, batch: Sequence[Incoming]) -> None:
        here = self._here(batch)
        new, changed = [], []
        for row in batch:
            mine = here.get(key_of(self._table, row.told))
            if mine is None:
                new.append(row)
            elif same_or_later(self._table, mine, row.told):
                self.counts.n_known += 1
            elif self._table.merge is Merge.SAME:
                raise ConflictError(self._differs(row, mine))
            else:
                changed.append(row)
        self._write(new, is_new=True)
        self._write(changed, is_new=False)
        self.counts.n_new += len(new)
        self.counts.n_changed += len(changed)

    def _here(self, batch: Sequence[Incoming]) -> dict[tuple[Any, ...], dict[str, Any]]:
        """The rows that are here under the keys of these, as a file would have them."""
        table = self._table
        rows = asked_of(table)
        if table.key == ("id",):
            rows = rows.filter(pk__in=[row.values["id"] for row in batch])
            theirs = rows.exclude(**{table.owner: self._user}).values_list("pk", flat=True).first()
            if theirs is not None:
                row = next(row for row in batch if row.values["id"] == theirs)
                raise ConflictError(f"{row.line.member}, line {row.line.number}: {theirs} belongs to somebody else here")
        elif table.key:
            first = table.key[0]
            rows = rows.filter(**{f"{first}__in": {self._value(row, first) for row in batch}})
        found = rows.filter(**{table.owner: self._user}).values_list(*self._codec.columns)
        tolds = map(self._codec.told, found.iterator(chunk_size=BATCH * 5))
        return {key_of(table, told): told for told in tolds}

    def _differs(self, row: Incoming, mine: Mapping[str, Any]) -> str:
        fields = [name for name, value in row.told.items() if name not in self._table.of_server and mine[name] != value]
        key = " ".join(str(part) for part in key_of(self._table, row.told))
        return (
            f"{row.line.member}, line {row.line.number}: {key} is here with another {', '.join(fields)}; "
            "nothing was brought back"
        )

    # --- writing ------------------------------------------------------------------------------------------------------------

    def _write(self, rows: Sequence[Incoming], *, is_new: bool) -> None:
        if not rows:
            return
        try:
            with transaction.atomic():
                self._put([self._instance(row) for row in rows], is_new=is_new)
        except IntegrityError:
            self._find_bad(rows, is_new=is_new)
        if self._table.of_user:
            names = self._table.of_user
            User.objects.filter(pk=self._user.pk).update(**{name: rows[-1].values[name] for name in names})

    def _put(self, instances: Sequence[Model], *, is_new: bool) -> None:
        table = self._table
        manager = table.model._base_manager
        if is_new and is_plain(table):
            insert(instances)
            return
        if is_new:
            manager.bulk_create(instances)
            return
        skipped = {*table.key, *table.of_server, *table.of_user}
        changing = [field.name for field in table.fields if field.name not in skipped] + list(table.derived)
        unique = ["pk"] if table.key == ("id",) else (["user", *table.key] if table.key else ["user"])
        manager.bulk_create(instances, update_conflicts=True, unique_fields=unique, update_fields=changing)

    def _find_bad(self, rows: Sequence[Incoming], *, is_new: bool) -> None:
        """Write one by one, up to the row that the store does not take.

        Raises:
            UsageError: that one; names its line and the rule.
        """
        for row in rows:
            try:
                with transaction.atomic():
                    self._put([self._instance(row)], is_new=is_new)
            except IntegrityError as error:
                row.line.refuse(f"the store does not take it: {error}")

    def _instance(self, row: Incoming) -> Model:
        attributes = {name: value for name, value in row.values.items() if name not in self._table.of_user}
        for name in self._table.references:
            attributes[f"{name}_id"] = self._value(row, name)
            del attributes[name]
        return instance(self._table, self._user, attributes | dict.fromkeys(self._table.local, self._at))

    def _value(self, row: Incoming, name: str) -> Any:
        """A value for the database; a reference as the primary key of the row here that the file names."""
        value = row.values[name]
        if name not in self._ids or value is None:
            return value
        found = self._ids[name].get(value)
        if found is None:
            row.line.refuse(f"there is no such row among the {self._table.references[name]} of the person", field=name)
        return found


def _batches(rows: Iterable[Incoming], n: int) -> Iterator[list[Incoming]]:
    left = iter(rows)
    while batch := list(islice(left, n)):
        yield batch
