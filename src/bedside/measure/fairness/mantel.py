"""DIF by Mantel and Haenszel: the odds of a right answer in two groups, among persons with the same score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

DELTA = -2.35  # a log odds ratio on the delta scale of ETS: 4 / 1.7
MODERATE = 1.0
LARGE = 1.5
LEVEL = 0.05  # of the tests in the ETS rule


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """Of each item, (n_items,) float64: the test and the effect. NaN where no stratum has both groups and both answers.

    `odds_ratio` is over 1 where the item is easier for the reference group. `delta` is -2.35 times its logarithm: below 0 the
    item is harder for the focal group than for persons of the reference group with the same score; `se` is its standard error.
    """

    chi_square: NDArray[np.float64]
    p: NDArray[np.float64]
    odds_ratio: NDArray[np.float64]
    delta: NDArray[np.float64]
    se: NDArray[np.float64]


def matching_score(table: NDArray[np.float32], anchors: NDArray[np.bool_], item: int) -> NDArray[np.int64]:
    """The score on which persons are matched, (n_persons,): right answers to the anchors and to the item itself.

    Where persons were given different numbers of these items it is their share of right answers, times the number of items,
    rounded. Holland & Thayer (1988) say why the item itself must be in it.
    """
    used = anchors.copy()
    used[item] = True
    part = table[:, used]
    n_given = (~np.isnan(part)).sum(axis=1)
    n_right = np.nansum(part, axis=1)
    if np.all(n_given == part.shape[1]):
        return np.asarray(n_right, dtype=np.int64)
    share = n_right / np.maximum(n_given, 1)
    return np.asarray(np.rint(share * part.shape[1]), dtype=np.int64)


def mantel_haenszel(
    table: NDArray[np.float32], focal: NDArray[np.bool_], anchors: NDArray[np.bool_], *, correct: bool = True
) -> MantelHaenszel:
    """The Mantel-Haenszel test of every item.

    `table` (n_persons, n_items) has 1, 0 and NaN; `focal` (n_persons,); `anchors` (n_items,) the items matched on.
    `correct` takes the continuity correction of 0.5. Holland & Thayer (1988); the standard error is that of Robins, Breslow &
    Greenland (1986) as Phillips & Holland (1987) write it.
    """
    found = [_item(table, focal, anchors, item, correct=correct) for item in range(table.shape[1])]
    chi_square, odds_ratio, variance = np.array(found).T
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds = np.log(odds_ratio)
    log_odds[~np.isfinite(log_odds)] = np.nan
    return MantelHaenszel(
        chi_square,
        chi2.sf(chi_square, 1),
        odds_ratio,
        DELTA * log_odds,
        np.where(np.isnan(log_odds), np.nan, -DELTA * np.sqrt(variance)),
    )


def _item(
    table: NDArray[np.float32], focal: NDArray[np.bool_], anchors: NDArray[np.bool_], item: int, *, correct: bool
) -> tuple[float, float, float]:
    """Chi-square, odds ratio and the variance of its logarithm, of one item."""
    given = ~np.isnan(table[:, item])
    score = matching_score(table, anchors, item)[given]
    cell = score * 4 + focal[given] * 2 + (table[given, item] == 0)
    a, b, c, d = np.bincount(cell, minlength=4 * (int(score.max(initial=0)) + 1)).reshape(-1, 4).astype(np.float64).T
    total = a + b + c + d
    a, b, c, d, total = (part[total > 1] for part in (a, b, c, d, total))
    n_reference, n_focal, right, wrong = a + b, c + d, a + c, b + d
    expected = n_reference * right / total
    variance = float(np.sum(n_reference * n_focal * right * wrong / (total**2 * (total - 1))))
    if variance == 0:
        return np.nan, np.nan, np.nan
    off = abs(float(np.sum(a - expected)))
    chi_square = (off - 0.5 if correct else off) ** 2 / variance  # as printed, also where the sum is off by less than 0.5
    numerator, denominator = float(np.sum(a * d / total)), float(np.sum(b * c / total))
    if numerator == 0 or denominator == 0:
        return chi_square, np.inf if denominator == 0 else 0.0, np.nan
    ratio = numerator / denominator
    spread = np.sum((a * d + ratio * b * c) * (a + d + ratio * (b + c)) / total**2) / (2 * numerator**2)
    return chi_square, ratio, float(spread)


def size_class(delta: NDArray[np.float64]) -> NDArray[np.str_]:
    """A, B or C by the size of delta alone: under 1, under 1.5, larger; empty where there is none."""
    size = np.abs(delta)
    return np.select([np.isnan(size), size < MODERATE, size < LARGE], ["", "A", "B"], default="C")


def ets_class(delta: NDArray[np.float64], se: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.str_]:
    """A, B or C by size and significance, as ETS does.

    A: delta does not differ from 0 at 0.05, or is under 1. C: it is 1.5 or more, and over 1 at 0.05 (one-sided). Else B.
    Zieky (1993), in Holland & Wainer, Differential Item Functioning, 337-347.
    """
    size = np.abs(delta)
    is_a = (p >= LEVEL) | (size < MODERATE)
    is_c = (size >= LARGE) & (size - MODERATE > norm.ppf(1 - LEVEL) * se)
    return np.select([np.isnan(size) | np.isnan(p), is_a, is_c], ["", "A", "C"], default="B")
