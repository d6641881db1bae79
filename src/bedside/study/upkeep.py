"""What holding memories costs in the weeks ahead, if each is tested when it falls due and mostly recalled."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from bedside.study.forgetting import (
    Floats,
    Parameters,
    first_difficulty,
    first_stability_days,
    interval_days,
    retrievability,
    stability_after,
)
from bedside.study.reviews import Grade
from bedside.study.spacing import RETENTION_DAYS, RETENTION_SHARES, RETENTION_WITHOUT_EXAM
from bedside.study.state import Known

WEEK_DAYS = 7
MAX_REVIEWS = 40  # of one memory, looked ahead; more come only where stability does not grow


def minutes_of_known(known: Known, parameters: Parameters, on: date, exam_on: date | None, n_weeks: int) -> Floats:
    """Minutes a week that the memories of today take, by week from `on`; what is overdue counts in the first."""
    schedule = known.schedule
    due = np.maximum(known.due_day - on.toordinal(), 0).astype(np.float64)
    last = (schedule.last_day - on.toordinal()).astype(np.float64)
    exam_in = None if exam_on is None else (exam_on - on).days
    return _minutes(parameters, exam_in, n_weeks, last=last, due=due, stability=schedule.stability_days, minutes=known.minutes)


def minutes_of_new(parameters: Parameters, exam_in_days: int | None, n_weeks: int, minutes: float) -> Floats:
    """Minutes a week that one takeaway takes after it was met, by week from then, with `minutes` a test."""
    stability = np.array([first_stability_days(parameters, Grade.AGAIN)])
    due = np.maximum(1.0, interval_days(parameters, stability, wanted_retention(exam_in_days, np.zeros(1))))
    once = np.array([minutes])
    return _minutes(parameters, exam_in_days, n_weeks, last=np.zeros(1), due=due, stability=stability, minutes=once)


def _minutes(
    parameters: Parameters,
    exam_in: int | None,
    n_weeks: int,
    *,
    last: Floats,
    due: Floats,
    stability: Floats,
    minutes: Floats,
) -> Floats:
    """Step all memories from test to test until they leave the weeks that are looked at."""
    spent = np.zeros(n_weeks)
    difficulty = np.full(len(due), first_difficulty(parameters, Grade.GOOD))
    for _ in range(MAX_REVIEWS):
        inside = due < n_weeks * WEEK_DAYS
        if not inside.any():
            break
        last, due, stability, difficulty, minutes = (one[inside] for one in (last, due, stability, difficulty, minutes))
        spent += np.bincount((due // WEEK_DAYS).astype(np.int64), minutes, minlength=n_weeks)
        stability = after_test(parameters, stability, difficulty, due - last)
        last, due = due, due + np.maximum(1.0, interval_days(parameters, stability, wanted_retention(exam_in, due)))
    return spent


def after_test(parameters: Parameters, stability: Floats, difficulty: Floats, elapsed: Floats) -> Floats:
    """The stability to be expected: between that after recall and that after a lapse, on a scale of logarithms."""
    elapsed = np.maximum(elapsed, 1.0)
    recall = retrievability(parameters, stability, elapsed)
    good, again = (
        np.log(stability_after(parameters, stability, difficulty, elapsed, grade)) for grade in (Grade.GOOD, Grade.AGAIN)
    )
    expected: Floats = np.exp(recall * good + (1 - recall) * again)
    return expected


def wanted_retention(exam_in: int | None, day: Floats) -> Floats:
    """With what chance (0 to 1) a memory that is tested on that day should be remembered when it next falls due."""
    if exam_in is None:
        return np.full(len(day), RETENTION_WITHOUT_EXAM)
    shares: NDArray[np.float64] = np.interp(exam_in - day, RETENTION_DAYS, RETENTION_SHARES)
    return shares
