"""Parameters of memory fitted to one person, and when they are fitted anew.

Each trial is a row that is never changed; in use is what the last trial found that predicted better than what was in use
before it. Two machines merge by union: of two trials the one of the later day counts, then that with more reviews.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.study.log import entries_of, n_reviews_of, remembering_of
from bedside.site.study.models import StudyFit, StudySnapshot
from bedside.site.study.parameters import newest, parameters_of
from bedside.site.study.snapshots import write_snapshot
from bedside.site.study.zones import zone_of
from bedside.study import Fit, fit, histories, is_fit_due, study_day

MIN_GROWTH = 1.02  # of the log since the last trial: a fit to 300,000 reviews takes some ten seconds, and a day's moves nothing
MIN_SNAPSHOT = 5_000  # reviews; fewer are replayed in less time than a row takes
SNAPSHOT_AFTER = 500  # entries more than in the last snapshot

__all__ = ["fit_if_due", "keep_snapshot", "parameters_of", "refresh"]


def refresh(user: User, *, at: datetime) -> None:
    """What is done once a day, before the plan is made anew: fit where that is due, and keep what is remembered.

    Raises:
        StoreError: the store refused; nothing of the step that it refused was written.
    """
    fit_if_due(user, at=at)
    keep_snapshot(user)


def fit_if_due(user: User, *, at: datetime) -> StudyFit | None:
    """Try new parameters where there are enough reviews, more than at the last trial, and none was made today.

    Answers the trial, None where none was due. It shows nothing of what an item teaches, and runs beside a sitting too.

    Raises:
        StoreError: the store refused; nothing was written.
    """
    zone = zone_of(user.pk)
    on = study_day(at, zone)
    if not _is_due(user.pk, on):
        return None
    found = histories(entries_of(user.pk), zone)
    n_reviews = sum(len(history.grades) for history in found)
    row = _row(user, fit(found, parameters_of(user.pk), on), n_reviews=n_reviews, on=on)
    with one_write():
        if StudyFit.objects.filter(user=user, fitted_on=on).exists():
            return None  # another process was first
        row.save(force_insert=True)
    return row


def keep_snapshot(user: User) -> bool:
    """Keep what is remembered now, where the log is long and has grown since it was last kept; says whether it was.

    Raises:
        StoreError: the store refused; the older snapshot stays.
    """
    n_reviews = n_reviews_of(user.pk)
    if n_reviews < MIN_SNAPSHOT:
        return False
    now = remembering_of(user.pk, zone_of(user.pk))
    kept = StudySnapshot.objects.filter(pk=user.pk).defer("memories").first()
    is_same = kept is not None and (kept.zone, tuple(kept.parameters)) == (now.zone, now.parameters)
    if (
        kept is not None
        and is_same
        and now.n_reviews + now.n_withdrawals < kept.n_reviews + kept.n_withdrawals + SNAPSHOT_AFTER
    ):
        return False
    with one_write():
        write_snapshot(user.pk, now)
    return True


def _is_due(user_id: UUID, on: date) -> bool:
    n_reviews = n_reviews_of(user_id)
    last = newest(StudyFit.objects.filter(user_id=user_id))
    if last is not None and n_reviews < last.n_reviews * MIN_GROWTH:
        return False
    return is_fit_due(parameters_of(user_id), n_reviews, on, tried_on=last.fitted_on if last else None)


def _row(user: User, tried: Fit | None, *, n_reviews: int, on: date) -> StudyFit:
    taken = tried is not None and tried.is_better and tried.parameters.n_reviews > 0
    return StudyFit(
        id=uuid4(),
        user=user,
        fitted_on=on,
        n_reviews=n_reviews,
        parameters=list(tried.parameters.values) if tried is not None and taken else [],
        loss_before=tried.loss_before if tried else None,
        loss_after=tried.loss_after if tried else None,
    )
