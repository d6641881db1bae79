"""What will still be remembered on each day up to the exam: if nothing is reviewed, and if what falls due is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import numpy as np

from bedside.study import Z_95, Floats, Known, Parameters, after_test, interval_days, retrievability, wanted_retention

HORIZON_DAYS = 60  # looked ahead where no exam is set; assumed
MOST_DAYS_AHEAD = 365  # looked at where the exam is farther away: what was learned by then is most of it
MOST_POINTS = 25
DUE_DAYS = 28  # of which each is drawn
MOST_TESTS = 100  # of one memory between two days looked at; each moves it on by at least a day


@dataclass(frozen=True, slots=True)
class Count:
    """How many subjects are expected to be remembered, with the limits of a 95% interval for what chance does to them."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The days that were looked at, from today on, and how many are remembered on each."""

    n: int  # in memory
    days: tuple[date, ...]
    unreviewed: tuple[Count, ...]
    reviewed: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class DueDay:
    """What falls due on a day, as things stand; each subject once. Today has what is overdue as well."""

    on: date
    n: int


def outlook(known: Known, parameters: Parameters, on: date, exam_on: date | None) -> Outlook:
    """Look ahead to the exam, or `HORIZON_DAYS` where none is set."""
    days = days_ahead(on, exam_on)
    unreviewed = (_count(known.schedule.recall_on(day, parameters)) for day in days)
    reviewed = (_count(recall) for recall in _as_reviewed(known, parameters, on, exam_on, days))
    return Outlook(len(known.schedule), tuple(days), tuple(unreviewed), tuple(reviewed))


def days_ahead(on: date, exam_on: date | None) -> list[date]:
    """Today, the last day that is looked at, and evenly spaced ones between them."""
    last = HORIZON_DAYS if exam_on is None or exam_on <= on else min(MOST_DAYS_AHEAD, (exam_on - on).days)
    places = np.unique(np.linspace(0, last, min(MOST_POINTS, last + 1)).round().astype(np.int64))
    return [on + timedelta(days=days) for days in places.tolist()]


def due_by_day(known: Known, on: date, exam_on: date | None) -> tuple[DueDay, ...]:
    """What falls due on each of the next days, those before the exam."""
    n_days = DUE_DAYS if exam_on is None or exam_on <= on else min(DUE_DAYS, (exam_on - on).days)
    place = np.maximum(known.due_day.astype(np.int64) - on.toordinal(), 0)
    inside = place < n_days
    n = np.bincount(place[inside], minlength=n_days).tolist()
    return tuple(DueDay(on + timedelta(days=day), n[day]) for day in range(n_days))


def _as_reviewed(
    known: Known, parameters: Parameters, on: date, exam_on: date | None, days: Sequence[date]
) -> Iterable[Floats]:
    """The recall of each subject on each day, if each is tested on the day it falls due and comes out as is to be expected."""
    today = on.toordinal()
    exam_in = None if exam_on is None or exam_on < on else (exam_on - on).days
    last = (known.schedule.last_day - today).astype(np.float64)
    due = np.maximum(known.due_day - today, 0).astype(np.float64)
    stability, difficulty = known.schedule.stability_days.copy(), known.schedule.difficulty
    for day in days:
        place = float((day - on).days)
        for _ in range(MOST_TESTS):
            rows = np.flatnonzero(due <= place)
            if not len(rows):
                break
            elapsed = due[rows] - last[rows]
            stability[rows] = after_test(parameters, stability[rows], difficulty[rows], elapsed)
            last[rows] = due[rows]
            wait = interval_days(parameters, stability[rows], wanted_retention(exam_in, due[rows]))
            due[rows] += np.maximum(1.0, np.round(wait))
        yield retrievability(parameters, stability, place - last)


def _count(recall: Floats) -> Count:
    expected = float(recall.sum())
    reach = Z_95 * sqrt(float((recall * (1 - recall)).sum()))
    return Count(expected, max(0.0, expected - reach), min(float(len(recall)), expected + reach))
