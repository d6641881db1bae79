"""What holds of every record: one verdict at a time, no gain from failing, and a first day that is the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bedside.pathway import Pathway, Record, StateStatus, StepStatus, check, states
from bedside.pathway.entries import About
from tests.pathway.builder import usmle

STEPS = ["step1", "step2ck", "step3"]
WORST_FIRST = [StepStatus.NEVER, StepStatus.NOT_YET, StepStatus.ELIGIBLE, StepStatus.PASSED]
CLOSED = {StateStatus.LIKELY_CLOSED, StateStatus.CLOSED}
OPEN = {StateStatus.OPEN, StateStatus.LIKELY_OPEN}
FAR = date.max
DAYS_TRIED = 60  # each, one after the other

DAYS = st.dates(date(2018, 1, 1), date(2027, 6, 30))
MAYBE = st.sampled_from([True, True, True, False, None])


def iso(days: st.SearchStrategy[date]) -> st.SearchStrategy[str]:
    return days.map(date.isoformat)


def attempts(results: list[str], *, awaited: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "programme": st.just("usmle"),
            "step": st.sampled_from([*STEPS, "step1", "step2cs"]),
            "date": iso(DAYS),
            "result": st.sampled_from(results),
        },
        optional={"reported": st.just("2027-07-15")} if awaited else {},
    )


PEOPLE = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["img", "img", "us_md", "us_do", "canadian", None]),
        "school": st.fixed_dictionaries({"in_world_directory": MAYBE, "sponsor_note": MAYBE}),
    },
    optional={"degree": st.fixed_dictionaries({"date": iso(DAYS)})},
)
RECORDS = st.fixed_dictionaries(
    {
        "person": PEOPLE,
        "attempts": st.lists(attempts(["fail", "fail", "pass", "incomplete", "pending"]), max_size=6),
        "certificates": st.lists(
            st.fixed_dictionaries({"name": st.just("ecfmg"), "date": iso(DAYS)}, optional={"expires": st.just("2028-01-31")}),
            max_size=1,
        ),
        "training": st.lists(
            st.fixed_dictionaries(
                {"start": iso(DAYS), "accredited": st.sampled_from(["acgme", "acgme", "none"])},
                optional={"end": st.just("2029-06-30")},
            ),
            max_size=2,
        ),
        "bars": st.lists(
            st.fixed_dictionaries(
                {"programme": st.just("usmle"), "from": iso(DAYS)},
                optional={"until": st.just("2027-08-31"), "reason": st.just("validation_examination")},
            ),
            max_size=1,
        ),
    }
)
ADAPTER = TypeAdapter(Record)


@cache
def steps_only() -> Pathway:
    return replace(usmle(), rules=tuple(one for one in usmle().rules if one.about is About.STEP), places=(), deadlines=())


@cache
def texas_only() -> Pathway:
    places = tuple(one for one in usmle().places if one.code == "TX")
    rules = tuple(one for one in usmle().rules if one.speaks_of(About.STATE, "TX"))
    return replace(usmle(), rules=rules, places=places, deadlines=())


@given(RECORDS, DAYS)
def test_nobody_is_ever_eligible_and_not_eligible_at_once(fields: dict[str, Any], on: date) -> None:
    for step in check(steps_only(), ADAPTER.validate_python(fields), on).steps:
        assert (step.status is StepStatus.ELIGIBLE) <= (not step.reasons)
        assert (step.status in {StepStatus.NOT_YET, StepStatus.NEVER}) <= bool(step.reasons)
        assert (step.earliest is not None) <= (step.status is StepStatus.NOT_YET)
        assert (step.until is not None) <= (step.status is StepStatus.ELIGIBLE)


@given(RECORDS, attempts(["fail", "incomplete"]), DAYS)
def test_one_more_failed_attempt_never_makes_anybody_more_eligible(
    fields: dict[str, Any], more: dict[str, Any], on: date
) -> None:
    before = check(steps_only(), ADAPTER.validate_python(fields), on)
    after = check(steps_only(), ADAPTER.validate_python({**fields, "attempts": [*fields["attempts"], more]}), on)

    for one, other in zip(before.steps, after.steps, strict=True):
        assert WORST_FIRST.index(other.status) <= WORST_FIRST.index(one.status)
        if one.status is other.status is StepStatus.NOT_YET:
            assert (other.earliest or FAR) >= (one.earliest or FAR)
        if one.status is other.status is StepStatus.ELIGIBLE:
            assert (other.until or FAR) <= (one.until or FAR)


@given(RECORDS, attempts(["fail", "incomplete"], awaited=False), DAYS)
@settings(max_examples=30)
def test_one_more_failed_attempt_never_opens_a_state(fields: dict[str, Any], more: dict[str, Any], on: date) -> None:
    before = {one.state: one for one in states(usmle(), ADAPTER.validate_python(fields), on)}
    after = states(usmle(), ADAPTER.validate_python({**fields, "attempts": [*fields["attempts"], more]}), on)

    for other in after:
        one = before[other.state]
        assert (one.status in CLOSED) <= (other.status in CLOSED), other.state
        assert (other.status in OPEN) <= (one.status in OPEN), other.state


@given(RECORDS, st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(1, 2_000))
@settings(max_examples=50)
def test_the_first_day_is_eligible_and_no_day_before_it_is(fields: dict[str, Any], on: date, far: int) -> None:
    record = ADAPTER.validate_python(fields)
    waiting = [one for one in check(steps_only(), record, on).steps if one.status is StepStatus.NOT_YET]

    for n in [*range(1, DAYS_TRIED), far]:
        day = on + timedelta(n)
        then = {one.step: one.status for one in check(steps_only(), record, day).steps}
        for step in waiting:
            if day < (step.earliest or FAR):
                assert then[step.step] is not StepStatus.ELIGIBLE, day
            elif day == step.earliest:
                assert then[step.step] is StepStatus.ELIGIBLE
    for step in waiting:
        if step.earliest is not None:
            assert _status(record, step.step, step.earliest) is StepStatus.ELIGIBLE
            assert _status(record, step.step, step.earliest - timedelta(1)) is not StepStatus.ELIGIBLE


def _status(record: Record, name: str, on: date) -> StepStatus:
    return next(one.status for one in check(steps_only(), record, on).steps if one.step == name)


@given(RECORDS, st.dates(date(2024, 1, 1), date(2027, 1, 1)))
@settings(max_examples=40)
def test_the_first_day_of_a_state_leaves_nothing_to_be_done(fields: dict[str, Any], on: date) -> None:
    record = ADAPTER.validate_python(fields)
    (state,) = states(texas_only(), record, on)

    if state.earliest is not None:
        (then,) = states(texas_only(), record, state.earliest)
        (eve,) = states(texas_only(), record, state.earliest - timedelta(1))
        assert then.status in OPEN
        assert eve.status not in OPEN
