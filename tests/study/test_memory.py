"""Memories replayed from the log, against the library, a second library, and themselves."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from random import Random

import fsrs
import fsrs_rs_python
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.study import (
    DEFAULTS,
    Grade,
    Memory,
    Parameters,
    difficulty_after,
    first_difficulty,
    first_stability_days,
    interval_days,
    remembered,
    replay,
    retrievability,
    stability_after,
    study_day,
    takeaway,
)
from tests.study.made import DAY, NOON, reviewed

GRADES = st.sampled_from(Grade)
# what is reviewed, how many hours after the review before, and how it went
STEPS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 24 * 40), GRADES), min_size=1, max_size=25)


def log_of(steps):
    hours = 0
    log = []
    for n, (subject, gap, grade) in enumerate(steps):
        hours += gap
        log.append(reviewed(n, f"renal.{subject}", grade, NOON + timedelta(hours=hours)))
    return log


@given(STEPS, st.randoms())
def test_replaying_the_log_in_any_order_equals_stepping_through_it(steps, chance: Random):
    log = log_of(steps)
    by_steps: dict[str, Memory] = {}
    for review in log:
        on = study_day(review.at, UTC)
        by_steps[review.subject] = remembered(by_steps.get(review.subject), review.grade, on, DEFAULTS)
    shuffled = log.copy()
    chance.shuffle(shuffled)

    assert replay(shuffled, DEFAULTS, UTC).memories() == by_steps


@given(st.lists(st.tuples(st.integers(0, 60), GRADES), min_size=1, max_size=12))
def test_memories_are_those_of_the_pure_python_library(steps):
    scheduler = fsrs.Scheduler(learning_steps=[], relearning_steps=[], enable_fuzzing=False)
    other, at, memory = fsrs.Card(), NOON, None
    for gap, grade in steps:
        at += gap * DAY
        other, _log = scheduler.review_card(other, fsrs.Rating(int(grade)), at)
        memory = remembered(memory, grade, study_day(at, UTC), DEFAULTS)

    assert memory is not None
    assert memory.stability_days == pytest.approx(other.stability, rel=1e-3)
    assert memory.difficulty == pytest.approx(other.difficulty, rel=1e-3)


@given(st.floats(0.1, 3000), st.floats(1, 10), st.integers(0, 400), GRADES)
def test_the_formulas_over_columns_are_those_of_the_library(stability, difficulty, elapsed, grade):
    answers = DEFAULTS.model.next_states(fsrs_rs_python.MemoryState(stability, difficulty), 0.9, elapsed)
    state = (answers.again, answers.hard, answers.good, answers.easy)[grade - 1].memory
    columns = (np.array([stability]), np.array([difficulty]))

    after = stability_after(DEFAULTS, *columns, np.array([float(elapsed)]), grade)[0]

    assert after == pytest.approx(state.stability, rel=1e-3)
    assert difficulty_after(DEFAULTS, columns[1], grade)[0] == pytest.approx(state.difficulty, rel=1e-3)


@pytest.mark.parametrize("grade", list(Grade))
def test_the_first_review_is_that_of_the_library(grade):
    first = remembered(None, grade, date(2026, 3, 2), DEFAULTS)

    assert first_stability_days(DEFAULTS, grade) == pytest.approx(first.stability_days, rel=1e-6)
    assert first_difficulty(DEFAULTS, grade) == pytest.approx(first.difficulty, rel=1e-6)


@given(st.floats(0.01, 3000), st.floats(0.71, 0.99))
def test_after_the_interval_for_a_retention_that_share_is_remembered(stability, wanted):
    days = interval_days(DEFAULTS, np.array([stability]), wanted)

    assert retrievability(DEFAULTS, np.array([stability]), days)[0] == pytest.approx(wanted)


def test_after_as_many_days_as_the_stability_nine_of_ten_are_remembered():
    assert retrievability(DEFAULTS, np.array([12.0]), np.array([12.0]))[0] == pytest.approx(0.9)


def test_a_second_review_of_a_day_takes_the_same_day_step_and_is_no_lapse():
    log = [reviewed(1), reviewed(2, grade=Grade.AGAIN, at=NOON + timedelta(hours=2))]

    found = replay(log, DEFAULTS, UTC).memories()[takeaway("renal.a")]

    # stability times exp(w17 (1 - 3 + w18)) S^-w19 with the published parameters, from 2.3065
    assert found.stability_days == pytest.approx(2.3065 * np.exp(0.5425 * (-2 + 0.0912)) * 2.3065**-0.0658, rel=1e-4)
    assert (found.n_reviews, found.n_lapses) == (2, 0)


def test_an_evening_past_midnight_is_one_day():
    late = NOON.replace(hour=23)

    found = replay([reviewed(1, at=late), reviewed(2, at=late + timedelta(hours=4))], DEFAULTS, UTC).memories()

    assert found[takeaway("renal.a")].last_on == late.date()


def test_an_empty_log_is_an_empty_schedule():
    assert len(replay([], DEFAULTS, UTC)) == 0


def test_parameters_of_another_model_are_refused():
    with pytest.raises(UsageError, match="21 parameters, not 19"):
        Parameters((0.5,) * 19)
