"""What a candidate can rely on about time: deadlines, breaks, and what a proctor gives or stops."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from bedside.delivery import (
    Answered,
    BlockClosed,
    BlockOpened,
    BreakEnded,
    BreakStarted,
    GrantedTime,
    Reason,
    Reopened,
    Started,
    Suspended,
    as_of,
    fold,
)
from tests.support.sittings import SERVER, Log, form, in_block, minutes, reasons


def test_an_answer_at_the_very_deadline_is_too_late_and_a_millisecond_before_is_not():
    log = in_block()
    deadline = minutes(30)
    log.add(Answered(item="test-101", choice=("A",)), at=30 - 1 / 60_000).add(Answered(item="test-102", choice=("A",)), at=30)

    sitting = fold(form(), log.events)

    assert set(sitting.answers) == {"test-101"}
    assert sitting.blocks[0].closed_at == deadline


def test_with_a_grace_an_answer_that_arrives_after_it_is_kept_and_not_scored():
    log = (
        in_block()
        .add(Answered(item="test-101", choice=("C",)), at=29, received=31)
        .add(Answered(item="test-102", choice=("C",)), at=29, received=33)
    )

    sitting = fold(form(grace_s=120), log.events)

    assert set(sitting.answers) == {"test-101"}
    assert reasons(sitting) == [Reason.TOO_LATE]


def test_a_time_factor_lengthens_every_block():
    sitting = fold(form(time_factor=Fraction(3, 2)), in_block().events)

    assert sitting.deadline == minutes(45)


def test_without_a_clock_a_block_never_ends_by_itself():
    sitting = fold(form(limit_min=None), in_block().add(Answered(item="test-101", choice=("A",)), at=10_000).events)

    assert sitting.state == "in_block"
    assert set(sitting.answers) == {"test-101"}


def test_the_break_bank_gains_what_is_left_of_tutorial_and_block_and_pays_for_breaks():
    log = (
        Log()
        .add(Started(), at=0)
        .add(BlockOpened(1), at=2)  # 3 of 5 tutorial minutes left: bank 45 + 3
        .add(BlockClosed(1), at=22)  # 10 of 30 minutes left: bank 58
        .add(BreakStarted(), at=22)
        .add(BreakEnded(), at=42)
        .add(BlockOpened(2), at=42)  # 20 minutes spent: bank 38
    )

    sitting = fold(form(blocks=3, break_min=45, tutorial_min=5), log.events)

    assert sitting.break_ms == 38 * 60_000
    assert sitting.deadline == minutes(72)


def test_a_break_that_overruns_is_taken_from_the_blocks_that_follow():
    log = (
        Log()
        .add(Started(), at=0)
        .add(BlockOpened(1), at=0)
        .add(BlockClosed(1), at=30 - 1 / 60_000)
        .add(BlockOpened(2), at=75)  # 45 minutes between, 10 in the bank: 35 too many
        .add(Answered(item="test-201", choice=("A",)), at=75)
        .add(BlockOpened(3), at=75)
    )

    sitting = fold(form(blocks=3, break_min=10), log.events)

    # 30 of the 35 minutes use up block 2, which ends at once; the remaining 5 come off block 3
    assert sitting.blocks[1].used_ms == 0
    assert sitting.deadline == minutes(100)
    assert reasons(sitting) == [Reason.TIME_EXPIRED]


def test_a_stopped_clock_moves_the_deadline_and_refuses_answers():
    server = Log(SERVER).add(Suspended("fire alarm"), at=10).add(Reopened(), at=25)
    player = (
        in_block()
        .add(Answered(item="test-101", choice=("A",)), at=12)
        .add(Answered(item="test-102", choice=("A",)), at=40)
        .add(BlockClosed(1), at=44)
    )

    sitting = fold(form(), [*player.events, *server.events])

    assert reasons(sitting) == [Reason.SUSPENDED]
    assert set(sitting.answers) == {"test-102"}
    assert sitting.blocks[0].used_ms == 29 * 60_000


def test_granted_time_moves_the_deadline():
    events = [*in_block().events, *Log(SERVER).add(GrantedTime(1, 300, "late start"), at=5).events]

    assert fold(form(), events).deadline == minutes(35)


def test_granted_time_does_not_become_break_time():
    log = Log().add(Started(), at=0).add(BlockOpened(1), at=0).add(BlockClosed(1), at=10)
    server = Log(SERVER).add(GrantedTime(1, 6000), at=5)

    # 20 of the block's own 30 minutes were left; the hundred that were granted are gone
    assert fold(form(break_min=10), [*log.events, *server.events]).break_ms == 30 * 60_000


def test_time_can_be_granted_while_the_clock_is_stopped():
    server = Log(SERVER).add(Suspended(), at=10).add(GrantedTime(1, 300), at=12).add(Reopened(), at=20)

    assert fold(form(), [*in_block().events, *server.events]).deadline == minutes(45)


def test_a_stopped_clock_between_blocks_costs_no_break_time():
    log = Log().add(Started(), at=0).add(BlockOpened(1), at=0).add(BlockClosed(1), at=20).add(BreakStarted(), at=20)
    log.add(BreakEnded(), at=60).add(BlockOpened(2), at=60)
    server = Log(SERVER).add(Suspended("power cut"), at=25).add(Reopened(), at=55)

    # 10 minutes from the block and 10 of the bank, less 40 between blocks of which 30 stood still
    assert fold(form(break_min=10), [*log.events, *server.events]).break_ms == 10 * 60_000


def test_as_of_closes_a_block_whose_time_is_over():
    sitting = fold(form(), in_block().events)

    assert as_of(form(), sitting, minutes(29)).state == "in_block"
    assert as_of(form(), sitting, minutes(30) + timedelta(hours=9)).blocks[0].closed_at == minutes(30)
