from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.bank import Kind, item_text, parse_item
from bedside.reading import Source
from tests.support.items import CODES, OPTIONS, TAKEAWAYS, imported_text, item_of, numeric_text, reading_of, rules_of


def test_a_numeric_item_has_a_value_a_tolerance_a_unit_and_its_reason() -> None:
    text = numeric_text()
    item = item_of(text)

    assert (item.kind, item.options, item.key) == (Kind.NUMERIC, (), ())
    assert item.answer is not None
    assert (item.answer.value, item.answer.tolerance, item.answer.unit) == ("26", "2", "mm Hg")
    assert item.answer.explanation == "Winter's formula gives 1.5 times 12, plus 8."
    assert text.split("\n")[item.answer.line - 1] == "= 26 ± 2 mm Hg"
    assert item.lead_in == "What is the expected PaCO2, in mm Hg?"


@pytest.mark.parametrize(
    ("line", "value", "tolerance", "unit"),
    [
        ("= 7.35", "7.35", "0", ""),
        ("= 7.350 ± 0.020", "7.350", "0.020", ""),
        ("= −3.5 mEq/L", "-3.5", "0", "mEq/L"),
        ("= +3.5 +/- 1", "3.5", "1", ""),
        ("= 50%", "50", "0", "%"),
        ("= 50 ± 1 %", "50", "1", "%"),
        ("= 5 10^9/L", "5", "0", "10^9/L"),
        ("= 12±1 florps per moog", "12", "1", "florps per moog"),
        ("=    0.000000000000001   ", "0.000000000000001", "0", ""),
    ],
)
def test_an_answer_is_read_as_it_is_written(line: str, value: str, tolerance: str, unit: str) -> None:
    answer = item_of(numeric_text(f"{line}\n  : How it comes out.")).answer

    assert answer is not None
    assert (answer.value, answer.tolerance, answer.unit) == (value, tolerance, unit)


@pytest.mark.parametrize(
    "line", ["= about 7", "= 7,35", "= 1e5", "= 7.35 ± -1", "= .5", "= 5.", "= 7 ± 1 ± 2.", "= 1234567890123456", "= 7..3", "="]
)
def test_what_is_no_quantity_is_named(line: str) -> None:
    reading = reading_of(numeric_text(f"{line}\n  : How it comes out."))

    assert reading.item is None
    assert reading.findings[0].rule in {"broken-answer", "broken-option"}


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        ("= 7\n  : Why.\n= 8\n  : Why.", ["several-answers"]),
        ("Nothing", ["no-answer"]),
        (OPTIONS, ["wrong-kind"]),
        ("= 7", ["no-explanation"]),
        ("= 7\n  : Why.\n\nMore text", ["text-after-options"]),
        (" = 7\n  : Why.", ["broken-option", "no-answer"]),
        ("= 7\n  : Why.\n  : Again.", ["broken-option"]),
    ],
)
def test_a_numeric_item_that_is_not_written_as_the_format_says_is_named(options: str, rules: list[str]) -> None:
    reading = reading_of(numeric_text(options))

    assert [finding.rule for finding in reading.findings] == rules
    assert not reading.is_sound


def test_an_answer_in_an_item_with_options_is_no_answer() -> None:
    text = numeric_text().replace("kind: numeric\n", "")

    assert "too-few-options" in rules_of(text)


def test_an_imported_numeric_item_needs_no_explanation() -> None:
    assert rules_of(imported_text({"kind": "numeric"}, options="= 7.5 ± 0.1", lead_in="How many?")) == []


def test_the_underline_of_a_heading_is_no_answer() -> None:
    text = numeric_text().replace("A 24-year-old", "Heading\n=======\n\nA 24-year-old")

    assert item_of(text).stem.startswith("Heading\n=======")


@pytest.mark.parametrize(
    ("given_", "is_right"), [("24", True), ("28.00", True), ("28.01", False), ("23.999", False), ("many", False), ("", False)]
)
def test_both_ends_of_the_tolerance_count(given_: str, is_right: bool) -> None:
    assert item_of(numeric_text()).is_answered_by(given_) is is_right


def test_decimals_are_compared_exactly() -> None:
    item = item_of(numeric_text("= 0.3 ± 0.1\n  : How it comes out."))

    assert item.is_answered_by("0.4")  # in binary fractions 0.4 - 0.3 is more than 0.1
    assert item.is_answered_by("0.2")


def test_value_tolerance_unit_and_reason_are_part_of_the_meaning() -> None:
    answers = ("= 26 ± 2 mm Hg", "= 26.0 ± 2 mm Hg", "= 26 ± 1 mm Hg", "= 26 ± 2 kPa")
    hashes = {item_of(numeric_text(f"{answer}\n  : {why}")).content_hash for answer in answers for why in ("So.", "Thus.")}

    assert len(hashes) == 8


numbers = st.from_regex(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?", fullmatch=True).filter(lambda text: text != "-0")
units = st.sampled_from(["", "mm Hg", "%", "mEq/L", "10^9/L", "°C", "L/min/m²"])


@given(numbers, numbers.filter(lambda text: text[0] != "-"), units)
def test_what_is_written_reads_back_as_the_same_item(value: str, tolerance: str, unit: str) -> None:
    item = item_of(numeric_text(f"= {value} ± {tolerance} {unit}".rstrip() + "\n  : How\n    it comes out.\n\n    And why."))

    again = parse_item(Source("item.md", item_text(item)), codes=CODES, takeaways=TAKEAWAYS).item

    assert again is not None
    assert again.content_hash == item.content_hash
