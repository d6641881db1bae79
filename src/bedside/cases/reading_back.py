"""Values of the past, from the anchors that a run keeps."""

from __future__ import annotations

from bisect import bisect_right

from bedside.cases.motion import value_at
from bedside.cases.world import World
from bedside.errors import NotFoundError, UsageError
from bedside.expressions import Value


def value_then(world: World, name: str, at_s: int) -> float:
    """A variable or derived name at an instant from the start to now.

    Raises:
        NotFoundError: the case has no such name.
        UsageError: another instant.
        ExpressionError: it can't be computed.
    """
    case = world.case
    if not 0 <= at_s <= world.now_s:
        raise UsageError(f"{case.id} has run from 0 to {world.now_s} s; {at_s} s is outside")
    if name in case.variables:
        return _variable_then(world, case.variables.index(name), at_s)
    if name not in case.derived:
        raise NotFoundError(f'{case.id} has no variable or derived name "{name}"')
    values: dict[str, Value] = {variable: _variable_then(world, number, at_s) for number, variable in enumerate(case.variables)}
    facts = _facts_then(world, at_s)
    hours = _hours_then(world, at_s)
    for derived, formula in case.derived.items():
        values[derived] = formula.value(values, facts, hours)
        if derived == name:
            break
    return float(values[name])


def _variable_then(world: World, variable: int, at_s: int) -> float:
    course = world.record.course[variable]
    anchor = course[bisect_right(course, at_s, key=lambda one: one.from_s) - 1]
    return value_at(anchor, at_s, world.case.lows[variable], world.case.highs[variable])


def _facts_then(world: World, at_s: int) -> int:
    kept = world.record.facts
    return kept[bisect_right(kept, at_s, key=lambda one: one[0]) - 1][1]


def _hours_then(world: World, at_s: int) -> dict[str, float]:
    since_s: dict[int, int] = {}
    for turn in world.record.turns:
        if turn.at_s > at_s:
            break
        if turn.is_on:
            since_s[turn.target] = turn.at_s
        else:
            since_s.pop(turn.target, None)
    return {
        target.name: (at_s - since_s[number]) / 3600 if number in since_s else 0.0
        for number, target in enumerate(world.case.targets)
    }
