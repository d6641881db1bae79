"""Times to an event in groups, by chance, and their Kaplan-Meier estimate.

Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat Assoc 1958;53:457-81. Times are Weibull
(shape 1 is a constant hazard). People enter over a time of accrual and are followed until one day, so that those without an
event are censored at different times; some are lost before.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from bedside.bank.figures.chance import chance

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Times:
    """How long each person was seen, and whether the event came then (or the person was censored)."""

    seen: Floats
    is_event: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share without the event from each time on, and how many were at risk just before it."""

    times: Floats
    share: Floats
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]

    def at(self, time: float) -> float:
        """The share without the event at a time."""
        n = int(np.searchsorted(self.times, time, side="right"))
        return float(self.share[n - 1]) if n else 1.0


def drawn_times(
    median: float, shape: float, n: int, *, seed: int, group: int, accrual: float, follow: float, lost: float
) -> Times:
    """Times of n people. `accrual` and `follow` are how long people enter and how long the first of them can be followed.

    Args:
        median: time by which half of all would have had the event.
        lost: share of people who are lost from sight at some time of their follow-up.
    """
    draw = chance(seed, f"survival {group}")
    uniforms = np.maximum(draw.random((n, 4)), 1e-12)
    scale = median / log(2) ** (1 / shape)
    events = scale * (-np.log(uniforms[:, 0])) ** (1 / shape)
    end = follow - accrual * uniforms[:, 1]
    end = np.where(uniforms[:, 2] < lost, end * uniforms[:, 3], end)
    return Times(np.minimum(events, end), events <= end)


def product_limit(times: Times) -> Estimate:
    """The estimate at the times of events, each once."""
    moments = np.unique(times.seen[times.is_event])
    at_risk = np.array([np.count_nonzero(times.seen >= moment) for moment in moments], dtype=np.int64)
    events = np.array([np.count_nonzero(times.is_event & (times.seen == moment)) for moment in moments], dtype=np.int64)
    share = np.cumprod(1 - events / at_risk).astype(np.float64)
    return Estimate(moments, share, at_risk, events)


def at_risk(times: Times, moment: float) -> int:
    """How many are still followed without an event just before a moment."""
    return int(np.count_nonzero(times.seen >= moment - 1e-9))
