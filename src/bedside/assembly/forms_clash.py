"""Which constraints of a plan clash, in words."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bedside.assembly.forms_model import Forms, Need, joint, summed
from bedside.assembly.forms_problem import Problem
from bedside.assembly.solver import INFINITY, Limits, SearchStoppedError
from bedside.errors import ConflictError

JOINT_LIMIT = 6_000  # variables of a joint model that is still asked


class FormsClashError(ConflictError):
    """No forms meet the plan. `clash`: constraints that can't hold together, in words; without any one the rest can."""

    def __init__(self, clash: tuple[str, ...]) -> None:
        super().__init__(f"no forms meet all of this: {'; '.join(clash)}")
        self.clash = clash


def fits_joint(problem: Problem) -> bool:
    """Is the plan small enough for one model of all its forms?"""
    return problem.n_units * problem.n_forms <= JOINT_LIMIT


def clash_of(problem: Problem, limits: Limits) -> tuple[str, ...]:
    """A smallest set found of constraints that clash; for the end of a range with what is possible while the others hold."""
    for is_joint in (False, True):
        if is_joint and not fits_joint(problem):
            break
        forms = joint(problem, in_rows=True) if is_joint else summed(problem, in_rows=True)
        if found := forms.model.clash([need.rows for need in forms.needs], limits):
            needs = [forms.needs[index] for index in found]
            return tuple(_in_words(forms, need, needs, limits) for need in needs)
    return ("all that was asked, together",)


def _in_words(forms: Forms, need: Need, needs: Iterable[Need], limits: Limits) -> str:
    if need.row is None:
        return need.words
    others = [other for other in needs if other is not need]
    extreme = _extreme(forms, need.row, others, limits, is_low=need.is_low)
    if extreme is None:
        return need.words
    return f"{need.words} (with the others {'at most' if need.is_low else 'at least'} {extreme:g} on average)"


def _extreme(forms: Forms, row: int, held: Iterable[Need], limits: Limits, *, is_low: bool) -> float | None:
    """What a row comes to, by form, where only these needs hold; None where it is not known or has no end."""
    rows = {index for need in held for index in need.rows}
    free = set().union(*(need.rows for need in forms.needs)) - rows
    kept = list(forms.model.rows)
    for index in free:
        forms.model.rows[index] = (-INFINITY, kept[index][1], INFINITY)
    sign = -1.0 if is_low else 1.0
    adds = forms.problem.adds[:, row]
    cost = {takes[unit]: sign * float(adds[unit]) for takes in forms.takes for unit in np.flatnonzero(adds)}
    try:
        solution = forms.model.minimise(cost, limits)
    except SearchStoppedError:
        solution = None
    finally:
        forms.model.rows[:] = kept
    return None if solution is None else round(sign * solution.bound / forms.problem.n_forms, 2)
