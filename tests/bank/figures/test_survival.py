"""Kaplan-Meier curves: the estimate by another routine, chance that holds to its median, and what is drawn."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures.product_limit import Times, at_risk, drawn_times, product_limit
from bedside.bank.figures.survival import KIND, SurvivalParameters, groups_of
from tests.support.figure_sheets import documented, refusal, sheet_of, words_in


def by_hand(times: Times, moment: float) -> float:
    """Person by person, in the order of their times; somebody censored at the time of an event is still at risk then."""
    people = sorted(zip(times.seen.tolist(), [not event for event in times.is_event.tolist()], strict=True))
    left, share = len(people), 1.0
    for time, is_censored in people:
        if time > moment:
            break
        if not is_censored:
            share *= (left - 1) / left
        left -= 1
    return share


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=30), st.integers(0, 13))
@settings(deadline=None)
def test_the_estimate_is_that_of_another_routine(people: list[tuple[int, bool]], moment: int) -> None:
    times = Times(np.array([float(time) for time, _ in people]), np.array([event for _, event in people]))
    assert product_limit(times).at(moment) == pytest.approx(by_hand(times, moment), abs=1e-12)


def test_without_censoring_the_estimate_is_the_share_that_is_left() -> None:
    times = drawn_times(12, 1, 400, seed=3, group=0, accrual=0, follow=1000, lost=0)
    assert times.is_event.all()
    for moment in (3.0, 12.0, 30.0):
        assert product_limit(times).at(moment) == pytest.approx(np.mean(times.seen > moment), abs=1e-12)


@pytest.mark.parametrize("shape", [0.7, 1, 2])
def test_times_follow_the_hazard_that_was_asked_for(shape: float) -> None:
    times = drawn_times(12, shape, 40_000, seed=5, group=0, accrual=30, follow=60, lost=0.2)
    estimate = product_limit(Times(times.seen.round(1), times.is_event))
    for moment in (4.0, 12.0, 24.0):
        assert estimate.at(moment) == pytest.approx(exp(-log(2) * (moment / 12) ** shape), abs=0.015)


def test_nobody_is_followed_beyond_the_end_and_censoring_begins_when_the_last_ones_entered() -> None:
    times = drawn_times(50, 1, 500, seed=1, group=0, accrual=20, follow=60, lost=0)
    assert times.seen.max() <= 60
    assert times.seen[~times.is_event].min() >= 40
    lost = drawn_times(50, 1, 500, seed=1, group=0, accrual=20, follow=60, lost=0.5)
    assert lost.seen[~lost.is_event].min() < 40


def test_a_hazard_gives_its_own_median() -> None:
    assert SurvivalParameters(hazard=(0.05,)).medians()[0] == pytest.approx(log(2) / 0.05)


def test_those_at_risk_are_written_below_the_curve() -> None:
    given_words = SurvivalParameters(median=(14, 22), n=(150,), seed=4)
    words = words_in(sheet_of("survival median=14,22 n=150 seed=4"))
    row = words[words.index("Number at risk") + 1 :]
    moments = [0, 10, 20, 30, 40, 50, 60]
    for name, times in zip("AB", groups_of(given_words), strict=True):
        numbers = [str(int(np.count_nonzero(times.seen >= moment))) for moment in moments]
        start = row.index(name) + 1
        assert row[start : start + len(moments)] == numbers
    assert at_risk(groups_of(given_words)[0], 0) == 150


def test_a_tick_stands_where_somebody_is_censored_and_a_step_where_somebody_has_the_event() -> None:
    times = groups_of(SurvivalParameters(median=(10,), n=(60,), seed=7))[0]
    root = sheet_of("survival median=10 n=60 seed=7")
    curve = next(str(mark.get("d")) for mark in root.iter("path") if mark.get("class") == "line d0")
    ticks = next(str(mark.get("d")) for mark in root.iter("path") if mark.get("class") == "trace")
    assert curve.count("V") == len(np.unique(times.seen[times.is_event]))
    assert ticks.count("v8") == np.count_nonzero(~times.is_event)


@given(
    st.lists(st.floats(0.5, 200), min_size=1, max_size=3),
    st.integers(10, 500),
    st.floats(0.4, 4),
    st.tuples(st.floats(10, 500), st.floats(0, 0.6)),
    st.integers(1, 9999),
)
@settings(max_examples=30, deadline=None)
def test_every_study_stays_on_its_sheet(
    medians: list[float], n: int, shape: float, followed: tuple[float, float], seed: int
) -> None:
    given_medians = ",".join(f"{one:.2f}" for one in medians)
    names = ",".join(("Placebo", "A&B", "A long name of a group")[: len(medians)])
    words = f"survival median={given_medians} n={n} shape={shape:.2f} seed={seed} accrual=0.5"
    sheet_of(f'{words} follow={followed[0]:.1f} lost={followed[1]:.2f} names="{names}"')


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("survival", "either median or hazard"),
        ("survival median=10 hazard=0.1", "either median or hazard"),
        ("survival median=10,20 n=10,20,30", "n is one number"),
        ("survival median=10,20 names=A", "names are 2"),
        ("survival median=10,20 names=A,A", "same name"),
        ("survival median=900 follow=2", "nobody"),
        ("survival median=0", "greater than"),
    ],
)
def test_a_study_that_cannot_be_is_refused_with_advice(words: str, said: str) -> None:
    assert said in refusal(words)


def test_the_kind_is_documented() -> None:
    documented(KIND)
