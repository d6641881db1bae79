"""A whole day: what pays for a break, clocks that stop, one clock over all blocks, and the end that comes by itself."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

import pytest

from bedside import delivery
from bedside.delivery import (
    Ended,
    FixedBreak,
    InBlock,
    Mode,
    Navigation,
    Paused,
    Reason,
    as_of,
    fold,
    idle_left_ms,
    next_change,
)
from tests.support.sittings import Log, form, in_block, minutes, reasons

MINUTE_MS = 60_000
PROCTOR = UUID(int=77)


def day(**changes):
    """Three blocks of half an hour, a bank of ten minutes and a tutorial of five."""
    return form(**{"blocks": 3, "limit_min": 30, "break_min": 10, "tutorial_min": 5, "mode": Mode.EXAM, **changes})


def test_a_whole_day_is_sat_from_the_tutorial_to_the_end() -> None:
    log = Log().add(delivery.Started(), at=0).add(delivery.BlockOpened(1), at=3).add(delivery.BlockClosed(1), at=28)
    log.add(delivery.BreakStarted(), at=28).add(delivery.BreakEnded(), at=40).add(delivery.BlockOpened(2), at=41)
    at_second_block = fold(day(), log.events)
    # 10 minutes, 2 left of the tutorial, 5 of the block, less 13 of break
    assert at_second_block.break_ms == 4 * MINUTE_MS

    log.add(delivery.BlockOpened(3), at=71.5).add(delivery.BlockClosed(3), at=90)
    sitting = fold(day(), log.events)

    assert [(run.block, run.closed_by) for run in sitting.blocks] == [(1, "candidate"), (2, "clock"), (3, "candidate")]
    assert sitting.phase == Ended(minutes(90))
    assert reasons(sitting) == []


def test_a_break_over_the_bank_shortens_the_next_block_by_just_that() -> None:
    log = in_block().add(delivery.BlockClosed(1), at=30).add(delivery.BlockOpened(2), at=30 + 15 + 7)
    sitting = fold(day(), log.events)

    assert sitting.break_ms == 0
    assert sitting.deadline == minutes(52 + 30 - 7)


def test_the_bank_is_seen_to_run_down_and_to_be_overrun() -> None:
    log = in_block().add(delivery.BlockClosed(1), at=30).add(delivery.BreakStarted(), at=31)
    sitting = fold(day(), log.events)

    assert idle_left_ms(day(), sitting, minutes(40)) == 5 * MINUTE_MS
    assert idle_left_ms(day(), sitting, minutes(47)) == -2 * MINUTE_MS


def test_a_day_to_which_nobody_comes_back_ends_when_bank_and_blocks_are_used_up() -> None:
    sitting = fold(day(), in_block().add(delivery.BlockClosed(1), at=29).events)
    end = minutes(29 + 16 + 60)

    assert next_change(day(), sitting) == end
    assert as_of(day(), sitting, minutes(104)).state == "between_blocks"
    assert as_of(day(), sitting, minutes(200)).phase == Ended(end)
    late = fold(day(), in_block().add(delivery.BlockClosed(1), at=29).add(delivery.BlockOpened(2), at=105).events)
    assert reasons(late) == [Reason.FINISHED]


def test_without_a_bank_a_practice_sitting_waits_for_ever() -> None:
    practice = form(break_min=None)
    sitting = fold(practice, in_block().add(delivery.BlockClosed(1), at=10).events)

    assert next_change(practice, sitting) is None
    assert idle_left_ms(practice, sitting, minutes(5000)) is None


def test_a_fixed_break_costs_nothing_up_to_its_length() -> None:
    lunch = day(break_min=0, tutorial_min=0, fixed_break=FixedBreak(60 * 60, is_counted=False))
    log = in_block().add(delivery.BlockClosed(1), at=30).add(delivery.BlockOpened(2), at=95)

    assert fold(lunch, log.events).deadline == minutes(95 + 30 - 5)


def test_a_fixed_break_of_no_published_length_is_as_long_as_one_likes() -> None:
    sessions = day(break_min=0, tutorial_min=0, fixed_break=FixedBreak(None, is_counted=False))
    log = in_block().add(delivery.BlockClosed(1), at=30).add(delivery.BlockOpened(2), at=300)

    assert fold(sessions, log.events).deadline == minutes(330)
    assert next_change(sessions, fold(sessions, log.events[:3])) is None


def test_one_clock_over_all_blocks_runs_in_them_and_between_them() -> None:
    testlets = form(blocks=3, total_min=60, break_min=0)
    log = in_block().add(delivery.BlockClosed(1), at=20).add(delivery.BlockOpened(2), at=25)
    sitting = fold(testlets, log.events)
    assert sitting.deadline == minutes(60)

    over = as_of(testlets, sitting, minutes(61))
    assert over.phase == Ended(minutes(60))
    assert [run.closed_by for run in over.blocks] == ["candidate", "clock"]


def test_an_uncounted_break_stops_the_clock_over_all_blocks() -> None:
    testlets = form(blocks=3, total_min=60, break_min=0, fixed_break=FixedBreak(15 * 60, is_counted=False))
    log = in_block().add(delivery.BlockClosed(1), at=20).add(delivery.BlockOpened(2), at=37)

    assert fold(testlets, log.events).deadline == minutes(37 + 60 - 20 - 2)


def test_a_candidate_who_may_stop_the_clock_gets_the_time_back_and_sees_no_items_meanwhile() -> None:
    granted = day(stop_clock_min=10)
    log = in_block().add(delivery.BreakStarted(), at=10)
    paused = fold(granted, log.events)
    assert paused.state == "paused"
    assert isinstance(paused.phase, Paused)

    log.add(delivery.Answered("test-101", ("A",)), at=12).add(delivery.BlockClosed(1), at=13).add(delivery.BreakEnded(), at=14)
    sitting = fold(granted, log.events)

    assert reasons(sitting) == [Reason.ON_BREAK, Reason.ON_BREAK]
    assert sitting.deadline == minutes(34)
    assert sitting.stop_ms == 6 * MINUTE_MS


def test_a_stopped_clock_goes_on_by_itself_when_the_time_for_it_is_used() -> None:
    granted = day(stop_clock_min=10)
    sitting = fold(granted, in_block().add(delivery.BreakStarted(), at=10).events)

    later = as_of(granted, sitting, minutes(21))
    assert isinstance(later.phase, InBlock)
    assert later.deadline == minutes(40)
    assert as_of(granted, sitting, minutes(41)).blocks[0].used_ms == 30 * MINUTE_MS


def test_nobody_stops_the_clock_who_may_not() -> None:
    assert reasons(fold(day(), in_block().add(delivery.BreakStarted(), at=10).events)) == [Reason.OUT_OF_ORDER]


def test_a_section_that_lasts_its_full_time_is_not_ended_early() -> None:
    sections = day(navigation=Navigation.NO_EARLY_END, break_min=0, tutorial_min=0)
    log = in_block().add(delivery.BlockClosed(1), at=10).add(delivery.Finished(), at=11)

    sitting = fold(sections, log.events)
    assert reasons(sitting) == [Reason.NO_EARLY_END, Reason.NO_EARLY_END]
    assert as_of(sections, sitting, minutes(30)).blocks[0].closed_by == "clock"


def test_the_time_factor_and_the_extra_breaks_of_an_accommodation_count_from_the_start() -> None:
    slow = day(time_factor=Fraction(3, 2))
    assert fold(slow, in_block().events).deadline == minutes(45)


@pytest.mark.parametrize(("before", "after", "deadline"), [("1", "2", 60), ("2", "1", 30), ("1", "5/4", 37.5)])
def test_a_proctor_changes_the_accommodation_and_the_open_block_follows(before, after, deadline) -> None:
    exam = day(time_factor=Fraction(before))
    change = Log(PROCTOR).add(delivery.Accommodated(after, extra_break_s=600, stop_clock_s=120, reason="letter seen"), at=10)

    sitting = fold(exam, [*in_block().events, *change.events])

    assert sitting.deadline == minutes(deadline)
    assert sitting.break_ms == (10 + 5 + 10) * MINUTE_MS
    assert sitting.stop_ms == 2 * MINUTE_MS
    assert sitting.accommodation.time_factor == after


def test_less_time_ends_a_block_at_the_instant_of_the_change_and_never_in_the_past() -> None:
    change = Log(PROCTOR).add(delivery.Accommodated("1"), at=50)

    sitting = fold(day(time_factor=Fraction(2)), [*in_block().events, *change.events])

    assert [(run.closed_at, run.closed_by) for run in sitting.blocks] == [(minutes(50), "clock")]


def test_what_a_proctor_says_is_kept_in_turn() -> None:
    told = Log(PROCTOR).add(delivery.Message("Ten minutes late."), at=1).add(delivery.Message("We go on."), at=2)

    assert [one.text for one in fold(day(), [*in_block().events, *told.events]).messages] == ["Ten minutes late.", "We go on."]


def test_a_suspension_inside_a_stopped_clock_costs_neither() -> None:
    granted = day(stop_clock_min=10)
    proctor = Log(PROCTOR).add(delivery.Suspended("fire alarm"), at=12).add(delivery.Reopened(), at=52)
    log = in_block().add(delivery.BreakStarted(), at=10).add(delivery.BreakEnded(), at=55)

    sitting = fold(granted, [*log.events, *proctor.events])

    assert sitting.stop_ms == 5 * MINUTE_MS
    assert sitting.deadline == minutes(30 + 45)


def test_where_the_exam_does_not_say_so_the_bank_gains_nothing_of_block_and_tutorial() -> None:
    strict = day(is_unused_kept=False)
    log = Log().add(delivery.Started(), at=0).add(delivery.BlockOpened(1), at=2).add(delivery.BlockClosed(1), at=20)
    before = fold(strict, log.events[:1])
    assert idle_left_ms(strict, before, minutes(2)) == 10 * MINUTE_MS

    assert fold(strict, log.events).break_ms == 10 * MINUTE_MS
    late = Log().add(delivery.Started(), at=0).add(delivery.BlockOpened(1), at=8)
    assert fold(strict, late.events).break_ms == 7 * MINUTE_MS
