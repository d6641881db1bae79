"""Several abilities of a learner that move in time: loadings of items by EM, and a filter that goes through the answers.

An answer is right with probability logistic(e + b + a'theta), where e is known beforehand, b and the loadings a belong to the
item, and theta is N(0, I) at first. Reckase (2009) for the model; the EM steps use the bound of Jaakkola & Jordan (2000); the
loadings are drawn to the mean of the items with the same skills. The filter is the extended Kalman filter, answer by answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from bedside.measure.predicting.log import LearnerLog

EM_STEPS = 15
TO_MEAN = 20.0  # weight of the mean of the items of the same skills, in units of information
TO_ZERO = 2.0  # the same for an item's intercept
TO_OVERALL = 3.0  # items that the mean over all items is worth in the mean of a group
DRIFT = 0.003  # variance that each answer adds to each ability
PROBIT = 0.35  # the logistic is close to a probit with variance 1 / 0.35 (MacKay 1992)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loadings:
    """`slope` (n_items, k), `intercept` (n_items,), `group_slope` (n_groups, k): what an unseen item of the group has."""

    slope: Floats
    intercept: Floats
    group_slope: Floats


def fit_loadings(
    log: LearnerLog, easiness: Floats, used: NDArray[np.bool_], group: NDArray[np.int64], *, n_groups: int, k: int, seed: int
) -> Loadings:
    """Loadings of `k` abilities from the persons that `used` (n_persons,) marks.

    `easiness` (n_answers,) is the logit known beforehand; `group` (n_items,) is the place of an item's group.
    """
    n_items = len(group)
    slope = np.random.default_rng(seed).normal(0, 0.3, (n_items, k))
    slope[:, 0] = 1.0
    found = Loadings(slope, np.zeros(n_items), np.zeros((n_groups, k)))
    mean = np.zeros((log.n_persons, k))
    spread = np.tile(np.eye(k), (log.n_persons, 1, 1))
    for _ in range(EM_STEPS):
        information = np.zeros((n_items, k + 1, k + 1))
        score = np.zeros((n_items, k + 1))
        _expect(
            log.starts, log.item, log.correct, easiness, used, found.slope, found.intercept, mean, spread, information, score
        )
        found = _maximise(information, score, found.slope, group, n_groups)
    return found


@nb.njit(cache=True, fastmath=True)
def _bound(offset: float, mean: float, variance: float) -> float:
    """The curvature of the quadratic bound to the logistic at sqrt((offset + mean)**2 + variance)."""
    x = np.sqrt((offset + mean) ** 2 + variance)
    return 0.25 if x < 1e-4 else float(np.tanh(x / 2) / (2 * x))


@nb.njit(cache=True, fastmath=True)
def _moments(slope: Floats, mean: Floats, spread: Floats) -> tuple[float, float]:
    """Mean and variance of slope'theta."""
    centre, variance = 0.0, 0.0
    for i in range(len(slope)):
        centre += slope[i] * mean[i]
        row = 0.0
        for j in range(len(slope)):
            row += spread[i, j] * slope[j]
        variance += slope[i] * row
    return centre, variance


@nb.njit(cache=True, fastmath=True)
def _expect(  # type: ignore[no-untyped-def]  # noqa: PLR0917 - compiled loops take arrays
    starts, item, correct, easiness, used, slope, intercept, mean, spread, information, score
):
    """One E-step: posterior of each used person (kept in `mean` and `spread`), and what it gives to each item."""
    k = slope.shape[1]
    one = np.ones(k + 1)
    for u in range(len(starts) - 1):
        if not used[u]:
            continue
        precision, pull = np.eye(k), np.zeros(k)
        for j in range(starts[u], starts[u + 1]):
            a = slope[item[j]]
            offset = easiness[j] + intercept[item[j]]
            centre, variance = _moments(a, mean[u], spread[u])
            h = _bound(offset, centre, variance)
            for i in range(k):
                pull[i] += a[i] * (correct[j] - 0.5 - h * offset)
                for l in range(k):  # noqa: E741
                    precision[i, l] += h * a[i] * a[l]
        spread[u] = np.linalg.inv(precision)
        mean[u] = spread[u] @ pull
        one[:k] = mean[u]
        for j in range(starts[u], starts[u + 1]):
            at = item[j]
            centre, variance = _moments(slope[at], mean[u], spread[u])
            h = _bound(easiness[j] + intercept[at], centre, variance)
            for i in range(k + 1):
                score[at, i] += one[i] * (correct[j] - 0.5 - h * easiness[j])
                for l in range(k + 1):  # noqa: E741
                    information[at, i, l] += h * one[i] * one[l]
                    if i < k and l < k:
                        information[at, i, l] += h * spread[u, i, l]


def _maximise(information: Floats, score: Floats, slope: Floats, group: NDArray[np.int64], n_groups: int) -> Loadings:
    """One M-step: ridge towards the mean of the group, which items count for by how much they are known."""
    k = slope.shape[1]
    known = information[:, k, k] / (information[:, k, k] + TO_MEAN)
    weight = np.bincount(group, known, n_groups)
    sums = np.column_stack([np.bincount(group, known * slope[:, i], n_groups) for i in range(k)])
    overall = sums.sum(axis=0) / max(weight.sum(), 1e-9)
    means = (sums + TO_OVERALL * overall) / (weight + TO_OVERALL)[:, None]
    left = information + np.diag([TO_MEAN] * k + [TO_ZERO])
    right = score.copy()
    right[:, :k] += TO_MEAN * means[group]
    solved = np.linalg.solve(left, right[:, :, None])[:, :, 0]
    return Loadings(np.ascontiguousarray(solved[:, :k]), np.ascontiguousarray(solved[:, k]), means)


def foretold(log: LearnerLog, easiness: Floats, used: NDArray[np.bool_], loadings: Loadings) -> tuple[Floats, Floats]:
    """Mean and variance of a'theta before each answer of the used persons, from their earlier answers only; 0 for others."""
    mean, variance = np.zeros(log.n_answers), np.zeros(log.n_answers)
    _filter(log.starts, log.item, log.correct, easiness, used, loadings.slope, loadings.intercept, mean, variance)
    return mean, variance


@nb.njit(cache=True, fastmath=True)
def _filter(  # type: ignore[no-untyped-def]  # noqa: PLR0917 - compiled loops take arrays
    starts, item, correct, easiness, used, slope, intercept, out_mean, out_variance
):
    k = slope.shape[1]
    for u in range(len(starts) - 1):
        if not used[u]:
            continue
        mean, spread = np.zeros(k), np.eye(k)
        for j in range(starts[u], starts[u + 1]):
            a = slope[item[j]]
            along = spread @ a
            centre, variance = mean @ a, along @ a
            out_mean[j], out_variance[j] = centre, variance
            logit = (easiness[j] + intercept[item[j]] + centre) / np.sqrt(1 + PROBIT * variance)
            chance = 1 / (1 + np.exp(-logit))
            curvature = max(chance * (1 - chance), 1e-3)
            gain = 1 / (1 + curvature * variance)
            mean += along * ((correct[j] - chance) * gain)
            for i in range(k):
                for l in range(k):  # noqa: E741
                    spread[i, l] -= along[i] * along[l] * curvature * gain
                spread[i, i] += DRIFT
