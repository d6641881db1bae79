"""Prior distributions of item parameters, and how they pull at an estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.measure.calibrating.em_parameters import Floats, Parameters


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal: of the logit of guessing, of a difficulty or of a discrimination."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise UsageError(f"the standard deviation of a prior is above 0, not {self.sd:g}")


@dataclass(frozen=True, slots=True)
class LogNormal:
    """The logarithm is normal: of a discrimination, which then stays positive."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise UsageError(f"the standard deviation of a prior is above 0, not {self.sd:g}")


@dataclass(frozen=True, slots=True)
class Beta:
    """Of guessing itself, with density c^(alpha - 1) (1 - c)^(beta - 1): its mode is where c is pulled to."""

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        if not (self.alpha >= 1 and self.beta >= 1):
            raise UsageError(f"both numbers of a beta prior are 1 or more, not {self.alpha:g} and {self.beta:g}")


@dataclass(frozen=True, slots=True)
class Priors:
    """Priors of each item's parameters; None is none. They make the estimate the mode of the posterior."""

    discrimination: Normal | LogNormal | None = None
    difficulty: Normal | None = None
    guessing: Beta | Normal | None = None


NO_PRIORS = Priors()
FIVE_OPTIONS = Priors(guessing=Beta(5, 17))  # mode 0.2, worth 20 answers: what BILOG takes for items with five options


@dataclass(frozen=True, slots=True)
class Pull:
    """What the priors add for each item: to the log-likelihood (n_items,), its gradient (n_items, 3) by slope, intercept and
    logit of guessing, and its information (n_items, 3, 3)."""

    value: Floats
    gradient: Floats
    information: NDArray[np.float64]


def pull_of(priors: Priors, parameters: Parameters) -> Pull:
    """Value, gradient and information of the log of the priors, without their constants."""
    a, d = parameters.slope, parameters.intercept
    value, gradient, information = np.zeros(len(a)), np.zeros((len(a), 3)), np.zeros((len(a), 3, 3))
    if isinstance(priors.discrimination, Normal):
        off = (a - priors.discrimination.mean) / priors.discrimination.sd
        value -= 0.5 * off**2
        gradient[:, 0] -= off / priors.discrimination.sd
        information[:, 0, 0] += priors.discrimination.sd**-2
    elif isinstance(priors.discrimination, LogNormal):
        safe = np.maximum(a, 1e-3)
        variance = priors.discrimination.sd**2
        off = np.log(safe) - priors.discrimination.mean
        value -= 0.5 * off**2 / variance + np.log(safe)
        gradient[:, 0] -= (off / variance + 1) / safe
        information[:, 0, 0] += 1 / (variance * safe**2)
    if priors.difficulty is not None:
        safe = np.where(np.abs(a) < 1e-3, 1e-3, a)
        off = (-d / safe - priors.difficulty.mean) / priors.difficulty.sd
        slope_of = np.stack([d / safe**2, -1 / safe, np.zeros_like(a)], axis=1) / priors.difficulty.sd
        value -= 0.5 * off**2
        gradient -= off[:, None] * slope_of
        information += slope_of[:, :, None] * slope_of[:, None, :]
    if parameters.guess is not None and priors.guessing is not None:
        _pull_guessing(priors.guessing, parameters.guess, parameters.guessing(), value, gradient, information)
    return Pull(value, gradient, information)


def _pull_guessing(  # noqa: PLR0917 - it adds to what it is given
    prior: Beta | Normal, guess: Floats, c: Floats, value: Floats, gradient: Floats, information: NDArray[np.float64]
) -> None:
    if isinstance(prior, Normal):
        off = (guess - prior.mean) / prior.sd
        value -= 0.5 * off**2
        gradient[:, 2] -= off / prior.sd
        information[:, 2, 2] += prior.sd**-2
    else:  # of c, not of its logit: the chain rule gives c (1 - c)
        value += (prior.alpha - 1) * np.log(c) + (prior.beta - 1) * np.log1p(-c)
        gradient[:, 2] += (prior.alpha - 1) * (1 - c) - (prior.beta - 1) * c
        information[:, 2, 2] += (prior.alpha + prior.beta - 2) * c * (1 - c)
