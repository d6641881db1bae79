"""A mixed integer programme, built by name and solved by HiGHS. Nothing here knows what a form is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from bedside.errors import ConflictError

INFINITY = float("inf")
WHOLE = 1e-6  # HiGHS takes a number this close to a whole one as whole


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop. The nodes stop it the same way everywhere; the seconds are for a machine that can't get there."""

    seconds: float = 5.0
    nodes: int = 5_000
    relative_gap: float = 0.005
    absolute_gap: float = 1e-6


@dataclass(frozen=True, slots=True)
class Solution:
    """What was found: a value for each variable, the objective, and how far from the best it can be at most (0 to 1).

    `bound`: no solution has an objective below it.
    """

    values: Sequence[float]
    objective: float
    gap: float
    is_proven: bool  # within the gap that was asked for, before a limit was reached
    bound: float


class SearchStoppedError(ConflictError):
    """The search reached its limit before it found any form."""

    def __init__(self) -> None:
        super().__init__("the search for a form reached its limit before it found one; draw from a smaller collection")


class _Silent(highspy.Highs):
    """HiGHS that prints nothing: a command's output is its answer."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is HiGHS's
        self.setOptionValue("output_flag", False)  # before the first thing that HiGHS does, at which it names itself
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # highspy has no types here


NOTHING_HOLDS = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


def _solver(limits: Limits) -> _Silent:
    solver = _Silent()  # type: ignore[no-untyped-call]  # highspy has no types here
    options: dict[str, int | float] = {
        "time_limit": limits.seconds,
        "mip_max_nodes": limits.nodes,
        "mip_rel_gap": limits.relative_gap,
        "mip_abs_gap": limits.absolute_gap,
        "random_seed": 0,
        "threads": 1,  # several find one optimum or another, by chance
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def _nothing_holds(solver: _Silent, limits: Limits) -> bool:
    solver.setOptionValue("time_limit", solver.getRunTime() + limits.seconds)  # its clock goes on from run to run
    solver.run()
    return solver.getModelStatus() in NOTHING_HOLDS


@dataclass(slots=True)
class Model:
    """Variables and constraints, in the order in which they were added."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    is_whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, dict[int, float], float]] = field(default_factory=list)

    def variable(self, *, lower: float = 0.0, upper: float = INFINITY, whole: bool = False) -> int:
        """A variable, from 0 up unless another lower end is given; answers its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.is_whole.append(whole)
        return len(self.lower) - 1

    def constrain(self, terms: Iterable[tuple[int, float]], *, low: float = -INFINITY, high: float = INFINITY) -> None:
        """low ≤ Σ factor × variable ≤ high."""
        row: dict[int, float] = {}
        for variable, factor in terms:
            row[variable] = row.get(variable, 0.0) + factor
        self.rows.append((low, row, high))

    def minimise(self, cost: Mapping[int, float], limits: Limits) -> Solution | None:
        """The values with the least Σ cost × variable that HiGHS finds within the limits; None where nothing holds it all.

        Raises:
            SearchStoppedError: a limit was reached before anything was found.
        """
        solver = _solver(limits)
        solver.passModel(self._model(cost))
        solver.run()
        info = solver.getInfo()
        status = solver.getModelStatus()
        if status in NOTHING_HOLDS:
            return None
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise SearchStoppedError
        is_proven = status == highspy.HighsModelStatus.kOptimal
        gap = min(1.0, float(info.mip_gap)) if any(self.is_whole) else 0.0  # infinite while nothing is known of the best
        values = [float(value) for value in solver.getSolution().col_value]
        objective = float(info.objective_function_value)
        return Solution(values, objective, gap, is_proven, float(info.mip_dual_bound) if any(self.is_whole) else objective)

    def clash(self, groups: Sequence[Sequence[int]], limits: Limits) -> tuple[int, ...]:
        """A smallest set found of groups of rows that can't hold together: without any one of them the others can.

        A deletion filter (Chinneck & Dravnieks, 1991), from both ends of the list; the smaller set is the answer, and it is
        empty where all holds. What a limit leaves open counts as held, so that a set is never smaller than it may be.
        """
        every = range(len(groups))
        for is_whole in (False, True):  # whole numbers only where it holds without them: the first is much quicker
            solver = _solver(limits)
            model = self._model({})
            if not is_whole:
                model.integrality_ = []
            solver.passModel(model)
            if _nothing_holds(solver, limits):
                found = min((self._irreducible(solver, groups, order, limits) for order in (every, every[::-1])), key=len)
                return found if is_whole else self._of_whole_numbers(groups, found, limits)
        return ()

    def _of_whole_numbers(self, groups: Sequence[Sequence[int]], found: Sequence[int], limits: Limits) -> tuple[int, ...]:
        """What clashes in fractions clashes in whole numbers, where a part of it may do so already."""
        solver = _solver(limits)
        solver.passModel(self._model({}))
        for group in set(range(len(groups))) - set(found):
            self._hold(solver, groups[group], is_held=False)
        return self._irreducible(solver, groups, found, limits)

    def _irreducible(
        self, solver: _Silent, groups: Sequence[Sequence[int]], order: Sequence[int], limits: Limits
    ) -> tuple[int, ...]:
        """Of the groups of `order`, which clash together, those without any of which the others hold."""
        needed = set(order)
        for group in order:
            self._hold(solver, groups[group], is_held=False)
            if _nothing_holds(solver, limits):
                needed.discard(group)
            else:
                self._hold(solver, groups[group], is_held=True)
        for group in order:
            self._hold(solver, groups[group], is_held=True)
        return tuple(sorted(needed))

    def _hold(self, solver: _Silent, rows: Sequence[int], *, is_held: bool) -> None:
        for row in rows:
            low, _terms, high = self.rows[row] if is_held else (-INFINITY, None, INFINITY)
            solver.changeRowBounds(row, low, high)

    def _model(self, cost: Mapping[int, float]) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.lower), len(self.rows)
        model.col_cost_ = np.array([cost.get(number, 0.0) for number in range(len(self.lower))])
        model.col_lower_, model.col_upper_ = np.array(self.lower), np.array(self.upper)
        whole, free = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        model.integrality_ = [whole if is_whole else free for is_whole in self.is_whole]
        model.row_lower_ = np.array([low for low, _row, _high in self.rows])
        model.row_upper_ = np.array([high for _low, _row, high in self.rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row) for _low, row, _high in self.rows)])
        model.a_matrix_.index_ = np.array([number for _low, row, _high in self.rows for number in row], dtype=np.int32)
        model.a_matrix_.value_ = np.array([factor for _low, row, _high in self.rows for factor in row.values()])
        return model
