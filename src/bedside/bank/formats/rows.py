"""What a reader takes and gives: the bytes of one file, and for each row a question or the reason why it was not taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bedside.bank.item import Kind


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be imported, already unpacked; `name` is what reports call it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """One question of another program; all texts are Markdown already, in which the original shows as it was.

    `steps` are the steps, (programme, step), that the row itself names.
    """

    row: int  # line or record of the file, from 1
    id: str | None
    kind: Kind
    stem: str
    lead_in: str
    options: tuple[str, ...]  # in the order of their letters, A first
    key: tuple[str, ...]  # letters
    explanations: Mapping[str, str]  # letter → text
    steps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that became a question; `notes` say what could not be kept of it."""

    question: Question
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was not taken, and why."""

    row: int
    why: str


Reader = Callable[[SourceFile], Iterator[Taken | Skipped]]


class RowError(ValueError):
    """A row can't be taken; the message says why. Raised and caught inside a reader."""
