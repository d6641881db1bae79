"""Answers given elsewhere, on paper or in another program, come into the log of reviews: a file of JSON lines.

Each line is one answer. Its reviews and its minutes have ids that follow from who answered and what the line says, so that a
file sent twice adds nothing. All lines of a file are kept, or none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bedside.bank import Item
from bedside.errors import BedsideError, NotFoundError, UsageError
from bedside.reading import did_you_mean
from bedside.site.accounts.models import User
from bedside.site.cards.models import Card
from bedside.site.cases.stock import case_file
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.exam.sealed import see_unsealed
from bedside.site.planning.limits import MOST_LINES
from bedside.site.planning.models import StudySpent
from bedside.site.planning.sessions import note_days
from bedside.site.study.log import add_missing
from bedside.site.study.models import StudyReview
from bedside.site.study.queries import CARD_MINUTES, EXPLANATION_MINUTES
from bedside.site.study.taking_in import grade_of_case
from bedside.site.study.zones import zone_of
from bedside.study import Answer, Confidence, Grade, Kind, Origin, Review, Subject, card, grade_of, study_day, takeaway

NAMESPACE = UUID("8f0a2b52-0f3e-4d0f-9d2c-6b5a1f7f7f52")


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    at: datetime = Field(description="When it was answered, with its zone.")


class ItemLine(_Line):
    """An item that was answered: the letter or letters chosen (or the number), seconds, and whether it was in a timed block."""

    item: Annotated[str, Field(min_length=1, max_length=200)]
    chosen: Annotated[str, Field(min_length=1, max_length=40)]
    seconds: Annotated[float, Field(ge=0, le=86_400)]
    confidence: Literal["sure", "unsure"] | None = None
    timed: bool = False


class SubjectLine(_Line):
    """A card of one's own or a takeaway that was recalled: 1 again, 2 hard, 3 good, 4 easy."""

    card: UUID | None = None
    takeaway: Annotated[str, Field(min_length=1, max_length=140)] | None = None
    grade: Annotated[int, Field(ge=1, le=4)]
    seconds: Annotated[float, Field(ge=0, le=86_400)] | None = None


class CaseLine(_Line):
    """A patient case that was played: its score in per cent, and minutes."""

    case: Annotated[str, Field(min_length=1, max_length=100)]
    percent: Annotated[float, Field(ge=0, le=100)]
    minutes: Annotated[float, Field(ge=0, le=1440)]


KINDS: Mapping[str, type[_Line]] = {
    "item": ItemLine,
    "card": SubjectLine,
    "takeaway": SubjectLine,
    "case": CaseLine,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file brought: lines in it, and how much of it is new."""

    n_lines: int
    n_reviews: int
    n_new_reviews: int
    n_right: int  # of its items
    n_items: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one line becomes."""

    reviews: tuple[Review, ...]
    spent: StudySpent
    is_right: bool | None = None


def take_answers(user: User, content: Content, lines: Iterable[str], *, at: datetime) -> Taken:
    """Keep the answers of a file, all or none. A file, or a line of it, that was kept before adds nothing.

    Raises:
        UsageError: a line can't be read or names what is not there; says which line and field.
        SealedError: a proctored sitting of theirs is under way.
        StoreError: the store refused; nothing was kept.
    """
    see_unsealed(user.pk, at)
    reader = _Reader(user, content, at)
    kept = reader.read(lines)
    reviews = {review.uuid: review for one in kept for review in one.reviews}
    spent = {one.spent.pk: one.spent for one in kept}
    known = _known(reviews)
    with one_write():
        add_missing(user, reviews.values(), kept_at=at)
        StudySpent.objects.bulk_create(spent.values(), ignore_conflicts=True, batch_size=200)
    note_days(user, content, {one.spent.on for one in kept}, at=at)
    rights = [one.is_right for one in kept if one.is_right is not None]
    return Taken(len(kept), len(reviews), len(reviews) - known, sum(rights), len(rights))


def _known(reviews: Mapping[UUID, Review]) -> int:
    ids = list(reviews)
    parts = (ids[start : start + 500] for start in range(0, len(ids), 500))
    return sum(StudyReview.objects.filter(pk__in=part).count() for part in parts)


class _Reader:
    """Reads lines for one person; what is wrong says its line and field."""

    def __init__(self, user: User, content: Content, at: datetime) -> None:
        self.user, self.content, self.at = user, content, at
        self.zone = zone_of(user.pk)
        self.met = _subjects_met(user)

    def read(self, lines: Iterable[str]) -> list[_Kept]:
        found: list[tuple[int, _Line, Mapping[str, Any]]] = []
        for number, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            if len(found) >= MOST_LINES:
                raise UsageError(f"a file has at most {MOST_LINES} answers")
            told = _object(number, text)
            found.append((number, _line(number, told), told))
        # what was met first decides what counts as new, so the order is that of time
        found.sort(key=lambda row: row[1].at)
        return [self._kept(number, line, told) for number, line, told in found]

    def _kept(self, number: int, line: _Line, told: Mapping[str, Any]) -> _Kept:
        if line.at > self.at:
            raise UsageError(f"line {number}: at: {line.at.isoformat()} lies in the future")
        uuid = uuid5(NAMESPACE, f"{self.user.pk}\0{_canonical(told)}")
        try:
            match line:
                case ItemLine():
                    return self._item(line, uuid)
                case SubjectLine():
                    return self._subject(line, uuid)
                case CaseLine():
                    return self._case(line, uuid)
                case _:
                    pass
        except BedsideError as error:
            raise UsageError(f"line {number}: {error}") from None
        raise AssertionError(f"{type(line).__name__} is no kind of line")

    def _item(self, line: ItemLine, uuid: UUID) -> _Kept:
        item = self.content.item(line.item)
        if item is None:
            raise NotFoundError(f'item: the bank has no item "{line.item}"{did_you_mean(line.item, list(self.content.items))}')
        is_right = _is_right(item, line.chosen)
        confidence = Confidence(line.confidence) if line.confidence else None
        grade = grade_of(Answer(is_right, line.seconds, float(item.seconds), confidence))
        subjects = [takeaway(name) for name in item.takeaways]
        reviews = tuple(Review(uuid5(uuid, subject), subject, grade, line.at, Origin.ITEM, line.item) for subject in subjects)
        kind = Kind.REVIEW if any(subject in self.met for subject in subjects) else Kind.NEW
        kind = Kind.BLOCK if line.timed else kind
        self.met.update(subjects)
        seconds = line.seconds if line.timed else line.seconds + EXPLANATION_MINUTES * 60
        return _Kept(reviews, self._spent(uuid, kind, seconds, line.item, line.at), is_right)

    def _subject(self, line: SubjectLine, uuid: UUID) -> _Kept:
        if (line.card is None) == (line.takeaway is None):
            raise UsageError("card: a line names a card or a takeaway, one of them")
        subject = self._card(line.card) if line.card else self._takeaway(line.takeaway or "")
        kind = Kind.REVIEW if subject in self.met else Kind.NEW
        self.met.add(subject)
        seconds = CARD_MINUTES * 60 if line.seconds is None else line.seconds
        review = Review(uuid, subject, Grade(line.grade), line.at, Origin.CARD)
        return _Kept((review,), self._spent(uuid, kind, seconds, subject, line.at))

    def _card(self, key: UUID) -> Subject:
        if not Card.objects.filter(user=self.user, key=key).exists():
            raise NotFoundError(f"card: you have no card {key}")
        return card(key)

    def _takeaway(self, name: str) -> Subject:
        if name not in self.content.bank.takeaways:
            near = did_you_mean(name, list(self.content.bank.takeaways))
            raise NotFoundError(f'takeaway: the bank has no takeaway "{name}"{near}')
        return takeaway(name)

    def _case(self, line: CaseLine, uuid: UUID) -> _Kept:
        try:
            file = case_file(line.case)
        except NotFoundError as error:
            raise NotFoundError(f"case: {error}") from None
        grade = grade_of_case(line.percent)
        subjects = [takeaway(name) for name in file.debrief.takeaways if name in self.content.bank.takeaways]
        reviews = tuple(Review(uuid5(uuid, one), one, grade, line.at, Origin.CASE, line.case) for one in subjects)
        return _Kept(reviews, self._spent(uuid, Kind.CASE, line.minutes * 60, line.case, line.at))

    def _spent(self, uuid: UUID, kind: Kind, seconds: float, of: str, moment: datetime) -> StudySpent:
        return StudySpent(
            id=uuid,
            user=self.user,
            on=study_day(moment, self.zone),
            kind=kind.value,
            seconds=round(seconds),
            of=of,
            at=moment,
            kept_at=self.at,
        )


def _subjects_met(user: User) -> set[str]:
    return set(StudyReview.objects.filter(user=user).values_list("subject", flat=True).distinct())


def _object(number: int, text: str) -> Mapping[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"line {number}: no JSON: {error}") from None
    if not isinstance(told, dict):
        raise UsageError(f"line {number}: it must be an object, as {{...}}")
    return told


def _line(number: int, told: Mapping[str, Any]) -> _Line:
    kinds = [name for name in KINDS if told.get(name) is not None]
    if len(kinds) != 1:
        raise UsageError(f"line {number}: it must name one of {', '.join(KINDS)}")
    try:
        line = KINDS[kinds[0]].model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or kinds[0]
        raise UsageError(f"line {number}: {field}: {first['msg']}") from None
    if line.at.tzinfo is None:
        raise UsageError(f"line {number}: at: the time has no zone; write it as 2026-11-29T08:30:00Z")
    return line


def _is_right(item: Item, chosen: str) -> bool:
    """Is it the key? Letters stand as they do in the item's file: "B", or "A,C" or "AC" for several."""
    if item.answer:
        return item.is_answered_by(chosen.strip())
    letters = sorted({letter for letter in chosen.upper() if letter not in ", "})
    known = [option.letter for option in item.options]
    if not letters or not set(letters) <= set(known):
        raise UsageError(f'chosen: {item.id} has no option "{chosen}"; its options are {", ".join(known)}')
    return item.is_answered_by(",".join(letters))


def _canonical(told: Mapping[str, Any]) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
