"""Files that mean harm, or mean nothing: all that comes of them is findings."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bedside.bank import MemberError, check_model, make_member, parse_model
from bedside.errors import ReadError
from bedside.reading import Source
from tests.support.items import CODES, TAKEAWAYS
from tests.support.models import PARTS, model_text

VALUES = (
    "",
    "0",
    "-1",
    "1e999",
    "999999999999999999",
    "[]",
    "{}",
    "[[[]]]",
    "{a: {b: c}}",
    "null",
    "true",
    '"{"',
    '"{age.__class__}"',
    '"{age!r:>9999}"',
    '"' + "{{" * 900 + '"',
    "\n  - {}",
    "\n  - 3",
    "\n  age: {from: 0, to: 1e300, step: 1e-300}",
    "\n  age: {from: 1e999, to: 2, step: 1}",
    "\n  age: {from: 0, to: 999999999999, step: 0.0000000001}",
    "\n  age: {from: __import__('os'), to: 2, step: 1}",
    "\n  age: {choose: [1e999, 2]}",
    "\n  age: {rows: [[], {}]}",
    "\n  age: {rows: [{}, {}]}",
    "\n  age: {rows: [{'': 1}, {'': 2}]}",
    "\n  expected: 9 ** 9 ** 9",
    "\n  expected: " + "(" * 200 + "1" + ")" * 200,
    "\n  expected: exp(700) * exp(700)",
    "\n  expected: round(10 ** 150)",
)


def _judged(text: str) -> None:
    try:
        reading = parse_model(Source("model.yaml", text), codes=CODES, takeaways=TAKEAWAYS)
    except ReadError:
        return
    assert reading.model is not None or any(finding.text for finding in reading.findings)
    for finding in reading.findings:
        assert 1 <= finding.line <= text.count("\n") + 2
    if reading.model is None:
        return
    for seed in (1, 2, 3):
        try:
            make_member(reading.model, seed)
        except MemberError as error:
            assert error.text
    check_model(reading.model, analytes=None, n=3)


@pytest.mark.parametrize("key", PARTS)
def test_a_hostile_value_of_any_key_is_a_finding_or_harmless(key: str) -> None:
    for value in VALUES:
        _judged(model_text(**{key: value}))


@given(data=st.data())
def test_a_file_with_lines_taken_out_twice_or_cut_is_read_without_falling(data: st.DataObject) -> None:
    lines = model_text().split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(("out", "twice", "cut"))):
            case "out":
                del lines[place : place + 1]
            case "twice":
                lines.insert(place, lines[place])
            case _:
                lines[place] = lines[place][: data.draw(st.integers(0, 60))]
        lines = lines or [""]
    _judged("\n".join(lines))


@given(text=st.text(alphabet="{}:.,ageAfn_09 %", max_size=40))
@example(text="{age:.10f}")
@example(text="{bicarbonate:,.3f}{{{age}}}")
def test_any_text_in_a_place_for_text_is_read_without_falling(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    _judged(model_text(stem=f'"X {quoted} {{age}} {{person}} {{cause.history}}"'))
