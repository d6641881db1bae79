"""Which step someone may take on a day, and why not, from the rules as they ship."""

from __future__ import annotations

from datetime import date

import pytest

from bedside.pathway import StepStatus, check
from tests.pathway.builder import asked, attempt, record, small, step
from tests.pathway.builder import usmle as shipped_rules

PASSED_BOTH = [attempt("step1", "2024-08-20", "pass"), attempt("step2ck", "2025-05-06", "pass")]
CERTIFIED = [{"name": "ecfmg", "date": "2025-11-03"}]
US = {"kind": "us_md", "degree": {"date": "2025-05-30"}}


def rules(name: str, on: str, **fields: object) -> list[str]:
    return [reason.rule for reason in step(name, on, record(**fields)).reasons]


def test_step_1_and_step_2_ck_may_be_taken_in_either_order() -> None:
    found = asked("2026-11-22", record()).steps

    assert [(one.step, one.status) for one in found[:2]] == [
        ("step1", StepStatus.ELIGIBLE),
        ("step2ck", StepStatus.ELIGIBLE),
    ]


def test_step_3_names_everything_that_is_missing_not_the_first_thing_alone() -> None:
    found = step("step3", "2026-11-22", record(person={"kind": "img"}))

    assert found.status is StepStatus.NOT_YET
    assert found.earliest is None
    assert [reason.rule for reason in found.reasons] == [
        "usmle.step3.requires_degree",
        "usmle.step3.requires_step1",
        "usmle.step3.requires_step2ck",
        "usmle.step3.requires_ecfmg",
    ]
    assert all(reason.source for reason in found.reasons)
    assert {reason.as_of for reason in found.reasons} == {date(2026, 9, 28), date(2026, 11, 29)}


def test_an_international_graduate_needs_the_certificate_for_step_3_and_others_do_not() -> None:
    assert rules("step3", "2026-11-22", attempts=PASSED_BOTH) == ["usmle.step3.requires_ecfmg"]
    assert rules("step3", "2026-11-22", attempts=PASSED_BOTH, certificates=CERTIFIED) == []
    assert rules("step3", "2026-11-22", attempts=PASSED_BOTH, person=US) == []


def test_a_certificate_that_expired_is_none() -> None:
    short = [{"name": "ecfmg", "date": "2025-11-03", "expires": "2026-12-31"}]
    whose = record(attempts=PASSED_BOTH, certificates=short)

    assert step("step3", "2026-11-22", whose).until == date(2026, 12, 31)
    assert step("step3", "2026-12-31", whose).status is StepStatus.ELIGIBLE
    assert step("step3", "2027-01-01", whose).status is StepStatus.NOT_YET


def test_step_3_is_open_from_the_day_after_graduation() -> None:
    whose = record(person=US | {"degree": {"date": "2027-05-30"}}, attempts=PASSED_BOTH)

    assert step("step3", "2026-11-22", whose).earliest == date(2027, 5, 31)
    assert step("step3", "2027-05-30", whose).status is StepStatus.NOT_YET
    assert step("step3", "2027-05-31", whose).status is StepStatus.ELIGIBLE


def test_three_attempts_in_a_year_wait_twelve_months_after_the_first_and_six_after_the_latest() -> None:
    sat = [attempt("step1", "2011-01-15"), attempt("step1", "2011-04-15"), attempt("step1", "2011-09-15")]

    found = step("step1", "2012-01-10", record(attempts=sat))

    assert (found.status, found.earliest) == (StepStatus.NOT_YET, date(2012, 3, 15))
    assert [reason.rule for reason in found.reasons] == ["usmle.attempts.rate"]


def test_incomplete_attempts_count_and_the_fourth_closes_every_step() -> None:
    sat = [attempt("step1", f"202{year}-03-01", "incomplete") for year in range(2, 6)]

    found = asked("2026-11-22", record(attempts=sat)).steps

    assert {one.status for one in found} == {StepStatus.NEVER}
    assert found[0].attempts_left == 0
    assert "usmle.attempts.limit" in [reason.rule for reason in found[1].reasons]


def test_a_fourth_attempt_that_passes_exhausts_nothing() -> None:
    sat = [attempt("step1", f"202{year}-03-01") for year in range(2, 5)] + [attempt("step1", "2025-03-01", "pass")]

    found = asked("2026-11-22", record(attempts=sat)).steps

    assert [one.status for one in found[:2]] == [StepStatus.PASSED, StepStatus.ELIGIBLE]


def test_the_rule_in_force_is_that_of_the_day_asked_about() -> None:
    sat = [attempt("step1", f"201{year}-03-01") for year in range(5, 9)]

    assert step("step1", "2021-06-30", record(attempts=sat)).status is StepStatus.ELIGIBLE
    assert step("step1", "2021-06-30", record(attempts=sat)).until == date(2021, 6, 30)
    assert step("step1", "2021-06-30", record(attempts=sat)).attempts_left == 2
    assert step("step1", "2021-07-01", record(attempts=sat)).status is StepStatus.NEVER


def test_a_pass_that_is_invalidated_years_later_stops_counting_from_that_day() -> None:
    gone = [
        attempt("step1", "2022-03-02", "pass", validity="invalidated", validity_from="2024-01-31"),
        attempt("step2ck", "2022-09-02", "pass"),
    ]
    whose = record(attempts=gone, certificates=[{"name": "ecfmg", "date": "2023-11-03"}])

    assert step("step3", "2024-01-30", whose).status is StepStatus.ELIGIBLE
    assert step("step3", "2024-01-30", whose).until == date(2024, 1, 30)
    assert [reason.rule for reason in step("step3", "2024-01-31", whose).reasons] == ["usmle.step3.requires_step1"]
    assert step("step1", "2024-01-31", whose).status is not StepStatus.PASSED


@pytest.mark.parametrize("more", [{"result": "pending"}, {"result": "pass", "validity": "under_review"}])
def test_a_result_that_is_out_is_neither_passed_nor_failed(more: dict[str, str]) -> None:
    sat = [attempt("step1", "2026-11-02", **more), attempt("step2ck", "2025-05-06", "pass")]

    found = step("step3", "2026-11-22", record(attempts=sat, certificates=CERTIFIED))

    assert found.status is StepStatus.NOT_YET
    assert [(one.rule, one.is_met) for one in found.reasons] == [("usmle.step3.requires_step1", None)]
    assert not found.is_certain


def test_whoever_waits_for_a_result_is_not_told_to_register_again() -> None:
    found = step("step1", "2026-11-22", record(attempts=[attempt("step1", "2026-11-02", "pending")]))

    assert (found.status, found.earliest) == (StepStatus.NOT_YET, None)
    assert [reason.missing for reason in found.reasons] == [("the result of step1",)]


def test_a_passed_step_says_that_it_cant_be_taken_again() -> None:
    found = step("step1", "2026-11-22", record(attempts=PASSED_BOTH))

    assert found.status is StepStatus.PASSED
    assert [reason.rule for reason in found.reasons] == ["usmle.attempts.no_retake"]


def test_what_the_record_does_not_say_is_asked_for_by_its_name() -> None:
    found = step("step1", "2026-11-22", record(person={"kind": "img", "school": {"in_world_directory": True}}))

    assert found.status is StepStatus.NOT_YET
    assert [reason.missing for reason in found.reasons] == [("person.school.sponsor_note",)]


NEVER_RULE = """\
  - id: small.never
    about: step
    of: [step1]
    when_not_met: never
    text: "Two attempts at most."
    sources: [page]
    as_of: 2026-01-10
    confidence: {confidence}
    requires: this_attempts < 2
    examples:
      - {{on: 2026-11-22, record: {{}}, comes: met}}
      - on: 2026-11-22
        record: {{attempts: [{one}, {two}]}}
        comes: not_met
        from: never
"""
TWICE = {
    "one": "{programme: usmle, step: step1, date: 2024-03-02, result: fail}",
    "two": "{programme: usmle, step: step1, date: 2025-03-02, result: fail}",
}


@pytest.mark.parametrize(
    ("confidence", "on", "status"),
    [
        ("high", "2027-01-10", StepStatus.NEVER),
        ("medium", "2027-01-10", StepStatus.NEVER),
        ("high", "2027-01-11", StepStatus.NOT_YET),
        ("low", "2026-11-22", StepStatus.NOT_YET),
    ],
)
def test_a_rule_that_is_old_or_low_in_confidence_never_closes_a_road_alone(
    confidence: str, on: str, status: StepStatus
) -> None:
    pathway = small(NEVER_RULE.format(confidence=confidence, **TWICE))
    whose = record(attempts=[attempt("step1", "2024-03-02"), attempt("step1", "2025-03-02")])

    found = check(pathway, whose, date.fromisoformat(on)).steps[0]

    assert found.status is status
    assert found.earliest is None
    assert [reason.rule for reason in found.reasons] == ["small.never"]
    assert found.is_certain is (status is StepStatus.NEVER)


def test_every_rule_about_a_step_has_its_source_and_day() -> None:
    for rule in shipped_rules().rules:
        assert rule.grounds.sources, rule.id
        assert rule.grounds.source, rule.id
