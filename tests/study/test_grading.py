"""Grades from answers, and study days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bedside.study import Answer, Confidence, Grade, grade_of, study_day

SURE, UNSURE = Confidence.SURE, Confidence.UNSURE


@pytest.mark.parametrize(
    ("answer", "grade"),
    [
        (Answer(False, 10, 90, SURE), Grade.AGAIN),
        (Answer(True, 80, 90), Grade.GOOD),
        (Answer(True, 135, 90), Grade.GOOD),  # 1.5 times the budget is not over it
        (Answer(True, 136, 90), Grade.HARD),
        (Answer(True, 136, 90, SURE), Grade.HARD),
        (Answer(True, 20, 90, UNSURE), Grade.HARD),
        (Answer(True, 45, 90, SURE), Grade.EASY),
        (Answer(True, 46, 90, SURE), Grade.GOOD),
        (Answer(True, 20, 90), Grade.GOOD),  # without confidence nothing is easy
    ],
)
def test_a_grade_comes_from_answer_time_and_confidence(answer, grade):
    assert grade_of(answer) is grade


@pytest.mark.parametrize(
    ("at", "zone", "on"),
    [
        (datetime(2026, 3, 3, 3, 59, tzinfo=UTC), "UTC", date(2026, 3, 2)),
        (datetime(2026, 3, 3, 4, 0, tzinfo=UTC), "UTC", date(2026, 3, 3)),
        (datetime(2026, 3, 2, 22, 30, tzinfo=UTC), "Asia/Kolkata", date(2026, 3, 3)),  # 04:00 there
        (datetime(2026, 3, 2, 22, 29, tzinfo=UTC), "Asia/Kolkata", date(2026, 3, 2)),
        (datetime(2026, 3, 8, 7, 59, tzinfo=UTC), "America/New_York", date(2026, 3, 7)),  # clocks went forward at two
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), "America/New_York", date(2026, 3, 8)),
        (datetime(2026, 11, 1, 8, 59, tzinfo=UTC), "America/New_York", date(2026, 10, 31)),  # and back
        (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), "America/New_York", date(2026, 11, 1)),
    ],
)
def test_a_study_day_begins_at_four_where_the_learner_is(at, zone, on):
    assert study_day(at, ZoneInfo(zone)) == on
