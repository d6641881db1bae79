"""What the session and the plan ask of the model of readiness: the forecast of `bedside.study`, from abilities by area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np

from bedside.study import Area, Floats, Known, Parameters, Score

Z_95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class PassForecast:
    """A `Forecast` that holds draws of what is believed of today.

    `right` (n_draws, n_areas) is the chance that a fresh item of the area is answered right, `guess` (n_areas,) that of someone
    who knows nothing of it, `share_met` (n_areas,) the part of each area's takeaways met so far, `n_answers` (n_areas,) the
    answers to items not met before, all 0 to 1 but the last.
    """

    areas: tuple[Area, ...]
    right: Floats
    guess: Floats
    share_met: Floats
    n_answers: Floats

    def p_unmet(self) -> Floats:
        """See `bedside.study.Forecast`: the chance of a right answer, freed of lucky guesses."""
        freed: Floats = np.clip((self.right.mean(axis=0) - self.guess) / (1 - self.guess), 0.0, 1.0)
        return freed

    def score(self, known: Known, parameters: Parameters, on: date) -> Score:
        """See `bedside.study.Forecast`. The answers have shown what is remembered already, so that nothing is added for it."""
        return self._score(self.right)

    def outlook(self, share_met: Floats, recall: float) -> Score:
        """See `bedside.study.Forecast`.

        Where an area stands today is what the answers show. What of it is not met yet rises from there, in proportion to how
        much of that is met by then, to what a remembered takeaway brings.
        """
        reached = np.maximum(self.right, self.guess + (1 - self.guess) * recall)
        left = np.maximum(1 - self.share_met, 1e-12)
        part = np.clip((share_met - self.share_met) / left, 0.0, 1.0)
        return self._score(self.right + part * (reached - self.right))

    def _score(self, right: Floats) -> Score:
        """The share right over all areas; the interval holds what is not known of the abilities."""
        weights = np.array([area.weight for area in self.areas], dtype=np.float64)
        totals = right @ (weights / max(weights.sum(), 1e-12))
        mean, spread = float(totals.mean()), float(totals.std())
        low, high = max(0.0, mean - Z_95 * spread), min(1.0, mean + Z_95 * spread)
        return Score(mean, low, high, right.mean(axis=0), float(self.n_answers.sum()))


def met_shares(areas: Sequence[Area], known: Known) -> Floats:
    """The part of each area's takeaways that is in memory, 0 to 1; 1 where it has none."""
    n_met = np.bincount(known.area[known.area >= 0], minlength=len(areas))
    shares: Floats = np.minimum(n_met / np.maximum([area.n_takeaways for area in areas], 1), 1.0)
    return shares
