"""Cuts that a panel sets, by sums done by hand, and panels that were made up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.measure import MeasureError, angoff, bookmark, hofstee, impact, ordered_booklet, theta_of_score
from tests.measure.made_items import items_of, right, some_items

SHARES = st.integers(0, 100).map(lambda n: n / 100)


def test_the_angoff_cut_is_the_mean_of_what_each_judge_alone_would_set():
    found = angoff(np.array([[0.5, 0.6, 0.9], [0.7, 0.6, 0.9], [0.6, 0.9, 0.9]]))

    assert found.by_judge == pytest.approx([2.0, 2.2, 2.4])
    assert found.cut == pytest.approx(2.2)
    assert found.se == pytest.approx(0.2 / np.sqrt(3))


def test_judges_who_agree_leave_only_the_sampling_of_items():
    ratings = np.tile([0.2, 0.4, 0.9, 0.5], (6, 1))
    found = angoff(ratings)

    assert found.se == pytest.approx(0.0, abs=1e-12)
    assert found.se_judges_and_items == pytest.approx(4 * ratings[0].std(ddof=1) / np.sqrt(4))


def test_the_wider_standard_error_is_how_much_cuts_differ_between_panels_and_forms():
    rng = np.random.default_rng(1)
    n_judges, n_items = 8, 40
    cuts, stated = [], []
    for _ in range(600):
        leniency, ease = rng.normal(0, 0.03, (n_judges, 1)), rng.normal(0, 0.06, n_items)
        found = angoff(0.5 + leniency + ease + rng.normal(0, 0.03, (n_judges, n_items)))
        cuts.append(found.cut)
        stated.append(found.se_judges_and_items)

    assert np.sqrt(np.mean(np.square(stated))) == pytest.approx(np.std(cuts), rel=0.1)


@given(st.integers(2, 6), st.integers(1, 8), st.randoms(use_true_random=False))
def test_an_angoff_cut_lies_within_the_form_and_its_errors_are_in_order(n_judges, n_items, chance):
    found = angoff(np.array([[chance.random() for _ in range(n_items)] for _ in range(n_judges)]))
    assert 0 <= found.cut <= n_items
    assert 0 <= found.se <= found.se_judges_and_items + 1e-9


@pytest.mark.parametrize(
    ("ratings", "text"),
    [([[0.5]], "two judges"), ([[], []], "one item"), ([[0.5, 1.1], [0.5, 0.5]], "judge 1 gives item 2 1.1")],
)
def test_ratings_that_are_none_are_refused(ratings, text):
    with pytest.raises(MeasureError, match=text):
        angoff(np.array(ratings))
    with pytest.raises(MeasureError, match="nan"):
        angoff(np.array([[0.5, 0.5], [0.5, np.nan]]))


def test_impact_tells_who_fails_at_the_cut_and_around_it():
    scores = np.array([50.0, 60, 60, 61, 70, 80, 90, 90, 95, 99])

    found = impact(scores, 61.0, 10.0)

    assert found.cuts.tolist() == [41, 51, 61, 71, 81]
    assert found.share_failing.tolist() == [0.0, 0.1, 0.3, 0.5, 0.6]  # at the cut one passes
    assert impact(scores, 61.0).share_failing.tolist() == [0.3]
    for wrong in ((np.array([]), 1.0, 0.0), (scores, np.nan, 0.0), (scores, 1.0, -1.0)):
        with pytest.raises(MeasureError):
            impact(*wrong)


def test_a_raw_cut_is_the_ability_that_is_expected_to_have_it():
    items = items_of([1.0] * 4, [0.3] * 4)
    assert theta_of_score(items, 2.0) == pytest.approx(0.3)


def test_items_stand_in_the_booklet_where_they_are_answered_with_the_response_probability():
    items = some_items(30, np.random.default_rng(2), guessing=0.15)
    booklet = ordered_booklet(items)

    assert (np.diff(booklet.locations) >= 0).all()
    for name, location in zip(booklet.ids, booklet.locations, strict=True):
        assert right(items, location)[items.ids.index(name)] == pytest.approx(2 / 3)
    assert ordered_booklet(items, response_probability=0.8).locations[0] > booklet.locations[0]


def test_with_guessing_taken_off_an_item_stands_where_it_is_known_with_the_response_probability():
    item = items_of([1.5], [0.4], [0.25])
    assert ordered_booklet(item, is_guessing_counted=False).locations[0] == pytest.approx(0.4 + np.log(2) / 1.5)


def test_items_that_never_have_the_response_probability_are_named():
    items = items_of([1.0, 1.0, -0.5], [0.0, 0.0, 0.0], [0.0, 0.7, 0.0], ids=("sound", "guessed", "backwards"))
    with pytest.raises(MeasureError, match="guessed, backwards"):
        ordered_booklet(items)
    for wrong in (0.0, 1.0):
        with pytest.raises(MeasureError, match="response probability"):
            ordered_booklet(items, response_probability=wrong)


def five_pages():
    return ordered_booklet(items_of([1.0] * 5, np.array([0.0, 1.0, 2.0, 4.0, 5.0]) - np.log(2)))


@pytest.mark.parametrize(
    ("place", "by_judge"), [("before", [0.0, 1.0, 2.0]), ("between", [0.5, 1.5, 3.0]), ("at", [1.0, 2.0, 4.0])]
)
def test_a_bookmark_stands_for_the_item_before_it_at_it_or_midway(place, by_judge):
    found = bookmark(five_pages(), np.array([2, 3, 4]), place=place, centre="mean")

    assert found.by_judge == pytest.approx(by_judge)
    assert found.cut == pytest.approx(np.mean(by_judge))
    assert found.se == pytest.approx(np.std(by_judge, ddof=1) / np.sqrt(3))


def test_a_bookmark_behind_the_last_page_is_the_last_item():
    assert bookmark(five_pages(), np.array([6, 6, 6])).cut == pytest.approx(5.0)


def test_the_standard_error_of_a_median_is_how_much_medians_differ():
    rng = np.random.default_rng(3)
    booklet = ordered_booklet(items_of(np.ones(400), np.linspace(-4, 4, 400)))
    medians, stated = [], []
    for _ in range(600):
        found = bookmark(booklet, np.clip(rng.normal(200, 40, 15).round().astype(int), 2, 400))
        medians.append(found.cut)
        stated.append(found.se)

    assert np.mean(stated) == pytest.approx(np.std(medians), rel=0.1)


@pytest.mark.parametrize(
    ("pages", "place", "text"),
    [
        ([3], "before", "two judges"),
        ([2.5, 3.0], "before", "whole numbers"),
        ([1, 3], "before", "page 2 to 6"),
        ([2, 6], "between", "page 2 to 5"),
        ([0, 2], "at", "page 1 to 5"),
        ([2, 3], "after", "after"),
    ],
)
def test_bookmarks_that_stand_nowhere_are_refused(pages, place, text):
    with pytest.raises(MeasureError, match=text):
        bookmark(five_pages(), np.array(pages), place=place)


def panel(lowest_cut, highest_cut, lowest_failing, highest_failing, n_judges=3):
    names = ("lowest_cut", "highest_cut", "lowest_failing", "highest_failing")
    values = (lowest_cut, highest_cut, lowest_failing, highest_failing)
    return {name: np.full(n_judges, value) for name, value in zip(names, values, strict=True)}


def test_hofstees_cut_is_where_failures_meet_the_line():
    scores = np.arange(1000) / 10  # share below k is k / 100
    found = hofstee(scores, **panel(40.0, 60.0, 0.2, 0.8))

    # k / 100 = 0.8 - 0.6 (k - 40) / 20 at k = 50
    assert found.cut == pytest.approx(50.0, abs=0.1)
    assert found.share_failing == pytest.approx(0.5, abs=0.002)
    assert found.missed is None
    assert found.se == 0.0


def test_a_curve_that_misses_the_box_is_said_and_the_nearest_acceptable_cut_given():
    scores = np.arange(1000) / 10
    weak = hofstee(scores, **panel(60.0, 70.0, 0.1, 0.3))
    strong = hofstee(scores, **panel(20.0, 30.0, 0.5, 0.8))

    assert (weak.cut, weak.missed) == (60.0, "above")
    assert weak.share_failing == pytest.approx(0.6)
    assert (strong.cut, strong.missed) == (30.0, "below")
    assert strong.share_failing == pytest.approx(0.3)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.floats(0, 39), st.floats(0.01, 20), st.tuples(SHARES, SHARES))
def test_hofstees_cut_is_the_highest_that_fails_no_more_than_the_line(scores, low, width, shares):
    (least, most), high = sorted(shares), low + width
    found = hofstee(np.array(scores), **panel(low, high, least, most, n_judges=4))  # whose mean is exact

    def over(cut):
        return np.mean(np.array(scores) < cut) - (most - (most - least) * (cut - low) / (high - low))

    assert low <= found.cut <= high
    assert found.share_failing == np.mean(np.array(scores) < found.cut)
    if found.missed is None:
        assert over(found.cut) <= 1e-9
        if found.cut < high - 1e-9:
            assert over(found.cut + 1e-6) > -1e-6
    else:
        assert (over(low) > 0) if found.missed == "above" else (over(high) < 0)


def test_the_standard_error_of_a_hofstee_cut_is_how_much_panels_differ():
    rng = np.random.default_rng(4)
    scores = rng.normal(70, 10, 5_000)
    cuts, stated = [], []
    for _ in range(300):
        found = hofstee(
            scores,
            lowest_cut=rng.normal(55, 3, 12),
            highest_cut=rng.normal(70, 3, 12),
            lowest_failing=np.full(12, 0.02),
            highest_failing=rng.uniform(0.2, 0.4, 12),
        )
        cuts.append(found.cut)
        stated.append(found.se)

    assert np.sqrt(np.mean(np.square(stated))) == pytest.approx(np.std(cuts), rel=0.15)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"lowest_cut": [50.0, 90.0]}, "judge 2"),
        ({"lowest_failing": [0.9, 0.1]}, "judge 1"),
        ({"highest_failing": [0.3, 1.2]}, "judge 2"),
        ({"highest_cut": [np.nan, 60.0]}, "two judges"),
    ],
)
def test_limits_out_of_order_are_refused_with_the_judge(change, text):
    with pytest.raises(MeasureError, match=text):
        hofstee(np.arange(10), **{**panel(40.0, 60.0, 0.1, 0.3, 2), **{name: np.array(v) for name, v in change.items()}})
    with pytest.raises(MeasureError, match="two judges"):
        hofstee(np.arange(10), **panel(40.0, 60.0, 0.1, 0.3, 1))
    with pytest.raises(MeasureError, match="who sat"):
        hofstee(np.array([]), **panel(40.0, 60.0, 0.1, 0.3))
