"""Guards: checked against the language, made closures over the bits of facts.

    k < 3.0 and active(insulin_iv)
    seen(closed) and hours_on(basal) >= 2 and (loc(ward) or loc(icu))

A guard may use one variable against a constant, `hours_on(x)` against a constant, `state() active() given() done() seen()
loc()`, and `and or not`. Names that are computed from variables are barred, and so are `==` and `!=` of a number, so that the
instant at which a guard turns can always be found exactly. A guard that only joins facts with `and` is one comparison of
bits; the others are closures over such comparisons.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from bedside.cases.facts import HOURS_ON, Asked, FactTable, Threshold, with_names_for_facts
from bedside.errors import ExpressionError
from bedside.expressions import compile_expression

Holds = Callable[[int], bool]

_FLIPPED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}


@dataclass(frozen=True, slots=True)
class Guard:
    """A compiled guard. `mask` has the bits of the facts on which it depends; `holds` takes the bits that are true."""

    text: str
    mask: int
    holds: Holds = field(repr=False, compare=False)


def compile_guard(text: str, *, variables: Collection[str], facts: FactTable) -> Guard:
    """Check a guard and compile it; facts that it is the first to ask for get their bits.

    Raises:
        ExpressionError: outside the language of guards.
        UsageError: a state, event, order, group or place that does not exist.
    """
    named, asked = with_names_for_facts(text)
    compile_expression(named, names={*variables, *asked}, functions={})
    start = len(named) - len(named.lstrip())
    tree = ast.parse(" ".join(named.split("\n")).strip(), mode="eval").body
    test = _Compiler(frozenset(variables), asked, facts, start).compile(tree)
    if not test.mask:
        raise ExpressionError("a guard must ask for something that can change", column=start + 1)
    return Guard(text, test.mask, test.holds())


@dataclass(frozen=True, slots=True)
class _Bits:
    """Facts joined with `and`: those of the mask must be as wanted."""

    mask: int
    want: int

    def holds(self) -> Holds:
        mask, want = self.mask, self.want
        return lambda facts: facts & mask == want


@dataclass(frozen=True, slots=True)
class _Closure:
    """Any other test."""

    mask: int
    run: Holds

    def holds(self) -> Holds:
        return self.run


_Test = _Bits | _Closure


@dataclass(frozen=True, slots=True)
class _Compiler:
    variables: frozenset[str]
    asked: dict[str, Asked]
    facts: FactTable
    start: int

    def compile(self, node: ast.expr) -> _Test:
        match node:
            case ast.Constant(value=bool() as value):
                return _Closure(0, lambda facts: value)
            case ast.Name() if node.id in self.asked and self.asked[node.id].function != HOURS_ON:
                bit = self.facts.bit(self.asked[node.id])
                return _Bits(bit, bit)
            case ast.UnaryOp(op=ast.Not()):
                return _not(self.compile(node.operand))
            case ast.BoolOp(op=ast.And()):
                return _all([self.compile(part) for part in node.values])
            case ast.BoolOp():
                return _any([self.compile(part) for part in node.values])
            case ast.Compare():
                return self._chain(node)
            case _:
                raise self._refusal(node)

    def _chain(self, node: ast.Compare) -> _Test:
        sides = [node.left, *node.comparators]
        links = zip(sides, node.ops, sides[1:], strict=False)
        return _all([self._comparison(left, op, right) for left, op, right in links])

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> _Test:
        kind = type(op)
        if kind not in _FLIPPED:
            raise self._refusal(left, "a number is compared with < <= > >= only; == can't be met at a whole second")
        if not isinstance(left, ast.Name):
            left, right, kind = right, left, _FLIPPED[kind]
        if not isinstance(left, ast.Name):
            raise self._refusal(left)
        # x < c is what x >= c is not, and x <= c what x > c is not
        threshold = Threshold(self._constant(right), kind in {ast.Gt, ast.LtE})
        bit = self._bit(left, threshold)
        return _Bits(bit, bit if kind in {ast.Gt, ast.GtE} else 0)

    def _bit(self, name: ast.Name, threshold: Threshold) -> int:
        if name.id in self.variables:
            return self.facts.threshold(name.id, threshold)
        fact = self.asked[name.id]
        if fact.function != HOURS_ON:
            raise self._refusal(name, f"{fact.function}() is true or false and is not compared")
        return self.facts.hours(fact.what, threshold)

    def _constant(self, node: ast.expr) -> float:
        if any(isinstance(part, ast.Name) for part in ast.walk(node)):
            raise self._refusal(node)
        value = compile_expression(ast.unparse(node), names=(), functions={}).evaluate({})
        if isinstance(value, bool | str):
            raise self._refusal(node)
        return float(value)

    def _refusal(
        self, node: ast.expr, text: str = "a guard compares one variable, or hours_on(), with a constant"
    ) -> ExpressionError:
        return ExpressionError(text, column=node.col_offset + self.start + 1)


def _not(test: _Test) -> _Test:
    if isinstance(test, _Bits) and test.mask.bit_count() == 1:
        return _Bits(test.mask, test.mask ^ test.want)
    run = test.holds()
    return _Closure(test.mask, lambda facts: not run(facts))


def _all(tests: list[_Test]) -> _Test:
    joined = _Bits(0, 0)
    closures: list[Holds] = []
    mask = 0
    for test in tests:
        mask |= test.mask
        if isinstance(test, _Bits) and (joined.want ^ test.want) & joined.mask & test.mask == 0:
            joined = _Bits(joined.mask | test.mask, joined.want | test.want)
        else:
            closures.append(test.holds())
    if not closures:
        return joined
    if joined.mask:
        closures.insert(0, joined.holds())
    if len(closures) == 1:
        return _Closure(mask, closures[0])
    return _Closure(mask, lambda facts: all(run(facts) for run in closures))


def _any(tests: list[_Test]) -> _Test:
    runs = [test.holds() for test in tests]
    mask = 0
    for test in tests:
        mask |= test.mask
    return _Closure(mask, lambda facts: any(run(facts) for run in runs))
