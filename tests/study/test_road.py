"""The years ahead, and what would make up for missed days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bedside.errors import UsageError
from bedside.study import Calendar, Goal, build_road, catch_up
from tests.study.made import ON, made_state
from tests.study.test_plan import HOUR_A_DAY, forecast_of


def goal(name, exam_on, *, n_unmet=60, not_before=None):
    state = replace(made_state(n_unmet=n_unmet), exam_on=exam_on)
    return Goal(name, state, forecast_of(state), not_before)


def test_each_exam_has_the_days_after_the_one_before_it():
    first, second = date(2026, 6, 1), date(2027, 3, 1)

    legs = build_road([goal("step1", first), goal("step2", second)], HOUR_A_DAY, ON)

    assert [(leg.goal, leg.plan.on, leg.plan.exam_on) for leg in legs] == [
        ("step1", ON, first),
        ("step2", date(2026, 6, 2), second),
    ]
    assert not any(leg.is_proposed for leg in legs)


def test_an_exam_without_a_date_is_proposed_one_that_can_be_met():
    (leg,) = build_road([goal("step1", None, n_unmet=400)], HOUR_A_DAY, ON)

    assert leg.is_proposed
    assert leg.plan.exam_on is not None
    assert leg.plan.shortfall is None


def test_no_exam_is_proposed_before_it_can_be_sat():
    legs = build_road([goal("step1", None, not_before=date(2028, 1, 1))], HOUR_A_DAY, ON)

    assert legs[0].plan.exam_on == date(2028, 1, 1)


def test_nothing_is_planned_after_an_exam_for_which_no_date_would_do():
    legs = build_road([goal("step1", None), goal("step2", date(2030, 1, 1))], Calendar((0.0,) * 7), ON)

    assert [(leg.goal, leg.plan.exam_on) for leg in legs] == [("step1", None)]


def test_exams_in_the_wrong_order_are_refused():
    with pytest.raises(UsageError, match="step2 is on 2026-05-01"):
        build_road([goal("step1", date(2026, 6, 1)), goal("step2", date(2026, 5, 1))], HOUR_A_DAY, ON)


def test_a_missed_week_is_offered_back_in_small_parts():
    done = {ON - timedelta(days=n): 60.0 for n in range(8, 29)}

    offer = catch_up(HOUR_A_DAY, done, ON - timedelta(days=100), ON)

    assert offer is not None
    # seven hours behind; a quarter of an hour on each of fourteen days makes up half of them
    assert (offer.minutes_behind, offer.extra_minutes_a_day, offer.minutes_let_go) == (420, 15, 210)
    assert offer.until == ON + timedelta(days=13)


def test_a_missed_year_is_never_asked_for_beyond_four_weeks():
    offer = catch_up(HOUR_A_DAY, {}, ON - timedelta(days=365), ON)

    assert offer is not None
    assert (offer.minutes_behind, offer.extra_minutes_a_day) == (28 * 60, 15)


def test_whoever_did_most_of_it_or_only_begins_is_offered_nothing():
    most = {ON - timedelta(days=n): 56.0 for n in range(1, 29)}

    assert catch_up(HOUR_A_DAY, most, ON - timedelta(days=100), ON) is None
    assert catch_up(HOUR_A_DAY, {}, ON, ON) is None


def test_nothing_is_offered_where_no_day_of_study_lies_ahead():
    assert (
        catch_up(Calendar((60.0,) * 7, frozenset(ON + timedelta(days=n) for n in range(14))), {}, date(2026, 1, 1), ON) is None
    )
