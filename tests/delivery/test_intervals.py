"""Intervals against published results, and what holds of them for any counts and values."""

from __future__ import annotations

import random
from math import comb, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.delivery import Marks, Word, against_all, marks_interval, sign_test, wilson
from bedside.delivery.intervals import (
    difference,
    exact_share,
    line,
    median_of,
    median_slope,
    net_gain,
    normal_quantile,
    shift,
    t_quantile,
)

UNTIMED = settings(deadline=None)  # a busy machine is no failure
COUNTS = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SOME = COUNTS.filter(lambda pair: pair[1] > 0)


# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10: the eight examples
@pytest.mark.parametrize(
    ("second", "first", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_of_a_difference_is_the_published_one(second, first, low, high):
    found = difference(wilson(*first), wilson(*second))

    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


# Newcombe (1998), Statistics in Medicine 17, 857-872, table I: the exact interval of the four examples
@pytest.mark.parametrize(
    ("n_correct", "n", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0000, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_the_exact_interval_of_a_share_is_the_published_one(n_correct, n, low, high):
    found = exact_share(n_correct, n)

    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


# Campbell & Gardner (1988), BMJ 296, 1454-1456: ranks of the values that bound the median, by the number of values
@pytest.mark.parametrize(("n", "low", "high"), [(6, 1, 6), (10, 2, 9), (20, 6, 15), (50, 18, 33), (100, 40, 61)])
def test_the_interval_of_a_median_lies_at_the_published_ranks(n, low, high):
    found = median_of(range(n, 0, -1))

    assert found is not None
    assert (found.low, found.high, found.n) == (low, high, n)


def test_five_values_are_too_few_for_an_interval_of_their_median():
    # (1/2)**5 * 2 = 6%: even the smallest and the largest enclose it in 94 of 100 cases only
    assert median_of([1, 2, 3, 4, 5]) is None
    assert median_of([]) is None


def test_the_shift_is_that_of_hollander_and_wolfe():
    # Hollander & Wolfe (1973), chapter 4, permeability of the chorioamnion: -0.305, and -0.76 to 0.15
    at_term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    early = [1.15, 0.88, 0.90, 0.74, 1.21]

    found = shift(at_term, early)

    assert found is not None
    assert [round(value, 3) for value in (found.value, found.low, found.high)] == [-0.305, -0.76, 0.15]


def test_the_median_slope_is_that_of_sen():
    # Sen (1968), JASA 63, 1379-1389: the example of section 6; 4 with 3.71 to 4.38 at 93%
    found = median_slope([1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78], z=normal_quantile(0.93))

    assert found is not None
    assert [round(value, 2) for value in (found.value, found.low, found.high)] == [4.0, 3.71, 4.38]


@pytest.mark.parametrize(("df", "t"), [(10, 2.2281), (20, 2.0860), (28, 2.0484), (60, 2.0003), (120, 1.9799)])
def test_the_quantile_of_t_is_that_of_the_tables(df, t):
    assert round(t_quantile(normal_quantile(0.95), df), 4) == t


def test_the_robust_slope_is_the_one_worked_out_by_hand():
    # x = 0 1 2 3, y = 0 0 1 1: means 1.5 and 0.5, Sxx = 5, slope 2/5; residuals 0.1 -0.3 0.3 -0.1, leverages 0.7 0.3 0.3 0.7
    # HC3: ((-1.5)(0.1)/0.3)^2 + ((-0.5)(-0.3)/0.7)^2, twice = 2 (0.25 + 0.045918) = 0.591837; its root over 5 is 0.153862
    found = line([0, 1, 2, 3], [0, 0, 1, 1], z=1.0)

    assert found is not None
    assert isclose(found.value, 0.4)
    # Student's t of one standard deviation with 2 degrees of freedom is sqrt(2) p / sqrt(1 - p p) = 1.3213 for p = 0.682689;
    # the expansion is within 2 in 1,000 of it even there
    assert found.high - found.value == pytest.approx(1.3213 * 0.153862, rel=2e-3)


def test_a_gain_is_its_two_shares_times_the_changes():
    # 10 of 12 gained: exact interval of 10/12 is 0.5159 to 0.9791 (Clopper & Pearson), so 12 (2p - 1) is 0.38 to 11.50
    found = net_gain(10, 2)

    assert (found.value, round(found.low, 2), round(found.high, 2), found.n) == (8.0, 0.38, 11.5, 12)
    # 2 (1 + 12 + 66) / 4096
    assert sign_test(10, 2) == pytest.approx(0.03857, abs=5e-6)


@UNTIMED
@given(st.integers(0, 60), st.integers(0, 60))
def test_the_interval_of_a_gain_leaves_zero_out_exactly_where_the_sign_test_does(gained, lost):
    assert (net_gain(gained, lost).sign != 0) == (sign_test(gained, lost) < 0.05)


@UNTIMED
@given(SOME, SOME)
def test_a_difference_lies_in_its_interval_and_turns_round_with_its_shares(first, second):
    there, back = difference(wilson(*first), wilson(*second)), difference(wilson(*second), wilson(*first))

    assert -1 <= there.low <= there.value <= there.high <= 1
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def tail(n: int, p: float, counts: range) -> float:
    """The chance of one of these counts among `n` draws at `p`."""
    return sum(comb(n, count) * p**count * (1 - p) ** (n - count) for count in counts)


@UNTIMED
@given(SOME)
def test_at_either_end_of_the_exact_interval_a_fortieth_lies_beyond(pair):
    n_correct, n = pair
    found = exact_share(n_correct, n)

    assert 0 <= found.low <= n_correct / n <= found.high <= 1
    if n_correct:
        assert tail(n, found.low, range(n_correct, n + 1)) == pytest.approx(0.025, rel=1e-6)
    if n_correct < n:
        assert tail(n, found.high, range(n_correct + 1)) == pytest.approx(0.025, rel=1e-6)


@UNTIMED
@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=80))
def test_a_median_lies_between_two_of_the_values(values):
    found = median_of(values)

    assert found is not None
    assert found.low <= found.value <= found.high
    assert {found.low, found.high} <= set(values)


@UNTIMED
@given(st.lists(st.integers(0, 1000), min_size=5, max_size=20), st.integers(-500, 500))
def test_a_shift_is_what_the_values_were_shifted_by(values, by):
    found = shift(values, [value + by for value in values])

    assert found is not None
    assert found.low <= by == found.value <= found.high


@UNTIMED
@given(st.integers(30, 60), st.integers(-9, 9).filter(bool))
def test_a_straight_line_has_its_slope(n, slope):
    xs = [float(x) for x in range(n)]
    ys = [slope * x for x in xs]

    straight, robust = line(xs, ys), median_slope(xs, ys)

    assert straight is not None
    assert robust is not None
    assert straight.value == pytest.approx(slope)
    assert robust.low == robust.value == robust.high == slope


def test_nothing_is_said_of_a_trend_where_nothing_varies():
    assert line([1.0] * 40, [0.0, 1.0] * 20) is None
    assert line(list(range(40)), [1.0] * 40) is None
    assert median_slope([1.0] * 40, list(range(40))) is None


def test_a_trend_is_claimed_in_five_of_a_hundred_days_that_have_none():
    """2,000 days of 120 items at 70%: the interval must leave zero out about as often as it says."""
    rng = random.Random(20260302)
    xs = [8 * item / 120 for item in range(120)]
    claimed = 0
    for _ in range(2000):
        found = line(xs, [float(rng.random() < 0.7) for _ in xs])
        claimed += found is not None and found.sign != 0

    # 5% of 2,000 is 100, with a standard deviation of 9.7; three of them either side
    assert 71 <= claimed <= 129


# --- marks --------------------------------------------------------------------------------------------------------------


@UNTIMED
@given(SOME, st.sampled_from([(1, 0), (4, -1), (3, -1), (1, -0.25)]))
def test_without_a_blank_item_the_interval_of_marks_is_wilsons_on_their_scale(pair, marks):
    n_right, n = pair
    correct, wrong = marks

    found = marks_interval([Marks(n_right, n - n_right, 0, correct, wrong, 0)])

    share = wilson(n_right, n)
    assert found.low == pytest.approx(n * (wrong + (correct - wrong) * share.low), abs=1e-6)
    assert found.high == pytest.approx(n * (wrong + (correct - wrong) * share.high), abs=1e-6)


@UNTIMED
@given(st.integers(0, 90), st.integers(0, 90), st.integers(0, 90))
def test_marks_lie_in_their_interval_and_the_interval_in_the_scale(right, wrong, blank):
    n = right + wrong + blank
    found = marks_interval([Marks(right, wrong, blank, 4, -1, 0)])

    assert found.value == 4 * right - wrong
    assert found.low <= found.value <= found.high
    # square-and-add may pass the ends of the scale by a little; never by more than a mark an item
    assert -2 * n <= found.low
    assert found.high <= 5 * n


def test_the_interval_of_marks_holds_the_expected_marks_as_often_as_it_says():
    """4,000 papers of 180 items at 55% right, 30% wrong, 15% blank, +4/-1: 95 of 100 intervals must hold 180 x 1.9 = 342."""
    rng = random.Random(20240505)
    held = 0
    for _ in range(4000):
        outcomes = rng.choices("rwb", weights=(55, 30, 15), k=180)
        found = marks_interval([Marks(outcomes.count("r"), outcomes.count("w"), outcomes.count("b"), 4, -1, 0)])
        held += found.low <= 342 <= found.high

    # 95% of 4,000 is 3,800, with a standard deviation of 13.8; three of them either side
    assert 3758 <= held <= 3842


def test_items_of_several_rules_add_as_variances_do():
    one = marks_interval([Marks(30, 30, 0, 1, 0, 0)])
    both = marks_interval([Marks(30, 30, 0, 1, 0, 0), Marks(30, 30, 0, 1, 0, 0)])

    assert both.value == 2 * one.value
    assert both.high - both.value == pytest.approx(2**0.5 * (one.high - one.value))


# --- areas --------------------------------------------------------------------------------------------------------------


@UNTIMED
@given(COUNTS, COUNTS, st.integers(1, 20))
def test_an_area_is_lower_only_where_its_interval_lies_below_the_own_share(area, rest, n_rows):
    everything = wilson(area[0] + rest[0], area[1] + rest[1])
    found = against_all(wilson(*area), everything, n_rows=n_rows)

    if area[1] == 0 or rest[1] == 0:
        assert found is None
        return
    assert found is not None
    own = area[0] / area[1] - everything.n_correct / everything.n
    assert found.difference.value == pytest.approx(own)
    assert (found.word is Word.LOWER) == (found.difference.high < 0)
    assert (found.word is Word.HIGHER) == (found.difference.low > 0)
    if found.word is Word.BORDERLINE:
        assert found.difference.low >= -0.10
        assert found.difference.high <= 0.10


def test_an_area_of_twenty_items_like_the_rest_has_no_word():
    found = against_all(wilson(14, 20), wilson(196, 280), n_rows=18)

    assert found is not None
    assert found.word is None


def test_half_a_long_form_like_the_rest_is_borderline():
    found = against_all(wilson(140, 200), wilson(280, 400), n_rows=1)

    assert found is not None
    assert found.word is Word.BORDERLINE


def test_no_area_has_a_word_in_ninety_five_of_a_hundred_days_without_a_difference():
    """1,000 days of 12 areas of 20 items at 65%: at least one "lower" or "higher" in five of a hundred at most."""
    rng = random.Random(7)
    with_word = 0
    for _ in range(1000):
        areas = [sum(rng.random() < 0.65 for _ in range(20)) for _ in range(12)]
        everything = wilson(sum(areas), 240)
        words = [against_all(wilson(right, 20), everything, n_rows=12) for right in areas]
        with_word += any(word is not None and word.word in {Word.LOWER, Word.HIGHER} for word in words)

    # 5% of 1,000 is 50, with a standard deviation of 6.9
    assert with_word <= 70
