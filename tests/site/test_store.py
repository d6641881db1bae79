"""The store: how its connections are opened, two writers at once, and a disk that is full."""

from __future__ import annotations

import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from bedside.errors import ConflictError, StoreError
from bedside.site import checkpoints, database
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.models import LedgerRow, SittingEvent
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.library.models import ItemVersion
from tests.support.site import Clock, Player, new_player

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")


def _pragma(name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_every_connection_keeps_what_it_acknowledges() -> None:
    connection.close()
    found = {name: _pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}  # 2 is FULL
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


class _Sloppy:
    """A connection that does not take the pragmas, as on a network drive."""

    vendor = "sqlite"

    def cursor(self) -> _Sloppy:
        return self

    def __enter__(self) -> _Sloppy:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def execute(self, _statement: str) -> None:
        return

    def fetchone(self) -> tuple[str]:
        return ("delete",)


def test_a_connection_without_a_write_ahead_log_is_refused() -> None:
    with pytest.raises(StoreError, match="journal_mode delete"):
        database.prepare(_Sloppy())  # type: ignore[arg-type]  # as much of a connection as is asked


class _Looks:
    """Ends the thread's work after so many looks, without a clock."""

    def __init__(self, n: int) -> None:
        self.left = n

    def wait(self, _timeout: float) -> bool:
        self.left -= 1
        return self.left < 0


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_write_ahead_log_is_moved_beside_the_saving_and_begins_anew(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "MIN_PAGES", 1)
    database_file = Path(connection.settings_dict["NAME"])
    items = player.open_block()
    moved = checkpoints.look(database_file)
    assert moved.n_moved == moved.n_log > 0
    player.do("answered", item=items[0]["id"], choice=["A"], ms=5)
    after = checkpoints.look(database_file)
    assert 0 < after.n_log < moved.n_log  # the log began anew with this answer
    assert player.state()["answers"].keys() == {items[0]["id"]}
    monkeypatch.setattr(checkpoints, "MIN_PAGES", 1_000_000)
    assert checkpoints.look(database_file) == checkpoints.Moved(0, 0)


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_log_begins_anew_even_if_an_answer_comes_while_it_is_moved(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "MIN_PAGES", 1)
    database_file = Path(connection.settings_dict["NAME"])
    items = player.open_block()
    for item in items * 3:
        player.do("answered", item=item["id"], choice=["A"], ms=5)
    really = checkpoints._move
    found: list[checkpoints.Moved] = []

    def move(own: sqlite3.Connection) -> checkpoints.Moved:
        # all that there was at its beginning was moved, says SQLite, and an answer has come since
        found.append(really(own) if found else checkpoints.Moved(9, 9))
        return found[-1]

    monkeypatch.setattr(checkpoints, "_move", move)
    moved = checkpoints.look(database_file)
    player.do("answered", item=items[1]["id"], choice=["B"], ms=5)
    assert checkpoints.look(database_file).n_log < moved.n_log


def test_a_log_that_can_not_be_moved_is_told_of_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("bedside").addHandler(caplog.handler)
    try:
        checkpoints._run(tmp_path / "missing" / "file", _Looks(2))  # type: ignore[arg-type]  # as much of an event as is asked
    finally:
        logging.getLogger("bedside").removeHandler(caplog.handler)
    assert [record.message for record in caplog.records] == [
        "the write-ahead log could not be moved: unable to open database file"
    ] * 2


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_process_that_moves_the_log_itself_has_sqlite_do_it_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.LIMIT_OF_LOG, "pages", checkpoints.MAX_PAGES)
    connection.close()
    assert _pragma("wal_autocheckpoint") == checkpoints.MAX_PAGES
    monkeypatch.undo()
    connection.close()
    assert _pragma("wal_autocheckpoint") == 1000  # SQLite's own


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_full_store_refuses_clearly_and_keeps_nothing_half(player: Player) -> None:
    items = player.open_block()
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count={_pragma('page_count')}")
    before = SittingEvent.objects.count()
    for number in range(60):
        player.note("noted", item=items[number % 4]["id"], text=f"{number} " + "x" * 3900)
    refused = player.post(player.queue, expect=503)
    assert refused["code"] == "store"
    assert "nothing of it was kept" in refused["detail"]
    row = SittingRow.objects.get(pk=player.sitting)
    assert (SittingEvent.objects.count(), LedgerRow.objects.count(), row.n_arrivals) == (before, before, before)
    assert player.state()["notes"] == {}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=1073741823")
    told = player.send()  # the queue was kept, and arrives now
    assert (told["acknowledged"], told["refused"]) == (62, [])
    assert verify_sitting(SittingRow.objects.get(pk=player.sitting)).problems == ()


@pytest.mark.django_db(transaction=True)
def test_many_players_at_once_lose_nothing_and_leave_one_chain(client: Client, clock: Clock) -> None:
    players = [new_player(client, clock, minutes=60) for _ in range(6)]
    blocks = [player.open_block() for player in players]

    def play(number: int) -> None:
        try:
            for turn in range(10):
                players[number].do("answered", item=blocks[number][turn % 4]["id"], choice=["A"], ms=turn)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(players)) as pool:
        list(pool.map(play, range(len(players))))
    for player in players:
        row = SittingRow.objects.get(pk=player.sitting)
        assert row.events.filter(writer_id=player.writer).count() == 12
        assert verify_sitting(row).problems == ()


@pytest.mark.django_db(transaction=True)
def test_one_player_in_two_tabs_at_once_gets_each_event_kept_once(player: Player) -> None:
    items = player.open_block()
    for number in range(20):
        player.note("answered", item=items[number % 4]["id"], choice=["A"], ms=number)
    body = json.dumps({"writer": player.writer, "events": player.queue})

    def send(_: int) -> dict[str, Any]:
        try:
            response = player.client.post(f"{player.path}/events", body, content_type="application/json")
            told: dict[str, Any] = response.json()
            return told
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(send, range(4)))
    assert {answer["acknowledged"] for answer in answers} == {22}
    assert SittingEvent.objects.filter(writer_id=player.writer).count() == 22


@pytest.mark.django_db
def test_delivered_versions_and_ledger_rows_are_never_changed(player: Player) -> None:
    version = ItemVersion.objects.first()
    assert version is not None
    version.text = "{}"
    for deed in (
        version.save,
        version.delete,
        ItemVersion.objects.all().delete,
        lambda: ItemVersion.objects.update(text=""),
        LedgerRow.objects.all().delete,
        lambda: LedgerRow.objects.update(hash=""),
    ):
        with pytest.raises(ConflictError):
            deed()


@pytest.mark.django_db
def test_the_check_finds_an_event_that_was_changed_added_or_taken_away(player: Player) -> None:
    items = player.open_block()
    player.do("answered", item=items[0]["id"], choice=["A"], ms=5)
    row = SittingRow.objects.get(pk=player.sitting)
    head = verify_sitting(row).head
    assert verify_sitting(row, head=head).problems == ()
    assert "does not occur" in verify_sitting(row, head="0" * 63 + "1").problems[0]

    answered = row.events.get(type="answered")
    row.events.filter(pk=answered.pk).update(body={**answered.body, "choice": ["B"]})
    assert "is not what arrived" in verify_sitting(row).problems[0]
    row.events.filter(pk=answered.pk).delete()
    assert "its row is gone" in verify_sitting(row).problems[0]
    answered.pk = None
    answered.seq = 9
    answered.save()
    assert any("is not in the ledger" in problem for problem in verify_sitting(row).problems)


@pytest.mark.django_db
def test_the_check_finds_a_ledger_that_was_cut_or_rewritten(player: Player) -> None:
    player.open_block()
    row = SittingRow.objects.get(pk=player.sitting)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_rows SET digest = hash WHERE position = 2")
        assert "its content is not what was hashed" in verify_sitting(row).problems[0]
        cursor.execute("DELETE FROM ledger_rows WHERE position >= 2")
    assert any("the ledger ends at row 1" in problem for problem in verify_sitting(row).problems)
