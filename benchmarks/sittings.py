"""Open sittings that answer at the pace of an exam: what a saved batch takes, and whether one is ever lost.

    python benchmarks/sittings.py [--sittings 20000] [--seconds 60] [--database sqlite|postgresql] [--items 20] [--cold]
                                  [--every 75] [--by-session]

Each sitting gives one answer in 75 seconds on average, at random moments (a Poisson process, so that they bunch as they do in
life), whatever the server does: an answer is sent when it is due, not when the one before is back. The server's own histogram
counts what it took from the request's start to its answer; the client's view counts from when the answer was due. The load
generator is this process; it shares the processor with the server, and what it takes of it is printed. In the end every
acknowledged event is looked up in the database, and the whole ledger is verified.

Sittings are made in bulk by the functions that the site itself uses, not over HTTP. So that the server knows them as it does
in an exam that it has served from the start, each sitting first gives one answer, at the same pace, which is not counted.
`--cold` leaves that out: the server has just been started in the middle of the exam, and reads each sitting from its log.
`--by-session` has candidates call as their browsers do, with a session and a forgery token, and not with a program's token.
`--database postgresql` starts a server of its own with the programs of the system (scripts/system-packages postgresql).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bedside.site.timings import Histogram
from benchmarks.support.disk import flush_ms
from benchmarks.support.made_sittings import Made, count_lost, database_bytes, make_sittings
from benchmarks.support.postgres import postgresql

ROOT = Path(__file__).resolve().parent.parent
SHARES = (("p50", 0.5), ("p99", 0.99), ("p999", 0.999), ("longest", 1.0))


@dataclass(slots=True)
class Connection:
    """One connection that stays open, as a proxy in front of the site keeps them."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def post(self, packed: bytes) -> tuple[int, bytes]:
        self.writer.write(packed)
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        at = head.lower().index(b"content-length:") + 15
        return status, await self.reader.readexactly(int(head[at : head.index(b"\r", at)]))


@dataclass(slots=True)
class Load:
    """Candidates who answer, and what became of their answers."""

    port: int
    made: list[Made]
    rng: random.Random
    idle: asyncio.Queue[Connection] = field(default_factory=asyncio.Queue)
    took_ms: list[float] = field(default_factory=list)
    n_refused: int = 0
    n_failed: int = 0
    errors: set[str] = field(default_factory=set)

    async def connect(self, n_connections: int) -> None:
        """Open the connections, once. Where none is free an answer waits, and the wait counts, as behind a proxy."""
        for _ in range(n_connections):
            self.idle.put_nowait(await self._connect())

    async def each_once(self, rate: float) -> None:
        """One answer of each sitting, in an order of their own, uncounted."""
        await self._send(iter(self.rng.sample(self.made, len(self.made))), rate, is_counted=False)

    async def for_seconds(self, seconds: float, rate: float) -> None:
        """Answers of any sittings for so long at so many a second, and wait for the last ones."""
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        await self._send(iter(lambda: self._any_until(until, clock), None), rate, is_counted=True)

    def _any_until(self, until: float, clock: Callable[[], float]) -> Made | None:
        return self.made[self.rng.randrange(len(self.made))] if clock() < until else None

    async def _send(self, whose: Iterator[Made], rate: float, *, is_counted: bool) -> None:
        under_way: set[asyncio.Task[None]] = set()
        clock = asyncio.get_running_loop().time
        due = clock()
        for one in whose:
            due += self.rng.expovariate(rate)
            if due > clock():
                await asyncio.sleep(due - clock())
            if one.is_busy:
                continue  # a candidate can't give two answers at once; one in thousands
            one.is_busy = True
            task = asyncio.create_task(self._answer(one, due, is_counted=is_counted))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def _answer(self, one: Made, due: float, *, is_counted: bool) -> None:
        try:
            connection = await self.idle.get()
            try:
                status, body = await connection.post(one.next_request(self.rng))
            except (OSError, asyncio.IncompleteReadError):
                connection = await self._connect()
                raise
            finally:
                self.idle.put_nowait(connection)
            if is_counted:
                self.took_ms.append((asyncio.get_running_loop().time() - due) * 1000)
            if status != 200:
                self.n_failed += 1
                self.errors.add(body.decode()[:200])
                return
            told = json.loads(body)
            one.acknowledged = told["acknowledged"]
            self.n_refused += len(told["refused"])
        except (OSError, asyncio.IncompleteReadError) as error:
            self.n_failed += 1
            self.errors.add(repr(error)[:200])
        finally:
            one.is_busy = False

    async def _connect(self) -> Connection:
        return Connection(*await asyncio.open_connection("127.0.0.1", self.port))


@dataclass(slots=True)
class Server:
    """`bedside serve` in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    timings: Path

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mb(self) -> float:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def told(self) -> dict[str, Any]:
        """The server's own histograms."""
        self.timings.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        while not self.timings.exists():
            time.sleep(0.01)
        read: dict[str, Any] = json.loads(self.timings.read_text())
        return read


@contextmanager
def serving(environment: dict[str, str], folder: Path) -> Iterator[Server]:
    command = [sys.executable, "-m", "bedside", "serve", "--port", "0"]
    said = folder / "said"  # a file: a pipe that nobody empties would stop the server
    with said.open("w") as stderr:
        process = subprocess.Popen(command, env=environment, stderr=stderr, stdout=subprocess.DEVNULL, text=True)
    try:
        while " is at http://" not in said.read_text():
            if process.poll() is not None:
                raise SystemExit(f"the server did not start: {said.read_text()}")
            time.sleep(0.05)
        address = said.read_text().split(" is at http://", 1)[1].split("/", 1)[0]
        yield Server(process, int(address.rpartition(":")[2]), Path(environment["BEDSIDE_TIMINGS"]))
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    chosen = _chosen()
    with tempfile.TemporaryDirectory() as name, postgresql(chosen.database) as address:
        folder = Path(name)
        content = str(ROOT / "content")
        os.environ.update(
            BEDSIDE_DATA=name, BEDSIDE_CONTENT=content, BEDSIDE_LOG="ERROR", BEDSIDE_TIMINGS=str(folder / "timings")
        )
        os.environ.pop("DATABASE_URL", None)
        if address:
            os.environ["DATABASE_URL"] = address
        print(f"a flushed write of 4 kB: median {flush_ms(folder)[0]:.2f} ms, p99 {flush_ms(folder)[1]:.2f} ms")
        start = time.perf_counter()
        made = make_sittings(chosen.sittings, n_items=chosen.items, n_answered=chosen.answered, by_session=chosen.by_session)
        n_bytes = database_bytes()
        print(f"{len(made):,} sittings of {chosen.items} items, {chosen.answered} of them answered, made in ", end="")
        print(f"{time.perf_counter() - start:.0f} s; {n_bytes / len(made) / 1000:.1f} kB of database each")
        environment = dict(os.environ)
        with serving(environment, folder) as server:
            asyncio.run(_measure(server, made, chosen))
        grown = database_bytes() - n_bytes
        answers = sum(one.acknowledged - one.n_before for one in made)
        print(f"database: {grown / max(1, answers) / 1000:.2f} kB more for each saved answer")
        lost, n_rows, problem = count_lost(made)
        print(f"answers acknowledged {answers:,}, lost {lost}; ledger of {n_rows:,} rows: {problem or 'sound'}")
        if lost or problem:
            raise SystemExit(1)


async def _measure(server: Server, made: list[Made], chosen: argparse.Namespace) -> None:
    load, rate = Load(server.port, made, random.Random(chosen.seed)), chosen.sittings / chosen.every
    await load.connect(chosen.connections)
    if not chosen.cold:
        await load.each_once(rate)
    told_before, before, own_before, start = server.told(), server.cpu_s(), _own_cpu_s(), time.perf_counter()
    await load.for_seconds(chosen.seconds, rate)
    wall_s = time.perf_counter() - start
    cpu_s, own_s, told = server.cpu_s() - before, _own_cpu_s() - own_before, server.told()
    saved, n_transactions = _since(told_before, told, "saved"), _since(told_before, told, "transactions").n
    took = sorted(load.took_ms)
    print(f"asked for {rate:.0f} answers a second; saved {saved.n:,} in {wall_s:.0f} s, {saved.n / wall_s:.0f} a second")
    print("  server's histogram: " + ", ".join(f"{name} {saved.percentile(share):.1f} ms" for name, share in SHARES))
    print("  client, from when due: " + ", ".join(f"{name} {_at(took, share):.1f} ms" for name, share in SHARES))
    print(f"  processor: server {cpu_s / saved.n * 1000:.2f} ms an answer ({cpu_s / wall_s:.0%} of one core), ", end="")
    print(f"generator {own_s / saved.n * 1000:.2f} ms ({own_s / wall_s:.0%} of one core)")
    print(f"  {saved.n / n_transactions:.2f} answers a transaction; {chosen.connections} connections; ", end="")
    print(f"server's memory {server.rss_mb():.0f} MB; load average {os.getloadavg()[0]:.1f}")
    if load.n_failed or load.n_refused:
        print(f"  {load.n_failed} calls failed, {load.n_refused} events refused: {load.errors}")


def _since(before: dict[str, Any], after: dict[str, Any], name: str) -> Histogram:
    """What a histogram of the server counted between two moments; its longest is that since the start."""
    counts = [now - then for then, now in zip(before[name]["counts"], after[name]["counts"], strict=True)]
    return Histogram(counts, max_ms=after[name]["max_ms"])


def _at(took: list[float], share: float) -> float:
    return took[min(len(took) - 1, int(len(took) * share))]


def _own_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Open sittings that answer at the pace of an exam.")
    parser.add_argument("--sittings", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--items", type=int, default=20, help="of each sitting's one block")
    parser.add_argument("--answered", type=int, default=8, help="of its items before the measurement")
    parser.add_argument("--connections", type=int, default=64, help="that stay open, as a proxy keeps them")
    parser.add_argument("--every", type=float, default=75.0, help="seconds between a candidate's answers: a USMLE block has 90")
    parser.add_argument("--by-session", action="store_true", help="sign in as browsers do")
    parser.add_argument("--cold", action="store_true", help="count from the first answers after the server's start")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
