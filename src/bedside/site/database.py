"""How every connection to SQLite is opened: write-ahead log, full synchronisation, foreign keys; asserted, not hoped for.

An answer is acknowledged only after its transaction is on the disk. That rests on `synchronous=FULL`, and two writers at
once on `BEGIN IMMEDIATE` (`transaction_mode` in the settings) with a busy timeout.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock, local
from typing import Any

from django.db import InternalError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from bedside.errors import StoreError

BUSY_TIMEOUT_MS = 30_000  # a writer holds the lock for milliseconds; who waits longer has met a stuck process

MAX_PREPARED = 400  # statements of one PostgreSQL connection: some twenty, each for 1, 2, 4 … 64 rows, and room to spare

PRAGMAS = {"synchronous": 2, "foreign_keys": 1, "busy_timeout": BUSY_TIMEOUT_MS}  # synchronous 2 is FULL


@dataclass(slots=True)
class LogLimit:
    """How many pages SQLite lets its write-ahead log grow to before a commit moves them into the database; None: its own."""

    pages: int | None = None


LIMIT_OF_LOG = LogLimit()  # set by `checkpoints.py` in a process that moves them beside the commits

_FULL = (
    "database or disk is full",
    "disk i/o error",
    "readonly database",
    "unable to open database file",
    "no space left",
    "file too large",
    "database is locked",
)


def prepare(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Set and assert the pragmas of a new SQLite connection; have one to PostgreSQL keep the statements of a saved answer.

    Receives Django's `connection_created`.

    Raises:
        StoreError: the file can't be put into the mode that keeps answers safe.
    """
    if connection.vendor == "postgresql":
        connection.connection.prepared_max = MAX_PREPARED
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        mode = str(cursor.fetchone()[0])
        for name, value in PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}={value}")
        found = {}
        for name in PRAGMAS:
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
        if LIMIT_OF_LOG.pages is not None:
            cursor.execute(f"PRAGMA wal_autocheckpoint={LIMIT_OF_LOG.pages}")
    if mode not in {"wal", "memory"} or found != PRAGMAS:
        raise StoreError(f"the database would not keep answers safe: journal_mode {mode}, {found}")


def is_store_failure(error: Exception) -> bool:
    """Does this database error say that the store refuses to work: full, locked, read-only, out of reach?"""
    if not isinstance(error, OperationalError | InternalError):
        return False
    text = str(error).lower()
    return any(part in text for part in _FULL)


@contextmanager
def one_write() -> Iterator[None]:
    """One transaction that is on the disk when the block is left, or not at all.

    Raises:
        StoreError: the store refused: full, locked, read-only or out of reach; nothing was written.
    """
    if _JOINING.is_on:
        with transaction.atomic():
            yield
        return
    try:
        with _turn(), transaction.atomic(durable=True):
            yield
    except (OperationalError, InternalError) as error:
        if is_store_failure(error):
            raise StoreError(f"the store refused the write, and nothing of it was kept: {error}") from error
        raise


@contextmanager
def one_write_of_many() -> Iterator[None]:
    """One write of many verbs: what each writes by `one_write` is part of this one, and on the disk with it or not at all.

    Raises:
        StoreError: the store refused; nothing of any of them was written.
    """
    with one_write():
        _JOINING.is_on = True
        try:
            yield
        finally:
            _JOINING.is_on = False


class _Joining(local):
    """Whether this thread is inside `one_write_of_many`."""

    is_on = False


_JOINING = _Joining()


# SQLite has one writer at a time, and who finds it busy sleeps and tries again, longer each time; a queue of threads on a lock
# has no such gaps (with 16 players the slowest hundredth of saved answers took 350 ms with it and 1.6 s without)
_WRITERS = RLock()


@contextmanager
def writers_turn() -> Iterator[None]:
    """The turn of one writer among the threads of this process.

    Raises:
        StoreError: none came in time.
    """
    if not _WRITERS.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
        raise StoreError("the store is busy, and nothing was kept; send it again")
    try:
        yield
    finally:
        _WRITERS.release()


@contextmanager
def _turn() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with writers_turn():
        yield
