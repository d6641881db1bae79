"""Guards as logic: which comparisons and facts they are made of, and whether they can hold at all.

A guard is brought into its alternatives (disjunctive normal form); each alternative is a set of conditions that must hold
together. What is asked of them is decided exactly for thresholds and for facts that exclude each other (two places, two states
of one region); everything else is taken to be possible, so nothing is called impossible that is not.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bedside.errors import ExpressionError
from bedside.expressions import compile_expression

MAX_ALTERNATIVES = 512  # of one question; beyond it the answer is "possible"
_FLIPPED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_OPERATORS: Mapping[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One quantity against a number. The quantity is a variable, or the text of `hours_on(x)`."""

    quantity: str
    op: str
    constant: float

    def negated(self) -> Threshold:
        """What holds where this does not."""
        return Threshold(self.quantity, _FLIPPED[self.op], self.constant)


@dataclass(frozen=True, slots=True)
class Fact:
    """A call such as `state(vt)`, or that it is not so."""

    function: str
    argument: str
    is_so: bool = True

    def negated(self) -> Fact:
        """What holds where this does not."""
        return Fact(self.function, self.argument, not self.is_so)


Condition = Threshold | Fact
Alternative = frozenset[Condition]
Bounds = Mapping[str, tuple[float, float]]


def conditions_of(node: ast.expr) -> tuple[Condition, ...]:
    """The conditions that the node joins with `and`: one, or those of a chain; none where it is nothing a guard may have."""
    if isinstance(node, ast.Call):
        fact = _fact(node)
        return (fact,) if fact else ()
    if not isinstance(node, ast.Compare):
        return ()
    sides = [node.left, *node.comparators]
    links = [_threshold(*link) for link in zip(sides, node.ops, sides[1:], strict=False)]
    found = tuple(link for link in links if link is not None)
    return found if len(found) == len(links) else ()


def _threshold(left: ast.expr, op: ast.cmpop, right: ast.expr) -> Threshold | None:
    if type(op) not in _OPERATORS:
        return None
    sign = _OPERATORS[type(op)]
    for quantity, constant, oriented in ((left, right, sign), (right, left, _MIRRORED[sign])):
        name, number = _quantity(quantity), _number(constant)
        if name is not None and number is not None:
            return Threshold(name, oriented, number)
    return None


def _fact(node: ast.Call) -> Fact | None:
    argument = node.args[0] if len(node.args) == 1 else None
    if isinstance(node.func, ast.Name) and node.func.id != "hours_on" and isinstance(argument, ast.Name):
        return Fact(node.func.id, argument.id)
    return None


def _quantity(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hours_on":
        return ast.unparse(node)
    return None


def _number(node: ast.expr) -> float | None:
    if any(isinstance(part, ast.Name | ast.Call) for part in ast.walk(node)):
        return None
    try:
        value = compile_expression(ast.unparse(node), names=(), functions={}).evaluate({})
    except ExpressionError:
        return None
    return None if isinstance(value, bool | str) else float(value)


def alternatives(node: ast.expr, *, is_so: bool = True) -> list[Alternative]:
    """The ways in which the guard can hold. What is no condition of a guard is taken to hold."""
    match node:
        case ast.UnaryOp(op=ast.Not()):
            return alternatives(node.operand, is_so=not is_so)
        case ast.BoolOp():
            parts = [alternatives(part, is_so=is_so) for part in node.values]
            if isinstance(node.op, ast.Or) == is_so:
                return [one for part in parts for one in part]
            return together(parts)
        case ast.Constant(value=bool()):
            return [frozenset()] if node.value is is_so else []
        case _:
            found = conditions_of(node)
            if not found:
                return [frozenset()]
            return [frozenset(found)] if is_so else [frozenset({one.negated()}) for one in found]


def together(parts: Iterable[Sequence[Alternative]]) -> list[Alternative]:
    """The ways in which all of them can hold; too many of them count as one that is always possible."""
    found: list[Alternative] = [frozenset()]
    for part in parts:
        found = [one | other for one in found for other in part]
        if len(found) > MAX_ALTERNATIVES:
            return [frozenset()]
    return found


def is_possible(ways: Iterable[Alternative], bounds: Bounds, region_of: Mapping[str, str]) -> bool:
    """Can one of them hold? `bounds` by variable; `region_of` gives the region by state."""
    return any(_thresholds_agree(one, bounds) and _facts_agree(one, region_of) for one in ways)


def _thresholds_agree(conditions: Alternative, bounds: Bounds) -> bool:
    quantities = {one.quantity for one in conditions if isinstance(one, Threshold)}
    return all(_leaves_room(name, conditions, *bounds.get(name, _open_bounds(name))) for name in quantities)


def _open_bounds(quantity: str) -> tuple[float, float]:
    return (0.0 if quantity.startswith("hours_on(") else -math.inf, math.inf)


def _leaves_room(name: str, conditions: Alternative, low: float, high: float) -> bool:
    low_is_in = high_is_in = True
    for one in conditions:
        if not isinstance(one, Threshold) or one.quantity != name:
            continue
        if one.op in {">", ">="} and (one.constant > low or (one.constant == low and one.op == ">")):
            low, low_is_in = one.constant, one.op == ">="
        if one.op in {"<", "<="} and (one.constant < high or (one.constant == high and one.op == "<")):
            high, high_is_in = one.constant, one.op == "<="
    return low < high or (low == high and low_is_in and high_is_in)


def _facts_agree(conditions: Alternative, region_of: Mapping[str, str]) -> bool:
    facts = [one for one in conditions if isinstance(one, Fact)]
    if any(one.negated() in conditions for one in facts):
        return False
    one_of: dict[str, str] = {}
    for fact in facts:
        if not fact.is_so or fact.function not in {"state", "loc"}:
            continue
        kind = "loc" if fact.function == "loc" else f"state of {region_of.get(fact.argument, fact.argument)}"
        if one_of.setdefault(kind, fact.argument) != fact.argument:
            return False
    return True


def can_change(threshold: Threshold, low: float, high: float) -> bool:
    """Is it sometimes true and sometimes not, while the quantity stays within its bounds?"""
    inside = low < threshold.constant < high
    at_end = (threshold.constant == low and threshold.op in {">", "<="}) or (
        threshold.constant == high and threshold.op in {"<", ">="}
    )
    return inside or at_end
