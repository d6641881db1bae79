"""Several parallel forms at once: a bound from the forms summed up, forms by exchange, and how far the best may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bedside.assembly import forms_model
from bedside.assembly.forms_clash import FormsClashError, clash_of, fits_joint
from bedside.assembly.forms_exchange import Exchange, ends_of, within
from bedside.assembly.forms_plan import FormsPlan, checked
from bedside.assembly.forms_problem import Numbers, Problem, problem_of
from bedside.assembly.pool import PoolItem
from bedside.assembly.solver import Limits, SearchStoppedError

USUAL = Limits(seconds=10.0, nodes=20_000, relative_gap=0.01)
SUMMED_PART = 0.02  # of the gap asked for, that the summed model may leave
SLACKS = (0.25, 0.5, 0.9)  # of the gap asked for: what the exchange first asks for, and then settles for
LOOKS = 1_500  # of the exchange for each slack
STARTS = 3


@dataclass(frozen=True, slots=True)
class ParallelForm:
    """One form: ids of its scored items (anchors included) and of its pilot items, and its information (n_points,)."""

    items: tuple[str, ...]
    pilots: tuple[str, ...]
    information: Numbers


@dataclass(frozen=True, slots=True)
class ParallelForms:
    """Forms that meet their plan.

    `value` is the objective of the target's aim, the worst over forms and points, and no forms have a better one than `bound`
    (both 0 without target). `gap` says how far from the best the forms can be at most: for the aim `most` the share
    (bound - value) / bound; for deviations value - bound as a share of the (for `absolute` smallest) goal. `is_proven`: the gap
    is within the one asked for. `overlap` (n_forms, n_forms): items that two forms share, anchors included.
    """

    forms: tuple[ParallelForm, ...]
    value: float
    bound: float
    gap: float
    is_proven: bool
    overlap: NDArray[np.int64]
    seed: int


@dataclass(frozen=True, slots=True)
class _Found:
    """Which units stand in which form (n_units, n_forms), and the objective."""

    stands: NDArray[np.bool_]
    value: float


def draw_forms(plan: FormsPlan, pool: Sequence[PoolItem], seed: int, *, limits: Limits = USUAL) -> ParallelForms:
    """Choose the items of several forms at once; each meets all of the plan.

    Families and enemies stand in no form together, and sets are taken whole. The same plan, pool and seed give the same forms,
    unless the limit of seconds stopped a search. The bound is that of the forms summed up (van der Linden, 2005, chapter 6, has
    the joint model that it relaxes).

    Raises:
        FormsClashError: no forms meet the plan; names constraints that clash.
        SearchStoppedError: a limit was reached before forms were found.
        UsageError: the plan does not fit the pool.
    """
    checked(plan, pool)
    problem = problem_of(plan, pool)
    found, bound = _summed(problem, seed, limits, is_whole=False)
    for is_joint in (False, True):
        is_enough = found is not None and _gap(problem, found.value, bound) <= limits.relative_gap
        if not is_enough and (not is_joint or fits_joint(problem)):
            more, other = _joined(problem, limits) if is_joint else _summed(problem, seed, limits, is_whole=True)
            found, bound = _better(problem, found, more), _tighter(problem, bound, other)
    if found is None:
        raise SearchStoppedError
    return _answer(problem, found, bound, seed, limits)


def _summed(problem: Problem, seed: int, limits: Limits, *, is_whole: bool) -> tuple[_Found | None, float]:
    """Forms from the sum of all, and its bound; at first the sum's linear relaxation, which is quick and mostly enough."""
    model = forms_model.summed(problem, is_whole=is_whole)
    try:
        solution = forms_model.best(model, _finer(problem, limits))
    except SearchStoppedError:
        return None, np.inf if problem.is_most else 0.0
    if solution is None:
        raise FormsClashError(clash_of(problem, limits))
    bound = _bound(problem, solution.bound)
    return _exchanged(problem, forms_model.taken(model, solution)[0], bound, seed, limits), bound


def _bound(problem: Problem, bound: float) -> float:
    """In terms of the objective: the programme minimises, and what is to be large has its sign turned."""
    if not problem.goal.size:
        return 0.0
    return -bound if problem.is_most else max(bound, 0.0)


def _gap(problem: Problem, value: float, bound: float) -> float:
    if not problem.goal.size:
        return 0.0
    if problem.is_most:
        return max(0.0, (bound - value) / bound) if bound > 0 else 0.0
    return max(0.0, (value - bound) / _unit(problem))


def _unit(problem: Problem) -> float:
    """What a gap of deviations is a share of."""
    return float((problem.goal / problem.scale).min()) if problem.goal.size else 1.0


def _finer(problem: Problem, limits: Limits) -> Limits:
    """The gap for the summed model; deviations can be near 0, so that a share of them says nothing."""
    gap = limits.relative_gap * SUMMED_PART
    return replace(limits, relative_gap=gap) if problem.is_most else replace(limits, absolute_gap=gap * _unit(problem))


def _exchanged(problem: Problem, taken: NDArray[np.int64], bound: float, seed: int, limits: Limits) -> _Found | None:
    best: _Found | None = None
    usual = taken @ problem.information / problem.n_forms
    for start in range(1 if fits_joint(problem) else STARTS):
        exchange = Exchange(problem, taken, np.random.default_rng([seed, start]))
        for slack in SLACKS:
            asked = _settle(problem, bound, slack * limits.relative_gap)
            least, most = within(problem, asked, usual, limits.relative_gap)
            exchange.run(ends_of(problem, least, most, usual), LOOKS)
            if exchange.meets_rows():
                found = _found(problem, exchange.stands[:, :-1])
                best = _better(problem, best, found)
                if best is not None and _gap(problem, best.value, bound) <= limits.relative_gap:
                    return best
    return best


def _settle(problem: Problem, bound: float, slack: float) -> float:
    """An objective that is so far from the bound."""
    if problem.is_most:
        return bound * (1 - slack)
    return bound + slack * _unit(problem)


def _joined(problem: Problem, limits: Limits) -> tuple[_Found | None, float]:
    """All forms in one model, and its bound: exact where the sum is too coarse."""
    model = forms_model.joint(problem)
    try:
        solution = forms_model.best(model, limits)
    except SearchStoppedError:
        return None, np.inf if problem.is_most else 0.0
    if solution is None:
        raise FormsClashError(clash_of(problem, limits))
    return _found(problem, forms_model.taken(model, solution).T > 0), _bound(problem, solution.bound)


def _found(problem: Problem, stands: NDArray[np.bool_]) -> _Found:
    return _Found(stands.copy(), problem.value(stands.T.astype(np.float64) @ problem.information))


def _better(problem: Problem, one: _Found | None, other: _Found | None) -> _Found | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda found: found.value if problem.is_most else -found.value)


def _tighter(problem: Problem, one: float, other: float) -> float:
    return min(one, other) if problem.is_most else max(one, other)


def _answer(problem: Problem, found: _Found, bound: float, seed: int, limits: Limits) -> ParallelForms:
    information = found.stands.T.astype(np.float64) @ problem.information
    members = found.stands.astype(np.int64)
    gap = _gap(problem, found.value, bound)
    return ParallelForms(
        forms=tuple(
            ParallelForm(
                _ids(problem, found.stands[:, form] & ~problem.is_pilot),
                _ids(problem, found.stands[:, form] & problem.is_pilot),
                information[form],
            )
            for form in range(problem.n_forms)
        ),
        value=found.value,
        bound=bound,
        gap=gap,
        is_proven=gap <= limits.relative_gap,
        overlap=(members * problem.size[:, None]).T @ members,
        seed=seed,
    )


def _ids(problem: Problem, stands: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(item.id for unit in np.flatnonzero(stands) for item in problem.units[unit].items)
