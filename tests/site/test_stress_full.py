"""The store takes no more, at any byte: it says so, keeps nothing by half, and takes everything once there is room again."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.exam.models import LedgerRow, Response, SittingEvent, Snapshot, Sync, Writer
from bedside.site.exam.models import Sitting as SittingRow
from tests.support.server import Api, bedside, serve
from tests.support.site import KEY, Clock, Player, get, new_player, post
from tests.support.soundness import assert_sound

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite"),
    pytest.mark.django_db(transaction=True),
]

WITHOUT_LIMIT = 1_073_741_823  # pages: SQLite's own default
FRAME = 24 + 4096  # bytes of a page in the write-ahead log, with its header


def pragma(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {statement}")
        return cursor.fetchone()[0]


@pytest.fixture
def pages() -> Iterator[None]:
    """No page is free that an earlier test left behind; takes a limit of pages off again."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    yield
    pragma(f"max_page_count={WITHOUT_LIMIT}")


@contextmanager
def at_most(n_bytes: int) -> Iterator[None]:
    """No file of this process can grow beyond so much, nor be written there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def counts() -> dict[str, int]:
    kept = (SittingRow, SittingEvent, LedgerRow, Response, Snapshot, Sync, Writer)
    return {model.__name__: model.objects.count() for model in kept}


def much_work(player: Player, items: list[dict[str, Any]], *, n: int = 24) -> None:
    """A queue that touches every table, and needs several pages."""
    for number in range(n):
        item = items[number % len(items)]["id"]
        player.clock.pass_s(2)
        player.note("answered", item=item, choice=["ABCD"[number % 4]], ms=number * 1000)
        player.note("noted", item=item, text=f"{number} " + "x" * 700)
        player.note("flagged", item=item, on=number % 3 == 0)


def refused(player: Player) -> bool:
    """Is the queue refused for want of room? Then nothing of it is there; else it was kept whole."""
    before = counts()
    sent = json.dumps({"writer": player.writer, "events": player.queue})
    answer = player.client.post(f"{player.path}/events", sent, content_type="application/json")
    told = answer.json()
    if answer.status_code == 200:
        player.take(told)
        assert player.queue == []
        return False
    assert (answer.status_code, told["code"]) == (503, "store")
    assert "nothing of it was kept" in told["detail"]
    assert counts() == before
    return True


@pytest.mark.usefixtures("pages")
def test_wherever_the_pages_run_out_nothing_is_half_written(player: Player) -> None:
    items = player.open_block()
    much_work(player, items)
    n_refused = 0
    pragma(f"max_page_count={pragma('page_count')}")
    while refused(player):
        n_refused += 1
        assert_sound(player.sitting)
        assert player.state()["answers"] == {}
        pragma(f"max_page_count={pragma('page_count') + n_refused}")
    assert n_refused >= 4  # so the want of room was met in the middle of the transaction, each time further on
    assert_sound(player.sitting)
    assert {answer["choice"][0] for answer in player.state()["answers"].values()} == set("ABCD")


def test_wherever_the_file_can_grow_no_more_nothing_is_half_written(player: Player) -> None:
    items = player.open_block()
    much_work(player, items)
    n_refused, limit = 0, 0
    while True:
        pragma("wal_checkpoint(TRUNCATE)")  # so that the log begins at its first byte again
        with at_most(limit):
            is_refused = refused(player)
        if not is_refused:
            break
        n_refused += 1
        assert_sound(player.sitting)
        limit += FRAME * 3 // 2  # cut now between two pages, now within one
    assert n_refused >= 6
    connection.close()  # what the next connection finds in the files is what was acknowledged
    assert_sound(player.sitting)
    assert player.state()["last_seq"] == {player.writer: player.seq}


def test_work_goes_on_with_a_full_store_and_arrives_in_order_once_there_is_room(client: Client, clock: Clock) -> None:
    player, twin = new_player(client, clock), new_player(client, clock)
    names = [[item["id"] for item in one.open_block()] for one in (player, twin)]
    pragma("wal_checkpoint(TRUNCATE)")
    with at_most(0):
        for number in range(12):
            clock.pass_s(5)
            player.note("answered", item=names[0][number % 4], choice=["ABCD"[number % 3]], ms=number)
            assert refused(player)
    clock.pass_s(3600)  # the deadline is long past when there is room again
    assert player.send()["refused"] == []

    twin.clock.pass_s(-3660)
    for number in range(12):
        clock.pass_s(5)
        twin.do("answered", item=names[1][number % 4], choice=["ABCD"[number % 3]], ms=number)
    answers = [[one.state()["answers"].get(name) for name in list_] for one, list_ in zip((player, twin), names, strict=True)]
    assert answers[0] == answers[1]
    assert None not in answers[0]
    assert_sound(player.sitting)


def test_with_a_full_store_a_sitting_can_be_read_and_nothing_begun(player: Player, client: Client) -> None:
    items = player.open_block()
    player.do("answered", item=items[0]["id"], choice=["C"], ms=5)
    before, state = counts(), player.state()
    pragma("wal_checkpoint(TRUNCATE)")
    with at_most(0):
        assert player.state() == state
        assert [item["id"] for item in get(client, f"{player.path}/blocks/1")["items"]] == [item["id"] for item in items]
        wish = {"programme": "exam", "step": "first", "mode": "timed", "items": 4}
        for path, body in (("/api/sittings", wish), (f"{player.path}/writers", {})):
            assert post(client, path, body, expect=503)["code"] == "store"
    assert counts() == before
    assert player.do("answered", item=items[1]["id"], choice=["C"], ms=5)["refused"] == []  # its writer is still the one
    assert_sound(player.sitting)


def test_no_key_goes_out_that_the_store_could_not_write_down(player: Player, user: User) -> None:
    items = player.open_block()
    player.do("answered", item=items[0]["id"], choice=[KEY], ms=5)
    player.do("finished")
    page = Client()
    page.force_login(user)
    sitting = player.sitting
    pragma("wal_checkpoint(TRUNCATE)")
    with at_most(0):
        told = get(player.client, f"{player.path}/report", expect=503)
        shown = page.get(f"/report/{sitting}")
    assert told["code"] == "store"
    assert "SECRET" not in json.dumps(told)
    assert shown.status_code == 503
    assert "SECRET" not in shown.content.decode()
    assert not SittingRow.objects.get().is_disclosed
    assert get(player.client, f"{player.path}/report")["score"]["n_correct"] == 1
    assert_sound(sitting)


def test_a_tutor_shows_no_reason_that_the_store_could_not_write_down(client: Client, clock: Clock) -> None:
    player = new_player(client, clock, mode="tutor")
    items = player.open_block()
    player.note("answered", item=items[0]["id"], choice=["A"], ms=5)
    pragma("wal_checkpoint(TRUNCATE)")
    with at_most(0):
        told = player.post(player.queue, expect=503)
    assert "SECRET" not in json.dumps(told)
    assert player.state()["revealed"] == []
    assert [one["item"] for one in player.send()["revealed"]] == [items[0]["id"]]
    assert_sound(player.sitting)


@pytest.mark.slow
def test_a_server_that_may_not_write_further_refuses_lives_on_and_takes_all_when_it_may(
    tmp_path: Path, shared_content: Path
) -> None:
    data = tmp_path / "data"
    token = json.loads(bedside("token", "create", "--user", "learner", "--json", data=data).stdout)["token"]
    server = serve(data, shared_content)
    api = Api(server.port, token)
    wish = {"programme": "exam", "step": "first", "mode": "timed", "items": 8, "minutes": 600}
    _, made = api.call("POST", "/api/sittings", wish)
    desk = _Queue(api, made["id"], made["writer"])
    desk.note("started")
    desk.note("block_opened", block=1)
    assert desk.send() == 200
    _, block = api.call("GET", f"/api/sittings/{desk.sitting}/blocks/1")
    desk.items = [item["id"] for item in block["items"]]

    for ending in ("room is made", "killed"):
        _limit(server.process.pid, max(path.stat().st_size for path in data.glob("*.sqlite3*")) + 9_000)
        while desk.work() == 200:
            pass
        assert [desk.work() for _ in range(3)] == [503] * 3  # and it answers, again and again
        assert desk.told["code"] == "store"
        status, state = api.call("GET", f"/api/sittings/{desk.sitting}")
        assert (status, state["last_seq"][desk.writer]) == (200, desk.acknowledged)
        assert api.call("POST", "/api/sittings", wish)[0] == 503
        assert bedside("sitting", "verify", desk.sitting, "--head", desk.head, data=data).returncode == 0
        if ending == "killed":
            server.kill()
            with at_most(40_000):  # less than there is: it can be read, and not be added to
                server = serve(data, shared_content, port=server.port)
            assert api.call("GET", f"/api/sittings/{desk.sitting}")[1]["last_seq"][desk.writer] == desk.acknowledged
            assert desk.send() == 503
        _limit(server.process.pid, resource.RLIM_INFINITY)
        assert desk.send() == 200

    _, log = api.call("GET", f"/api/sittings/{desk.sitting}/events")
    assert server.stop() == 0
    kept = [{"seq": one["seq"], **one["fields"]} for one in log["events"] if one["writer"] == desk.writer]
    sent = [{name: value for name, value in one.items() if name not in {"type", "elapsed_ms"}} for one in desk.sent]
    assert [{**one, "confidence": None} if "choice" in one else one for one in sent] == kept
    for head in (desk.heads[0], desk.heads[-1]):
        assert bedside("sitting", "verify", desk.sitting, "--head", head, data=data).returncode == 0


class _Queue:
    """A program that answers, and keeps what is not acknowledged."""

    def __init__(self, api: Api, sitting: str, writer: str) -> None:
        self.api, self.sitting, self.writer = api, sitting, writer
        self.items: list[str] = []
        self.sent: list[dict[str, Any]] = []
        self.acknowledged = 0
        self.heads: list[str] = []
        self.told: dict[str, Any] = {}

    @property
    def head(self) -> str:
        return self.heads[-1]

    def note(self, type_: str, **fields: Any) -> None:
        self.sent.append({"seq": len(self.sent) + 1, "type": type_, "elapsed_ms": 0, **fields})

    def work(self) -> int:
        number = len(self.sent)
        item = self.items[number % len(self.items)]
        self.note("answered", item=item, choice=["ABCD"[number % 4]], ms=number)
        self.note("noted", item=item, text=f"{number} " + "x" * 900)
        return self.send()

    def send(self) -> int:
        body = {"writer": self.writer, "events": self.sent[self.acknowledged :]}
        status, self.told = self.api.call("POST", f"/api/sittings/{self.sitting}/events", body)
        if status == 200:
            assert self.told["refused"] == []
            self.acknowledged = self.told["acknowledged"]
            self.heads.append(self.told["head"])
            assert self.acknowledged == len(self.sent)
        return status


def _limit(pid: int, n_bytes: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (n_bytes, hard))
