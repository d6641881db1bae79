from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bedside.cases.durations import MAX_S, UNITS_S, Duration, Span, format_duration, parse_duration
from bedside.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0m", 0),
        ("45s", 45),
        ("90m", 5_400),
        ("2h30m", 9_000),
        ("1d2h3m4s", 93_784),
        ("2w", 1_209_600),
        ("24y", 24 * 31_557_600),
        ("1050m", 63_000),
    ],
)
def test_a_duration_is_the_sum_of_its_parts(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "m", "30min", "2h 30m", "30m2h", "1h1h", "-5m", "1.5h", "2H", "٣m", "5m\n", "1mo"])
def test_what_is_no_duration_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(UsageError, match="is not a duration; write whole numbers with their unit"):
        parse_duration(text)


def test_a_duration_longer_than_a_life_is_refused() -> None:
    assert parse_duration("150y") == MAX_S
    with pytest.raises(UsageError, match="longer than 150 years"):
        parse_duration("150y1s")


@given(st.integers(0, MAX_S))
def test_what_is_written_reads_back_as_the_same_seconds(seconds: int) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


@given(st.integers(0, MAX_S))
def test_no_part_is_as_large_as_the_unit_above_it(seconds: int) -> None:
    parts = re.findall(r"([0-9]+)([a-z])", format_duration(seconds))

    above = dict(zip(list(UNITS_S)[1:], UNITS_S.values(), strict=False))
    assert all(int(number) * UNITS_S[unit] < above[unit] for number, unit in parts if unit in above)


def test_a_negative_duration_is_not_written() -> None:
    with pytest.raises(UsageError, match="negative"):
        format_duration(-1)


def test_a_field_takes_text_only_and_a_span_takes_no_zero() -> None:
    assert TypeAdapter(Duration).validate_python("0m") == 0
    for value in (30, 0, True, None, 1.5):
        with pytest.raises(ValidationError, match="is not a duration"):
            TypeAdapter(Duration).validate_python(value)
    with pytest.raises(ValidationError, match="greater than 0"):
        TypeAdapter(Span).validate_python("0m")
