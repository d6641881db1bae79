"""Opening the SQLite file of a deck, which may be made to do harm: read-only, no code of its own, bounded work.

Views, virtual tables and computed columns are SQL that the file brings along, so a table that is one, or has one, is refused;
an authoriser lets nothing but plain reading pass; a budget of steps stops what would not end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bedside.anki.limits import (
    KIB,
    MAX_TABLES,
    MAX_VALUE_BYTES,
    STEPS_A_BYTE,
    STEPS_AT_LEAST,
)
from bedside.errors import ReadError, TooLargeError

MAGIC = b"SQLite format 3\x00"

_STEPS_A_CALL = 100_000
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
_FUNCTIONS = {"count", "max"}

DAMAGED = "the collection inside is damaged; open it in Anki, run Tools, Check Database, and export it again"


class Database:
    """A database that is only read. `n_broken` counts the texts that were no UTF-8 and had to be mended."""

    def __init__(self, path: Path, file: str) -> None:
        self.file = file
        self.n_broken = 0
        self._steps = 0
        self._budget = STEPS_AT_LEAST + STEPS_A_BYTE * path.stat().st_size
        self._connection = self._connect(path)
        try:
            self.tables = self._plain_tables()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        self._connection.close()

    def columns(self, table: str) -> set[str]:
        """Names of the columns of a table."""
        return self.tables.get(table, set())

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one by one.

        Raises:
            TooLargeError: it takes more work than a database of this size can sensibly ask for.
            ReadError: the database is damaged.
        """
        self._steps = 0
        try:
            for row in self._connection.execute(query, values):  # noqa: UP028 - which would close the cursor after the database
                yield row
        except sqlite3.DatabaseError as error:
            raise self._named(error) from None

    def one(self, query: str) -> tuple[Any, ...] | None:
        """The first row of a query."""
        return next(self.rows(query), None)

    def _connect(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False
        )
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1024 * KIB)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
        connection.text_factory = self._text
        connection.create_collation("unicase", _compare)  # Anki's own, named by its tables
        connection.set_progress_handler(self._count_steps, _STEPS_A_CALL)
        return connection

    def _plain_tables(self) -> dict[str, set[str]]:
        self._steps = 0
        try:
            self._connection.execute("PRAGMA trusted_schema=OFF")
            self._connection.execute("PRAGMA cell_size_check=ON")
            found = self._connection.execute("SELECT type, name, sql FROM sqlite_master LIMIT ?", (MAX_TABLES + 1,)).fetchall()
            if len(found) > MAX_TABLES:
                raise TooLargeError(self.file, f"the database inside has more than {MAX_TABLES} tables; no collection has")
            tables = {}
            for kind, name, sql in found:
                if kind == "table" and not str(sql or "").lstrip().upper().startswith("CREATE VIRTUAL"):
                    columns = self._connection.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
                    if not any(column[6] for column in columns):  # hidden: computed
                        tables[str(name).lower()] = {str(column[1]).lower() for column in columns}
            self._connection.set_authorizer(_authorise)
        except sqlite3.DatabaseError as error:
            raise self._named(error) from None
        return tables

    def _named(self, error: sqlite3.DatabaseError) -> ReadError:
        text = str(error).lower()
        if "interrupted" in text:
            return TooLargeError(self.file, "reading the collection inside takes far more work than its size allows")
        if "too big" in text:
            return TooLargeError(self.file, f"a value in the collection is over the limit of {MAX_VALUE_BYTES:,} bytes")
        if "not a database" in text:
            return ReadError(self.file, "the collection inside is no database; export the deck again in Anki")
        return ReadError(self.file, f"{DAMAGED} ({error})")

    def _count_steps(self) -> bool:
        self._steps += _STEPS_A_CALL
        return self._steps > self._budget

    def _text(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            self.n_broken += 1
            return data.decode(errors="replace")


def _authorise(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _compare(one: str, other: str) -> int:
    first, second = one.casefold(), other.casefold()
    return (first > second) - (first < second)


def _quoted(name: str) -> str:
    return '"' + str(name).replace('"', '""') + '"'
