"""Responses as columns: who answered what and how, in memory in proportion to the answers given."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.findings import plural
from bedside.measure.data.rows import Repeats
from bedside.measure.problems import named

BLOCK = 4_000_000  # answers that are counted at once


@dataclass(frozen=True, slots=True)
class NoVariance:
    """Who answered everything alike, what everybody answered alike, and who and what has no answer at all; names."""

    persons_all_right: tuple[str, ...]
    persons_all_wrong: tuple[str, ...]
    persons_without_answers: tuple[str, ...]
    items_all_right: tuple[str, ...]
    items_all_wrong: tuple[str, ...]
    items_without_answers: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """The items that tell nothing of those who answered them, and of which these answers tell nothing."""
        return self.items_all_right + self.items_all_wrong + self.items_without_answers

    def sentences(self) -> tuple[str, ...]:
        """One line for each group that is not empty, with its number and names."""
        said = (
            ("person", "with every answer right", self.persons_all_right),
            ("person", "with every answer wrong", self.persons_all_wrong),
            ("person", "without an answer", self.persons_without_answers),
            ("item", "that everybody got right", self.items_all_right),
            ("item", "that everybody got wrong", self.items_all_wrong),
            ("item", "without an answer", self.items_without_answers),
        )
        return tuple(f"{plural(len(names), noun)} {what}: {named(names)}" for noun, what, names in said if names)


@dataclass(frozen=True, slots=True)
class Responses:
    """Answers in rows by person (compressed sparse rows), one for each person and item, in increasing item within a person.

    `starts` (n_persons + 1,) int64: the answers of person p are the slice `starts[p]:starts[p + 1]` of every column.
    `item` (n_responses,) uint16 or int32: the place in `items`. `correct` (n_responses,) uint8, 0 or 1.
    What is optional is None where the data have none; all have shape (n_responses,):
    `choice` int16, the place in `choices` (-1: none); `score` and `max_score` float32 (NaN: none); `ms` int32 (-1: none);
    `at` int64, milliseconds since 1970 UTC (-1: none); `position` int32 (-1: none).
    `extra` holds the other columns of a long file as they are, by name, each (n_responses,); of these, `unknown_columns` are
    those that the format does not know. `n_empty` counts the rows or cells without an answer, `n_repeats` the answers that
    were left out since their person had answered the item before (or after).
    """

    persons: NDArray[np.object_]
    items: NDArray[np.object_]
    starts: NDArray[np.int64]
    item: NDArray[np.uint16] | NDArray[np.int32]
    correct: NDArray[np.uint8]
    choices: tuple[str, ...] = ()
    choice: NDArray[np.int16] | None = None
    score: NDArray[np.float32] | None = None
    max_score: NDArray[np.float32] | None = None
    ms: NDArray[np.int32] | None = None
    at: NDArray[np.int64] | None = None
    position: NDArray[np.int32] | None = None
    unknown_columns: tuple[str, ...] = field(default=())
    extra: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    n_empty: int = 0
    n_repeats: int = 0

    @property
    def n_persons(self) -> int:
        """How many persons there are."""
        return len(self.persons)

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.items)

    @property
    def n_responses(self) -> int:
        """How many answers there are."""
        return len(self.correct)

    @property
    def is_complete(self) -> bool:
        """Has every person answered every item?"""
        return self.n_responses == self.n_persons * self.n_items

    def person(self) -> NDArray[np.int32]:
        """The place in `persons` of each answer, shape (n_responses,); made anew at each call."""
        return np.repeat(np.arange(self.n_persons, dtype=np.int32), np.diff(self.starts))

    def matrix(self) -> NDArray[np.float32]:
        """Persons × items with 1, 0 and NaN where not answered: for complete data and small sets only."""
        table = np.full((self.n_persons, self.n_items), np.nan, dtype=np.float32)
        table[self.person(), self.item] = self.correct
        return table

    def item_counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How often each item was answered, and how often right, both (n_items,)."""
        if self.is_complete:  # then the answers are a matrix
            n_right = self.correct.reshape(self.n_persons, self.n_items).sum(axis=0, dtype=np.int64)
            return np.full(self.n_items, self.n_persons), n_right
        n_given = np.zeros(self.n_items, dtype=np.int64)
        n_right = np.zeros(self.n_items, dtype=np.int64)
        for first in range(0, self.n_responses, BLOCK):
            item, correct = self.item[first : first + BLOCK], self.correct[first : first + BLOCK]
            n_given += np.bincount(item, minlength=self.n_items)
            n_right += np.bincount(item[correct == 1], minlength=self.n_items)
        return n_given, n_right

    def person_counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How many answers each person gave, and how many right, both (n_persons,)."""
        n_given = np.diff(self.starts)
        n_right = np.zeros(self.n_persons, dtype=np.int64)
        some = n_given > 0
        if some.any():
            n_right[some] = np.add.reduceat(self.correct, self.starts[:-1][some], dtype=np.int64)
        return n_given, n_right

    def no_variance(self) -> NoVariance:
        """Persons and items without variance, by name: nothing leaves them out silently."""
        n_by_person, right_by_person = self.person_counts()
        n_by_item, right_by_item = self.item_counts()

        def those(names: NDArray[np.object_], which: NDArray[np.bool_]) -> tuple[str, ...]:
            return tuple(names[which])

        return NoVariance(
            persons_all_right=those(self.persons, (n_by_person > 0) & (right_by_person == n_by_person)),
            persons_all_wrong=those(self.persons, (n_by_person > 0) & (right_by_person == 0)),
            persons_without_answers=those(self.persons, n_by_person == 0),
            items_all_right=those(self.items, (n_by_item > 0) & (right_by_item == n_by_item)),
            items_all_wrong=those(self.items, (n_by_item > 0) & (right_by_item == 0)),
            items_without_answers=those(self.items, n_by_item == 0),
        )

    @classmethod
    def read(
        cls, path: Path | str | Sequence[Path | str], *, keep: Collection[str] | None = None, repeats: Repeats = "refuse"
    ) -> Responses:
        """Read long or wide files, CSV (also .csv.gz) or Parquet; which of the two is seen by their columns.

        Several files, or a folder of them, are one set of answers: a person may be in any number of them.

        Long: `person,item,correct` and optionally `choice, score, max_score, ms, at, position`, which become columns of their
        own, and anything else, which is kept as it is in `extra`. Wide: `person` and one column an item.

        Args:
            keep: which columns to keep beside the three; None is all that are there, `()` none.
            repeats: what to do where a person answered an item more than once: refuse, or take the first or last in the files.

        Raises:
            NotFoundError: there is no such file.
            NotTextError, SyntaxReadError: it is not a table.
            ResponsesError: columns are missing, twice there, or hold what they can't; CodesError and DuplicatesError are the
                two most frequent.
        """
        from bedside.measure.data.reading import read_fields  # noqa: PLC0415 - polars is heavy, and needed here only

        return cls(**read_fields(path, keep=keep, repeats=repeats))

    @staticmethod
    def of_matrix(table: NDArray[np.floating], *, persons: tuple[str, ...] = (), items: tuple[str, ...] = ()) -> Responses:
        """From a table persons × items of 1, 0 and NaN; without names, persons and items are numbered from 1."""
        n_persons, n_items = table.shape
        given = ~np.isnan(table)
        column: Any = np.nonzero(given)[1]
        starts = np.concatenate([[0], np.cumsum(given.sum(axis=1))]).astype(np.int64)
        return Responses(
            persons=np.array(persons or tuple(str(n + 1) for n in range(n_persons)), dtype=object),
            items=np.array(items or tuple(str(n + 1) for n in range(n_items)), dtype=object),
            starts=starts,
            item=column.astype(np.uint16 if n_items <= np.iinfo(np.uint16).max else np.int32),
            correct=table[given].astype(np.uint8),
        )
