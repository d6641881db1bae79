"""Events that come before what is folded cost everybody time: as many as an honest player needs are taken, and no more."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from bedside.site import clock as site_clock
from bedside.site.exam import desk
from bedside.site.exam.desk import MAX_EVENTS
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.models import Response, SittingEvent, Writer
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.refolds import EVENTS_PER_S, MAX_AT_ONCE, Refolds
from bedside.site.problems import TooOftenError
from tests.support.site import Clock, Player, new_player

BATCH = 100  # events in one call of the player


class Steady:
    """The clock that never runs back, standing still until it is moved."""

    def __init__(self) -> None:
        self.at_s = 5.0

    def monotonic_s(self) -> float:
        return self.at_s


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    made = Steady()
    monkeypatch.setattr(site_clock, "monotonic_s", made.monotonic_s)
    return made


def _given(monkeypatch: pytest.MonkeyPatch, **room: int) -> Refolds:
    made = Refolds(**room)
    monkeypatch.setattr(desk, "REFOLDS", made)
    return made


# --- the count ----------------------------------------------------------------------------------------------------------


def test_a_whole_day_sent_late_is_taken_at_once() -> None:
    refolds, user = Refolds(), uuid4()
    for n_events in range(BATCH, MAX_EVENTS // 3 + BATCH, BATCH):  # a day of clicking makes a third of a full log
        refolds.spend(user, n_events, 0.0)


def test_who_goes_on_is_told_when_to_come_again_and_has_room_then() -> None:
    refolds, user, other = Refolds(), uuid4(), uuid4()
    for _ in range(MAX_AT_ONCE // MAX_EVENTS):
        refolds.spend(user, MAX_EVENTS, 0.0)
    wait_s = MAX_EVENTS // EVENTS_PER_S
    for at_s in (0.0, 1.0, wait_s - 1.0):  # what is refused is not counted
        with pytest.raises(TooOftenError, match=f"send it again in {wait_s - int(at_s) + 1} s"):
            refolds.spend(user, MAX_EVENTS, at_s)
    refolds.spend(other, MAX_EVENTS, 0.0)
    refolds.spend(user, MAX_EVENTS, wait_s)
    with pytest.raises(TooOftenError):
        refolds.spend(user, MAX_EVENTS, wait_s)


def test_a_single_fold_is_never_too_much() -> None:
    refolds, user = Refolds(at_once=10, per_s=1), uuid4()
    refolds.spend(user, 11, 0.0)
    with pytest.raises(TooOftenError):
        refolds.spend(user, 1, 0.5)
    refolds.spend(user, 11, 11.0)


def test_who_has_the_whole_room_again_is_forgotten() -> None:
    refolds, users = Refolds(at_once=10, per_s=1), [uuid4() for _ in range(3)]
    for second, user in enumerate(users):
        refolds.spend(user, 4, second)
    refolds.spend(users[2], 1, 5.0)
    assert list(refolds._spent) == [users[2]]


# --- at the desk --------------------------------------------------------------------------------------------------------


def _late(older: Player) -> dict[str, Any]:
    """An event of before another player took over."""
    item = SittingRow.objects.get(pk=older.sitting).delivery_form().blocks[0].items[0].id
    return {
        "seq": older.seq + 1,
        "type": "answered",
        "elapsed_ms": 10 + older.seq,
        "sync": 1,
        "item": item,
        "choice": ["A"],
        "ms": 5,
    }


@pytest.mark.django_db
def test_late_events_without_end_are_refused_until_a_while_has_passed_and_nothing_of_them_is_kept(
    player: Player, steady: Steady, monkeypatch: pytest.MonkeyPatch
) -> None:
    player.open_block()
    player.clock.pass_s(5)
    newer = player.take_over()
    player.clock.pass_s(5)
    newer.do("resumed")
    row = SittingRow.objects.get(pk=player.sitting)
    _given(monkeypatch, at_once=2 * row.n_arrivals + 3, per_s=1)  # room for two folds of this log, each an event longer
    for _ in range(2):
        late = _late(player)
        assert player.post([late], expect=409)["code"] == "writer_superseded"  # kept, and it counts
        player.seq += 1
    before = SittingRow.objects.get(pk=player.sitting)
    late = _late(player)
    told = player.post([late], expect=429)
    assert (told["code"], "nothing of this call was kept" in told["detail"]) == ("too_often", True)
    after = SittingRow.objects.get(pk=player.sitting)
    assert (after.n_arrivals, after.clock_at) == (before.n_arrivals, before.clock_at)
    assert Writer.objects.get(pk=UUID(player.writer)).last_seq == player.seq
    assert newer.do("resumed")["acknowledged"] == 2  # the player that has the sitting is not held up
    steady.at_s += 60
    assert player.post([late], expect=409)["acknowledged"] == late["seq"]
    assert verify_sitting(SittingRow.objects.get(pk=player.sitting)).problems == ()
    assert Response.objects.get(sitting=after).choice == "A"


@pytest.mark.django_db
def test_a_player_that_was_offline_past_the_end_of_its_block_sends_all_without_a_wait(
    client: Client, clock: Clock, steady: Steady, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = new_player(client, clock, minutes=180)
    player.note("started")
    player.note("block_opened", block=1)
    sync = player.send()["sync"]
    items = [item.id for item in SittingRow.objects.get(pk=player.sitting).delivery_form().blocks[0].items]
    for number in range(5 * BATCH):
        clock.pass_s(20)
        item, choice = items[number % 4], "ABCD"[number // 4 % 4]
        player.note("answered", item=item, choice=[choice], ms=20_000, sync=sync)
    clock.pass_s(3600)
    assert player.state()["state"] == "finished"  # the clock closed it, so that all these come before what is folded
    refolds = _given(monkeypatch)
    while player.queue:
        player.take(player.post(player.queue[:BATCH]))
    row = SittingRow.objects.get(pk=player.sitting)
    assert refolds._left(row.user_id, steady.at_s) > 10 * BATCH  # each call had the log folded again
    assert not SittingEvent.objects.filter(sitting=row, outcome="refused").exists()
    assert [(one.choice, one.changes) for one in Response.objects.filter(sitting=row)] == [("A", 124)] * 4
    assert verify_sitting(row).problems == ()
