"""Would I pass: which answers count and how, practice tests from elsewhere, and what session and plan make of both."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.measure import AnswerHistory, Readiness, TooLittle
from bedside.site.accounts.models import Profile, User
from bedside.site.blueprint import blueprint_of
from bedside.site.content import current_content
from bedside.site.exam.models import Response
from bedside.site.passing import warming
from bedside.site.passing.answers import answers_of
from bedside.site.passing.forecast import PassForecast
from bedside.site.passing.models import PracticeScore
from bedside.site.passing.pool import StepPool, pool_of
from bedside.site.passing.practice_scores import TypedScore, add_score, outside_scores, remove_score
from bedside.site.passing.words import chance_line
from bedside.site.planning.standing import standing_of
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.study import Area
from tests.support.filled_history import Life, live
from tests.support.people import browser_of, person, proctored_player
from tests.support.site import Clock

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TYPED = TypedScore("Form 30", date(2026, 2, 20), 231.0, 218.0, 6.0, 15.0)
FIELDS = {"name": "Form 30", "on": "2026-02-20", "score": "231", "cut": "218", "error": "6", "spread": "15"}


def review(user: User, clock: Clock, item: str, *, ago: timedelta, grade: int = 3, origin: str = "item") -> StudyReview:
    return StudyReview.objects.create(
        user=user,
        subject=f"takeaway:{uuid4()}",
        grade=grade,
        at=clock.now() - ago,
        origin=origin,
        shown=item,
        kept_at=clock.now(),
    )


def pool() -> StepPool:
    content = current_content()
    found = pool_of(content, blueprint_of(content, ("exam", "first"), on=date(2026, 3, 2)), on=date(2026, 3, 2))
    assert found is not None
    return found


def answers(user: User, clock: Clock) -> AnswerHistory:
    return answers_of(user, pool(), ZoneInfo("UTC"), until=clock.now())


@pytest.fixture
def reader(user: User) -> Client:
    Profile.objects.create(user=user, programme="exam", step="first", welcomed_at="2026-03-01T00:00:00Z")
    return browser_of(user)


# --- answers --------------------------------------------------------------------------------------------------------------


def test_answers_stand_in_their_order_and_a_second_one_to_an_item_is_a_repeat(user: User, clock: Clock) -> None:
    review(user, clock, "renal-0001", ago=DAY, grade=1)
    review(user, clock, "renal-0001", ago=3 * DAY)
    review(user, clock, "blood-0001", ago=2 * DAY)
    found = answers(user, clock)
    today = clock.now().date().toordinal()
    assert found.day.tolist() == [today - 3, today - 2, today - 1]
    assert found.is_right.tolist() == [True, True, False]
    assert found.is_repeat.tolist() == [False, False, True]


def test_an_item_with_two_takeaways_was_answered_once(user: User, clock: Clock) -> None:
    for _takeaway in range(2):
        review(user, clock, "renal-0001", ago=DAY)
    assert len(answers(user, clock)) == 1


def test_cards_cases_unknown_items_and_what_was_taken_back_are_no_answers(user: User, clock: Clock) -> None:
    review(user, clock, "renal-0001", ago=DAY, origin="card")
    review(user, clock, "no-such-item", ago=DAY)
    StudyWithdrawal.objects.create(id=uuid4(), review=review(user, clock, "renal-0002", ago=DAY), at=clock.now())
    assert len(answers(user, clock)) == 0


def test_answers_of_timed_sittings_and_of_blocks_elsewhere_were_given_against_the_clock(user: User, clock: Clock) -> None:
    live(user, current_content(), Life(days=8), at=clock.now())
    modes = set(Response.objects.filter(user=user).values_list("mode", flat=True))
    found = answers(user, clock)
    assert len(found) == Response.objects.filter(user=user).count() > 0
    assert bool(found.is_timed.all()) == (modes <= {"timed", "exam"})
    Response.objects.filter(user=user).update(mode="tutor")
    assert not answers(user, clock).is_timed.any()


# --- practice tests -------------------------------------------------------------------------------------------------------


def test_a_practice_test_is_kept_counts_as_evidence_and_can_be_taken_away(user: User, clock: Clock, reader: Client) -> None:
    assert reader.post("/progress/practice-tests", FIELDS).status_code == 302
    text = reader.get("/progress").content.decode()
    assert "Form 30, 20 February 2026: 231, where 218 passes" in text
    (score,) = outside_scores(user, "exam", "first", until=clock.now().date())
    assert score.ability == pytest.approx((231 - 218) * 0.8 / 15)
    row = PracticeScore.objects.get(user=user)
    assert reader.post("/progress/practice-tests", {"remove": str(row.key)}).status_code == 302
    assert outside_scores(user, "exam", "first", until=clock.now().date()) == ()
    assert PracticeScore.objects.get(user=user).removed_at is not None


def test_a_score_from_a_file_that_nobody_could_type_in_is_no_evidence(user: User, clock: Clock) -> None:
    kept = {"user": user, "programme": "exam", "step": "first", "name": "x", "on": date(2026, 2, 20), "changed_at": clock.now()}
    PracticeScore.objects.create(score=90_000, cut=0, error=1, spread=0.01, **kept)
    PracticeScore.objects.create(score=231, cut=218, error=6, spread=15, **kept)
    assert len(outside_scores(user, "exam", "first", until=clock.now().date())) == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("score", "high", "Write a number of points."),
        ("score", "nan", "Write a number of points."),
        ("score", "900", "can&#x27;t be on one scale"),
        ("error", "-1", "Write a number of points that its scale has."),
        ("spread", "0", "Write a number of points that its scale has."),
        ("on", "2026-03-09", "was sat between"),
        ("on", "soon", "Write the day as 2027-03-14."),
        ("name", " ", "Write which test it was."),
        ("name", "x" * 81, "80"),
    ],
)
def test_what_can_not_be_a_practice_test_is_said_beside_its_field_and_not_kept(
    reader: Client, clock: Clock, field: str, value: str, said: str
) -> None:
    answer = reader.post("/progress/practice-tests", {**FIELDS, field: value})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert said in text
    assert 'aria-invalid="true"' in text
    assert not PracticeScore.objects.exists()


def test_nobody_takes_anothers_practice_test_away(user: User, clock: Clock, reader: Client) -> None:
    key = add_score(user, current_content(), TYPED, programme="exam", step="first", today=date(2026, 3, 2), at=clock.now())
    other = browser_of(person("bob"))
    assert other.post("/progress/practice-tests", {"remove": str(key)}).status_code == 404
    assert other.post("/progress/practice-tests", {"remove": "all"}).status_code == 400
    assert PracticeScore.objects.get(key=key).removed_at is None
    assert "Form 30" not in other.get("/progress").content.decode()


def test_there_is_a_limit_to_practice_tests(user: User, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.site.passing.practice_scores.MOST_SCORES", 1)
    add: dict[str, Any] = {"programme": "exam", "step": "first", "today": date(2026, 3, 2), "at": clock.now()}
    key = add_score(user, current_content(), TYPED, **add)
    with pytest.raises(UsageError, match="take one away first"):
        add_score(user, current_content(), TYPED, **add)
    remove_score(user, key, at=clock.now())
    add_score(user, current_content(), TYPED, **add)


def test_while_a_proctored_sitting_is_under_way_none_is_taken_in(reader: Client, client: Client, clock: Clock) -> None:
    proctored_player(client, clock).open_block()
    assert "Your proctored sitting is under way" in reader.post("/progress/practice-tests", FIELDS).content.decode()
    assert not PracticeScore.objects.exists()


def test_a_good_practice_test_raises_the_chance_and_a_bad_one_lowers_it(
    weighed: Path, user: User, clock: Clock, reader: Client, low_floor: None
) -> None:
    live(user, current_content(), Life(days=20), at=clock.now())

    def chance() -> float:
        passing = standing_of(user, current_content(), at=clock.now()).passing
        assert passing is not None
        assert isinstance(passing.found, Readiness)
        return passing.found.p_pass

    before = chance()
    reader.post("/progress/practice-tests", {**FIELDS, "score": "260"})
    good = chance()
    reader.post("/progress/practice-tests", {"remove": str(PracticeScore.objects.get().key)})
    assert chance() == pytest.approx(before, abs=1e-12)
    reader.post("/progress/practice-tests", {**FIELDS, "score": "170"})
    assert chance() < before < good


# --- what session and plan make of it ---------------------------------------------------------------------------------------


def test_on_little_evidence_there_is_a_forecast_for_the_session_and_no_chance(user: User, clock: Clock, reader: Client) -> None:
    standing = standing_of(user, current_content(), at=clock.now())
    assert standing.passing is not None
    assert isinstance(standing.passing.found, TooLittle)
    unmet = standing.forecast.p_unmet()
    assert unmet.shape == (3,)
    assert ((unmet > 0) & (unmet < 1)).all()


def test_the_score_of_now_is_what_readiness_says_of_a_form(
    weighed: Path, user: User, clock: Clock, reader: Client, low_floor: None
) -> None:
    live(user, current_content(), Life(days=20), at=clock.now())
    standing = standing_of(user, current_content(), at=clock.now())
    assert standing.passing is not None
    found = standing.passing.found
    assert isinstance(found, Readiness)
    n = len(found.score.chances) - 1
    assert standing.score.expected == pytest.approx(found.score.mean / n, abs=0.005)
    assert standing.n_first_answers == found.evidence.n_first


SHARES = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(np.array)


@given(SHARES, SHARES, SHARES, st.floats(0, 1))
def test_meeting_more_never_lowers_what_the_plan_leads_to_and_begins_at_today(
    right: np.ndarray, met: np.ndarray, more: np.ndarray, recall: float
) -> None:
    areas = tuple(Area(name, 1 / 3, 10) for name in "abc")
    forecast = PassForecast(areas, 0.2 + 0.8 * right[None, :], np.full(3, 0.2), met, np.zeros(3))
    start = forecast.outlook(met, recall).expected
    assert start == pytest.approx(forecast._score(forecast.right).expected)
    reached = np.maximum(met, more)
    assert start - 1e-9 <= forecast.outlook(reached, recall).expected <= forecast.outlook(np.ones(3), recall).expected + 1e-9


def test_a_server_makes_the_model_ready_beside_its_work(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(warming, "AFTER_S", 0.0)
    monkeypatch.setattr(warming, "warm_readiness", lambda: asked.append(1))
    warming.warm_up().join(20)
    assert asked == [1]
    monkeypatch.setattr(warming, "warm_readiness", lambda: 1 / 0)
    warming.warm_up().join(20)
    assert "could not be made ready" in caplog.text


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.1, 0.4, "could make it 10% to 40%"), (0.001, 0.002, "changes little of it")],
)
def test_an_interval_is_told_where_its_ends_differ_in_words(low: float, high: float, words: str) -> None:
    assert words in chance_line({"p_pass": low, "low": low, "high": high})
