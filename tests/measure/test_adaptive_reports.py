"""What is said about simulated tests, and the control of exposure."""

from __future__ import annotations

import numpy as np
import pytest

from bedside.measure import (
    AdaptiveTest,
    ContentBalance,
    MeasureError,
    SequentialDecision,
    SimulatedTests,
    control_exposure,
    report_tests,
    simulate_tests,
)
from tests.measure.test_adaptive import SHARES, bank, content, people


def made(given: list[list[int]], ability: list[float], theta: list[float], passed: list[bool]) -> SimulatedTests:
    items = np.array(given, dtype=np.int32)
    n = len(given)
    return SimulatedTests(
        ability=np.array(ability),
        given=items,
        correct=(items >= 0).astype(np.int8),
        theta=np.array(theta),
        se=np.full(n, 0.3),
        n_given=(items >= 0).sum(axis=1),
        reason=np.zeros(n, dtype=np.int8),
        passed=np.array(passed),
        n_selected=np.bincount(items[items >= 0], minlength=6),
    )


def test_the_numbers_of_a_report_are_those_counted_by_hand():
    tests = made([[0, 1, 2], [0, 1, 3], [0, 4, -1]], [-1.0, 0.5, 1.0], [-0.5, 0.5, 0.0], [False, True, False])

    report = report_tests(tests, decides=True, cut=0.0, bins=(-2.0, 0.0, 2.0))

    assert report.bias == pytest.approx((0.5 + 0 - 1) / 3)
    assert report.rmse == pytest.approx(np.sqrt((0.25 + 1) / 3))
    assert report.exposure.tolist() == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3, 1 / 3, 0])
    assert (report.most_exposed, report.n_never_given) == (1, 1)
    assert report.mean_length == pytest.approx(8 / 3)
    assert report.overlap == pytest.approx((2 + 1 + 1) / 3 / (8 / 3))  # items that the three pairs share
    below, above = report.by_ability
    assert (below.n, below.bias, below.mean_length) == pytest.approx((1, 0.5, 3))
    assert (above.n, above.rmse) == pytest.approx((2, np.sqrt(0.5)))
    assert report.decisions is not None
    assert (report.decisions.right, report.decisions.false_pass, report.decisions.false_fail) == pytest.approx(
        (2 / 3, 0, 1 / 3)
    )


def test_where_all_tests_have_one_length_the_overlap_is_that_of_the_exposures():
    """Chen, Ankenmann & Spray (2003): n / L var(exposure) + L / n, for many persons."""
    report = report_tests(simulate_tests(bank(), people(3_000), AdaptiveTest(15, n_best=5), 1))

    assert report.overlap == pytest.approx(120 / 15 * report.exposure.var() + 15 / 120, abs=1e-3)


def test_a_range_of_ability_without_persons_has_no_numbers():
    tests = made([[0]], [0.5], [0.5], [True])

    report = report_tests(tests, bins=(-1.0, 0.0, 1.0))

    assert report.by_ability[0].n == 0
    assert np.isnan(report.by_ability[0].rmse)
    assert report.decisions is None


def test_more_items_decide_better():
    ability = people(2_000)
    right = []
    for n in (5, 40):
        tests = simulate_tests(bank(300), ability, AdaptiveTest(n, min_items=n, decision=SequentialDecision(0.0)), 1)
        report = report_tests(tests, decides=True, cut=0.0)
        assert report.decisions is not None
        assert report.decisions.right + report.decisions.false_pass + report.decisions.false_fail == pytest.approx(1)
        right.append(report.decisions.right)
    assert right[1] > right[0] + 0.03


def test_controlled_exposure_stays_at_its_limit_for_other_persons_too():
    items, test = bank(300), AdaptiveTest(20)

    control = control_exposure(items, people(3_000), test, 0.25, seed=1)

    assert control.is_reached
    assert control.most_exposed[0] == 1  # the first item is the same for all
    kept = AdaptiveTest(20, keep=control.keep)
    report = report_tests(simulate_tests(items, people(3_000, seed=8), kept, 2))
    assert report.most_exposed <= 0.25 + 5 * np.sqrt(0.25 * 0.75 / 3_000)
    assert report.mean_length == 20


def test_control_of_exposure_leaves_each_area_items_that_are_always_kept():
    rules = content(method="multinomial")

    control = control_exposure(bank(), people(500), AdaptiveTest(20, content=rules), 0.4, seed=1, n_rounds=5)

    always = np.bincount(rules.area[control.keep == 1], minlength=4)
    assert (always >= rules.quotas(20)).all()


def test_a_limit_below_the_mean_exposure_is_refused():
    with pytest.raises(MeasureError, match="at most 10%"):
        control_exposure(bank(), people(10), AdaptiveTest(20), 0.1, seed=1)


def test_reports_need_persons_and_bins_that_rise():
    with pytest.raises(MeasureError, match="no simulated persons"):
        report_tests(simulate_tests(bank(), people(0), AdaptiveTest(5), 1))
    with pytest.raises(MeasureError, match="must rise"):
        report_tests(made([[0]], [0.0], [0.0], [True]), bins=(1.0, 0.0))


def test_shares_are_the_contents_own():
    assert ContentBalance(content().area, SHARES).quotas(10).tolist() == [4, 3, 2, 1]
