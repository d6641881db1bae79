"""What simulated adaptive tests come to: accuracy over the range of ability, exposure, overlap, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bedside.measure.adapting.simulation import SimulatedTests
from bedside.measure.problems import MeasureError

BINS = (-np.inf, -2.0, -1.0, 0.0, 1.0, 2.0, np.inf)


@dataclass(frozen=True, slots=True)
class AbilityBin:
    """The tests of persons whose true ability is from `low` to below `high`; NaN where there are none."""

    low: float
    high: float
    n: int
    bias: float
    rmse: float
    mean_se: float
    mean_length: float


@dataclass(frozen=True, slots=True)
class DecisionAccuracy:
    """Decisions at a cut against the truth, as shares of all persons: right, wrongly passed, wrongly failed."""

    right: float
    false_pass: float
    false_fail: float


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """Bias is the mean of estimate - truth, rmse the root of its mean square.

    `exposure` (n_items,): share of persons to whom an item was given. `overlap`: items that two persons drawn by chance
    share, as a share of a test of mean length, counted over all pairs (Chen, Ankenmann & Spray, 2003, have it from the
    exposures where all tests have one length). `decisions` is None where no cut was given.
    """

    n_persons: int
    bias: float
    rmse: float
    mean_se: float
    mean_length: float
    exposure: NDArray[np.float64]
    overlap: float
    by_ability: tuple[AbilityBin, ...]
    decisions: DecisionAccuracy | None

    @property
    def most_exposed(self) -> float:
        """The largest exposure of an item."""
        return float(self.exposure.max())

    @property
    def n_never_given(self) -> int:
        """Items that nobody got."""
        return int((self.exposure == 0).sum())


def report_tests(
    tests: SimulatedTests, *, decides: bool = False, cut: float = 0.0, bins: tuple[float, ...] = BINS
) -> SimulationReport:
    """Accuracy, exposure and overlap of simulated tests; with `decides` decisions at `cut` too. `bins` are ends of ability.

    Raises:
        MeasureError: there is no person, or the bins do not rise.
    """
    if not len(tests.theta):
        raise MeasureError("there are no simulated persons")
    if len(bins) < 2 or any(high <= low for low, high in pairwise(bins)):
        raise MeasureError("the ends of the bins of ability must rise")
    error = tests.theta - tests.ability
    uses = np.bincount(tests.given[tests.given >= 0], minlength=tests.n_items).astype(np.float64)
    return SimulationReport(
        n_persons=len(error),
        bias=float(error.mean()),
        rmse=float(np.sqrt((error**2).mean())),
        mean_se=float(tests.se.mean()),
        mean_length=float(tests.n_given.mean()),
        exposure=uses / len(error),
        overlap=_overlap(uses, len(error)),
        by_ability=tuple(_at(tests, error, low, high) for low, high in pairwise(bins)),
        decisions=_decisions(tests, cut) if decides else None,
    )


def _overlap(uses: NDArray[np.float64], n_persons: int) -> float:
    pairs = n_persons * (n_persons - 1)
    mean_length = uses.sum() / n_persons
    return float((uses * (uses - 1)).sum() / pairs / mean_length) if pairs and mean_length else 0.0


def _at(tests: SimulatedTests, error: NDArray[np.float64], low: float, high: float) -> AbilityBin:
    here = (tests.ability >= low) & (tests.ability < high)
    if not here.any():
        return AbilityBin(low, high, 0, np.nan, np.nan, np.nan, np.nan)
    return AbilityBin(
        low=low,
        high=high,
        n=int(here.sum()),
        bias=float(error[here].mean()),
        rmse=float(np.sqrt((error[here] ** 2).mean())),
        mean_se=float(tests.se[here].mean()),
        mean_length=float(tests.n_given[here].mean()),
    )


def _decisions(tests: SimulatedTests, cut: float) -> DecisionAccuracy:
    truly = tests.ability >= cut
    return DecisionAccuracy(
        right=float((tests.passed == truly).mean()),
        false_pass=float((tests.passed & ~truly).mean()),
        false_fail=float((~tests.passed & truly).mean()),
    )
