"""What was planted comes back: no bias, errors of the right size, intervals that hold as often as they say. Many
calibrations."""

from __future__ import annotations

import numpy as np
import pytest

from bedside.measure import Model, calibrate
from tests.measure.made_responses import answers_of, planted_items, rms

N_RUNS = 60

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("answered", "n_items"), [(1.0, 20), (0.5, 40)])
def test_the_2pl_is_unbiased_and_its_intervals_hold(answered: float, n_items: int) -> None:
    rng = np.random.default_rng(17)
    items = planted_items(n_items, rng)
    off, inside = [], []
    for _ in range(N_RUNS):
        responses = answers_of(rng.normal(size=1_500), items, rng, answered=answered)

        found = calibrate(responses).items

        errors = np.stack([found.discrimination - items.discrimination, found.difficulty - items.difficulty])
        off.append(errors)
        inside.append(np.abs(errors) < 1.96 * np.stack([found.se_discrimination, found.se_difficulty]))

    bias = np.mean(off, axis=(0, 2))
    assert np.abs(bias).max() < 0.03
    assert rms(np.array(off)[:, 0]) < 0.2
    assert rms(np.array(off)[:, 1]) < 0.2
    coverage = np.mean(inside, axis=(0, 2))
    assert 0.93 < coverage.min() < coverage.max() < 0.97


@pytest.mark.parametrize("model", ["rasch", "3pl"])
def test_the_other_models_are_near_what_was_planted(model: Model) -> None:
    rng = np.random.default_rng(18)
    items = planted_items(20, rng, guessing=model == "3pl")
    off = []
    for _ in range(12):
        theta = rng.normal(size=4_000)
        if model == "rasch":
            items.discrimination[:] = 1.0
        found = calibrate(answers_of(theta, items, rng), model=model, errors=False).items
        off.append(found.difficulty - items.difficulty)

    assert abs(np.mean(off)) < (0.02 if model == "rasch" else 0.1)
    assert rms(np.array(off)) < (0.06 if model == "rasch" else 0.4)


def test_errors_by_item_hold_where_items_are_many() -> None:
    """2,000 items, of which each person answered 60: the whole matrix can't be had, and isn't missed."""
    rng = np.random.default_rng(19)
    items = planted_items(2_000, rng)
    theta = rng.normal(size=12_000)
    responses = answers_of(theta, items, rng, answered=0.03)

    found = calibrate(responses)

    assert found.errors == "by item"
    inside = np.abs(found.items.difficulty - items.difficulty) < 1.96 * found.items.se_difficulty
    assert 0.93 < inside.mean() < 0.97
    inside = np.abs(found.items.discrimination - items.discrimination) < 1.96 * found.items.se_discrimination
    assert 0.93 < inside.mean() < 0.97
