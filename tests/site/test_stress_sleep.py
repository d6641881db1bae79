"""A computer asleep across a deadline, a break, and into the next block: it has slept through just that much of the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bedside.site.accounts.models import User
from bedside.site.exam.models import Sitting as SittingRow
from tests.support.clocks import ANY_CLOCK, HOUR_S, a_day, events_of
from tests.support.short_day import BANK_S, BLOCK_S, DayByHand
from tests.support.site import KEY, Clock, Player, get
from tests.support.sittings import T0
from tests.support.soundness import assert_sound

pytestmark = pytest.mark.django_db


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
