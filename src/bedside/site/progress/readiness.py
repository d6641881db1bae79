"""Readiness over time: what a form would have brought on each day looked at, by what was known then.

The bank and its areas are those of today; answers and memories are those of that day. Before there are `MIN_ANSWERS` answers
no number is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bedside.site.progress.columns import LogColumns
from bedside.site.progress.trail import Trail, only
from bedside.study import NO_AREA, Area, Areas, FirstAnswers, Grade, Known, Parameters, Score, area_forecast

MIN_ANSWERS = 30  # below, an interval would span most of the scale; assumed
THIN_ANSWERS = 10  # of an area; below, the page names it
MOST_POINTS = 26  # half a year of weeks; a longer history is looked at in longer steps
WEEK_DAYS = 7
GONE = -2  # the area of what is no longer kept in memory


@dataclass(frozen=True, slots=True)
class Point:
    """A day that was looked at. `score` is None where too little was answered by then."""

    on: date
    n_answers: int
    n_met: int  # subjects in memory then
    score: Score | None


@dataclass(frozen=True, slots=True)
class Readiness:
    """Points in the order of time, the last of today; and how many answers each area has."""

    points: tuple[Point, ...]
    n_by_area: tuple[int, ...]

    @property
    def now(self) -> Point:
        return self.points[-1]

    @property
    def drawn(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.score is not None)


@dataclass(frozen=True, slots=True)
class Ground:
    """The areas of a step, and of which each subject of a log and each item is: an index, -1 for none."""

    areas: tuple[Area, ...]
    area: Areas  # (n_subjects,), `GONE` for what is no longer kept in memory
    area_of_item: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Past:
    """The days before today that were looked at; answers until yesterday in all and by area."""

    points: tuple[Point, ...]
    n_answers: int
    n_by_area: tuple[int, ...]


def past_of(trail: Trail, ground: Ground, parameters: Parameters, on: date) -> Past:
    """Look back from a day in weeks, or in longer steps where the history is long."""
    log, yesterday = trail.log, on.toordinal() - 1
    answered = [
        (ground.area_of_item[item], day)
        for item, day in log.answers
        if day <= yesterday and ground.area_of_item.get(item, NO_AREA) >= 0
    ]
    counts = Counter(index for index, _day in answered)
    days = np.sort(np.array([day for _area, day in answered], dtype=np.int64))
    points = []
    for day in days_looked_at(log, on):
        n_answers = int(np.searchsorted(days, day.toordinal(), side="right"))
        known = known_on(trail, ground.area, day)
        first = _first_answers(log, ground.area, day)
        points.append(point(ground.areas, known, first, parameters, day, n_answers=n_answers))
    return Past(tuple(points), len(days), tuple(counts[index] for index in range(len(ground.areas))))


def point(
    areas: tuple[Area, ...], known: Known, first: FirstAnswers, parameters: Parameters, on: date, *, n_answers: int
) -> Point:
    """What a form on that day would have brought, where enough was answered by then."""
    score = area_forecast(areas, first, on).score(known, parameters, on) if areas and n_answers >= MIN_ANSWERS else None
    return Point(on, n_answers, len(known.schedule), score)


def days_looked_at(log: LogColumns, on: date) -> list[date]:
    """Back from a day in weeks or whole multiples of one, as far as the log goes, without the day itself."""
    first = int(log.day.min(initial=on.toordinal()))
    n_weeks = max(0, on.toordinal() - first) // WEEK_DAYS
    step = WEEK_DAYS * max(1, -(-n_weeks // MOST_POINTS))
    back = range(step, max(0, on.toordinal() - first) + 1, step)
    return [date.fromordinal(on.toordinal() - days) for days in reversed(back)]


def thin_areas(n_by_area: Sequence[int]) -> list[int]:
    """The areas with few answers, as indices."""
    return [index for index, n in enumerate(n_by_area) if n < THIN_ANSWERS]


def known_on(trail: Trail, area: Areas, day: date) -> Known:
    """What was in memory then, of what is kept in memory still."""
    schedule, n = trail.schedule_on(day.toordinal())
    kept = area[:n] != GONE
    if not kept.all():
        schedule = only(schedule, np.flatnonzero(kept))
    here = area[:n][kept]
    return Known(schedule, here, np.zeros(len(here)), schedule.last_day)


def _first_answers(log: LogColumns, area: Areas, day: date) -> FirstAnswers:
    """The first review of each subject of an area up to that day, where it was an item's."""
    first = log.first_row
    chosen = np.flatnonzero((area >= 0) & log.is_item[first] & (log.day[first] <= day.toordinal()))
    rows = first[chosen]
    return FirstAnswers(area[chosen], log.grade[rows] != Grade.AGAIN, log.day[rows])
