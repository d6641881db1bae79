"""How many answers a second are saved over HTTP on the loopback, and how long one takes.

    python benchmarks/serve.py [--server waitress|granian|uvicorn] [--players 16] [--answers 1500]

Each player has a sitting of its own and sends one answer after the other, without a pause, over a connection that stays open.
An answer counts when it is acknowledged, which is after it was flushed to the disk. The disk's own time for a small flushed
write is printed beside it. The players run in threads of this process and share the processor with the server.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PORT = 8799
WISH = {"programme": "usmle", "step": "step1", "mode": "timed", "items": 20, "minutes": 60}


class Player(threading.Thread):
    """One candidate who answers as fast as the server takes it."""

    def __init__(self, token: str, n_answers: int) -> None:
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.n_answers = n_answers
        self.took_s: list[float] = []
        made = self.call("POST", "/api/sittings", WISH)
        self.path, self.writer, self.seq = f"/api/sittings/{made['id']}", made["writer"], 0
        self.send("started")
        self.send("block_opened", block=1)
        self.items = [item["id"] for item in self.call("GET", f"{self.path}/blocks/1")["items"]]

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        response = self.connection.getresponse()
        told: dict[str, Any] = json.loads(response.read())
        if response.status >= 300:
            raise SystemExit(f"{method} {path}: {response.status} {told}")
        return told

    def send(self, type_: str, **fields: Any) -> None:
        self.seq += 1
        event = {"seq": self.seq, "type": type_, "elapsed_ms": 0, **fields}
        self.call("POST", f"{self.path}/events", {"writer": self.writer, "events": [event]})

    def run(self) -> None:
        for number in range(self.n_answers):
            start = time.perf_counter()
            self.send("answered", item=self.items[number % len(self.items)], choice=["ABC"[number % 3]], ms=1000)
            self.took_s.append(time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description="Saved answers a second over HTTP.")
    parser.add_argument("--server", choices=["waitress", "granian", "uvicorn"], default="waitress")
    parser.add_argument("--players", type=int, default=16)
    parser.add_argument("--answers", type=int, default=1500, help="of all players together")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "BEDSIDE_DATA": folder, "BEDSIDE_CONTENT": str(ROOT / "content"), "BEDSIDE_LOG": "ERROR"}
        print(f"a flushed write of 4 kB in {folder}: median {_flush_ms(Path(folder)):.2f} ms")
        token = _run("token", "create", "--user", "learner", "--json", environment=environment)
        server = subprocess.Popen(
            _command(chosen.server), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait_for_port()
            _measure(chosen, json.loads(token)["token"])
        finally:
            server.terminate()
            server.wait()


def _measure(chosen: argparse.Namespace, token: str) -> None:
    players = [Player(token, chosen.answers // chosen.players) for _ in range(chosen.players)]
    start = time.perf_counter()
    for player in players:
        player.start()
    for player in players:
        player.join()
    seconds = time.perf_counter() - start
    took = sorted(one for player in players for one in player.took_s)
    p50, p99 = took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000
    print(f"{chosen.server}: {len(took)} answers of {chosen.players} players, {len(took) / seconds:.0f} a second, ", end="")
    print(f"p50 {p50:.1f} ms, p99 {p99:.1f} ms")


def _command(server: str) -> list[str]:
    application = "bedside.site.wsgi:application"
    match server:
        case "granian":
            options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "8"]
            return [sys.executable, "-m", "granian", *options, "--port", str(PORT), application]
        case "uvicorn":
            return [sys.executable, "-m", "uvicorn", "--interface", "wsgi", "--port", str(PORT), application]
        case _:
            return [sys.executable, "-m", "bedside", "serve", "--port", str(PORT)]


def _run(*arguments: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "bedside", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def _wait_for_port() -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=1)
            connection.request("GET", "/api/openapi.json")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _flush_ms(folder: Path) -> float:
    took = []
    with (folder / "flush").open("wb") as file:
        for _ in range(50):
            start = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - start)
    return sorted(took)[25] * 1000


if __name__ == "__main__":
    main()
