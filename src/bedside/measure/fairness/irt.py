"""DIF by item response theory: the same item given its own parameters in each group.

Two groups, one latent distribution each: the reference group's mean is 0; its standard deviation is 1 in the 2PL and free in
the Rasch model; the focal group's are free where items hold the groups on one scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from bedside.measure.problems import MeasureError, NotIdentifiedError, named

Model = Literal["rasch", "2pl"]

NODES = np.linspace(-6.0, 6.0, 61)
MAX_ITERATIONS = 500
STEP = 1e-4  # of the numerical derivative of the gradient


@dataclass(frozen=True, slots=True)
class GroupFit:
    """Marginal maximum likelihood of one model: logit P = slope * theta + intercept, for columns (n_columns,).

    `mean` and `sd` (2,) are of the reference and the focal group; `vector` holds the parameters as they were searched.
    """

    log_likelihood: float
    slope: NDArray[np.float64]
    intercept: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    vector: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Data:
    """Right answers and answers given, as zeros and ones (n_persons, n_columns), and who is of the focal group."""

    right: NDArray[np.float64]
    given: NDArray[np.float64]
    focal: NDArray[np.bool_]
    model: Model

    @property
    def n_columns(self) -> int:
        return int(self.right.shape[1])


def fit_groups(
    table: NDArray[np.float32], focal: NDArray[np.bool_], model: Model, start: NDArray[np.float64] | None = None
) -> GroupFit:
    """Fit items that are the same in both groups, by quasi-Newton steps on the marginal likelihood.

    `table` (n_persons, n_columns) has 1, 0 and NaN. The likelihood is over 61 equally spaced nodes from -6 to 6; its gradient
    is that of the complete data at their expectation (Fisher's identity). Bock & Aitkin (1981); Bock & Zimowski (1997) for
    groups. `start` is the `vector` of an earlier fit of the same columns.

    Raises:
        NotIdentifiedError: a column is answered alike by everybody, so that it has no finite difficulty.
    """
    data = _data(table, focal, model)
    _see_variance(data)
    x0 = _first(data) if start is None else start
    scale = np.full(len(x0), 2.0 / np.sqrt(max(len(focal), 1)))

    def negative(scaled: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, gradient = _objective(x0 + scaled * scale, data)
        return -value, -gradient * scale

    found = minimize(
        negative,
        np.zeros(len(x0)),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MAX_ITERATIONS, "maxfun": 2 * MAX_ITERATIONS, "ftol": 1e-13, "gtol": 1e-3, "maxcor": 20},
    )
    vector = x0 + found.x * scale
    slope, intercept, mean, sd = _parts(vector, data.n_columns, model)
    return GroupFit(-float(found.fun), slope, intercept, mean, sd, vector)


def covariance(table: NDArray[np.float32], focal: NDArray[np.bool_], model: Model, fit: GroupFit) -> NDArray[np.float64]:
    """The covariance of `fit.vector`: the inverse of the observed information, by central differences of the gradient."""
    data = _data(table, focal, model)
    n = len(fit.vector)
    hessian = np.empty((n, n))
    for k in range(n):
        moved = np.zeros(n)
        moved[k] = STEP
        hessian[k] = (_objective(fit.vector + moved, data)[1] - _objective(fit.vector - moved, data)[1]) / (2 * STEP)
    free = _free(data)
    inverse = np.zeros((n, n))
    inverse[np.ix_(free, free)] = np.linalg.inv(-(hessian + hessian.T)[np.ix_(free, free)] / 2)
    return inverse


def lord_chi_squares(
    table: NDArray[np.float32], focal: NDArray[np.bool_], anchors: NDArray[np.bool_], model: Model
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each item Lord's chi-square (n_items,) and the effect.

    The effect is the log odds of a right answer, focal minus reference, at the focal group's mean ability.

    Each group is calibrated by itself, and the focal group's scale is moved to the reference group's by the mean (and in the
    2PL the standard deviation) of the anchors' difficulties. Lord (1980), chapter 14; Cook & Eignor (1991) for the anchoring.

    Raises:
        MeasureError: fewer than two anchors, or an item that all of a group answered alike.
    """
    if anchors.sum() < 2:
        raise MeasureError("at least two items must hold the groups on one scale")
    sides = []
    for chosen in (~focal, focal):
        part, nobody = table[chosen], np.zeros(int(chosen.sum()), dtype=bool)
        fit = fit_groups(part, nobody, model)
        sides.append((fit, *_difficulties(fit, covariance(part, nobody, model, fit), model)))
    (fit_r, v_r, s_r), (fit_f, v_f, s_f) = sides
    slope = 1.0 if model == "rasch" else float(np.std(v_r[anchors, 0], ddof=1) / np.std(v_f[anchors, 0], ddof=1))
    shift = float(np.mean(v_r[anchors, 0]) - slope * np.mean(v_f[anchors, 0]))
    turn = np.array([[slope, 0.0], [0.0, 1 / slope]])[: v_f.shape[1], : v_f.shape[1]]
    moved = v_f @ turn.T
    moved[:, 0] += shift
    gap = moved - v_r
    spread = s_r + turn @ s_f @ turn.T
    chi_square = np.einsum("ij,ij->i", gap, np.linalg.solve(spread, gap[:, :, None])[:, :, 0])
    a_r, a_f = fit_r.slope, fit_f.slope / slope
    effect = a_f * (shift - moved[:, 0]) - a_r * (shift - v_r[:, 0])
    return chi_square, effect


def _difficulties(fit: GroupFit, cov: NDArray[np.float64], model: Model) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Difficulty and, in the 2PL, discrimination of each item (n_items, 1 or 2), with their covariance by the delta method."""
    n = len(fit.slope)
    if model == "rasch":
        return -fit.intercept[:, None], cov[np.arange(n), np.arange(n)][:, None, None]
    a, d = fit.slope, fit.intercept
    values = np.column_stack([-d / a, a])
    blocks = np.empty((n, 2, 2))
    for item in range(n):
        at = [item, n + item]  # intercept, slope
        turn = np.array([[-1 / a[item], d[item] / a[item] ** 2], [0.0, 1.0]])
        blocks[item] = turn @ cov[np.ix_(at, at)] @ turn.T
    return values, blocks


def _data(table: NDArray[np.float32], focal: NDArray[np.bool_], model: Model) -> _Data:
    given = ~np.isnan(table)
    right = np.where(given, table, 0).astype(np.float64)
    return _Data(right, given.astype(np.float64), focal, model)


def _see_variance(data: _Data) -> None:
    n_right = data.right.sum(axis=0)
    alike = (n_right == 0) | (n_right == data.given.sum(axis=0))
    if alike.any():
        numbers = named(np.flatnonzero(alike) + 1)
        raise NotIdentifiedError(f"everybody of a group answered alike item number {numbers} of the table: leave them out")


def _first(data: _Data) -> NDArray[np.float64]:
    share = (data.right.sum(axis=0) + 0.5) / (data.given.sum(axis=0) + 1)
    slopes = np.ones(data.n_columns if data.model == "2pl" else 0)
    return np.concatenate([1.2 * np.log(share / (1 - share)), slopes, np.zeros(3)])


def _parts(
    vector: NDArray[np.float64], n: int, model: Model
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Slopes, intercepts, means and sds; the vector is intercepts, slopes, the focal mean and the logs of both sds."""
    mean_focal, log_sd, log_sd_focal = vector[-3:]
    if model == "rasch":
        return np.ones(n), vector[:n], np.array([0.0, mean_focal]), np.exp([log_sd, log_sd_focal])
    return vector[n : 2 * n], vector[:n], np.array([0.0, mean_focal]), np.array([1.0, np.exp(log_sd_focal)])


def _free(data: _Data) -> NDArray[np.int64]:
    """Places in the vector that the data say anything about."""
    n = len(_first(data))
    ends = ([] if data.model == "2pl" else [n - 2]) + ([n - 3, n - 1] if data.focal.any() else [])
    return np.array([*range(n - 3), *sorted(ends)])


def _objective(vector: NDArray[np.float64], data: _Data) -> tuple[float, NDArray[np.float64]]:
    """The marginal log-likelihood and its gradient."""
    n = data.n_columns
    slope, intercept, mean, sd = _parts(vector, n, data.model)
    logit = slope[:, None] * NODES + intercept[:, None]
    log_wrong = -np.logaddexp(0, logit)
    z = (NODES - mean[:, None]) / sd[:, None]
    log_weight = -(z**2) / 2
    log_weight -= logsumexp(log_weight, axis=1, keepdims=True)
    posterior = data.right @ logit + data.given @ log_wrong + log_weight[data.focal.astype(np.intp)]
    highest = posterior.max(axis=1, keepdims=True)
    np.exp(np.subtract(posterior, highest, out=posterior), out=posterior)
    marginal = posterior.sum(axis=1, keepdims=True)
    posterior /= marginal
    residual = data.right.T @ posterior - (data.given.T @ posterior) * expit(logit)
    gradient = np.zeros_like(vector)
    gradient[:n] = residual.sum(axis=1)
    if data.model == "2pl":
        gradient[n : 2 * n] = residual @ NODES
    weight = np.exp(log_weight)
    for group, persons in enumerate((~data.focal, data.focal)):
        count = posterior[persons].sum(axis=0) - persons.sum() * weight[group]
        if group == 1:
            gradient[-3] = np.sum(count * z[1]) / sd[1]
            gradient[-1] = np.sum(count * z[1] ** 2)
        elif data.model == "rasch":
            gradient[-2] = np.sum(count * z[0] ** 2)
    return float(np.sum(np.log(marginal) + highest)), gradient
