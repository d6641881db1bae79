"""Clocks that are wrong: set by hours, changed by summer time, or asleep across a deadline, a break, and into the next block.

The server owns time, and the player only counts. So a deadline moves with no clock that is set; what was done in time counts
whenever it arrives; what was acknowledged stays so; and a computer that slept has slept through just that much of the day.
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
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bedside.site import clock as site_clock
from bedside.site.accounts.models import User
from bedside.site.exam.models import Sitting as SittingRow
from tests.support.short_day import BANK_S, BLOCK_S, DayByHand, short_day
from tests.support.site import KEY, Clock, Player, get, new_player
from tests.support.sittings import T0
from tests.support.soundness import assert_sound

pytestmark = pytest.mark.django_db

HOUR_S = 3600
# shrinking plays hundreds of sittings; what fails is short enough to read as it is
ANY_CLOCK = settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def a_day(client: Client, clock: Clock, user: User, *, grace_s: int | None = None) -> tuple[Player, list[list[str]]]:
    """A player with a short day of its own, and the items of the day by block."""
    issued, blocks = short_day(user, clock, grace_s=grace_s)
    return Player(client, clock, str(issued.sitting.pk), str(issued.writer), synced_at=clock.at), blocks


def events_of(player: Player) -> dict[int, Any]:
    """This player's events by number."""
    return {event.seq: event for event in SittingRow.objects.get(pk=player.sitting).events.filter(writer_id=player.writer)}


# --- the server's clock ---------------------------------------------------------------------------------------------------


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


# --- summer time ----------------------------------------------------------------------------------------------------------


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


# --- a computer that sleeps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("looked_at", [False, True])
def test_a_computer_asleep_across_the_deadline_keeps_what_was_done_and_gains_nothing(player: Player, looked_at: bool) -> None:
    items = player.open_block()
    player.clock.pass_s(300)
    player.note("answered", item=items[0]["id"], choice=["A"], ms=5)  # and the lid is shut, before anything is sent
    player.clock.pass_s(8 * HOUR_S)
    if looked_at:
        assert player.state()["state"] == "finished"  # the server has closed the block meanwhile
    player.note("answered", item=items[1]["id"], choice=["A"], ms=5)
    player.note("finished")
    assert player.send()["refused"] == [{"seq": 4, "reason": "TimeExpired"}]
    assert list(player.state()["answers"]) == [items[0]["id"]]
    report = get(player.client, f"{player.path}/report")
    assert (report["n_answered"], report["closed_by"], report["time"]["used_ms"]) == (1, "clock", 360_000)
    assert_sound(player.sitting)


@pytest.mark.parametrize("looked_at", [False, True])
@pytest.mark.parametrize(
    ("slept_s", "block_2_s", "bank_s"),
    [
        (40 * 60, BLOCK_S, BANK_S - 20 * 60),  # 20 minutes to the deadline, then 20 of the bank
        (65 * 60, BLOCK_S, 0),  # the whole bank, to the second
        (75 * 60, BLOCK_S - 10 * 60, 0),  # ten minutes of the next block
        (95 * 60 - 1, 1, 0),  # all of it but a second
    ],
)
def test_a_sleep_through_deadline_and_break_is_paid_from_the_bank_and_then_from_the_next_block(
    client: Client, clock: Clock, user: User, *, slept_s: int, block_2_s: int, bank_s: int, looked_at: bool
) -> None:
    player, blocks = a_day(client, clock, user)
    player.note("started")
    player.note("block_opened", block=1)
    player.send()
    clock.pass_s(600)
    player.note("answered", item=blocks[0][0], choice=["A"], ms=5)
    clock.pass_s(slept_s)
    if looked_at:
        player.state()
        get(client, f"{player.path}/blocks/1", expect=403)
    player.note("answered", item=blocks[0][1], choice=["A"], ms=5)
    player.note("block_opened", block=2)
    player.note("answered", item=blocks[1][0], choice=["A"], ms=5)
    told = player.send()
    assert told["refused"] == [{"seq": 4, "reason": "TimeExpired"}]
    assert told["remaining_ms"] == block_2_s * 1000
    state = player.state()
    assert (state["block"], state["break_ms"]) == (2, bank_s * 1000)
    assert sorted(state["answers"]) == sorted([blocks[0][0], blocks[1][0]])
    assert_sound(player.sitting)


def test_a_sleep_through_the_next_block_leaves_only_the_one_after_it(client: Client, clock: Clock, user: User) -> None:
    player, blocks = a_day(client, clock, user)
    player.note("started")
    player.note("block_opened", block=1)
    clock.pass_s(BLOCK_S + BANK_S + BLOCK_S + 600)  # ten minutes into the time of the third
    player.note("block_opened", block=2)
    player.note("answered", item=blocks[1][0], choice=["A"], ms=5)
    player.note("block_opened", block=3)
    player.note("answered", item=blocks[2][0], choice=["A"], ms=5)
    told = player.send()
    assert told["refused"] == [{"seq": 4, "reason": "TimeExpired"}]
    assert told["remaining_ms"] == (BLOCK_S - 600) * 1000
    assert list(player.state()["answers"]) == [blocks[2][0]]
    assert_sound(player.sitting)


def test_a_day_that_was_slept_through_has_ended_and_keeps_what_was_done_before(
    client: Client, clock: Clock, user: User
) -> None:
    player, blocks = a_day(client, clock, user)
    player.note("started")
    player.note("block_opened", block=1)
    player.send()
    clock.pass_s(600)
    player.note("answered", item=blocks[0][0], choice=[KEY], ms=5)
    clock.pass_s(20 * HOUR_S)
    assert player.state()["state"] == "finished"
    player.note("block_opened", block=2)
    assert player.send()["refused"] == [{"seq": 4, "reason": "Finished"}]
    row = SittingRow.objects.get(pk=player.sitting)
    assert row.ended_at == T0 + timedelta(seconds=3 * BLOCK_S + BANK_S)
    assert list(row.responses.values_list("item", "correct")) == [(blocks[0][0], True)]
    assert_sound(player.sitting)


@pytest.mark.parametrize(("late_s", "reason"), [(119, None), (121, "TooLate")])
def test_with_a_grace_what_a_sleeping_computer_sends_later_is_kept_and_not_scored(
    client: Client, clock: Clock, user: User, late_s: int, reason: str | None
) -> None:
    player, blocks = a_day(client, clock, user, grace_s=120)
    player.do("started")
    player.do("block_opened", block=1)
    clock.pass_s(600)
    player.note("answered", item=blocks[0][0], choice=[KEY], ms=5)
    clock.pass_s(BLOCK_S - 600 + late_s)
    player.state()
    told = player.send()
    assert told["refused"] == ([{"seq": 3, "reason": reason}] if reason else [])
    assert events_of(player)[3].body["choice"] == [KEY]
    assert SittingRow.objects.get(pk=player.sitting).responses.count() == (0 if reason else 1)
    assert_sound(player.sitting)


GAPS_S = st.sampled_from([1, 60, 600, BLOCK_S - 1, BLOCK_S, BANK_S, 2 * HOUR_S, 9 * HOUR_S])
DEEDS = st.lists(
    st.tuples(
        GAPS_S,
        st.sampled_from(
            ["answer 1", "answer 2", "answer 3", *["open next"] * 4, "close", "close", "break_started", "break_ended"]
        ),
        st.sampled_from(["keep", "send", "look"]),
    ),
    max_size=14,
).map(lambda deeds: [(5, "open next", "keep"), *deeds])


@ANY_CLOCK
@given(deeds=DEEDS)
def test_the_day_is_reckoned_as_by_hand_wherever_the_computer_slept(
    client: Client, clock: Clock, user: User, deeds: list[tuple[int, str, str]]
) -> None:
    clock.at = T0
    player, blocks = a_day(client, clock, user)
    player.note("started")
    hand = DayByHand(0)
    expected = {1: True}
    now_s = 0
    for gap_s, deed, then in deeds:
        clock.pass_s(gap_s)
        now_s += gap_s
        if deed.startswith("answer"):
            block = int(deed[-1])
            player.note("answered", item=blocks[block - 1][0], choice=["A"], ms=5)
            expected[player.seq] = hand.open_at(now_s) == block
        elif deed == "open next":
            player.note("block_opened", block=min(3, hand.block + 1))
            expected[player.seq] = hand.opens(now_s)
        elif deed == "close":
            player.note("block_closed", block=max(1, hand.block))
            expected[player.seq] = hand.closes(now_s)
        else:
            player.note(deed)
            expected[player.seq] = hand.breaks(now_s, deed)
        if then == "send":
            player.send()
        elif then == "look":
            player.state()
    player.send()

    assert {seq: not event.reason for seq, event in events_of(player).items()} == expected
    clock.pass_s(30 * HOUR_S)
    assert player.state()["state"] == "finished"
    player.do("resumed")
    assert_sound(player.sitting)
    ended_at = SittingRow.objects.get(pk=player.sitting).ended_at
    # no break, no sleep and no overrun makes the day longer than all its parts
    assert ended_at is not None
    assert ended_at <= T0 + timedelta(seconds=3 * BLOCK_S + BANK_S)


def test_a_block_opened_without_a_second_left_closes_at_once_and_the_day_still_ends(
    client: Client, clock: Clock, user: User
) -> None:
    player, _ = a_day(client, clock, user)
    player.do("started")
    player.do("block_opened", block=1)
    clock.pass_s(BLOCK_S + BANK_S + BLOCK_S + 600)  # the whole of block 2 and ten minutes of block 3
    told = player.do("block_opened", block=2)
    assert told["state"] == "between_blocks"
    clock.pass_s(5 * HOUR_S)  # and nobody comes back
    n_events = SittingRow.objects.get().events.count()
    for _ in range(3):
        player.state()
        get(client, f"{player.path}/report")
    assert SittingRow.objects.get().state == "finished"
    assert SittingRow.objects.get().events.count() <= n_events + 2  # the day's end and the disclosure, once each
