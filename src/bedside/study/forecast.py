"""What a candidate would score, from what was answered and what is remembered: by area, with an interval.

`Forecast` is what the session and the plan ask. `AreaForecast` answers it simply: for each area a beta-binomial share of what
is known without having been studied here, in which old answers fade, beside the memories replayed from the log. A model of
readiness can take its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.study.forgetting import Floats, Parameters
from bedside.study.state import Area, Areas, Known

HALF_LIFE_DAYS = 90.0  # after which an answer counts half; assumed
PRIOR_KNOWN = 0.4  # share of an area that is known before anything was asked; assumed
PRIOR_ANSWERS = 4.0  # how many answers that is worth; assumed
GUESS = 0.2  # the chance to be right without knowing, one of five
Z_95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Score:
    """Expected share of items right on a fresh form, 0 to 1, with the limits of a 95% interval."""

    expected: float
    low: float
    high: float
    by_area: Floats  # (n_areas,), 0 to 1
    n_answers: float  # what it rests on: answers, each counted by how recent it is


class Forecast(Protocol):
    """What the session and the plan want to know of a candidate."""

    def p_unmet(self) -> Floats:
        """By area, the chance that a takeaway never met here is known all the same, 0 to 1."""

    def score(self, known: Known, parameters: Parameters, on: date) -> Score:
        """What a form sat on that day would bring if nothing more were done until then."""

    def outlook(self, share_met: Floats, recall: float) -> Score:
        """What a form would bring if that share of each area were met and remembered with that chance, 0 to 1."""


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """Answers to items whose takeaway had not been met before, as columns."""

    area: Areas  # (n,), index into the areas
    is_right: NDArray[np.bool_]  # (n,)
    day: NDArray[np.int32]  # (n,), ordinals


@dataclass(frozen=True, slots=True)
class AreaForecast:
    """A share of each area that is known, as a beta distribution over faded answers."""

    areas: tuple[Area, ...]
    n_right: Floats  # (n_areas,), faded
    n_answers: Floats  # (n_areas,), faded

    def p_unmet(self) -> Floats:
        """See `Forecast`: the mean of the posterior, freed of lucky guesses."""
        return _freed_of_guesses(self._posterior()[0])

    def score(self, known: Known, parameters: Parameters, on: date) -> Score:
        """See `Forecast`. The interval holds what is uncertain about unmet takeaways and what chance does to memories."""
        sizes = np.array([max(1, area.n_takeaways) for area in self.areas], dtype=np.float64)
        inside = known.area >= 0
        recall = known.schedule.recall_on(on, parameters)[inside]
        where = known.area[inside]
        n_met = _sums(where, np.ones(len(where)), len(sizes))
        met = _sums(where, recall, len(sizes)) / np.maximum(1, n_met)
        # own cards may be more than the bank has takeaways for their area: then they are the whole of what is asked of it
        doubt = _sums(where, recall * (1 - recall), len(sizes)) / np.maximum(sizes, n_met) ** 2
        return self._score(np.minimum(n_met / sizes, 1.0), met, doubt)

    def outlook(self, share_met: Floats, recall: float) -> Score:
        """See `Forecast`."""
        doubts = [recall * (1 - recall) / max(1, area.n_takeaways) for area in self.areas]
        return self._score(share_met, np.full(len(self.areas), recall), share_met * np.array(doubts))

    def _score(self, share: Floats, recall: Floats, doubt: Floats) -> Score:
        """From the share of each area that was met, how likely that is remembered, and the variance of this mean."""
        right, variance = self._posterior()
        by_area = GUESS + (1 - GUESS) * (share * recall + (1 - share) * _freed_of_guesses(right))
        weights = _shares(self.areas)
        spread = sqrt(float((weights**2 * ((1 - share) ** 2 * variance + (1 - GUESS) ** 2 * doubt)).sum()))
        expected = float((weights * by_area).sum())
        low, high = max(0.0, expected - Z_95 * spread), min(1.0, expected + Z_95 * spread)
        return Score(expected, low, high, by_area, float(self.n_answers.sum()))

    def _posterior(self) -> tuple[Floats, Floats]:
        """Mean and variance of the share right in each area."""
        prior = GUESS + (1 - GUESS) * PRIOR_KNOWN
        n = self.n_answers + PRIOR_ANSWERS
        mean = (self.n_right + PRIOR_ANSWERS * prior) / n
        return mean, mean * (1 - mean) / (n + 1)


def area_forecast(areas: Sequence[Area], answers: FirstAnswers, on: date) -> AreaForecast:
    """A forecast from first answers, each fading by half in `HALF_LIFE_DAYS`."""
    weight = 0.5 ** (np.maximum(on.toordinal() - answers.day, 0) / HALF_LIFE_DAYS)
    n_right = _sums(answers.area, weight * answers.is_right, len(areas))
    return AreaForecast(tuple(areas), n_right, _sums(answers.area, weight, len(areas)))


def _freed_of_guesses(share_right: Floats) -> Floats:
    freed: Floats = np.clip((share_right - GUESS) / (1 - GUESS), 0.0, 1.0)
    return freed


def _sums(area: Areas, values: Floats, n_areas: int) -> Floats:
    sums: Floats = np.bincount(area, values, minlength=n_areas).astype(np.float64)
    return sums


def _shares(areas: Sequence[Area]) -> Floats:
    weights = np.array([area.weight for area in areas], dtype=np.float64)
    shares: Floats = weights / max(weights.sum(), 1e-12)
    return shares
