"""The answers of a person as columns, so that a whole history is reckoned with at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.reflection.queries import revealed

Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]


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
    known = {item: about.seconds for item in set(answers.item) if (about := content.about(item)) is not None}
    seconds = [known.get(item, np.nan) for item in answers.item]
    return np.array(seconds, dtype=np.float64) * answers.factor
