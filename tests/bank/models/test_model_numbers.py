"""Numbers and words as a person writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.bank.models.functions import FUNCTIONS, half_away
from bedside.bank.models.shapes import Shape, ShapeError, Sort, shape_of
from bedside.bank.models.template import number_text, read_template
from bedside.expressions import Value, compile_expression

NAMES = {
    "n": Shape(Sort.NUMBER, 0),
    "ph": Shape(Sort.NUMBER, 2),
    "part": Shape(Sort.NUMBER),
    "dose": Shape(Sort.NUMBER, 1, as_written=True),
    "word": Shape(Sort.TEXT),
    "yes": Shape(Sort.TRUTH),
    "cause_drug": Shape(Sort.TEXT),
}


def _filled(text: str, **values: Value) -> str:
    template, problems = read_template(text, NAMES)
    assert problems == []
    return template.filled(values)


def _computed(text: str, **values: Value) -> Value:
    return compile_expression(text, names=values, functions=FUNCTIONS).evaluate(values)


@pytest.mark.parametrize(
    ("text", "values", "shown"),
    [
        ("{ph}", {"ph": 7.1}, "7.10"),
        ("{ph:.1f}", {"ph": 7.25}, "7.3"),
        ("{part:.1f}", {"part": 0.1 + 0.2}, "0.3"),
        ("{part:.2f}", {"part": 1.005}, "1.01"),
        ("{part:.0f}", {"part": -0.4}, "0"),
        ("{part:.1f}", {"part": -0.04}, "0.0"),
        ("{part:.0f}", {"part": -2.5}, "-3"),
        ("{dose}", {"dose": 0.5}, "0.5"),
        ("{dose}", {"dose": 12.0}, "12"),
        ("{dose}", {"dose": 1000.0}, "1000"),
        ("{dose:,}", {"dose": 1000.0}, "1,000"),
        ("{n:,}", {"n": 1234567}, "1,234,567"),
        ("{part:,.1f}", {"part": 1234.56}, "1,234.6"),
        ("{n:a}-year-old", {"n": 40}, "a 40-year-old"),
        ("{n:A}-year-old", {"n": 82}, "An 82-year-old"),
        ("{n:A}", {"n": 11}, "An 11"),
        ("{n:A}", {"n": 18}, "An 18"),
        ("{n:A}", {"n": 110}, "A 110"),
        ("{n:A}", {"n": 180}, "A 180"),
        ("{word:a}", {"word": "infusion"}, "an infusion"),
        ("{word:a}", {"word": "uniform dose"}, "a uniform dose"),
        ("{word:a}", {"word": "hour"}, "an hour"),
        ("{word:capital}", {"word": "he"}, "He"),
        ("{cause.drug} and {{this}}", {"cause_drug": "gentamicin"}, "gentamicin and {this}"),
    ],
)
def test_a_value_is_shown_as_a_person_writes_it(text: str, values: dict[str, Value], shown: str) -> None:
    assert _filled(text, **values) == shown


@pytest.mark.parametrize(
    "text", ["{part}", "{yes}", "{n:d}", "{n:.99f}", "{n:capital}", "{word:,}", "{", "}", "{}", "{no}", "{n!r}"]
)
def test_a_place_that_does_not_fit_is_told_and_left_as_it_is(text: str) -> None:
    template, problems = read_template(text, NAMES)

    assert len(problems) == 1
    assert template.filled({}) == text


@given(number=st.decimals(-10_000, 10_000, places=6), decimals=st.integers(0, 5))
def test_rounding_is_half_away_from_zero_in_decimals(number: Decimal, decimals: int) -> None:
    meant = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    assert half_away(float(number), decimals) == float(meant)
    assert number_text(float(number), decimals) == (f"{abs(meant):f}" if meant == 0 else f"{meant:f}")


@given(number=st.floats(-1e9, 1e9))
def test_a_number_as_written_reads_back_and_has_no_exponent(number: float) -> None:
    text = number_text(number, None)

    assert "e" not in text.lower()
    assert float(text) == pytest.approx(number, rel=1e-11, abs=1e-300)
    assert text != "-0"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(0.145 * 100)", 15),
        ("round(2.675, 2)", 2.68),
        ("floor(0.1 * 3 * 10)", 3),
        ("ceil(0.1 * 3 * 10)", 3),
        ("floor(-1.5)", -2),
        ("choose(5, 2)", 10),
        ("round(normal_cdf(1.96), 3)", 0.975),
        ("round(log10(1000))", 3),
    ],
)
def test_functions_answer_as_people_compute(text: str, value: float) -> None:
    assert _computed(text) == value


@pytest.mark.parametrize("text", ["round(1, 11)", "round(1, 0.5)", "choose(5.5, 2)", "choose(501, 2)", "log(0)", "sqrt(0 - 1)"])
def test_functions_outside_their_domain_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        _computed(text)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("n + 1", Shape(Sort.NUMBER, 0)),
        ("ph - 0.125", Shape(Sort.NUMBER, 3)),
        ("ph * ph", Shape(Sort.NUMBER, 4)),
        ("ph / 2", Shape(Sort.NUMBER)),
        ("round(part)", Shape(Sort.NUMBER, 0)),
        ("round(part, 3)", Shape(Sort.NUMBER, 3)),
        ("round(part, n)", Shape(Sort.NUMBER)),
        ("max(n, ph)", Shape(Sort.NUMBER, 2)),
        ("exp(n)", Shape(Sort.NUMBER)),
        ("n if ph > 7 else ph", Shape(Sort.NUMBER, 2)),
        ('"a" if n > 1 else word', Shape(Sort.TEXT)),
        ("n > 1 and not yes", Shape(Sort.TRUTH)),
        ("(n > 1) + (ph > 7)", Shape(Sort.NUMBER, 0)),
        ("-dose", Shape(Sort.NUMBER, 1)),
        ("word in (\"a\", 'b')", Shape(Sort.TRUTH)),
    ],
)
def test_what_an_expression_answers_is_known_beforehand(text: str, shape: Shape) -> None:
    assert shape_of(text, NAMES) == shape


@pytest.mark.parametrize(
    "text",
    ["word + 1", "word > 1", "word in (1, 2)", "n if ph else 1", "n and yes", '"a" if yes else 1', "round(word)", "-word"],
)
def test_kinds_that_do_not_go_together_are_found_without_computing(text: str) -> None:
    with pytest.raises(ShapeError):
        shape_of(text, NAMES)


@given(a=st.integers(-500, 500), b=st.integers(1, 500), c=st.floats(-9, 9).map(lambda x: round(x, 2)))
def test_decimals_that_are_known_lose_nothing(a: int, b: int, c: float) -> None:
    names = {"a": Shape(Sort.NUMBER, 0), "b": Shape(Sort.NUMBER, 0), "c": Shape(Sort.NUMBER, 2)}
    for text in ("a + c", "a * c", "c - b", "max(a, c)", "round(c, 1) * b", "a // b", "abs(c) + 0.125"):
        value = _computed(text, a=a, b=b, c=c)
        decimals = shape_of(text, names).decimals
        assert not isinstance(value, str)
        assert float(number_text(value, decimals)) == pytest.approx(value, abs=1e-9)
