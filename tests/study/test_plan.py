"""The weeks ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.study import AreaForecast, Calendar, Offer, Phase, build_plan
from tests.study.made import DAY, ON, made_state

HOUR_A_DAY = Calendar((60.0,) * 7)


def forecast_of(state):
    n = len(state.areas)
    return AreaForecast(state.areas, np.full(n, 6.0), np.full(n, 10.0))


def plan_of(state, calendar=HOUR_A_DAY, on=ON):
    return build_plan(state, forecast_of(state), calendar, on)


def minutes_used(week):
    return week.upkeep_minutes + week.case_minutes + week.block_minutes + week.new_minutes.sum()


@settings(max_examples=40)
@given(
    st.integers(0, 1000),
    st.sampled_from([None, 1, 10, 60, 200]),
    st.tuples(*[st.floats(0, 120)] * 7),
    st.integers(0, 200),
)
def test_no_week_is_planned_over_its_minutes_and_nothing_is_met_twice(seed, exam_in, weekdays, n_unmet):
    state = made_state(
        seed=seed, exam_in=exam_in, n_unmet=n_unmet, cases=(Offer("case", 20.0),), blocks=(Offer("block", 60.0),)
    )

    plan = plan_of(state, Calendar(weekdays))

    assert all(minutes_used(week) <= week.minutes + 1e-6 for week in plan.weeks)
    met = sum((week.new_minutes for week in plan.weeks), start=np.zeros(6))
    assert (met <= np.bincount(state.unmet.area, state.unmet.minutes, 6) + 1e-6).all()
    completed = [area for week in plan.weeks for area in week.completed]
    assert len(completed) == len(set(completed))


def test_upkeep_that_does_not_fit_a_week_is_named():
    state = made_state(n_known=400, n_unmet=0, exam_in=60)

    scarce, ample = plan_of(state, Calendar((2.0,) * 7)), plan_of(state, Calendar((600.0,) * 7))

    first, same = scarce.weeks[0], ample.weeks[0]
    assert first.let_go_minutes > 0
    assert first.let_go_minutes + first.upkeep_minutes == pytest.approx(same.upkeep_minutes)
    assert all(week.let_go_minutes == 0 for week in ample.weeks)


def test_days_off_and_days_after_the_exam_have_no_minutes():
    off = frozenset(ON + n * DAY for n in (0, 1))

    plan = plan_of(made_state(exam_in=10), Calendar((60.0,) * 7, off))

    assert [week.minutes for week in plan.weeks] == [300, 180]


def test_a_plan_that_can_be_met_has_no_shortfall_and_says_when_each_area_is_complete():
    state = made_state(exam_in=100, n_unmet=60)

    plan = plan_of(state)

    assert plan.shortfall is None
    assert set(plan.completed_by()) == set(state.unmet.area.tolist())


def test_a_date_that_cannot_be_met_is_said_with_the_minutes_and_the_date_that_would_do():
    state = made_state(exam_in=30, n_unmet=900)

    short = plan_of(state, Calendar((45.0,) * 7)).shortfall

    assert short is not None
    assert short.minutes_a_day is not None
    assert short.exam_on is not None
    assert plan_of(state, Calendar((float(short.minutes_a_day),) * 7)).shortfall is None
    assert plan_of(replace(state, exam_on=short.exam_on), Calendar((45.0,) * 7)).shortfall is None
    assert plan_of(state, Calendar((float(short.minutes_a_day - 10),) * 7)).shortfall is not None
    assert plan_of(replace(state, exam_on=short.exam_on - timedelta(weeks=1)), Calendar((45.0,) * 7)).shortfall is not None


def test_where_no_minutes_would_do_none_are_named():
    short = plan_of(made_state(exam_in=3, n_unmet=2_000)).shortfall

    assert short is not None
    assert short.minutes_a_day is None


def test_somebody_who_never_studies_is_told_no_minutes_and_no_date():
    short = plan_of(made_state(exam_in=30), Calendar((0.0,) * 7)).shortfall

    assert short is not None
    assert (short.minutes_a_day, short.exam_on) == (None, None)


def test_a_missed_week_makes_no_day_longer_and_nothing_is_carried_over():
    state = made_state(exam_in=60, n_unmet=300)

    before, after = plan_of(state), plan_of(state, on=ON + timedelta(weeks=1))

    assert max(week.minutes for week in after.weeks) <= max(week.minutes for week in before.weeks)
    assert all(minutes_used(week) <= week.minutes + 1e-6 for week in after.weeks)


def test_phases_run_from_meeting_to_holding_to_rehearsing():
    plan = plan_of(made_state(exam_in=120, blocks=(Offer("block", 60.0),)))

    phases = [week.phase for week in plan.weeks]
    assert phases == sorted(phases, key=list(Phase).index)
    assert set(phases) == set(Phase)
    assert all((week.block_minutes > 0) == (week.phase is Phase.REHEARSING) for week in plan.weeks)


def test_the_expected_score_rises_as_more_is_met_and_keeps_its_interval():
    scores = [week.score for week in plan_of(made_state(exam_in=100, n_unmet=300)).weeks]

    assert [score.expected for score in scores] == sorted(score.expected for score in scores)
    assert all(0 <= score.low < score.expected < score.high <= 1 for score in scores)
    assert scores[-1].high - scores[-1].low < scores[0].high - scores[0].low


def test_upkeep_grows_with_what_was_met():
    few, many = (plan_of(made_state(exam_in=100, n_known=n, n_unmet=0)).weeks for n in (20, 200))

    assert sum(week.upkeep_minutes for week in many) > 5 * sum(week.upkeep_minutes for week in few)


def test_without_an_exam_half_a_year_is_shown_and_nothing_falls_short():
    plan = plan_of(made_state(exam_in=None, n_unmet=5_000))

    assert (len(plan.weeks), plan.shortfall) == (26, None)


def test_a_plan_for_an_exam_that_is_over_is_refused():
    with pytest.raises(UsageError, match="2026-03-01"):
        plan_of(replace(made_state(), exam_on=date(2026, 3, 1)))


def test_a_day_of_more_than_a_day_is_refused():
    with pytest.raises(UsageError, match="between 0 and 1440"):
        Calendar((2000.0,) * 7)
