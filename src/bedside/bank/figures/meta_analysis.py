"""Studies of one effect and what they say together.

Fixed effect by inverse variance; random effects with the variance between studies of DerSimonian R, Laird N. Meta-analysis in
clinical trials. Control Clin Trials 1986;7:177-88; I2 by Higgins JPT, Thompson SG. Stat Med 2002;21:1539-58. Ratios are pooled
as logarithms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from bedside.bank.figures.chance import chance

Z = 1.959964  # of a 95% interval
SMALLEST, LARGEST = 0.08, 0.5  # standard errors of studies made by chance


@dataclass(frozen=True, slots=True)
class Study:
    """An effect and its standard error, both on the scale of pooling (logarithm for ratios)."""

    name: str
    effect: float
    error: float

    def interval(self) -> tuple[float, float]:
        """The ends of the 95% interval."""
        return self.effect - Z * self.error, self.effect + Z * self.error


@dataclass(frozen=True, slots=True)
class Pooled:
    """What studies say together; weights are shares of 1."""

    effect: float
    error: float
    weights: tuple[float, ...]

    def interval(self) -> tuple[float, float]:
        """The ends of the 95% interval."""
        return self.effect - Z * self.error, self.effect + Z * self.error


def pooled(studies: Sequence[Study], between: float = 0.0) -> Pooled:
    """The weighted mean.

    Args:
        between: variance between studies (tau squared); 0 for a fixed effect.
    """
    effects, weights = _arrays(studies)
    weights = 1 / (1 / weights + between)
    total = float(weights.sum())
    return Pooled(float(weights @ effects) / total, total**-0.5, tuple((weights / total).tolist()))


def heterogeneity(studies: Sequence[Study]) -> float:
    """Cochran's Q."""
    effects, weights = _arrays(studies)
    return float(weights @ (effects - pooled(studies).effect) ** 2)


def variance_between(studies: Sequence[Study]) -> float:
    """Tau squared by the method of moments of DerSimonian and Laird; 0 at least."""
    _, weights = _arrays(studies)
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    return max(0.0, (heterogeneity(studies) - (len(studies) - 1)) / scale) if scale > 0 else 0.0


def inconsistency(studies: Sequence[Study]) -> float:
    """I squared: the share of the variation that is more than chance, from 0 to 1."""
    q = heterogeneity(studies)
    return max(0.0, (q - (len(studies) - 1)) / q) if q > 0 else 0.0


def made_studies(effect: float, tau: float, k: int, seed: int, *, is_selected: bool = False, unit: float = 1.0) -> list[Study]:
    """Studies of different sizes by chance around one effect (on the scale of pooling).

    Args:
        is_selected: of small studies only those that found a lower effect (more benefit) are there, but for a few.
        unit: size of the standard errors, 1 for logarithms of ratios.
    """
    draw = chance(seed, "studies").random
    found: list[Study] = []
    for n in range(1, k + 1):
        error, seen, is_there = unit * (SMALLEST + (LARGEST - SMALLEST) * draw()), 0.0, False
        while not is_there:
            between, within, fate = np.clip([draw(), draw(), draw()], 1e-9, 1 - 1e-9).tolist()
            seen = effect + tau * float(ndtri(between)) + error * float(ndtri(within))
            is_unwelcome = seen > effect - 0.5 * error and error > 0.2 * unit
            is_there = not (is_selected and is_unwelcome and fate < 0.95)
        found.append(Study(f"Study {n}", seen, error))
    return found


def _arrays(studies: Sequence[Study]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Effects, and weights of a fixed effect."""
    effects = np.array([study.effect for study in studies], dtype=np.float64)
    return effects, np.array([1 / study.error**2 for study in studies], dtype=np.float64)
