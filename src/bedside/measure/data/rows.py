"""Answers gathered piece by piece, put into rows by person, each in increasing item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from bedside.measure.problems import DuplicatesError, ResponsesError, named

if TYPE_CHECKING:
    import polars as pl

Repeats = Literal["refuse", "first", "last"]
BLOCK = 2_000_000  # answers that are sorted at once
NARROW = np.iinfo(np.uint16).max


class Column:
    """A column that grows piece by piece, in one place: joining pieces at the end would hold all of them twice."""

    def __init__(self, kind: Any, expected: int = 0) -> None:
        self._values = np.empty(expected, dtype=kind)
        self._n = 0

    def add(self, piece: NDArray[Any]) -> None:
        """Add a piece; its numbers fit."""
        n = self._n + len(piece)
        if n > len(self._values):
            self._values.resize(max(n, len(self._values) + len(self._values) // 4), refcheck=False)
        self._values[self._n : n] = piece
        self._n = n

    def widen(self, kind: Any) -> None:
        """From now on larger numbers fit."""
        if self._values.dtype != kind:
            self._values = self._values.astype(kind)

    def whole(self) -> NDArray[Any]:
        """All of it."""
        if len(self._values) != self._n:
            self._values.resize(self._n, refcheck=False)
        return self._values


class Rows:
    """What has been read so far. Persons are kept as runs: the number of a person, and how many answers follow.

    `expected` answers are made room for.
    """

    def __init__(self, expected: int = 0, extra: Sequence[str] = ()) -> None:
        self.person = Column(np.int32)
        self.length = Column(np.int64)
        self.item = Column(np.uint16, expected)
        self.correct = Column(np.uint8, expected)
        self.described: dict[str, Column] = {}
        self.extra: dict[str, list[pl.Series]] = {name: [] for name in extra}
        self.n_empty = 0

    def add(
        self, person: NDArray[np.int32], length: NDArray[np.int64], item: NDArray[np.int32], correct: NDArray[np.uint8]
    ) -> None:
        """Add a piece."""
        self.person.add(person)
        self.length.add(length)
        if len(item) and int(item.max()) > NARROW:
            self.item.widen(np.int32)
        self.item.add(item)
        self.correct.add(correct)

    def add_column(self, name: str, values: NDArray[Any]) -> None:
        """Add a piece of an optional column."""
        self.described.setdefault(name, Column(values.dtype)).add(values)


def starts_by_person(rows: Rows, n_persons: int) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
    """Where each person's answers start, (n_persons + 1,), and the order that groups them, where they are not grouped."""
    person, length = rows.person.whole(), rows.length.whole()
    counts = np.zeros(n_persons, dtype=np.int64)
    np.add.at(counts, person, length)
    starts = np.concatenate([[0], np.cumsum(counts)])
    if (np.diff(person) >= 0).all():  # numbered as they come: a person who comes back has a smaller number than the one before
        return starts, None
    return starts, np.argsort(np.repeat(person, length), kind="stable")


def sort_items(starts: NDArray[np.int64], columns: Sequence[NDArray[Any]]) -> NDArray[np.bool_] | None:
    """Sort each person's answers by item, in place and stably; the first column is the item.

    Answers: which answers are to an item that the person had answered already, (n_responses,), or None if there is none.
    """
    item = columns[0]
    repeated: NDArray[np.bool_] | None = None
    n_items = int(item.max()) + 1 if len(item) else 1
    for first, last in blocks_of_persons(starts):
        rows = slice(int(starts[first]), int(starts[last]))
        place = np.repeat(np.arange(last - first, dtype=np.int64), np.diff(starts[first : last + 1])) * n_items + item[rows]
        step = np.diff(place)
        if (step <= 0).any():
            order = np.argsort(place, kind="stable")
            for column in columns:
                column[rows] = column[rows][order]
            again = np.diff(place[order]) == 0
            if again.any():
                repeated = np.zeros(len(item), dtype=bool) if repeated is None else repeated
                repeated[rows][1:] = again
    return repeated


def blocks_of_persons(starts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """First and last of persons who have some millions of answers together."""
    first = 0
    while first < len(starts) - 1:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + BLOCK, side="right")) - 1)
        yield first, last
        first = last


def refuse_repeats(
    file: str,
    starts: NDArray[np.int64],
    item: NDArray[Any],
    repeated: NDArray[np.bool_],
    names: tuple[Sequence[str], Sequence[str]],
) -> DuplicatesError:
    """The error that counts and names those who answered an item more than once."""
    persons, items = names
    places = np.flatnonzero(repeated)
    person = np.searchsorted(starts, places, side="right") - 1
    pairs = [f"{persons[p]} on {items[i]}" for p, i in zip(person[:1000].tolist(), item[places[:1000]].tolist(), strict=True)]
    seen = named(dict.fromkeys(pairs))
    said = f"a person has more than one answer to an item, {len(places):,} too many: {seen}"
    return DuplicatesError(file, f"{said}; say which counts (repeats: first or last)")


def without(
    starts: NDArray[np.int64], repeated: NDArray[np.bool_], repeats: Repeats
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where persons start once repeats are left out, and which answers stay."""
    # the last of a run of equal items is the one after which comes no repeat
    stays = ~repeated if repeats == "first" else np.concatenate([~repeated[1:], [True]])
    return np.concatenate([[0], np.cumsum(stays)])[starts], stays


def see_lengths(file: str, n: int) -> None:
    """See that there is at least one answer.

    Raises:
        ResponsesError: there is none.
    """
    if n == 0:
        raise ResponsesError(file, "there is no answer in it")
