"""Where a person stands: everything that the session and the plan are built from, as of an instant.

Progress and the calendar feed read it too, so it says nothing in words and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.blueprint import Blueprint, blueprint_of, step_of_profile
from bedside.site.content import Content
from bedside.site.passing.state import Passing, passing_of
from bedside.site.planning.calendars import Times, times_of
from bedside.site.planning.remembering import Remembered, first_answers, remembered_at
from bedside.site.planning.showing import Showings, showings_of
from bedside.site.planning.wholes import blocks_of, cases_of
from bedside.site.study.zones import zone_of
from bedside.study import (
    NO_AREA,
    Area,
    AreaForecast,
    Forecast,
    Known,
    Score,
    StudyState,
    Subject,
    Unmet,
    area_forecast,
    study_day,
    takeaway,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person at an instant: the state of the core with the names of its areas, the forecast, and the score of now.

    `passing` is what the model of readiness says of today, None where the bank has nothing to judge it by; then `forecast` is
    the simple one. `score` is what a form sat today would bring, by `forecast`; `shows` names the item by which a takeaway is
    asked, for those that have one to ask by.
    """

    on: date
    zone: ZoneInfo
    at: datetime
    programme: str
    step: str
    title: str  # of the step
    area_codes: tuple[str, ...]
    area_titles: tuple[str, ...]
    area_weights: tuple[float, ...]
    state: StudyState
    passing: Passing | None
    forecast: Forecast
    score: Score
    times: Times
    shows: Mapping[Subject, str]
    began: date  # the first study day
    n_first_answers: int  # answers to items that the forecast rests on

    def area(self, index: int | None) -> str:
        """The name of an area; empty for none."""
        return "" if index is None or index == NO_AREA else self.area_titles[index]


def standing_of(
    user: User,
    content: Content,
    *,
    at: datetime,
    step: tuple[str, str] | None = None,
    exam_on: date | None = None,
) -> Standing:
    """Where a person stands at an instant, by what the log had then.

    Of the exam that their profile names and its date; with `step` (programme and step) of another one, on the day `exam_on`.
    """
    zone = zone_of(user.pk)
    on = study_day(at, zone)
    profile = profile_of(user)
    day = exam_on if step is not None else profile.exam_on
    day = day if day is not None and day >= on else None
    blueprint = blueprint_of(content, step or step_of_profile(profile, content, on=on), on=on)
    times = times_of(user, profile)
    mine = remembered_at(user, content, blueprint, zone=zone, exam_on=day, days_off=times.ordinals_off(on), at=at)
    shown = showings_of(user, content, blueprint, zone=zone, on=on, at=at)
    areas = _areas(blueprint)
    known, unmet = _known(mine, blueprint, shown), _unmet(mine, blueprint, shown)
    passing = passing_of(user, content, blueprint, zone=zone, on=on, at=at, log=mine.log)
    forecast = passing.forecast(areas, known) if passing else _simple(user, blueprint, areas, zone=zone, on=on, at=at)
    cases, case_day = cases_of(user, blueprint, zone=zone, at=at)
    blocks, block_day = blocks_of(user, content, blueprint, zone=zone, on=on, at=at)
    state = StudyState(
        areas=areas,
        known=known,
        unmet=unmet,
        area_met_day=_met_days(known, len(areas), mine.began),
        p_unmet=forecast.p_unmet(),
        n_asked=forecast.n_answers,
        exam_on=day,
        parameters=mine.parameters,
        cases=cases,
        case_day=case_day,
        blocks=blocks,
        block_day=block_day,
    )
    return Standing(
        on=on,
        zone=zone,
        at=at,
        programme=blueprint.programme,
        step=blueprint.step,
        title=blueprint.title,
        area_codes=blueprint.codes,
        area_titles=blueprint.titles,
        area_weights=blueprint.weights,
        state=state,
        passing=passing,
        forecast=forecast,
        score=forecast.score(known, mine.parameters, on),
        times=times,
        shows=shown.items,
        began=mine.began,
        n_first_answers=round(float(forecast.n_answers.sum())),
    )


def _simple(
    user: User, blueprint: Blueprint, areas: tuple[Area, ...], *, zone: ZoneInfo, on: date, at: datetime
) -> AreaForecast:
    return area_forecast(areas, first_answers(user.pk, blueprint, zone, at), on)


def _areas(blueprint: Blueprint) -> tuple[Area, ...]:
    sizes = [0] * len(blueprint.codes)
    for area in blueprint.area_of.values():
        sizes[area] += 1
    return tuple(map(Area, blueprint.codes, blueprint.weights, sizes))


def _known(mine: Remembered, blueprint: Blueprint, shown: Showings) -> Known:
    subjects = mine.schedule.subjects
    areas = [_area(subject, mine, blueprint) for subject in subjects]
    minutes = [shown.minutes_of(subject) for subject in subjects]
    return Known(
        schedule=mine.schedule,
        area=np.array(areas, dtype=np.int16),
        minutes=np.array(minutes, dtype=np.float64),
        due_day=mine.due.astype(np.int32),
    )


def _unmet(mine: Remembered, blueprint: Blueprint, shown: Showings) -> Unmet:
    """Takeaways that items ask and that were never met, and so many new cards as are still wanted today."""
    met = set(mine.schedule.subjects)
    names = [takeaway(name) for name in blueprint.asked if takeaway(name) not in met]
    names = [subject for subject in names if subject in shown.items]
    new = mine.new_cards[: max(0, mine.cards.new_a_day - shown.n_cards_met_today)]
    subjects = (*names, *new)
    return Unmet(
        subjects=subjects,
        area=np.array([_area(subject, mine, blueprint) for subject in subjects], dtype=np.int16),
        minutes=np.array([shown.minutes_of(subject) for subject in subjects], dtype=np.float64),
    )


def _area(subject: Subject, mine: Remembered, blueprint: Blueprint) -> int:
    own = mine.cards.area.get(subject)
    return own if own is not None else blueprint.area(subject.partition(":")[2])


def _met_days(known: Known, n_areas: int, began: date) -> NDArray[np.int32]:
    met = np.full(n_areas, began.toordinal(), dtype=np.int32)
    inside = known.area != NO_AREA
    np.maximum.at(met, known.area[inside], known.schedule.last_day[inside])
    return met
