"""Many tests at once: how many of those that are flagged are false."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bedside.measure.problems import MeasureError


def benjamini_hochberg(p: NDArray[np.float64], n_tests: int | None = None) -> NDArray[np.float64]:
    """P-values adjusted so that flagging those under q keeps the expected share of false flags under q.

    `p` has any shape; NaN (no test was possible) stays NaN and is not counted. `n_tests` says how many tests there were
    when only the smallest p-values are given, as of a million pairs: what is left out counts as larger than all that is here.
    Holds for independent tests and for those positively dependent. Benjamini & Hochberg (1995), procedure (1).

    Raises:
        MeasureError: a p-value is outside 0..1, or there are more of them than `n_tests`.
    """
    flat = np.asarray(p, dtype=np.float64).ravel()
    tested = np.flatnonzero(~np.isnan(flat))
    values = flat[tested]
    n = len(values) if n_tests is None else n_tests
    if n < len(values):
        raise MeasureError(f"{len(values)} p-values are more than the {n} tests that are said to be")
    if np.any((values < 0) | (values > 1)):
        raise MeasureError("a p-value lies between 0 and 1")
    order = np.argsort(values, kind="stable")[::-1]
    ranked = values[order] * n / np.arange(len(values), 0, -1)
    adjusted = np.full(flat.shape, np.nan)
    adjusted[tested[order]] = np.minimum(np.minimum.accumulate(ranked), 1.0)
    return adjusted.reshape(np.shape(p))


def bonferroni_smallest(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """One p-value for each row: the smallest of its tests times how many it had; NaN where it had none.

    `p` has shape (n, n_tests). It holds however the tests of a row depend on each other.
    """
    counted = ~np.isnan(p)
    smallest = np.min(np.where(counted, p, np.inf), axis=1)
    n = counted.sum(axis=1)
    return np.where(n > 0, np.minimum(np.where(n > 0, smallest, 0) * n, 1.0), np.nan)
