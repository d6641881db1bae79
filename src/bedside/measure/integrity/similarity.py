"""Answer similarity: pairs of persons whose answers are alike more often than their abilities explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from bedside.measure.integrity import similarity_kernels as kernel
from bedside.measure.multiplicity import benjamini_hochberg
from bedside.measure.problems import MeasureError

KEEP = 0.01
M4_KEEP = 0.0005
ROWS = 64
MARGIN = 5.0  # a rough tail this many times over the limit is not worked out exactly
N_TESTS = 3  # omega, GBT, M4


@dataclass(frozen=True, slots=True)
class SimilarPairs:
    """Pairs of persons, (n_kept,) each: those with at least one p-value up to `keep`, of the `n_pairs` that were compared.

    `a` and `b` are places of persons. `matches` answers of the `common` items are alike, `same_wrong` of them wrong, where
    `expected` and `expected_wrong` would be by chance at these abilities. `omega_ab` takes a as the one who copied; `p_omega`
    is that of the larger direction, doubled since there were two to choose from. `p_gbt` and `p_m4` are exact. `p_m4` is NaN
    where a rough value was over `m4_keep`, and counts as 1. `p` is three times the smallest, and `p_adjusted` after Benjamini
    and Hochberg over all pairs. `excess` is the effect: matches over those expected, as a share of the common items.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    common: NDArray[np.int64]
    matches: NDArray[np.int64]
    expected: NDArray[np.float64]
    same_wrong: NDArray[np.int64]
    expected_wrong: NDArray[np.float64]
    omega_ab: NDArray[np.float64]
    omega_ba: NDArray[np.float64]
    p_omega: NDArray[np.float64]
    p_gbt: NDArray[np.float64]
    p_m4: NDArray[np.float64]
    p: NDArray[np.float64]
    p_adjusted: NDArray[np.float64]
    excess: NDArray[np.float64]
    n_pairs: int
    keep: float
    m4_keep: float
    omega_mean: float  # over all pairs and both directions; 0 where the model holds
    omega_sd: float  # and 1


def similar_pairs(
    options: NDArray[np.integer],
    key: NDArray[np.integer],
    probability: NDArray[np.floating],
    *,
    keep: float = KEEP,
    m4_keep: float = M4_KEEP,
) -> SimilarPairs:
    """Compare all pairs of persons by omega, GBT and M4.

    `options` (n_persons, n_items): the place of the option taken, -1 without an answer; `key` (n_items,): of the right one, or
    -1; `probability` (n_persons, n_items, n_options): of each option at the person's ability, as from `fit_nominal`.

    omega: Wollack (1997), Applied Psychological Measurement 21, 307-320: the answers of the one who may have copied
    given the other's, standardised. GBT: van der Linden & Sotaridona (2006), Journal of Educational and Behavioral Statistics
    31, 283-304: the exact tail of the number of matches, neither answer given. M4: Maynes (2014), in Kingston & Clark, Test
    Fraud: the exact tail of matches in right and in wrong answers together.

    Raises:
        MeasureError: the shapes do not fit, or there are more than 127 options.
    """
    _see_shapes(options, key, probability)
    arrays = (
        np.ascontiguousarray(options, dtype=np.int8),
        np.ascontiguousarray(key, dtype=np.int8),
        np.ascontiguousarray(probability, dtype=np.float32),
    )
    n_persons = len(options)
    gbt_z = -np.inf if keep * MARGIN >= 0.5 else float(norm.isf(keep * MARGIN))
    m4_limit = np.inf if m4_keep >= 1 else m4_keep * MARGIN
    kept, n_pairs, sums = [], 0, np.zeros(3)
    for first in range(0, n_persons - 1, ROWS):
        last = min(first + ROWS, n_persons - 1)
        block = kernel.compare_rows(first, last, *arrays, gbt_z, m4_limit)
        a, b = np.nonzero(np.nan_to_num(block[:, :, kernel.COMMON]) > 0)
        found = block[a, b]
        n_pairs += len(found)
        omega = found[:, [kernel.OMEGA_AB, kernel.OMEGA_BA]]
        sums += np.sum(~np.isnan(omega)), np.nansum(omega), np.nansum(omega**2)
        rows = np.column_stack([a + first, b, found])
        kept.append(rows[_smallest(found) <= keep])
    return _pairs(np.concatenate(kept) if kept else np.empty((0, kernel.N_COLUMNS + 2)), n_pairs, sums, keep, m4_keep)


def _see_shapes(options: NDArray[np.integer], key: NDArray[np.integer], probability: NDArray[np.floating]) -> None:
    if probability.shape[:2] != options.shape or key.shape != options.shape[1:]:
        raise MeasureError("options, key and probabilities are not of the same persons and items")
    if probability.shape[2] > np.iinfo(np.int8).max:
        raise MeasureError(f"{probability.shape[2]} options are more than the 127 that can be compared")
    if options.max(initial=-1) >= probability.shape[2]:
        raise MeasureError("an option was taken that has no probability")


def _smallest(found: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.min(np.nan_to_num(_p_values(found), nan=1.0), axis=1), dtype=np.float64)


def _p_values(found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of omega, GBT and M4, (n, 3)."""
    omega = np.fmax(found[:, kernel.OMEGA_AB], found[:, kernel.OMEGA_BA])
    p_omega = np.minimum(2 * norm.sf(omega), 1.0)
    return np.column_stack([p_omega, found[:, kernel.P_GBT], found[:, kernel.P_M4]])


def _pairs(rows: NDArray[np.float64], n_pairs: int, sums: NDArray[np.float64], keep: float, m4_keep: float) -> SimilarPairs:
    found = rows[:, 2:]
    tails = _p_values(found)
    p = np.minimum(N_TESTS * _smallest(found), 1.0)
    n, total, squares = sums
    mean = total / n if n else np.nan
    matches, common = found[:, kernel.MATCHES].astype(np.int64), found[:, kernel.COMMON].astype(np.int64)
    return SimilarPairs(
        a=rows[:, 0].astype(np.int64),
        b=rows[:, 1].astype(np.int64),
        common=common,
        matches=matches,
        expected=found[:, kernel.EXPECTED],
        same_wrong=found[:, kernel.SAME_WRONG].astype(np.int64),
        expected_wrong=found[:, kernel.EXPECTED_WRONG],
        omega_ab=found[:, kernel.OMEGA_AB],
        omega_ba=found[:, kernel.OMEGA_BA],
        p_omega=tails[:, 0],
        p_gbt=tails[:, 1],
        p_m4=tails[:, 2],
        p=p,
        p_adjusted=benjamini_hochberg(p, n_pairs),
        excess=(matches - found[:, kernel.EXPECTED]) / np.maximum(common, 1),
        n_pairs=n_pairs,
        keep=keep,
        m4_keep=m4_keep,
        omega_mean=float(mean),
        omega_sd=float(np.sqrt(max(squares / n - mean**2, 0))) if n else float("nan"),
    )
