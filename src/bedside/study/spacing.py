"""When a subject falls due: an interval for the retention that is wanted, moved a little so that no day is overfull.

Every choice follows from the memories themselves: two machines with the same log find the same days, without sharing anything
else. Subjects are placed in the order of their last review.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bedside.study.forgetting import MAX_STABILITY_DAYS, Parameters, interval_days
from bedside.study.memory import Days, Schedule

Whole = NDArray[np.int64]

# Retention that is wanted by days to the exam: far away, time is better spent on what was never met; near it, holding is all
# that is left. The points are assumed; between them it runs straight.
RETENTION_DAYS = (14.0, 90.0, 365.0)
RETENTION_SHARES = (0.95, 0.90, 0.85)
RETENTION_WITHOUT_EXAM = 0.90

# How far an interval may be moved, as a share of the part of it that lies between two lengths in days; as Anki has it.
FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float("inf"), 0.05))


def desired_retention(days_to_exam: int | None) -> float:
    """What share of due subjects should be remembered when they fall due, 0 to 1. None: no exam is set."""
    if days_to_exam is None:
        return RETENTION_WITHOUT_EXAM
    return float(np.interp(days_to_exam, RETENTION_DAYS, RETENTION_SHARES))


def window(interval: float) -> tuple[int, int]:
    """The shortest and the longest interval that may stand for this one, in days."""
    if interval < FUZZ[0][0]:
        whole = max(1, round(interval))
        return whole, whole
    reach = 1.0 + sum(share * max(0.0, min(interval, end) - start) for start, end, share in FUZZ)
    return max(2, round(interval - reach)), max(2, round(interval + reach))


CLOSED = 1_000_000_000  # a day off counts as so full that it is taken only where the window holds nothing else


@dataclass(frozen=True, slots=True)
class Levelling:
    """What the days ahead hold already, in reviews by ordinal of the day, and the days on which nobody studies."""

    n_due: Mapping[int, int] = field(default_factory=dict)
    days_off: frozenset[int] = frozenset()


LEVEL = Levelling()


def due_days(schedule: Schedule, parameters: Parameters, exam_on: date | None, *, levelling: Levelling = LEVEL) -> Days:
    """The day on which each subject falls due: within its window, the least full one that is no day off.

    What falls due before the exam is wanted back with the retention of that distance, so intervals shorten as it comes near.
    """
    low, high = _windows(schedule, parameters, exam_on)
    names, found = schedule.subjects, np.zeros(len(schedule), dtype=np.int32)
    start = int(low.min()) if len(names) else 0
    load = [levelling.n_due.get(day, 0) for day in range(start, int(high.max(initial=0)) + 1)]
    for day in levelling.days_off:
        if start <= day < start + len(load):
            load[day - start] += CLOSED
    firsts, lasts, days = (low - start).tolist(), (high - start).tolist(), schedule.last_day.tolist()
    for index in sorted(range(len(names)), key=lambda index: (days[index], names[index])):
        first = firsts[index]
        part = load[first : lasts[index] + 1]
        least = min(part)
        ties = [day for day, n_due in enumerate(part, first) if n_due == least]
        chosen = ties[_chance(names[index]) % len(ties)]
        load[chosen] += 1
        found[index] = start + chosen
    return found


def _windows(schedule: Schedule, parameters: Parameters, exam_on: date | None) -> tuple[Whole, Whole]:
    last = schedule.last_day.astype(np.int64)
    distance = None if exam_on is None else (exam_on.toordinal() - last).astype(np.float64)
    wanted = RETENTION_WITHOUT_EXAM if distance is None else np.interp(distance, RETENTION_DAYS, RETENTION_SHARES)
    intervals = np.minimum(interval_days(parameters, schedule.stability_days, wanted), MAX_STABILITY_DAYS)
    bounds = np.array([window(interval) for interval in intervals.tolist()], dtype=np.int64).reshape(-1, 2)
    return last + bounds[:, 0], last + bounds[:, 1]


def _chance(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
