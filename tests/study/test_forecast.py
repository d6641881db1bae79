"""What a candidate would score."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.study import DEFAULTS, Area, FirstAnswers, area_forecast
from tests.study.made import DAY, ON, made_known

AREAS = (Area("renal", 0.6, 100), Area("skin", 0.4, 100))


def answers(n_right, n_wrong, *, area=0, days_ago=0):
    n = n_right + n_wrong
    day = ON.toordinal() - days_ago
    return FirstAnswers(np.full(n, area, dtype=np.int16), np.arange(n) < n_right, np.full(n, day, dtype=np.int32))


def nobody():
    return made_known(0, 2, np.random.default_rng(1))


def test_without_answers_the_forecast_is_the_prior():
    forecast = area_forecast(AREAS, answers(0, 0), ON)

    assert forecast.p_unmet() == pytest.approx([0.4, 0.4])
    assert forecast.score(nobody(), DEFAULTS, ON).expected == pytest.approx(0.2 + 0.8 * 0.4)


def test_right_answers_raise_their_own_area_and_no_other():
    forecast = area_forecast(AREAS, answers(20, 0), ON)

    # 20 right beside a prior of 4 answers with 0.52 right: 22.08 of 24 right, less a fifth of lucky guesses
    assert forecast.p_unmet() == pytest.approx([(22.08 / 24 - 0.2) / 0.8, 0.4])


def test_as_many_right_as_guessing_brings_means_that_nothing_is_known():
    assert area_forecast(AREAS, answers(200, 800), ON).p_unmet()[0] == pytest.approx(0, abs=0.01)


def test_an_answer_counts_half_after_its_half_life():
    assert area_forecast(AREAS, answers(10, 0, days_ago=90), ON).n_answers[0] == pytest.approx(5)


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_interval_holds_the_expectation_and_narrows_with_answers(n_right, n_wrong):
    few = area_forecast(AREAS, answers(n_right, n_wrong), ON).score(nobody(), DEFAULTS, ON)
    many = area_forecast(AREAS, answers(10 * n_right + 10, 10 * n_wrong + 10), ON).score(nobody(), DEFAULTS, ON)

    assert 0 <= few.low <= few.expected <= few.high <= 1
    assert many.high - many.low < few.high - few.low


def test_without_study_the_score_falls_as_memories_fade():
    known = made_known(80, 2, np.random.default_rng(1))
    forecast = area_forecast(AREAS, answers(0, 0), ON)

    scores = [forecast.score(known, DEFAULTS, ON + timedelta(days=days)).expected for days in (0, 30, 300)]

    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1] + 0.05


def test_an_area_held_in_memory_no_longer_leans_on_guesses_about_it():
    known = made_known(200, 2, np.random.default_rng(1))
    one, other = (area_forecast(AREAS, answers(*counts), ON).score(known, DEFAULTS, ON + DAY) for counts in ((9, 1), (1, 9)))

    full = np.bincount(known.area) >= 100
    assert one.by_area[full] == pytest.approx(other.by_area[full])
