"""Items that work otherwise in two groups: against other ways to compute the same, and on data with and without DIF."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, roots_hermitenorm
from scipy.stats import chi2_contingency

from bedside.cli import run
from bedside.errors import UsageError
from bedside.measure import MeasureError, Responses, TooFewResponsesError, dif, logistic_dif, mantel_haenszel
from bedside.measure.fairness.irt import covariance, fit_groups, lord_chi_squares
from bedside.measure.fairness.likelihood_ratio import likelihood_ratios
from bedside.measure.fairness.mantel import ets_class


def made(seed, n_persons, n_items, *, harder=0.0, n_harder=0, impact=-0.4):
    """Answers of two groups whose abilities differ; the first items are harder for the focal group by `harder` logits."""
    chance = np.random.default_rng(seed)
    focal = np.arange(n_persons) % 3 == 0
    theta = chance.standard_normal(n_persons) + impact * focal
    slope, intercept = chance.uniform(0.8, 1.6, n_items), chance.normal(0.3, 0.8, n_items)
    logit = theta[:, None] * slope + intercept
    logit[:, :n_harder] -= harder * focal[:, None]
    return (chance.random(logit.shape) < expit(logit)).astype(np.float32), focal


def marginal(vector, table, focal, split):
    """The log-likelihood of a 2PL by Gauss-Hermite quadrature, with item `split` apart in the focal group; written anew."""
    n = table.shape[1]
    node, weight = roots_hermitenorm(41)
    weight = weight / weight.sum()
    mean, sd = vector[2 * n], np.exp(vector[2 * n + 1])
    total = 0.0
    for group in (False, True):
        a, d = vector[:n].copy(), vector[n : 2 * n].copy()
        if group and split is not None:
            a[split], d[split] = vector[2 * n + 2 :]
        theta = mean + sd * node if group else node
        p = np.clip(expit(np.outer(theta, a) + d), 1e-12, 1 - 1e-12)
        part = table[focal == group]
        likelihood = np.exp(part @ np.log(p).T + (1 - part) @ np.log(1 - p).T)
        total += np.log(likelihood @ weight).sum()
    return total


def highest(table, focal, split):
    n = table.shape[1]
    start = np.concatenate([np.ones(n), np.zeros(n), [0, 0], [1, 0] if split is not None else []])
    found = minimize(lambda vector: -marginal(vector, table, focal, split), start, method="BFGS", options={"gtol": 1e-2})
    return -found.fun


def test_the_likelihood_ratio_is_that_of_a_plain_computation():
    table, focal = made(3, 400, 5, harder=0.7, n_harder=1)
    table = table.astype(np.float64)
    ratio, _ = likelihood_ratios(table.astype(np.float32), focal, np.ones(5, dtype=bool), "2pl")
    together = highest(table, focal, None)
    for item in (0, 3):
        assert ratio[item] == pytest.approx(2 * (highest(table, focal, item) - together), abs=0.02)


@pytest.mark.slow
def test_the_quick_likelihood_ratio_is_close_to_the_exact_one():
    table, focal = made(4, 600, 12, harder=0.6, n_harder=2)
    for anchors in (np.ones(12, dtype=bool), np.arange(12) >= 2):
        for model in ("rasch", "2pl"):
            exact, effect = likelihood_ratios(table, focal, anchors, model)
            quick, about = likelihood_ratios(table, focal, anchors, model, exact=False)
            np.testing.assert_allclose(quick, exact, rtol=0.15, atol=0.15)
            np.testing.assert_allclose(about, effect, atol=0.1)


def test_the_covariance_is_that_of_the_likelihood_s_own_curvature():
    table, _ = made(5, 500, 4)
    nobody = np.zeros(500, dtype=bool)
    fit = fit_groups(table, nobody, "2pl")
    found = covariance(table, nobody, "2pl", fit)
    vector = np.concatenate([fit.slope, fit.intercept, [0, 0]])
    hessian = np.empty((8, 8))
    step = 1e-3
    for i in range(8):
        for j in range(8):
            moves = [(vector + step * (s * np.eye(10)[i] + t * np.eye(10)[j]), s * t) for s in (1, -1) for t in (1, -1)]
            hessian[i, j] = sum(sign * marginal(at, table, nobody, None) for at, sign in moves) / (4 * step**2)
    plain = np.linalg.inv(-hessian)
    order = [*range(4, 8), *range(4)]  # intercepts come first in the fit
    np.testing.assert_allclose(found[:8, :8], plain[np.ix_(order, order)], rtol=0.02, atol=2e-4)


def test_lord_s_chi_square_of_the_rasch_model_is_the_squared_gap_over_its_variance():
    table, focal = made(6, 600, 6, harder=0.8, n_harder=1)
    found, effect = lord_chi_squares(table, focal, np.arange(6) > 0, "rasch")
    fits = [fit_groups(table[who], np.zeros(int(who.sum()), dtype=bool), "rasch") for who in (~focal, focal)]
    spread = [
        np.diag(covariance(table[who], np.zeros(int(who.sum()), dtype=bool), "rasch", fit))[:6]
        for who, fit in zip((~focal, focal), fits, strict=True)
    ]
    gap = fits[0].intercept - fits[1].intercept
    gap -= gap[1:].mean()
    np.testing.assert_allclose(found, gap**2 / (spread[0] + spread[1]), rtol=1e-6)
    assert effect[0] == pytest.approx(-gap[0], rel=1e-6)


def test_one_stratum_of_mantel_haenszel_is_the_two_by_two_table():
    """With the item itself as the only anchor there are two strata that say nothing; with a second, constant item as well."""
    chance = np.random.default_rng(1)
    focal = chance.random(80) < 0.5
    answers = (chance.random((80, 2)) < 0.6).astype(np.float32)
    one = answers[:, 0] + answers[:, 1] == 1  # only these can say anything
    found = mantel_haenszel(answers, focal, np.ones(2, dtype=bool), correct=False)
    cells = np.array([[np.sum(one & (focal == g) & (answers[:, 0] == x)) for x in (1, 0)] for g in (False, True)])
    n = cells.sum()
    assert found.chi_square[0] == pytest.approx(chi2_contingency(cells, correction=False).statistic * (n - 1) / n)
    assert found.odds_ratio[0] == pytest.approx(cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0]))


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_swapping_the_groups_turns_the_effect_and_leaves_the_test(seed):
    table, focal = made(seed, 120, 6, harder=1.0, n_harder=1)
    table[np.random.default_rng(seed).random(table.shape) < 0.1] = np.nan
    anchors = np.ones(6, dtype=bool)
    one, other = mantel_haenszel(table, focal, anchors), mantel_haenszel(table, ~focal, anchors)
    np.testing.assert_allclose(one.delta, -other.delta, atol=1e-9)
    np.testing.assert_allclose(one.chi_square, other.chi_square, atol=1e-9)
    np.testing.assert_allclose(one.se, other.se, atol=1e-9)
    lr_one, lr_other = logistic_dif(table, focal, anchors), logistic_dif(table, ~focal, anchors)
    np.testing.assert_allclose(lr_one.chi_square, lr_other.chi_square, atol=1e-6)


@pytest.mark.parametrize("method", ["mh", "lr"])
def test_without_dif_the_rate_of_small_p_values_is_nominal_though_the_groups_differ_in_ability(method):
    p, flagged = [], 0
    for seed in range(15):
        table, focal = made(seed, 500, 20)
        found = dif(Responses.of_matrix(table), focal, method, purify=False)
        p += [item.p for item in found.items]
        flagged += sum(item.flagged for item in found.items)
    assert 0.02 < np.mean(np.array(p) < 0.05) < 0.085  # 300 tests: 0.05 with a standard error of 0.013
    assert flagged <= 3


@pytest.mark.slow
@pytest.mark.parametrize(("method", "model"), [("irt", "rasch"), ("irt", "2pl"), ("lord", "rasch"), ("lord", "2pl")])
def test_without_dif_item_response_methods_have_nominal_rates(method, model):
    p = []
    for seed in range(10):
        chance = np.random.default_rng(seed)
        focal = np.arange(500) % 2 == 0
        theta = chance.standard_normal(500) - 0.3 * focal
        slope = np.ones(15) if model == "rasch" else chance.uniform(0.8, 1.6, 15)
        logit = theta[:, None] * slope + chance.normal(0.2, 0.8, 15)
        table = (chance.random(logit.shape) < expit(logit)).astype(np.float32)
        found = dif(Responses.of_matrix(table), focal, method, purify=False, model=model)
        p += [item.p for item in found.items]
    assert 0.01 < np.mean(np.array(p) < 0.05) < 0.105  # 150 tests: 0.05 with a standard error of 0.018


@pytest.mark.parametrize(
    "method", ["mh", "lr", pytest.param("irt", marks=pytest.mark.slow), pytest.param("lord", marks=pytest.mark.slow)]
)
def test_items_made_harder_for_the_focal_group_are_found_and_hardly_any_other(method):
    table, focal = made(11, 1200, 16, harder=1.2, n_harder=2)
    found = dif(Responses.of_matrix(table), focal, method)
    flagged = [item.item for item in found.items if item.flagged]
    assert flagged[:2] == ["1", "2"]
    assert len(flagged) <= 3
    for item in found.items[:2]:
        assert item.harder_for == "focal"
        assert item.dif_class in ("B", "C")
    assert "1" not in found.anchors
    assert found.converged


def test_a_large_effect_that_is_not_significant_is_class_a():
    delta, se, p = (
        np.array([2.0, 2.0, 1.2, 0.5, np.nan]),
        np.array([1.5, 0.3, 0.3, 0.1, 1.0]),
        np.array([0.2, 1e-6, 1e-3, 1e-3, 0.5]),
    )
    assert list(ets_class(delta, se, p)) == ["A", "C", "B", "A", ""]


def test_an_item_that_a_whole_group_got_right_has_no_irt_test_but_hinders_no_other():
    table, focal = made(12, 300, 8)
    table[focal, 0] = 1
    ratio, _ = likelihood_ratios(table, focal, np.ones(8, dtype=bool), "2pl")
    assert np.isnan(ratio[0])
    assert not np.isnan(ratio[1:]).any()


def test_groups_that_are_too_small_are_refused():
    table, _ = made(1, 60, 5)
    with pytest.raises(TooFewResponsesError, match="9"):
        dif(Responses.of_matrix(table), np.arange(60) < 9)
    with pytest.raises(MeasureError, match="two items"):
        likelihood_ratios(table, np.arange(60) < 30, np.arange(5) < 1, "2pl")
    assert issubclass(MeasureError, UsageError)


@pytest.fixture
def files(tmp_path):
    table, focal = made(11, 900, 10, harder=1.4, n_harder=1)
    wide = tmp_path / "responses.csv"
    lines = ["person," + ",".join(f"q{n}" for n in range(10))]
    lines += [f"p{n}," + ",".join(str(int(x)) for x in row) for n, row in enumerate(table)]
    wide.write_text("\n".join(lines))
    groups = tmp_path / "groups.csv"
    groups.write_text("person,group\n" + "\n".join(f"p{n},{'women' if f else 'men'}" for n, f in enumerate(focal)))
    return wide, groups


def test_the_command_answers_as_documented(files, capsys):
    wide, groups = files
    assert run(["measure", "dif", str(wide), "--group", str(groups), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["reference"], told["focal"]) == ("men", "women")  # the larger is the reference
    first = told["items"][0]
    assert {"item", "effect", "class", "p", "p_adjusted", "flagged"} <= set(first)
    assert (first["item"], first["flagged"], first["class"], first["harder_for"]) == ("q0", True, "C", "women")
    assert first["effect"] < -1.5
    assert run(["measure", "dif", str(wide), "--group", str(groups), "--reference", "women", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"][0]["effect"] == pytest.approx(-first["effect"])


def test_what_is_wrong_with_the_groups_is_named(files, capsys):
    wide, groups = files
    groups.write_text(groups.read_text().replace("p7,women\n", "").replace("p7,men\n", ""))
    assert run(["measure", "dif", str(wide), "--group", str(groups)]) == 2
    assert "1 persons have answers but no group: p7" in capsys.readouterr().err
    groups.write_text("person,team\np1,a\n")
    assert run(["measure", "dif", str(wide), "--group", str(groups)]) == 2
    assert "no column `group`" in capsys.readouterr().err
