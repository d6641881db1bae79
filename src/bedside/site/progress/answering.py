"""What answers say beside right and wrong: how well the person's own confidence fits, and the time they took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np

from bedside.delivery import Share, wilson
from bedside.site.progress.columns import AnswerColumns
from bedside.study import Z_95, Floats

MIN_FOR_MEDIAN = 6  # from here on two of the values hold the median at 95%
EDGES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, np.inf)  # of the time taken, as a share of the time there was


@dataclass(frozen=True, slots=True)
class Between:
    """A median, with the values that hold it at 95%; `n` is what it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class TimeBin:
    """Answers that took from `low` to below `high` times their budget; the last bin is open."""

    low: float
    high: float
    n_right: int
    n_wrong: int

    @property
    def share(self) -> Share:
        return wilson(self.n_right, self.n_right + self.n_wrong)


@dataclass(frozen=True, slots=True)
class Times:
    """Times as shares of the budget: how they are spread, and their medians, None where they rest on too little."""

    bins: tuple[TimeBin, ...]
    right: Between | None
    wrong: Between | None

    @property
    def n(self) -> int:
        return sum(one.n_right + one.n_wrong for one in self.bins)


def by_confidence(answers: AnswerColumns) -> Mapping[str, Share]:
    """The share right of what was marked sure, of what was marked nothing (""), and of what was marked unsure."""
    marked = np.array(answers.confidence, dtype=np.str_)
    found = {}
    for name in ("sure", "", "unsure"):
        mine = answers.is_right[marked == name]
        found[name] = wilson(int(mine.sum()), len(mine))
    return found


def times_of(answers: AnswerColumns, budgets_s: Floats) -> Times:
    """How the times lie to their budgets, where those are known."""
    ratio = answers.seconds_s / budgets_s
    known = np.isfinite(ratio)
    ratio, is_right = ratio[known], answers.is_right[known]
    place = np.searchsorted(np.array(EDGES), ratio, side="right") - 1
    n_right, n_wrong = (np.bincount(place[flags], minlength=len(EDGES) - 1).tolist() for flags in (is_right, ~is_right))
    bins = tuple(TimeBin(EDGES[n], EDGES[n + 1], n_right[n], n_wrong[n]) for n in range(len(EDGES) - 1))
    return Times(bins, median_between(ratio[is_right]), median_between(ratio[~is_right]))


def median_between(values: Floats) -> Between | None:
    """The median and the order statistics about it that hold it at 95% or a little more; None for fewer than six values.

    `bedside.delivery.median_of` reckons the ranks exactly; here there may be thousands, for which its sums take seconds.

    Source: the normal approximation of the sign test, as in Campbell & Gardner (1988), BMJ 296, 1454-1456.
    """
    n = len(values)
    if n < MIN_FOR_MEDIAN:
        return None
    ordered = np.sort(values)
    reach = Z_95 * sqrt(n) / 2
    low, high = max(0, floor(n / 2 - reach) - 1), min(n - 1, ceil(n / 2 + reach))
    return Between(float(np.median(ordered)), float(ordered[low]), float(ordered[high]), n)


def latest(answers: AnswerColumns) -> Mapping[str, bool]:
    """Of each item that was answered, whether it was right the last time."""
    return dict(zip(answers.item, answers.is_right.tolist(), strict=True))
