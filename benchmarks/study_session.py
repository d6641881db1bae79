"""How long it takes to build today's session, and to replay the log it rests on.

    python -m benchmarks.study_session [--memories 100000] [--reviews 1000000] [--repeats 20]

The goal is a session in under 100 ms with 100,000 memories replayed from 1,000,000 reviews. Memories, areas and answers are
made up. Replaying the whole log is the work of a night, or of a merge; a review of today steps one memory on.
"""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np

from bedside.study import (
    DEFAULTS,
    Area,
    Entry,
    Grade,
    Known,
    Memory,
    Offer,
    Origin,
    Review,
    Schedule,
    StudyState,
    Subject,
    Unmet,
    build_session,
    due_days,
    remembered,
    replay,
)

GOAL_MS = 100.0
N_AREAS = 18
ON = date(2026, 6, 1)
BEGAN = datetime(2023, 1, 1, 9, tzinfo=UTC)


def made_log(n_subjects: int, n_reviews: int, rng: np.random.Generator) -> list[Entry]:
    """Reviews over three years, their subjects drawn evenly, with grades in the shares that people give them."""
    subjects = [Subject(f"takeaway:area{index % N_AREAS}.t{index}") for index in range(n_subjects)]
    drawn = np.concatenate([np.arange(n_subjects), rng.integers(n_subjects, size=n_reviews - n_subjects)]).tolist()
    minutes = np.sort(rng.integers(1_200 * 24 * 60, size=n_reviews)).tolist()
    grades = rng.choice([Grade.AGAIN, Grade.HARD, Grade.GOOD, Grade.EASY], p=[0.12, 0.1, 0.7, 0.08], size=n_reviews).tolist()
    return [
        Review(UUID(int=n), subjects[subject], Grade(grade), BEGAN + timedelta(minutes=minute), Origin.ITEM)
        for n, (subject, minute, grade) in enumerate(zip(drawn, minutes, grades, strict=True))
    ]


def made_state(schedule: Schedule, rng: np.random.Generator) -> StudyState:
    """A state over these memories, with 20,000 takeaways not met and an exam in 80 days."""
    n, n_unmet = len(schedule), 20_000
    exam_on = ON + timedelta(days=80)
    return StudyState(
        areas=tuple(Area(f"area{index}", 1 / N_AREAS, n // N_AREAS + 1) for index in range(N_AREAS)),
        known=Known(
            schedule=schedule,
            area=rng.integers(N_AREAS, size=n).astype(np.int16),
            minutes=rng.choice([0.4, 1.6], size=n),
            due_day=due_days(schedule, DEFAULTS, exam_on),
        ),
        unmet=Unmet(
            subjects=tuple(Subject(f"takeaway:new.t{index}") for index in range(n_unmet)),
            area=rng.integers(N_AREAS, size=n_unmet).astype(np.int16),
            minutes=rng.normal(2.6, 0.3, size=n_unmet).clip(1.0),
        ),
        area_met_day=np.full(N_AREAS, ON.toordinal() - 12, dtype=np.int32),
        p_unmet=rng.uniform(0.1, 0.8, size=N_AREAS),
        exam_on=exam_on,
        cases=(Offer("case", 20.0),),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memories", type=int, default=100_000)
    parser.add_argument("--reviews", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=20)
    asked = parser.parse_args()
    rng = np.random.default_rng(1)
    log = made_log(asked.memories, asked.reviews, rng)
    busy = time.process_time()
    schedule = replay(log, DEFAULTS, UTC)
    print(f"replay of {len(log):,} reviews into {len(schedule):,} memories: {time.process_time() - busy:.1f} s of processor")
    busy = time.process_time()
    state = made_state(schedule, rng)
    print(f"their due days, levelled: {time.process_time() - busy:.1f} s of processor")
    one = Memory(10.0, 5.0, ON - timedelta(days=9), 3, 0)
    started = time.perf_counter()
    for _ in range(1_000):
        remembered(one, Grade.GOOD, ON, DEFAULTS)
    print(f"one more review: {(time.perf_counter() - started) * 1_000:.1f} µs")
    for minutes in (15, 60, 240):
        taken, processor = [], []
        for _ in range(asked.repeats):
            started, busy = time.perf_counter(), time.process_time()
            session = build_session(state, minutes, ON, seed=7)
            taken.append((time.perf_counter() - started) * 1_000)
            processor.append((time.process_time() - busy) * 1_000)
        median, busy = statistics.median(taken), statistics.median(processor)
        print(
            f"session of {minutes:3} minutes, {len(session.pieces):3} pieces: {median:5.1f} ms, {busy:5.1f} ms of processor",
            end="",
        )
        print(f", at worst {max(taken):5.1f} ms; the goal of {GOAL_MS:.0f} ms is {'met' if median <= GOAL_MS else 'missed'}")


if __name__ == "__main__":
    main()
