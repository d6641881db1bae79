"""Number-correct scores of one form told as scores of another.

Three ways: equipercentile (the same share of equivalent groups lies below; no model), and by item parameters on one scale
either the true score (the same ability) or the observed score (equipercentile on the distributions that the model predicts).
Kolen & Brennan (2014), Test Equating, Scaling, and Linking, chapters 2 and 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bedside.measure.curves import probabilities
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError
from bedside.measure.sum_scores import Population, expected_score, score_distribution

Counts = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]  # of persons by score 0 to n, or their shares
EquatingMethod = Literal["equipercentile", "true-score", "observed-score"]

FARTHEST = 40.0  # logits; beyond it no probability changes in float64 unless a discrimination is tiny
HALVINGS = 80  # from that range to the last digit


@dataclass(frozen=True, slots=True)
class Equating:
    """For each score 0 to n of the new form, the score of the old form that is worth the same; both (n + 1,).

    `se` is the bootstrapped standard error, NaN where none was asked for.
    """

    method: EquatingMethod
    equivalent: NDArray[np.float64]
    se: NDArray[np.float64]


def equipercentile(new: Counts, old: Counts) -> Equating:
    """Equipercentile equating without smoothing, for groups that are equivalent by design.

    Args:
        new, old: how many persons have each score 0, 1, ... n on the form; counts or shares.

    Percentile ranks treat a score as spread over half a point to both sides. Where a share of persons belongs to a whole
    range of scores of the old form (a score that nobody has), its middle is taken.

    Raises:
        MeasureError: a frequency is negative or no number, or there is nobody.

    Source: Kolen & Brennan (2014), eq. 2.14 to 2.18.
    """
    below, old_below = _below(new), _below(old)
    ranks = (below[:-1] + below[1:]) / 2.0
    return Equating("equipercentile", _inverse_ranks(ranks, old_below), np.full(len(ranks), np.nan))


def _below(frequencies: Counts) -> NDArray[np.float64]:
    """The share of persons below each score 0 to n, and at last all of them: shape (n + 2,)."""
    counts = np.asarray(frequencies, dtype=np.float64)
    if counts.ndim != 1 or not len(counts) or not np.isfinite(counts).all() or counts.min() < 0 or counts.sum() <= 0:
        raise MeasureError("frequencies must be one finite number from 0 on for each score, with somebody in all")
    cumulative = np.concatenate([[0.0], np.cumsum(counts)])
    below: NDArray[np.float64] = cumulative / cumulative[-1]
    return below


def _inverse_ranks(ranks: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """The score at which a share `ranks` lies below: between the lowest and the highest such, if there are several."""
    # where a rank is a cumulative share but for rounding it is taken as that, or the inverse would jump over empty scores
    near = np.abs(below[:, None] - ranks[None, :]) < 1e-12
    ranks = np.where(near.any(axis=0), below[near.argmax(axis=0)], ranks)
    n = len(below) - 1
    upper = np.searchsorted(below, ranks, side="right") - 1  # below[upper] <= rank < below[upper + 1]
    lower = np.searchsorted(below, ranks, side="left") - 1  # below[lower] < rank <= below[lower + 1]

    def inside(score: NDArray[np.intp]) -> NDArray[np.float64]:
        start, end = below[np.clip(score, 0, n - 1)], below[np.clip(score, 0, n - 1) + 1]
        part = np.divide(ranks - start, end - start, out=np.zeros_like(ranks), where=end > start)
        inner: NDArray[np.float64] = np.where(score < 0, 0.0, np.where(score >= n, float(n), score + part)) - 0.5
        return inner

    middle: NDArray[np.float64] = (inside(upper) + inside(lower)) / 2.0
    return middle


def true_score_equating(new: Items, old: Items) -> Equating:
    """True-score equating: the score of the old form expected at the ability at which a score is expected on the new form.

    Both forms' items must be on one scale. A score at or below the sum of guessing is expected nowhere: it is taken in
    proportion between 0 and that sum on both forms (Kolen 1981); all right stands for all right.

    Raises:
        MeasureError: a form has no items, or a discrimination is not over 0.

    Source: Lord (1980), section 13.5; Kolen & Brennan (2014), eq. 6.17 to 6.19.
    """
    _see_curves(new)
    _see_curves(old)
    scores = np.arange(new.count + 1, dtype=np.float64)
    chance, old_chance = float(new.guessing.sum()), float(old.guessing.sum())
    inside = (scores > chance) & (scores < new.count)
    equivalent = np.full(len(scores), float(old.count))
    equivalent[inside] = expected_score(old, _theta_of_score(new, scores[inside]))
    low = scores <= chance
    equivalent[low] = scores[low] * (old_chance / chance if chance > 0 else 0.0)
    return Equating("true-score", equivalent, np.full(len(scores), np.nan))


def _see_curves(items: Items) -> None:
    if not items.count or not (items.discrimination > 0).all():
        raise MeasureError("a form needs items, each with a discrimination over 0, for its test curve to be turned around")


def _theta_of_score(items: Items, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the test curve reaches each score, by halving."""
    reach = FARTHEST / min(1.0, float(items.discrimination.min())) + float(np.abs(items.difficulty).max())
    low, high = np.full(len(scores), -reach), np.full(len(scores), reach)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        is_over = expected_score(items, middle) > scores
        low, high = np.where(is_over, low, middle), np.where(is_over, middle, high)
    return low


def theta_of_score(items: Items, score: float) -> float:
    """The ability at which this number-correct score is expected: what a raw cut score is on the scale of ability.

    Raises:
        MeasureError: no ability has it (at or below the sum of guessing, or all items), or a discrimination is not over 0.
    """
    _see_curves(items)
    chance = float(items.guessing.sum())
    if not chance < score < items.count:
        raise MeasureError(f"a score of {score:g} is expected at no ability; only {chance:g} to {items.count} between")
    return float(_theta_of_score(items, np.array([score]))[0])


def observed_score_equating(new: Items, old: Items, population: Population | None = None) -> Equating:
    """Observed-score equating: equipercentile on the score distributions that the model predicts in one population.

    Both forms' items must be on one scale.

    Args:
        population: of ability; standard normal if not given.

    Source: Kolen & Brennan (2014), section 6.6, with the recursion of Lord & Wingersky (1984).
    """
    population = population or Population.normal()
    frequencies = [score_distribution(probabilities(form, population.points)) @ population.shares for form in (new, old)]
    return replace(equipercentile(*frequencies), method="observed-score")


def with_standard_errors(
    new: Counts,
    old: Counts,
    *,
    rng: np.random.Generator,
    n_draws: int = 1_000,
    equate: Callable[[Counts, Counts], Equating] = equipercentile,
) -> Equating:
    """An equating of two groups with bootstrapped standard errors: persons of both groups are drawn anew, with replacement.

    Args:
        new, old: how many persons have each score, as `equipercentile` takes them.
        rng: the chance; the same generator gives the same errors.
        n_draws: at least two; the error of a standard error is about its 1 / sqrt(2 n_draws)th part.

    Source: Kolen & Brennan (2014), section 7.3.
    """
    if n_draws < 2:
        raise MeasureError(f"{n_draws} draws say nothing of the spread; at least two are needed")
    found = equate(new, old)
    groups = [(int(np.sum(counts)), np.diff(_below(counts))) for counts in (new, old)]
    drawn = np.array([equate(*(rng.multinomial(*group) for group in groups)).equivalent for _ in range(n_draws)])
    return replace(found, se=drawn.std(axis=0, ddof=1))
