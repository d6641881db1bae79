"""What is done to one partition, in whatever process. Only sums leave it.

Each function may be done again from its arguments by another process, when the one that began it died: partitions are read from
their files, and nothing else is remembered that figures depend on.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.measure.calibrating.em_data import Lots, Persons
from bedside.measure.calibrating.em_expected import Expected
from bedside.measure.calibrating.em_parameters import Floats, Parameters
from bedside.measure.calibrating.fingerprints import PersonSums, person_sums
from bedside.measure.calibrating.observed_information import Sums
from bedside.measure.calibrating.preparing import few_answers, prepare
from bedside.measure.calibrating.setup import without_items
from bedside.measure.calibrating.size import Size
from bedside.measure.calibrating.source import lots_of, numbered
from bedside.measure.data.name_hashes import name_hashes
from bedside.measure.data.partitioning import gather, partition_persons, read_gathering, read_partition
from bedside.measure.data.responses import NoVariance, Responses
from bedside.measure.items import Model


@dataclass(frozen=True, slots=True)
class Seen:
    """What is told of a partition once it is gathered. `refused` and `n_repeats` are of answers given twice."""

    n_given: NDArray[np.int64]
    n_right: NDArray[np.int64]
    persons: PersonSums
    no_variance: NoVariance
    n_repeats: int
    refused: str


@dataclass(frozen=True, slots=True)
class GroupsSeen:
    """How many persons of a partition are of each group, and the names of those who are of none."""

    sizes: Mapping[str, int]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loading:
    """How a partition is made ready: which items stay, (n_items,); the names of groups, if there are several; the points of
    ability; the size of all partitions together; and the number of threads of a process, which is that of the parts that are
    added up within a partition: each costs sums over all items."""

    stays: NDArray[np.bool_]
    group_names: tuple[str, ...]
    nodes: Floats
    size: Size
    threads: int


class Partition:
    """The answers of some persons, held by a worker."""

    def __init__(self, responses: Responses, group: NDArray[np.intp] | None, lots: Lots, by: Loading) -> None:
        self._responses, self._group, self._lots, self._by = responses, group, lots, by
        self._ready: Persons | None = None

    def ready(self, *, two_rows: bool) -> Persons:
        """Ready for expectations; the last kind that was asked for is kept."""
        if self._ready is None or self._ready.two_rows != two_rows:
            self._ready = Persons(
                self._responses, self._group, self._by.nodes, two_rows=two_rows, size=self._by.size, lots=self._lots,
                threads=self._by.threads, n_parts=self._by.threads,
            )  # fmt: skip
        return self._ready

    def __sizeof__(self) -> int:
        """In bytes: who shares work out weighs by it what it costs to move."""
        data = self._responses
        return int(sum(sys.getsizeof(column) for column in (data.starts, data.item, data.correct)) + 16 * data.n_persons)

    def __getstate__(self) -> tuple[Any, ...]:
        return self._responses, self._group, self._lots, self._by

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._responses, self._group, self._lots, self._by = state
        self._ready = None


def gather_partition(folder: Path, number: int) -> Seen:
    """Put a partition together and say what is in it."""
    found = gather(folder, number, read_gathering(folder))
    responses = found.responses
    n_given, n_right = responses.item_counts()
    persons = person_sums(responses, name_hashes(list(responses.persons)))
    return Seen(n_given, n_right, persons, responses.no_variance(), responses.n_repeats, found.refused)


def count_groups(folder: Path, number: int, groups: Mapping[str, str]) -> GroupsSeen:
    """How many persons are of each group."""
    persons = partition_persons(folder, number)
    missing = tuple(name for name in persons if name not in groups)
    return GroupsSeen(Counter(groups[name] for name in persons if name in groups), missing)


def load_partition(folder: Path, number: int, groups: Mapping[str, str] | None, by: Loading) -> Partition:
    """Read a partition, without the items that don't stay; the names of persons aren't needed any more."""
    items = read_gathering(folder).items
    responses = read_partition(folder, number, items)
    persons = list(responses.persons)
    group = None if groups is None else numbered([groups[str(name)] for name in persons], by.group_names)
    kept = without_items(responses, [name for name, stays in zip(items, by.stays, strict=True) if stays])
    nameless = np.empty(len(persons), dtype=object)
    return Partition(
        Responses(nameless, kept.items, kept.starts, kept.item, kept.correct), group, lots_of(name_hashes(persons)), by
    )


def expect(partition: Partition, parameters: Parameters, two_rows: bool, every: int) -> Expected:
    """The E-step of a partition."""
    return partition.ready(two_rows=two_rows).expect(parameters, every=every)


def score_products(partition: Partition, parameters: Parameters) -> Floats:
    """Products of expected scores, by item."""
    return partition.ready(two_rows=True).score_products(parameters)


def sum_information(partition: Partition, parameters: Parameters) -> Sums:
    """What the whole information takes of a partition."""
    return partition.ready(two_rows=True).information_sums(parameters)


def prepare_here(size: Size, model: Model, errors: bool) -> None:
    """Compile in this process what answers of that size take."""
    prepare(few_answers(size.n_items), size, model=model, errors=errors)
