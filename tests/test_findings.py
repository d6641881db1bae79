"""How findings are ordered and shown."""

from __future__ import annotations

from bedside.findings import Finding, Severity, describe, has_errors, in_order

LATE = Finding("b.md", 3, None, "vague-frequency", Severity.WARNING, "the option says «often»")
EARLY = Finding("a.md", 9, 4, "format", Severity.ERROR, 'unknown key "optons"')


def test_findings_are_in_order_of_place():
    assert in_order([LATE, EARLY]) == [EARLY, LATE]


def test_only_errors_are_errors():
    assert has_errors([LATE, EARLY])
    assert not has_errors([LATE])


def test_the_human_form_shows_the_line_and_points_at_the_column():
    assert describe(EARLY, lambda file, line: "   optons: 3") == (
        'a.md:9:4: error [format] unknown key "optons"\n       optons: 3\n       ^'
    )


def test_without_a_line_to_show_the_human_form_is_one_line():
    assert describe(LATE, lambda file, line: None) == "b.md:3: warning [vague-frequency] the option says «often»"


def test_the_json_form_has_every_field():
    assert EARLY.as_dict() == {
        "file": "a.md",
        "line": 9,
        "column": 4,
        "rule": "format",
        "severity": "error",
        "text": 'unknown key "optons"',
    }
