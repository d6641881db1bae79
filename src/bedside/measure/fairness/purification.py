"""Purification: items that show DIF are taken out of what persons are matched on, and all are tested again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.problems import MeasureError


@dataclass(frozen=True, slots=True)
class Purified:
    """Which items persons are matched on at the end, (n_items,) bool, after how many rounds, and whether two agreed."""

    anchors: NDArray[np.bool_]
    iterations: int
    converged: bool


def purified(
    test: Callable[[NDArray[np.bool_]], NDArray[np.float64]], n_items: int, *, alpha: float, max_iterations: int
) -> Purified:
    """Test with all items as anchors, then with those that were not flagged, until the same items are flagged twice.

    `test` gets the anchors, (n_items,) bool, and answers the p-values, (n_items,). An item is flagged when its p-value,
    not adjusted, is under `alpha`. Magis et al. (2010), Behavior Research Methods 42, 847-862; Candell & Drasgow (1988).

    Raises:
        MeasureError: no item is left to match on.
    """
    anchors = np.ones(n_items, dtype=bool)
    flagged = _flagged(test(anchors), alpha)
    if not flagged.any():
        return Purified(anchors, 0, converged=True)
    for iteration in range(1, max_iterations + 1):
        anchors = ~flagged
        if not anchors.any():
            raise MeasureError("every item is flagged, and none is left to match the groups on")
        again = _flagged(test(anchors), alpha)
        if np.array_equal(again, flagged):
            return Purified(anchors, iteration, converged=True)
        flagged = again
    return Purified(anchors, max_iterations, converged=False)


def _flagged(p: NDArray[np.float64], alpha: float) -> NDArray[np.bool_]:
    return np.nan_to_num(p, nan=1.0) < alpha
