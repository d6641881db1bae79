"""What was remembered on any day of the past, by what the log held then.

`bedside.study.replay` gives the memories of today. This gives those after every single review, a column for all subjects'
first, one for all their second, by the same formulas; tests hold both to each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.site.progress.columns import LogColumns, Rows
from bedside.study import (
    Floats,
    Grade,
    Parameters,
    Schedule,
    difficulty_after,
    first_difficulty,
    first_stability_days,
    stability_after,
)


@dataclass(frozen=True, slots=True)
class Trail:
    """The log, and the state of its subject after each review."""

    log: LogColumns
    stability_days: Floats  # (n,)
    difficulty: Floats  # (n,)

    def schedule_on(self, day: int) -> tuple[Schedule, int]:
        """What was in memory at the end of that day (an ordinal): its subjects are the first so many of the log."""
        log = self.log
        n_reviews = np.bincount(log.subject[log.day <= day], minlength=len(log.subjects))
        n = int((n_reviews > 0).sum())  # they stand in the order of their first day
        last = log.first_row[:n] + n_reviews[:n] - 1
        schedule = Schedule(
            subjects=log.subjects[:n],
            stability_days=self.stability_days[last],
            difficulty=self.difficulty[last],
            last_day=log.day[last],
            n_reviews=n_reviews[:n].astype(np.int32),
            n_lapses=np.zeros(n, dtype=np.int32),  # nobody asks for them here
        )
        return schedule, n


def trail_of(log: LogColumns, parameters: Parameters) -> Trail:
    """Step all subjects from review to review."""
    stability, difficulty = np.zeros(len(log)), np.zeros(len(log))
    for number, rows in enumerate(_by_place(log)):
        if number == 0:
            _first(parameters, log, rows, stability, difficulty)
        else:
            _step(parameters, log, rows, stability, difficulty)
    return Trail(log, stability, difficulty)


def _by_place(log: LogColumns) -> list[Rows]:
    """The rows of all first reviews, of all second ones, and so on."""
    if not len(log):
        return []
    place = np.arange(len(log)) - log.first_row[log.subject]
    order = np.argsort(place, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(place[order])) + 1)


def _first(parameters: Parameters, log: LogColumns, rows: Rows, stability: Floats, difficulty: Floats) -> None:
    for grade in Grade:
        mine = rows[log.grade[rows] == grade]
        stability[mine] = first_stability_days(parameters, grade)
        difficulty[mine] = first_difficulty(parameters, grade)


def _step(parameters: Parameters, log: LogColumns, rows: Rows, stability: Floats, difficulty: Floats) -> None:
    for grade in Grade:
        mine = rows[log.grade[rows] == grade]
        if len(mine):
            before: NDArray[np.intp] = mine - 1
            elapsed = np.maximum(log.day[mine] - log.day[before], 0).astype(np.float64)
            stability[mine] = stability_after(parameters, stability[before], difficulty[before], elapsed, grade)
            difficulty[mine] = difficulty_after(parameters, difficulty[before], grade)


def only(schedule: Schedule, rows: Rows) -> Schedule:
    """The memories of these rows alone."""
    return Schedule(
        subjects=tuple(schedule.subjects[row] for row in rows.tolist()),
        stability_days=schedule.stability_days[rows],
        difficulty=schedule.difficulty[rows],
        last_day=schedule.last_day[rows],
        n_reviews=schedule.n_reviews[rows],
        n_lapses=schedule.n_lapses[rows],
    )
