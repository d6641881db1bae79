"""A PostgreSQL server for one benchmark, made and thrown away. Its settings are those it comes with."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path:
    """Where PostgreSQL's own programs are: Debian keeps them out of the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    raise SystemExit("PostgreSQL is not installed; scripts/system-packages --required postgresql installs it")


@contextmanager
def postgresql(database: str) -> Iterator[str | None]:
    """The address of a server of its own, or None where the database is another."""
    if database != "postgresql":
        yield None
        return
    # PostgreSQL does not run as root
    as_user = ["runuser", "-u", "nobody", "--"] if getpass.getuser() == "root" else []
    folder = Path(tempfile.mkdtemp(prefix="bedside-postgresql-", dir="/tmp"))
    folder.chmod(0o755)
    if as_user:
        shutil.chown(folder, "nobody")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bin_ = programs()

    def run(*arguments: str | os.PathLike[str]) -> None:
        done = subprocess.run([*as_user, *arguments], cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)

    cluster = folder / "cluster"
    try:
        run(bin_ / "initdb", "-D", cluster, "-U", "bedside", "-A", "trust", "-E", "UTF8")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        run(bin_ / "pg_ctl", "-D", cluster, "-w", "-o", options, "-l", folder / "log", "start")
        try:
            yield f"postgresql://bedside@127.0.0.1:{port}/postgres"
        finally:
            run(bin_ / "pg_ctl", "-D", cluster, "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder)
