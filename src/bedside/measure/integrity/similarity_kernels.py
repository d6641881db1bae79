"""Answers alike of every pair of persons: the counting, and the exact tails of how many would be alike by chance."""

# ruff: noqa: PLR0917 - compiled loops take their arrays one by one

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

N_COLUMNS = 11
MATCHES, EXPECTED, COMMON, SAME_RIGHT, SAME_WRONG, OMEGA_AB, OMEGA_BA, P_GBT, P_M4, EXPECTED_RIGHT, EXPECTED_WRONG = range(
    N_COLUMNS
)
TIE = 1 + 1e-9  # tails that are equal but for rounding count as equal


@njit(cache=True)
def upper_normal(z: float) -> float:
    """The upper tail of the standard normal distribution."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


@njit(cache=True)
def binomial_tail(p: NDArray[np.float64], n: int, m: int, f: NDArray[np.float64]) -> float:
    """P(at least m of n) of independent events with probabilities p[:n]; `f` is room for n + 1 numbers."""
    f[0] = 1.0
    for i in range(n):
        q = p[i]
        f[i + 1] = q * f[i]
        for j in range(i, 0, -1):
            f[j] += q * (f[j - 1] - f[j])
        f[0] *= 1.0 - q
    tail = 0.0
    for j in range(n, m - 1, -1):
        tail += f[j]
    return min(tail, 1.0)


@njit(cache=True)
def trinomial_tail(
    p1: NDArray[np.float64],
    p0: NDArray[np.float64],
    n: int,
    r: int,
    w: int,
    f: NDArray[np.float64],
    g: NDArray[np.float64],
) -> float:
    """P(a point as extreme as (r, w)) of n independent trials with outcomes of probability p1, p0 and the rest.

    A point is as extreme when the chance of at least as many of both kinds is as small. `f` and `g` are room for
    (n + 1, n + 1) numbers.
    """
    for j in range(n + 1):
        for k in range(n + 1 - j):
            f[j, k] = 0.0
    f[0, 0] = 1.0
    for i in range(n):
        a, b = p1[i], p0[i]
        c = 1.0 - a - b
        for j in range(i + 1, -1, -1):
            for k in range(i + 1 - j, -1, -1):
                value = c * f[j, k]
                if j > 0:
                    value += a * f[j - 1, k]
                if k > 0:
                    value += b * f[j, k - 1]
                f[j, k] = value
    for j in range(n, -1, -1):
        row = 0.0
        for k in range(n - j, -1, -1):
            row += f[j, k]
            g[j, k] = row + (g[j + 1, k] if k < n - j else 0.0)
    limit = g[r, w] * TIE
    tail = 0.0
    for j in range(n + 1):
        for k in range(n + 1 - j):
            if g[j, k] <= limit:
                tail += f[j, k]
    return min(tail, 1.0)


@njit(cache=True, parallel=True)
def compare_rows(
    first: int,
    last: int,
    options: NDArray[np.int8],
    key: NDArray[np.int8],
    probability: NDArray[np.float32],
    gbt_z: float,
    m4_limit: float,
) -> NDArray[np.float64]:
    """Every pair (a, b) with first <= a < last and b > a: (last - first, n_persons, N_COLUMNS).

    `options` (n_persons, n_items) is -1 where there is no answer, `key` (n_items,) -1 where there is no right option;
    `probability` (n_persons, n_items, n_options). The exact tail of GBT is worked out where the number of matches is over
    `gbt_z` standard deviations, that of M4 where a rough one is under `m4_limit`; else they are NaN.
    """
    n_persons = options.shape[0]
    out = np.full((last - first, n_persons, N_COLUMNS), np.nan)
    for row in prange(last - first):
        n_items = options.shape[1]
        both = np.empty(n_items)
        right = np.empty(n_items)
        wrong = np.empty(n_items)
        f1 = np.empty(n_items + 1)
        f2 = np.empty((n_items + 1, n_items + 1))
        g2 = np.empty((n_items + 1, n_items + 1))
        a = first + row
        for b in range(a + 1, n_persons):
            _compare(a, b, options, key, probability, gbt_z, m4_limit, both, right, wrong, f1, f2, g2, out[row, b])
    return out


@njit(cache=True)
def _compare(
    a: int,
    b: int,
    options: NDArray[np.int8],
    key: NDArray[np.int8],
    probability: NDArray[np.float32],
    gbt_z: float,
    m4_limit: float,
    both: NDArray[np.float64],
    right: NDArray[np.float64],
    wrong: NDArray[np.float64],
    f1: NDArray[np.float64],
    f2: NDArray[np.float64],
    g2: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    n, same_right, same_wrong, var_ab, var_ba = _counts(a, b, options, key, probability, both, right, wrong, out)
    mean, mean_r = both[:n].sum(), right[:n].sum()
    var, var_r, var_w = 0.0, 0.0, 0.0
    for i in range(n):
        var += both[i] * (1.0 - both[i])
        var_r += right[i] * (1.0 - right[i])
        var_w += wrong[i] * (1.0 - wrong[i])
    matches = same_right + same_wrong
    out[MATCHES], out[EXPECTED], out[COMMON] = matches, mean, n
    out[SAME_RIGHT], out[SAME_WRONG] = same_right, same_wrong
    out[EXPECTED_RIGHT], out[EXPECTED_WRONG] = mean_r, mean - mean_r
    # until here the sums of what was expected of each given the other are in the places of the omegas
    out[OMEGA_AB] = (matches - out[OMEGA_AB]) / math.sqrt(var_ab) if var_ab > 0.0 else np.nan
    out[OMEGA_BA] = (matches - out[OMEGA_BA]) / math.sqrt(var_ba) if var_ba > 0.0 else np.nan
    if var > 0.0 and matches - 0.5 - mean >= gbt_z * math.sqrt(var):
        out[P_GBT] = binomial_tail(both, n, matches, f1)
    rough = 1.0
    if var_r > 0.0:
        rough *= upper_normal((same_right - 0.5 - mean_r) / math.sqrt(var_r))
    if var_w > 0.0:
        rough *= upper_normal((same_wrong - 0.5 - (mean - mean_r)) / math.sqrt(var_w))
    if n > 0 and rough * (1.0 - math.log(max(rough, 1e-300))) <= m4_limit:
        out[P_M4] = trinomial_tail(right, wrong, n, same_right, same_wrong, f2, g2)


@njit(cache=True)
def _counts(
    a: int,
    b: int,
    options: NDArray[np.int8],
    key: NDArray[np.int8],
    probability: NDArray[np.float32],
    both: NDArray[np.float64],
    right: NDArray[np.float64],
    wrong: NDArray[np.float64],
    out: NDArray[np.float64],
) -> tuple[int, int, int, float, float]:
    """Chances of being alike of the items that both answered, how many were alike, and the variances for omega."""
    n, same_right, same_wrong = 0, 0, 0
    mean_ab, mean_ba, var_ab, var_ba = 0.0, 0.0, 0.0, 0.0
    for i in range(options.shape[1]):
        u, v, k = options[a, i], options[b, i], key[i]
        if u < 0 or v < 0:
            continue
        p = 0.0
        for option in range(probability.shape[2]):
            p += np.float64(probability[a, i, option]) * np.float64(probability[b, i, option])
        p_r = np.float64(probability[a, i, k]) * np.float64(probability[b, i, k]) if k >= 0 else 0.0
        both[n], right[n], wrong[n] = p, p_r, max(p - p_r, 0.0)
        n += 1
        same_right += u == v and u == k
        same_wrong += u == v and u != k
        p_ab, p_ba = np.float64(probability[a, i, v]), np.float64(probability[b, i, u])
        mean_ab += p_ab
        var_ab += p_ab * (1.0 - p_ab)
        mean_ba += p_ba
        var_ba += p_ba * (1.0 - p_ba)
    out[OMEGA_AB], out[OMEGA_BA] = mean_ab, mean_ba
    return n, same_right, same_wrong, var_ab, var_ba
