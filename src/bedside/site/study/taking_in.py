"""What was learned elsewhere comes into the log of reviews: the takeaways of cases and of items.

Each review has an id that follows from what it comes of, and the time at which that happened: taken in twice, or on two
machines, it is the same review.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from bedside.bank import Takeaway
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.exam.models import Response
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.study.log import add_missing
from bedside.site.study.models import StudyIntake
from bedside.study import Answer, Confidence, Grade, Origin, Review, Subject, grade_of, takeaway

NAMESPACE = UUID("5b1e6a5e-7b61-4a0c-9d7f-2f6f0a3f8c11")
MOST_ANSWERS, MOST_SITTINGS = 300, 40  # taken in by one request; what is left comes with the next one
PASSED, WELL = 60.0, 80.0  # per cent of a case


@dataclass(frozen=True, slots=True)
class CasePlayed:
    """A case that was played to its end and whose debrief may be read."""

    run: UUID
    case: str
    percent: float | None
    ended_at: datetime
    takeaways: Sequence[Takeaway]


def grade_of_case(percent: float | None) -> Grade:
    """How well the takeaways of a case were known, by how it went.

    One score stands for all of them, so it is read cautiously: a run that earned less than 60 of 100 showed no recall that
    could be counted on, one below 80 recalled it with effort or late, and none is counted as easy. Both bounds are assumed.
    """
    if percent is None or percent < PASSED:
        return Grade.AGAIN
    return Grade.HARD if percent < WELL else Grade.GOOD


def take_in_case(user: User, played: CasePlayed, *, at: datetime) -> None:
    """Put each takeaway of a case into the log, once a run.

    Raises:
        StoreError: the store refused; nothing was written.
    """
    grade = grade_of_case(played.percent)
    subjects = [takeaway(one.id) for one in played.takeaways]
    reviews = [
        Review(_id("case", played.run, played.case, subject), subject, grade, played.ended_at, Origin.CASE, played.case)
        for subject in subjects
    ]
    if reviews:
        with one_write():
            add_missing(user, reviews, kept_at=at)


def take_in_answers(user: User, content: Content, *, at: datetime) -> None:
    """Put the takeaways of items into the log whose answers the person knows to be right or wrong, as many as one request may.

    That is known of sittings whose keys were given out, and in tutor mode, where the explanation came at once.

    Raises:
        StoreError: the store refused; nothing was written.
    """
    rows, n = [], 0
    for row in _with_news(user):
        if n >= MOST_ANSWERS:
            break
        rows.append(row)
        n += row.n_answered
    if not rows:
        return
    reviews = [review for row in rows for review in _reviews_of(row, content)]
    with one_write():
        add_missing(user, reviews, kept_at=at)
        StudyIntake.objects.bulk_create(
            [StudyIntake(sitting=row, n_answered=row.n_answered) for row in rows],
            update_conflicts=True,
            unique_fields=["sitting"],
            update_fields=["n_answered"],
        )


def _with_news(user: User) -> Iterable[SittingRow]:
    """The person's sittings with answers that are not in the log, the oldest first."""
    return (
        SittingRow.objects.filter(Q(is_disclosed=True) | Q(mode="tutor"), user=user)
        .exclude(state="voided")
        .annotate(n_taken=Coalesce("study_intake__n_answered", Value(0)))
        .filter(n_answered__gt=F("n_taken"))
        .order_by("created_at")
    )[:MOST_SITTINGS]


def _reviews_of(row: SittingRow, content: Content) -> Iterator[Review]:
    factor = float(row.delivery_form().time_factor)
    for response in Response.objects.filter(sitting=row):
        item = content.about(response.item)  # what the bank no longer has teaches nothing that could be asked again
        if item is None:
            continue
        confidence = Confidence(response.confidence) if response.confidence in set(Confidence) else None
        answer = Answer(response.correct, response.ms / 1000, item.seconds * factor, confidence)
        for name in item.takeaways:
            subject = takeaway(name)
            uuid = _id("item", row.pk, response.item, subject)
            yield Review(uuid, subject, grade_of(answer), response.answered_at, Origin.ITEM, response.item)


def _id(kind: str, of: UUID, shown: str, subject: Subject) -> UUID:
    return uuid5(NAMESPACE, f"{kind}\0{of}\0{shown}\0{subject}")
