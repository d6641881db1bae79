"""Plans, results that are out, eligibility periods and bars; and what closes later than the day asked about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import NotFoundError
from bedside.pathway import StepAnswer, StepStatus, Supposed, SupposedKind, changes, check, check_step, what_if
from tests.pathway.builder import asked, attempt, record, small, spoilt, step, usmle
from tests.pathway.test_properties import ADAPTER, DAYS, RECORDS, steps_only

US = {"kind": "us_md", "degree": {"date": "2025-05-30"}, "mdphd": False}
STEP1 = attempt("step1", "2024-08-20", "pass")


def planned(on: str, sit: dict[str, str], **fields: Any) -> dict[str, date | None]:
    whose = record(**{"person": US, "goals": {"sit": sit}, **fields})
    return {one.step: one.if_planned for one in asked(on, whose).steps}


def test_if_planned_waits_for_the_results_as_late_as_they_may_come() -> None:
    found = planned("2026-11-29", {"step2ck": "2027-01-26"}, attempts=[STEP1])

    results = usmle().results
    assert results is not None
    assert results.latest_days == 56
    assert found == {"step1": None, "step2ck": None, "step3": date(2027, 3, 23)}  # eight weeks on


def test_if_planned_takes_the_last_of_several_sittings() -> None:
    found = planned("2026-11-29", {"step2ck": "2027-05-10", "step1": "2027-01-26"})

    assert found["step3"] == date(2027, 7, 5)


def test_a_plan_changes_nothing_where_something_else_is_missing_or_nothing_is_planned() -> None:
    assert planned("2026-11-29", {}, attempts=[STEP1])["step3"] is None
    assert planned("2026-11-29", {"step1": "2027-01-26"})["step3"] is None
    abroad = {"kind": "img", "school": {"in_world_directory": True, "sponsor_note": True}, "degree": {"date": "2021-05-30"}}
    assert planned("2026-11-29", {"step2ck": "2027-01-26"}, person=abroad, attempts=[STEP1])["step3"] is None


def test_a_sitting_that_went_by_or_that_a_rule_forbids_is_no_plan() -> None:
    assert planned("2026-11-29", {"step2ck": "2026-11-28"}, attempts=[STEP1])["step3"] is None
    barred = [{"programme": "usmle", "from": "2026-01-01", "until": "2027-06-30"}]
    assert planned("2026-11-29", {"step2ck": "2027-01-26"}, attempts=[STEP1], bars=barred)["step3"] is None
    assert planned("2026-11-29", {"step2ck": "2027-07-01"}, attempts=[STEP1], bars=barred)["step3"] == date(2027, 8, 26)


def test_without_a_published_time_of_results_nothing_is_told_of_plans() -> None:
    whose = record(person=US, attempts=[], goals={"sit": {"step1": "2027-01-26"}})

    assert small().results is None
    assert check(small(), whose, date(2026, 11, 29)).steps[2].if_planned is None


@pytest.mark.parametrize(
    "results", ["{fact: rules.reportin, latest_days: usual_days}", "{fact: rules.reporting, latest_days: days}"]
)
def test_a_time_of_results_that_does_not_exist_is_found(results: str) -> None:
    assert spoilt("rules:\n", f"results: {results}\nrules:\n") == ["unknown-fact"]


@given(RECORDS, st.dictionaries(st.sampled_from(["step1", "step2ck", "step3"]), DAYS.map(date.isoformat)), DAYS)
@settings(max_examples=60)
def test_a_plan_brings_a_step_nearer_or_changes_nothing(fields: dict[str, Any], sit: dict[str, str], on: date) -> None:
    for one in check(steps_only(), ADAPTER.validate_python({**fields, "goals": {"sit": sit}}), on).steps:
        if one.if_planned is not None:
            assert one.status is StepStatus.NOT_YET
            assert on < one.if_planned < (one.earliest or date.max)


def test_a_pass_counts_from_the_day_on_which_its_result_came() -> None:
    both = [STEP1, attempt("step2ck", "2026-11-02", "pass", reported="2026-12-02")]
    whose = record(person=US, attempts=both)

    assert step("step2ck", "2026-12-01", whose).status is StepStatus.NOT_YET
    found = step("step3", "2026-12-01", whose)
    assert (found.status, found.earliest) == (StepStatus.NOT_YET, date(2026, 12, 2))
    assert [one.missing for one in found.reasons] == [("the result of step2ck",)]
    assert step("step3", "2026-12-02", whose).status is StepStatus.ELIGIBLE


def permit(step_: str, start: str, until: str) -> dict[str, str]:
    return {"step": step_, "from": start, "until": until}


def last_days(on: str, **fields: Any) -> dict[str, date]:
    found = asked(on, record(person=US, **fields)).deadlines
    return {one.id: one.day for one in found if one.id.startswith("usmle.permit")}


def test_the_last_day_of_an_eligibility_period_is_told_until_the_step_was_sat() -> None:
    given_out = [permit("step2ck", "2026-12-01", "2027-02-28")]

    assert last_days("2026-11-29", permits=given_out) == {"usmle.permit.step2ck.last_day": date(2027, 2, 28)}
    assert last_days("2027-02-28", permits=given_out) != {}
    assert last_days("2027-03-01", permits=given_out) == {}
    assert last_days("2027-02-01", permits=given_out, attempts=[attempt("step2ck", "2027-01-26")]) == {}
    assert last_days("2027-02-01", permits=given_out, attempts=[attempt("step2ck", "2026-01-26")]) != {}
    assert last_days("2026-11-29") == {}


def test_of_two_periods_the_one_that_ends_next_is_told() -> None:
    two = [permit("step1", "2027-06-01", "2027-08-31"), permit("step1", "2026-12-01", "2027-02-28")]

    assert last_days("2026-11-29", permits=two) == {"usmle.permit.step1.last_day": date(2027, 2, 28)}
    assert last_days("2027-03-01", permits=two) == {"usmle.permit.step1.last_day": date(2027, 8, 31)}


def test_who_has_a_period_that_began_is_not_told_what_periods_are() -> None:
    def told(on: str, **fields: Any) -> bool:
        return "usmle.window" in [one.rule for one in step("step1", on, record(person=US, **fields)).information]

    assert told("2026-11-29")
    assert told("2026-11-29", permits=[permit("step1", "2026-12-01", "2027-02-28")])
    assert not told("2026-12-01", permits=[permit("step1", "2026-12-01", "2027-02-28")])


def bar(**fields: str) -> list[dict[str, str]]:
    return [{"programme": "usmle", **fields}]


def stands(on: str, bars: list[dict[str, str]]) -> tuple[StepStatus, date | None, list[str]]:
    found = step("step1", on, record(person=US, bars=bars))
    return found.status, found.earliest, [one.rule for one in found.reasons]


def test_a_bar_closes_every_step_until_it_ends() -> None:
    bars = bar(**{"from": "2026-01-15", "until": "2028-01-14", "reason": "irregular_behavior"})

    found = asked("2026-11-29", record(person=US, bars=bars)).steps
    assert {one.status for one in found} == {StepStatus.NOT_YET}
    assert stands("2026-11-29", bars) == (StepStatus.NOT_YET, date(2028, 1, 15), ["usmle.bar"])
    assert stands("2028-01-15", bars)[0] is StepStatus.ELIGIBLE
    assert step("step1", "2026-01-14", record(person=US, bars=bars)).until == date(2026, 1, 14)


def test_a_bar_without_an_end_has_no_first_day_after_it() -> None:
    assert stands("2026-11-29", bar(**{"from": "2026-01-15"})) == (StepStatus.NOT_YET, None, ["usmle.bar"])


def test_three_years_follow_a_failed_validation_examination_where_the_record_has_no_other_end() -> None:
    failed = bar(**{"from": "2025-06-15", "reason": "validation_examination"})
    ended = bar(**{"from": "2025-06-15", "until": "2027-01-31", "reason": "validation_examination"})

    assert stands("2025-12-31", failed) == (StepStatus.NOT_YET, date(2028, 6, 15), ["usmle.bar.validation"])
    assert stands("2025-12-31", ended) == (StepStatus.NOT_YET, date(2027, 2, 1), ["usmle.bar"])


TIME_LIMIT = """\
  - id: small.limit
    about: step
    of: [step1]
    when_not_met: never
    text: "Sat within seven years of Step 2 CK."
    sources: [page]
    as_of: 2026-08-17
    confidence: {confidence}
    requires: on <= years_after(step2ck_first_on, 7)
    examples:
      - {{on: 2026-11-22, record: {{}}, comes: met}}
      - on: 2026-11-22
        record: {{attempts: [{{programme: usmle, step: step2ck, date: 2024-03-02, result: fail}}]}}
        comes: met
  - id: small.degree
    about: step
    of: [step1]
    when_not_met: not_yet
    text: "A degree."
    sources: [page]
    as_of: 2026-08-17
    confidence: high
    requires: degree_held
    examples:
      - {{on: 2026-11-22, record: {{}}, comes: not_met, from: never}}
      - {{on: 2026-11-22, record: {{person: {{degree: {{date: 2020-01-01}}}}}}, comes: met}}
"""
SAT = [attempt("step2ck", "2024-03-02")]


def limited(on: str, confidence: str = "high", **fields: Any) -> StepAnswer:
    return check_step(
        small(TIME_LIMIT.format(confidence=confidence)), record(attempts=SAT, **fields), date.fromisoformat(on), "step1"
    )


def test_a_time_limit_that_lies_ahead_is_told_while_the_step_is_open() -> None:
    found = limited("2026-11-22", person=US)

    assert (found.status, found.until, found.closes) == (StepStatus.ELIGIBLE, date(2031, 3, 2), date(2031, 3, 3))
    assert limited("2031-03-02", person=US).status is StepStatus.ELIGIBLE


def test_a_time_limit_that_lies_ahead_is_told_while_something_is_missing() -> None:
    found = limited("2026-11-22", person={"kind": "us_md"})

    assert (found.status, found.earliest, found.closes) == (StepStatus.NOT_YET, None, date(2031, 3, 3))


def test_what_opens_only_after_it_has_closed_has_no_first_day() -> None:
    late = limited("2026-11-22", person={"kind": "us_md", "degree": {"date": "2031-03-03"}})
    in_time = limited("2026-11-22", person={"kind": "us_md", "degree": {"date": "2031-03-02"}})

    assert (late.status, late.earliest, late.closes) == (StepStatus.NOT_YET, None, date(2031, 3, 3))
    assert (in_time.earliest, in_time.closes) == (date(2031, 3, 2), date(2031, 3, 3))


def test_a_limit_that_is_not_certain_closes_nothing_ahead_either() -> None:
    found = limited("2026-11-22", "low", person=US)

    assert (found.status, found.until, found.closes) == (StepStatus.ELIGIBLE, date(2031, 3, 2), None)


def test_on_the_day_on_which_it_closes_it_is_closed() -> None:
    pathway = small(TIME_LIMIT.format(confidence="high").replace("as_of: 2026-08-17", "as_of: 2031-01-01"))

    assert check_step(pathway, record(attempts=SAT, person=US), date(2031, 3, 3), "step1").status is StepStatus.NEVER
    assert check_step(pathway, record(attempts=SAT, person=US), date(2031, 3, 2), "step1").until == date(2031, 3, 2)


@given(RECORDS, st.dates(date(2019, 1, 1), date(2027, 1, 1)))
@settings(max_examples=60)
def test_no_step_opens_from_the_day_on_which_it_closes(fields: dict[str, Any], on: date) -> None:
    for one in check(steps_only(), ADAPTER.validate_python(fields), on).steps:
        if one.closes is not None:
            assert on < one.closes
            assert one.status in {StepStatus.NOT_YET, StepStatus.ELIGIBLE}
            assert one.until is None or one.until < one.closes


def test_a_step_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(NotFoundError, match='usmle has no step "step4"; it has: step1, step2ck, step3'):
        check_step(usmle(), record(), date(2026, 11, 29), "step4")


@pytest.mark.parametrize("day", ["0001-01-01", "2026-11-29", "9999-12-31"])
@pytest.mark.parametrize("on", [date.min, date(2026, 11, 29), date.max])
def test_the_first_and_the_last_day_of_the_calendar_are_days_like_others(day: str, on: date) -> None:
    whose = record(
        person={"kind": "img", "born": day, "degree": {"date": day}},
        attempts=[attempt("step1", day, "pass", reported=day, validity="invalidated", validity_from=day)],
        certificates=[{"name": "ecfmg", "date": day, "expires": day}],
        training=[{"start": day, "end": day, "accredited": "acgme"}],
        permits=[permit("step2ck", day, day)],
        bars=[{"programme": "usmle", "from": day, "until": day}],
        goals={"sit": {"step2ck": day, "step3": day}},
    )

    assert check(usmle(), whose, on).on == on
    assert changes(usmle(), whose, date.min, on).on == on
    assert what_if(usmle(), whose, [Supposed(SupposedKind.TRAINING, "", date.fromisoformat(day))], on).on == on
