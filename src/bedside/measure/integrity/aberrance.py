"""Person fit: are somebody's right and wrong answers where their ability would have them?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

from bedside.measure.items import Items

RANGE = 6.0
HALVINGS = 50


@dataclass(frozen=True, slots=True)
class PersonFit:
    """Of each person, (n_persons,) float64; NaN where nobody could tell, as with fewer than two answers.

    `theta` is the ability by MAP with a standard normal prior. `lz_star` is about standard normal for persons who answer as the
    model says; far below 0 the pattern is unlikely: easy items wrong and hard ones right. `p` is the lower tail.
    """

    theta: NDArray[np.float64]
    lz_star: NDArray[np.float64]
    p: NDArray[np.float64]


def person_fit(table: NDArray[np.float32], items: Items) -> PersonFit:
    """The standardised log-likelihood lz*, corrected for the ability's being estimated.

    `table` (n_persons, n_items) has 1, 0 and NaN; `items` are on the scale in which ability is standard normal.
    Snijders (2001), Psychometrika 66, 331-342, with the MAP estimator's r0 and r; Magis, Raiche & Beland
    (2012), Journal of Educational and Behavioral Statistics 37, 57-81.
    """
    a, b, c = items.discrimination, items.difficulty, items.guessing
    given = ~np.isnan(table)
    right = np.where(given, table, 0.0)
    theta = _map(right, given, a, b, c)
    p, slope, r = _curves(theta, a, b, c)
    w = np.log(p) - np.log1p(-p)
    mask = given.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.sum(mask * slope * w, axis=1) / np.sum(mask * slope * r, axis=1)
        reduced = w - share[:, None] * r
        variance = np.sum(mask * p * (1 - p) * reduced**2, axis=1)
        z = (np.sum(mask * (right - p) * w, axis=1) - share * theta) / np.sqrt(variance)
    z = np.where((given.sum(axis=1) > 1) & (variance > 0), z, np.nan)
    return PersonFit(theta, z, norm.cdf(z))


def _curves(
    theta: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """P(right), its derivative by ability, and the weight that maximum likelihood gives the item; each (n_persons, n_items)."""
    star = np.clip(expit(a * (theta[:, None] - b)), 1e-10, 1 - 1e-10)
    p = c + (1 - c) * star
    return p, (1 - c) * a * star * (1 - star), a * star / p


def _map(
    right: NDArray[np.float64],
    given: NDArray[np.bool_],
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    c: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Where -theta + sum r (x - P) is 0, by halving the interval from -6 to 6."""
    low = np.full(len(right), -RANGE)
    high = np.full(len(right), RANGE)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        p, _, r = _curves(middle, a, b, c)
        up = np.sum(given * r * (right - p), axis=1) > middle
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    theta: NDArray[np.float64] = (low + high) / 2
    return theta
