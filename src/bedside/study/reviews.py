"""The log of reviews: append-only, each entry with a UUID, so that two machines merge by union."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NewType
from uuid import UUID

from bedside.errors import ConflictError

Subject = NewType("Subject", str)  # "takeaway:ID" or "card:UUID"


class Grade(IntEnum):
    """How a recall went, with the numbers of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Origin(StrEnum):
    """Where a review came from."""

    ITEM = "item"
    CARD = "card"
    CASE = "case"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Review:
    """One recall of one subject. `shown` names what was shown: the item, the member of a model, the card."""

    uuid: UUID
    subject: Subject
    grade: Grade
    at: datetime  # aware
    origin: Origin
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A review was taken back (undo). Nothing is deleted from the log."""

    uuid: UUID
    review: UUID
    at: datetime  # aware


Entry = Review | Withdrawal


class EntriesDifferError(ConflictError):
    """Two logs hold different entries under one UUID; `uuid` names it."""

    def __init__(self, uuid: UUID) -> None:
        super().__init__(f"two logs of reviews hold different entries under {uuid}; none was merged")
        self.uuid = uuid


def takeaway(name: str) -> Subject:
    """The subject of the takeaway with that id."""
    return Subject(f"takeaway:{name}")


def card(uuid: UUID) -> Subject:
    """The subject of the card with that UUID."""
    return Subject(f"card:{uuid}")


def merged(*logs: Iterable[Entry]) -> tuple[Entry, ...]:
    """The union of logs, in the order of time; the same whatever the order of the logs.

    Raises:
        EntriesDifferError: one UUID stands for two different entries.
    """
    found: dict[UUID, Entry] = {}
    for log in logs:
        for entry in log:
            if found.setdefault(entry.uuid, entry) != entry:
                raise EntriesDifferError(entry.uuid)
    return tuple(sorted(found.values(), key=_place))


def standing(entries: Iterable[Entry]) -> list[Review]:
    """The reviews that were not taken back, in the order of time."""
    reviews: list[Review] = []
    withdrawn: set[UUID] = set()
    for entry in entries:
        match entry:
            case Review():
                reviews.append(entry)
            case Withdrawal():
                withdrawn.add(entry.review)
    return sorted((review for review in reviews if review.uuid not in withdrawn), key=_place)


def _place(entry: Entry) -> tuple[datetime, int]:
    return entry.at, entry.uuid.int
