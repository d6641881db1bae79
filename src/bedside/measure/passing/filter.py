"""Abilities from answers in time: one Gaussian over all areas, moved by each answer through exact one-dimensional moments.

The state is theta (n_areas,), then what is the candidate's own (`Own`), then how far each area lay from overall ability at the
first answer (n_areas,). An answer sees u = theta_k + day (+ gains) - b_i, of which the moments under the answer are integrated
by Gauss-Hermite quadrature and carried over to the whole state: assumed-density filtering (Maybeck 1982, chapter 12; Minka
2001, section 3.2; with time, Glickman 1999). Between days the state moves as a linear Gaussian model does, around its mean.

An area gains (growth + own) / (1 + c / h) from an answer, c of them in, so what was gained in all is
(growth + own) h ln(1 + c / h). Of that a share is lost on each day of a break, and c falls to where what is left would have
been reached: what was lost comes back as quickly as it first came (savings in relearning, Ebbinghaus 1885).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import exp, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.measure.passing.compiled import compiled
from bedside.measure.passing.model import AbilityMotion, AnswerHistory, AreaItems, Floats, OutsideScore

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
NODES: Floats = np.ascontiguousarray(_NODES)
WEIGHTS: Floats = np.ascontiguousarray(_WEIGHTS / _WEIGHTS.sum())


class Own(IntEnum):
    """What of the state is a candidate's own, after the areas."""

    RATE = 0  # gain from an answer, around the mean
    TUTOR = 1  # gain without a clock
    TODAY = 2  # how good the day is
    AGAIN = 3  # gain on items met before
    LOSS = 4  # share of what was gained that is lost on a day without study


N_OWN = len(Own)
RATE, TUTOR, TODAY, AGAIN, LOSS = (int(own) for own in Own)
MOST_LOST = 0.2  # of what was gained, on one day


@dataclass(frozen=True, slots=True)
class Ability:
    """What is believed of a candidate after the answers of `day`: a Gaussian over areas, own numbers and first offsets."""

    day: int  # ordinal
    mean: Floats  # (2 n_areas + 5,)
    covariance: Floats  # (2 n_areas + 5, 2 n_areas + 5)
    log_likelihood: float  # of the answers so far, each given those before it
    n_answers: int
    n_by_area: Floats  # (n_areas,), answers
    practised: Floats  # (n_areas,), as many answers as it would have taken to gain what is left of what was gained

    @property
    def n_areas(self) -> int:
        """How many areas there are."""
        return len(self.n_by_area)


def first_ability(n_areas: int, day: int, motion: AbilityMotion) -> Ability:
    """What is believed before the first answer."""
    areas, own, first = slice(0, n_areas), slice(n_areas, n_areas + N_OWN), slice(n_areas + N_OWN, 2 * n_areas + N_OWN)
    mean, covariance = np.zeros(first.stop), np.zeros((first.stop, first.stop))
    offsets = motion.sd_area**2 * np.eye(n_areas)
    mean[areas] = motion.mean
    mean[own] = (0.0, motion.tutor_gain, 0.0, motion.repeat_gain, motion.loss)
    covariance[areas, areas] = motion.sd_overall**2 + offsets
    covariance[areas, first] = covariance[first, areas] = covariance[first, first] = offsets
    sds = (motion.sd_growth, motion.sd_tutor_gain, motion.sd_day, motion.sd_repeat_gain, motion.sd_loss)
    covariance[own, own] = np.diag(np.square(sds))
    return Ability(day, mean, covariance, 0.0, 0, np.zeros(n_areas), np.zeros(n_areas))


def ability_after(
    ability: Ability,
    answers: AnswerHistory,
    pool: AreaItems,
    motion: AbilityMotion,
    *,
    scores: tuple[OutsideScore, ...] = (),
    shares: Floats | None = None,
) -> Ability:
    """What is believed after further answers and scores from elsewhere; about 4 n_areas² operations an answer.

    `shares` (n_areas,) is the blueprint, needed for scores. Answers and scores come no earlier than `ability.day`; a score of
    a day counts after that day's answers. What is learned of an item's difficulty lasts for one call.
    """
    _check(ability, answers, pool)
    learned = pool.items.difficulty.astype(np.float64), pool.spread() ** 2
    start = 0
    for score in sorted(scores, key=lambda one: one.day):
        if shares is None:
            raise UsageError("a score from elsewhere needs the blueprint's shares")
        stop = int(np.searchsorted(answers.day, score.day, side="right"))
        ability = _after(ability, answers.part(start, stop), pool, motion, learned)
        ability = _with_score(ability, score, shares, motion)
        start = stop
    return _after(ability, answers.part(start, len(answers)), pool, motion, learned)


def ability_on(ability: Ability, day: int, motion: AbilityMotion) -> Ability:
    """What is believed on a later day if nothing is answered until then."""
    if day < ability.day:
        raise UsageError(f"day {day} lies before {ability.day}, of the latest answer")
    mean, covariance, practised = ability.mean.copy(), ability.covariance.copy(), ability.practised.copy()
    _move(mean, covariance, practised, day - ability.day, day - ability.day, motion.packed())
    return Ability(day, mean, covariance, ability.log_likelihood, ability.n_answers, ability.n_by_area, practised)


def plain(column: NDArray[Any], kind: type[np.generic]) -> NDArray[Any]:
    """The same numbers as the compiled code takes them: of one kind, in one piece and writable; otherwise it compiles anew."""
    return np.require(column, kind, ["C", "W"])


def _check(ability: Ability, answers: AnswerHistory, pool: AreaItems) -> None:
    if pool.n_areas != ability.n_areas:
        raise UsageError(f"items of {pool.n_areas} areas and an ability of {ability.n_areas}")
    if len(answers) and not 0 <= int(answers.item.min()) <= int(answers.item.max()) < pool.items.count:
        raise UsageError(f"an answer's item is outside 0 to {pool.items.count - 1}")
    if len(answers) and answers.day[0] < ability.day:
        raise UsageError(f"an answer of day {answers.day[0]} comes after the ability of day {ability.day}")


def _after(
    ability: Ability, answers: AnswerHistory, pool: AreaItems, motion: AbilityMotion, learned: tuple[Floats, Floats]
) -> Ability:
    """After further answers; what is learned of the items, their difficulties and variances, goes into `learned`."""
    if not len(answers):
        return ability
    mean, covariance, practised = ability.mean.copy(), ability.covariance.copy(), ability.practised.copy()
    items = pool.items
    gained = filter_answers(
        mean, covariance, practised, ability.day, plain(answers.day, np.int32), plain(answers.item, np.int32),
        plain(answers.is_right, np.bool_), plain(answers.is_timed, np.bool_), plain(answers.is_repeat, np.bool_),
        plain(pool.area, np.int16), plain(items.discrimination, np.float64), *learned, plain(items.guessing, np.float64),
        motion.packed(), NODES, WEIGHTS,
    )  # fmt: skip
    total = ability.log_likelihood + float(gained)
    counts = ability.n_by_area + np.bincount(pool.area[answers.item], minlength=pool.n_areas)
    n_answers = ability.n_answers + len(answers)
    return Ability(int(answers.day[-1]), mean, covariance, total, n_answers, counts, practised)


def _with_score(ability: Ability, score: OutsideScore, shares: Floats, motion: AbilityMotion) -> Ability:
    """The exact linear update by a Gaussian observation of sum(shares × theta) on that day."""
    if score.day < ability.day:
        raise UsageError(f"a score of day {score.day} comes after the ability of day {ability.day}")
    ability = ability_on(ability, score.day, motion)
    seen = np.zeros(len(ability.mean))
    seen[: ability.n_areas] = shares / shares.sum()
    seen[ability.n_areas + TODAY] = 1.0
    along = ability.covariance @ seen
    gain = along / (seen @ along + score.sd**2)
    mean = ability.mean + gain * (score.ability - seen @ ability.mean)
    covariance = ability.covariance - np.outer(gain, along)
    return Ability(
        ability.day, mean, (covariance + covariance.T) / 2, ability.log_likelihood, ability.n_answers, ability.n_by_area,
        ability.practised,
    )  # fmt: skip


@compiled()
def _move(  # noqa: PLR0917 - for the compiler
    mean: Floats, covariance: Floats, practised: Floats, n_days: int, n_idle: int, motion: Floats
) -> None:  # fmt: skip
    """Move the state over days, so many of them without study, in place; a new day is neither good nor bad."""
    if n_days == 0:
        return
    n_areas = len(practised)
    rate, today = n_areas + RATE, n_areas + TODAY
    if n_idle > motion[10]:
        _forget(mean, covariance, practised, n_idle - motion[10], motion)
    held = exp(-n_days / motion[6])
    mean[rate] *= held
    mean[today] = 0.0
    for j in range(len(mean)):
        covariance[rate, j] *= held
        covariance[today, j] = 0.0
    for j in range(len(mean)):
        covariance[j, rate] *= held
        covariance[j, today] = 0.0
    covariance[rate, rate] += (1.0 - held * held) * motion[4] ** 2
    covariance[today, today] = motion[15] ** 2
    for k in range(n_areas):
        for j in range(n_areas):
            covariance[k, j] += n_days * motion[7] ** 2
        covariance[k, k] += n_days * motion[8] ** 2


@compiled()
def _forget(mean: Floats, covariance: Floats, practised: Floats, n_days: float, motion: Floats) -> None:
    """What days of a break take of what was gained, in place: linear in own gain and own loss around what is believed."""
    n_areas = len(practised)
    rate, loss = n_areas + RATE, n_areas + LOSS
    share, span = min(max(mean[loss], 0.0), MOST_LOST), motion[5]
    kept = (1.0 - share) ** n_days
    by_share = n_days * kept / (1.0 - share)
    for k in range(n_areas):
        learned = span * log(1.0 + practised[k] / span)
        by_rate = (1.0 - kept) * learned
        by_loss = by_share * learned * (motion[3] + mean[rate])
        mean[k] -= by_rate * (motion[3] + mean[rate])
        for j in range(len(mean)):
            covariance[k, j] -= by_rate * covariance[rate, j] + by_loss * covariance[loss, j]
        for j in range(len(mean)):
            covariance[j, k] -= by_rate * covariance[j, rate] + by_loss * covariance[j, loss]
        practised[k] = span * ((1.0 + practised[k] / span) ** kept - 1.0)


@compiled()
def _teach(mean: Floats, covariance: Floats, practised: Floats, k: int, motion: Floats) -> None:
    """What an answer in area k adds to it, in place."""
    rate = len(practised) + RATE
    part = 1.0 / (1.0 + practised[k] / motion[5])
    mean[k] += part * (motion[3] + mean[rate])
    for j in range(len(mean)):
        covariance[k, j] += part * covariance[rate, j]
    for j in range(len(mean)):
        covariance[j, k] += part * covariance[j, rate]
    covariance[k, k] += motion[9] ** 2
    practised[k] += 1.0


@compiled()
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


@compiled()
def filter_answers(  # noqa: PLR0917 - for the compiler
    mean: Floats, covariance: Floats, practised: Floats, day: int, days: NDArray[np.int32], item: NDArray[np.int32],
    is_right: NDArray[np.bool_], is_timed: NDArray[np.bool_], is_repeat: NDArray[np.bool_], area: NDArray[np.int16],
    slope: Floats, difficulty: Floats, variance: Floats, guessing: Floats, motion: Floats, nodes: Floats, weights: Floats,
) -> float:  # fmt: skip
    """Move the state by answers, and the difficulty and variance of their items too, in place; the log-likelihood.

    An item and the state are taken to be independent after each answer.
    """
    n_areas, n = len(practised), len(mean)
    total = 0.0
    along = np.empty(n)
    for row in range(len(days)):
        if days[row] > day:
            _move(mean, covariance, practised, days[row] - day, days[row] - day - 1, motion)
            day = days[row]
        i, k = item[row], area[item[row]]
        tutor = 0.0 if is_timed[row] else 1.0
        again = 1.0 if is_repeat[row] else 0.0
        for j in range(n):
            along[j] = covariance[k, j] + covariance[n_areas + TODAY, j]
            along[j] += tutor * covariance[n_areas + TUTOR, j] + again * covariance[n_areas + AGAIN, j]
        where = mean[k] + mean[n_areas + TODAY] + tutor * mean[n_areas + TUTOR] + again * mean[n_areas + AGAIN] - difficulty[i]
        spread = along[k] + along[n_areas + TODAY] + tutor * along[n_areas + TUTOR] + again * along[n_areas + AGAIN]
        spread += variance[i] + again * motion[18] ** 2
        sd = sqrt(max(spread, 1e-12))
        chance, shift, left = tilted(where, sd, slope[i], guessing[i], is_right[row], nodes, weights)
        total += log(chance)
        shrink = (1.0 - left) / (sd * sd)
        for j in range(n):
            mean[j] += along[j] * shift / sd
            part = shrink * along[j]
            for m in range(n):
                covariance[j, m] -= part * along[m]
        difficulty[i] -= variance[i] * shift / sd
        variance[i] -= shrink * variance[i] * variance[i]
        _teach(mean, covariance, practised, k, motion)
    return total
