"""Where a journey begins and ends, and that it tells of the study for its own step."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bedside.errors import ConflictError
from bedside.journeys import Journey
from bedside.site.accounts.models import Profile, User
from bedside.site.content import current_content
from bedside.site.journeys.telling import journey_of
from bedside.site.pathway.models import PathwayRecord
from tests.support.filled_history import Life, live
from tests.support.site import Clock

pytestmark = pytest.mark.django_db


def told(user: User, clock: Clock, *, step: str = "first") -> Journey:
    Profile.objects.update_or_create(user=user, defaults={"programme": "exam", "step": step})
    return journey_of(user, current_content(), at=clock.now())


def keep_attempts(user: User, clock: Clock, *attempts: tuple[str, int, int, str]) -> None:
    """Attempts by step, days ago on which they were sat and on which the result was known, and result."""
    rows: list[dict[str, Any]] = [
        {"programme": "exam", "step": step, "date": _ago(clock, sat), "reported": _ago(clock, known), "result": result}
        for step, sat, known, result in attempts
    ]
    PathwayRecord.objects.create(user=user, record={"attempts": rows}, changed_at=clock.now())


def _ago(clock: Clock, days: int) -> str:
    return (clock.now() - timedelta(days=days)).date().isoformat()


def test_study_for_another_step_is_not_told_as_this_ones(user: User, clock: Clock, two_steps: Path) -> None:
    live(user, current_content(), Life(days=60), at=clock.now() - timedelta(days=30))
    live(user, current_content(), Life(step="second", days=30, seed=6), at=clock.now())

    first, second = told(user, clock), told(user, clock, step="second")

    assert first.begun_on is not None
    assert second.begun_on is not None
    assert (second.begun_on - first.begun_on).days >= 55
    assert {code for week in second.weeks for code in week.areas} == {"renal"}
    for journey in (first, second):
        assert sum(week.answers for week in journey.weeks) == sum(sum(week.areas.values()) for week in journey.weeks)
    assert [week.week for week in first.weeks][-1] < first.n_weeks - 3  # the last weeks went to the other step


def test_somebody_who_studied_for_another_step_alone_has_nothing_to_tell(user: User, clock: Clock, two_steps: Path) -> None:
    live(user, current_content(), Life(days=20), at=clock.now())

    with pytest.raises(ConflictError, match="first day of study"):
        told(user, clock, step="second")


def test_a_step_that_was_passed_after_this_one_was_sat_is_no_beginning(user: User, clock: Clock, two_steps: Path) -> None:
    live(user, current_content(), Life(step="second", days=60), at=clock.now())
    begun = told(user, clock, step="second").begun_on
    keep_attempts(user, clock, ("second", 20, 10, "pass"), ("first", 5, 2, "pass"))

    journey = told(user, clock, step="second")

    assert journey.begun_on == begun
    assert [(one.kind, one.outcome) for one in journey.results] == [("exam", "pass")]


def test_an_exam_that_was_sat_before_all_study_is_not_what_the_way_led_to(user: User, clock: Clock) -> None:
    live(user, current_content(), Life(days=10), at=clock.now())
    keep_attempts(user, clock, ("first", 30, 5, "pass"))

    journey = told(user, clock)

    assert journey.results == ()
    assert journey.begun_on is not None
    assert journey.n_weeks == (clock.now().date() - journey.begun_on).days // 7 + 1


def test_the_starting_level_takes_no_answer_from_after_the_end(user: User, clock: Clock) -> None:
    live(user, current_content(), Life(days=60), at=clock.now())
    begun = told(user, clock).begun_on
    assert isinstance(begun, date)
    sat = (clock.now().date() - begun).days
    keep_attempts(user, clock, ("first", sat, sat, "pass"))

    journey = told(user, clock)

    assert sum(week.answers for week in journey.weeks) < 40
    assert journey.start.level is None
