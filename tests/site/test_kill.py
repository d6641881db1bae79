"""The server killed in the middle of a block, again and again: what it acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import http.client
import json
import random
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import Api, bedside, serve

N_KILLS = 50


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


def _play(candidate: Candidate, api: Api, has_begun: threading.Event, n_before: int) -> None:
    """Answer until the server is gone."""
    n = 0
    while True:
        candidate.answer()
        try:
            candidate.send(api)
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            has_begun.set()
            return
        n += 1
        if n >= n_before:
            has_begun.set()


@pytest.mark.slow
def test_a_server_that_is_killed_fifty_times_loses_and_doubles_nothing(tmp_path: Path, shared_content: Path) -> None:
    rng = random.Random(20261124)
    data = tmp_path / "data"
    token = json.loads(bedside("token", "create", "--user", "learner", "--json", data=data).stdout)["token"]
    server = serve(data, shared_content)
    api = Api(server.port, token)
    wish = {"programme": "exam", "step": "first", "mode": "timed", "items": 8, "minutes": 600}
    _, made = api.call("POST", "/api/sittings", wish)
    candidate = Candidate(made["id"], made["writer"], [], rng)
    candidate.note("started")
    candidate.note("block_opened", block=1)
    candidate.send(api)
    _, block = api.call("GET", f"/api/sittings/{candidate.sitting}/blocks/1")
    candidate.items = [item["id"] for item in block["items"]]

    for _ in range(N_KILLS):
        has_begun = threading.Event()
        player = threading.Thread(target=_play, args=(candidate, api, has_begun, rng.randrange(1, 12)))
        player.start()
        has_begun.wait()
        server.kill()  # while the next call is under way
        player.join()
        server = serve(data, shared_content, port=server.port)
        _, state = api.call("GET", f"/api/sittings/{candidate.sitting}")
        assert candidate.acknowledged <= state["last_seq"][candidate.writer] <= len(candidate.sent)

    candidate.send(api)
    _, log = api.call("GET", f"/api/sittings/{candidate.sitting}/events")
    assert server.stop() == 0
    kept = [
        {"seq": event["seq"], "type": event["type"], "elapsed_ms": event["elapsed_ms"], **event["fields"]}
        for event in log["events"]
        if event["writer"] == candidate.writer
    ]
    expected = [{**event, "confidence": None} if event["type"] == "answered" else event for event in candidate.sent]
    assert kept == expected
    for head in candidate.heads[:: max(1, len(candidate.heads) // 20)]:
        check = bedside("sitting", "verify", candidate.sitting, "--head", head, data=data)
        assert check.returncode == 0, check.stdout
