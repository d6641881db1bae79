"""Scales put together: published constants, planted lines, and anchors that moved."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.measure import (
    LINK_METHODS,
    Grid,
    Link,
    MeasureError,
    NotIdentifiedError,
    chain,
    expected_score,
    link_scales,
)
from tests.measure.made_items import items_of, some_items

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")
CURVES = ("haebara", "stocking-lord")
SLOPES, INTERCEPTS = st.floats(0.4, 2.5), st.floats(-2.0, 2.0)


def kolen_and_brennan():
    """Forms X and Y of Kolen & Brennan, Table 6.5: every third item is common; published with the factor 1.7."""
    rdata = pytest.importorskip("rdata")
    path = Path(SAMPLES or ".") / "data/psychometrics/SNSequate/KB36.rda"
    if not path.exists():
        pytest.skip(f"no {path.name} in the sample data")
    forms = rdata.conversion.convert(rdata.parser.parse_file(path))["KB36"]
    found = []
    for form in "XY":
        a, b, c = np.asarray(forms[f"KBform{form}_par"]).T
        ids = tuple(f"common{n}" if n % 3 == 0 else f"{form}{n}" for n in range(1, 37))
        found.append(items_of(1.7 * a, b, c, ids=ids))
    return found


@pytest.mark.samples
@pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data")
@pytest.mark.parametrize(
    ("method", "without", "slope", "intercept"),
    [
        ("mean-sigma", (), 1.1689, -0.5155),
        ("mean-mean", (), 1.2173, -0.5572),
        ("haebara", (), 1.0693, -0.4755),
        ("stocking-lord", (), 1.0908, -0.4963),
        ("mean-sigma", ("common27",), 1.1761, -0.5042),
        ("haebara", ("common27",), 1.0667, -0.4567),
        ("stocking-lord", ("common27",), 1.0850, -0.4730),
    ],
)
def test_the_constants_of_kolen_and_brennan_are_reproduced_to_four_decimals(method, without, slope, intercept):
    found = link_scales(*kolen_and_brennan(), method=method, without=without)

    assert round(found.link.slope, 4) == slope
    assert round(found.link.intercept, 4) == intercept
    assert len(found.anchors) == 12 - len(without)


@pytest.mark.samples
@pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data")
def test_item_27_of_kolen_and_brennan_which_they_drop_is_flagged():
    found = link_scales(*kolen_and_brennan(), method="mean-sigma")
    assert next(one for one in found.drift if one.item == "common27").is_flagged


@pytest.mark.parametrize("method", LINK_METHODS)
@given(seed=st.integers(0, 2**32 - 1), slope=SLOPES, intercept=INTERCEPTS)
@settings(max_examples=12)
def test_a_planted_line_is_found_by_every_method(method, seed, slope, intercept):
    origin = some_items(15, np.random.default_rng(seed), guessing=0.1)
    target = Link(slope, intercept).items(origin)

    found = link_scales(origin, target, method=method)

    assert found.link.slope == pytest.approx(slope, rel=1e-5)
    assert found.link.intercept == pytest.approx(intercept, abs=1e-5)
    assert not any(one.is_flagged for one in found.drift)


@pytest.mark.parametrize("method", LINK_METHODS)
def test_the_way_back_is_the_inverse_of_the_way_there(method):
    rng = np.random.default_rng(1)
    origin = some_items(20, rng)
    moved = replace(origin, difficulty=origin.difficulty + rng.normal(0, 0.2, 20), discrimination=origin.discrimination * 1.1)

    there = link_scales(origin, moved, method=method, sides="both").link
    back = link_scales(moved, origin, method=method, sides="both").link

    assert back.slope == pytest.approx(1 / there.slope, rel=1e-6)
    assert back.intercept == pytest.approx(-there.intercept / there.slope, abs=1e-6)


@pytest.mark.parametrize("method", CURVES)
@pytest.mark.parametrize(("sides", "other"), [("to", "from"), ("from", "to")])
def test_curves_compared_on_one_side_are_those_compared_on_the_other_the_other_way_round(method, sides, other):
    rng = np.random.default_rng(2)
    origin = some_items(20, rng)
    moved = replace(origin, difficulty=1.2 * origin.difficulty + rng.normal(0, 0.2, 20))

    there = link_scales(origin, moved, method=method, sides=sides).link
    back = link_scales(moved, origin, method=method, sides=other).link

    assert back.inverse().slope == pytest.approx(there.slope, rel=1e-6)
    assert back.inverse().intercept == pytest.approx(there.intercept, abs=1e-6)


@pytest.mark.parametrize("method", CURVES)
def test_curve_methods_lose_least_at_the_line_they_give(method):
    rng = np.random.default_rng(3)
    origin = some_items(10, rng, guessing=0.1)
    target = replace(origin, difficulty=origin.difficulty + rng.normal(0, 0.3, 10))
    grid = Grid(np.linspace(-3, 3, 25), np.linspace(1, 2, 25))

    def lost(link):
        p = [
            target.guessing + (1 - target.guessing) / (1 + np.exp(-target.discrimination * (t - target.difficulty)))
            for t in grid.points
        ]
        moved = link.items(origin)
        q = [
            moved.guessing + (1 - moved.guessing) / (1 + np.exp(-moved.discrimination * (t - moved.difficulty)))
            for t in grid.points
        ]
        apart = np.array(p) - np.array(q)
        return grid.weights @ ((apart**2).sum(axis=1) if method == "haebara" else apart.sum(axis=1) ** 2)

    best = link_scales(origin, target, method=method, grid=grid).link

    for slope, intercept in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)):
        assert lost(Link(best.slope + slope, best.intercept + intercept)) > lost(best)


@given(SLOPES, INTERCEPTS, SLOPES, INTERCEPTS, st.floats(-4, 4))
def test_a_chain_of_links_is_one_after_the_other_and_its_inverse_leads_back(slope1, intercept1, slope2, intercept2, theta):
    one, two = Link(slope1, intercept1), Link(slope2, intercept2)
    whole, at = chain([one, two]), np.array([theta])

    assert whole.theta(at) == pytest.approx(two.theta(one.theta(at)))
    assert whole.inverse().theta(whole.theta(at)) == pytest.approx(at)
    assert chain([]).theta(at) == at


@given(st.integers(0, 2**32 - 1), SLOPES, INTERCEPTS)
def test_linked_items_are_answered_as_before_by_linked_persons(seed, slope, intercept):
    items, theta = some_items(8, np.random.default_rng(seed), guessing=0.1), np.linspace(-3, 3, 7)
    link = Link(slope, intercept)
    np.testing.assert_allclose(expected_score(link.items(items), link.theta(theta)), expected_score(items, theta), atol=1e-9)


def test_standard_errors_go_along_with_their_parameters():
    items = replace(items_of([1.0], [0.5]), se_difficulty=np.array([0.1]), se_discrimination=np.array([0.2]))
    linked = Link(2.0, 1.0).items(items)
    assert (linked.se_difficulty[0], linked.se_discrimination[0]) == (0.2, 0.1)


def test_an_anchor_that_became_harder_is_flagged_and_the_link_can_do_without_it():
    rng = np.random.default_rng(4)
    origin = some_items(40, rng)
    difficulty = origin.difficulty + rng.normal(0, 0.05, 40)
    difficulty[7] += 0.8
    target = replace(origin, difficulty=difficulty, discrimination=origin.discrimination * rng.lognormal(0, 0.05, 40))

    found = link_scales(origin, target)

    moved = max(found.drift, key=lambda one: abs(one.z))
    assert (moved.item, moved.is_flagged) == ("item7", True)
    assert moved.displacement == pytest.approx(0.8, abs=0.15)
    without = link_scales(origin, target, without=["item7"])
    assert "item7" not in without.anchors
    assert [one.is_used for one in without.drift].count(False) == 1
    assert abs(without.link.intercept) < abs(found.link.intercept)


def test_of_anchors_that_did_not_move_few_are_flagged():
    rng = np.random.default_rng(5)
    flags = []
    for _ in range(100):
        origin = some_items(40, rng)
        target = replace(
            origin,
            difficulty=origin.difficulty + rng.normal(0, 0.1, 40),
            discrimination=origin.discrimination * rng.lognormal(0, 0.1, 40),
        )
        flags += [one.is_flagged for one in link_scales(origin, target, method="mean-sigma").drift]

    # two looks at 0.7% each; a spread that is itself estimated from 40 adds to it
    assert 0.01 < np.mean(flags) < 0.035


def test_the_standard_error_of_a_displacement_is_that_of_both_calibrations():
    origin = replace(items_of([1.0, 1.0, 1.0], [-1.0, 0.0, 1.0]), se_difficulty=np.full(3, 0.3))
    target = replace(Link(2.0, 0.0).items(origin), se_difficulty=np.full(3, 0.8))
    assert [one.se for one in link_scales(origin, target).drift] == pytest.approx([1.0] * 3)


def test_only_items_in_both_are_anchors_whatever_their_order():
    origin = items_of([1.0, 2.0, 1.5], [-1.0, 0.0, 1.0], ids=("a", "b", "c"))
    target = items_of([1.5, 9.0, 1.0], [1.5, 0.0, -0.5], ids=("c", "z", "a"))

    found = link_scales(origin, target, method="mean-sigma")

    assert found.anchors == ("a", "c")
    assert (found.link.slope, found.link.intercept) == pytest.approx((1.0, 0.5))


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"method": "mean"}, MeasureError, "mean-sigma"),
        ({"sides": "left"}, MeasureError, "both"),
        ({"without": ["z"]}, MeasureError, "z"),
        ({"without": ["a", "b"]}, NotIdentifiedError, "more anchors"),
    ],
)
def test_a_link_that_cannot_be_had_is_refused(change, error, text):
    items = items_of([1.0, 1.0], [0.0, 1.0], ids=("a", "b"))
    with pytest.raises(error, match=text):
        link_scales(items, items, **change)


def test_anchors_that_say_nothing_of_the_slope_are_refused():
    alike = items_of([1.0, 1.0], [0.5, 0.5])
    with pytest.raises(NotIdentifiedError, match="equally difficult"):
        link_scales(alike, alike, method="stocking-lord")
    backwards = items_of([-1.0, -1.0], [0.5, 0.7])
    with pytest.raises(NotIdentifiedError, match="discrimination"):
        link_scales(alike, backwards, method="mean-mean")
