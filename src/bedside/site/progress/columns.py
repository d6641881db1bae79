"""The log of reviews and the answers of a person as columns, so that a whole history is reckoned with at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Substr
from numpy.typing import NDArray

from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.reflection.queries import revealed
from bedside.site.study.models import StudyReview
from bedside.study import DAY_BEGINS_H, Days, Origin, Subject

SECONDS_LENGTH = len("2026-03-02 15:00:00")
QUARTER_S = 900  # the clocks of the world are moved at full quarters of an hour
DAY_S = 86_400

Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LogColumns:
    """All standing reviews, by subject and within it in the order of time. Subjects stand in the order of their first day."""

    subjects: tuple[Subject, ...]
    first_row: Rows  # (n_subjects,), the row of the first review of each
    subject: Rows  # (n,), index into the subjects
    day: Days  # (n,), ordinals of study days
    grade: NDArray[np.int8]  # (n,)
    is_item: Flags  # (n,), an item asked it
    answers: tuple[tuple[str, int], ...]  # each answer to an item once: the item and the day

    def __len__(self) -> int:
        return len(self.subject)


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """The answers that the person may know to be right or wrong, in the order of time."""

    item: tuple[str, ...]
    is_right: Flags
    seconds_s: NDArray[np.float64]
    factor: NDArray[np.float64]  # by which the item's time is multiplied in that sitting
    confidence: tuple[str, ...]  # "sure", "unsure" or ""

    def __len__(self) -> int:
        return len(self.item)


def log_columns(user_id: UUID, zone: ZoneInfo, *, until: datetime) -> LogColumns:
    """Read the whole log of a person up to an instant, without what was taken back by then."""
    standing = Q(withdrawal__isnull=True) | Q(withdrawal__at__gt=until)
    rows = _in_order(StudyReview.objects.filter(standing, user_id=user_id, at__lte=until))
    names, grades, texts, origins, shown = zip(*rows, strict=True) if rows else ((),) * 5
    day = study_days(np.array(texts, dtype="datetime64[s]"), zone)
    is_item = np.array([origin == Origin.ITEM.value for origin in origins], dtype=np.bool_)
    codes: dict[str, int] = {}
    subject = np.array([codes.setdefault(name, len(codes)) for name in names], dtype=np.intp)
    order = np.argsort(subject, kind="stable")
    return LogColumns(
        subjects=tuple(Subject(name) for name in codes),
        first_row=np.searchsorted(subject[order], np.arange(len(codes))),
        subject=subject[order],
        day=day[order],
        grade=np.array(grades, dtype=np.int8)[order],
        is_item=is_item[order],
        answers=_answers(shown, texts, is_item, day),
    )


def _in_order(found: QuerySet[StudyReview]) -> list[tuple[str, int, str, str, str]]:
    """Times as text: a hundred thousand of them are read faster together than one by one."""
    text = Substr(Cast("at", CharField()), 1, SECONDS_LENGTH)
    return list(found.order_by("at", "id").annotate(text=text).values_list("subject", "grade", "text", "origin", "shown"))


def _answers(shown: Sequence[str], texts: Sequence[str], is_item: Flags, day: Days) -> tuple[tuple[str, int], ...]:
    """An item with two takeaways left two reviews, of one time."""
    rows = np.flatnonzero(is_item).tolist()
    days = day.tolist()
    found = {(shown[row], texts[row]): days[row] for row in rows}
    return tuple((item, on) for (item, _text), on in found.items())


def study_days(at: NDArray[np.datetime64], zone: ZoneInfo) -> Days:
    """The ordinals of the study days of these instants (UTC), as `bedside.study.study_day` has them one by one."""
    seconds = at.astype(np.int64)
    quarters, where = np.unique(seconds // QUARTER_S, return_inverse=True)
    offsets = np.array([_offset_s(int(quarter) * QUARTER_S, zone) for quarter in quarters], dtype=np.int64)
    local = seconds + offsets[where] - DAY_BEGINS_H * 3600
    epoch = datetime(1970, 1, 1, tzinfo=UTC).toordinal()
    return (local // DAY_S + epoch).astype(np.int32)


def _offset_s(at_s: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(at_s, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def answer_columns(user: User) -> AnswerColumns:
    """Read the answers of sittings whose keys were given out, and of tutor mode, where the explanation came at once."""
    rows = list(revealed(user).order_by("answered_at", "id").values_list("item", "correct", "ms", "confidence", "sitting_id"))
    items, right, ms, confidence, sittings = zip(*rows, strict=True) if rows else ((),) * 5
    factors = _factors(user.pk) if rows else {}
    return AnswerColumns(
        item=items,
        is_right=np.array(right, dtype=np.bool_),
        seconds_s=np.array(ms, dtype=np.float64) / 1000,
        factor=np.array([factors.get(one, 1.0) for one in sittings], dtype=np.float64),
        confidence=confidence,
    )


def _factors(user_id: UUID) -> dict[UUID, float]:
    """How many times the usual seconds an item had, by sitting: an accommodation gives more, a compressed clock less."""
    rows = SittingRow.objects.filter(user_id=user_id).values_list("pk", "form__time_factor", "form__pace")
    return {pk: fraction(factor) / fraction(pace) for pk, factor, pace in rows}


def fraction(told: object) -> float:
    """A fraction as a form's JSON writes it, "5/4"; 1 where it is left out. SQLite gives a whole one as a number."""
    over, _slash, under = str(told or 1).partition("/")
    return float(over) / float(under or 1)


def budgets_s(content: Content, answers: AnswerColumns) -> NDArray[np.float64]:
    """The seconds that each answer had, by its item and its sitting; NaN where the bank no longer has the item."""
    known = {item: content.items[item].seconds for item in set(answers.item) if item in content.items}
    seconds = [known.get(item, np.nan) for item in answers.item]
    return np.array(seconds, dtype=np.float64) * answers.factor
