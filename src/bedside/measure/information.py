"""How much items and tests tell at an ability."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bedside.measure import curves
from bedside.measure.items import Items


def item_information(items: Items, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fisher information of each item at each ability, (n_items, n_points), per squared logit. Birnbaum (1968), eq. 20.2.3."""
    return curves.information(items, np.asarray(theta, dtype=np.float64))


def test_information(items: Items, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fisher information of all items together, (n_points,); one over its root is the standard error of a maximum likelihood
    estimate of ability."""
    return np.asarray(item_information(items, theta).sum(axis=0))


test_information.__test__ = False  # type: ignore[attr-defined]  # a test of candidates, not of code
