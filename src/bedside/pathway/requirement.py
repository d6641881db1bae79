"""What must hold: a tree of all, any, not and some over expressions, with three answers: met, not met, not known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bedside.errors import ExpressionError
from bedside.expressions import Expression, Value, compile_expression
from bedside.pathway.moment import NotKnown
from bedside.pathway.vocabulary import FUNCTIONS, Names
from bedside.reading import Path_, did_you_mean

Truth = bool | None  # None: not known
Requirement = Callable[[Names], Truth]
Complain = Callable[[Path_, str], None]

MAX_DEPTH = 10
_NODES = ("all", "any", "not", "some")
_SOME = ("certificate", "where")


@dataclass(frozen=True, slots=True)
class Language:
    """What a requirement may name (names, and of each certificate its scores), and who is told what is wrong in it."""

    names: Collection[str]
    certificates: Mapping[str, Collection[str]]
    complain: Complain


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Not met if one is not met, else not known if one is not known."""
    found: Truth = True
    for truth in truths:
        if truth is False:
            return False
        found = None if truth is None else found
    return found


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Met if one is met, else not known if one is not known."""
    found = conjunction(negation(truth) for truth in truths)
    return negation(found)


def negation(truth: Truth) -> Truth:
    """The opposite; not known stays so."""
    return None if truth is None else not truth


def compile_requirement(tree: Any, path: Path_, language: Language, depth: int = 1) -> Requirement:
    """The tree as a function of the names; what is wrong in it is complained of, and then it is never met."""
    if isinstance(tree, str):
        return _leaf(tree, path, language)
    if depth > MAX_DEPTH:
        language.complain(path, f"nested deeper than {MAX_DEPTH} levels")
    elif isinstance(tree, dict) and len(tree) == 1 and next(iter(tree)) in _NODES:
        key, below = next(iter(tree.items()))
        return _node(str(key), below, (*path, key), language, depth)
    else:
        keys = [str(key) for key in tree] if isinstance(tree, dict) else []
        hint = did_you_mean(keys[0], _NODES) if len(keys) == 1 else ""
        language.complain(path, f"should be an expression, or one of {', '.join(_NODES)} with what is below it{hint}")
    return lambda names: False


def compile_value(text: str, path: Path_, language: Language) -> Callable[[Names], Value | None]:
    """An expression that gives a value; None where it is not known."""
    expression = _compiled(text, path, language)
    return (lambda names: _known(expression, names)) if expression else (lambda names: None)


def _node(key: str, below: Any, path: Path_, language: Language, depth: int) -> Requirement:
    if key == "some":
        return _some(below, path, language)
    if key == "not":
        negated = compile_requirement(below, path, language, depth + 1)
        return lambda names: negation(negated(names))
    if not isinstance(below, list) or not below:
        language.complain(path, "should be a list of at least one")
        return lambda names: False
    parts = [compile_requirement(one, (*path, index), language, depth + 1) for index, one in enumerate(below)]
    joined = conjunction if key == "all" else disjunction
    return lambda names: joined(part(names) for part in parts)


def _some(below: Any, path: Path_, language: Language) -> Requirement:
    """One certificate of a name for which the expression holds."""
    if not isinstance(below, dict) or set(below) != set(_SOME) or not isinstance(below["where"], str):
        language.complain(path, "should have `certificate`, a name, and `where`, an expression")
        return lambda names: False
    name = below["certificate"]
    if name not in language.certificates:
        hint = did_you_mean(str(name), sorted(language.certificates))
        language.complain((*path, "certificate"), f'no file declares a certificate "{name}"{hint}')
        return lambda names: False
    scores = language.certificates[name]
    where = _leaf(below["where"], (*path, "where"), replace(language, names={*language.names, *scores, "taken_on"}))

    def holds(names: Names) -> Truth:
        found: list[Truth] = []
        for held in names.moment.held(name):
            # a score that is left out is not in the names, and then not known
            own: dict[str, Value] = {"taken_on": held.date.toordinal(), **held.scores}
            absent = {score: f"{score} of {name} on {held.date}" for score in scores if score not in held.scores}
            found.append(where(_with(names, own, absent)))
        return disjunction(found)

    return holds


def _with(names: Names, own: Mapping[str, Value], absent: Mapping[str, str]) -> Names:
    def missing(field: str) -> Callable[[Any], Value]:
        def say(_: Any) -> Value:
            raise NotKnown(field)

        return say

    says = {**names.own, **{score: missing(field) for score, field in absent.items()}}
    return Names(names.vocabulary, names.moment, {**names.added, **own}, says)


def _leaf(text: str, path: Path_, language: Language) -> Requirement:
    expression = _compiled(text, path, language)
    if expression is None:
        return lambda names: False

    def holds(names: Names) -> Truth:
        value = _known(expression, names)
        if value is not None and not isinstance(value, bool):
            raise ExpressionError(f"`{expression.text}` gives no truth value; compare it with something", column=1)
        return value

    return holds


def _compiled(text: str, path: Path_, language: Language) -> Expression | None:
    try:
        return compile_expression(text, names=language.names, functions=FUNCTIONS)
    except ExpressionError as error:
        language.complain(path, str(error))
        return None


def _known(expression: Expression, names: Names) -> Value | None:
    try:
        return expression.evaluate(names)
    except NotKnown as answer:
        names.moment.missing.add(answer.field)
        return None
