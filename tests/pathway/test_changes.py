"""What changed between two days, and why: rules, facts that grew old, the record, and rules that were written anew."""

from __future__ import annotations

from datetime import date

import pytest

from bedside.errors import UsageError
from bedside.pathway import Answer, Cause, CauseKind, Changes, Subject, changes, check
from tests.pathway.builder import RULE, attempt, record, small, usmle


def day(text: str) -> date:
    return date.fromisoformat(text)


def causes(found: Changes, kind: CauseKind) -> list[Cause]:
    return [one for one in found.causes if one.kind is kind]


def test_a_rule_that_came_into_force_is_the_cause_of_what_it_closed() -> None:
    sat = [attempt("step1", f"201{year}-03-01") for year in range(5, 9)]

    found = changes(usmle(), record(attempts=sat), day("2021-06-30"), day("2021-07-01"))

    (step1,) = [one for one in found.differences if one.name == "step1"]
    assert (step1.status_before, step1.status_after) == ("eligible", "never")
    assert "usmle.attempts.limit" in [one.rule for one in causes(found, CauseKind.RULE_BEGAN)]
    assert "usmle.attempts.limit.2012" in [one.rule for one in causes(found, CauseKind.RULE_ENDED)]
    assert {one.day for one in causes(found, CauseKind.RULE_BEGAN)} == {day("2021-07-01")}


def test_a_fact_is_old_on_the_day_after_its_year_and_no_day_earlier() -> None:
    def old(since: str, on: str) -> list[str | None]:
        found = changes(usmle(), record(), day(since), day(on))
        return [
            one.rule for one in causes(found, CauseKind.FACT_OLD) if one.rule and one.rule.startswith("usmle.attempts.limit")
        ]

    assert old("2027-08-01", "2027-08-05") == []
    assert old("2027-08-05", "2027-08-06") == ["usmle.attempts.limit"]
    assert old("2027-08-06", "2027-08-30") == []


def test_what_the_record_dates_in_between_is_a_cause() -> None:
    whose = record(
        attempts=[attempt("step1", "2026-06-09", "pass", reported="2026-07-01")],
        certificates=[{"name": "ecfmg", "date": "2020-01-01", "expires": "2026-06-30"}],
    )

    found = changes(usmle(), whose, day("2026-06-01"), day("2026-11-29"))

    assert [(one.day, one.text) for one in causes(found, CauseKind.RECORD)] == [
        (day("2026-06-09"), "step1: pass"),
        (day("2026-07-01"), "ecfmg of 2020-01-01: expired"),
        (day("2026-07-01"), "step1 of 2026-06-09: the result came out"),
    ]


def test_between_a_day_and_itself_nothing_changes() -> None:
    found = changes(usmle(), record(), day("2026-11-29"), day("2026-11-29"))

    assert (found.differences, found.causes) == ((), ())


def test_the_earlier_day_comes_first() -> None:
    with pytest.raises(ValueError, match="2026-11-30 is after 2026-11-29"):
        changes(usmle(), record(), day("2026-11-30"), day("2026-11-29"))


def test_rules_that_were_written_anew_are_told_apart() -> None:
    older = small(RULE + RULE.replace("small.rule", "small.gone"))
    newer = small(RULE.replace("as_of: 2026-08-17", "as_of: 2026-11-01") + RULE.replace("small.rule", "small.new"))

    found = changes(newer, record(), day("2026-11-22"), day("2026-11-22"), pathway_before=older)

    assert {(one.kind, one.rule) for one in found.causes} == {
        (CauseKind.RULE_REWRITTEN, "small.rule"),
        (CauseKind.RULE_GONE, "small.gone"),
        (CauseKind.RULE_NEW, "small.new"),
    }
    (step3,) = found.differences
    assert [one.rule for one in step3.gained] == ["small.new"]
    assert [one.rule for one in step3.gone] == ["small.gone"]


def test_a_rule_that_asks_for_something_else_in_the_same_words_was_written_anew() -> None:
    found = changes(
        small(RULE),
        record(),
        day("2026-11-22"),
        day("2026-11-22"),
        pathway_before=small(RULE.replace("requires: step1_passed", "requires: {all: [step1_passed]}")),
    )

    assert [(one.kind, one.rule) for one in found.causes] == [(CauseKind.RULE_REWRITTEN, "small.rule")]


def test_a_deadline_whose_fact_grew_old_has_its_cause() -> None:
    found = changes(usmle(), record(), day("2027-10-01"), day("2027-10-02"))

    assert "match27.day" in [one.rule for one in causes(found, CauseKind.FACT_OLD)]


def test_the_same_rules_read_twice_are_no_change() -> None:
    found = changes(small(), record(), day("2026-11-22"), day("2026-11-22"), pathway_before=small())

    assert (found.differences, found.causes) == ((), ())


def test_what_was_entered_since_is_told_apart_from_what_happened_since() -> None:
    before = record(attempts=[attempt("step1", "2025-03-02"), attempt("step2ck", "2025-09-09")])
    after = record(attempts=[attempt("step1", "2025-03-02"), attempt("step1", "2025-08-20", "pass")])

    found = changes(usmle(), after, day("2026-11-01"), day("2026-11-29"), record_before=before)

    assert [one.text for one in causes(found, CauseKind.RECORD)] == [
        "step1: pass (entered since)",
        "step2ck: fail (no longer in the record)",
    ]
    assert {one.name for one in found.differences if one.about is Subject.STEP} == {"step1", "step2ck", "step3"}


OF_A_STATE = """\
  - id: small.state
    about: state
    when_not_met: informs
    text: "Years of training: {limit}."
    requires: on >= training_reached_on
    limit_is: at_least
    rows: {TX: {limit: 1, sources: [page], as_of: 2026-08-17, confidence: high, valid_from: 2026-11-10}}
    examples:
      - {on: 2026-11-22, place: TX, record: {}, comes: not_met, from: never}
      - {on: 2026-11-22, place: TX, record: {training: [{start: 2020-07-01, accredited: acgme}]}, comes: met}
"""


def test_a_rule_of_a_state_that_stands_as_it_stood_is_a_cause_only_where_the_record_aims_at_it() -> None:
    def rules(*aims: str) -> list[str | None]:
        found = changes(small(OF_A_STATE), record(goals={"states": [*aims]}), day("2026-11-01"), day("2026-11-22"))
        assert found.differences == ()
        return [one.rule for one in found.causes]

    assert rules("NY") == []
    assert rules("TX") == ["small.state.TX"]


def test_a_stored_answer_is_read_back_and_another_thing_is_refused() -> None:
    answer = check(usmle(), record(), day("2026-11-29"))

    assert Answer.from_dict(answer.as_dict()) == answer
    for spoilt in ({}, {"on": "2026-11-29"}, {**answer.as_dict(), "steps": [{}]}, {**answer.as_dict(), "on": "today"}):
        with pytest.raises(UsageError, match="no stored answer"):
            Answer.from_dict(spoilt)
