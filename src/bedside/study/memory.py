"""What a learner remembers: FSRS states replayed from the log of reviews.

A schedule is a pure function of the log, the parameters and the time zone. Replaying the whole log and stepping through it
review by review give the same; so do two machines that hold the same entries. Days are study days: the first review of a
subject in a day counts with the days since the one before, later ones of that day go through FSRS's same-day step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import pairwise

import fsrs_rs_python
import numpy as np
from numpy.typing import NDArray

from bedside.study.days import study_day
from bedside.study.forgetting import Floats, Parameters, retrievability
from bedside.study.reviews import Entry, Grade, Review, Subject, standing

Days = NDArray[np.int32]  # ordinals of dates


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of one subject after its last review."""

    stability_days: float  # after so many days it is remembered with 0.9
    difficulty: float  # 1 to 10
    last_on: date
    n_reviews: int
    n_lapses: int  # reviews graded "again" on a later day than the one before


@dataclass(frozen=True, slots=True)
class Schedule:
    """The memories of all subjects that were ever reviewed, in the order of their names, as columns."""

    subjects: tuple[Subject, ...]
    stability_days: Floats  # (n,)
    difficulty: Floats  # (n,), 1 to 10
    last_day: Days  # (n,)
    n_reviews: NDArray[np.int32]  # (n,)
    n_lapses: NDArray[np.int32]  # (n,)

    def __len__(self) -> int:
        return len(self.subjects)

    def memories(self) -> dict[Subject, Memory]:
        """One by one, by subject."""
        columns = (self.stability_days, self.difficulty, self.last_day, self.n_reviews, self.n_lapses)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return {
            subject: Memory(stability, difficulty, date.fromordinal(last), n_reviews, n_lapses)
            for subject, (stability, difficulty, last, n_reviews, n_lapses) in zip(self.subjects, rows, strict=True)
        }

    def recall_on(self, on: date, parameters: Parameters) -> Floats:
        """How likely each is remembered that day, 0 to 1."""
        return retrievability(parameters, self.stability_days, (on.toordinal() - self.last_day).astype(np.float64))


@dataclass(frozen=True, slots=True)
class History:
    """The reviews of one subject as FSRS takes them: grades, and the study days since the review before (0: the same day)."""

    subject: Subject
    grades: tuple[int, ...]
    elapsed_days: tuple[int, ...]
    days: tuple[int, ...]  # ordinals

    @property
    def n_lapses(self) -> int:
        return sum(grade == Grade.AGAIN and gap > 0 for grade, gap in zip(self.grades, self.elapsed_days, strict=True))

    def item(self, n: int | None = None) -> fsrs_rs_python.FSRSItem:
        """The library's form of the first `n` reviews, or of all."""
        pairs = zip(self.grades[:n], self.elapsed_days[:n], strict=True)
        return fsrs_rs_python.FSRSItem([fsrs_rs_python.FSRSReview(grade, gap) for grade, gap in pairs])


def histories(entries: Iterable[Entry], zone: tzinfo) -> list[History]:
    """The standing reviews by subject, in the order of the subjects' names."""
    by_subject: dict[Subject, list[Review]] = {}
    for review in standing(entries):
        by_subject.setdefault(review.subject, []).append(review)
    return [_history(subject, by_subject[subject], zone) for subject in sorted(by_subject)]


def _history(subject: Subject, reviews: Sequence[Review], zone: tzinfo) -> History:
    days = [study_day(review.at, zone).toordinal() for review in reviews]
    gaps = [0] + [max(0, later - earlier) for earlier, later in pairwise(days)]
    return History(subject, tuple(int(review.grade) for review in reviews), tuple(gaps), tuple(days))


def replay(entries: Iterable[Entry], parameters: Parameters, zone: tzinfo) -> Schedule:
    """The schedule that a log leads to; the order of its entries does not matter."""
    return schedule_of(histories(entries, zone), parameters)


def schedule_of(found: Sequence[History], parameters: Parameters) -> Schedule:
    """The schedule of histories that stand in the order of their subjects."""
    states = parameters.model.memory_state_batch([history.item() for history in found]) if found else []
    return Schedule(
        subjects=tuple(history.subject for history in found),
        stability_days=np.array([state.stability for state in states], dtype=np.float64),
        difficulty=np.array([state.difficulty for state in states], dtype=np.float64),
        last_day=np.array([history.days[-1] for history in found], dtype=np.int32),
        n_reviews=np.array([len(history.grades) for history in found], dtype=np.int32),
        n_lapses=np.array([history.n_lapses for history in found], dtype=np.int32),
    )


def remembered(memory: Memory | None, grade: Grade, on: date, parameters: Parameters) -> Memory:
    """The memory after one more review, on its study day; None before: the first."""
    before = fsrs_rs_python.MemoryState(memory.stability_days, memory.difficulty) if memory else None
    gap = max(0, (on - memory.last_on).days) if memory else 0
    # the library also answers with intervals, for which it wants some retention; they are not used
    answers = parameters.model.next_states(before, 0.9, gap)
    state = (answers.again, answers.hard, answers.good, answers.easy)[grade - 1].memory
    is_lapse = grade is Grade.AGAIN and gap > 0
    return Memory(
        stability_days=state.stability,
        difficulty=state.difficulty,
        last_on=on,
        n_reviews=(memory.n_reviews if memory else 0) + 1,
        n_lapses=(memory.n_lapses if memory else 0) + is_lapse,
    )
