"""What a session is built from: one candidate's memories, what they have not met, and what else could be done, as columns.

The shell makes it once from the log, the bank and the programme; nothing here looks anything up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.study.forgetting import DEFAULTS, Floats, Parameters
from bedside.study.memory import Days, Schedule
from bedside.study.reviews import Subject

NO_AREA = -1  # of one's own cards, which no blueprint weighs

Areas = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Area:
    """A row of the blueprint. `weight` is its share of the exam, 0 to 1; the weights of all areas need not add to 1."""

    code: str
    weight: float
    n_takeaways: int  # that the bank has for it, met or not


@dataclass(frozen=True, slots=True)
class Known:
    """Subjects in memory, with the area of each (an index into the areas, or `NO_AREA`), and when a test is due."""

    schedule: Schedule
    area: Areas  # (n,)
    minutes: Floats  # (n,), expected
    due_day: Days  # (n,), ordinals

    def __post_init__(self) -> None:
        _check_lengths(len(self.schedule), self.area, self.minutes, self.due_day)


@dataclass(frozen=True, slots=True)
class Unmet:
    """Takeaways that were never met, with their area and the minutes to answer an item on each and read its explanation."""

    subjects: tuple[Subject, ...]
    area: Areas  # (n,)
    minutes: Floats  # (n,), expected

    def __post_init__(self) -> None:
        _check_lengths(len(self.subjects), self.area, self.minutes)

    def __len__(self) -> int:
        return len(self.subjects)


@dataclass(frozen=True, slots=True)
class Offer:
    """A patient case or a timed block that could be done as a whole."""

    id: str
    minutes: float


@dataclass(frozen=True, slots=True)
class StudyState:
    """Everything that decides what is worth doing. Days are ordinals of study days.

    `area_met_day` says when each area was last met, and for one that never was the day on which studying began.
    `p_unmet` is the forecast's chance, by area, that a takeaway which was never met is known all the same.
    """

    areas: tuple[Area, ...]
    known: Known
    unmet: Unmet
    area_met_day: NDArray[np.int32]  # (n_areas,)
    p_unmet: Floats  # (n_areas,), 0 to 1
    exam_on: date | None = None
    parameters: Parameters = DEFAULTS
    cases: tuple[Offer, ...] = ()  # of material that has started, the next first
    case_day: int = 0
    blocks: tuple[Offer, ...] = ()  # timed, of the sizes that can be sat
    block_day: int = 0
    n_asked: Floats | None = None  # (n_areas,), answers that `p_unmet` rests on; None: not told

    def __post_init__(self) -> None:
        _check_lengths(len(self.areas), self.area_met_day, self.p_unmet)


def _check_lengths(n: int, *columns: NDArray[np.generic]) -> None:
    if any(column.shape != (n,) for column in columns):
        raise UsageError(f"columns of a study state differ in length: {n} rows and {[column.shape for column in columns]}")
