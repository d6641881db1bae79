"""Fitting how abilities move, and learning how hard judged items are, from many candidates' answers.

Every answer is predicted from those before it; the product of these chances is the marginal likelihood of the answers, with all
abilities and difficulties integrated out (to the accuracy of the filter), and it is made as large as it gets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bedside.errors import UsageError
from bedside.measure.items import Items
from bedside.measure.passing.compiled import compiled
from bedside.measure.passing.filter import MOST_LOST, NODES, WEIGHTS, filter_answers, first_ability
from bedside.measure.passing.model import AbilityMotion, AnswerHistory, AreaItems, Floats

ON_LOG_SCALE = tuple(
    field.name
    for field in fields(AbilityMotion)
    if field.name.startswith(("sd_", "noise_")) or field.name in {"growth_days", "growth_answers", "loss"}
)
BY_OUTCOME = tuple(field.name for field in fields(AbilityMotion) if field.name.startswith("weak_"))  # answers don't move these
LEAST = 1e-4  # of a number that is fitted on the log scale


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Candidates who answered items of one bank."""

    pool: AreaItems
    candidates: Sequence[AnswerHistory]


@dataclass(frozen=True, slots=True)
class MotionFit:
    """A motion of abilities as fitted, with the log-likelihood of all answers, and whether the search came to rest."""

    motion: AbilityMotion
    log_likelihood: float
    n_answers: int
    converged: bool


def answers_log_likelihood(groups: Sequence[AnswerGroup], motion: AbilityMotion) -> float:
    """Of all answers, each given those of its candidate before it. Candidates run in parallel."""
    return sum(_of_group(columns, motion) for columns in map(_columns, groups))


def fit_motion(
    groups: Sequence[AnswerGroup],
    *,
    start: AbilityMotion = AbilityMotion(),  # noqa: B008 - frozen
    fixed: Sequence[str] = (),
    max_steps: int = 60,
    progress: Callable[[int, float], None] | None = None,
) -> MotionFit:
    """The motion under which the answers are most likely, by L-BFGS-B with numerical slopes.

    Numbers named in `fixed` keep their value from `start`: those of which the answers say nothing should be (the gain without
    a clock, where all was timed). `progress` gets the number of steps and the log-likelihood after each.
    """
    names = [field.name for field in fields(AbilityMotion) if field.name not in {*fixed, *BY_OUTCOME}]
    unknown = set(fixed) - {field.name for field in fields(AbilityMotion)}
    if unknown or not groups:
        raise UsageError(f"no such numbers of a motion: {', '.join(sorted(unknown))}" if unknown else "no answers to fit to")
    columns = [_columns(group) for group in groups]
    n_answers = sum(len(one.day) for one in columns)
    values: list[float] = []

    def loss(point: Floats) -> float:
        motion = _at_point(start, names, point)
        return -sum(_of_group(one, motion) for one in columns) / n_answers

    def after(point: Floats) -> None:
        values.append(-loss(point) * n_answers)
        if progress is not None:
            progress(len(values), values[-1])

    found = minimize(
        loss,
        _point(start, names),
        method="L-BFGS-B",
        callback=after,
        options={"maxiter": max_steps, "ftol": 1e-9, "gtol": 1e-6},
    )
    return MotionFit(_at_point(start, names, found.x), -float(found.fun) * n_answers, n_answers, bool(found.success))


def learned_items(group: AnswerGroup, motion: AbilityMotion) -> Items:
    """The items with difficulties moved by every answer, and standard errors that shrink with them.

    Candidates are taken one after the other, each starting anew while the items go on from where the last left them; a
    difficulty that was fixed (without standard error) stays. A stop-gap between the judges and a calibration, which is better.
    """
    items = group.pool.items
    difficulty, variance = items.difficulty.astype(np.float64).copy(), group.pool.spread() ** 2
    one = _columns(group)
    for row in range(len(one.starts) - 1):
        _one(one, row, motion, difficulty, variance)
    spread = np.where(np.isnan(items.se_difficulty), np.nan, np.sqrt(variance))
    return replace(items, difficulty=difficulty, se_difficulty=spread)


@dataclass(frozen=True, slots=True)
class _Columns:
    starts: NDArray[np.int64]  # (n_candidates + 1,)
    day: NDArray[np.int32]
    item: NDArray[np.int32]
    is_right: NDArray[np.bool_]
    is_timed: NDArray[np.bool_]
    is_repeat: NDArray[np.bool_]
    pool: AreaItems


def _columns(group: AnswerGroup) -> _Columns:
    all_of = group.candidates
    starts = np.concatenate([[0], np.cumsum([len(one) for one in all_of])]).astype(np.int64)
    if not starts[-1]:
        raise UsageError("no answers to fit to")
    return _Columns(
        starts,
        np.concatenate([one.day for one in all_of]),
        np.concatenate([one.item for one in all_of]),
        np.concatenate([one.is_right for one in all_of]),
        np.concatenate([one.is_timed for one in all_of]),
        np.concatenate([one.is_repeat for one in all_of]),
        group.pool,
    )


def _of_group(one: _Columns, motion: AbilityMotion) -> float:
    items = one.pool.items
    start = first_ability(one.pool.n_areas, 0, motion)
    found = _log_likelihoods(
        start.mean, start.covariance, one.starts, one.day, one.item, one.is_right, one.is_timed, one.is_repeat,
        one.pool.area, one.pool.n_areas, items.discrimination, items.difficulty.astype(np.float64), one.pool.spread() ** 2,
        items.guessing, motion.packed(), NODES, WEIGHTS,
    )  # fmt: skip
    return float(found.sum())


def _one(one: _Columns, row: int, motion: AbilityMotion, difficulty: Floats, variance: Floats) -> None:
    """Run one candidate, moving the items in place."""
    items, chosen = one.pool.items, slice(int(one.starts[row]), int(one.starts[row + 1]))
    if chosen.start == chosen.stop:
        return
    start = first_ability(one.pool.n_areas, int(one.day[chosen.start]), motion)
    filter_answers(
        start.mean, start.covariance, start.practised, start.day, one.day[chosen], one.item[chosen], one.is_right[chosen],
        one.is_timed[chosen], one.is_repeat[chosen], one.pool.area, items.discrimination, difficulty, variance,
        items.guessing, motion.packed(), NODES, WEIGHTS,
    )  # fmt: skip


def _point(motion: AbilityMotion, names: Sequence[str]) -> Floats:
    return np.array(
        [np.log(max(getattr(motion, name), LEAST)) if name in ON_LOG_SCALE else getattr(motion, name) for name in names]
    )


def _at_point(start: AbilityMotion, names: Sequence[str], point: Floats) -> AbilityMotion:
    values = {
        name: float(np.exp(np.clip(at, np.log(LEAST), 7.0))) if name in ON_LOG_SCALE else float(at)
        for name, at in zip(names, point, strict=True)
    }
    if "loss" in values:
        values["loss"] = min(values["loss"], MOST_LOST)
    return replace(start, **values)


@compiled(parallel=True)
def _log_likelihoods(  # noqa: PLR0917 - for the compiler
    mean: Floats, covariance: Floats, starts: NDArray[np.int64], days: NDArray[np.int32], item: NDArray[np.int32],
    is_right: NDArray[np.bool_], is_timed: NDArray[np.bool_], is_repeat: NDArray[np.bool_], area: NDArray[np.int16],
    n_areas: int, slope: Floats, difficulty: Floats, variance: Floats, guessing: Floats, motion: Floats,
    nodes: Floats, weights: Floats,
) -> Floats:  # fmt: skip
    """The log-likelihood of each candidate's answers; each starts from the judges' difficulties."""
    total = np.zeros(len(starts) - 1)
    for row in numba.prange(len(starts) - 1):
        a, b = starts[row], starts[row + 1]
        if b > a:
            total[row] = filter_answers(
                mean.copy(), covariance.copy(), np.zeros(n_areas), days[a], days[a:b], item[a:b], is_right[a:b], is_timed[a:b],
                is_repeat[a:b], area, slope, difficulty.copy(), variance.copy(), guessing, motion, nodes, weights,
            )  # fmt: skip
    return total
