"""Notes made ready for the database, one a line in a temporary file.

A deck is read and drawn before the write begins, so that the write is short and nobody else waits for it; and a deck of any
size takes the memory of a few hundred notes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ReadyCard:
    """A card as it will be kept. `due_on` is an ISO date."""

    key: str
    ord: int
    front: str
    back: str
    is_suspended: bool
    due_on: str | None
    imported: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadyNote:
    """A note as it will be kept. Times are Unix seconds."""

    key: str
    where: str  # how messages call it
    guid: str
    note_type: str  # key of its note type
    fields: list[list[str]]
    tags: list[str]
    deck: str
    gaps: list[int]  # the places of the cards that a text with gaps makes; none of other kinds
    words: str  # what a search looks through
    made_at_s: float
    changed_at_s: float
    cards: list[ReadyCard]

    @property
    def uuid(self) -> UUID:
        return UUID(self.key)


class Spool:
    """A file of notes: written once, then read in batches."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "notes"
        self._file = self._path.open("w", encoding="utf-8")

    def add(self, note: ReadyNote) -> None:
        self._file.write(json.dumps(_as_json(note), separators=(",", ":")) + "\n")

    def batches(self) -> Iterator[list[ReadyNote]]:
        """The notes, as many at once as one statement should take."""
        self._file.flush()
        batch: list[ReadyNote] = []
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                batch.append(_from_json(json.loads(line)))
                if len(batch) == MOST_AT_ONCE:
                    yield batch
                    batch = []
        if batch:
            yield batch

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()


_NOTE = tuple(one.name for one in fields(ReadyNote))[:-1]
_CARD = tuple(one.name for one in fields(ReadyCard))


def _as_json(note: ReadyNote) -> list[Any]:
    cards = [[getattr(card, name) for name in _CARD] for card in note.cards]
    return [*(getattr(note, name) for name in _NOTE), cards]


def _from_json(values: list[Any]) -> ReadyNote:
    said: dict[str, Any] = dict(zip(_NOTE, values, strict=False))
    return ReadyNote(**said, cards=[ReadyCard(*card) for card in values[-1]])
