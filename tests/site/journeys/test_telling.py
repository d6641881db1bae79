"""What the record says of a journey: weeks, days, areas, chances, results and notes, each against what it rests on."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bedside.errors import ConflictError
from bedside.journeys import Journey, journey_as_dict, read_journey
from bedside.site.accounts.models import Profile, User
from bedside.site.content import current_content
from bedside.site.exam.models import Response, ScoreVersion, Sitting
from bedside.site.journeys.models import JourneyNote, JourneyStart
from bedside.site.journeys.telling import journey_of
from bedside.site.passing.models import PracticeScore
from bedside.site.pathway.models import PathwayRecord
from bedside.site.progress.base import base_of, memories_of, passing_at
from bedside.site.study.models import StudyReview
from bedside.study import study_day
from tests.support.filled_history import Life, live
from tests.support.site import Clock

pytestmark = pytest.mark.django_db

MOST_QUERIES = 50  # of the first time; all small: counts, and columns of whole histories


@pytest.fixture
def lived(user: User, clock: Clock) -> User:
    """Sixty days of answers towards the first step."""
    live(user, current_content(), Life(days=60, n_cards=20), at=clock.now())
    Profile.objects.create(user=user, programme="exam", step="first")
    return user


def told(user: User, clock: Clock) -> Journey:
    return journey_of(user, current_content(), at=clock.now())


def day_of(clock: Clock, *, ago: int) -> date:
    return (clock.now() - timedelta(days=ago)).date()


def attempt(on: date, result: str, **more: Any) -> dict[str, Any]:
    return {"programme": "exam", "step": "first", "date": on.isoformat(), "result": result, **more}


def keep_attempts(user: User, clock: Clock, *attempts: dict[str, Any]) -> None:
    PathwayRecord.objects.create(user=user, record={"attempts": list(attempts)}, changed_at=clock.now())


def write(user: User, clock: Clock, text: str, *, ago: int, **more: Any) -> JourneyNote:
    return JourneyNote.objects.create(user=user, on=day_of(clock, ago=ago), text=text, changed_at=clock.now(), **more)


# --- the figures ----------------------------------------------------------------------------------------------------------


def test_answers_and_right_ones_of_the_weeks_are_those_of_the_log(lived: User, clock: Clock) -> None:
    journey = told(lived, clock)
    base = base_of(lived, current_content(), at=clock.now())
    expected: Counter[tuple[int, bool]] = Counter()
    for at, correct in Response.objects.filter(user=lived).values_list("answered_at", "correct"):
        assert journey.begun_on is not None
        expected[(study_day(at, base.zone) - journey.begun_on).days // 7, correct] += 1
    for week in journey.weeks:
        assert (week.answers, week.right) == (expected[week.week, True] + expected[week.week, False], expected[week.week, True])
        assert sum(week.areas.values()) == week.answers
        assert set(week.areas) <= {"renal", "cardiovascular", "blood"}
    assert sum(week.answers for week in journey.weeks) == Response.objects.filter(user=lived).count()


def test_a_journey_goes_from_the_first_studied_day_to_today(lived: User, clock: Clock) -> None:
    journey = told(lived, clock)
    first = StudyReview.objects.filter(user=lived).order_by("at").first()
    assert first is not None
    assert journey.begun_on == study_day(first.at, base_of(lived, current_content(), at=clock.now()).zone)
    assert journey.n_weeks == (clock.now().date() - journey.begun_on).days // 7 + 1
    assert [week.week for week in journey.weeks] == sorted({week.week for week in journey.weeks})
    assert all(0 < week.days <= 7 and week.all_minutes > 0 for week in journey.weeks)
    assert (journey.programme, journey.step, journey.name) == ("exam", "first", None)


def test_the_starting_level_is_the_share_of_the_first_forty_answers(lived: User, clock: Clock) -> None:
    first = Response.objects.filter(user=lived).order_by("answered_at").values_list("correct", flat=True)[:40]
    assert told(lived, clock).start.level == round(1000 * sum(first) / 40)


def test_the_chance_of_a_week_is_the_one_of_its_last_day(lived: User, clock: Clock, low_floor: None) -> None:
    journey = told(lived, clock)
    base = base_of(lived, current_content(), at=clock.now())
    passing = passing_at(base, memories_of(base))
    assert passing is not None
    assert journey.begun_on is not None
    assert len([week for week in journey.weeks if week.chance]) > 5
    for week in journey.weeks:
        if week.chance is not None:
            end = min(journey.begun_on + timedelta(days=7 * week.week + 6), base.on)
            found = passing.on_day(end)
            assert week.chance.p == round(1000 * found.p_pass)  # type: ignore[union-attr]  # there is a chance
            assert week.chance.low <= week.chance.p <= week.chance.high


def test_without_enough_evidence_no_chance_is_told(lived: User, clock: Clock) -> None:
    assert all(week.chance is None for week in told(lived, clock).weeks)


def test_what_was_reckoned_is_kept_and_the_same_the_second_time(lived: User, clock: Clock, low_floor: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as first:
        once = told(lived, clock)
    with CaptureQueriesContext(connection) as second:
        again = told(lived, clock)
    assert once == again
    assert len(second) <= len(first) <= MOST_QUERIES


def test_what_is_told_can_be_written_and_read(lived: User, clock: Clock, low_floor: None) -> None:
    write(lived, clock, "Two lines,\nof the same day.", ago=3)
    journey = told(lived, clock)
    assert read_journey(json.dumps(journey_as_dict(journey)).encode(), file="x")[0] == journey


# --- results --------------------------------------------------------------------------------------------------------------


def test_exams_whole_forms_and_practice_tests_stand_in_the_order_of_their_days(lived: User, clock: Clock) -> None:
    sitting = Sitting.objects.filter(user=lived).order_by("created_at")[10]
    Sitting.objects.filter(pk=sitting.pk).update(kind="full")
    score = {"n_items": 12, "n_right": 6, "n_dropped": 2}
    ScoreVersion(sitting=sitting, number=1, at=clock.now(), score=score, digest="0" * 64).save(force_insert=True)
    made = {"user": lived, "programme": "exam", "step": "first", "changed_at": clock.now()}
    PracticeScore.objects.create(name="A", on=day_of(clock, ago=20), score=200, cut=196, error=6, spread=20, **made)
    keep_attempts(lived, clock, attempt(day_of(clock, ago=5), "fail"))

    found = told(lived, clock).results

    assert [(one.kind, one.outcome, one.right) for one in found] == [
        ("form", None, 600),  # 6 of the 10 that count
        ("practice_test", "pass", None),
        ("exam", "fail", None),
    ]
    assert [one.on for one in found] == sorted(one.on for one in found if one.on)


def test_a_form_whose_report_was_not_opened_is_not_told(lived: User, clock: Clock) -> None:
    sitting = Sitting.objects.filter(user=lived).order_by("created_at")[10]
    Sitting.objects.filter(pk=sitting.pk).update(kind="full", is_disclosed=False)
    assert told(lived, clock).results == ()


@pytest.mark.parametrize("more", [{"validity": "invalidated"}, {"reported": "2199-01-01"}], ids=["invalidated", "not out"])
def test_a_result_that_does_not_stand_or_is_not_out_is_not_told(lived: User, clock: Clock, more: dict[str, str]) -> None:
    keep_attempts(lived, clock, attempt(day_of(clock, ago=5), "pass", **more))
    assert told(lived, clock).results == ()


def test_the_journey_ends_when_it_is_known_that_the_exam_was_passed(lived: User, clock: Clock) -> None:
    until = day_of(clock, ago=15)
    keep_attempts(lived, clock, attempt(day_of(clock, ago=30), "pass", reported=until.isoformat()))
    journey = told(lived, clock)
    assert journey.begun_on is not None
    assert journey.n_weeks == (until - journey.begun_on).days // 7 + 1
    assert journey.outcome == "pass"
    n = sum(week.answers for week in journey.weeks)
    assert 0 < n < Response.objects.filter(user=lived).count()


def test_an_exam_passed_before_all_study_here_ends_nothing(lived: User, clock: Clock) -> None:
    keep_attempts(lived, clock, attempt(day_of(clock, ago=900), "pass"))
    journey = told(lived, clock)
    assert journey.results == ()
    assert sum(week.answers for week in journey.weeks) == Response.objects.filter(user=lived).count()


def test_of_a_later_step_the_journey_begins_after_the_step_before(two_steps: Path, lived: User, clock: Clock) -> None:
    passed = day_of(clock, ago=20)
    keep_attempts(lived, clock, attempt(passed, "pass"))
    live(lived, current_content(), Life(step="second", days=30, seed=8), at=clock.now())
    Profile.objects.filter(user=lived).update(step="second")
    write(lived, clock, "Of the step before.", ago=40)
    journey = told(lived, clock)
    assert journey.begun_on is not None
    assert journey.begun_on > passed
    assert journey.notes == ()
    assert journey.results == ()


# --- what is written -------------------------------------------------------------------------------------------------------


def test_notes_stand_in_their_weeks_and_what_was_taken_away_does_not(lived: User, clock: Clock) -> None:
    journey = told(lived, clock)
    assert journey.begun_on is not None
    write(lived, clock, "Later.", ago=1)
    write(lived, clock, "Earlier.", ago=30)
    write(lived, clock, "Before the first day.", ago=100)
    write(lived, clock, "", ago=2, removed_at=clock.now())
    write(lived, clock, "Of a day that lies ahead.", ago=-9)
    found = told(lived, clock).notes
    assert [one.text for one in found] == ["Before the first day.", "Earlier.", "Later."]
    assert [one.week for one in found] == [
        0,
        (day_of(clock, ago=30) - journey.begun_on).days // 7,
        (day_of(clock, ago=1) - journey.begun_on).days // 7,
    ]


def test_the_beginning_is_told_as_far_as_it_was_said(lived: User, clock: Clock) -> None:
    JourneyStart.objects.create(user=lived, age="50 and over", trained_in="IN", changed_at=clock.now())
    start = told(lived, clock).start
    assert (start.age, start.trained_in, start.work_hours, start.language) == ("50 and over", "IN", None, None)


# --- nothing to tell ------------------------------------------------------------------------------------------------------


def test_somebody_new_has_nothing_to_tell_yet(user: User, clock: Clock) -> None:
    Profile.objects.create(user=user, programme="exam", step="first")
    with pytest.raises(ConflictError, match="begins with the first day of study"):
        told(user, clock)


def test_without_an_exam_there_is_nowhere_to_go(user: User, clock: Clock) -> None:
    with pytest.raises(ConflictError, match=r"choose yours under Me|first day of study"):
        told(user, clock)
