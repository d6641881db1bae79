"""The years ahead: one plan after another, through all exams that somebody means to sit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bedside.errors import UsageError
from bedside.study.forecast import Forecast
from bedside.study.plan import Calendar, Plan, build_plan, date_that_would_do
from bedside.study.state import StudyState

SPARE = timedelta(weeks=2)  # after everything was met, to rehearse; where a date is proposed


@dataclass(frozen=True, slots=True)
class Goal:
    """An exam to be sat. Its state says the date, or None where none is set; `not_before` is the first day it can be sat on."""

    name: str
    state: StudyState
    forecast: Forecast
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """The plan of one goal, from the day after the exam before it. A date that was not set is proposed, if one is found."""

    goal: str
    plan: Plan
    is_proposed: bool


def build_road(goals: Sequence[Goal], calendar: Calendar, on: date) -> tuple[Leg, ...]:
    """The plans of goals in the order in which they are sat, each with all minutes from the exam before it on.

    A goal without a date is proposed the first by weeks that everything can be met by, with two weeks to rehearse. Nothing
    after a goal for which no date is found is planned.

    Raises:
        UsageError: an exam lies before the one it follows.
    """
    legs: list[Leg] = []
    start = on
    for goal in goals:
        state, is_proposed = goal.state, goal.state.exam_on is None
        if state.exam_on is not None and state.exam_on < start:
            raise UsageError(f"{goal.name} is on {state.exam_on}, and {start} is the first day for it")
        if is_proposed:
            found = date_that_would_do(replace(state, exam_on=start), calendar, start)
            proposed = None if found is None else max(found + SPARE, goal.not_before or start)
            state = replace(state, exam_on=proposed)
        legs.append(Leg(goal.name, build_plan(state, goal.forecast, calendar, start), is_proposed))
        if state.exam_on is None:
            break
        start = state.exam_on + timedelta(days=1)
    return tuple(legs)
