"""Number-correct scores under a logistic model: their distribution, the ability that each stands for, and reliability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.curves import probabilities
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError


@dataclass(frozen=True, slots=True)
class Population:
    """Ability in a population: points (n_points,) in logits, and the share at each, summing to 1."""

    points: NDArray[np.float64]
    shares: NDArray[np.float64]

    @staticmethod
    def normal(mean: float = 0.0, sd: float = 1.0, *, n_points: int = 121, reach_sd: float = 6.0) -> Population:
        """A normal distribution on equally spaced points."""
        if not (sd > 0 and n_points >= 2):
            raise MeasureError(f"a population needs a standard deviation over 0 and two points, not {sd:g} and {n_points}")
        z = np.linspace(-reach_sd, reach_sd, n_points)
        shares = np.exp(-0.5 * z**2)
        return Population(mean + sd * z, shares / shares.sum())

    @staticmethod
    def of(theta: NDArray[np.float64]) -> Population:
        """These persons, each with the same share."""
        if not len(theta):
            raise MeasureError("there is nobody in the population")
        return Population(np.asarray(theta, dtype=np.float64), np.full(len(theta), 1.0 / len(theta)))


def score_distribution(right: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distribution of the number-correct score at each point, shape (n_items + 1, n_points), by recursion over items.

    Args:
        right: P(right) of each item at each point, shape (n_items, n_points).

    Source: Lord & Wingersky (1984), Applied Psychological Measurement 8, 453-461; Kolen & Brennan (2014), eq. 6.25.
    """
    n_items, n_points = right.shape
    shares = np.zeros((n_items + 1, n_points))
    shares[0] = 1.0
    for n, p in enumerate(right):
        shares[1 : n + 2] = shares[1 : n + 2] * (1.0 - p) + shares[: n + 1] * p
        shares[0] *= 1.0 - p
    return shares


def expected_score(items: Items, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """The test characteristic curve: expected number correct at each point, shape (n_points,). Lord (1980), eq. 4-2."""
    total: NDArray[np.float64] = probabilities(items, theta).sum(axis=0)
    return total


@dataclass(frozen=True, slots=True)
class SumScores:
    """What each number-correct score stands for; arrays are (n_items + 1,), for 0 right to all right.

    `theta` and `se` are the mean and standard deviation of ability given the score, `share` is how often the score is
    expected. `reliability` is the variance of `theta` over the population, in parts of the variance of ability.
    """

    theta: NDArray[np.float64]
    se: NDArray[np.float64]
    share: NDArray[np.float64]
    reliability: float


def sum_scores(items: Items, population: Population | None = None) -> SumScores:
    """EAP abilities by number-correct score, for a table that needs no computer on the day.

    Args:
        population: of ability; standard normal if not given.

    Source: Thissen, Pommerich, Billeaud & Williams (1995), Applied Psychological Measurement 19, 39-49.
    """
    population = population or Population.normal()
    joint = score_distribution(probabilities(items, population.points)) * population.shares
    share = joint.sum(axis=1)
    theta = joint @ population.points / share
    se = np.sqrt(np.maximum(joint @ population.points**2 / share - theta**2, 0.0))
    mean = population.shares @ population.points
    variance = population.shares @ (population.points - mean) ** 2
    return SumScores(theta, se, share, float(share @ (theta - mean) ** 2 / variance))
