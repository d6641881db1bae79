"""Members by the hundred: each thing that can be wrong with a model is found, and a sound one is left alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bedside.bank import ModelReport, check_model
from bedside.findings import Severity
from tests.support.models import CATEGORICAL, KINDS, PARTS, categorical, model_of


def _report(**changes: str | None) -> ModelReport:
    return check_model(model_of(**changes), analytes=None, n=150)


def _rules(report: ModelReport) -> dict[str, Severity]:
    return {finding.rule: finding.severity for finding in report.findings}


def test_sound_models_have_no_error_and_are_counted() -> None:
    report = _report()

    assert Severity.ERROR not in _rules(report).values()
    assert (report.n_members, report.n_keys, set(report.key_places)) == (150, 11, {"B", "C"})
    assert 130 < report.n_stems <= report.n_distinct <= 150
    assert report.most_attempts >= 1
    kinds = categorical(variables=f"{CATEGORICAL['variables']}\n  age: {{from: 30, to: 60, step: 1}}", stem="X {ph} {age:a}")
    assert Severity.ERROR not in _rules(check_model(kinds, analytes=None, n=150)).values()


@pytest.mark.parametrize(
    ("changes", "rule", "severity"),
    [
        ({"check": "bicarbonate + 14"}, "key-not-confirmed", Severity.ERROR),
        ({"check": "{value: bicarbonate + 15, tolerance: 1.5}"}, "key-not-confirmed", Severity.ERROR),
        (
            {**CATEGORICAL, "check": '\'"low" if ph < 7.3 else "high" if ph > 7.45 else "normal"\''},
            "key-not-confirmed",
            Severity.ERROR,
        ),
        (
            {"variables": PARTS["variables"].replace("from: 20", "from: 59").replace("from: 10", "from: 19")},
            "members-alike",
            Severity.ERROR,
        ),
        (
            {"variables": PARTS["variables"].replace("from: 20", "from: 50").replace("from: 10", "from: 16")},
            "members-alike",
            Severity.WARNING,
        ),
        ({"require": "\n  - age > 100"}, "seed-without-member", Severity.ERROR),
        ({"offer": "5"}, "key-place-fixed", Severity.ERROR),
        ({**CATEGORICAL, "options": KINDS.replace("ph < 7.35", "ph < 8")}, "not-one-right", Severity.ERROR),
        (
            {"options": PARTS["options"].replace("mistake: factor 2", "mistake: factor 2, only_if: age > 90")},
            "option-never-offered",
            Severity.WARNING,
        ),
        ({"lead_in": "Which of the following is not the expected PaCO2?"}, "negative-lead-in", Severity.ERROR),
        ({"stem": PARTS["stem"] + " ![Strip](figure:nothing rate={age})"}, "unknown-exhibit", Severity.ERROR),
    ],
)
def test_each_thing_wrong_with_members_is_found(changes: Mapping[str, str | None], rule: str, severity: Severity) -> None:
    assert _rules(_report(**changes)).get(rule) is severity


def test_what_many_members_have_is_told_once_with_the_first_seeds() -> None:
    report = _report(check="bicarbonate + 40")
    (finding,) = [finding for finding in report.findings if finding.rule == "key-not-confirmed"]

    assert "150 of 150 members: seed 1, 2, 3, 4, 5, …" in finding.text
    assert finding.line == report.model.document.place(("check",)).line


def test_a_waiver_holds_for_members_and_one_that_no_member_needs_is_told() -> None:
    waived = "\n  - {rule: negative-lead-in, reason: the point}\n  - {rule: brand-name-drug, reason: none}"
    rules = _rules(_report(lead_in="Which of the following is not the expected PaCO2?", waive=waived))

    assert "negative-lead-in" not in rules
    assert "unused-waiver" in rules


def test_too_few_members_tell_nothing_of_shares() -> None:
    assert _rules(check_model(model_of(offer="5"), analytes=None, n=20)).get("key-place-fixed") is None


def test_words_that_the_seed_shuffles_need_not_be_in_the_order_of_the_alphabet() -> None:
    words = KINDS.replace("Neither", "Absent disorder")

    assert "options-out-of-order" not in _rules(check_model(categorical(options=words), analytes=None, n=120))
    assert "options-out-of-order" in _rules(check_model(categorical(options=words, order="as_written"), analytes=None, n=120))
