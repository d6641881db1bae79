"""The server killed while two hundred candidates answer, again and again: what it acknowledged is there, and nothing is there
twice."""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import Api, ServerProcess, bedside, environment, serve

N_KILLS = 50
N_SITTINGS = 200
N_AT_ONCE = 8  # candidates whose calls are under way when the server dies

# what the kept events are, and what is wrong with any sitting or with the ledger
LOOK = """
import json, sys
from bedside.cli import django_site
django_site.start()
from bedside.site.exam.ledger import verify_sittings
from bedside.site.exam.models import Sitting
rows = list(Sitting.objects.all())
found = verify_sittings(rows, heads=json.load(sys.stdin))
events = {
    str(row.pk): [
        [str(event.writer_id), {"seq": event.seq, "type": event.type, "elapsed_ms": event.elapsed_ms, **event.body}]
        for event in row.events.order_by("arrival")
    ]
    for row in rows
}
print(json.dumps({"problems": [problem for one in found for problem in one.problems], "events": events}))
"""


@dataclass
class Candidate:
    """Answers without end; keeps what is not acknowledged, and sends it again."""

    sitting: str
    writer: str
    items: list[str]
    rng: random.Random
    sent: list[dict[str, Any]] = field(default_factory=list)  # every event there ever was
    acknowledged: int = 0
    heads: list[str] = field(default_factory=list)

    def answer(self) -> None:
        event = {"item": self.rng.choice(self.items), "choice": [self.rng.choice("ABCD")], "ms": self.rng.randrange(9000)}
        self.note("answered", **event)

    def note(self, type_: str, **fields: Any) -> None:
        self.sent.append({"seq": len(self.sent) + 1, "type": type_, "elapsed_ms": 0, **fields})

    def send(self, api: Api) -> None:
        waiting = self.sent[self.acknowledged :]
        status, told = api.call("POST", f"/api/sittings/{self.sitting}/events", {"writer": self.writer, "events": waiting})
        assert status == 200, told
        assert told["refused"] == []
        assert told["acknowledged"] == len(self.sent)
        self.acknowledged = told["acknowledged"]
        self.heads.append(told["head"])

    def expected(self) -> list[list[Any]]:
        """The player's events as the store should have them."""
        return [[self.writer, {**event, "confidence": None} if event["type"] == "answered" else event] for event in self.sent]


@dataclass
class Round:
    """Candidates answering between two kills."""

    api: Api
    n_before: int  # acknowledgements until the server is killed
    has_begun: threading.Event = field(default_factory=threading.Event)
    failures: list[BaseException] = field(default_factory=list)

    def play(self, candidates: list[Candidate]) -> None:
        """Answer, one candidate after the other, until the server is gone."""
        n = 0
        try:
            while True:
                candidate = candidates[n % len(candidates)]
                candidate.answer()
                candidate.send(self.api)
                n += 1
                if n >= self.n_before:
                    self.has_begun.set()
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            pass  # as it should be
        except BaseException as error:
            self.failures.append(error)
        finally:
            self.has_begun.set()


def _begin(api: Api, rng: random.Random) -> Candidate:
    wish = {"programme": "exam", "step": "first", "mode": "timed", "items": 8, "minutes": 600}
    _, made = api.call("POST", "/api/sittings", wish)
    candidate = Candidate(made["id"], made["writer"], [], random.Random(rng.random()))
    candidate.note("started")
    candidate.note("block_opened", block=1)
    candidate.send(api)
    _, block = api.call("GET", f"/api/sittings/{candidate.sitting}/blocks/1")
    candidate.items = [item["id"] for item in block["items"]]
    return candidate


def _look(data: Path, heads: list[str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        input=json.dumps(heads),
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _token(data: Path) -> str:
    token: str = json.loads(bedside("token", "create", "--user", "learner", "--json", data=data).stdout)["token"]
    return token


@pytest.mark.slow
def test_a_server_that_is_killed_fifty_times_under_two_hundred_candidates_loses_and_doubles_nothing(
    tmp_path: Path, shared_content: Path
) -> None:
    rng = random.Random(20261124)
    data = tmp_path / "data"
    token = _token(data)
    server = serve(data, shared_content)
    candidates = [_begin(Api(server.port, token), rng) for _ in range(N_SITTINGS)]

    for _ in range(N_KILLS):
        rng.shuffle(candidates)
        playing = Round(Api(server.port, token), rng.randrange(1, 12))
        players = [threading.Thread(target=playing.play, args=(candidates[number::N_AT_ONCE],)) for number in range(N_AT_ONCE)]
        for player in players:
            player.start()
        playing.has_begun.wait()
        server.kill()  # while the next calls are under way
        for player in players:
            player.join()
        assert playing.failures == []
        server = serve(data, shared_content, port=server.port)

    n_waiting = sum(len(candidate.sent) - candidate.acknowledged for candidate in candidates)
    assert n_waiting > 0  # else the server was never killed at work
    acknowledged = {candidate.sitting: candidate.acknowledged for candidate in candidates}
    before = _look(data, [])
    for sitting, events in before["events"].items():
        writer = next(candidate.writer for candidate in candidates if candidate.sitting == sitting)
        assert len([event for by, event in events if by == writer]) >= acknowledged[sitting]
    for candidate in candidates:
        candidate.send(Api(server.port, token))
    assert server.stop() == 0
    after = _look(data, [head for candidate in candidates for head in candidate.heads])
    assert after["problems"] == []
    for candidate in candidates:
        kept = [[writer, event] for writer, event in after["events"][candidate.sitting] if writer == candidate.writer]
        assert kept == candidate.expected()


@pytest.mark.slow
def test_two_servers_on_one_database_serve_one_sitting_in_turn_and_one_outlives_the_other(
    tmp_path: Path, shared_content: Path
) -> None:
    rng = random.Random(7)
    data = tmp_path / "data"
    token = _token(data)
    servers: list[ServerProcess] = [serve(data, shared_content), serve(data, shared_content)]
    apis = [Api(server.port, token) for server in servers]
    candidates = [_begin(apis[number % 2], rng) for number in range(4)]

    def play(candidate: Candidate) -> None:
        for number in range(25):  # each answer by the other server than the one before
            candidate.answer()
            candidate.send(apis[number % 2])

    playing = [threading.Thread(target=play, args=(candidate,)) for candidate in candidates]
    for player in playing:
        player.start()
    for player in playing:
        player.join()
    servers[0].kill()
    for candidate in candidates:
        candidate.answer()
        candidate.send(apis[1])
    assert servers[1].stop() == 0
    found = _look(data, [head for candidate in candidates for head in candidate.heads])
    assert found["problems"] == []
    for candidate in candidates:
        assert len(candidate.sent) == 28
        kept = [[writer, event] for writer, event in found["events"][candidate.sitting] if writer == candidate.writer]
        assert kept == candidate.expected()
