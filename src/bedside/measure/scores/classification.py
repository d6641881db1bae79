"""How often a test puts persons into the right class, and twice into the same one, given its cuts.

Accuracy is the chance that the class a person gets is the one they truly belong to, consistency the chance that two
independent tests put them into the same class. Rudner's way takes ability estimates as normally distributed around the
truth; Lee's takes number-correct scores with the distribution that the model gives them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from bedside.measure.curves import probabilities
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError
from bedside.measure.sum_scores import Population, expected_score, score_distribution


@dataclass(frozen=True, slots=True)
class Classification:
    """Decisions at one or more cuts, k cuts making k + 1 classes, the lowest first.

    `confusion` (k + 1, k + 1): the share of persons by true class (row) and class given (column); it sums to 1. `accuracy`
    is the sum of its diagonal, `kappa` consistency corrected for chance. `false_positive` is the share that gets a higher
    class than the true one (with one cut: passes and should not), `false_negative` a lower one. `p_class`
    (n_points, k + 1) is the chance of each class at each point of ability, `accuracy_at` and `consistency_at` (n_points,)
    what they are there.
    """

    accuracy: float
    consistency: float
    kappa: float
    false_positive: float
    false_negative: float
    confusion: NDArray[np.float64]
    p_class: NDArray[np.float64]
    accuracy_at: NDArray[np.float64]
    consistency_at: NDArray[np.float64]


def rudner(theta: NDArray[np.float64], se: NDArray[np.float64], cuts: NDArray[np.float64] | float) -> Classification:
    """Accuracy and consistency of decisions about these persons, from estimates and their standard errors.

    Args:
        theta, se: (n_persons,), logits; those of ML or WLE. EAP and MAP are drawn to the mean, so that the classes of their
            estimates are not those of the true abilities.
        cuts: theta, rising; at a cut or above is the higher class.

    Raises:
        MeasureError: cuts that do not rise; an estimate or error that is no number, or an error not over 0.

    Sources: Rudner (2001, 2005), Practical Assessment, Research & Evaluation 7(14) and 10(13); consistency as in Lee (2010).
    """
    return _by_normal(Population.of(theta), np.asarray(se, dtype=np.float64), _cuts(cuts))


def rudner_in(population: Population, se: NDArray[np.float64], cuts: NDArray[np.float64] | float) -> Classification:
    """The same over a population: `se` (n_points,) is what the test has at each point of ability."""
    return _by_normal(population, np.asarray(se, dtype=np.float64), _cuts(cuts))


def _by_normal(population: Population, se: NDArray[np.float64], cuts: NDArray[np.float64]) -> Classification:
    theta = population.points
    if theta.shape != se.shape or not np.isfinite(theta).all() or not np.isfinite(se).all() or not (se > 0).all():
        raise MeasureError("each ability must be finite and have a finite standard error over 0; leave the others out")
    below = ndtr((cuts - theta[:, None]) / se[:, None])
    ends = np.column_stack([np.zeros(len(theta)), below, np.ones(len(theta))])
    return _summed(np.diff(ends, axis=1), np.searchsorted(cuts, theta, side="right"), population.shares)


def lee(items: Items, cuts: NDArray[np.float64] | float, population: Population | None = None) -> Classification:
    """Accuracy and consistency of decisions by number-correct score.

    Args:
        items: the form.
        cuts: number-correct scores, rising; a score at a cut or above is the higher class. The true class follows from the
            score that is expected of a person.
        population: of ability; standard normal if not given. `Population.of(theta)` takes estimates of persons instead.

    Raises:
        MeasureError: cuts that do not rise.

    Source: Lee (2010), Journal of Educational Measurement 47, 1-17.
    """
    population, rising = population or Population.normal(), _cuts(cuts)
    shares = score_distribution(probabilities(items, population.points))
    class_of_score = np.searchsorted(rising, np.arange(items.count + 1), side="right")
    p_class = np.column_stack([shares[class_of_score == one].sum(axis=0) for one in range(len(rising) + 1)])
    true_class = np.searchsorted(rising, expected_score(items, population.points), side="right")
    return _summed(p_class, true_class, population.shares)


def _cuts(cuts: NDArray[np.float64] | float) -> NDArray[np.float64]:
    rising = np.atleast_1d(np.asarray(cuts, dtype=np.float64))
    if rising.ndim != 1 or not len(rising) or not np.isfinite(rising).all() or (np.diff(rising) <= 0).any():
        raise MeasureError("cuts must be finite and each higher than the one before")
    return rising


def _summed(p_class: NDArray[np.float64], true_class: NDArray[np.intp], shares: NDArray[np.float64]) -> Classification:
    n_classes = p_class.shape[1]
    is_true = true_class[:, None] == np.arange(n_classes)
    confusion = (is_true * shares[:, None]).T @ p_class
    accuracy_at = p_class[np.arange(len(true_class)), true_class]
    consistency_at = (p_class**2).sum(axis=1)
    consistency = float(shares @ consistency_at)
    by_chance = float(((shares @ p_class) ** 2).sum())
    return Classification(
        accuracy=float(np.trace(confusion)),
        consistency=consistency,
        kappa=(consistency - by_chance) / (1.0 - by_chance) if by_chance < 1.0 else float("nan"),
        false_positive=float(np.triu(confusion, 1).sum()),
        false_negative=float(np.tril(confusion, -1).sum()),
        confusion=confusion,
        p_class=p_class,
        accuracy_at=accuracy_at,
        consistency_at=consistency_at,
    )
