"""Patterns of right and wrong answers that do not go with ability, and those that leaked items explain."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import expit

from bedside.measure import Items, MeasureError, person_fit, preknowledge
from bedside.measure.integrity.times import fit_times


def some_items(seed, n, guessing=0.0):
    chance = np.random.default_rng(seed)
    none = np.full(n, np.nan)
    a, b = chance.uniform(0.7, 1.8, n), chance.normal(-0.3, 1.0, n)
    return Items(tuple(f"i{k}" for k in range(n)), a, b, np.full(n, guessing), none, none, none)


def answered(seed, items, n_persons):
    chance = np.random.default_rng(seed)
    theta = chance.standard_normal(n_persons)
    p = items.guessing + (1 - items.guessing) * expit(items.discrimination * (theta[:, None] - items.difficulty))
    return (chance.random(p.shape) < p).astype(np.float32)


def by_hand(x, items):
    """lz* of one person, from Snijders (2001) item by item."""
    known = [
        (x[i], items.discrimination[i], items.difficulty[i], items.guessing[i]) for i in range(len(x)) if not math.isnan(x[i])
    ]

    def curve(theta, a, b, c):
        s = 1 / (1 + math.exp(-a * (theta - b)))
        p = c + (1 - c) * s
        return p, (1 - c) * a * s * (1 - s)

    def score(theta):
        total = -theta
        for answer, a, b, c in known:
            p, slope = curve(theta, a, b, c)
            total += (answer - p) * slope / (p * (1 - p))
        return total

    theta = brentq(score, -6, 6)
    terms = []
    for answer, a, b, c in known:
        p, slope = curve(theta, a, b, c)
        terms.append((answer, p, slope, math.log(p / (1 - p)), slope / (p * (1 - p))))
    cn = sum(t[2] * t[3] for t in terms) / sum(t[2] * t[4] for t in terms)
    variance = sum(p * (1 - p) * (w - cn * r) ** 2 for _, p, _, w, r in terms)
    return theta, (sum((x - p) * w for x, p, _, w, _ in terms) + cn * -theta) / math.sqrt(variance)


@pytest.mark.parametrize("guessing", [0.0, 0.2])
def test_lz_star_is_as_written_in_the_paper(guessing):
    items = some_items(1, 12, guessing)
    table = answered(2, items, 25)
    table[np.random.default_rng(3).random(table.shape) < 0.2] = np.nan
    found = person_fit(table, items)
    for person in range(25):
        theta, z = by_hand(table[person].tolist(), items)
        assert found.theta[person] == pytest.approx(theta, abs=1e-6)
        assert found.lz_star[person] == pytest.approx(z, abs=1e-5)


def test_honest_persons_are_flagged_at_the_nominal_rate_though_ability_is_estimated():
    items = some_items(4, 60)
    found = person_fit(answered(5, items, 4000), items)
    assert abs(found.lz_star.mean()) < 0.1
    assert 0.95 < found.lz_star.std() < 1.05
    assert 0.035 < np.mean(found.p < 0.05) < 0.065
    assert 0.005 < np.mean(found.p < 0.01) < 0.018


def test_easy_items_wrong_and_hard_ones_right_is_unlikely():
    items = some_items(6, 40)
    backwards = (items.difficulty > np.median(items.difficulty)).astype(np.float32)
    found = person_fit(np.stack([backwards, 1 - backwards]), items)
    assert found.p[0] < 1e-6
    assert found.p[1] > 0.9


def test_somebody_with_one_answer_or_none_has_no_fit():
    items = some_items(7, 5)
    table = np.full((2, 5), np.nan, dtype=np.float32)
    table[0, 0] = 1
    found = person_fit(table, items)
    assert np.isnan(found.lz_star).all()
    assert np.isnan(found.p).all()


def with_times(seed, n_persons, n_items):
    chance = np.random.default_rng(seed)
    return (
        4
        - chance.normal(0, 0.3, (n_persons, 1))
        + chance.normal(0, 0.3, n_items)
        + 0.4 * chance.standard_normal((n_persons, n_items))
    )


def test_honest_persons_show_preknowledge_at_the_nominal_rate():
    items = some_items(8, 80)
    table, log_time = answered(9, items, 3000), with_times(10, 3000, 80)
    found = preknowledge(table, items, np.arange(80) < 20, log_time, fit_times(log_time))
    assert 0.038 < np.mean(found.p < 0.05) < 0.064
    assert 0.004 < np.mean(found.p < 0.01) < 0.018
    assert abs(np.corrcoef(found.score_z, found.time_z)[0, 1]) < 0.06  # joining them counts on it
    without = preknowledge(table, items, np.arange(80) < 20)
    assert np.isnan(without.time_z).all()
    np.testing.assert_allclose(without.z, found.score_z)


def test_those_who_knew_twenty_items_are_found():
    items = some_items(11, 100)
    table, log_time = answered(12, items, 400), with_times(13, 400, 100)
    leaked, knew = np.arange(100) < 20, np.arange(400) < 40
    table[np.ix_(knew, leaked)] = 1
    log_time[np.ix_(knew, leaked)] -= 0.7
    found = preknowledge(table, items, leaked, log_time, fit_times(log_time))
    assert np.mean(found.p[knew] < 0.001) > 0.95
    assert np.mean(found.p[~knew] < 0.001) < 0.01
    assert found.gain[knew].mean() > 0.8


def test_leaked_items_need_others_to_compare_with():
    items = some_items(14, 4)
    with pytest.raises(MeasureError, match="some not"):
        preknowledge(answered(1, items, 3), items, np.ones(4, dtype=bool))
