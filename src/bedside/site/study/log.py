"""The log of reviews between rows and the core, and what is remembered by it.

What a person remembers is kept in this process, and of long logs in a row (`snapshots.py`), with the numbers of the entries
that it rests on. The log only grows, so the same numbers are the same log. What came since touches few subjects, and a
subject's memory rests on its own reviews alone: only those are replayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from bedside.errors import ConflictError
from bedside.site.accounts.models import User
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.site.study.parameters import parameters_of
from bedside.site.study.snapshots import Remembering, kept_snapshot
from bedside.study import (
    Entry,
    Grade,
    Memory,
    Origin,
    Parameters,
    Review,
    Schedule,
    Subject,
    Withdrawal,
    histories,
    replay,
    schedule_of,
)

MOST_KEPT = 200  # people whose memories are kept; the rest are replayed when they come
MOST_TOUCHED = 2_000  # subjects that are replayed one by one; with more, the whole log is
BATCH = 500  # values in one statement

T = TypeVar("T")
Memories = Mapping[Subject, Memory]

_KEPT: dict[UUID, Remembering] = {}
_LOCK = Lock()


def entries_of(user_id: UUID) -> list[Entry]:
    """The whole log of a person, in no order."""
    return [*_reviews_of(user_id), *_withdrawals_of(user_id)]


def n_reviews_of(user_id: UUID) -> int:
    """How many reviews the log of a person holds, those that were taken back among them."""
    return StudyReview.objects.filter(user_id=user_id).count()


def memories_of(user_id: UUID, zone: ZoneInfo) -> Memories:
    """What a person remembers of each subject, by their log and the parameters fitted to them."""
    return remembering_of(user_id, zone).memories


def remembering_of(user_id: UUID, zone: ZoneInfo) -> Remembering:
    """What a person remembers now, with the entries, the zone and the parameters that it rests on."""
    parameters = parameters_of(user_id)
    n_reviews, n_withdrawals = n_reviews_of(user_id), _n_withdrawals(user_id)
    kept = _fitting(_KEPT.get(user_id), zone, parameters)
    if kept is None:
        kept = _fitting(kept_snapshot(user_id), zone, parameters)
    if kept is not None and (kept.n_reviews, kept.n_withdrawals) != (n_reviews, n_withdrawals):
        kept = _brought_on(user_id, kept, (n_reviews, n_withdrawals), zone, parameters)
    now = kept or _replayed(user_id, zone, parameters)
    _keep(user_id, now)
    return now


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
    """Write the reviews that are not in the log yet; those that are stay as they are.

    Raises:
        ConflictError: one of them is in the log of somebody else; names it. Nothing of its batch was written.
    """
    for batch in _batches(list(reviews)):
        rows = {review.uuid: row_of(user, review, kept_at=kept_at) for review in batch}
        theirs = StudyReview.objects.filter(pk__in=rows).exclude(user=user).values_list("pk", flat=True).first()
        if theirs is not None:
            raise ConflictError(f"review {theirs} is in the log of somebody else; nothing was added")
        StudyReview.objects.bulk_create(rows.values(), ignore_conflicts=True, batch_size=200)


# --- what is remembered ---------------------------------------------------------------------------------------------------


def _fitting(kept: Remembering | None, zone: ZoneInfo, parameters: Parameters) -> Remembering | None:
    return kept if kept is not None and (kept.zone, kept.parameters) == (zone.key, parameters.values) else None


def _replayed(user_id: UUID, zone: ZoneInfo, parameters: Parameters) -> Remembering:
    """The whole log, replayed."""
    rows = _review_rows(user_id)
    withdrawals = _withdrawals_of(user_id)
    reviews = [_review(row) for row in rows]
    return Remembering(
        n_reviews=len(reviews),
        n_withdrawals=len(withdrawals),
        kept_up_to=max((row[6] for row in rows), default=None),
        withdrawn_up_to=max((one.at for one in withdrawals), default=None),
        zone=zone.key,
        parameters=parameters.values,
        memories=replay([*reviews, *withdrawals], parameters, zone).memories(),
    )


def _brought_on(
    user_id: UUID, kept: Remembering, lengths: tuple[int, int], zone: ZoneInfo, parameters: Parameters
) -> Remembering | None:
    """What is kept with the entries that came since; None where these can't be told, or are too many."""
    reviews = StudyReview.objects.filter(user_id=user_id)
    withdrawals = _withdrawal_rows(user_id)
    if kept.kept_up_to is not None:
        reviews = reviews.filter(kept_at__gt=kept.kept_up_to)
    if kept.withdrawn_up_to is not None:
        withdrawals = withdrawals.filter(at__gt=kept.withdrawn_up_to)
    added, taken_back = list(reviews.values_list("subject", "kept_at")), list(withdrawals.values_list("review__subject", "at"))
    touched = {Subject(subject) for subject, _ in [*added, *taken_back]}
    if (kept.n_reviews + len(added), kept.n_withdrawals + len(taken_back)) != lengths or len(touched) > MOST_TOUCHED:
        return None
    anew = schedule_of(histories(_entries_about(user_id, sorted(touched)), zone), parameters).memories()
    return replace(
        kept,
        n_reviews=lengths[0],
        n_withdrawals=lengths[1],
        kept_up_to=max((at for _, at in added), default=kept.kept_up_to),
        withdrawn_up_to=max((at for _, at in taken_back), default=kept.withdrawn_up_to),
        memories={**{one: known for one, known in kept.memories.items() if one not in touched}, **anew},
    )


def _keep(user_id: UUID, now: Remembering) -> None:
    with _LOCK:
        _KEPT.pop(user_id, None)
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[user_id] = now


# --- rows -----------------------------------------------------------------------------------------------------------------


def _n_withdrawals(user_id: UUID) -> int:
    return _withdrawal_rows(user_id).count()


def _withdrawal_rows(user_id: UUID) -> QuerySet[StudyWithdrawal]:
    """Few rows, and asked one by one whose they are: a join would have SQLite begin with all reviews of the person."""
    return StudyWithdrawal.objects.filter(Exists(StudyReview.objects.filter(pk=OuterRef("review_id"), user_id=user_id)))


_Row = tuple[UUID, str, int, datetime, str, str, datetime]


def _review_rows(user_id: UUID, subjects: Sequence[Subject] | None = None) -> list[_Row]:
    rows = StudyReview.objects.filter(user_id=user_id)
    if subjects is not None:
        rows = rows.filter(subject__in=subjects)
    return list(rows.values_list("id", "subject", "grade", "at", "origin", "shown", "kept_at"))


def _review(row: _Row) -> Review:
    uuid, subject, grade, at, origin, shown, _ = row
    return Review(uuid, Subject(subject), Grade(grade), at, Origin(origin), shown or None)


def _reviews_of(user_id: UUID) -> list[Review]:
    return [_review(row) for row in _review_rows(user_id)]


def _withdrawals_of(user_id: UUID) -> list[Withdrawal]:
    rows = _withdrawal_rows(user_id).values_list("id", "review_id", "at")
    return [Withdrawal(*row) for row in rows]


def _entries_about(user_id: UUID, subjects: Sequence[Subject]) -> list[Entry]:
    """The entries of the log that are about some subjects."""
    found: list[Entry] = []
    for batch in _batches(subjects):
        found += [_review(row) for row in _review_rows(user_id, batch)]
        rows = StudyWithdrawal.objects.filter(review__user_id=user_id, review__subject__in=batch)
        found += [Withdrawal(*row) for row in rows.values_list("id", "review_id", "at")]
    return found


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
