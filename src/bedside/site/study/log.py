"""The log of reviews between rows and the core, and what is remembered by it.

The memories of a person are kept in this process with the number of entries that they rest on. The log only grows, so the same
number is the same log; one more review of one's own steps a single memory on, anything else replays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from bedside.site.accounts.models import User
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.study import (
    DEFAULTS,
    Entry,
    Grade,
    Memory,
    Origin,
    Review,
    Schedule,
    Subject,
    Withdrawal,
    remembered,
    replay,
    study_day,
)

MOST_KEPT = 200  # people whose memories are kept; the rest are replayed when they come

Memories = Mapping[Subject, Memory]


@dataclass(frozen=True, slots=True)
class _Kept:
    n_reviews: int
    n_withdrawals: int
    zone: str
    memories: Memories


_KEPT: dict[UUID, _Kept] = {}
_LOCK = Lock()


def entries_of(user_id: UUID) -> list[Entry]:
    """The whole log of a person, in no order."""
    return [*_reviews_of(user_id), *_withdrawals_of(user_id)]


def memories_of(user_id: UUID, zone: ZoneInfo) -> Memories:
    """What a person remembers of each subject, by their log."""
    n_reviews, n_withdrawals = _lengths(user_id)
    kept = _KEPT.get(user_id)
    if kept is not None and (kept.n_reviews, kept.n_withdrawals, kept.zone) == (n_reviews, n_withdrawals, zone.key):
        return kept.memories
    reviews, withdrawals = _reviews_of(user_id), _withdrawals_of(user_id)
    memories = replay([*reviews, *withdrawals], DEFAULTS, zone).memories()
    _keep(user_id, _Kept(len(reviews), len(withdrawals), zone.key, memories))
    return memories


def step_on(user_id: UUID, review: Review, zone: ZoneInfo) -> None:
    """Take one more review, which was just written, into the memories that are kept."""
    kept = _KEPT.get(user_id)
    on = study_day(review.at, zone)
    if kept is None or kept.zone != zone.key:
        return
    before = kept.memories.get(review.subject)
    if before is not None and on < before.last_on:
        return  # it lies in the past: the log is replayed when it is next asked for
    after = {**kept.memories, review.subject: remembered(before, review.grade, on, DEFAULTS)}
    _keep(user_id, _Kept(kept.n_reviews + 1, kept.n_withdrawals, kept.zone, after))


def schedule_from(memories: Memories) -> Schedule:
    """The memories as the columns that the core reckons with."""
    rows = sorted(memories.items())
    return Schedule(
        subjects=tuple(subject for subject, _ in rows),
        stability_days=np.array([memory.stability_days for _, memory in rows], dtype=np.float64),
        difficulty=np.array([memory.difficulty for _, memory in rows], dtype=np.float64),
        last_day=np.array([memory.last_on.toordinal() for _, memory in rows], dtype=np.int32),
        n_reviews=np.array([memory.n_reviews for _, memory in rows], dtype=np.int32),
        n_lapses=np.array([memory.n_lapses for _, memory in rows], dtype=np.int32),
    )


def row_of(user: User, review: Review, *, kept_at: datetime) -> StudyReview:
    """The row of a review, not written yet."""
    return StudyReview(
        id=review.uuid,
        user=user,
        subject=review.subject,
        grade=int(review.grade),
        at=review.at,
        origin=review.origin.value,
        shown=review.shown or "",
        kept_at=kept_at,
    )


def add_missing(user: User, reviews: Iterable[Review], *, kept_at: datetime) -> None:
    """Write the reviews that are not in the log yet; those that are stay as they are."""
    StudyReview.objects.bulk_create(
        [row_of(user, review, kept_at=kept_at) for review in reviews], ignore_conflicts=True, batch_size=200
    )


def _keep(user_id: UUID, kept: _Kept) -> None:
    with _LOCK:
        _KEPT.pop(user_id, None)
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[user_id] = kept


def _lengths(user_id: UUID) -> tuple[int, int]:
    n_reviews = StudyReview.objects.filter(user_id=user_id).count()
    return n_reviews, StudyWithdrawal.objects.filter(review__user_id=user_id).count()


def _reviews_of(user_id: UUID) -> list[Review]:
    rows = StudyReview.objects.filter(user_id=user_id).values_list("id", "subject", "grade", "at", "origin", "shown")
    return [
        Review(uuid, Subject(subject), Grade(grade), at, Origin(origin), shown or None)
        for uuid, subject, grade, at, origin, shown in rows
    ]


def _withdrawals_of(user_id: UUID) -> list[Withdrawal]:
    rows = StudyWithdrawal.objects.filter(review__user_id=user_id).values_list("id", "review_id", "at")
    return [Withdrawal(*row) for row in rows]
