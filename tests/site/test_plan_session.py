"""The session of a study day: made once, the same all day, lighter after missed days, never longer than the minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.site.accounts.actions import update_profile
from bedside.site.accounts.models import Profile, User
from bedside.site.content import current_content
from bedside.site.planning import actions
from bedside.site.planning.calendars import times_from
from bedside.site.planning.keeping_days import days_until, finished_days
from bedside.site.planning.models import DaySession, StudyCalendar
from bedside.site.planning.queries import plan_of
from bedside.site.planning.sessions import Day, day_of, keep_day
from bedside.site.planning.standing import standing_of
from bedside.site.study.log import add_missing
from bedside.study import Breadth, Due, Grade, HighYield, Kind, Origin, Review, card, lighter, study_day
from tests.support.plans import DAY, learn, write_many
from tests.support.site import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(own_content: Path) -> list[str]:
    """Twenty-four takeaways, each with an item."""
    return write_many(own_content)


def kept(user: User, clock: Clock, minutes: float | None = None) -> Day:
    return keep_day(user, current_content(), at=clock.now(), minutes=minutes)


def told(day: Day) -> list[tuple[str, bool]]:
    return [(one.piece.name, one.is_done) for one in day.pieces]


def done(user: User, clock: Clock, day: Day, n: int | None = None) -> None:
    """Answer the first pieces of a session."""
    learn(user, [one.piece.name.removeprefix("takeaway:") for one in day.pieces if not one.is_done][:n], clock.now())
    clock.pass_s(3600)


def test_the_session_meets_what_is_new_and_reviews_what_is_due(user: User, clock: Clock, names: list[str]) -> None:
    learn(user, names[:2], clock.now())
    clock.at += 30 * DAY
    day = kept(user, clock, 60)

    kinds = {one.piece.name: one.piece.kind for one in day.pieces}
    assert [kinds[f"takeaway:{name}"] for name in names[:2]] == [Kind.REVIEW, Kind.REVIEW]
    reviews = [one.piece for one in day.pieces if one.piece.kind is Kind.REVIEW]
    assert all(isinstance(piece.reason, (Due, Breadth)) for piece in reviews)
    assert all(not piece.item for piece in reviews)  # their items were seen
    new = [one.piece for one in day.pieces if one.piece.kind is Kind.NEW]
    assert new
    assert all(isinstance(piece.reason, (HighYield, Breadth)) and piece.item for piece in new)


def test_the_past_of_a_deck_that_was_brought_is_no_beginning(user: User, clock: Clock, names: list[str]) -> None:
    content = current_content()
    long_ago = [Review(uuid4(), card(uuid4()), Grade.GOOD, clock.now() - n * DAY, Origin.IMPORTED) for n in range(200, 100, -1)]
    add_missing(user, long_ago, kept_at=clock.now())
    brought = standing_of(user, content, at=clock.now())
    days = plan_of(user, content, at=clock.now()).days
    assert brought.began == clock.now().date()
    assert (days.n_missed, days.catch_up) == (0, None)
    assert not [one for one in kept(user, clock).pieces if isinstance(one.piece.reason, Breadth)]

    clock.at += DAY
    learn(user, names[:1], clock.now())
    assert standing_of(user, content, at=clock.now() + 3 * DAY).began == clock.now().date()


def test_the_session_is_the_same_all_day(user: User, clock: Clock, names: list[str]) -> None:
    first = kept(user, clock, 20)
    names_first = [name for name, _ in told(first)]
    done(user, clock, first, 2)
    later = kept(user, clock)

    assert [name for name, _ in told(later)] == names_first
    assert [is_done for _, is_done in told(later)] == [True, True] + [False] * (len(names_first) - 2)
    assert (later.n_done, later.is_finished) == (2, False)


def test_a_session_of_which_nothing_is_done_follows_a_change_of_minutes(user: User, clock: Clock, names: list[str]) -> None:
    before = kept(user, clock)
    update_profile(user, at=clock.now(), minutes_a_day=10)
    after = kept(user, clock)
    assert (before.minutes, after.minutes) == (30.0, 10.0)
    assert after.planned_minutes <= 10

    done(user, clock, after, 1)
    update_profile(user, at=clock.now(), minutes_a_day=90)
    assert kept(user, clock).minutes == 10.0  # it has been begun


def test_the_day_is_kept_once_all_pieces_are_done(user: User, clock: Clock, names: list[str]) -> None:
    day = kept(user, clock, 15)
    done(user, clock, day)
    after = kept(user, clock)

    assert after.is_finished
    assert after.days.kept.n_days == 1
    assert DaySession.objects.get(user=user).finished_at == clock.now()
    clock.at += DAY
    assert kept(user, clock).days.n_of_last_week == 1


def test_another_session_has_other_pieces(user: User, clock: Clock, names: list[str]) -> None:
    first = kept(user, clock, 12)
    done(user, clock, first)
    again = keep_day(user, current_content(), at=clock.now(), again=True)

    assert again.number == 2
    assert {name for name, _ in told(again)}.isdisjoint(name for name, _ in told(first))
    assert told(kept(user, clock)) == told(again)


def test_missed_days_make_the_next_session_lighter(user: User, clock: Clock, names: list[str]) -> None:
    day = kept(user, clock)
    done(user, clock, day)
    kept(user, clock)
    found = []
    for _ in range(5):
        clock.at += DAY
        day = day_of(user, current_content(), at=clock.now())
        found.append((day.days.n_missed, day.minutes, day.is_lighter))
    assert found == [(0, 30.0, False), (1, 22.5, True), (2, 22.5, True), (3, 15.0, True), (4, 15.0, True)]


def test_a_day_off_has_no_session_and_is_no_day_missed(user: User, clock: Clock, names: list[str]) -> None:
    day = kept(user, clock)
    done(user, clock, day)
    kept(user, clock)
    on = day.on
    actions.add_days_off(user, on + DAY, on + 3 * DAY, at=clock.now())
    clock.at += DAY
    off = kept(user, clock)
    assert (off.is_day_off, off.pieces, off.left_out) == (True, (), ())
    clock.at += 3 * DAY
    back = kept(user, clock)
    assert (back.days.n_missed, back.minutes) == (0, 30.0)
    assert back.days.kept.n_days == 1
    assert back.days.kept.rest_days_left == 2


def test_a_day_with_nothing_to_do_is_no_day_missed(user: User, clock: Clock, names: list[str]) -> None:
    for _ in range(3):
        learn(user, names, clock.now(), Grade.EASY)
        clock.at += DAY
    start = clock.at
    found = []
    for n in range(4):
        clock.at = start + n * DAY
        day = day_of(user, current_content(), at=clock.now())
        found.append((bool(day.pieces), day.days.n_missed))
    assert found == [(True, 0)] * 1 + [(True, 1), (True, 2), (True, 3)] or found[0] == (False, 0)
    is_idle = [not pieces for pieces, _ in found]
    for before, (_, n_missed) in zip(is_idle, found[1:], strict=False):
        assert not before or n_missed == 0


def test_looking_at_another_day_keeps_nothing(user: User, clock: Clock, names: list[str]) -> None:
    learn(user, names[:3], clock.now() - 10 * DAY)
    before = day_of(user, current_content(), at=clock.now() - 11 * DAY)
    assert not [one for one in before.pieces if one.piece.kind is Kind.REVIEW]
    assert not DaySession.objects.exists()


def test_the_past_is_answered_with_the_log_of_then(user: User, clock: Clock, names: list[str]) -> None:
    content = current_content()
    learn(user, names[:3], clock.now() - 10 * DAY)
    learn(user, names[3:6], clock.now() - 2 * DAY)
    n_known = [len(standing_of(user, content, at=clock.now() - n * DAY).state.known.schedule) for n in (11, 9, 3, 1, 0)]
    assert n_known == [0, 3, 3, 6, 6]


def test_minutes_that_are_none_of_a_day_are_refused(user: User, clock: Clock, names: list[str]) -> None:
    for minutes in (-1, 1441):
        with pytest.raises(UsageError):
            kept(user, clock, minutes)


def test_a_session_without_minutes_or_bank_has_nothing_in_it(user: User, clock: Clock) -> None:
    assert kept(user, clock, 0).pieces == ()


def test_what_comes_from_another_machine_of_days_before_is_planned_for(user: User, clock: Clock, names: list[str]) -> None:
    first = [name for name, _ in told(kept(user, clock, 30))]
    learn(user, [name.removeprefix("takeaway:") for name in first[:4]], clock.now() - DAY)
    second = kept(user, clock)
    new = {one.piece.name for one in second.pieces if one.piece.kind is Kind.NEW}
    assert not new & set(first[:4])
    assert new


# --- days, without a database ---------------------------------------------------------------------------------------------

ON = date(2027, 3, 31)
WEEKS = st.lists(st.integers(0, 240), min_size=7, max_size=7)
SPENT = st.dictionaries(st.integers(1, 60).map(lambda n: ON - timedelta(days=n)), st.floats(0, 300), max_size=40)


@given(WEEKS, SPENT)
def test_no_miss_makes_a_day_longer_than_its_minutes(week: list[int], spent: dict[date, float]) -> None:
    row = StudyCalendar(weekday_minutes=week, minutes_a_day=None, days_off=[])
    times = times_from(row, Profile())
    days = days_until(ON, times, spent, (), began=min(spent, default=None), exam_on=None)
    usual = times.calendar.minutes_on(ON)
    assert lighter(usual, days.n_missed) <= usual
    assert days.n_missed >= 0
    assert 0 <= days.kept.rest_days_left <= 2


@given(WEEKS, SPENT)
def test_days_with_the_minutes_meant_are_kept(week: list[int], spent: dict[date, float]) -> None:
    times = times_from(StudyCalendar(weekday_minutes=week, minutes_a_day=None, days_off=[]), Profile())
    found = finished_days(ON, times, spent, (), began=min(spent, default=None))
    for day, minutes in spent.items():
        meant = times.calendar.minutes_on(day)
        if meant > 0 and minutes >= meant:
            assert day in found
        if meant == 0:
            assert day not in found


def test_a_catch_up_is_offered_put_away_and_never_made_twice() -> None:
    times = times_from(StudyCalendar(weekday_minutes=[60] * 6 + [0], minutes_a_day=None, days_off=[]), Profile())
    began = ON - timedelta(days=28)
    days = days_until(ON, times, {began: 60.0}, (), began=began, exam_on=None)
    assert days.catch_up is not None
    assert days.catch_up.extra_minutes_a_day <= 15
    away = times_from(
        StudyCalendar(weekday_minutes=[60] * 6 + [0], minutes_a_day=None, days_off=[], put_away_on=ON - timedelta(days=3)),
        Profile(),
    )
    assert days_until(ON, away, {began: 60.0}, (), began=began, exam_on=None).catch_up is None
    fresh = replace(times, said_on=ON)
    assert days_until(ON, fresh, {began: 60.0}, (), began=began, exam_on=None).catch_up is None  # nothing was meant before
    soon = days_until(ON, times, {began: 60.0}, (), began=began, exam_on=ON + timedelta(days=5)).catch_up
    assert soon is not None
    assert soon.until == ON + timedelta(days=4)
    assert days_until(ON, times, {}, (), began=None, exam_on=None).catch_up is None


def test_the_study_day_of_a_late_evening_is_the_day_before(user: User, clock: Clock, names: list[str]) -> None:
    clock.at = clock.at.replace(hour=3, minute=30)
    assert kept(user, clock).on == study_day(clock.at, UTC) == (clock.at - DAY).date()
