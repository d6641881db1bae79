"""Starting Django for a command: the data folder and the content are told before the settings are read."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bedside.errors import StoreError

DATA_HELP = "Folder of the database and the keys (BEDSIDE_DATA, else ./data)."


def start(*, data: Path | None = None, content: Path | None = None, must_migrate: bool = True, is_server: bool = False) -> None:
    """Make Django ready; with `must_migrate` the database is made or brought up to date.

    What was done is news for whoever runs the server; a command says itself what it did. So only with `is_server`, or where
    BEDSIDE_LOG asks for it, do lines below WARNING come to the terminal.

    Raises:
        UsageError: the environment says something that is not allowed.
        StoreError: the data folder or the database can't be used.
    """
    if data is not None:
        os.environ["BEDSIDE_DATA"] = str(data.absolute())
    if content is not None:
        os.environ["BEDSIDE_CONTENT"] = str(content.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bedside.site.settings")

    import django  # noqa: PLC0415 - the settings are read here, and not before the lines above

    django.setup()
    if not is_server and "BEDSIDE_LOG" not in os.environ:
        logging.getLogger("bedside").setLevel(logging.WARNING)
    if must_migrate:
        _migrate()


def _migrate() -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    try:
        settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{settings.DATA}: the data folder can't be made: {error.strerror}") from error
    try:
        with _one_at_a_time(settings.DATA / "migrating.lock"):
            call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        name = settings.DATABASES["default"]["NAME"]
        raise StoreError(f"{name}: the database can't be opened: {error}") from error


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    """Two commands that start beside each other on an empty folder would both make the tables, and one would fail.

    The lock goes with the process, however that ends. Where the system has none of its kind, nothing is waited for.
    """
    try:
        import fcntl  # noqa: PLC0415 - only POSIX has it
    except ImportError:
        yield
        return
    try:
        file = lock.open("a")
    except OSError as error:
        raise StoreError(f"{lock}: can't be written: {error.strerror}") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
