"""Abilities from answers in time: one Gaussian over all areas, moved by each answer through exact one-dimensional moments.

The state is theta (n_areas,), then the candidate's own rate of growth around the mean, their own gain without a clock, and how
good the day is. An answer sees u = theta_k + day (+ gain) - b_i, of which the moments under the answer are integrated by
Gauss-Hermite quadrature and carried over to the whole state: assumed-density filtering (Maybeck 1982, chapter 12; Minka 2001,
section 3.2; with time, Glickman 1999). Between days the state moves as a linear Gaussian model does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numba
import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.measure.passing.model import AbilityMotion, AnswerHistory, AreaItems, Floats, OutsideScore

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
NODES: Floats = np.ascontiguousarray(_NODES)
WEIGHTS: Floats = np.ascontiguousarray(_WEIGHTS / _WEIGHTS.sum())

EXTRA = 3  # beside the areas: rate of growth, gain without a clock, the day
RATE, GAIN, TODAY = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Ability:
    """What is believed of a candidate after the answers of `day`: a Gaussian over areas, rate, gain and day."""

    day: int  # ordinal
    mean: Floats  # (n_areas + 3,)
    covariance: Floats  # (n_areas + 3, n_areas + 3)
    log_likelihood: float  # of the answers so far, each given those before it
    n_answers: int

    @property
    def n_areas(self) -> int:
        """How many areas there are."""
        return len(self.mean) - EXTRA


def first_ability(n_areas: int, day: int, motion: AbilityMotion) -> Ability:
    """What is believed before the first answer."""
    n = n_areas + EXTRA
    mean, covariance = np.zeros(n), np.zeros((n, n))
    _begin(mean, covariance, motion.packed())
    return Ability(day, mean, covariance, 0.0, 0)


def ability_after(
    ability: Ability,
    answers: AnswerHistory,
    pool: AreaItems,
    motion: AbilityMotion,
    *,
    scores: tuple[OutsideScore, ...] = (),
    shares: Floats | None = None,
) -> Ability:
    """What is believed after further answers and scores from elsewhere; about n_areas² operations an answer.

    `shares` (n_areas,) is the blueprint, needed for scores. Answers and scores come no earlier than `ability.day`; a score of
    a day counts after that day's answers. What is learned of an item's difficulty lasts for one call.
    """
    _check(ability, answers, pool)
    start = 0
    for score in sorted(scores, key=lambda one: one.day):
        if shares is None:
            raise UsageError("a score from elsewhere needs the blueprint's shares")
        stop = int(np.searchsorted(answers.day, score.day, side="right"))
        ability = _with_score(_after(ability, answers.part(start, stop), pool, motion), score, shares, motion)
        start = stop
    return _after(ability, answers.part(start, len(answers)), pool, motion)


def ability_on(ability: Ability, day: int, motion: AbilityMotion) -> Ability:
    """What is believed on a later day if nothing is answered until then."""
    if day < ability.day:
        raise UsageError(f"day {day} lies before {ability.day}, of the latest answer")
    mean, covariance = ability.mean.copy(), ability.covariance.copy()
    _move(mean, covariance, day - ability.day, day - ability.day, motion.packed())
    return Ability(day, mean, covariance, ability.log_likelihood, ability.n_answers)


def _check(ability: Ability, answers: AnswerHistory, pool: AreaItems) -> None:
    if pool.n_areas != ability.n_areas:
        raise UsageError(f"items of {pool.n_areas} areas and an ability of {ability.n_areas}")
    if len(answers) and not 0 <= int(answers.item.min()) <= int(answers.item.max()) < pool.items.count:
        raise UsageError(f"an answer's item is outside 0 to {pool.items.count - 1}")
    if len(answers) and answers.day[0] < ability.day:
        raise UsageError(f"an answer of day {answers.day[0]} comes after the ability of day {ability.day}")


def _after(ability: Ability, answers: AnswerHistory, pool: AreaItems, motion: AbilityMotion) -> Ability:
    if not len(answers):
        return ability
    mean, covariance = ability.mean.copy(), ability.covariance.copy()
    items = pool.items
    difficulty, variance = items.difficulty.astype(np.float64), pool.spread() ** 2
    gained = filter_answers(
        mean, covariance, ability.day, answers.day, answers.item, answers.is_right, answers.is_timed, answers.is_repeat,
        pool.area, items.discrimination, difficulty, variance, items.guessing, motion.packed(), NODES, WEIGHTS,
    )  # fmt: skip
    total = ability.log_likelihood + float(gained)
    return Ability(int(answers.day[-1]), mean, covariance, total, ability.n_answers + len(answers))


def _with_score(ability: Ability, score: OutsideScore, shares: Floats, motion: AbilityMotion) -> Ability:
    """The exact linear update by a Gaussian observation of sum(shares × theta) on that day."""
    if score.day < ability.day:
        raise UsageError(f"a score of day {score.day} comes after the ability of day {ability.day}")
    ability = ability_on(ability, score.day, motion)
    seen = np.concatenate([shares / shares.sum(), [0.0, 0.0, 1.0]])
    along = ability.covariance @ seen
    gain = along / (seen @ along + score.sd**2)
    mean = ability.mean + gain * (score.ability - seen @ ability.mean)
    covariance = ability.covariance - np.outer(gain, along)
    return Ability(ability.day, mean, (covariance + covariance.T) / 2, ability.log_likelihood, ability.n_answers)


@numba.njit(cache=True)
def _begin(mean: Floats, covariance: Floats, motion: Floats) -> None:
    """The state before the first answer, in place."""
    n_areas = len(mean) - EXTRA
    mean[:n_areas] = motion[0]
    covariance[:n_areas, :n_areas] = motion[1] ** 2
    for k in range(n_areas):
        covariance[k, k] += motion[2] ** 2
    covariance[n_areas + RATE, n_areas + RATE] = motion[4] ** 2
    mean[n_areas + GAIN] = motion[10]
    covariance[n_areas + GAIN, n_areas + GAIN] = motion[11] ** 2
    covariance[n_areas + TODAY, n_areas + TODAY] = motion[12] ** 2


@numba.njit(cache=True)
def _move(mean: Floats, covariance: Floats, n_days: int, n_idle: int, motion: Floats) -> None:
    """Move the state over days, so many of them without study, in place; a new day is neither good nor bad.

    What is lost without study moves what is believed, and takes nothing from the doubt: silence never makes surer.
    """
    if n_days == 0:
        return
    n_areas = len(mean) - EXTRA
    rate, today = n_areas + RATE, n_areas + TODAY
    kept = (1.0 - motion[9]) ** n_idle
    held = exp(-n_days / motion[5])
    for k in range(n_areas):
        mean[k] = motion[0] + kept * (mean[k] - motion[0])
    mean[rate] *= held
    mean[today] = 0.0
    covariance[rate, :] *= held
    covariance[:, rate] *= held
    covariance[rate, rate] += (1.0 - held * held) * motion[4] ** 2
    covariance[:n_areas, :n_areas] += n_days * motion[6] ** 2
    for k in range(n_areas):
        covariance[k, k] += n_days * motion[7] ** 2
    covariance[today, :] = 0.0
    covariance[:, today] = 0.0
    covariance[today, today] = motion[12] ** 2


@numba.njit(cache=True)
def _teach(mean: Floats, covariance: Floats, k: int, motion: Floats) -> None:
    """What an answer in area k adds to it, in place."""
    rate = len(mean) - EXTRA + RATE
    mean[k] += motion[3] + mean[rate]
    covariance[k, :] += covariance[rate, :]
    covariance[:, k] += covariance[:, rate]
    covariance[k, k] += motion[8] ** 2


@numba.njit(cache=True)
def tilted(  # noqa: PLR0917 - for the compiler
    mean: float, sd: float, slope: float, guessing: float, is_right: bool, nodes: Floats, weights: Floats
) -> tuple[float, float, float]:
    """Of u ~ N(mean, sd²) under an answer: its chance, and the mean and variance of (u - mean) / sd given it."""
    chance, first, second = 0.0, 0.0, 0.0
    for j in range(len(nodes)):
        p = guessing + (1.0 - guessing) / (1.0 + exp(-slope * (mean + sd * nodes[j])))
        w = weights[j] * (p if is_right else 1.0 - p)
        chance += w
        first += w * nodes[j]
        second += w * nodes[j] * nodes[j]
    chance = max(chance, 1e-300)
    first /= chance
    return chance, first, max(second / chance - first * first, 1e-6)


@numba.njit(cache=True)
def filter_answers(  # noqa: PLR0917 - for the compiler
    mean: Floats, covariance: Floats, day: int, days: NDArray[np.int32], item: NDArray[np.int32],
    is_right: NDArray[np.bool_], is_timed: NDArray[np.bool_], is_repeat: NDArray[np.bool_], area: NDArray[np.int16],
    slope: Floats, difficulty: Floats, variance: Floats, guessing: Floats, motion: Floats, nodes: Floats, weights: Floats,
) -> float:  # fmt: skip
    """Move the state by answers, and the difficulty and variance of their items too, in place; the log-likelihood.

    An item and the state are taken to be independent after each answer.
    """
    n_areas = len(mean) - EXTRA
    total = 0.0
    along = np.empty(len(mean))
    for row in range(len(days)):
        if days[row] > day:
            _move(mean, covariance, days[row] - day, days[row] - day - 1, motion)
            day = days[row]
        k, i = area[item[row]], item[row]
        along[:] = covariance[k] + covariance[n_areas + TODAY]
        where = mean[k] + mean[n_areas + TODAY] - difficulty[i]
        if not is_timed[row]:
            along += covariance[n_areas + GAIN]
            where += mean[n_areas + GAIN]
        of_state = along[k] + along[n_areas + TODAY] + (0.0 if is_timed[row] else along[n_areas + GAIN])
        spread = of_state + variance[i]
        if is_repeat[row]:
            where += motion[13]
            spread += motion[14] ** 2
        sd = sqrt(max(spread, 1e-12))
        chance, shift, left = tilted(where, sd, slope[i], guessing[i], is_right[row], nodes, weights)
        total += log(chance)
        shrink = (1.0 - left) / (sd * sd)
        for j in range(len(mean)):
            mean[j] += along[j] * shift / sd
            for m in range(len(mean)):
                covariance[j, m] -= shrink * along[j] * along[m]
        difficulty[i] -= variance[i] * shift / sd
        variance[i] -= shrink * variance[i] * variance[i]
        _teach(mean, covariance, k, motion)
    return total
