"""One small expression language for question models, cases and rules: checked against an allow-list, made closures.

    bohb <= 0.6 and not active(insulin_iv)
    round(1.5 * bicarbonate + 8, 0)
    "severe" if ph < 7.0 else "moderate" if ph < 7.24 else "mild"
    rhythm in ("vt", "vf")

What lives here: numbers, text in quotes, names, `+ - * / // % **`, comparisons (chained, and `in` a list in
parentheses), `and or not`, `a if condition else b`, and calls to functions that the caller supplies. What must not:
attributes, indexing, loops, lambdas, assignments, formatted text, keywords in calls, units, the clock, chance. Python's
own parser reads the text, after a scan that lets only the characters above pass; nothing is ever handed to `eval`, and
only nodes with a compiler below are accepted.

Values are numbers, truth values and text. A truth value counts as 0 or 1 in arithmetic, so that scores are sums of
criteria; a number is never a truth value, and text is compared with text only. Results agree with Python's, except that
what is not a finite number, or is too large, is an error. Everything that can go wrong is an `ExpressionError` with its
column.
"""

from __future__ import annotations

import ast
import inspect
import math
import operator
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from bedside.errors import ExpressionError
from bedside.reading import did_you_mean

MAX_LENGTH = 1_000  # characters; the longest sound guard of a case is under 200
MAX_DEPTH = 100  # of the tree, a sum being as deep as it has terms; far below the depth at which Python gives up
MAX_BITS = 512  # of a whole number; larger is a mistake, and powers are refused before they are computed
MAX_FUNCTION_TEXT = 1_000  # characters of a text that a function answers

Value = float | bool | str  # a whole number is a float to the type checker, and stays whole
Function = Callable[..., Value]
Run = Callable[[Mapping[str, Value]], Value]

_TOKEN = re.compile(
    r"""\s+
    | (?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.])
    | [A-Za-z_][A-Za-z0-9_]*(?![\w"'])
    | "[^"\\\n]*" | '[^'\\\n]*'
    | \*\*|//|<=|>=|==|!=|[-+*/%<>(),]""",
    re.VERBOSE | re.ASCII,
)

_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Value, Value], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NOT_IN_THE_LANGUAGE: Mapping[type[ast.AST], str] = {
    ast.Attribute: "a name with a dot",
    ast.Lambda: "a lambda",
    ast.Tuple: "a list in parentheses, except after `in`,",
    ast.Starred: "a star before an argument",
    ast.GeneratorExp: "a loop",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression, ready to be evaluated any number of times.

    `names` and `functions` are those it uses, for the caller to check or to order by.
    """

    text: str
    names: frozenset[str]
    functions: frozenset[str]
    _run: Run = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """The value with these values of the names.

        Raises:
            ExpressionError: a name has no value or none of the language, kinds that do not go together, a division by
                zero, a function outside its domain, a result that is not finite or too large.
        """
        return self._run(values)


def compile_expression(text: str, *, names: Collection[str], functions: Mapping[str, Function]) -> Expression:
    """Check an expression against the language, the names and the functions that it may use.

    Raises:
        ExpressionError: outside the language or its limits, an unknown name or function, a wrong number of arguments.
    """
    if len(text) > MAX_LENGTH:
        _refuse(f"longer than {MAX_LENGTH:,} characters", MAX_LENGTH + 1)
    flat = _scan(text)
    start = len(flat) - len(flat.lstrip())
    if not flat.strip():
        _refuse("the expression is empty", 1)
    tree = _parse(flat.strip(), start)
    compiler = _Compiler(flat.strip(), start, names, functions)
    run = compiler.compile(tree, 1)
    return Expression(text, frozenset(compiler.used_names), frozenset(compiler.used_functions), run)


def _refuse(text: str, column: int) -> NoReturn:
    raise ExpressionError(text, column=column)


def _scan(text: str) -> str:
    """The text on one line, so that a place is a column, once every token of it is one of the language."""
    tokens: list[str] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            _refuse(f"{text[at : at + 12]!r} is not in the language of expressions", at + 1)
        tokens.append(" " * len(token[0]) if token[0].isspace() else token[0])
        at = token.end()
    return "".join(tokens)


def _parse(text: str, start: int) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        column = min(max(error.offset or 1, 1), len(text)) + start
        raise ExpressionError(f"can't be read: {error.msg}", column=column) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("can't be read: nested too deeply or a number with too many digits", column=1) from None


@dataclass(slots=True)
class _Compiler:
    """Nodes to closures. A node without a method here is not in the language."""

    text: str
    start: int  # characters before the text, for columns
    names: Collection[str]
    functions: Mapping[str, Function]
    used_names: set[str] = field(default_factory=set)
    used_functions: set[str] = field(default_factory=set)

    def compile(self, node: ast.expr, depth: int) -> Run:
        if depth > MAX_DEPTH:
            _refuse(f"nested deeper than {MAX_DEPTH} levels", self._column(node))
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.BinOp():
                return self._arithmetic(node, depth)
            case ast.UnaryOp():
                return self._unary(node, depth)
            case ast.BoolOp():
                return self._logic(node, depth)
            case ast.Compare():
                return self._comparison(node, depth)
            case ast.IfExp():
                return self._choice(node, depth)
            case ast.Call():
                return self._call(node, depth)
            case _:
                what = _NOT_IN_THE_LANGUAGE.get(type(node), "this")
                _refuse(f"{what} is not in the language of expressions", self._column(node))

    def _column(self, node: ast.expr) -> int:
        # the parser counts bytes of UTF-8
        return len(self.text.encode()[: node.col_offset].decode(errors="ignore")) + self.start + 1

    def _constant(self, node: ast.Constant) -> Run:
        value = node.value
        if not isinstance(value, bool | int | float | str):
            _refuse(f"{value!r} is not in the language of expressions", self._column(node))
        checked = _checked(value, self._column(node))
        return lambda values: checked

    def _name(self, node: ast.Name) -> Run:
        name, column = node.id, self._column(node)
        if name not in self.names:
            hint = did_you_mean(name, sorted(self.names))
            if name in self.functions:
                hint = f"; it is a function: {name}(...)"
            _refuse(f'unknown name "{name}"{hint}', column)
        self.used_names.add(name)

        def run(values: Mapping[str, Value]) -> Value:
            if name not in values:
                _refuse(f'"{name}" has no value', column)
            return _checked(values[name], column, name)

        return run

    def _arithmetic(self, node: ast.BinOp, depth: int) -> Run:
        column = self._column(node)
        compute = _ARITHMETIC.get(type(node.op))
        if compute is None:
            _refuse("this operator is not in the language of expressions", column)
        left, right = self.compile(node.left, depth + 1), self.compile(node.right, depth + 1)
        is_power = isinstance(node.op, ast.Pow)

        def run(values: Mapping[str, Value]) -> Value:
            a, b = _number(left(values), column), _number(right(values), column)
            if is_power:
                _check_power(a, b, column)
            try:
                return _checked(compute(a, b), column)
            except ZeroDivisionError:
                _refuse("division by zero", column)
            except OverflowError:
                _refuse("the result is too large", column)

        return run

    def _unary(self, node: ast.UnaryOp, depth: int) -> Run:
        column, operand = self._column(node), self.compile(node.operand, depth + 1)
        match node.op:
            case ast.Not():
                return lambda values: not _truth(operand(values), column)
            case ast.USub():
                return lambda values: -_number(operand(values), column)
            case ast.UAdd():
                return lambda values: +_number(operand(values), column)
            case _:
                _refuse("this operator is not in the language of expressions", column)

    def _logic(self, node: ast.BoolOp, depth: int) -> Run:
        column = self._column(node)
        parts = [self.compile(part, depth + 1) for part in node.values]
        if isinstance(node.op, ast.And):
            return lambda values: all(_truth(part(values), column) for part in parts)
        return lambda values: any(_truth(part(values), column) for part in parts)

    def _comparison(self, node: ast.Compare, depth: int) -> Run:
        first = self.compile(node.left, depth + 1)
        links = [self._link(op, right, depth) for op, right in zip(node.ops, node.comparators, strict=True)]
        if any(isinstance(op, ast.In | ast.NotIn) for op in node.ops[:-1]):
            _refuse("`in` can only be the last comparison of a chain", self._column(node))

        def run(values: Mapping[str, Value]) -> Value:
            left = first(values)
            for link in links:
                holds, left = link(left, values)
                if not holds:
                    return False
            return True

        return run

    def _link(self, op: ast.cmpop, right: ast.expr, depth: int) -> Callable[[Value, Mapping[str, Value]], tuple[bool, Value]]:
        column = self._column(right)
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.Tuple) or not right.elts:
                _refuse("`in` needs a list in parentheses: (1, 2) or (1,)", column)
            members = [self.compile(member, depth + 1) for member in right.elts]
            wanted = isinstance(op, ast.In)

            def among(left: Value, values: Mapping[str, Value]) -> tuple[bool, Value]:
                found = any(_compare(operator.eq, left, member(values), column) for member in members)
                return found == wanted, left

            return among
        compare = _COMPARISONS.get(type(op))
        if compare is None:
            _refuse("`is` is not in the language of expressions; write == or !=", column)
        operand = self.compile(right, depth + 1)

        def link(left: Value, values: Mapping[str, Value]) -> tuple[bool, Value]:
            value = operand(values)
            return _compare(compare, left, value, column), value

        return link

    def _choice(self, node: ast.IfExp, depth: int) -> Run:
        column = self._column(node.test)
        test, then, other = (self.compile(part, depth + 1) for part in (node.test, node.body, node.orelse))
        return lambda values: then(values) if _truth(test(values), column) else other(values)

    def _call(self, node: ast.Call, depth: int) -> Run:
        column = self._column(node)
        if not isinstance(node.func, ast.Name):
            _refuse("only a function's name can stand before parentheses", column)
        name = node.func.id
        if name not in self.functions:
            _refuse(f'unknown function "{name}"{did_you_mean(name, sorted(self.functions))}', column)
        if node.keywords:
            _refuse(f"{name}: arguments are given by place, not by name", column)
        function = self.functions[name]
        arguments = [self.compile(argument, depth + 1) for argument in node.args]
        _check_arguments(name, function, len(arguments), column)
        self.used_functions.add(name)

        def run(values: Mapping[str, Value]) -> Value:
            given = [argument(values) for argument in arguments]
            try:
                return _checked(function(*given), column, f"{name}(...)")
            except ExpressionError:
                raise
            except (ArithmeticError, ValueError, TypeError, LookupError) as error:
                raise ExpressionError(f"{name}: can't be computed: {error}", column=column) from error

        return run


def _check_arguments(name: str, function: Function, n: int, column: int) -> None:
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return  # written in C and without a signature: the call itself will tell
    try:
        signature.bind(*[0.0] * n)
    except TypeError as error:
        raise ExpressionError(f"{name}: {error}", column=column) from None


def _check_power(base: float, exponent: float, column: int) -> None:
    if base < 0 and not float(exponent).is_integer():
        _refuse("a negative number has no such power", column)
    if isinstance(base, int) and isinstance(exponent, int) and base.bit_length() * abs(exponent) > 2 * MAX_BITS:
        _refuse("the power is too large", column)


def _checked(value: object, column: int, what: str = "the result") -> Value:
    if isinstance(value, bool | str):
        if isinstance(value, str) and len(value) > MAX_FUNCTION_TEXT:
            _refuse(f"{what} is longer than {MAX_FUNCTION_TEXT:,} characters", column)
        return value
    if isinstance(value, int):
        if value.bit_length() > MAX_BITS:
            _refuse(f"{what} is too large", column)
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            _refuse(f"{what} is not a finite number", column)
        return value
    _refuse(f"{what} is neither a number, a truth value nor text", column)


def _number(value: Value, column: int) -> float:
    if isinstance(value, str):
        _refuse(f"{value[:40]!r} is text; a number is needed here", column)
    return value


def _truth(value: Value, column: int) -> bool:
    if not isinstance(value, bool):
        _refuse(f"{str(value)[:40]!r} is not a truth value; compare it with something", column)
    return value


def _compare(compare: Callable[[Value, Value], bool], left: Value, right: Value, column: int) -> bool:
    if isinstance(left, str) != isinstance(right, str):
        _refuse("text and a number can't be compared", column)
    return compare(left, right)
