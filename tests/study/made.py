"""Made-up logs and states for the tests of study."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np

from bedside.study import (
    Area,
    Grade,
    Known,
    Offer,
    Origin,
    Review,
    Schedule,
    StudyState,
    Subject,
    Unmet,
    card,
    takeaway,
)

ON = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def reviewed(n: int, subject: str = "renal.a", grade: Grade = Grade.GOOD, at: datetime = NOON) -> Review:
    """A review whose UUID is that number."""
    return Review(UUID(int=n), takeaway(subject), grade, at, Origin.ITEM)


def steady_log(n_subjects: int, n_days: int, *, seed: int) -> list[Review]:
    """Each subject reviewed every few days, forgotten now and then."""
    rng = np.random.default_rng(seed)
    log: list[Review] = []
    for subject in range(n_subjects):
        day = int(rng.integers(5))
        while day < n_days:
            grade = Grade(int(rng.choice([1, 2, 3, 4], p=[0.2, 0.1, 0.6, 0.1])))
            log.append(Review(UUID(int=len(log)), card(UUID(int=subject)), grade, NOON + day * DAY, Origin.CARD))
            day += int(rng.integers(1, 9))
    return log


def made_state(
    *,
    seed: int = 1,
    n_areas: int = 6,
    n_known: int = 60,
    n_unmet: int = 60,
    exam_in: int | None = 100,
    area_met_days_ago: Sequence[int] | None = None,
    cases: Sequence[Offer] = (),
    case_days_ago: int = 30,
    blocks: Sequence[Offer] = (),
    weights: Sequence[float] | None = None,
) -> StudyState:
    """A candidate in the middle of things, on `ON`."""
    rng = np.random.default_rng(seed)
    today = ON.toordinal()
    sizes = (n_known + n_unmet) // n_areas + 1
    shares = weights or rng.dirichlet(np.full(n_areas, 4.0)).tolist()
    met = area_met_days_ago or [3] * n_areas
    return StudyState(
        areas=tuple(Area(f"area{index}", float(share), sizes) for index, share in enumerate(shares)),
        known=made_known(n_known, n_areas, rng),
        unmet=Unmet(
            tuple(Subject(f"takeaway:new.{index}") for index in range(n_unmet)),
            rng.integers(n_areas, size=n_unmet).astype(np.int16),
            rng.uniform(1.5, 4.0, size=n_unmet),
        ),
        area_met_day=np.array([today - days for days in met], dtype=np.int32),
        p_unmet=rng.uniform(0.1, 0.9, size=n_areas),
        exam_on=None if exam_in is None else ON + exam_in * DAY,
        cases=tuple(cases),
        case_day=today - case_days_ago,
        blocks=tuple(blocks),
    )


def made_known(n: int, n_areas: int, rng: np.random.Generator) -> Known:
    """Memories of which about half are due on `ON`."""
    today = ON.toordinal()
    schedule = Schedule(
        tuple(Subject(f"takeaway:known.{index}") for index in range(n)),
        rng.lognormal(2.5, 1.0, size=n),
        rng.uniform(1.0, 10.0, size=n),
        (today - rng.integers(1, 60, size=n)).astype(np.int32),
        np.full(n, 3, dtype=np.int32),
        np.zeros(n, dtype=np.int32),
    )
    return Known(
        schedule,
        rng.integers(n_areas, size=n).astype(np.int16),
        rng.uniform(0.3, 2.0, size=n),
        (today + rng.integers(-10, 11, size=n)).astype(np.int32),
    )
