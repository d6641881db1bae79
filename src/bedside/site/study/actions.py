"""What a person does in the queue: grade what they recalled, take that back, set a card aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError

from bedside.errors import BedsideError, NotAllowedError, NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.cards.models import Card
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.exam.sealed import see_unsealed
from bedside.site.study.log import row_of
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.site.study.queries import is_card, name_of
from bedside.site.study.taking_in import NAMESPACE
from bedside.site.study.zones import zone_of
from bedside.study import Grade, Origin, Review, Subject, study_day

MAX_AGE = timedelta(days=30)  # of a grade that waited in a browser for the network; older ones count as so old
MOST_DEEDS = 100  # in one call


@dataclass(frozen=True, slots=True)
class Graded:
    """How well a subject was recalled, so long before it is kept. `review` is the id of this recall."""

    review: UUID
    subject: Subject
    grade: Grade
    age: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A grade that is taken back."""

    review: UUID


@dataclass(frozen=True, slots=True)
class SetAside:
    """A card that is not to be asked until it is taken up again, or is taken up again."""

    card: UUID
    is_suspended: bool


Deed = Graded | TakenBack | SetAside


def grade_subject(user: User, subject: Subject, grade: Grade, *, review: UUID, content: Content, at: datetime) -> None:
    """Keep how well a takeaway or a card was recalled. `review` is the id of this recall: sent twice, it counts once.

    Raises:
        NotFoundError: the bank has no such takeaway, or they have no such card.
        NotAllowedError: the id is of somebody else's review.
        SealedError: a proctored sitting of theirs is under way.
    """
    _do_one(user, Graded(review, subject, grade), content=content, at=at)


def take_back(user: User, review: UUID, *, content: Content, at: datetime) -> Subject:
    """Take back what was graded in the queue, and answer what it was; again, it changes nothing.

    Raises:
        NotFoundError: no such review of theirs.
        UsageError: it comes of an item or a case, whose outcome can't be taken back.
        SealedError: a proctored sitting of theirs is under way.
    """
    _do_one(user, TakenBack(review), content=content, at=at)
    return Subject(StudyReview.objects.values_list("subject", flat=True).get(pk=review))


def set_aside(user: User, card: UUID, *, content: Content, at: datetime) -> None:
    """Have a card not asked until it is taken up again.

    Raises:
        NotFoundError: they have no such card.
        SealedError: a proctored sitting of theirs is under way.
    """
    _do_one(user, SetAside(card, is_suspended=True), content=content, at=at)


def do_all(user: User, deeds: Sequence[Deed], *, content: Content, at: datetime) -> dict[int, BedsideError]:
    """Do what was done in a browser, in its order and in one write. What can't be done is left out, and told by its place.

    Raises:
        UsageError: too many at once.
        SealedError: a proctored sitting of theirs is under way.
        StoreError: the store refused; nothing was kept.
    """
    see_unsealed(user.pk, at)
    if len(deeds) > MOST_DEEDS:
        raise UsageError(f"at most {MOST_DEEDS} grades can be sent at once")
    refused: dict[int, BedsideError] = {}
    with one_write():
        for place, deed in enumerate(deeds):
            try:
                _do(user, deed, content, at)
            except (NotFoundError, NotAllowedError, UsageError) as error:
                refused[place] = error
    return refused


def last_graded(user: User, *, at: datetime) -> StudyReview | None:
    """What they graded last in the queue on this study day and did not take back; None: nothing."""
    rows = StudyReview.objects.filter(user=user, origin=Origin.CARD.value, withdrawal__isnull=True)
    row = rows.order_by("-at", "-kept_at").first()
    zone = zone_of(user.pk)
    return row if row is not None and study_day(row.at, zone) == study_day(at, zone) else None


def _do_one(user: User, deed: Deed, *, content: Content, at: datetime) -> None:
    try:
        refused = do_all(user, [deed], content=content, at=at)
    except IntegrityError:
        refused = do_all(user, [deed], content=content, at=at)  # the same was sent twice at one moment; now it is there
    for error in refused.values():
        raise error


def _do(user: User, deed: Deed, content: Content, at: datetime) -> None:
    match deed:
        case Graded():
            _keep_grade(user, deed, content, at)
        case TakenBack(review):
            _take_back(user, review, at)
        case SetAside(card, is_suspended):
            _set_aside(user, card, is_suspended, at)


def _keep_grade(user: User, deed: Graded, content: Content, at: datetime) -> None:
    if is_card(deed.subject):
        _see_card(user, deed.subject)
    elif name_of(deed.subject) not in content.bank.takeaways:
        raise NotFoundError(f'the bank has no takeaway "{name_of(deed.subject)[:120]}"')
    there = StudyReview.objects.filter(pk=deed.review).values_list("user_id", flat=True).first()
    if there is None:
        when = at - min(max(deed.age, timedelta(0)), MAX_AGE)
        made = Review(deed.review, deed.subject, deed.grade, when, Origin.CARD)
        row_of(user, made, kept_at=at).save(force_insert=True)
    elif there != user.pk:
        raise NotAllowedError("the id of this review is somebody else's")


def _see_card(user: User, subject: Subject) -> None:
    try:
        key = UUID(name_of(subject))
    except ValueError:
        raise NotFoundError("you have no such card") from None
    if str(key) != name_of(subject) or not Card.objects.filter(user=user, key=key).exists():
        raise NotFoundError("you have no such card")


def _take_back(user: User, review: UUID, at: datetime) -> None:
    row = StudyReview.objects.filter(pk=review, user=user).first()
    if row is None:
        raise NotFoundError("you have no such review")
    if row.origin != Origin.CARD:
        raise UsageError("only what you graded yourself can be taken back")
    if not StudyWithdrawal.objects.filter(review=row).exists():
        # two machines that took the same back agree on its id
        StudyWithdrawal.objects.create(id=uuid5(NAMESPACE, str(review)), review=row, at=at)


def _set_aside(user: User, key: UUID, is_suspended: bool, at: datetime) -> None:
    cards = Card.objects.filter(user=user, key=key)
    if not cards.exists():
        raise NotFoundError("you have no such card")
    cards.filter(suspended_at__isnull=is_suspended).update(suspended_at=at if is_suspended else None, changed_at=at)
