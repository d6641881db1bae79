"""How long answers take: a lognormal model of items' time demands and persons' speeds, and what does not go with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, norm

from bedside.measure.problems import TooFewResponsesError

MAX_CYCLES = 500
TOLERANCE = 1e-6  # log seconds
SMALLEST_VARIANCE = 1e-4
FAST_SHARE = 0.05  # of the right answers to an item


@dataclass(frozen=True, slots=True)
class TimeModel:
    """ln T = demand[item] - speed[person] + noise with standard deviation `noise[item]`; van der Linden (2006).

    `demand` and `noise` (n_items,) in log seconds, NaN for items without two times; `speed` (n_persons,) is the posterior mean
    with a normal prior of mean 0 and standard deviation `speed_sd`, and `precision` that of the posterior.
    """

    demand: NDArray[np.float64]
    noise: NDArray[np.float64]
    speed: NDArray[np.float64]
    precision: NDArray[np.float64]
    speed_sd: float
    cycles: int
    converged: bool


def log_seconds(ms: NDArray[np.number]) -> NDArray[np.float64]:
    """The logarithms of times in seconds; NaN where there is none, as for times of 0 or less."""
    with np.errstate(invalid="ignore", divide="ignore"):
        known: NDArray[np.float64] = np.where(ms > 0, np.log(np.asarray(ms, dtype=np.float64) / 1000), np.nan)
    return known


def fit_times(log_time: NDArray[np.float64]) -> TimeModel:
    """Maximum likelihood by EM with speed as a random effect.

    `log_time` (n_persons, n_items) in log seconds, NaN where there is none. van der Linden (2006), Journal of Educational and
    Behavioral Statistics 31, 181-204.

    Raises:
        TooFewResponsesError: fewer than two items have two times.
    """
    given = ~np.isnan(log_time)
    usable = given.sum(axis=0) >= 2
    if usable.sum() < 2:
        raise TooFewResponsesError("at least two items need the times of two persons")
    mask = (given & usable).astype(np.float64)
    y = np.where(mask > 0, log_time, 0.0)
    n = np.maximum(mask.sum(axis=0), 1)
    demand = y.sum(axis=0) / n
    variance = np.maximum((mask * (y - demand) ** 2).sum(axis=0) / n, SMALLEST_VARIANCE)
    speed_variance, cycle, converged = float(variance.mean()) / 4, 0, False
    speed, precision = _speeds(y, mask, demand, variance, speed_variance)
    for cycle in range(1, MAX_CYCLES + 1):  # noqa: B007 - how many there were is part of the answer
        old = np.concatenate([demand, np.sqrt(variance), [np.sqrt(speed_variance)]])
        demand = (mask * (y + speed[:, None])).sum(axis=0) / n
        off = mask * ((y - demand + speed[:, None]) ** 2 + 1 / precision[:, None])
        variance = np.maximum(off.sum(axis=0) / n, SMALLEST_VARIANCE)
        speed_variance = max(float(np.mean(speed**2 + 1 / precision)), SMALLEST_VARIANCE)
        speed, precision = _speeds(y, mask, demand, variance, speed_variance)
        if np.abs(np.concatenate([demand, np.sqrt(variance), [np.sqrt(speed_variance)]]) - old).max() < TOLERANCE:
            converged = True
            break
    return TimeModel(
        np.where(usable, demand, np.nan),
        np.where(usable, np.sqrt(variance), np.nan),
        speed,
        precision,
        float(np.sqrt(speed_variance)),
        cycle,
        converged,
    )


def _speeds(
    y: NDArray[np.float64],
    mask: NDArray[np.float64],
    demand: NDArray[np.float64],
    variance: NDArray[np.float64],
    speed_variance: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    precision = 1 / speed_variance + mask @ (1 / variance)
    return (mask * (demand - y)) @ (1 / variance) / precision, precision


def time_residuals(log_time: NDArray[np.float64], model: TimeModel) -> NDArray[np.float64]:
    """How far each time is from what the person's other times foretell, in standard deviations, (n_persons, n_items).

    Below 0 is faster. The speed is that of the person's other answers, so that the answer itself does not hide; standard normal
    under the model. van der Linden & van Krimpen-Stoop (2003), Psychometrika 68, 251-265, with the estimates put in.
    """
    weight = model.noise**-2
    off = model.demand - log_time
    left = model.precision[:, None] - np.where(np.isnan(log_time), 0, weight)
    speed = (model.precision[:, None] * model.speed[:, None] - weight * off) / left
    return (speed - off) / np.sqrt(model.noise**2 + 1 / left)


def shift_z(log_time: NDArray[np.float64], weights: NDArray[np.float64], model: TimeModel) -> NDArray[np.float64]:
    """Whether a person's answers in a set took other times than the rest of that person's answers, (n_persons,).

    `weights` (n_persons, n_items) is 0 outside the set. The score test of a shift in proportion to the weights: standard normal
    under the model, below 0 where the set was faster; NaN where a person has nothing in the set, or nothing outside it.
    """
    given = ~np.isnan(log_time) & ~np.isnan(model.noise)
    inverse = np.where(given, model.noise**-2, 0.0)
    part = np.where(given, weights, 0.0)
    residual = np.where(given, log_time - model.demand + model.speed[:, None], 0.0)
    mass = np.sum(part * inverse, axis=1)
    score = np.sum(part * inverse * residual, axis=1)
    variance = np.sum(part**2 * inverse, axis=1) - mass**2 / model.precision
    with np.errstate(divide="ignore", invalid="ignore"):
        z = score / np.sqrt(variance)
    outside = np.any(given & (part == 0), axis=1) | (part.std(axis=1) > 0)
    return np.where((mass > 0) & (variance > 1e-12) & outside, z, np.nan)


@dataclass(frozen=True, slots=True)
class FastRight:
    """Right answers that came unlikely fast, for the item and for the person.

    `is_fast` (n_persons, n_items): the right answer is among the fastest 5% of right answers to its item, once each person's
    own speed over right answers is allowed for. `count` and `n_right` (n_persons,) how many of a person's right answers with
    a time are; `p` the upper tail of the binomial distribution, NaN without any, and `z` as far out in the standard normal.
    `residuals` (n_persons, n_items): of each right answer, in standard deviations, NaN elsewhere. `model` is of right answers
    only.
    """

    is_fast: NDArray[np.bool_]
    count: NDArray[np.int64]
    n_right: NDArray[np.int64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    residuals: NDArray[np.float64]
    model: TimeModel


def fast_right(log_time: NDArray[np.float64], right: NDArray[np.bool_]) -> FastRight:
    """Compare each person's right answers with the times that right answers take.

    `log_time` and `right` (n_persons, n_items). Only right answers make the model, after the effective response times of
    Meijer & Sotaridona (2006), LSAC Computerized Testing Report 03-03, so that quick guesses do not. Which are fast is read
    off the residuals of each item, not off a normal curve, so that heavy tails make no flags. Since a person's own speed is
    taken off, the count varies less than the binomial says, and honest persons are flagged more rarely than `p` promises.

    Raises:
        TooFewResponsesError: as `fit_times`.
    """
    effective = np.where(right, log_time, np.nan)
    model = fit_times(effective)
    residuals = time_residuals(effective, model)
    known = ~np.isnan(residuals)
    rank = np.argsort(np.argsort(np.where(known, residuals, np.inf), axis=0), axis=0)
    is_fast = known & (rank < np.floor(FAST_SHARE * known.sum(axis=0)))
    count, n_right = is_fast.sum(axis=1), known.sum(axis=1)
    p = np.where(n_right > 0, binom.sf(count - 1, n_right, FAST_SHARE), np.nan)
    return FastRight(is_fast, count, n_right, norm.isf(np.clip(p, 1e-300, 1 - 1e-12)), p, residuals, model)


def speed_given_ability(model: TimeModel, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much faster a person is than others as able, in standard deviations, (n_persons,); a straight line is fitted."""
    design = np.column_stack([np.ones(len(theta)), theta])
    line = np.linalg.lstsq(design, model.speed, rcond=None)[0]
    rest = model.speed - design @ line
    z: NDArray[np.float64] = rest / (rest.std(ddof=2) or 1.0)
    return z
