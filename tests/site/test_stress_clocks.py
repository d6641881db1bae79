"""Clocks that are wrong: set by hours, or changed by summer time.

The server owns time, and the player only counts. So a deadline moves with no clock that is set; what was done in time counts
whenever it arrives; and what was acknowledged stays so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bedside.site import clock as site_clock
from bedside.site.accounts.models import User
from bedside.site.exam.models import Sitting as SittingRow
from tests.support.clocks import ANY_CLOCK, HOUR_S, a_day, events_of
from tests.support.short_day import BANK_S, BLOCK_S
from tests.support.site import KEY, Clock, Player, get, new_player
from tests.support.sittings import T0
from tests.support.soundness import assert_sound

pytestmark = pytest.mark.django_db


class _Wrong:
    """A wall clock that nobody may ask."""

    @staticmethod
    def now(tz: object = None) -> NoReturn:
        raise AssertionError("the wall clock was asked")


def test_setting_the_server_s_clock_moves_no_instant_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    steady = iter([100.0, 100.25, 100.25 + 8 * HOUR_S])
    monkeypatch.setattr(site_clock, "datetime", _Wrong)
    monkeypatch.setattr(site_clock, "_steady_s", lambda: next(steady))
    if hasattr(time, "CLOCK_BOOTTIME"):
        assert site_clock._STEADY == time.CLOCK_BOOTTIME  # CLOCK_MONOTONIC stands still while a machine sleeps
    first, second, third = site_clock.now(), site_clock.now(), site_clock.now()
    assert (second - first, third - second) == (timedelta(milliseconds=250), timedelta(hours=8))


JUMPS = st.sampled_from([-26 * HOUR_S, -3 * HOUR_S, -90, 90, 3 * HOUR_S, 26 * HOUR_S])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.sampled_from([0, 1, 20, 100])),
        st.tuples(st.just("send"), st.just(0)),
        st.tuples(st.just("answer lost"), st.just(0)),
        st.tuples(st.just("look"), st.just(0)),
        st.tuples(st.just("jump"), JUMPS),  # the server is started anew with its clock set
        st.tuples(st.just("count anew"), st.integers(0, 10**9)),  # the player's own clock: after a reload, or broken
    ),
    max_size=25,
)


@ANY_CLOCK
@given(steps=STEPS)
def test_however_clocks_are_set_nothing_is_lost_and_no_word_is_taken_back(
    client: Client, clock: Clock, steps: list[tuple[str, int]]
) -> None:
    clock.at = T0
    player = new_player(client, clock)
    items = [item["id"] for item in player.open_block()]
    told: dict[int, str] = {}

    def hear(answer: dict[str, Any], up_to: int) -> None:
        reasons = {one["seq"]: one["reason"] for one in answer["refused"]}
        for event in player.queue[:up_to]:
            assert told.setdefault(event["seq"], reasons.get(event["seq"], "")) == reasons.get(event["seq"], "")

    for kind, number in steps:
        if kind == "answer":
            player.note("answered", item=items[number], choice=["ABCD"[number]], ms=number)
        elif kind == "wait":
            clock.pass_s(number)
        elif kind == "jump":
            clock.pass_s(number)
            player.synced_at += timedelta(seconds=number)  # only the server's: the player goes on counting
        elif kind == "count anew":
            player.synced_at = clock.at - timedelta(milliseconds=number)
        elif kind == "look":
            player.state()
        elif player.queue:
            answer = player.post(player.queue)
            hear(answer, len(player.queue))
            if kind == "send":
                player.take(answer)
    answer = player.post(player.queue)
    hear(answer, len(player.queue))

    kept = events_of(player)
    assert sorted(kept) == list(range(1, player.seq + 1))
    assert {seq: event.reason for seq, event in kept.items() if seq in told} == told
    row = SittingRow.objects.get(pk=player.sitting)
    received = list(row.events.order_by("arrival").values_list("received_at", flat=True))
    assert received == sorted(received)
    effective = [kept[seq].effective_at for seq in sorted(kept)]
    assert effective == sorted(effective)
    assert all(event.effective_at <= event.received_at for event in kept.values())
    assert_sound(player.sitting)


@pytest.mark.parametrize("jump_s", [-5 * HOUR_S, -60, 60, 5 * HOUR_S])
def test_what_was_done_in_time_counts_though_the_server_s_clock_was_set_meanwhile(player: Player, jump_s: int) -> None:
    items = player.open_block()
    for number, item in enumerate(items):
        player.clock.pass_s(60)
        player.note("answered", item=item["id"], choice=[KEY], ms=number)  # at 1, 2, 3 and 4 of 6 minutes
    player.clock.pass_s(jump_s)
    told = player.send()
    assert (told["acknowledged"], told["refused"]) == (6, [])
    if jump_s > 0:
        minutes = [(event.effective_at - T0).total_seconds() / 60 for event in events_of(player).values() if event.seq > 2]
        assert minutes == [1, 2, 3, 4]
    player.do("finished")
    assert get(player.client, f"{player.path}/report")["score"]["n_correct"] == 4
    assert_sound(player.sitting)


def test_a_server_s_clock_that_was_set_back_takes_no_time_from_the_candidate(player: Player) -> None:
    items = player.open_block()
    player.clock.pass_s(120)
    player.do("answered", item=items[0]["id"], choice=["A"], ms=1)
    left_ms = player.state()["remaining_ms"]
    player.clock.pass_s(-3 * HOUR_S)
    assert player.state()["remaining_ms"] == left_ms == 4 * 60_000
    player.clock.pass_s(3 * HOUR_S)  # and set right again
    player.clock.pass_s(60)
    assert player.state()["remaining_ms"] == left_ms - 60_000


def test_a_take_over_while_the_clock_stands_still_takes_nothing_back(player: Player) -> None:
    items = player.open_block()
    player.clock.pass_s(60)
    player.do("answered", item=items[0]["id"], choice=["A"], ms=1)
    player.clock.pass_s(-HOUR_S)  # the server is started anew with its clock an hour back
    player.synced_at = player.clock.at
    assert player.do("answered", item=items[1]["id"], choice=["A"], ms=1)["refused"] == []
    newer = player.take_over()
    assert newer.do("answered", item=items[2]["id"], choice=["A"], ms=1)["refused"] == []
    assert sorted(newer.state()["answers"]) == sorted(item["id"] for item in items[:3])
    assert_sound(player.sitting)


@contextmanager
def at_home_in(zone: str) -> Iterator[None]:
    """This process in a place with summer time."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


# an hour is left out, an hour comes twice (in two places), half an hour is left out, and a whole day is
CHANGES = [
    ("America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, 0, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_summer_time_that_begins_or_ends_within_a_block_changes_nothing(
    client: Client, clock: Clock, user: User, zone: str, change: datetime
) -> None:
    with at_home_in(zone):
        assert _local_offset(change - timedelta(seconds=1)) != _local_offset(change)
        clock.at = change - timedelta(minutes=15)
        player, blocks = a_day(client, clock, user)
        player.do("started")
        player.do("block_opened", block=1)
        opened = clock.at
        for seconds, item in zip((899, 1, 899.999, 0.001), blocks[0], strict=True):  # the last is at the very deadline
            clock.pass_s(seconds)
            player.note("answered", item=item, choice=["A"], ms=5)
        state = player.state()
        assert (state["state"], state["block"]) == ("between_blocks", None)
        assert player.send()["refused"] == [{"seq": 6, "reason": "TimeExpired"}]
        state = player.state()
        assert sorted(state["answers"]) == sorted(blocks[0][:3])
        assert state["break_ms"] == BANK_S * 1000
        clock.pass_s(600)
        player.do("block_opened", block=2)
        state = player.state()
        assert (state["remaining_ms"], state["break_ms"]) == (BLOCK_S * 1000, (BANK_S - 600) * 1000)
        assert datetime.fromisoformat(state["deadline"]) == opened + timedelta(seconds=2 * BLOCK_S + 600)
        assert_sound(player.sitting)


def _local_offset(at: datetime) -> int:
    return time.localtime(at.timestamp()).tm_gmtoff
