"""Parameters while they are estimated: slopes, intercepts and logits of guessing of items, means and standard deviations of
groups."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LANE = 8  # nodes that move together in compiled loops: one register of 32-bit numbers
MAX_SLOPE = 20.0  # per logit: steeper ones are steps, which data can ask for and no test can use
MAX_INTERCEPT = 60.0
LOGIT_GUESSING = (-9.0, 2.0)
SD = (0.05, 10.0)


@dataclass(frozen=True, slots=True)
class Parameters:
    """P(right | theta) = c + (1 - c) / (1 + exp(-(slope theta + intercept))), c = 1 / (1 + exp(-guess)); theta ~ N(mean, sd).

    `slope`, `intercept` (n_items,); `guess` (n_items,), the logit of guessing, or None for models without;
    `mean`, `sd` (n_groups,).
    """

    slope: Floats
    intercept: Floats
    guess: Floats | None
    mean: Floats
    sd: Floats

    def guessing(self) -> Floats:
        """The chance of a right answer at very low ability, (n_items,)."""
        return np.zeros_like(self.slope) if self.guess is None else expit(self.guess)


@dataclass(frozen=True, slots=True)
class Free:
    """What is estimated; everything else stays as it started.

    `item` (n_items,): the items that are not anchored. `slope`: are discriminations estimated at all; `common_slope`: is it one
    for all. `mean`, `sd` (n_groups,).
    """

    item: Flags
    slope: bool
    common_slope: bool
    mean: Flags
    sd: Flags

    def pack(self, parameters: Parameters) -> Floats:
        """What is estimated, as one vector: slopes, intercepts, guessing, means, logs of standard deviations."""
        parts = []
        if self.slope:
            parts.append(parameters.slope[self.item][: 1 if self.common_slope else None])
        parts.append(parameters.intercept[self.item])
        if parameters.guess is not None:
            parts.append(parameters.guess[self.item])
        parts += [parameters.mean[self.mean], np.log(parameters.sd[self.sd])]
        return np.concatenate(parts)

    def unpack(self, vector: Floats, parameters: Parameters) -> Parameters:
        """The parameters with what is estimated taken from the vector, within bounds."""
        n = int(self.item.sum())
        at = 0

        def taken(size: int) -> Floats:
            nonlocal at
            at += size
            return vector[at - size : at]

        changed: dict[str, Floats] = {}
        if self.slope:
            changed["slope"] = _put(parameters.slope, self.item, taken(1 if self.common_slope else n), -MAX_SLOPE, MAX_SLOPE)
        changed["intercept"] = _put(parameters.intercept, self.item, taken(n), -MAX_INTERCEPT, MAX_INTERCEPT)
        if parameters.guess is not None:
            changed["guess"] = _put(parameters.guess, self.item, taken(n), *LOGIT_GUESSING)
        changed["mean"] = _put(parameters.mean, self.mean, taken(int(self.mean.sum())), -np.inf, np.inf)
        changed["sd"] = _put(parameters.sd, self.sd, np.exp(taken(int(self.sd.sum()))), *SD)
        return replace(parameters, **changed)


def _put(values: Floats, where: Flags, new: Floats, low: float, high: float) -> Floats:
    put = values.copy()
    put[where] = np.clip(new, low, high)
    return put


def expit(x: Floats) -> Floats:
    """1 / (1 + exp(-x)), exact in both tails."""
    return np.asarray(special.expit(x), dtype=np.float64)


def log_priors(mean: Floats, sd: Floats, nodes: Floats) -> Floats:
    """Log of the normal density on the nodes, scaled so that it sums to 1, (n_groups, n_nodes)."""
    log_density = -0.5 * ((nodes[None, :] - mean[:, None]) / sd[:, None]) ** 2
    top = log_density.max(axis=1, keepdims=True)
    return np.asarray(log_density - top - np.log(np.exp(log_density - top).sum(axis=1, keepdims=True)))
