"""Starting Django for a command: the data folder and the content are told before the settings are read."""

from __future__ import annotations

import os
from pathlib import Path

from bedside.errors import StoreError

DATA_HELP = "Folder of the database and the keys (BEDSIDE_DATA, else ./data)."


def start(*, data: Path | None = None, content: Path | None = None, must_migrate: bool = True) -> None:
    """Make Django ready; with `must_migrate` the database is made or brought up to date.

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
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        name = settings.DATABASES["default"]["NAME"]
        raise StoreError(f"{name}: the database can't be opened: {error}") from error
