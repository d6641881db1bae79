"""What a person does in the queue: grade a takeaway, and take that back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError

from bedside.errors import NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.exam.sealed import see_unsealed
from bedside.site.study.log import row_of, step_on
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.site.study.zones import zone_of
from bedside.study import Grade, Origin, Review, study_day, takeaway


def grade_card(user: User, name: str, grade: Grade, *, review: UUID, content: Content, at: datetime) -> None:
    """Keep how well a takeaway was recalled as a flashcard. `review` is the id of this recall: sent twice, it counts once.

    Raises:
        NotFoundError: the bank has no such takeaway.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    if name not in content.bank.takeaways:
        raise NotFoundError(f'the bank has no takeaway "{name[:120]}"')
    made = Review(review, takeaway(name), grade, at, Origin.CARD)
    try:
        with one_write():
            if StudyReview.objects.filter(pk=review).exists():
                return
            row_of(user, made, kept_at=at).save(force_insert=True)
    except IntegrityError:
        return  # the same was sent twice at one moment
    step_on(user.pk, made, zone_of(user.pk))


def take_back(user: User, review: UUID, *, at: datetime) -> None:
    """Take back what was graded in the queue; again, it changes nothing.

    Raises:
        NotFoundError: no such review of theirs.
        UsageError: it comes of an item or a case, whose outcome can't be taken back.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    row = StudyReview.objects.filter(pk=review, user=user).first()
    if row is None:
        raise NotFoundError("you have no such review")
    if row.origin != Origin.CARD:
        raise UsageError("only what you graded yourself can be taken back")
    with one_write():
        if not StudyWithdrawal.objects.filter(review=row).exists():
            StudyWithdrawal.objects.create(id=uuid4(), review=row, at=at)


def last_graded(user: User, *, at: datetime) -> StudyReview | None:
    """What they graded last in the queue on this study day and did not take back; None: nothing."""
    rows = StudyReview.objects.filter(user=user, origin=Origin.CARD.value, withdrawal__isnull=True)
    row = rows.order_by("-at", "-kept_at").first()
    zone = zone_of(user.pk)
    return row if row is not None and study_day(row.at, zone) == study_day(at, zone) else None
