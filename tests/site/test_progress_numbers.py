"""What the progress pages reckon: against the core, against what was known at the time, and by hand."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from math import inf
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.delivery import wilson
from bedside.programme import read_programmes
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.progress.ahead import days_ahead, due_by_day, outlook
from bedside.site.progress.answering import by_confidence, latest, median_between, times_of
from bedside.site.progress.base import base_of, memories_of, passing_at
from bedside.site.progress.columns import AnswerColumns
from bedside.site.progress.kept import readiness_of
from bedside.site.progress.map_picture import map_picture
from bedside.site.progress.mastery import THIN_ANSWERS, Cell, MasteryMap, Side
from bedside.site.progress.readiness import OverTime, days_looked_at
from bedside.site.progress.standards import standards_of
from bedside.site.study.models import StudyReview
from bedside.site.study.zones import study_days
from bedside.study import (
    DEFAULTS,
    Area,
    FirstAnswers,
    Known,
    Memory,
    Schedule,
    Subject,
    area_forecast,
    retrievability,
    study_day,
)
from tests.support.filled_history import Life, live
from tests.support.site import Clock

ZONES = ("UTC", "Pacific/Honolulu", "Australia/Lord_Howe", "America/New_York", "Asia/Kolkata")
CONTENT = Path(__file__).parents[2] / "content"


# --- days and memories, against the core ---------------------------------------------------------------------------------


@given(
    st.lists(st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)), max_size=20),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_study_days_of_many_instants_are_those_of_the_core(instants: list[datetime], name: str) -> None:
    zone = ZoneInfo(name)
    instants = [at.replace(microsecond=0) for at in instants]
    texts = np.array([at.strftime("%Y-%m-%d %H:%M:%S") for at in instants], dtype="datetime64[s]")
    assert study_days(texts, zone).tolist() == [study_day(at, zone).toordinal() for at in instants]


def add_reviews(user: User, n: int, at: datetime, seed: int = 3) -> None:
    """Reviews of eight takeaways, by items and as cards, over some weeks."""
    rng = random.Random(seed)
    rows = [
        StudyReview(
            user=user,
            subject=f"takeaway:{rng.choice(['renal.winter_formula', 'renal.anion_gap'])}",
            grade=rng.randrange(1, 5),
            at=at - timedelta(minutes=rng.randrange(60 * 24 * 50)),
            origin=rng.choice(["item", "item", "card"]),
            shown=f"{rng.choice(['renal', 'cardiovascular'])}-000{rng.randrange(1, 5)}",
            kept_at=at,
        )
        for _ in range(n)
    ]
    StudyReview.objects.bulk_create(rows)


def over_time(user: User, at: datetime) -> OverTime:
    base = base_of(user, current_content(), at=at)
    passing = passing_at(base, memories_of(base))
    assert passing is not None
    return readiness_of(base, passing)


@pytest.mark.django_db
def test_readiness_of_a_past_week_is_what_stood_then(weighed: Path, user: User, clock: Clock, low_floor: None) -> None:
    add_reviews(user, 200, clock.now())
    found = over_time(user, clock.now())
    past = found.points[-3]
    assert past.on == study_day(clock.now(), ZoneInfo("UTC")) - timedelta(days=14)
    end_of_day = datetime.combine(past.on + timedelta(days=1), datetime.min.time(), tzinfo=UTC) + timedelta(hours=3, minutes=59)
    then = over_time(user, end_of_day).now.readiness
    assert past.readiness is not None
    assert then is not None
    assert (past.readiness.p_pass, past.readiness.low) == pytest.approx((then.p_pass, then.low), rel=1e-9)
    assert past.readiness.evidence.n_answers == then.evidence.n_answers < 200


@pytest.mark.django_db
def test_a_new_answer_moves_today_and_no_past_week(weighed: Path, user: User, clock: Clock, low_floor: None) -> None:
    add_reviews(user, 200, clock.now() - timedelta(days=1))
    before = over_time(user, clock.now())
    StudyReview.objects.create(
        user=user,
        subject="takeaway:renal.anion_gap",
        grade=1,
        at=clock.now(),
        origin="item",
        shown="renal-0001",
        kept_at=clock.now(),
    )
    after = over_time(user, clock.now())
    assert after.points[:-1] == before.points[:-1]
    assert after.now.found.evidence.n_answers == before.now.found.evidence.n_answers + 1
    assert before.now.readiness is not None
    assert after.now.readiness is not None
    assert after.now.readiness.score.mean < before.now.readiness.score.mean


@given(st.integers(0, 3000))
def test_a_long_history_is_looked_at_in_whole_weeks_and_few_of_them(n_days: int) -> None:
    on = date(2026, 5, 4)
    days = days_looked_at(on - timedelta(days=n_days), on)
    assert len(days) <= 26
    assert days == sorted(days)
    assert all((on - day).days % 7 == 0 and 0 < (on - day).days <= n_days for day in days)
    assert bool(days) == (n_days >= 7)


def test_more_cards_of_an_area_than_it_has_takeaways_do_not_make_the_forecast_unsure() -> None:
    many = known(*[(20.0, 5, 5)] * 400)
    first = FirstAnswers(np.zeros(0, dtype=np.int16), np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.int32))
    score = area_forecast((Area("renal", 1.0, 1),), first, ON).score(many, DEFAULTS, ON)
    assert score.high - score.low < 0.06


# --- standards ------------------------------------------------------------------------------------------------------------


def test_marks_are_drawn_and_scaled_scores_and_percentiles_are_not() -> None:
    programmes = read_programmes(CONTENT / "programmes").by_name
    on = date(2026, 11, 29)
    marks = standards_of(programmes["fmge"].on(on).steps[0], programmes["fmge"].groups)
    assert [line.share for line in marks.lines] == [0.5]
    assert "which was not measured" in marks.said[0]
    scaled = standards_of(programmes["usmle"].on(on).step("step2ck"), programmes["usmle"].groups)
    assert scaled.lines == ()
    assert "218 on the exam's own scale. The forecast is not on that scale" in scaled.said[0]
    percentiles = standards_of(programmes["neet_pg"].on(on).steps[0], programmes["neet_pg"].groups)
    assert percentiles.lines == ()
    assert len(percentiles.said) == 3


# --- memory ahead ---------------------------------------------------------------------------------------------------------

ON = date(2026, 3, 2)


def known(*rows: tuple[float, int, int]) -> Known:
    """Memories: stability in days, days since the last review, days until due."""
    memories = [(Memory(stability, 5.0, ON - timedelta(days=ago), 1, 0), due) for stability, ago, due in rows]
    schedule = Schedule(
        tuple(Subject(f"takeaway:t{number}") for number in range(len(rows))),
        np.array([memory.stability_days for memory, _ in memories]),
        np.array([memory.difficulty for memory, _ in memories]),
        np.array([memory.last_on.toordinal() for memory, _ in memories], dtype=np.int32),
        np.ones(len(rows), dtype=np.int32),
        np.zeros(len(rows), dtype=np.int32),
    )
    due = np.array([ON.toordinal() + days for _, days in memories], dtype=np.int32)
    return Known(schedule, np.zeros(len(rows), dtype=np.int16), np.zeros(len(rows)), due)


def test_two_memories_are_forgotten_as_their_stability_says() -> None:
    found = outlook(known((10.0, 0, 5), (30.0, 0, 20)), DEFAULTS, ON, ON + timedelta(days=30))
    assert found.days[0] == ON
    assert found.days[-1] == ON + timedelta(days=30)
    assert found.unreviewed[0].expected == pytest.approx(2.0)
    recall = retrievability(DEFAULTS, np.array([10.0, 30.0]), np.array([30.0, 30.0]))
    assert recall[1] == pytest.approx(0.9)
    assert found.unreviewed[-1].expected == pytest.approx(float(recall.sum()))
    spread = 1.959964 * float(np.sqrt((recall * (1 - recall)).sum()))
    assert found.unreviewed[-1].low == pytest.approx(float(recall.sum()) - spread, abs=1e-4)
    assert found.unreviewed[-1].high == pytest.approx(min(2.0, float(recall.sum()) + spread), abs=1e-4)


def test_what_is_due_today_is_at_hand_once_reviewed() -> None:
    found = outlook(known((4.0, 10, -3)), DEFAULTS, ON, ON + timedelta(days=7))
    assert found.unreviewed[0].expected < 0.85
    assert found.reviewed[0].expected == pytest.approx(1.0)


MEMORIES = st.lists(st.tuples(st.floats(0.5, 400), st.integers(0, 200), st.integers(-20, 60)), min_size=1, max_size=12)


@given(MEMORIES, st.integers(0, 400))
def test_reviewing_what_falls_due_never_leaves_less_and_nothing_exceeds_what_there_is(
    rows: list[tuple[float, int, int]], exam_in: int
) -> None:
    found = outlook(known(*rows), DEFAULTS, ON, ON + timedelta(days=exam_in) if exam_in else None)
    assert len(found.days) == len(found.unreviewed) == len(found.reviewed)
    for left, kept in zip(found.unreviewed, found.reviewed, strict=True):
        for count in (left, kept):
            assert 0 <= count.low <= count.expected <= count.high <= len(rows) + 1e-9
        assert kept.expected >= left.expected - 1e-9


@given(MEMORIES, st.integers(1, 90))
def test_each_memory_is_due_once_and_overdue_ones_today(rows: list[tuple[float, int, int]], exam_in: int) -> None:
    found = due_by_day(known(*rows), ON, ON + timedelta(days=exam_in))
    n_days = min(28, exam_in)
    assert [day.on for day in found] == [ON + timedelta(days=n) for n in range(n_days)]
    assert found[0].n == sum(due <= 0 for _, _, due in rows)
    assert sum(day.n for day in found) == sum(due < n_days for _, _, due in rows)


def test_without_an_exam_sixty_days_are_looked_at() -> None:
    days = days_ahead(ON, None)
    assert (days[-1] - days[0]).days == 60
    assert days_ahead(ON, ON)[-1] == ON + timedelta(days=60)
    assert days_ahead(ON, ON + timedelta(days=3)) == [ON + timedelta(days=n) for n in range(4)]


# --- answers --------------------------------------------------------------------------------------------------------------


def answers(*rows: tuple[str, bool, float, str]) -> AnswerColumns:
    """Answers: item, right, seconds, confidence."""
    return AnswerColumns(
        tuple(item for item, _, _, _ in rows),
        np.array([right for _, right, _, _ in rows], dtype=np.bool_),
        np.array([seconds for _, _, seconds, _ in rows], dtype=np.float64),
        np.ones(len(rows)),
        tuple(confidence for _, _, _, confidence in rows),
    )


def test_confidence_and_times_of_a_small_history_by_hand() -> None:
    found = answers(
        ("a", True, 45, "sure"),
        ("b", True, 100, "sure"),
        ("c", False, 30, "sure"),
        ("d", False, 250, "unsure"),
        ("e", True, 90, ""),
        ("a", False, 10, ""),
    )
    shares = by_confidence(found)
    assert {name: (share.n_correct, share.n) for name, share in shares.items()} == {
        "sure": (2, 3),
        "": (1, 2),
        "unsure": (0, 1),
    }
    times = times_of(found, np.array([90.0, 90.0, 90.0, 90.0, 90.0, np.nan]))
    assert {(one.low, one.high): (one.n_right, one.n_wrong) for one in times.bins if one.n_right or one.n_wrong} == {
        (0.25, 0.5): (0, 1),
        (0.5, 0.75): (1, 0),
        (1.0, 1.25): (2, 0),
        (2.0, inf): (0, 1),
    }
    assert times.right is None  # three are too few for an interval
    assert latest(found) == {"a": False, "b": True, "c": False, "d": False, "e": True}


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["sure", "", "unsure"])), max_size=60))
def test_every_interval_lies_between_nothing_and_all(rows: list[tuple[bool, str]]) -> None:
    found = by_confidence(answers(*(("a", right, 60.0, confidence) for right, confidence in rows)))
    for share in found.values():
        assert 0 <= share.low <= share.high <= 1
        assert share.share is None or share.low <= share.share <= share.high
    assert sum(share.n for share in found.values()) == len(rows)


@given(st.lists(st.floats(0.01, 10), min_size=6, max_size=300))
def test_a_median_lies_between_the_values_that_hold_it(values: list[float]) -> None:
    found = median_between(np.array(values))
    assert found is not None
    assert min(values) <= found.low <= found.value <= found.high <= max(values)


def test_the_middle_of_a_hundred_values_is_held_by_ranks_of_a_table() -> None:
    found = median_between(np.arange(1.0, 101.0))
    assert found is not None
    assert (found.value, found.low, found.high) == (50.5, 40.0, 61.0)  # Campbell & Gardner: ranks 40 and 61


# --- the map --------------------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.tuples(st.integers(0, 25), st.floats(0, 1)), min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_cell_is_hatched_exactly_where_evidence_is_thin(rows: list[list[tuple[int, float]]]) -> None:
    found = MasteryMap(side("r", len(rows)), side("c", 3), tuple(tuple(cell(*one) for one in row) for row in rows))
    picture = map_picture(found)
    drawn = [one for row in picture.rows for one in row.cells]
    counts = [n for row in rows for n, _ in row]
    assert [one.fill == "none" for one in drawn] == [n == 0 for n in counts]
    assert [one.is_hatched for one in drawn] == [0 < n < THIN_ANSWERS for n in counts]
    assert [row[-1] == "thin" for row in picture.table.rows] == [n < THIN_ANSWERS for n in counts]


def side(name: str, n: int) -> Side:
    return Side(name, tuple(f"{name}{i}" for i in range(n)), tuple(f"{name} {i}" for i in range(n)), (1 / n,) * n, True)


def cell(n: int, share: float) -> Cell:
    return Cell(0.1, wilson(round(n * share), n))


@pytest.mark.django_db
def test_a_made_up_history_has_answers_reviews_and_reasons(user: User, clock: Clock) -> None:
    live(user, current_content(), Life(days=10, n_cards=5), at=clock.now())
    base = base_of(user, current_content(), at=clock.now())
    found = over_time(user, clock.now())
    assert found.now.found.evidence.n_answers == StudyReview.objects.filter(user=user, origin="item").count()
    assert len(memories_of(base).schedule) == 6
