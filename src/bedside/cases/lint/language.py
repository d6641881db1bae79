"""Guards and expressions of a case as trees, checked against the language, with every use of a name in them.

It is the language that the engine compiles; here nothing needs to exist yet, so that each missing name gets its own finding.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bedside.cases.facts import DISCRETE, HOURS_ON, Asked, with_names_for_facts
from bedside.cases.formulas import FUNCTIONS
from bedside.cases.lint.logic import conditions_of
from bedside.errors import ExpressionError
from bedside.expressions import compile_expression

_FACT = re.compile(rf"\b({'|'.join((*DISCRETE, HOURS_ON))})\s*\(")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A guard or expression that is of the language. In its tree a fact is a call: `state(vt)`."""

    tree: ast.expr
    names: tuple[str, ...]  # variables and derived names, as they come
    facts: tuple[Asked, ...]


class _AnyName(Collection[str]):
    """Every name is accepted here; what it means is asked later, with a better word for it."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def parse(text: str) -> Parsed:
    """The tree of a guard or expression.

    Raises:
        ExpressionError: outside the language, or a fact about something else than a name.
    """
    named, asked = with_names_for_facts(text)
    wrong = _FACT.search(named)
    if wrong is not None:
        raise ExpressionError(f"{wrong[1]}() takes one name, or verb:what", column=wrong.start() + 1)
    compiled = compile_expression(named, names=_AnyName(), functions=FUNCTIONS)
    tree = ast.parse(" ".join(named.split()), mode="eval").body
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in compiled.names - asked.keys()]
    facts = tuple(dict.fromkeys(asked.values()))
    return Parsed(_WithCalls(asked).visit(tree), tuple(dict.fromkeys(names)), facts)


@dataclass(slots=True)
class _WithCalls(ast.NodeTransformer):
    asked: Mapping[str, Asked]

    def visit_Name(self, node: ast.Name) -> ast.expr:
        fact = self.asked.get(node.id)
        if fact is None:
            return node
        call = ast.Call(ast.Name(fact.function, ast.Load()), [ast.Name(fact.what, ast.Load())], [])
        return ast.copy_location(call, node)


def unsolvable(node: ast.expr) -> str | None:
    """What in the guard is no condition that can be solved for time, as text; None where all of it can."""
    match node:
        case ast.UnaryOp(op=ast.Not()):
            return unsolvable(node.operand)
        case ast.BoolOp():
            return next((wrong for wrong in map(unsolvable, node.values) if wrong), None)
        case ast.Constant(value=bool()):
            return None
        case _:
            return None if conditions_of(node) else ast.unparse(node)
