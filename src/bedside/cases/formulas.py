"""Expressions over the state of a run: derived names, and what findings report.

Unlike guards they may use any arithmetic of the expression language, derived names, a few functions of mathematics, and facts
as 0 or 1. They are read only where a report, a chart or a page asks; values of one instant are kept until anything changes, so
that all reports that are drawn at that instant agree.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bedside.cases.facts import HOURS_ON, Asked, FactTable, with_names_for_facts
from bedside.errors import ExpressionError, UsageError
from bedside.expressions import Expression, Function, Value, compile_expression

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "max": max,
        "min": min,
        "abs": abs,
        "round": round,
        "log10": math.log10,
        "log": math.log,
        "exp": math.exp,
        "sqrt": math.sqrt,
    }
)


@dataclass(frozen=True, slots=True)
class Formula:
    """One expression. `bits` are the facts it asks for, by the name under which it knows each; `hours` the targets likewise."""

    expression: Expression = field(repr=False)
    needs: frozenset[str]  # variables and derived names
    bits: tuple[tuple[str, int], ...]
    hours: tuple[tuple[str, str], ...]

    def value(self, values: Mapping[str, Value], facts: int, hours_on: Mapping[str, float]) -> Value:
        """Its value with these variables and derived names, these facts, and the hours for which each target is on.

        Raises:
            ExpressionError: it can't be computed with these.
        """
        if self.bits or self.hours:
            asked: dict[str, Value] = {name: facts & bit != 0 for name, bit in self.bits}
            asked.update({name: hours_on[target] for name, target in self.hours})
            values = {**values, **asked}
        return self.expression.evaluate(values)


def compile_formula(text: str, *, names: Collection[str], facts: FactTable) -> Formula:
    """Check an expression over variables, derived names and facts.

    Raises:
        ExpressionError: outside the language, or an unknown name.
        UsageError: a state, event, order, group or place that does not exist.
    """
    named, asked = with_names_for_facts(text)
    expression = compile_expression(named, names={*names, *asked}, functions=FUNCTIONS)
    bits: list[tuple[str, int]] = []
    hours: list[tuple[str, str]] = []
    for name, fact in asked.items():
        if fact.function == HOURS_ON:
            facts.check(Asked(HOURS_ON, fact.what))
            facts.of_hours.setdefault(fact.what, {})
            hours.append((name, fact.what))
        else:
            bits.append((name, facts.bit(fact)))
    return Formula(expression, expression.names - asked.keys(), tuple(bits), tuple(hours))


def compile_derived(derived: Mapping[str, str], *, variables: Sequence[str], facts: FactTable) -> dict[str, Formula]:
    """Derived names in an order in which each needs only those before it.

    Raises:
        ExpressionError: outside the language, or an unknown name.
        UsageError: names that need each other in a circle, or a state, order and so on that does not exist.
    """
    names = {*variables, *derived}
    waiting = {}
    for name, text in derived.items():
        try:
            waiting[name] = compile_formula(text, names=names, facts=facts)
        except ExpressionError as error:
            raise ExpressionError(f"derived.{name}: {error.text}", column=error.column) from None
    ordered: dict[str, Formula] = {}
    while waiting:
        ready = [name for name, formula in waiting.items() if not formula.needs & waiting.keys()]
        if not ready:
            raise UsageError(f"derived names need each other in a circle: {', '.join(sorted(waiting))}")
        ordered.update({name: waiting.pop(name) for name in ready})
    return ordered
