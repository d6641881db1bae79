"""When subjects fall due."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.study import DEFAULTS, Levelling, Schedule, Subject, desired_retention, due_days, replay, window
from tests.study.made import DAY, NOON, ON, reviewed


def crowd(n):
    return replay([reviewed(index, f"renal.t{index}") for index in range(n)], DEFAULTS, UTC)


def grown(n, stability):
    """So many subjects reviewed on one day, all with one stability."""
    counts = np.ones(n, dtype=np.int32)
    subjects = tuple(Subject(f"takeaway:t{index}") for index in range(n))
    return Schedule(subjects, np.full(n, stability), np.full(n, 5.0), counts * ON.toordinal(), counts, counts)


@given(st.floats(0.01, 5000))
def test_a_window_holds_its_interval_and_no_day_before_tomorrow(interval):
    low, high = window(interval)

    assert 1 <= low <= high
    assert low - 1 <= max(1, interval) <= high + 1


def test_near_the_exam_more_is_wanted_back_than_far_from_it():
    shares = [desired_retention(days) for days in (0, 14, 50, 90, 200, 365, 1000)]

    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[3], shares[-1], desired_retention(None)) == (0.95, 0.90, 0.85, 0.90)


def test_what_was_learned_in_one_evening_does_not_come_back_in_one_morning():
    found = Counter(due_days(grown(110, 30.0), DEFAULTS, None).tolist())

    low, high = window(30.0)
    assert set(found) == set(range(ON.toordinal() + low, ON.toordinal() + high + 1))
    assert max(found.values()) - min(found.values()) <= 1


def test_nothing_falls_due_on_a_day_off_while_its_window_holds_another():
    off = frozenset(range(ON.toordinal() + 28, ON.toordinal() + 31))

    found = due_days(grown(50, 30.0), DEFAULTS, None, levelling=Levelling(days_off=off))

    assert off.isdisjoint(found.tolist())


def test_days_that_are_full_already_are_filled_last():
    low, high = window(30.0)
    full = dict.fromkeys(range(ON.toordinal() + low, ON.toordinal() + high), 100)

    found = due_days(grown(20, 30.0), DEFAULTS, None, levelling=Levelling(n_due=full))

    assert set(found.tolist()) == {ON.toordinal() + high}


def test_a_merged_log_falls_due_alike_on_both_machines():
    one = [reviewed(index, f"renal.t{index}") for index in range(30)]
    two = [reviewed(100 + index, f"renal.t{index}", at=NOON + 5 * DAY) for index in range(0, 30, 2)]

    here = due_days(replay([*one, *two], DEFAULTS, UTC), DEFAULTS, ON + 60 * DAY)
    there = due_days(replay([*two, *one], DEFAULTS, UTC), DEFAULTS, ON + 60 * DAY)

    assert here.tolist() == there.tolist()


def test_intervals_shorten_as_the_exam_comes_near():
    far, near = (due_days(grown(1, 40.0), DEFAULTS, ON + timedelta(days=days))[0] for days in (400, 20))

    assert near < far


def test_an_empty_schedule_has_no_due_days():
    assert due_days(replace(crowd(0)), DEFAULTS, None).tolist() == []


@pytest.mark.parametrize("n", [1, 40])
def test_every_subject_falls_due_within_its_window(n):
    schedule = grown(n, 12.0)

    low, high = window(12.0)
    found = due_days(schedule, DEFAULTS, None) - ON.toordinal()
    assert all(low <= day <= high for day in found.tolist())
