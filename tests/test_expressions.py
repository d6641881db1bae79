"""The expression language: what it can say, what it refuses, and that nothing else ever comes out of it."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import ExpressionError, UsageError
from bedside.expressions import MAX_DEPTH, MAX_LENGTH, Function, Value, compile_expression

FUNCTIONS: dict[str, Function] = {"min": min, "round": round, "sqrt": math.sqrt, "active": lambda name: name == "insulin"}
NAMES = ("x", "y", "ph", "rhythm", "insulin", "dextrose", "glucose")


def value_of(text: str, **values: Value) -> Value:
    return compile_expression(text, names=NAMES, functions=FUNCTIONS).evaluate(values)


def refusal_of(text: str, **values: Value) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        value_of(text, **values)
    return caught.value


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("1 + 2 * 3", {}, 7),
        ("-2 ** 2", {}, -4),
        ("7 // 2 - 7 % 4", {}, 0),
        ("0 < x <= 10", {"x": 10}, True),
        ("0 < x < y < 3", {"x": 1, "y": 3}, False),
        ("x == 1 or y == 1", {"x": 1, "y": 0}, True),
        ("not (x > 1 and y > 1)", {"x": 2, "y": 0}, True),
        ('"severe" if ph < 7.0 else "moderate" if ph < 7.24 else "mild"', {"ph": 7.1}, "moderate"),
        ("rhythm in ('vt', 'vf')", {"rhythm": "vf"}, True),
        ("x not in (1, 2)", {"x": 3}, True),
        ("0 < x in (1, 2)", {"x": 2}, True),
        ("(x > 1) + (y > 1) + True", {"x": 2, "y": 2}, 3),
        ("min(x, y, 3) + round(2.5)", {"x": 5, "y": 4}, 5),
        ("glucose <= 250 and active(insulin)", {"glucose": 240, "insulin": "insulin"}, True),
        ("2 ** 64", {}, 2**64),
        ("1e3 + .5 + 2.", {}, 1002.5),
        ("  1 +\n\t2  ", {}, 3),
        ("'café' == 'café'", {}, True),
    ],
)
def test_an_expression_of_the_language_has_the_value_it_has_in_python(
    text: str, values: Mapping[str, Value], expected: Value
) -> None:
    assert value_of(text, **values) == expected


def test_an_expression_tells_which_names_and_functions_it_uses() -> None:
    expression = compile_expression("min(x, 2) + x * y", names=NAMES, functions=FUNCTIONS)

    assert expression.names == {"x", "y"}
    assert expression.functions == {"min"}


def test_only_the_branch_that_is_chosen_is_computed() -> None:
    assert value_of("1 / x if x != 0 else 0", x=0) == 0
    assert value_of("x != 0 and 1 / x > 1", x=0) is False


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("x.real", "not in the language"),
        ("x[0]", "not in the language"),
        ("[x for x in y]", "not in the language"),
        ("min(x for x in (1, 2))", "a loop is not in the language"),
        ("lambda: x", "not in the language"),
        ("lambda", "can't be read"),
        ("(y := 2)", "not in the language"),
        ("f'{x}'", "not in the language"),
        ("b'x'", "not in the language"),
        ("'a' 'b' 'c\\n'", "not in the language"),
        ("x; y", "not in the language"),
        ("x = 1", "not in the language"),
        ("{1}", "not in the language"),
        ("1j", "not in the language"),
        ("0x10", "not in the language"),
        ("1_000", "not in the language"),
        ("1if x else 2", "not in the language"),
        ("x @ y", "not in the language"),
        ("x & y", "not in the language"),
        ("~x", "not in the language"),
        ("x # y", "not in the language"),
        ("é", "not in the language"),
        ("None", "None is not in the language"),
        ("x is y", "`is` is not"),
        ("yield", "can't be read"),
        ("(1, 2)", "a list in parentheses"),
        ("x in y", "needs a list"),
        ("x in ()", "needs a list"),
        ("x in (1, 2) == True", "can only be the last"),
        ("min(*(1, 2))", "a star before an argument"),
        ("min(x)(y)", "only a function's name"),
        ("x and", "can't be read"),
        ("(x", "can't be read"),
        ("007", "can't be read"),
        ("1e999", "not a finite number"),
        ("glucos > 1", 'unknown name "glucos"; did you mean "glucose"?'),
        ("min > 1", "it is a function"),
        ("mim(1, 2)", 'unknown function "mim"; did you mean "min"?'),
        ("__import__('os')", 'unknown function "__import__"'),
        ("active()", "active: missing"),
        ("active(1, 2)", "active: too many"),
        ("x" + " + 1" * 2 * MAX_DEPTH, "nested deeper"),
        ("(" * 300 + "x" + ")" * 300, "can't be read"),
        ("x" * (MAX_LENGTH + 1), "longer than"),
    ],
)
def test_what_is_outside_the_language_is_refused_when_it_is_compiled(text: str, part: str) -> None:
    with pytest.raises(ExpressionError, match=r"^column \d+: ") as caught:
        compile_expression(text, names=NAMES, functions=FUNCTIONS)

    assert part in caught.value.text
    assert caught.value.column >= 1
    assert isinstance(caught.value, UsageError)


def test_a_call_by_keyword_is_refused() -> None:
    # `=` itself is not a token, so that no assignment and no keyword gets as far as the parser
    assert "not in the language" in refusal_of("round(2.55, ndigits=1)").text


@pytest.mark.parametrize(
    ("text", "values", "part"),
    [
        ("x / y", {"x": 1, "y": 0}, "division by zero"),
        ("x % y", {"x": 1, "y": 0}, "division by zero"),
        ("x ** -1", {"x": 0}, "division by zero"),
        ("9 ** 9 ** 9", {}, "the power is too large"),
        ("x ** y", {"x": 10.0, "y": 400}, "too large"),
        ("x * x", {"x": 1e200}, "not a finite number"),
        ("x * x", {"x": 2**400}, "too large"),
        ("x ** 0.5", {"x": -1}, "no such power"),
        ("sqrt(x)", {"x": -1}, "sqrt: can't be computed"),
        ("x + 1", {"x": "a"}, "is text"),
        ("'a' * 3", {}, "is text"),
        ("-x", {"x": "a"}, "is text"),
        ("x == 'a'", {"x": 1}, "can't be compared"),
        ("x in ('a', 'b')", {"x": 1}, "can't be compared"),
        ("x and y", {"x": 1, "y": True}, "not a truth value"),
        ("1 if x else 2", {"x": 3}, "not a truth value"),
        ("not x", {"x": 0}, "not a truth value"),
        ("x", {}, '"x" has no value'),
        ("x", {"x": math.nan}, "x is not a finite number"),
        ("x", {"x": None}, "x is neither"),
        ("x", {"x": "a" * 2000}, "longer than"),
    ],
)
def test_what_cannot_be_computed_is_refused_when_it_is_evaluated(text: str, values: Mapping[str, Value], part: str) -> None:
    assert part in refusal_of(text, **values).text


def test_a_function_that_answers_something_else_is_refused() -> None:
    answers_a_list: Any = lambda: [1]  # noqa: E731
    expression = compile_expression("f()", names=(), functions={"f": answers_a_list})

    with pytest.raises(ExpressionError, match="neither a number"):
        expression.evaluate({})


@pytest.mark.parametrize(
    ("text", "column"),
    [("1 + glucos", 5), ("   glucos", 4), ("x +\n glucos", 6), ("'é' == glucos", 8), ("1 + @", 5), ("(x", 1)],
)
def test_an_error_names_the_column(text: str, column: int) -> None:
    assert refusal_of(text, x=1).column == column


def test_an_expression_can_be_evaluated_by_many_threads_at_once() -> None:
    expression = compile_expression("x * x + 1", names=NAMES, functions={})
    results: dict[int, Value] = {}
    threads = [threading.Thread(target=lambda n=n: results.__setitem__(n, expression.evaluate({"x": n}))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == {n: n * n + 1 for n in range(20)}


LIMITS = ("too large", "division by zero", "no such power", "finite", "nested deeper", "longer than")
WORDS = re.findall(r"\S+", """0 1 2.5 1e9 99999 'a' "b" ( ) , + - * / // % ** < <= == != in not and or if else""")
WORDS += ["is", "lambda", "for", "None", "True", "await", " ", "\n", "\ud800", ":=", "=", ".", "[", "f'"]

numbers = st.one_of(st.integers(-50, 50), st.floats(-50, 50, allow_nan=False).map(lambda f: round(f, 3)))
leaves = st.one_of(numbers.map(repr), st.sampled_from(["x", "y", "True", "False"]))
arithmetic = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "**"]), inner).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        st.tuples(inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"(-{t})"),
        st.tuples(inner, inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} < {t[2]} else {t[3]})"),
        st.tuples(inner, inner).map(lambda t: f"min({t[0]}, {t[1]})"),
    ),
    max_leaves=12,
)


@given(text=arithmetic, x=numbers, y=numbers)
def test_arithmetic_agrees_with_python(text: str, x: float, y: float) -> None:
    ours = attempt(text, x=x, y=y)
    if isinstance(ours, ExpressionError):
        assert any(limit in ours.text for limit in LIMITS)
        return
    python = eval(text, {"__builtins__": {}, "min": min}, {"x": x, "y": y})

    assert ours == python
    assert type(ours) is type(python)


@given(st.text(max_size=60))
def test_random_text_raises_nothing_but_expression_errors(text: str) -> None:
    check(text)


@given(
    st.lists(
        st.sampled_from(
            [*NAMES, *FUNCTIONS, *WORDS],
        ),
        max_size=40,
    )
)
def test_random_tokens_raise_nothing_but_expression_errors(tokens: list[str]) -> None:
    check(" ".join(tokens))


@given(st.sampled_from(["(", "-", "+", "not", "min(", "x+", "2**", "x<"]), st.integers(1, 400))
def test_deep_nesting_raises_nothing_but_expression_errors(opening: str, times: int) -> None:
    check((opening + " ") * times + "x")
    check((opening + " ") * times + "x" + ")" * (times * opening.count("(")))


def attempt(text: str, **values: Value) -> Value | ExpressionError:
    try:
        return value_of(text, **values)
    except ExpressionError as error:
        return error


def check(text: str) -> None:
    values: dict[str, Value] = {"x": 3, "y": 0, "ph": 7.4, "rhythm": "vt", "insulin": "insulin", "glucose": 1e300}
    result = attempt(text, **values)
    if isinstance(result, ExpressionError):
        assert 1 <= result.column <= len(text) + 1
        return
    assert isinstance(result, int | float | bool | str)
    assert not isinstance(result, float) or math.isfinite(result)
    assert value_of(text, **values) == result  # the same again: nothing in it depends on anything else
