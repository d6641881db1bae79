"""Moving SQLite's write-ahead log into the database beside the answers, and not in front of them.

SQLite does that itself, in the very commit with which the log has grown past a limit: whoever is saved then waits for
thousands of pages to be copied and flushed, and so do all behind (some tens of milliseconds, several times a second with
20,000 sittings). Here a thread of its own does it, by a connection of its own, while saving goes on. Nothing rests on it: an
answer is safe once it is in the log, and should the thread ever stop, SQLite does the work itself at a higher limit.

A log to which something is added all the time is never wholly copied, and would grow for ever. So after the long part, for
which nobody waits, the thread takes a writer's turn for the few pages that came meanwhile; the next writer then begins the log
anew.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from bedside.site.database import BUSY_TIMEOUT_MS, LIMIT_OF_LOG, writers_turn

logger = logging.getLogger(__name__)

EVERY_S = 1.0  # between two looks: the log grows by some thousand pages meanwhile, under load
MIN_PAGES = 500  # 2 MB: less is left to grow
MAX_PAGES = 32_768  # 128 MB: where SQLite does it itself after all


@dataclass(frozen=True, slots=True)
class Moved:
    """What a look found: pages in the log, and how many of them are in the database now."""

    n_log: int
    n_moved: int


def look(database: Path) -> Moved:
    """Move what the log holds into the database, if that is worth it.

    Raises:
        sqlite3.Error: the database can't be opened, or the disk refuses; the log still holds all then.
    """
    with closing(sqlite3.connect(database, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        if _pages_in_log(database, connection) < MIN_PAGES:
            return Moved(0, 0)
        _move(connection)
        with writers_turn():  # even if all was moved: what came meanwhile would keep the next writer from beginning anew
            return _move(connection)


def keep_looking(database: Path) -> Event:
    """Start the thread, and have every later connection of this process leave the work to it. Setting the event ends it."""
    LIMIT_OF_LOG.pages = MAX_PAGES
    is_over = Event()
    Thread(target=_run, args=(database, is_over), name="checkpoints", daemon=True).start()
    return is_over


def _run(database: Path, is_over: Event) -> None:
    while not is_over.wait(EVERY_S):
        try:
            look(database)
        except (sqlite3.Error, OSError) as error:  # a full disk, say: those who save are told, here it is tried again
            logger.warning("the write-ahead log could not be moved: %s", error)


def _pages_in_log(database: Path, connection: sqlite3.Connection) -> int:
    """At most so many: the file keeps its length when the log begins anew."""
    log = database.with_name(database.name + "-wal")
    try:
        return log.stat().st_size // int(connection.execute("PRAGMA page_size").fetchone()[0])
    except FileNotFoundError:
        return 0


def _move(connection: sqlite3.Connection) -> Moved:
    _, n_log, n_moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return Moved(max(0, n_log), max(0, n_moved))
