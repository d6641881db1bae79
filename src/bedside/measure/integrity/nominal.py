"""The nominal response model: how likely each option is, given ability. With two options, right and wrong, it is the 2PL."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from bedside.measure.problems import TooFewResponsesError

NODES = np.linspace(-5.0, 5.0, 41)
WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
MAX_CYCLES = 300
TOLERANCE = 1e-7  # of the log-likelihood, in proportion
NEWTON_STEPS = 2
SLOPE_SD = 2.0  # of the normal priors: they keep options that hardly anybody takes finite
INTERCEPT_SD = 5.0
MAX_STEP = 1.0


@dataclass(frozen=True, slots=True)
class Nominal:
    """P(option k of item i | theta) is proportional to exp(slope[i, k] * theta + intercept[i, k]); Bock (1972).

    `slope` and `intercept` (n_items, n_options) float64; `taken` says which options anybody took, and the others have none.
    `theta` (n_persons,) is the mean of each person's posterior with a standard normal prior, `sd` its standard deviation.
    """

    slope: NDArray[np.float64]
    intercept: NDArray[np.float64]
    taken: NDArray[np.bool_]
    theta: NDArray[np.float64]
    sd: NDArray[np.float64]
    log_likelihood: float
    cycles: int
    converged: bool

    def probabilities(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of every option at each ability, (len(theta), n_items, n_options); 0 for options that nobody took."""
        return np.moveaxis(_probabilities(self.slope, self.intercept, self.taken, theta), 2, 0)


def fit_nominal(options: NDArray[np.integer], n_options: int, *, unseen: bool = False) -> Nominal:
    """Marginal maximum likelihood with weak normal priors, by EM with Newton steps over 41 nodes from -5 to 5.

    `options` (n_persons, n_items) holds the place of the option taken, -1 where there is no answer. Slopes have a normal prior
    with standard deviation 2 and intercepts one with 5, all with mean 0, which also fixes the zero of each item's options.
    Which way ability runs is open; see `turned`.

    With `unseen`, options that nobody took have a chance too, which only the priors hold up.

    Raises:
        TooFewResponsesError: fewer than two persons or items have answers.
    """
    n_items = options.shape[1]
    given = options >= 0
    if (given.sum(axis=1) > 0).sum() < 2 or (given.sum(axis=0) > 0).sum() < 2:
        raise TooFewResponsesError("at least two persons and two items need answers")
    chosen = _indicators(options, n_options)
    count = np.asarray(chosen.sum(axis=0)).reshape(n_items, n_options)
    taken = np.ones_like(count, dtype=bool) if unseen else count > 0
    popular = count.argmax(axis=1)[:, None] == np.arange(n_options)
    slope = np.where(taken, np.where(popular, 0.5, -0.5 / max(n_options - 1, 1)), 0.0)
    intercept = np.where(taken, np.log(np.maximum(count, 0.5) / np.maximum(count.sum(axis=1, keepdims=True), 1)), 0.0)
    before, converged, cycle = -np.inf, False, 0
    for cycle in range(1, MAX_CYCLES + 1):  # noqa: B007 - how many there were is part of the answer
        posterior, value = _posterior(chosen, slope, intercept, taken)
        if value - before < TOLERANCE * abs(value):
            converged = True
            break
        before = value
        expected = np.asarray(chosen.T @ posterior).reshape(n_items, n_options, len(NODES))
        slope, intercept = _maximised(expected, slope, intercept, taken)
    theta = posterior @ NODES
    sd = np.sqrt(np.maximum(posterior @ NODES**2 - theta**2, 0))
    return Nominal(slope, intercept, taken, theta, sd, value, cycle, converged)


def turned(fit: Nominal, key: NDArray[np.integer]) -> Nominal:
    """The same fit with ability running the way in which the keyed options, (n_items,), become likelier on the whole."""
    at = np.arange(len(key))
    if np.sum(np.where(key >= 0, fit.slope[at, key], 0)) >= 0:
        return fit
    return Nominal(-fit.slope, fit.intercept, fit.taken, -fit.theta, fit.sd, fit.log_likelihood, fit.cycles, fit.converged)


def _indicators(options: NDArray[np.integer], n_options: int) -> csr_array:
    """(n_persons, n_items * n_options) with a one for each option taken."""
    n_persons, n_items = options.shape
    person, item = np.nonzero(options >= 0)
    column = item * n_options + options[person, item]
    return csr_array((np.ones(len(person)), (person, column)), shape=(n_persons, n_items * n_options))


def _probabilities(
    slope: NDArray[np.float64], intercept: NDArray[np.float64], taken: NDArray[np.bool_], theta: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n_items, n_options, len(theta))."""
    logit = slope[:, :, None] * theta + intercept[:, :, None]
    logit = np.where(taken[:, :, None], logit, -np.inf)
    highest = logit.max(axis=1, keepdims=True)
    power = np.exp(logit - np.where(np.isfinite(highest), highest, 0))
    total = power.sum(axis=1, keepdims=True)
    shares: NDArray[np.float64] = power / np.where(total > 0, total, 1)
    return shares


def _posterior(
    chosen: csr_array, slope: NDArray[np.float64], intercept: NDArray[np.float64], taken: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    """Each person's posterior over the nodes, (n_persons, n_nodes), and the log of what is maximised."""
    p = _probabilities(slope, intercept, taken, NODES)
    joint = np.asarray(chosen @ np.log(np.maximum(p, 1e-300)).reshape(-1, len(NODES))) + np.log(WEIGHTS)
    highest = joint.max(axis=1, keepdims=True)
    posterior = np.exp(joint - highest)
    marginal = posterior.sum(axis=1, keepdims=True)
    prior = -np.sum(slope**2) / (2 * SLOPE_SD**2) - np.sum(intercept**2) / (2 * INTERCEPT_SD**2)
    return posterior / marginal, float(np.sum(np.log(marginal) + highest) + prior)


def _maximised(
    expected: NDArray[np.float64], slope: NDArray[np.float64], intercept: NDArray[np.float64], taken: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Newton steps of every item at once, with `expected` (n_items, n_options, n_nodes) answers at each node."""
    n_options = slope.shape[1]
    n = expected.sum(axis=1)
    precision = np.concatenate([np.full(n_options, SLOPE_SD**-2), np.full(n_options, INTERCEPT_SD**-2)])
    for _ in range(NEWTON_STEPS):
        p = _probabilities(slope, intercept, taken, NODES)
        off = expected - n[:, None, :] * p
        gradient = np.concatenate([off @ NODES, off.sum(axis=2)], axis=1)
        gradient -= precision * np.concatenate([slope, intercept], axis=1)
        blocks = [_information(n * NODES**power, p) for power in (2, 1, 0)]
        information = np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2]]])
        step = np.linalg.solve(information + np.diag(precision), gradient[:, :, None])[:, :, 0]
        step = np.clip(step, -MAX_STEP, MAX_STEP)
        slope = np.where(taken, slope + step[:, :n_options], 0.0)
        intercept = np.where(taken, intercept + step[:, n_options:], 0.0)
    return slope, intercept


def _information(weight: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over nodes of weight * (diag(p) - p p'), (n_items, n_options, n_options)."""
    weighted = p * weight[:, None, :]
    inner: NDArray[np.float64] = -np.matmul(weighted, np.swapaxes(p, 1, 2))
    at = np.arange(p.shape[1])
    inner[:, at, at] += weighted.sum(axis=2)
    return inner
