"""The same tests of sittings, projections and store, on PostgreSQL."""

from __future__ import annotations

import getpass
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SUITES = (
    "test_sitting.py",
    "test_projection.py",
    "test_store.py",
    "test_practice.py",
    "test_statements.py",
    "test_gathering.py",
    "test_together.py",
    "test_kept_calls.py",
    "test_lane.py",
    "test_desk.py",
    "test_office.py",
    "test_pulse.py",
    "test_audit_log.py",
    "test_roles.py",
    "test_accommodations.py",
    "test_bound_changes.py",
    "journeys/test_taking.py",
    "journeys/test_withdrawing.py",
    "journeys/test_moderation.py",
)


def _programs() -> Path | None:
    """Where PostgreSQL's own programs are: Debian keeps them out of the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


PROGRAMS = _programs()


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this test's own."""
    if PROGRAMS is None or importlib.util.find_spec("psycopg") is None:
        # CI must see it work; elsewhere its absence is said and the test left out
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("PostgreSQL or psycopg is not installed (apt-get install postgresql; pip install 'psycopg[binary]')")
    folder = Path("/tmp") / f"bedside-postgresql-{os.getpid()}"  # not below pytest's folder, which root keeps to itself
    folder.mkdir()
    # PostgreSQL does not run as root
    as_user = ["runuser", "-u", "nobody", "--"] if getpass.getuser() == "root" else []
    if as_user:
        shutil.chown(folder, "nobody")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = folder / "cluster"

    def run(*arguments: str) -> None:
        done = subprocess.run([*as_user, *arguments], cwd="/", capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr

    try:
        run(str(PROGRAMS / "initdb"), "-D", str(cluster), "-U", "bedside", "-A", "trust", "-E", "UTF8")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        run(str(PROGRAMS / "pg_ctl"), "-D", str(cluster), "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://bedside@127.0.0.1:{port}/postgres"
        finally:
            run(str(PROGRAMS / "pg_ctl"), "-D", str(cluster), "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
def test_sittings_are_kept_on_postgresql_as_on_sqlite(address: str) -> None:
    folder = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(str(folder / suite) for suite in SUITES)],
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout
