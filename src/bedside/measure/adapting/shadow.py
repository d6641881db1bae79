"""Shadow tests: before each item a whole test that holds what was given and meets all constraints, by integer programming.

The programme is handed to the solver once; from then on only what an item is worth and which items are given changes, so that
the simplex method starts from the last solution. Its linear relaxation is asked first: where that has whole numbers, as it
mostly has, it is the answer. While the estimate stays at the same node, the shadow test that is there is still the best.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from bedside.measure.adapting import kernel
from bedside.measure.adapting.rules import AdaptiveTest, ShadowConstraints
from bedside.measure.problems import MeasureError

WHOLE = 1e-6
RELATIVE_GAP = 1e-4
HALF = 0.5


class _Silent(highspy.Highs):
    """HiGHS that prints nothing: a command's output is its answer."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is HiGHS's
        self.setOptionValue("output_flag", False)  # before the first thing that HiGHS does, at which it names itself
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # highspy has no types here


class ShadowSolver:
    """The programme of one bank; `n_solved` counts how often a solver ran."""

    def __init__(self, shadow: ShadowConstraints, n_items: int, length: int) -> None:
        self.n_items, self.n_solved = n_items, 0
        self.columns = np.arange(n_items, dtype=np.int32)
        self.solver = _Silent()  # type: ignore[no-untyped-call]  # highspy has no types here
        options: dict[str, int | float | str] = {
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": RELATIVE_GAP,
            "presolve": "off",  # the programme is small: it takes longer than it saves
        }
        for name, value in options.items():
            self.solver.setOptionValue(name, value)
        self.solver.passModel(_programme(shadow, n_items, length))

    def solve(
        self, worth: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
    ) -> NDArray[np.bool_] | None:
        """(n_items,): the test of most worth with what `low` and `high` (1: in, 0: out) say; None where there is none."""
        self.solver.changeColsCost(self.n_items, self.columns, -worth)
        self.solver.changeColsBounds(self.n_items, self.columns, low, high)
        values = self._run()
        if values is None or np.abs(values - np.rint(values)).max() <= WHOLE:
            return None if values is None else values > HALF
        self._ask_for(highspy.HighsVarType.kInteger)
        values = self._run()
        self._ask_for(highspy.HighsVarType.kContinuous)
        return None if values is None else values > HALF

    def _ask_for(self, kind: highspy.HighsVarType) -> None:
        self.solver.changeColsIntegrality(self.n_items, self.columns, np.full(self.n_items, int(kind), dtype=np.uint8))

    def _run(self) -> NDArray[np.float64] | None:
        self.n_solved += 1
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.asarray(self.solver.getSolution().col_value, dtype=np.float64)


def give_with_shadow(
    test: AdaptiveTest,
    inputs: tuple[Any, ...],
    abilities: NDArray[np.float64],
    seeds: NDArray[np.uint64],
    results: tuple[Any, ...],
) -> int:
    """Give the test to each person and fill the results, as the kernel's `give` does; answers how many programmes were solved.

    `inputs` are the kernel's bank, grid and stopping.

    Raises:
        MeasureError: no test meets the constraints.
    """
    assert test.shadow is not None
    bank, grid, stopping = inputs
    solver = ShadowSolver(test.shadow, bank[0].shape[1], test.max_items)
    for person in range(len(seeds)):
        _One(test, solver, bank, grid, np.array([seeds[person]], dtype=np.uint64)).give(
            float(abilities[person]), stopping, person, results
        )
    return solver.n_solved


class _One:
    """The test of one person."""

    def __init__(self, test: AdaptiveTest, solver: ShadowSolver, bank: Any, grid: Any, stream: NDArray[np.uint64]) -> None:
        self.test, self.solver, self.stream = test, solver, stream
        self.worth, _order, self.right, self.parameters, self.ratios, self.keep = bank
        self.nodes, prior = grid
        self.weights = prior.copy()
        self.low, self.high = np.zeros(self.worth.shape[1]), np.ones(self.worth.shape[1])
        self.shadow: NDArray[np.bool_] | None = None
        self.row = -1

    def give(self, ability: float, stopping: Any, person: int, results: Any) -> None:
        given, correct, theta, se, ratio, reason, selected = results
        theta[person], se[person] = kernel.moments(self.weights, self.nodes)
        n_given = 0
        while reason[person] == kernel.RUNNING:
            item = self._next(float(theta[person]), selected)
            is_right = bool(kernel.answers_right(ability, self.parameters, item, self.stream))
            self.weights *= self.right[item] if is_right else 1.0 - self.right[item]
            theta[person], se[person] = kernel.moments(self.weights, self.nodes)
            ratio[person] += self.ratios[int(is_right), item]
            given[person, n_given], correct[person, n_given] = item, is_right
            n_given += 1
            reason[person] = kernel.why_over(n_given, se[person], ratio[person], stopping)

    def _next(self, theta: float, selected: NDArray[np.int64]) -> int:
        step = self.nodes[1] - self.nodes[0]
        nearest = min(max(int((theta - self.nodes[0]) / step + HALF), 0), len(self.nodes) - 1)
        row = len(self.nodes) if self.test.aim == "cut" else nearest
        if row != self.row or self.shadow is None:
            self.row, self.shadow = row, self._assembled(row)
        while True:
            item = self._picked(row, self.shadow)
            selected[item] += 1
            if self.keep[item] >= 1.0 or kernel.uniform(self.stream) < self.keep[item]:
                self.low[item] = 1.0
                return item
            self.high[item] = 0.0
            shadow = self.solver.solve(self.worth[row], self.low, self.high)
            if shadow is None:  # without this item no test meets the constraints
                self.low[item] = self.high[item] = 1.0
                return item
            self.shadow = shadow

    def _picked(self, row: int, shadow: NDArray[np.bool_]) -> int:
        free = np.flatnonzero(shadow & (self.low == 0))
        best = free[np.argsort(-self.worth[row, free], kind="stable")[: self.test.n_best]]
        return int(best[int(kernel.uniform(self.stream) * len(best))] if len(best) > 1 else best[0])

    def _assembled(self, row: int) -> NDArray[np.bool_]:
        shadow = self.solver.solve(self.worth[row], self.low, self.high)
        if shadow is None:
            raise MeasureError("no test of this length meets the constraints of the shadow test")
        return shadow


def _programme(shadow: ShadowConstraints, n_items: int, length: int) -> highspy.HighsLp:
    rows = [np.ones(n_items), *shadow.amounts]
    low, high = [float(length), *shadow.low], [float(length), *shadow.high]
    for group in shadow.enemies:
        rows.append(np.isin(np.arange(n_items), group).astype(np.float64))
        low, high = [*low, 0.0], [*high, 1.0]
    entries = [np.flatnonzero(row) for row in rows]
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n_items, len(rows)
    model.col_cost_, model.col_lower_, model.col_upper_ = np.zeros(n_items), np.zeros(n_items), np.ones(n_items)
    model.row_lower_, model.row_upper_ = np.array(low), np.array(high)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(found) for found in entries)])
    model.a_matrix_.index_ = np.concatenate(entries).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([row[found] for row, found in zip(rows, entries, strict=True)])
    return model
