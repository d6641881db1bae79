"""Pre-knowledge: did somebody do better, and faster, on the items that are known to have leaked?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from bedside.measure.integrity.times import TimeModel, shift_z
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError

GRID = np.linspace(-5.0, 5.0, 401)
PRIOR = -(GRID**2) / 2


@dataclass(frozen=True, slots=True)
class Preknowledge:
    """Of each person, (n_persons,) float64; NaN where a person answered nothing on one side.

    `score_z`: signed root of the likelihood ratio of one ability against one for each side, over 0 where the leaked items went
    better. `time_z`: below 0 where they went faster, NaN without times. `z` joins the two with equal weight, and `p` is its
    upper tail. `gain` is the effect: by how much the ability from the leaked items exceeds that from the others, as posterior
    means. `others_theta` is the ability from the other items alone.
    """

    score_z: NDArray[np.float64]
    time_z: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    gain: NDArray[np.float64]
    others_theta: NDArray[np.float64]


def preknowledge(
    table: NDArray[np.float32],
    items: Items,
    leaked: NDArray[np.bool_],
    log_time: NDArray[np.float64] | None = None,
    times: TimeModel | None = None,
) -> Preknowledge:
    """Compare each person's answers to the leaked items with the same person's other answers.

    `table` (n_persons, n_items) has 1, 0 and NaN, `leaked` (n_items,). The score by Sinharay (2017), Journal of Educational and
    Behavioral Statistics 42, 46-68; the shift of the posterior after Belov (2014); the times by the score test of
    `response_times.shift_z`; joined as Stouffer does, since answers and times are independent given ability and speed.

    Raises:
        MeasureError: all items leaked, or none.
    """
    if not leaked.any() or leaked.all():
        raise MeasureError("some items must have leaked, and some not")
    log_right, log_wrong = _curves(items)
    sides = [_log_likelihood(table, side, log_right, log_wrong) for side in (leaked, ~leaked)]
    some = np.all([np.any(~np.isnan(table[:, side]), axis=1) for side in (leaked, ~leaked)], axis=0)
    best = [side.max(axis=1) for side in sides]
    ratio = np.maximum(2 * (best[0] + best[1] - (sides[0] + sides[1]).max(axis=1)), 0)
    modes = [GRID[side.argmax(axis=1)] for side in sides]
    score_z = np.where(some, np.sign(modes[0] - modes[1]) * np.sqrt(ratio), np.nan)
    means = [_mean(side) for side in sides]
    time_z = np.full(len(table), np.nan)
    if log_time is not None and times is not None:
        time_z = shift_z(log_time, np.broadcast_to(leaked.astype(np.float64), log_time.shape), times)
    z = np.where(np.isnan(time_z), score_z, (score_z - time_z) / np.sqrt(2))
    return Preknowledge(score_z, time_z, z, norm.sf(z), np.where(some, means[0] - means[1], np.nan), means[1])


def _curves(items: Items) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logarithms of the probabilities of right and wrong on the grid, (n_items, n_nodes)."""
    logit = items.discrimination[:, None] * (GRID - items.difficulty[:, None])
    c = items.guessing[:, None]
    right = c + (1 - c) / (1 + np.exp(-np.clip(logit, -30, 30)))
    right = np.clip(right, 1e-12, 1 - 1e-12)
    return np.log(right), np.log1p(-right)


def _log_likelihood(
    table: NDArray[np.float32], side: NDArray[np.bool_], log_right: NDArray[np.float64], log_wrong: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n_persons, n_nodes)."""
    part = table[:, side]
    right, wrong = (part == 1).astype(np.float64), (part == 0).astype(np.float64)
    total: NDArray[np.float64] = right @ log_right[side] + wrong @ log_wrong[side]
    return total


def _mean(log_likelihood: NDArray[np.float64]) -> NDArray[np.float64]:
    joint = log_likelihood + PRIOR
    weight = np.exp(joint - joint.max(axis=1, keepdims=True))
    mean: NDArray[np.float64] = weight @ GRID / weight.sum(axis=1)
    return mean
