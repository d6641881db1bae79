"""What each thing that could be done would bring: expected points of the exam, for those who forget meanwhile.

Testing something now is worth what it adds to the chance of remembering it on the day of the exam, times how much of the exam
hangs on it. Meeting something new is worth what is not known yet and will be remembered then.

What was found by simulation (`benchmarks/learners.py`) stands here as constants.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from bedside.study.forecast import GUESS
from bedside.study.forgetting import (
    Floats,
    first_stability_days,
    retrievability,
    stability_after,
)
from bedside.study.reviews import Grade
from bedside.study.state import StudyState

HORIZON_DAYS = 180  # looked ahead without an exam; assumed
# What was met can be refreshed for little later on, which the gain until the exam does not count.
FOLLOW_UP = 1.5


def days_ahead(exam_on: date | None, on: date) -> int:
    """How many days what is learned now has to last, at least one."""
    return HORIZON_DAYS if exam_on is None else max(1, (exam_on - on).days)


def points(state: StudyState) -> Floats:
    """By area, what one takeaway of it that becomes known adds to the expected score (0 to 1); the last is of no area.

    An own card of no area is worth a takeaway of the average area.
    """
    weights = np.array([area.weight for area in state.areas], dtype=np.float64)
    sizes = np.array([max(1, area.n_takeaways) for area in state.areas], dtype=np.float64)
    total = max(float(weights.sum()), 1e-12)
    each = (1 - GUESS) * weights / total / sizes
    average = (1 - GUESS) / max(float(sizes.sum()), 1.0)
    return np.append(each, average)  # NO_AREA is -1: the last


def gain_of_known(state: StudyState, on: date, chosen: NDArray[np.intp], recall: Floats) -> Floats:
    """Points that a test today adds, for the chosen memories and their recall."""
    schedule, parameters = state.known.schedule, state.parameters
    stability, difficulty = schedule.stability_days[chosen], schedule.difficulty[chosen]
    ahead = np.full(len(stability), float(days_ahead(state.exam_on, on)))
    elapsed = np.maximum(on.toordinal() - schedule.last_day[chosen], 1).astype(np.float64)
    untested = retrievability(parameters, stability, elapsed + ahead)
    after = [
        retrievability(parameters, stability_after(parameters, stability, difficulty, elapsed, grade), ahead)
        for grade in (Grade.GOOD, Grade.AGAIN)
    ]
    gain = recall * after[0] + (1 - recall) * after[1] - untested
    result: Floats = points(state)[state.known.area[chosen]] * np.maximum(gain, 0.0)
    return result


def gain_of_unmet(state: StudyState, on: date) -> Floats:
    """Points that a first meeting adds, by area; the last is of no area. What is known already brings nothing."""
    ahead = float(days_ahead(state.exam_on, on))
    stability = np.array([first_stability_days(state.parameters, Grade.AGAIN)])
    kept = float(retrievability(state.parameters, stability, np.array([ahead]))[0])
    average = float(state.p_unmet.mean()) if len(state.p_unmet) else 0.0
    unknown = 1 - np.append(state.p_unmet, average)
    result: Floats = points(state) * unknown * kept * FOLLOW_UP
    return result
