"""Each rule of a programme file is provoked once, with its place; sound neighbours provoke none."""

from __future__ import annotations

import pytest

from bedside.findings import Severity
from bedside.programme import RULES
from tests.programme.builder import SMALL, read, rules, sound, spoilt

FULL = "sources: [page], as_of: 2026-01-01, confidence: low"  # of the fee
RECORD = "sources: [page], as_of: 2026-01-01, confidence: high"
TWICE = 'name: subject, title: "Again", is_partition: false, codes: {x: "X"}'
NUMERIC = f'id: kind.x, code: x, title: "X", form: numeric, {RECORD}'

# what is replaced, by what, the rule it offends, the line of the finding counted from the replaced text's line
OFFENCES = [
    ("checked_on:", "extra: 1\nchecked_on:", "programme-format", 0),
    (FULL, FULL.replace("page", "pag"), "unknown-source", 0),
    ("sources:\n  page:", "sources:\n  spare: {title: \"Spare\", kind: none}\n  page:", "unused-source", 1),
    ("name: small", "name: smaller", "name-differs", 0),
    ("id: range.rest", "id: range.heart", "duplicate-id", 0),
    ("      - name: subject", f"      - {{{TWICE}}}\n      - name: subject", "duplicate-name", 1),
    ("currency: USD, steps: [one]", "currency: USD, steps: [two]", "unknown-step", 0),
    ("step: one, period", "step: two, period", "unknown-step", 0),
    ("rates: {everyone:", "rates: {nobody:", "unknown-group", 0),
    ("group: everyone, mean", "group: nobody, mean", "unknown-group", 0),
    ("kind: raw_score, score: 21", "kind: raw_score, group: nobody, score: 21", "unknown-group", 0),
    ("items_max: 40, section: a", "items_max: 40, section: b", "unknown-section", 0),
    ("parts: [{section: a,", "parts: [{section: b,", "unknown-section", 0),
    ("kind: single, items: 40", "kind: double, items: 40", "unknown-kind", 0),
    ("kinds: [single]", "kinds: [single, double]", "unknown-kind", 0),
    ("    forms:", f"      - {{{NUMERIC}}}\n    forms:", "kind-without-marking", 0),
    ("score: 21, valid_from: 2026-01-01", "score: 21, valid_from: 2026-01-01, valid_to: 2025-12-31", "dates-reversed", 0),
    ("valid_to: 2026-05-13", "valid_to: 2026-05-14", "dates-overlap", 9),
    ("valid_to: 2025-12-31", "valid_to: 2026-01-01", "dates-overlap", 1),
    ("covers: [lung, kidney]", "covers: [lung, kidney, liver]", "range-unknown-code", 0),
    ("label: \"Heart\", low: 40", "label: \"Heart\", low: 70", "range-reversed", 0),
    ("items_min: 18, items_max: 20", "items_min: 21, items_max: 20", "range-reversed", 0),
    ("covers: [lung, kidney]", "covers: [lung, kidney, heart]", "code-covered-twice", 0),
    ("covers: [lung, kidney]", "covers: [lung]", "code-without-range", -3),
    ("label: \"Heart\", low: 40", "label: \"Heart\", low: 60", "midpoints", -1),
    ("kind: single, items: 40", "kind: single, items: 39", "parts-arithmetic", 0),
    ("items_max: 38", "items_max: 41", "items-arithmetic", 0),
    ("items_max: 38", "items_max: 35", "items-arithmetic", 0),
    ("items_max: 38", "items_scored: 35\n        items_pretest: 4", "items-arithmetic", 0),
    ("break_minutes: 10", "break_minutes: 11", "session-arithmetic", 2),
    ("after_block: 1, minutes: 15", "after_block: 3, minutes: 15", "break-after-nothing", 0),
    ("oral: 0.4", "oral: 0.5", "shares-sum", 0),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "rule", "below"), OFFENCES, ids=[f"{o[2]}-{i}" for i, o in enumerate(OFFENCES)])
def test_an_offence_is_found_where_it_stands(old: str, new: str, rule: str, below: int) -> None:
    programme, findings = read(spoilt(old, new))

    line = SMALL[: SMALL.index(old)].count("\n") + 1 + below
    found = [finding for finding in findings if finding.rule == rule]
    assert [finding.line for finding in found][:1] == [line]
    assert found[0].severity is RULES[rule].severity
    assert (programme is None) == any(finding.severity is Severity.ERROR for finding in findings)


def test_every_rule_is_provoked() -> None:
    assert {offence[2] for offence in OFFENCES} == set(RULES)


def test_the_small_programme_offends_against_nothing() -> None:
    assert sound().name == "small"


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("as_of: 2026-01-01, confidence: low", 'missing key "sources"'),
        ("sources: [], as_of: 2026-01-01, confidence: low", "should have at least one"),
        ("sources: [page], confidence: low", 'missing key "as_of"'),
        ("sources: [page], as_of: 2026-01-01", 'missing key "confidence"'),
    ],
)
def test_a_record_without_source_day_or_confidence_is_refused(record: str, text: str) -> None:
    programme, findings = read(spoilt(FULL, record))

    assert programme is None
    assert rules(findings) == ["programme-format"]
    assert text in findings[0].text
    assert findings[0].line == SMALL[: SMALL.index(FULL)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("valid_to: 2026-05-13", "valid_to: 13/05/2026", "a day written as 2026-05-14"),
        ("valid_to: 2026-05-13", "valid_to: 2026-02-30", "not a day of the calendar"),
        ("minutes: 60", "minutes: \"60\"", "valid integer"),
        ("minutes: 60", "minutes: -1", "greater than or equal to 0"),
        ("correct: 1", "correct: true", "should be a number"),
        ("is_partition: true", "is_partition: 1", "valid boolean"),
        ("percent: 55.5", "percent: 155.5", "less than or equal to 100"),
        ("confidence: low", "confidence: sure", "'high', 'medium' or 'low'"),
        ("currency: USD", "currency: dollars", "pattern"),
        ("schema: programme/1", "schema: programme/2", "'programme/1'"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_one_finding_with_its_column(old: str, new: str, text: str) -> None:
    spoilt_text = spoilt(old, new)
    programme, findings = read(spoilt_text)

    assert programme is None
    assert len(findings) == 1
    assert text in findings[0].text
    line = spoilt_text.splitlines()[findings[0].line - 1]
    assert findings[0].column == line.index(new.split(": ", 1)[1]) + 1


@pytest.mark.parametrize("text", ["", "[]", "just text", "42", "sources: 3", "sources: {a: 1}\nsteps: 4"])
def test_what_is_no_programme_at_all_gives_findings(text: str) -> None:
    programme, findings = read(text)

    assert programme is None
    assert findings


def test_a_key_given_twice_keeps_the_programme_out() -> None:
    programme, findings = read(SMALL + "checked_on: 2026-11-23\n")

    assert programme is None
    assert rules(findings) == ["duplicate-key"]


def test_a_session_published_as_approximate_need_not_add_up() -> None:
    sound(spoilt("session_minutes: 75", "session_minutes: 80\n        session_is_approximate: true"))


def test_a_session_with_an_unknown_part_is_not_summed() -> None:
    sound(spoilt("break_minutes: 10", "break_minutes: unknown"))


def test_forms_of_an_unknown_day_overlap_with_nothing() -> None:
    sound(spoilt("valid_to: 2026-05-13", "valid_from: unknown\n        valid_to: 2026-06-01"))


def test_an_axis_that_is_no_partition_is_never_summed() -> None:
    text = spoilt("is_partition: true", "is_partition: false")

    sound(spoilt('label: "Heart", low: 40, high: 60', 'label: "Heart", low: 90, high: 100', text=text))
