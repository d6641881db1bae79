"""How the states stand open: what is sure, what only an old table says, what is still to be done, what nobody knows."""

from __future__ import annotations

from datetime import date

import pytest

from bedside.pathway import StateAnswer, StateStatus, states
from bedside.pathway.entries import Limit
from tests.pathway.builder import attempt, record, small, usmle

LIMITS = """\
  - id: small.attempts
    about: state
    when_not_met: never
    requires: step3_attempts_needed <= limit
    limit_is: at_most
    text: "Step 3 passed within {limit} attempts."
    rows:
      TX: {limit: TEXAS, sources: [page], as_of: AS_OF, confidence: CONFIDENCE, note: "ask"}
    examples:
      - on: 2026-11-22
        place: TX
        record: {attempts: [{programme: usmle, step: step3, date: 2025-01-10, result: pass}]}
        comes: FIRST
      - on: 2026-11-22
        place: TX
        record: {attempts: [{programme: usmle, step: step3, date: 2025-01-10, result: pass}]}
        comes: FIRST
  - id: small.training
    about: state
    when_not_met: not_yet
    requires: {any: [not is_img, on >= training_reached_on]}
    limit_is: at_least
    text: "{limit} years of training."
    rows:
      TX: {limit: 3, sources: [page], as_of: 2017-11-03, confidence: low}
    examples:
      - {place: TX, on: 2026-11-22, record: {person: {kind: us_md}}, comes: met}
      - on: 2026-11-22
        place: TX
        record: {person: {kind: img}, training: [{start: 2025-07-01, accredited: acgme}]}
        comes: not_met
        from: 2028-07-01
  - id: small.law
    about: state
    of: all
    when_not_met: informs
    text: "A law of 2025."
    sources: [page]
    as_of: 2025-12-31
    confidence: medium
"""
LIMITS_FOR_TEXAS = (
    LIMITS.replace("TEXAS", "3").replace("AS_OF", "2026-08-17").replace("CONFIDENCE", "high").replace("FIRST", "met")
)
FAILED_TWICE = [attempt("step3", "2025-01-10"), attempt("step3", "2025-08-10"), attempt("step3", "2026-03-10", "pass")]
TRAINED = [{"start": "2022-07-01", "end": "2025-06-30", "accredited": "acgme"}]


def texas(
    limit: str = "2",
    *,
    as_of: str = "2026-08-17",
    confidence: str = "high",
    on: str = "2026-11-22",
    **fields: object,
) -> StateAnswer:
    first = "unknown" if limit == "unknown" else "met"
    rules = LIMITS.replace("TEXAS", limit).replace("AS_OF", as_of).replace("CONFIDENCE", confidence).replace("FIRST", first)
    found = states(small(rules), record(**fields), date.fromisoformat(on))
    return next(one for one in found if one.state == "TX")


@pytest.mark.parametrize(
    ("as_of", "confidence", "status"),
    [
        ("2026-08-17", "high", StateStatus.CLOSED),
        ("2025-11-22", "high", StateStatus.CLOSED),
        ("2025-11-21", "high", StateStatus.LIKELY_CLOSED),
        ("2026-08-17", "low", StateStatus.LIKELY_CLOSED),
    ],
)
def test_only_a_fresh_and_trusted_fact_closes_a_state(as_of: str, confidence: str, status: StateStatus) -> None:
    found = texas(as_of=as_of, confidence=confidence, attempts=FAILED_TWICE, training=TRAINED)

    assert found.status is status
    assert [reason.rule for reason in found.reasons] == ["small.attempts.TX"]
    assert found.reasons[0].text == "Step 3 passed within 2 attempts."
    assert found.ask == "Texas Medical Board"


def test_training_still_to_be_done_is_a_condition_with_its_first_day() -> None:
    found = texas("3", attempts=FAILED_TWICE, training=[{"start": "2025-07-01", "accredited": "acgme"}])

    assert (found.status, found.earliest) == (StateStatus.CONDITIONAL, date(2028, 7, 1))


def test_a_state_whose_facts_are_old_is_likely_open_and_says_how_old() -> None:
    found = texas("3", attempts=FAILED_TWICE, training=TRAINED)

    assert found.status is StateStatus.LIKELY_OPEN
    assert found.as_of == date(2017, 11, 3)
    assert [reason.rule for reason in found.information] == ["small.law"]


@pytest.mark.parametrize(
    ("limit", "status"),
    [
        ("none", StateStatus.LIKELY_OPEN),
        ("unknown", StateStatus.UNKNOWN),
        ("{min: 3}", StateStatus.LIKELY_OPEN),
        ("{min: 2}", StateStatus.UNKNOWN),
        ("{min: 2, max: 3}", StateStatus.UNKNOWN),
        ("{min: 1, max: 2}", StateStatus.CLOSED),
    ],
)
def test_a_limit_that_is_known_by_its_ends_decides_only_outside_them(limit: str, status: StateStatus) -> None:
    assert texas(limit, attempts=FAILED_TWICE, training=TRAINED).status is status


def test_training_that_the_acgme_did_not_accredit_may_or_may_not_count() -> None:
    abroad = [{"start": "2020-07-01", "end": "2024-06-30", "accredited": "rcpsc"}]

    found = texas("3", attempts=FAILED_TWICE, training=abroad)

    assert found.status is StateStatus.CONDITIONAL
    assert found.unknown == ("small.training.TX",)
    assert "ACGME" in found.reasons[0].missing[0]


def test_a_place_without_a_row_is_unknown() -> None:
    found = states(small(LIMITS_FOR_TEXAS), record(attempts=FAILED_TWICE), date(2026, 11, 22))

    assert {one.state: one.status for one in found}["NY"] is StateStatus.UNKNOWN


def test_the_states_are_ranked_by_what_is_known() -> None:
    order = list(StateStatus)
    whose = record(
        person={"kind": "img"},
        attempts=[
            attempt("step1", "2022-03-02"),
            attempt("step1", "2022-08-20", "pass"),
            attempt("step2ck", "2023-05-06", "pass"),
            *FAILED_TWICE,
        ],
        training=TRAINED,
    )

    found = states(usmle(), whose, date(2026, 11, 22))

    assert len({one.state for one in found} - {"PR", "VI", "GU", "MP", "AS"}) == 51
    assert [order.index(one.status) for one in found] == sorted(order.index(one.status) for one in found)
    assert all(one.ask for one in found)


def test_a_limit_is_read_out_as_its_source_words_it() -> None:
    assert Limit(min=3, max=3).words == "3"
    assert Limit(min=2, max=3).words == "2 to 3"
    assert Limit(min=3, note="3+").words == "3+"
    assert Limit(is_none=True).words == "no limit"
    assert Limit().words == "unknown"


def test_a_result_that_is_awaited_opens_no_state_whose_limit_is_passed_whichever_way_it_goes() -> None:
    fails = [attempt("step1", day) for day in ("2017-01-10", "2017-05-10")]
    awaited = attempt("step1", "2018-01-10", "pending")
    alaska = {one.state: one.status for one in states(usmle(), record(attempts=[*fails, awaited]), date(2018, 1, 20))}["AK"]
    fewer = {one.state: one.status for one in states(usmle(), record(attempts=[fails[0], awaited]), date(2018, 1, 20))}["AK"]

    assert alaska is StateStatus.CLOSED  # two attempts at most, and this is the third
    assert fewer not in {StateStatus.CLOSED, StateStatus.LIKELY_CLOSED}
