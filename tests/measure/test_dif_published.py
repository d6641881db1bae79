"""Every figure that difR prints of the verbal aggression data, to its four digits."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from bedside.measure import Responses, dif, logistic_dif, mantel_haenszel
from bedside.measure.fairness.logistic import jodoin_gierl_class
from bedside.measure.fairness.mantel import size_class
from tests.measure import published_dif as published

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")
pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data"),
]
DIGITS = 0.5e-4 * (1 + 1e-9)
ALL = np.ones(24, dtype=bool)


@pytest.fixture(scope="module")
def verbal():
    """24 items of 316 persons, and who is a man."""
    table = np.loadtxt(Path(SAMPLES or "") / "data/psychometrics/difR/verbal.txt", skiprows=1)
    return table[:, :24].astype(np.float32), table[:, 25] == 1


def near(found, printed):
    np.testing.assert_allclose(np.asarray(found, dtype=float), np.asarray(printed, dtype=float), atol=DIGITS, rtol=0)


def test_mantel_haenszel_is_as_printed(verbal):
    table, focal = verbal
    found = mantel_haenszel(table, focal, ALL)
    chi_square, odds, delta, z, _ = zip(*published.MH, strict=True)
    near(found.chi_square, chi_square)
    near(found.odds_ratio, odds)
    near(found.delta, delta)
    near(np.log(found.odds_ratio) / (found.se / 2.35), z)
    assert "".join(size_class(found.delta)) == "".join(row[4] for row in published.MH)


def test_mantel_haenszel_without_the_correction_is_as_printed(verbal):
    table, focal = verbal
    near(mantel_haenszel(table, focal, ALL, correct=False).chi_square, published.MH_WITHOUT_CORRECTION)


def test_mantel_haenszel_on_five_anchors_is_as_printed(verbal):
    table, focal = verbal
    found = mantel_haenszel(table, focal, np.arange(24) < 5)
    near(found.chi_square[list(published.MH_FIVE_ANCHORS)], list(published.MH_FIVE_ANCHORS.values()))


def test_mantel_haenszel_adjusted_and_purified_is_as_printed(verbal):
    table, focal = verbal
    responses = Responses.of_matrix(table)
    near([item.p_adjusted for item in dif(responses, focal, purify=False).items], published.MH_ADJUSTED)
    found = dif(responses, focal)
    near([(item.chi_square, item.effect) for item in found.items], published.MH_PURIFIED)
    near([item.p_adjusted for item in found.items], published.MH_PURIFIED_ADJUSTED)
    assert (found.rounds, found.converged) == (6, True)
    assert [item.item for item in found.items if item.flagged] == ["16", "17", "19"]


@pytest.mark.parametrize(
    ("kind", "printed"),
    [("both", published.LR_BOTH), ("uniform", published.LR_UNIFORM), ("nonuniform", published.LR_NONUNIFORM)],
)
def test_logistic_regression_is_as_printed(verbal, kind, printed):
    table, focal = verbal
    found = logistic_dif(table, focal, ALL, kind)
    near(np.column_stack([found.chi_square, found.r2_change]), printed)


def test_logistic_regression_purified_is_as_printed(verbal):
    table, focal = verbal
    found = dif(Responses.of_matrix(table), focal, "lr")
    near([(item.chi_square, item.effect) for item in found.items], [row[:2] for row in published.LR_PURIFIED])
    near([item.p_adjusted for item in found.items], published.LR_PURIFIED_ADJUSTED)
    classes = jodoin_gierl_class(np.array([item.effect for item in found.items]))
    assert "".join(classes) == "".join(row[2] for row in published.LR_PURIFIED)
    assert found.rounds == 2
