"""DIF by logistic regression: does the group say anything about a right answer beyond the score?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import chi2

from bedside.measure.fairness.mantel import matching_score

Kind = Literal["both", "uniform", "nonuniform"]

MAX_ITERATIONS = 50
TOLERANCE = 1e-10
SMALLEST_CURVATURE = 1e-9
MODERATE = 0.035
LARGE = 0.070
DF = {"both": 2, "uniform": 1, "nonuniform": 1}


@dataclass(frozen=True, slots=True)
class LogisticDif:
    """Of each item, (n_items,) float64: the likelihood ratio and its p-value, and by how much Nagelkerke's R-squared grows."""

    chi_square: NDArray[np.float64]
    df: int
    p: NDArray[np.float64]
    r2_change: NDArray[np.float64]
    group_effect: NDArray[np.float64]  # log odds of the focal group over the reference group, at the same score


def logistic_dif(
    table: NDArray[np.float32], focal: NDArray[np.bool_], anchors: NDArray[np.bool_], kind: Kind = "both"
) -> LogisticDif:
    """The likelihood-ratio test of every item.

    The models are (0) score, (1) score and group, (2) score, group and their product; `both` compares 2 with 0, `uniform`
    1 with 0, `nonuniform` 2 with 1. `table` (n_persons, n_items) has 1, 0 and NaN. Swaminathan & Rogers (1990).
    """
    n_items = table.shape[1]
    log_likelihood = np.empty((n_items, 3))
    null = np.empty(n_items)
    n = np.empty(n_items)
    effect = np.empty(n_items)
    for item in range(n_items):
        given = ~np.isnan(table[:, item])
        x = matching_score(table, anchors, item)[given].astype(np.float64)
        right = table[given, item].astype(np.float64)
        group = focal[given].astype(np.float64)
        x = (x - x.mean()) / (x.std() or 1.0)
        design = np.column_stack([np.ones(len(x)), x, group, x * group])
        fits = [_fit(design[:, :width], right) for width in (2, 3, 4)]
        log_likelihood[item] = [value for value, _ in fits]
        effect[item] = fits[1][1][2]
        null[item], n[item] = _fit(design[:, :1], right)[0], len(x)
    less, more = {"both": (0, 2), "uniform": (0, 1), "nonuniform": (1, 2)}[kind]
    chi_square = np.maximum(2 * (log_likelihood[:, more] - log_likelihood[:, less]), 0.0)
    change = _nagelkerke(log_likelihood[:, more], null, n) - _nagelkerke(log_likelihood[:, less], null, n)
    return LogisticDif(chi_square, DF[kind], chi2.sf(chi_square, DF[kind]), change, effect)


def _fit(design: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Log-likelihood and coefficients by Newton's method with halved steps; where groups separate, as far as it gets."""
    beta = np.zeros(design.shape[1])
    value = _log_likelihood(design @ beta, right)
    for _ in range(MAX_ITERATIONS):
        probability = expit(design @ beta)
        weight = probability * (1 - probability)
        information = design.T @ (weight[:, None] * design)
        information[np.diag_indices_from(information)] += SMALLEST_CURVATURE  # where groups separate there may be none
        step = np.linalg.solve(information, design.T @ (right - probability))
        new = _log_likelihood(design @ (beta + step), right)
        while new < value - TOLERANCE and np.abs(step).max() > TOLERANCE:
            step = step / 2
            new = _log_likelihood(design @ (beta + step), right)
        beta, gain, value = beta + step, new - value, new
        if gain < TOLERANCE:
            break
    return value, beta


def _log_likelihood(logit: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    return float(np.sum(right * logit - np.logaddexp(0, logit)))


def _nagelkerke(value: NDArray[np.float64], null: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Nagelkerke (1991), Biometrika 78, 691-692. NaN where everybody answered alike."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share: NDArray[np.float64] = (1 - np.exp(2 * (null - value) / n)) / (1 - np.exp(2 * null / n))
    return share


def jodoin_gierl_class(r2_change: NDArray[np.float64]) -> NDArray[np.str_]:
    """A under 0.035, B under 0.070, else C. Jodoin & Gierl (2001), Applied Measurement in Education 14, 329-349."""
    return np.select([np.isnan(r2_change), r2_change < MODERATE, r2_change < LARGE], ["", "A", "B"], default="C")
