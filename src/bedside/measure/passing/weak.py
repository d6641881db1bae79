"""Which areas may be far weaker than the others: hypotheses beside the Gaussian, weighed by answers and by what is left alone.

The filter holds every area to lie around the candidate's overall ability with one spread. Some lie far below, and those are
practised least, so that few answers speak of them. Hypothesis z (one of 0 and 1 for each area): the areas with z_k = 1 lay
`weak_by` lower at the first answer, with the same spread. That tilts the Gaussian of first offsets w by exp(-d z'w / v), d
being `weak_by` and v `sd_area` squared. So the state keeps its covariance and moves by -(d / v) cov(., w) z, and the answers
speak for z by log E[tilt | answers] - log E[tilt], in closed form. The odds before the answers grow with how much less an area
was practised than its share of the exam asks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.passing.filter import N_OWN, Ability
from bedside.measure.passing.model import AbilityMotion, Floats

MOST_AREAS = 7  # that may be weak together; of more, those of the greatest odds
LEAST_ODDS = -5.0  # log-odds of an area alone, below which it is held not to be weak


@dataclass(frozen=True, slots=True)
class WeakAreas:
    """Hypotheses about which areas are far weaker, their chances, and what each such area moves."""

    areas: NDArray[np.intp]  # (n_suspects,)
    is_weak: Floats  # (2 to the n_suspects, n_suspects), of each hypothesis: 0 or 1
    chances: Floats  # (2 to the n_suspects,), adding to 1
    shifts: Floats  # (n_suspects, n_areas), of all abilities if this area is weak

    @property
    def mean_shift(self) -> Floats:
        """By how much what is believed of each area moves on average, shape (n_areas,)."""
        shift: Floats = self.chances @ self.is_weak @ self.shifts
        return shift

    @property
    def variance(self) -> Floats:
        """What not knowing which areas are weak adds to the variance of each area, shape (n_areas,)."""
        each = self.is_weak @ self.shifts
        variance: Floats = self.chances @ (each - self.mean_shift) ** 2
        return variance

    def drawn(self, n: int) -> Floats:
        """The shifts of `n` draws, shape (n, n_areas): each hypothesis as often as its chance says, spread evenly over them."""
        places = (np.arange(n) * _GOLDEN) % 1.0
        order = np.empty(n)
        order[np.argsort(places)] = (np.arange(n) + 0.5) / n
        chosen = np.minimum(np.searchsorted(np.cumsum(self.chances), order), len(self.chances) - 1)
        shifts: Floats = self.is_weak[chosen] @ self.shifts
        return shifts


_GOLDEN = (np.sqrt(5) - 1) / 2


def weak_areas(ability: Ability, shares: Floats, motion: AbilityMotion) -> WeakAreas:
    """Which areas may be far weaker, from all answers and from how they were shared; `shares` (n_areas,) is the blueprint."""
    k, v = ability.n_areas, motion.sd_area**2
    if v == 0:
        return WeakAreas(np.zeros(0, dtype=np.intp), np.zeros((1, 0)), np.ones(1), np.zeros((0, k)))
    first = slice(k + N_OWN, 2 * k + N_OWN)
    tilt = motion.weak_by / v
    alone = -tilt * ability.mean[first]  # what the answers say for each
    together = tilt**2 * (ability.covariance[first, first] - v * np.eye(k))
    odds = _first_odds(ability.n_by_area, shares, motion) + alone
    suspects = _suspects(odds + np.diag(together) / 2)
    n = len(suspects)
    is_weak = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.float64)
    log_odds = is_weak @ odds[suspects] + np.einsum("hi,ij,hj->h", is_weak, together[np.ix_(suspects, suspects)], is_weak) / 2
    chances = np.exp(log_odds - log_odds.max())
    shifts = -tilt * ability.covariance[k + N_OWN + suspects, :k]
    return WeakAreas(suspects, is_weak, chances / chances.sum(), shifts)


def _first_odds(n_by_area: Floats, shares: Floats, motion: AbilityMotion) -> Floats:
    """Log-odds of each area from how much it was practised alone."""
    expected = n_by_area.sum() * shares / shares.sum()
    less = np.log((expected + motion.weak_answers) / (n_by_area + motion.weak_answers))
    odds: Floats = motion.weak_odds + motion.weak_alone * np.maximum(less - motion.weak_least, 0.0)
    return np.minimum(odds, motion.weak_most)


def _suspects(odds: Floats) -> NDArray[np.intp]:
    order = np.argsort(-odds, kind="stable")[:MOST_AREAS]
    suspects: NDArray[np.intp] = order[odds[order] > LEAST_ODDS]
    return suspects
