"""What an answer says about memory: right or wrong, how fast, and how sure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bedside.study.reviews import Grade

SLOW = 1.5  # times the item's budget
FAST = 0.5  # times the budget; assumed


class Confidence(StrEnum):
    """What the candidate said after choosing."""

    SURE = "sure"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as memory sees it. `confidence` is None where it was not asked or not given."""

    is_right: bool
    seconds_s: float
    budget_s: float
    confidence: Confidence | None = None


def grade_of(answer: Answer) -> Grade:
    """Wrong: again. Right but slow or unsure: hard. Right, fast and sure: easy. Right otherwise: good."""
    if not answer.is_right:
        return Grade.AGAIN
    if answer.seconds_s > SLOW * answer.budget_s or answer.confidence is Confidence.UNSURE:
        return Grade.HARD
    if answer.confidence is Confidence.SURE and answer.seconds_s <= FAST * answer.budget_s:
        return Grade.EASY
    return Grade.GOOD
