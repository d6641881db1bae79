"""What if: the record in which it happened, what it changes, and what in it can't be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.findings import Severity
from bedside.pathway import (
    Answer,
    DueStatus,
    Record,
    StepStatus,
    Subject,
    Supposed,
    SupposedKind,
    check,
    compare,
    objections,
    suppose,
    what_if,
)
from tests.pathway.builder import attempt, record, usmle
from tests.pathway.test_properties import ADAPTER, DAYS, RECORDS, WORST_FIRST, steps_only

ON = date(2026, 11, 29)
PASSED_BOTH = [attempt("step1", "2024-08-20", "pass"), attempt("step2ck", "2025-05-06", "pass")]

SUPPOSED = st.builds(
    Supposed,
    st.sampled_from([*SupposedKind]),
    st.sampled_from(["step1", "step2ck", "step3"]),
    st.dates(date(2018, 1, 1), date(2028, 1, 1)),
).map(lambda one: one if one.kind.is_attempt else Supposed(one.kind, "ecfmg" if one.kind == "certificate" else "", one.on))
BAD = st.builds(
    Supposed,
    st.sampled_from([SupposedKind.FAIL, SupposedKind.INCOMPLETE]),
    st.sampled_from(["step1", "step2ck", "step3"]),
    DAYS,
)


def fails(*pairs: tuple[str, str]) -> list[Supposed]:
    return [Supposed(SupposedKind.FAIL, step, date.fromisoformat(day)) for step, day in pairs]


def test_a_fail_costs_an_attempt_and_says_so() -> None:
    found = what_if(usmle(), record(), fails(("step1", "2026-12-10")), date(2026, 12, 11))

    (step1,) = [one for one in found.differences if one.about is Subject.STEP]
    assert (step1.name, step1.title, step1.left_before, step1.left_after) == ("step1", "Step 1", 4, 3)
    assert (step1.status_before, step1.status_after) == ("eligible", "eligible")


def test_a_third_fail_in_a_year_moves_the_next_attempt() -> None:
    whose = record(attempts=[attempt("step1", "2026-03-02"), attempt("step1", "2026-07-20")])

    found = what_if(usmle(), whose, fails(("step1", "2026-12-10")), date(2026, 12, 11))

    (step1,) = [one for one in found.differences if one.about is Subject.STEP]
    assert (step1.status_after, step1.day_after) == ("not_yet", date(2027, 6, 10))
    assert [one.rule for one in step1.gained] == ["usmle.attempts.rate"]


def test_a_pass_and_the_certificate_open_step_3_and_take_their_reasons_away() -> None:
    supposed = [
        Supposed(SupposedKind.PASS, "step2ck", date(2027, 1, 26)),
        Supposed(SupposedKind.CERTIFICATE, "ecfmg", date(2027, 4, 1)),
    ]
    whose = record(attempts=PASSED_BOTH[:1])

    found = what_if(usmle(), whose, supposed, date(2027, 4, 2))

    (step3,) = [one for one in found.differences if one.name == "step3"]
    assert (step3.status_before, step3.status_after) == ("not_yet", "eligible")
    assert {one.rule for one in step3.gone} == {"usmle.step3.requires_step2ck", "usmle.step3.requires_ecfmg"}
    assert found.objections == ()
    assert {one.name for one in found.differences if one.about is Subject.CERTIFICATE} == {"ecfmg", "ecfmg_pathway"}


def test_the_result_of_an_attempt_that_is_out_can_be_supposed() -> None:
    whose = record(attempts=[attempt("step1", "2026-11-02", "pending")])

    after = suppose(whose, [Supposed(SupposedKind.PASS, "step1", date(2026, 11, 2))], "usmle")

    assert [(one.result.value, one.date) for one in after.attempts] == [("pass", date(2026, 11, 2))]
    assert objections(usmle(), whose, [Supposed(SupposedKind.PASS, "step1", date(2026, 11, 2))]) == ()


def test_degree_and_training_can_be_supposed() -> None:
    whose = record(person={"kind": "us_md", "mdphd": False}, attempts=PASSED_BOTH)
    supposed = [Supposed(SupposedKind.DEGREE, "", date(2027, 5, 30)), Supposed(SupposedKind.TRAINING, "", date(2027, 7, 1))]

    after = suppose(whose, supposed, "usmle")

    assert after.person.degree is not None
    assert after.person.degree.date == date(2027, 5, 30)
    assert [(one.start, one.accredited.value) for one in after.training] == [(date(2027, 7, 1), "acgme")]


def test_a_word_that_is_no_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="graduate"):
        Supposed("graduate", "", ON)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("supposed", "rule", "text"),
    [
        (Supposed(SupposedKind.PASS, "step4", ON), "supposed-unknown", 'no step "step4"'),
        (Supposed(SupposedKind.CERTIFICATE, "ecfgm", ON), "supposed-unknown", '"ecfgm"'),
        (Supposed(SupposedKind.FAIL, "step2ck", date(2023, 1, 1)), "supposed-order", "an attempt at step2ck on 2025-05-06"),
        (Supposed(SupposedKind.FAIL, "step2ck", date(2025, 5, 6)), "supposed-order", "2025-05-06"),
        (Supposed(SupposedKind.CERTIFICATE, "ecfmg", date(2025, 1, 1)), "supposed-order", "from 2025-11-03"),
        (Supposed(SupposedKind.FAIL, "step1", ON), "supposed-not-eligible", "usmle.attempts.no_retake"),
    ],
)
def test_what_cant_be_is_named_with_its_rule(supposed: Supposed, rule: str, text: str) -> None:
    whose = record(attempts=PASSED_BOTH, certificates=[{"name": "ecfmg", "date": "2025-11-03"}])

    (found,) = objections(usmle(), whose, [supposed])

    assert (found.rule, found.severity, found.line) == (rule, Severity.ERROR, 1)
    assert text in found.text


def test_each_thing_is_looked_at_with_what_is_supposed_before_it() -> None:
    whose = record(attempts=PASSED_BOTH[:1], certificates=[{"name": "ecfmg", "date": "2025-11-03"}])
    step3, step2ck = (
        Supposed(SupposedKind.PASS, "step3", date(2027, 9, 1)),
        Supposed(SupposedKind.PASS, "step2ck", date(2027, 1, 26)),
    )

    assert objections(usmle(), whose, [step3, step2ck]) == ()
    assert [one.rule for one in objections(usmle(), whose, [step3])] == ["supposed-not-eligible"]
    assert [one.line for one in objections(usmle(), whose, [step3, replace(step2ck, on=date(2028, 1, 1))])] == [1]


def test_what_the_record_leaves_out_is_a_warning_and_no_refusal() -> None:
    (found,) = objections(usmle(), record(person={"kind": "img"}), [Supposed(SupposedKind.FAIL, "step1", ON)])

    assert (found.rule, found.severity) == ("supposed-not-known", Severity.WARNING)
    assert "usmle.school" in found.text


@given(RECORDS, DAYS)
@settings(max_examples=40)
def test_an_answer_does_not_differ_from_itself(fields: dict[str, Any], on: date) -> None:
    answer = check(usmle(), ADAPTER.validate_python(fields), on)

    assert compare(answer, answer) == ()
    assert Answer.from_dict(answer.as_dict()) == answer


@given(RECORDS, st.lists(SUPPOSED, max_size=3), DAYS)
@settings(max_examples=60)
def test_what_if_answers_as_the_record_written_with_it_would(
    fields: dict[str, Any], supposed: list[Supposed], on: date
) -> None:
    whose = ADAPTER.validate_python(fields)

    found = what_if(steps_only(), whose, supposed, on)

    assert found.before == check(steps_only(), whose, on)
    assert found.after == check(steps_only(), _written(fields, supposed), on)
    assert found.differences == compare(found.before, found.after)


def _written(fields: dict[str, Any], supposed: list[Supposed]) -> Record:
    """The record as someone would have to write it: plain values, without the program's own `suppose`."""
    told: dict[str, Any] = {**fields, "attempts": [*fields["attempts"]], "certificates": [*fields["certificates"]]}
    told["training"] = [*fields["training"]]
    for one in sorted(supposed, key=lambda one: one.on):
        day = one.on.isoformat()
        if one.kind.is_attempt:
            happened = {"programme": "usmle", "step": one.name, "date": day, "result": one.kind.value}
            waits = {**happened, "result": "pending"}
            waiting = [n for n, sat in enumerate(told["attempts"]) if {**sat, **waits} == sat]
            if waiting:
                told["attempts"][waiting[0]] = {**told["attempts"][waiting[0]], **happened}
            else:
                told["attempts"].append(happened)
        elif one.kind is SupposedKind.CERTIFICATE:
            told["certificates"].append({"name": one.name, "date": day})
        elif one.kind is SupposedKind.TRAINING:
            told["training"].append({"start": day, "accredited": "acgme"})
        else:
            told["person"] = {**told["person"], "degree": {"date": day}}
    return ADAPTER.validate_python(told)


@given(RECORDS, st.lists(BAD, min_size=1, max_size=3), DAYS)
@settings(max_examples=60)
def test_more_attempts_never_make_anybody_more_eligible(fields: dict[str, Any], supposed: list[Supposed], on: date) -> None:
    fields = {**fields, "attempts": [one for one in fields["attempts"] if one["result"] != "pending"]}

    found = what_if(steps_only(), ADAPTER.validate_python(fields), supposed, on)

    for one in found.differences:
        assert one.about is Subject.STEP
        assert WORST_FIRST.index(StepStatus(one.status_after)) <= WORST_FIRST.index(StepStatus(one.status_before))
        assert (one.left_after or 0) <= (one.left_before or 0)


def test_a_deadline_that_went_by_is_past_and_one_that_does_not_matter_any_more_is_none() -> None:
    whose = record()
    then, now = check(usmle(), whose, date(2027, 1, 1)), check(usmle(), whose, date(2027, 3, 10))
    found = {one.name: one for one in compare(then, now) if one.about is Subject.DEADLINE}

    assert found["match27.rol"].status_after == DueStatus.PAST
    assert found["match27.rol"].day_after == date(2027, 3, 3)

    accepted = what_if(
        usmle(), whose, [Supposed(SupposedKind.CERTIFICATE, "ecfmg_pathway", date(2027, 1, 1))], date(2027, 1, 1)
    )
    (gone,) = [one for one in accepted.differences if one.about is Subject.DEADLINE]
    assert (gone.name, gone.status_after, gone.day_after) == ("match27.pathways_deadline", DueStatus.NONE, None)


def test_a_fact_that_grew_old_is_a_difference_in_certainty() -> None:
    whose = record(person={"kind": "img"})
    then, now = check(steps_only(), whose, date(2027, 9, 28)), check(steps_only(), whose, date(2027, 9, 29))

    (step3,) = [one for one in compare(then, now) if one.name == "step3"]
    assert (step3.certain_before, step3.certain_after) == (True, False)
    assert (step3.gained, step3.gone) == ((), ())
    assert step3.as_dict()["certain_after"] is False


def test_the_day_after_is_later_than_each_of_the_days() -> None:
    supposed = fails(("step1", "2026-12-10"), ("step1", "2027-03-10"))

    found = what_if(usmle(), record(), supposed, supposed[-1].on + timedelta(days=1))

    assert found.as_dict()["supposed"] == [
        {"kind": "fail", "name": "step1", "on": "2026-12-10"},
        {"kind": "fail", "name": "step1", "on": "2027-03-10"},
    ]
