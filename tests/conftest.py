"""What all tests share: no test touches a data folder of somebody's, and databases are files, as in use."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management.commands import flush
from django.db import connections

from bedside.cli import django_site
from tests.support.tables import DATABASE, data_with, tables_of_the_run

# a machine that is busy with other work is no defect; and what CI says, it says again
hypothesis.settings.register_profile("bedside", deadline=None, derandomize="CI" in os.environ, print_blob=True)
# other ones at each run of `make test`, and all of them with the slow tests
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("bedside"), max_examples=25)
hypothesis.settings.load_profile("bedside")

# what a test writes in transactions of its own is emptied after it; the permissions of Django's admin need not be made anew
flush.emit_post_migrate_signal = lambda *_, **__: None  # type: ignore[attr-defined]

# passwords are hashed as in use, but at a cost that suits nobody's guessing: a third of a second for each adds up
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them, to be copied."""
    return tables_of_the_run(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Where the test database is a file, its tables are there already."""
    return connections["default"].vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The test database is a file: one in memory has no write-ahead log, and threads would share one connection."""
    if connections["default"].vendor == "sqlite":
        data = data_with(request.getfixturevalue("tables"), tmp_path_factory.getbasetemp() / "database")
        connections["default"].settings_dict["TEST"]["NAME"] = str(data / DATABASE)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for keys and imports, one for the whole run."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def _own_data_folder(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and imports go to a folder of the run's own."""
    monkeypatch.setattr(settings, "DATA", data_dir)
    monkeypatch.setattr(settings, "SECRET_KEY", "for tests only")


@pytest.fixture(autouse=True)
def _drafts_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The items of tests have no reviews."""
    monkeypatch.setattr(settings, "DRAFTS", True)


@pytest.fixture(autouse=True)
def _tables_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that runs in the process of its test finds the tables of the test database; to look for what is missing there
    takes longer than most of what commands do. Those that run in a process of their own make them, as in use."""
    monkeypatch.setattr(django_site, "_migrate", lambda: settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True))
