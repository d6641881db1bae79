"""The site as its own process, to be killed, and a client that knows nothing but its address."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]


@dataclass
class ServerProcess:
    """`bedside serve` in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    said: list[str]  # on stderr, until it was there

    def kill(self) -> None:
        """SIGKILL: no time for anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._forget()

    def stop(self) -> int:
        """SIGTERM; answers the exit status."""
        self.process.terminate()
        status = self.process.wait(timeout=30)
        self._forget()
        return status

    def _forget(self) -> None:
        assert self.process.stderr is not None
        self.process.stderr.close()


def bedside(*arguments: str, data: Path, content: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bedside", *arguments],
        env=environment(data, content),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def environment(data: Path, content: Path | None = None) -> dict[str, str]:
    """The environment of a command: this one's, with the folders of the test; its items have no reviews."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEDSIDE_", "DJANGO_", "DATABASE_URL"))}
    return {**kept, "BEDSIDE_DATA": str(data), "BEDSIDE_DRAFTS": "1", **({"BEDSIDE_CONTENT": str(content)} if content else {})}


def serve(data: Path, content: Path, *, port: int = 0, ahead: Path | None = None) -> ServerProcess:
    """Start the site and wait until it says that it is there; `ahead` is a file with the seconds that its clock is ahead."""
    moved = {} if ahead is None else {"CLOCK_AHEAD": str(ahead)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.moved_clock" if moved else "bedside", "serve", "--port", str(port)],
        env=environment(data, content) | moved,
        cwd=REPOSITORY if moved else None,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stderr:
        said.append(line)
        if " is at http://" in line:
            return ServerProcess(process, int(line.split("://", 1)[1].split("/", 1)[0].rpartition(":")[2]), said)
    raise AssertionError(f"the server ended before it was there: {''.join(said)}")


class Api:
    """Calls over one connection after the other; a call that fails in any way raises OSError or HTTPException."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token

    def call(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            told: dict[str, Any] = json.loads(response.read())
            return response.status, told
        finally:
            connection.close()
