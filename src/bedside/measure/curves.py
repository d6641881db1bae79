"""The curves of the logistic models at points of ability: probabilities, their logarithms, and information."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from bedside.measure.items import Items


def probabilities(items: Items, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(right) of each item at each point, shape (n_items, n_points). Birnbaum (1968), eq. 17.3.2."""
    rising: NDArray[np.float64] = expit(_logits(items, theta))
    return _column(items.guessing) + (1.0 - _column(items.guessing)) * rising


def log_probabilities(items: Items, theta: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logarithms of P(wrong) and P(right), each (n_items, n_points), exact also where a probability is near 0 or 1."""
    logits, chance = _logits(items, theta), _column(items.guessing)
    with np.errstate(divide="ignore"):
        of_chance = np.log(chance)  # -inf where there is none
    wrong = np.log1p(-chance) + log_expit(-logits)
    return wrong, np.logaddexp(of_chance, np.log1p(-chance) + log_expit(logits))


def information(items: Items, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fisher information of each item, P'^2 / (P Q), shape (n_items, n_points). Birnbaum (1968), eq. 20.2.3."""
    logits, chance = _logits(items, theta), _column(items.guessing)
    rising: NDArray[np.float64] = expit(logits)
    falling: NDArray[np.float64] = expit(-logits)
    right = chance + (1.0 - chance) * rising
    ratio = np.divide(rising, right, out=np.ones_like(right), where=chance > 0)
    return (1.0 - chance) * _column(items.discrimination) ** 2 * rising * falling * ratio


def _logits(items: Items, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    return _column(items.discrimination) * (theta - _column(items.difficulty))


def _column(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[:, np.newaxis]
