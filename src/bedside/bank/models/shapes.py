"""What an expression answers, told without computing it: number, text or truth value, and how many decimals a number has.

A number whose decimals are known prints as a person writes it, and needs no format where it stands in a text.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bedside.bank.models.functions import MOST_DECIMALS, exact
from bedside.expressions import Value


class Sort(StrEnum):
    """What a value is."""

    NUMBER = "a number"
    TEXT = "text"
    TRUTH = "a truth value"


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a number: `decimals` are those it is printed with, None where nothing tells; `as_written` prints each as it is."""

    sort: Sort
    decimals: int | None = None
    as_written: bool = False


class ShapeError(ValueError):
    """Kinds that do not go together; the message says which."""


NUMBER = Shape(Sort.NUMBER)
TEXT = Shape(Sort.TEXT)
TRUTH = Shape(Sort.TRUTH)


def shape_of_values(values: list[Value]) -> Shape:
    """The shape of what stands in a file: each is printed as it was written.

    Raises:
        ShapeError: text among numbers.
    """
    n_texts = sum(isinstance(value, str) for value in values)
    if n_texts == len(values):
        return TEXT
    if n_texts:
        raise ShapeError("text and numbers stand side by side; write all as numbers, or all in quotes")
    decimals = max(decimals_of(exact(value)) for value in values if not isinstance(value, str))
    return Shape(Sort.NUMBER, decimals, as_written=True)


def decimals_of(number: Decimal) -> int:
    """How many decimals a number is written with, without zeros at the end."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def shape_of(text: str, names: Mapping[str, Shape]) -> Shape:
    """The shape of a compiled expression's value.

    Raises:
        ShapeError: text where a number is needed, or compared with one; a truth value where there must be none, or none.
    """
    return _shape(ast.parse(" ".join(text.split()), mode="eval").body, names)


def _shape(node: ast.expr, names: Mapping[str, Shape]) -> Shape:
    match node:
        case ast.Constant(value=bool()):
            return TRUTH
        case ast.Constant(value=str()):
            return TEXT
        case ast.Constant(value=int() | float() as value):
            return Shape(Sort.NUMBER, decimals_of(exact(value)))
        case ast.Name(id=name):
            known = names[name]
            return Shape(known.sort, known.decimals)
        case ast.BinOp():
            return _arithmetic(node, names)
        case ast.UnaryOp(op=ast.Not()):
            return TRUTH
        case ast.UnaryOp(operand=operand):
            return _number(operand, names)
        case ast.BoolOp(values=parts):
            for part in parts:
                _truth(part, names)
            return TRUTH
        case ast.Compare():
            _comparison(node, names)
            return TRUTH
        case ast.IfExp(test=test, body=then, orelse=other):
            _truth(test, names)
            return _either(_shape(then, names), _shape(other, names))
        case ast.Call():
            return _call(node, names)
        case _:
            return NUMBER  # nothing else is in the language


def _arithmetic(node: ast.BinOp, names: Mapping[str, Shape]) -> Shape:
    left, right = _number(node.left, names), _number(node.right, names)
    if left.decimals is None or right.decimals is None:
        return NUMBER
    match node.op:
        case ast.Add() | ast.Sub() | ast.Mod():
            return Shape(Sort.NUMBER, max(left.decimals, right.decimals))
        case ast.Mult():
            decimals = left.decimals + right.decimals
            return Shape(Sort.NUMBER, decimals) if decimals <= MOST_DECIMALS else NUMBER
        case ast.FloorDiv():
            return Shape(Sort.NUMBER, 0)
        case _:
            return NUMBER


def _comparison(node: ast.Compare, names: Mapping[str, Shape]) -> None:
    left = _shape(node.left, names)
    for right in node.comparators:
        for operand in right.elts if isinstance(right, ast.Tuple) else (right,):
            shape = _shape(operand, names)
            if (left.sort is Sort.TEXT) != (shape.sort is Sort.TEXT):
                raise ShapeError(f"{_said(node.left, left)} is compared with {_said(operand, shape)}")


def _call(node: ast.Call, names: Mapping[str, Shape]) -> Shape:
    arguments = [_number(argument, names) for argument in node.args]
    match node.func.id if isinstance(node.func, ast.Name) else "":
        case "floor" | "ceil" | "choose":
            return Shape(Sort.NUMBER, 0)
        case "round":
            return _rounded(node, names)
        case "abs" | "min" | "max" if all(argument.decimals is not None for argument in arguments):
            return Shape(Sort.NUMBER, max((argument.decimals or 0 for argument in arguments), default=0))
        case _:
            return NUMBER


def _rounded(node: ast.Call, names: Mapping[str, Shape]) -> Shape:
    if len(node.args) == 1:
        return Shape(Sort.NUMBER, 0)
    match node.args[1]:
        case ast.Constant(value=int() as decimals):
            return Shape(Sort.NUMBER, decimals)
        case _:
            return NUMBER


def _either(one: Shape, other: Shape) -> Shape:
    if one.sort is not other.sort:
        raise ShapeError(f"it is {one.sort.value} in one case and {other.sort.value} in the other")
    if one.decimals is None or other.decimals is None:
        return Shape(one.sort)
    return Shape(one.sort, max(one.decimals, other.decimals))


def _number(node: ast.expr, names: Mapping[str, Shape]) -> Shape:
    shape = _shape(node, names)
    if shape.sort is Sort.TEXT:
        raise ShapeError(f"{_said(node, shape)} where a number is needed")
    return Shape(Sort.NUMBER, 0) if shape.sort is Sort.TRUTH else shape


def _truth(node: ast.expr, names: Mapping[str, Shape]) -> None:
    shape = _shape(node, names)
    if shape.sort is not Sort.TRUTH:
        raise ShapeError(f"{_said(node, shape)} where a truth value is needed; compare it with something")


def _said(node: ast.expr, shape: Shape) -> str:
    return f"`{ast.unparse(node)[:40]}` is {shape.sort.value}"
