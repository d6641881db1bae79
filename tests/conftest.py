"""What all tests share: no test touches a data folder of somebody's, and databases are files, as in use."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections

# a machine that is busy with other work is no defect; and what CI says, it says again
hypothesis.settings.register_profile("bedside", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis.settings.load_profile("bedside")

# passwords are hashed as in use, but at a cost that suits nobody's guessing: a third of a second for each adds up
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The test database is a file: one in memory has no write-ahead log, and threads would share one connection."""
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for keys and imports, one for the whole run."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def _own_data_folder(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and imports go to a folder of the run's own."""
    monkeypatch.setattr(settings, "DATA", data_dir)
    monkeypatch.setattr(settings, "SECRET_KEY", "for tests only")
