"""Several servers in one test: each has its own database and keys, and one at a time is the one that the code sees."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from bedside.site.exam.remembered import FOLDS
from bedside.site.keys import signing_key


class Servers:
    """Makes servers whose databases begin as copies of the test's own, which is empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite3"
        self.n_made = 0
        connection.close()
        with sqlite3.connect(str(connection.settings_dict["NAME"])) as source, sqlite3.connect(self.template) as copy:
            source.backup(copy)
        source.close()
        copy.close()

    def new(self) -> Server:
        self.n_made += 1
        home = self.folder / f"server-{self.n_made}"
        home.mkdir()
        shutil.copy(self.template, home / "bedside.sqlite3")
        return Server(home)


class Server:
    """One server. `with server.at_work():` everything that runs is on it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @contextmanager
    def at_work(self) -> Iterator[None]:
        before = (connection.settings_dict["NAME"], settings.DATA)
        connection.close()
        FOLDS.forget()
        connection.settings_dict["NAME"] = str(self.home / "bedside.sqlite3")
        settings.DATA = self.home
        try:
            yield
        finally:
            connection.close()
            FOLDS.forget()
            signing_key.cache_clear()
            connection.settings_dict["NAME"], settings.DATA = before
