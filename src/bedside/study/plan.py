"""The weeks ahead: what will be met when, what holding it takes, and whether the date can be met.

A plan is made anew every night from what really happened, so nothing is ever carried over: a missed week makes the plan say
something else, and no day longer. What does not fit is said, with the minutes or the date that would do.

The minutes of a week go first to holding what was met (at most `MOST_UPKEEP` of them: what matters less is let go), to the
patient case of the week and, in the last two weeks, to blocks under real conditions; the rest meets what is new, the areas
that are worth most first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.study.forecast import Forecast, Score
from bedside.study.forgetting import Floats
from bedside.study.session import REAL_CONDITIONS_DAYS
from bedside.study.state import StudyState
from bedside.study.upkeep import WEEK_DAYS, minutes_of_known, minutes_of_new
from bedside.study.value import gain_of_unmet

Rows = NDArray[np.intp]

MOST_UPKEEP = 0.7  # of a week's minutes; assumed
REAL_CONDITIONS_SHARE = 0.5  # of the minutes of the last two weeks; assumed
HORIZON_WEEKS = 26  # shown where no exam is set
MAX_WEEKS = 5 * 52  # looked ahead at most
MAX_DAY_MINUTES = 12 * 60  # nobody is told to study longer
RETENTION_HELD = 0.9  # how likely what is held is remembered on the day of the exam; assumed
STEP_MINUTES = 5  # to which minutes a day are rounded up


class Phase(StrEnum):
    """What a week is for."""

    MEETING = "meeting"  # there is something that was not met
    HOLDING = "holding"
    REHEARSING = "rehearsing"  # the last two weeks


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody can study: minutes a weekday from Monday to Sunday, and days on which they can't."""

    weekday_minutes: tuple[float, float, float, float, float, float, float]
    days_off: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not all(0 <= minutes <= 24 * 60 for minutes in self.weekday_minutes):
            raise UsageError(f"minutes a weekday lie between 0 and 1440: {self.weekday_minutes}")

    def minutes_on(self, day: date) -> float:
        return 0.0 if day in self.days_off else self.weekday_minutes[day.weekday()]

    def minutes_in(self, first: date, before: date) -> float:
        """The minutes from one day until before another."""
        return sum(self.minutes_on(first + timedelta(days=n)) for n in range((before - first).days))

    def scaled(self, factor: float) -> Calendar:
        """The same days with so many times the minutes, at most `MAX_DAY_MINUTES`."""
        one, two, three, four, five, six, seven = (min(m * factor, max(m, MAX_DAY_MINUTES)) for m in self.weekday_minutes)
        return Calendar((one, two, three, four, five, six, seven), self.days_off)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `starts_on`, or fewer before the exam. Minutes by what they go to; areas are indices."""

    starts_on: date
    phase: Phase
    minutes: float  # that there are
    upkeep_minutes: float
    case_minutes: float
    block_minutes: float
    new_minutes: Floats  # (n_areas,)
    completed: tuple[int, ...]  # areas of which the last takeaway is met in this week
    score: Score  # expected on the day of the exam (without one: at the end of the week) if one stopped meeting new things here
    let_go_minutes: float = 0.0  # of upkeep that does not fit: what matters less is left to fade


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The date can't be met: what stays unmet, and what would do. None where nothing in reach would."""

    minutes_short: float
    areas: tuple[int, ...]  # that are not completed
    minutes_a_day: int | None  # on the days of study, instead of those there are
    exam_on: date | None  # with the minutes there are


@dataclass(frozen=True, slots=True)
class Plan:
    """The weeks up to the exam. `shortfall` is None where everything can be met in time."""

    on: date
    exam_on: date | None
    weeks: tuple[Week, ...]
    shortfall: Shortfall | None

    def completed_by(self) -> dict[int, date]:
        """By area, the end of the week in which its last takeaway is met first."""
        return {area: week.starts_on + timedelta(days=WEEK_DAYS - 1) for week in self.weeks for area in week.completed}


def build_plan(state: StudyState, forecast: Forecast, calendar: Calendar, on: date) -> Plan:
    """The plan from this day. The same state, forecast, calendar and day give the same plan.

    Raises:
        UsageError: the exam is over.
    """
    if state.exam_on is not None and state.exam_on < on:
        raise UsageError(f"the exam was on {state.exam_on}, before {on}")
    run = _run(state, calendar, on, state.exam_on)
    weeks = tuple(_scored(run, state, forecast))
    return Plan(on, state.exam_on, weeks, _shortfall(state, calendar, on, run))


@dataclass(frozen=True, slots=True)
class _Run:
    """Weeks without their scores, and the minutes of new things that were not reached, by area."""

    weeks: tuple[Week, ...]
    unreached: Floats

    @property
    def is_met(self) -> bool:
        return float(self.unreached.sum()) < 1e-6


NO_SCORE = Score(0.0, 0.0, 0.0, np.zeros(0), 0.0)


def _run(state: StudyState, calendar: Calendar, on: date, exam_on: date | None) -> _Run:
    n_weeks = min(MAX_WEEKS, HORIZON_WEEKS if exam_on is None else -(-(exam_on - on).days // WEEK_DAYS))
    exam_in = None if exam_on is None else (exam_on - on).days
    upkeep = minutes_of_known(state.known, state.parameters, on, exam_on, n_weeks)
    mean_new = float(state.unmet.minutes.mean()) if len(state.unmet) else 1.0
    mean_test = float(state.known.minutes.mean()) if len(state.known.schedule) else mean_new
    after_new = minutes_of_new(state.parameters, exam_in, n_weeks, mean_test / mean_new)
    left = _minutes_by_area(state)
    order = np.argsort(-gain_of_unmet(state, on)[:-1], kind="stable")
    weeks = []
    for number in range(n_weeks):
        starts_on = on + timedelta(days=number * WEEK_DAYS)
        week = _week(state, calendar, starts_on, exam_on, upkeep=float(upkeep[number]), left=left, order=order)
        left = left - week.new_minutes
        upkeep[number:] += float(week.new_minutes.sum()) * after_new[: n_weeks - number]
        weeks.append(week)
    return _Run(tuple(weeks), left)


def _minutes_by_area(state: StudyState) -> Floats:
    """What meeting everything takes, by area; own cards of no area are left out."""
    inside = state.unmet.area >= 0
    minutes: Floats = np.bincount(state.unmet.area[inside], state.unmet.minutes[inside], len(state.areas)).astype(np.float64)
    return minutes


def _week(
    state: StudyState,
    calendar: Calendar,
    starts_on: date,
    exam_on: date | None,
    *,
    upkeep: float,
    left: Floats,
    order: Rows,
) -> Week:
    before = starts_on + timedelta(days=WEEK_DAYS)
    before = before if exam_on is None else min(before, exam_on)
    minutes = calendar.minutes_in(starts_on, before)
    is_last = exam_on is not None and (exam_on - starts_on).days <= REAL_CONDITIONS_DAYS
    blocks = REAL_CONDITIONS_SHARE * minutes if is_last and state.blocks else 0.0
    case = min(state.cases[0].minutes, minutes - blocks) if state.cases else 0.0
    held = min(upkeep, MOST_UPKEEP * (minutes - blocks - case))
    new = _share_out(minutes - blocks - case - held, left, order)
    done = tuple(np.flatnonzero((left > 0) & (left - new <= 1e-9)).tolist())
    phase = Phase.REHEARSING if is_last else Phase.MEETING if left.sum() > 0 else Phase.HOLDING
    return Week(starts_on, phase, minutes, held, case, blocks, new, done, NO_SCORE, upkeep - held)


def _share_out(minutes: float, left: Floats, order: Rows) -> Floats:
    """Minutes to areas, what is worth most first."""
    given = np.zeros(len(left))
    for area in order.tolist():
        given[area] = min(left[area], minutes)
        minutes -= given[area]
    return given


def _scored(run: _Run, state: StudyState, forecast: Forecast) -> Sequence[Week]:
    """The weeks with what they lead to."""
    sizes = np.array([max(1, area.n_takeaways) for area in state.areas], dtype=np.float64)
    inside = state.known.area[state.known.area >= 0]
    n_met = np.bincount(inside, minlength=len(sizes)).astype(np.float64)
    n_unmet = np.bincount(state.unmet.area[state.unmet.area >= 0], minlength=len(sizes))
    total = sum((week.new_minutes for week in run.weeks), start=np.zeros(len(sizes))) + run.unreached
    each = np.divide(n_unmet, total, out=np.zeros(len(sizes)), where=total > 0)
    weeks = []
    for week in run.weeks:
        n_met = n_met + week.new_minutes * each
        score = forecast.outlook(np.minimum(n_met / sizes, 1.0), RETENTION_HELD)
        weeks.append(replace(week, score=score))
    return weeks


def _shortfall(state: StudyState, calendar: Calendar, on: date, run: _Run) -> Shortfall | None:
    if run.is_met or state.exam_on is None:
        return None
    areas = tuple(np.flatnonzero(run.unreached > 1e-6).tolist())
    return Shortfall(
        float(run.unreached.sum()), areas, _minutes_that_would_do(state, calendar, on), date_that_would_do(state, calendar, on)
    )


def _minutes_that_would_do(state: StudyState, calendar: Calendar, on: date) -> int | None:
    """Minutes on an average day of study with which everything is met by the exam."""
    days = [minutes for minutes in calendar.weekday_minutes if minutes > 0]
    if not days or state.exam_on is None:
        return None
    usual = sum(days) / len(days)
    n_steps = int((MAX_DAY_MINUTES - usual) / STEP_MINUTES)
    step = _first(n_steps, lambda n: _run(state, calendar.scaled((usual + n * STEP_MINUTES) / usual), on, state.exam_on).is_met)
    return None if step is None else int(-(-(usual + step * STEP_MINUTES) // STEP_MINUTES) * STEP_MINUTES)


def date_that_would_do(state: StudyState, calendar: Calendar, on: date) -> date | None:
    """The first date, by weeks after the one that is set, by which everything is met with the minutes there are."""
    if state.exam_on is None:
        return None
    exam_on = state.exam_on
    weeks = _first(MAX_WEEKS // 2, lambda n: _run(state, calendar, on, exam_on + timedelta(weeks=n)).is_met)
    return None if weeks is None else exam_on + timedelta(weeks=weeks)


def _first(most: int, does: Callable[[int], bool]) -> int | None:
    """The smallest number from 1 that does, where larger ones do too; None where `most` does not."""
    if most < 1 or not does(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if does(middle) else (middle, high)
    return high
