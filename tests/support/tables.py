"""A database with all tables and nothing in them, made once: to make them takes longer than most of what is done with them."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.support.server import environment

DATABASE = "bedside.sqlite3"
PROGRAM = "from bedside.cli import django_site; django_site.start()"  # what every command begins with


def tables_of_the_run(base: Path) -> Path:
    """The database, which the first of the run's workers makes; `base` is the worker's own temporary folder."""
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    path = shared / "tables.sqlite3"
    with (shared / "tables.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _make(path)
    return path


def _make(path: Path) -> None:
    data = path.with_suffix(".data")
    subprocess.run([sys.executable, "-c", PROGRAM], env=environment(data), check=True, capture_output=True)
    # a copy that is whole, with what the log beside it still holds
    with closing(sqlite3.connect(data / DATABASE)) as made, closing(sqlite3.connect(path)) as copy:
        made.backup(copy)


def data_with(tables: Path, data: Path) -> Path:
    """A data folder with that database, made for it."""
    data.mkdir(mode=0o700, parents=True)
    shutil.copy(tables, data / DATABASE)
    return data
