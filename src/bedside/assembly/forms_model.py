"""The integer programmes of several forms.

The *summed* model asks only in how many forms each unit stands. Any forms that meet the plan give it a solution when they are
added up, so that its best is a bound for theirs; and it has one variable a unit, however many forms there are. The *joint*
model asks for each unit and form (van der Linden, 2005, chapter 6), which is exact and soon too large. Both are built here:
the summed one is the joint one with one form that is taken `n_forms` times.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bedside.assembly.forms_problem import INFINITY, Problem
from bedside.assembly.solver import Limits, Model, Solution


@dataclass(frozen=True, slots=True)
class Need:
    """A constraint in words, with the rows of the model that hold it. `row` is the row of the problem, if it is one's end."""

    words: str
    rows: tuple[int, ...]
    row: int | None = None
    is_low: bool = False


@dataclass(slots=True)
class Forms:
    """A model with its variables by what they mean: `takes` by form and unit; `worst` is the objective."""

    problem: Problem
    n_times: int  # how often each of its forms is taken
    model: Model = field(default_factory=Model)
    takes: list[list[int]] = field(default_factory=list)
    worst: int | None = None
    needs: list[Need] = field(default_factory=list)

    def need(self, words: str, first_row: int) -> None:
        """All rows that were added since `first_row` hold this."""
        if len(self.model.rows) > first_row:
            self.needs.append(Need(words, tuple(range(first_row, len(self.model.rows)))))


def summed(problem: Problem, *, is_whole: bool = True, in_rows: bool = False) -> Forms:
    """One variable a unit: in how many forms it stands.

    `in_rows` puts what is a bound of a variable into a row of its own, so that all that clashes can be taken away.
    """
    return _built(Forms(problem, problem.n_forms), is_whole=is_whole, in_rows=in_rows)


def joint(problem: Problem, *, in_rows: bool = False) -> Forms:
    """One variable for each unit and form."""
    return _built(Forms(problem, 1), is_whole=True, in_rows=in_rows)


def best(forms: Forms, limits: Limits) -> Solution | None:
    """The solution with the best worst point; None where nothing holds it all."""
    if forms.worst is None:
        return forms.model.minimise({}, limits)
    return forms.model.minimise({forms.worst: -1.0 if forms.problem.is_most else 1.0}, limits)


def taken(forms: Forms, solution: Solution) -> NDArray[np.int64]:
    """(n_forms of the model, n_units): how often each is taken."""
    values = np.array(solution.values)
    return np.asarray(np.rint(values[np.array(forms.takes)]), dtype=np.int64)


def _built(forms: Forms, *, is_whole: bool, in_rows: bool) -> Forms:
    problem, n_models = forms.problem, forms.problem.n_forms // forms.n_times
    for _ in range(n_models):
        lows = np.where(problem.is_anchor & (not in_rows), forms.n_times, 0)
        highs = np.full(problem.n_units, forms.n_times) if in_rows else np.minimum(problem.uses, forms.n_times)
        forms.takes.append(
            [
                forms.model.variable(lower=float(low), upper=float(high), whole=is_whole)
                for low, high in zip(lows, highs, strict=True)
            ]
        )
    for row in range(len(problem.names)):
        _keep_row(forms, row, in_rows=in_rows)
    _keep_uses(forms, in_rows=in_rows)
    _keep_apart(forms)
    _keep_overlap(forms)
    _keep_information(forms)
    return forms


def _keep_row(forms: Forms, row: int, *, in_rows: bool) -> None:
    problem = forms.problem
    low, high = problem.low[row] * forms.n_times, problem.high[row] * forms.n_times
    counted = np.flatnonzero(problem.adds[:, row])
    for takes in forms.takes:
        terms = [(takes[unit], float(problem.adds[unit, row])) for unit in counted]
        if not in_rows:
            forms.model.constrain(terms, low=low, high=high)
    if in_rows:
        for is_low, low_end, high_end in ((True, low, INFINITY), (False, -INFINITY, high)):
            first = len(forms.model.rows)
            for takes in forms.takes:
                terms = [(takes[unit], float(problem.adds[unit, row])) for unit in counted]
                forms.model.constrain(terms, low=low_end, high=high_end)
            if np.isfinite(low_end if is_low else high_end):
                rows = tuple(range(first, len(forms.model.rows)))
                forms.needs.append(Need(_words(problem, row, is_low=is_low), rows, row, is_low))


def _words(problem: Problem, row: int, *, is_low: bool) -> str:
    end = problem.low[row] if is_low else problem.high[row]
    return f"{problem.names[row]}: {'at least' if is_low else 'at most'} {end:g} in each form"


def _keep_uses(forms: Forms, *, in_rows: bool) -> None:
    """A unit in no more forms than it may be, and anchors in all; bounds hold this where the model is summed."""
    problem, is_summed = forms.problem, len(forms.takes) == 1
    first = len(forms.model.rows)
    for unit in range(problem.n_units):
        is_free = problem.uses[unit] >= problem.n_forms or (is_summed and not in_rows)
        if not is_free:
            forms.model.constrain([(takes[unit], 1.0) for takes in forms.takes], high=float(problem.uses[unit]))
    forms.need("no item in more forms than it may be used in", first)
    first = len(forms.model.rows)
    for anchor in np.flatnonzero(problem.is_anchor) if in_rows else ():
        forms.model.constrain([(takes[anchor], 1.0) for takes in forms.takes], low=float(problem.n_forms))
    forms.need(f"the anchor items ({int(problem.size[problem.is_anchor].sum())}) in each form", first)


def _keep_apart(forms: Forms) -> None:
    first = len(forms.model.rows)
    for clique in forms.problem.cliques:
        highest = sum(min(int(forms.problem.uses[unit]), forms.n_times) for unit in clique)
        if highest > forms.n_times:
            for takes in forms.takes:
                forms.model.constrain([(takes[unit], 1.0) for unit in clique], high=float(forms.n_times))
    forms.need("enemies in no form together", first)


def _keep_overlap(forms: Forms) -> None:
    """Where a unit stands in y forms, y (y - 1) / 2 pairs of forms share it."""
    problem = forms.problem
    if not problem.shares:
        return
    first = len(forms.model.rows)
    limit = float(problem.plan.max_overlap or 0)
    shared = np.flatnonzero((problem.uses > 1) & ~problem.is_anchor)
    if len(forms.takes) == 1:
        pairs = _steps(forms, shared)
        forms.model.constrain(pairs, high=limit * problem.n_forms * (problem.n_forms - 1) / 2)
    else:
        for one, other in itertools.combinations(forms.takes, 2):
            forms.model.constrain(_both(forms, shared, one, other), high=limit)
    forms.need(f"any two forms share at most {limit:g} items", first)


def _steps(forms: Forms, shared: Sequence[int] | NDArray[np.int64]) -> list[tuple[int, float]]:
    """Pairs by unit: its n-th use adds n - 1 pairs, each step from 0 to 1, so that the cheapest are filled first."""
    pairs = []
    for unit in shared:
        steps = [forms.model.variable(upper=1.0) for _ in range(int(forms.problem.uses[unit]))]
        forms.model.constrain([(forms.takes[0][unit], -1.0), *((step, 1.0) for step in steps)], low=0.0, high=0.0)
        pairs += [(step, float(before * forms.problem.size[unit])) for before, step in enumerate(steps)]
    return pairs


def _both(forms: Forms, shared: NDArray[np.int64], one: list[int], other: list[int]) -> list[tuple[int, float]]:
    pairs = []
    for unit in shared:
        both = forms.model.variable(upper=1.0)
        forms.model.constrain([(one[unit], 1.0), (other[unit], 1.0), (both, -1.0)], high=1.0)
        pairs.append((both, float(forms.problem.size[unit])))
    return pairs


def _keep_information(forms: Forms) -> None:
    problem = forms.problem
    if not problem.goal.size:
        return
    forms.worst = forms.model.variable()
    for takes in forms.takes:
        for point, goal in enumerate(problem.goal):
            given = [(takes[unit], float(problem.information[unit, point])) for unit in range(problem.n_units)]
            if problem.is_most:
                forms.model.constrain([*given, (forms.worst, -forms.n_times * goal)], low=0.0)
            else:
                room = forms.n_times * problem.scale[point]
                forms.model.constrain([*given, (forms.worst, room)], low=forms.n_times * goal)
                forms.model.constrain([*given, (forms.worst, -room)], high=forms.n_times * goal)
