"""The formulas of FSRS-6 over whole columns: how likely something is remembered, and what a review would change.

What happened is replayed by `memory` through fsrs-rs-python. These formulas answer "what if" for a hundred thousand subjects
at once; a test holds them to the library's numbers.

Source: open-spaced-repetition, "The Algorithm" (FSRS-6); the letters w0 to w20 are those of its parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import fsrs_rs_python
import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.study.reviews import Grade

N_PARAMETERS = 21
MIN_STABILITY_DAYS = 0.001  # as the library clips it
MAX_STABILITY_DAYS = 36_500.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parameters:
    """The 21 numbers of FSRS-6, and what they rest on: zero reviews means the published defaults."""

    values: tuple[float, ...]
    n_reviews: int = 0
    fitted_on: date | None = None

    def __post_init__(self) -> None:
        if len(self.values) != N_PARAMETERS:
            raise UsageError(f"FSRS-6 has {N_PARAMETERS} parameters, not {len(self.values)}")

    @property
    def model(self) -> fsrs_rs_python.FSRS:
        """The library's scheduler with these parameters."""
        return _model(self.values)


DEFAULTS = Parameters(tuple(fsrs_rs_python.DEFAULT_PARAMETERS))


@lru_cache(maxsize=16)
def _model(values: tuple[float, ...]) -> fsrs_rs_python.FSRS:
    return fsrs_rs_python.FSRS(values)


def retrievability(parameters: Parameters, stability_days: Floats, elapsed_days: Floats) -> Floats:
    """How likely each is remembered (0 to 1) after so many days; 0.9 when they equal the stability."""
    decay = parameters.values[20]
    factor = 0.9 ** (-1 / decay) - 1
    # x ** y as exp(y log x), and log(1 + x) for log1p: NumPy takes a fifth of the time for them
    recall: Floats = np.exp(-decay * np.log(1 + factor * np.maximum(elapsed_days, 0.0) / stability_days))
    return recall


def interval_days(parameters: Parameters, stability_days: Floats, desired_retention: Floats | float) -> Floats:
    """After how many days retrievability falls to what is desired."""
    decay = parameters.values[20]
    factor = 0.9 ** (-1 / decay) - 1
    result: Floats = stability_days / factor * (np.asarray(desired_retention) ** (-1 / decay) - 1)
    return result


def first_stability_days(parameters: Parameters, grade: Grade) -> float:
    """The stability after the very first review."""
    return max(parameters.values[grade - 1], MIN_STABILITY_DAYS)


def first_difficulty(parameters: Parameters, grade: Grade) -> float:
    """The difficulty (1 to 10) after the very first review."""
    return float(min(max(_raw_first_difficulty(parameters, grade), 1.0), 10.0))


def difficulty_after(parameters: Parameters, difficulty: Floats, grade: Grade) -> Floats:
    """Difficulty (1 to 10) after a review."""
    w = parameters.values
    moved = difficulty - w[6] * (grade - 3) * (10 - difficulty) / 9
    result: Floats = np.clip(w[7] * _raw_first_difficulty(parameters, Grade.EASY) + (1 - w[7]) * moved, 1.0, 10.0)
    return result


def stability_after(
    parameters: Parameters, stability_days: Floats, difficulty: Floats, elapsed_days: Floats, grade: Grade
) -> Floats:
    """Stability in days after a review with that grade; on the day of the last one, by the same-day step."""
    w = parameters.values
    forgotten = 1 - retrievability(parameters, stability_days, elapsed_days)
    if grade is Grade.AGAIN:
        left = np.exp(forgotten * w[14] - w[12] * np.log(difficulty)) * (np.exp(w[13] * np.log(stability_days + 1)) - 1)
        later = np.minimum(w[11] * left, stability_days / np.exp(w[17] * w[18]))
    else:
        bonus = {Grade.HARD: w[15], Grade.GOOD: 1.0, Grade.EASY: w[16]}[grade]
        growth = (11 - difficulty) * np.exp(w[8] - w[9] * np.log(stability_days)) * (np.exp(forgotten * w[10]) - 1)
        later = stability_days * (1 + growth * bonus)
    is_same_day = elapsed_days < 1
    if is_same_day.any():
        step = np.exp(w[17] * (grade - 3 + w[18]) - w[19] * np.log(stability_days))
        later = np.where(is_same_day, stability_days * (step if grade is Grade.AGAIN else np.maximum(step, 1.0)), later)
    result: Floats = np.clip(later, MIN_STABILITY_DAYS, MAX_STABILITY_DAYS)
    return result


def _raw_first_difficulty(parameters: Parameters, grade: Grade) -> float:
    w = parameters.values
    return float(w[4] - np.exp(w[5] * (grade - 1)) + 1)
