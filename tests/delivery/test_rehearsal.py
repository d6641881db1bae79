"""What a rehearsal shows beyond its score, from a sitting that was folded, and what holds of it for any sitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import (
    Change,
    Findings,
    Form,
    Key,
    Mode,
    Sitting,
    Worked,
    findings_of,
    fold,
    worked_items,
)
from bedside.delivery.event_parts import Confidence
from tests.support.sittings import T0, Log, form, minutes

UNTIMED = settings(deadline=None)  # a busy machine is no failure
FORM = form(blocks=1, items=3, limit_min=30)
KEYS = {name: Key(("B",)) for name in ("test-101", "test-102", "test-103")}


def worked(log: Log, *, a_form: Form = FORM) -> tuple[Worked, ...]:
    return worked_items(a_form, fold(a_form, log.events), KEYS)


def answered(item: str, choice: str, *, ms: int = 1000, confidence: Confidence | None = None) -> delivery.Body:
    return delivery.Answered(item, (choice,), ms=ms, confidence=confidence)


def day(items: Sequence[Worked], *, blocks: int = 1, limit_min: int | None = 60, pace: int = 1) -> Findings:
    """The findings of made-up items in blocks that follow each other hour by hour."""
    a_form = replace(form(blocks=blocks, items=max(1, len(items) // blocks), limit_min=limit_min), pace=Fraction(pace))
    runs = tuple(delivery.BlockRun(n, minutes(60 * (n - 1)), minutes(60 * n), 3_600_000, "clock") for n in range(1, blocks + 1))
    return findings_of(a_form, Sitting(blocks=runs), items)


def made(position: int, *, right: bool = True, **fields: object) -> Worked:
    """An answered item at the minute of its position."""
    whole = Worked(
        item=f"item-{position}",
        position=position,
        block=1,
        n_options=5,
        is_answered=True,
        is_right=right,
        ms=60_000,
        at=minutes(position),
        left_ms=1_000_000,
        change=None,
        is_flagged=False,
        confidence=None,
    )
    return replace(whole, **fields)  # type: ignore[arg-type]  # the fields of a test


def blank(position: int, **fields: object) -> Worked:
    return made(position, right=False, is_answered=False, ms=None, **fields)


# --- fatigue ------------------------------------------------------------------------------------------------------------


def test_a_day_that_falls_from_all_right_to_half_right_is_read_as_fatigue():
    items = [made(n, right=n <= 60 or n % 2 == 0, at=minutes(4 * n)) for n in range(1, 121)]

    fatigue = day(items, blocks=8).fatigue

    # first third 40 of 40, last third 20 of 40: a difference of -0.5
    assert (fatigue.accuracy.group.n_correct, fatigue.accuracy.others.n_correct) == (20, 40)
    assert fatigue.accuracy.difference is not None
    assert fatigue.accuracy.difference.value == -0.5
    assert fatigue.can_be_read
    assert fatigue.trend is not None
    assert fatigue.trend.high < 0


def test_no_fatigue_is_read_where_the_interval_has_zero_in_it():
    # first third 7 of 10, last third 5 of 10: the interval is wide
    items = [made(n, right=n not in {1, 2, 3, 21, 22, 23, 24, 25}) for n in range(1, 31)]

    fatigue = day(items).fatigue

    assert fatigue.accuracy.difference is not None
    assert fatigue.accuracy.difference.value == pytest.approx(-0.2)
    assert not fatigue.can_be_read


def test_a_better_end_is_never_read_as_fatigue():
    items = [made(n, right=n > 60) for n in range(1, 121)]

    assert not day(items).fatigue.can_be_read


def test_fewer_than_five_items_a_third_have_no_difference_and_fewer_than_thirty_no_trend():
    fatigue = day([made(n) for n in range(1, 15)]).fatigue

    assert fatigue.accuracy.difference is None
    assert fatigue.pace is None
    assert fatigue.trend is None
    assert fatigue.pace_trend is None
    assert not fatigue.can_be_read


def test_a_slower_end_shows_in_seconds_an_item():
    items = [made(n, ms=60_000 + n * 100 + (20_000 if n > 40 else 0)) for n in range(1, 61)]

    fatigue = day(items).fatigue

    # item n + 40 took 40 x 0.1 s + 20 s longer than item n
    assert fatigue.pace is not None
    assert fatigue.pace.value == 24_000
    assert fatigue.pace.low > 0
    assert fatigue.pace_trend is not None
    assert fatigue.pace_trend.low > 0


def test_hours_are_of_the_exams_clock():
    items = [made(n, at=minutes(n)) for n in range(60)]

    assert [(part.name, part.share.n) for part in day(items).hours] == [(1, 60)]
    # under a clock that runs six times faster, an hour of the exam takes ten minutes
    assert [(part.name, part.share.n) for part in day(items, pace=6).hours] == [(n, 10) for n in range(1, 7)]


def test_a_block_has_its_share_its_pace_and_how_it_was_closed():
    items = [made(n, right=n != 3, block=1 + (n > 6), ms=n * 1000) for n in range(1, 13)]

    first, second = day(items, blocks=2).blocks

    assert (first.share.n_correct, first.share.n, first.n_answered) == (5, 6, 6)
    assert first.pace is not None
    # six values: their middle, and the smallest and the largest as the interval
    assert (first.pace.value, first.pace.low, first.pace.high) == (3500, 1000, 6000)
    assert (second.limit_ms, second.used_ms, second.closed_by) == (3_600_000, 3_600_000, "clock")


# --- time against outcome -----------------------------------------------------------------------------------------------


def test_wrong_answers_that_took_longer_are_seen_in_medians_shift_and_quarters():
    items = [made(n, right=n <= 20, ms=n * 1000) for n in range(1, 41)]

    time = day(items).time

    assert time.right is not None
    assert time.wrong is not None
    assert (time.right.value, time.wrong.value) == (10_500, 30_500)
    assert time.longer_on_wrong is not None
    assert time.longer_on_wrong.value == 20_000
    assert [part.share.n_correct for part in time.quarters] == [10, 10, 0, 0]


def test_fewer_than_twenty_answers_have_no_quarters():
    assert day([made(n) for n in range(1, 20)]).time.quarters == ()


def test_the_last_two_minutes_are_of_the_exams_clock():
    items = [made(n, left_ms=n * 10_000, right=n > 4) for n in range(1, 25)]

    late = day(items).last_minutes
    # under a clock ten times faster they take twelve seconds
    quick = day(items, pace=10).last_minutes

    assert late is not None
    assert quick is not None
    assert (late.group.n_correct, late.group.n, late.others.n) == (8, 12, 12)
    assert (quick.group.n_correct, quick.group.n) == (0, 1)


def test_without_a_clock_there_are_no_last_minutes_and_nobody_is_rushed():
    found = day([made(n, left_ms=None) for n in range(1, 25)], limit_min=None)

    assert found.last_minutes is None
    assert found.rushed is None
    assert found.rushed_ms is None


def test_an_answer_in_less_than_a_tenth_of_its_time_is_rushed_and_an_accommodation_does_not_alter_that():
    items = [made(n, ms=n * 1000, right=n > 8) for n in range(1, 41)]

    # 40 items in 60 minutes are 90 s each
    found = day(items)
    slow = findings_of(replace(form(blocks=1, items=40, limit_min=60), time_factor=Fraction(2)), Sitting(), items)

    assert found.rushed_ms == slow.rushed_ms == 9000
    assert found.rushed is not None
    assert (found.rushed.group.n_correct, found.rushed.group.n, found.rushed.others.n) == (0, 8, 32)
    # never more than ten seconds
    assert day(items[:20]).rushed_ms == 10_000


# --- changes, blanks, flags, sureness -----------------------------------------------------------------------------------


def test_changes_say_what_they_gained_and_lost():
    kinds = [Change.WRONG_TO_RIGHT] * 10 + [Change.RIGHT_TO_WRONG] * 2 + [Change.WRONG_TO_WRONG] * 3 + [None] * 5
    changes = day([made(n, change=kind) for n, kind in enumerate(kinds, start=1)]).changes

    assert (changes.n, changes.wrong_to_right, changes.right_to_wrong, changes.wrong_to_wrong) == (15, 10, 2, 3)
    assert (changes.net.value, changes.net.n) == (8.0, 12)
    assert changes.net.sign == 1
    assert (changes.gained.n_correct, changes.gained.n) == (10, 15)


def test_nothing_is_gained_or_lost_without_a_change():
    assert day([made(1)]).changes.net == delivery.Estimate(0.0, 0.0, 0.0, 0)


def test_blank_items_say_what_a_guess_would_have_brought():
    items = [made(1), blank(2), blank(3, n_options=4), blank(4, n_options=0)]

    blanks = day(items).blanks

    assert (blanks.share.n_correct, blanks.share.n, blanks.n_guessable) == (3, 4, 2)
    assert blanks.by_guessing == pytest.approx(1 / 5 + 1 / 4)


def test_flags_and_sureness_are_held_against_the_outcome():
    items = [
        made(n, right=n <= 10, is_flagged=n > 10, confidence="sure" if n <= 12 else "unsure" if n <= 18 else None)
        for n in range(1, 21)
    ]
    found = day(items)

    assert (found.flagged.group.n_correct, found.flagged.group.n, found.flagged.others.n_correct) == (0, 10, 10)
    assert found.flagged.difference is not None
    assert found.flagged.difference.sign == -1
    assert [(share.n_correct, share.n) for share in (found.sureness.sure, found.sureness.unsure, found.sureness.unmarked)] == [
        (10, 12),
        (0, 6),
        (0, 2),
    ]
    assert found.sureness.difference is not None
    assert found.sureness.difference.sign == 1


def test_where_one_group_is_empty_there_is_no_difference():
    found = day([made(1), made(2)])

    assert found.flagged.difference is None
    assert found.sureness.difference is None


# --- for any sitting ----------------------------------------------------------------------------------------------------

WORKED = st.builds(
    made,
    st.just(1),
    right=st.booleans(),
    ms=st.integers(0, 10**6),
    left_ms=st.none() | st.integers(0, 10**7),
    at=st.integers(0, 600).map(minutes),
    change=st.none() | st.sampled_from(Change),
    is_flagged=st.booleans(),
    confidence=st.sampled_from([None, "sure", "unsure"]),
) | st.builds(blank, st.just(1), is_flagged=st.booleans())


@UNTIMED
@given(st.lists(WORKED, min_size=1, max_size=60))
def test_every_finding_counts_each_item_once_and_holds_its_value_in_its_interval(items):
    items = [replace(one, item=f"item-{n}", position=n) for n, one in enumerate(items, start=1)]
    found = day(items)

    n_answered = sum(one.is_answered for one in items)
    assert sum(part.share.n for part in found.blocks) == len(items)
    assert sum(part.share.n for part in found.hours) == len(items)
    assert found.flagged.group.n + found.flagged.others.n == len(items)
    assert found.sureness.sure.n + found.sureness.unsure.n + found.sureness.unmarked.n == found.n_answered == n_answered
    assert sum(part.share.n for part in found.time.quarters) in {0, n_answered}
    assert found.blanks.share.n_correct == len(items) - n_answered
    fatigue, time = found.fatigue, found.time
    for estimate in (
        fatigue.accuracy.difference,
        fatigue.trend,
        fatigue.pace,
        fatigue.pace_trend,
        time.right,
        time.wrong,
        time.longer_on_wrong,
        found.changes.net,
        found.flagged.difference,
        found.sureness.difference,
    ):
        assert estimate is None or estimate.low <= estimate.value <= estimate.high


@UNTIMED
@given(st.integers(1, 3), st.integers(1, 3), st.sampled_from(Mode), st.sampled_from([None, 10]))
def test_a_sitting_nobody_worked_in_has_findings_too(n_blocks, n_items, mode, limit_min):
    a_form = form(blocks=n_blocks, items=n_items, mode=mode, limit_min=limit_min)
    sitting = fold(a_form, Log().add(delivery.Started(), at=0).add(delivery.Finished(), at=1).events)
    keys = {item.id: Key(("A",)) for block in a_form.blocks for item in block.items}

    found = findings_of(a_form, sitting, worked_items(a_form, sitting, keys))

    assert (found.n_items, found.n_answered, found.hours) == (n_blocks * n_items, 0, ())
    assert found.blanks.share.n_correct == found.n_items


def test_the_start_of_the_day_is_the_first_block_and_not_the_tutorial():
    log = Log().add(delivery.Started(), at=0).add(delivery.BlockOpened(1), at=30)
    log.add(answered("test-101", "B"), at=45).add(delivery.BlockClosed(1), at=60)

    found = findings_of(FORM, fold(FORM, log.events), worked(log))

    assert T0 + timedelta(minutes=45) == worked(log)[0].at
    assert [part.name for part in found.hours] == [1]
