"""What is counted up to the exam, since afterwards somebody waits for the result."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bedside.journeys import MIN_GROUP, Journey, JourneyWeek, Result, group_of
from tests.journeys.test_journey import WHOLE

FAILED, PASSED = Result(3, "exam", "step2ck", "fail"), Result(9, "exam", "step2ck", "pass")


def with_results(*results: Result) -> Journey:
    weeks = tuple(JourneyWeek(n, {"new": 120}, 4, 20, 10, {"renal": 20}) for n in range(10))
    return replace(WHOLE, n_weeks=14, weeks=weeks, results=results, notes=())


def test_exams_stand_in_their_order_and_the_last_one_counts() -> None:
    journey = with_results(PASSED, Result(8, "practice_test", "step2ck", "fail"), FAILED)

    assert journey.exams == (FAILED, PASSED)
    assert journey.outcome == "pass"


def test_weeks_count_to_the_last_exam_and_without_one_to_the_end() -> None:
    assert with_results(FAILED).n_weeks_to_exam == 4
    assert with_results(FAILED, PASSED).n_weeks_to_exam == 10
    assert with_results().n_weeks_to_exam == 14


def test_a_group_counts_weeks_to_the_exam() -> None:
    found = group_of([with_results(PASSED)] * MIN_GROUP, n_all=MIN_GROUP)

    assert found.weeks.middle == 10
    assert found.hours_a_week.middle == pytest.approx(2)
    assert found.days_a_week.middle == pytest.approx(4)
