"""Why something is in a session, as codes with their values; the site makes words of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Due:
    """It is remembered less surely than it should be: `p_recall`, 0 to 1."""

    p_recall: float


@dataclass(frozen=True, slots=True)
class Ahead:
    """It is remembered well; nothing better was left for these minutes."""

    p_recall: float


@dataclass(frozen=True, slots=True)
class HighYield:
    """New, of an area with this share of the exam and this share known already, 0 to 1.

    Both are None for a card of no area; `p_known` is None, too, where nothing of the area was asked yet.
    """

    weight: float | None
    p_known: float | None


@dataclass(frozen=True, slots=True)
class Breadth:
    """Its area was not met for so many days."""

    n_days: int


@dataclass(frozen=True, slots=True)
class WeeklyCase:
    """A patient case every week; the last was so many days ago, None: never."""

    n_days: int | None


@dataclass(frozen=True, slots=True)
class RealConditions:
    """A timed block, since the exam is so many days away."""

    days_to_exam: int


Reason = Due | Ahead | HighYield | Breadth | WeeklyCase | RealConditions


class Why(StrEnum):
    """Why something that was owed is not in a session."""

    CASE_TOO_LONG = "case_too_long"
    BLOCK_TOO_LONG = "block_too_long"
    AREA_DID_NOT_FIT = "area_did_not_fit"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was owed and did not fit; `minutes` are those that it takes."""

    why: Why
    minutes: float
    area: int | None = None  # an index into the state's areas
