"""Calls that are kept in one transaction do not feel each other, and folds that are remembered are never old ones."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bedside.delivery import fold
from bedside.errors import NotFoundError, StoreError
from bedside.site import gathering
from bedside.site.exam import desk, together
from bedside.site.exam.keeping import write
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.log import events_of
from bedside.site.exam.models import LedgerRow, Response, SittingEvent, SittingItem
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.projection import _named, items_named
from bedside.site.exam.remembered import Folds
from bedside.site.exam.together import Call, Line, keep_together
from bedside.site.problems import EventDiffersError
from tests.support.calls import answer_of, bearer_of, call_of
from tests.support.site import Clock, Player, new_player

pytestmark = pytest.mark.django_db


@pytest.fixture
def players(client: Client, clock: Clock) -> list[Player]:
    """Three candidates in a block."""
    made = [new_player(client, clock) for _ in range(3)]
    for player in made:
        player.open_block()
    return made


def _n_statements(calls: Sequence[Call]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        keep_together(calls)
    return len(asked)


def test_calls_that_come_together_share_their_statements_and_are_each_acknowledged(players: list[Player]) -> None:
    first = _n_statements([call_of(players[0], answer_of(players[0]))])
    calls = [call_of(player, answer_of(player)) for player in players[1:]]
    assert _n_statements(calls) <= first + 2 * (len(calls) - 1)  # where it counts from, unless that is known
    assert [call.outcome().acknowledged for call in calls] == [3, 3]
    assert len({call.outcome().head for call in calls}) == 1
    assert calls[0].outcome().head == LedgerRow.objects.order_by("-position")[0].hash
    for player in players:
        row = SittingRow.objects.get(pk=player.sitting)
        assert row.n_answered == 1
        assert verify_sitting(row).problems == ()


def test_a_saved_answer_needs_few_statements(players: list[Player]) -> None:
    keep_together([call_of(players[0], answer_of(players[0]))])
    # the savepoint and its release (in use BEGIN and COMMIT); sitting, writer, item and server read, and where it
    # counts from is remembered; event, response, sitting, writer, synchronisation, ledger row and server written
    assert _n_statements([call_of(players[0], answer_of(players[0], "B"), seq=4)]) == 13


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's plan is looked at below")
def test_postgresql_looks_each_item_up_in_an_index_however_many_there_are(players: list[Player]) -> None:
    (item,) = SittingItem.objects.filter(sitting_id=players[0].sitting)[:1]
    others = [
        SittingItem(sitting=item.sitting, item_version=item.item_version, key="A", item=f"other-{n}") for n in range(3000)
    ]
    for position, other in enumerate(others, start=1000):
        other.position = other.block = position
    SittingItem.objects.bulk_create(others)
    tail, values = _named([(item.sitting_id, f"other-{n}") for n in range(12)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sitting_items")
        cursor.execute(f"EXPLAIN SELECT item FROM sitting_items {tail}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert {found.item for found in items_named((item.sitting_id, f"other-{n}") for n in range(12))[item.sitting_id]} == {
        f"other-{n}" for n in range(12)
    }


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases choose by what is in their tables")
def test_no_statement_of_a_saved_answer_reads_through_a_table(players: list[Player]) -> None:
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        statements.append((sql, parameters[0] if many else parameters))
        return execute(sql, parameters, many, context)

    for choice, seq, is_by_token in (("A", 3, False), ("B", 4, False), ("A", 5, True)):
        calls = [call_of(player, answer_of(player, choice), seq=seq) for player in players]
        for call in calls if is_by_token else ():
            call.who = bearer_of(call)
        with connection.execute_wrapper(note):
            keep_together(calls)
        assert all(call.outcome().acknowledged == seq for call in calls)
    scanned = set()
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            if sql.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
                scanned |= {row[3] for row in cursor.fetchall() if row[3].startswith("SCAN")}
    # the values given, and the one row of this server
    assert {plan for plan in scanned if "CONSTANT" not in plan and plan != "SCAN wanted"} == {"SCAN servers"}


def test_a_call_that_can_not_be_served_does_not_hold_up_the_others(players: list[Player]) -> None:
    unknown = call_of(players[0], answer_of(players[0]))
    unknown.sitting_id = uuid4()
    differs = call_of(players[1], answer_of(players[1]), seq=2)  # number 2 was another event
    served = call_of(players[2], answer_of(players[2]))
    keep_together([unknown, differs, served])
    assert served.outcome().acknowledged == 3
    with pytest.raises(NotFoundError):
        unknown.outcome()
    with pytest.raises(EventDiffersError):
        differs.outcome()
    assert set(SittingEvent.objects.filter(type="answered").values_list("sitting_id", flat=True)) == {served.sitting_id}


def test_a_call_that_the_store_refuses_fails_alone(players: list[Player]) -> None:
    # a row that was put in by hand stands where the next arrival of this sitting belongs
    poisoned = SittingRow.objects.get(pk=players[1].sitting)
    rogue = SittingEvent.objects.get(sitting=poisoned, type="form_fixed")
    rogue.pk, rogue.seq, rogue.arrival = None, 9, poisoned.n_arrivals + 1
    rogue.save(force_insert=True)
    before = SittingEvent.objects.count()
    calls = [call_of(player, answer_of(player)) for player in players]
    keep_together(calls)
    assert [call.error is None for call in calls] == [True, False, True]
    assert "unique" in str(calls[1].error).lower()
    assert SittingEvent.objects.count() == before + 2
    assert Response.objects.count() == 2
    for player in (players[0], players[2]):
        row = SittingRow.objects.get(pk=player.sitting)
        assert (row.n_answered, verify_sitting(row).problems) == (1, ())
    poisoned.refresh_from_db()
    assert poisoned.n_answered == 0


def test_calls_of_one_sitting_are_kept_one_after_the_other(players: list[Player]) -> None:
    line = Line()
    calls = [
        call_of(players[0], answer_of(players[0])),
        call_of(players[0], answer_of(players[0], "B"), seq=4),
        call_of(players[1]),
    ]
    line._waiting = list(calls)
    assert line._group() == [calls[0], calls[2]]
    assert line._group() == [calls[1]]
    assert line._group() == []


def test_a_thread_that_gathers_its_calls_has_each_kept_once(players: list[Player]) -> None:
    calls = [
        call_of(players[0], answer_of(players[0])),
        call_of(players[0], answer_of(players[0], "B"), seq=4),
        call_of(players[1]),
    ]
    gathered: list[Call] = []

    def put_aside(aside: gathering.Aside) -> None:
        gathered.append(aside.question)
        gathering.answer_all([aside])

    gathering.gather_here(put_aside)
    try:
        assert [Line().keep(call).acknowledged for call in calls] == [3, 4, 2]
    finally:
        del gathering._HERE.put_aside
    assert gathered == calls


def test_calls_of_one_sitting_that_were_gathered_go_on_from_each_other(players: list[Player]) -> None:
    calls = [
        call_of(players[0], answer_of(players[0])),
        call_of(players[0], answer_of(players[0], "B"), seq=4),
        call_of(players[1]),
    ]
    together.have_turns(calls)
    assert [call.outcome().acknowledged for call in calls] == [3, 4, 2]
    assert calls[0].outcome().head == calls[2].outcome().head != calls[1].outcome().head


def test_who_waits_too_long_for_a_turn_is_told_and_leaves_nothing_behind(
    players: list[Player], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "BUSY_TIMEOUT_MS", 0)
    line = Line()
    line._is_led = True  # by somebody who does not come to an end
    with pytest.raises(StoreError, match="busy"):
        line.keep(call_of(players[0], answer_of(players[0])))
    line._is_led = False
    assert line._group() == []
    assert line.keep(call_of(players[0], answer_of(players[0]))).acknowledged == 3


def test_the_lead_is_handed_on_until_nobody_waits(players: list[Player], monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    calls = [call_of(players[0], answer_of(players[0])) for _ in range(5)]  # of one sitting, so each is a group of its own
    groups: list[list[Call]] = []
    threads = [threading.Thread(target=line.keep, args=(call,)) for call in calls[1:]]

    def keep(group: list[Call]) -> None:
        if not groups:  # the others come while the first is kept
            for thread in threads:
                thread.start()
            while len(line._waiting) < len(threads):
                pass
        groups.append(group)
        for call in group:
            call.kept = object()  # type: ignore[assignment]  # nobody looks into it

    monkeypatch.setattr(together, "keep_together", keep)
    line.keep(calls[0])
    for thread in threads:
        thread.join()
    assert sorted(map(id, (call for group in groups for call in group))) == sorted(map(id, calls))
    assert [len(group) for group in groups] == [1] * 5
    assert (line._waiting, line._is_led) == ([], False)


def test_a_turn_that_is_interrupted_leaves_nobody_waiting(players: list[Player], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(together, "write", interrupted)
    line = Line()
    calls = [call_of(player, answer_of(player)) for player in players]
    line._waiting = calls[1:]  # their threads sleep until they are told
    with pytest.raises(KeyboardInterrupt):
        line.keep(calls[0])
    assert (line._waiting, line._is_led) == ([], False)
    for call in calls[1:]:
        assert not line._wait(call)
        with pytest.raises(StoreError, match="unknown whether this was kept"):
            call.outcome()


def test_a_turn_that_is_interrupted_half_way_keeps_the_answers_that_there_are(
    players: list[Player], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    really = write

    def interrupted_at_the_second_alone(changes: Sequence[Any]) -> str:
        tried.append(len(changes))
        if len(changes) > 1:
            raise ValueError
        if len(tried) == 3:
            raise SystemExit
        return really(changes)

    monkeypatch.setattr(together, "write", interrupted_at_the_second_alone)
    line = Line()
    calls = [call_of(player, answer_of(player)) for player in players]
    line._waiting = calls[1:]
    with pytest.raises(SystemExit):
        line.keep(calls[0])
    assert tried == [3, 1, 1]
    assert [line._wait(call) for call in calls[1:]] == [False, False]  # awake, and neither leads
    assert calls[1].outcome().acknowledged == 3
    with pytest.raises(StoreError, match="unknown"):
        calls[2].outcome()
    assert (line._waiting, line._is_led) == ([], False)
    monkeypatch.setattr(together, "write", really)
    again = [call_of(player, answer_of(player)) for player in players]
    assert [line.keep(call).acknowledged for call in again] == [3, 3, 3]
    assert SittingEvent.objects.filter(type="answered").count() == 3


def test_an_answer_that_can_not_be_made_takes_nobody_else_s(players: list[Player], monkeypatch: pytest.MonkeyPatch) -> None:
    really = together._acknowledgement

    def failing(one: Any, head: str) -> Any:
        if str(one.call.sitting_id) == players[1].sitting:
            raise MemoryError
        return really(one, head)

    monkeypatch.setattr(together, "_acknowledgement", failing)
    calls = [call_of(player, answer_of(player)) for player in players]
    keep_together(calls)
    assert [calls[0].outcome().acknowledged, calls[2].outcome().acknowledged] == [3, 3]
    with pytest.raises(StoreError, match="send it again"):
        calls[1].outcome()
    assert SittingEvent.objects.filter(type="answered").count() == 3  # it was kept all the same
    monkeypatch.setattr(together, "_acknowledgement", really)
    keep_together([again := call_of(players[1], answer_of(players[1]))])
    assert again.outcome().acknowledged == 3
    assert SittingEvent.objects.filter(type="answered").count() == 3


def test_a_turn_that_ends_without_an_outcome_is_over_and_nobody_leads_beside_the_lead(
    players: list[Player], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line()
    calls = [call_of(player, answer_of(player)) for player in players]
    told: list[BaseException] = []
    turns: list[int] = []
    at_once: list[bool] = []
    busy = threading.Lock()

    def keep(call: Call) -> None:
        try:
            line.keep(call)
        except BaseException as error:
            told.append(error)

    threads = [threading.Thread(target=keep, args=(call,)) for call in calls[1:]]

    def dies(group: list[Call]) -> None:
        at_once.append(not busy.acquire(blocking=False))
        if not turns:  # the others come meanwhile
            for thread in threads:
                thread.start()
            while len(line._waiting) < len(threads):
                pass
        turns.append(len(group))
        busy.release()
        raise MemoryError

    monkeypatch.setattr(together, "keep_together", dies)
    keep(calls[0])
    for thread in threads:
        thread.join()
    assert turns == [1, 2]
    assert at_once == [False, False]
    assert [type(error) for error in told] == [StoreError] * 3
    assert (line._waiting, line._is_led) == ([], False)


def test_a_call_that_leads_and_does_not_stand_in_the_line_fails_and_hands_the_lead_on(players: list[Player]) -> None:
    line = Line()
    line._is_led = True
    with pytest.raises(RuntimeError, match="does not stand in it"):
        line._lead(call_of(players[0], answer_of(players[0])))
    assert line.keep(call_of(players[0], answer_of(players[0]))).acknowledged == 3


def test_a_remembered_sitting_is_not_read_again(players: list[Player]) -> None:
    keep_together([call_of(players[0], answer_of(players[0]))])
    again = call_of(players[0], answer_of(players[0], "B"), seq=4)
    with CaptureQueriesContext(connection) as asked:
        keep_together([again])
    assert again.outcome().acknowledged == 4
    read = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert not any("sitting_events" in sql or "snapshots" in sql or '"form"' in sql for sql in read)


def test_two_processes_on_one_database_notice_what_the_other_wrote(
    players: list[Player], monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = [Folds(), Folds()]  # each has a memory of its own
    player = players[0]
    for number, choice in enumerate("ABCABD"):
        for module in (desk, together):
            monkeypatch.setattr(module, "FOLDS", processes[number % 2])
        call = call_of(player, answer_of(player, choice), seq=3 + number)
        keep_together([call])
        assert call.outcome().acknowledged == 3 + number
    row = SittingRow.objects.get(pk=player.sitting)
    assert Response.objects.get(sitting=row).choice == "D"
    assert Response.objects.get(sitting=row).changes == 5
    assert verify_sitting(row).problems == ()


def test_a_fold_of_a_database_that_was_put_back_is_not_used(players: list[Player]) -> None:
    folds = Folds()
    row = SittingRow.objects.get(pk=players[0].sitting)
    form = row.delivery_form()
    folds.keep(row, form, fold(form, events_of(row)))
    assert folds.of(row) is not None
    row.clock_at += timedelta(microseconds=1)  # as many arrivals, and yet others
    assert folds.of(row) is None


def test_the_fold_that_was_not_used_for_the_longest_is_dropped_first(players: list[Player]) -> None:
    folds = Folds(max_items=8)  # of four items each
    rows = [SittingRow.objects.get(pk=player.sitting) for player in players]
    states: Any = [fold(row.delivery_form(), events_of(row)) for row in rows]
    folds.keep(rows[0], rows[0].delivery_form(), states[0])
    folds.keep(rows[1], rows[1].delivery_form(), states[1])
    assert folds.of(rows[0]) is not None
    folds.keep(rows[2], rows[2].delivery_form(), states[2])
    assert [folds.of(row) is not None for row in rows] == [True, False, True]
    folds.keep(rows[2], rows[2].delivery_form(), states[2])  # again: it counts once
    assert folds.of(rows[0]) is not None
    folds.forget()
    assert folds.of(rows[0]) is None
