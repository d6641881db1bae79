"""Where the answers of a calibration are: in memory, or in partitions that others work on. EM asks both the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.measure.calibrating.em_data import Lots, Persons
from bedside.measure.calibrating.em_expected import Expected
from bedside.measure.calibrating.em_parameters import Floats, Parameters
from bedside.measure.calibrating.fingerprints import fingerprint_of, person_sums
from bedside.measure.calibrating.observed_information import Sums
from bedside.measure.calibrating.setup import Counts, without_items
from bedside.measure.calibrating.size import Size
from bedside.measure.data.name_hashes import Hashes, name_hashes
from bedside.measure.data.responses import Responses
from bedside.measure.data.side_files import in_order

Groups = Sequence[str] | Mapping[str, str]


class Expecting(Protocol):
    """Answers, ready for expectations: all that EM and its errors ask of persons. See `Persons`."""

    nodes: Floats
    size: Size

    def expect(self, parameters: Parameters, *, every: int = 1) -> Expected:
        """The E-step."""

    def score_products(self, parameters: Parameters) -> Floats:
        """Products of expected scores, by item."""

    def information_sums(self, parameters: Parameters) -> Sums:
        """What the whole information takes."""

    def close(self) -> None:
        """Let go of what it holds."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups that persons are of, in alphabetical order, their sizes, and who is of which, where there are several."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    of: Groups | None


class Source(Protocol):
    """Answers that can be calibrated."""

    def counts(self) -> Counts:
        """What is known of the items."""

    def grouping(self, groups: Groups | None) -> Grouping:
        """The groups, where persons are of several."""

    def fingerprint(self) -> str:
        """What says which answers these are."""

    def expecting(self, stay: Sequence[str], grouping: Grouping, nodes: Floats, *, two_rows: bool) -> Expecting:
        """The answers to the items that stay, ready."""


class InMemory:
    """Responses, as a source."""

    def __init__(self, responses: Responses, *, threads: int | None) -> None:
        self._responses = responses
        self._threads = threads
        self._hashes: Hashes = name_hashes(list(responses.persons))
        self._kept = responses  # the answers to the items that stay

    def counts(self) -> Counts:
        """What is known of the items."""
        n_given, n_right = self._responses.item_counts()
        return Counts(tuple(str(name) for name in self._responses.items), n_given, n_right, self._responses.n_persons)

    def grouping(self, groups: Groups | None) -> Grouping:
        """The groups, where persons are of several.

        Raises:
            UsageError: there is not one for each person.
        """
        n_persons = self._responses.n_persons
        if groups is None:
            return ungrouped(n_persons)
        if isinstance(groups, Mapping):
            groups = in_order(groups, list(self._responses.persons), what="group")
        if len(groups) != n_persons:
            raise UsageError(f"there are {n_persons:,} persons, but {len(groups):,} of them have a group")
        names, sizes = np.unique(np.asarray(groups, dtype=str), return_counts=True)
        return Grouping(tuple(str(name) for name in names), tuple(sizes.tolist()), groups if len(names) > 1 else None)

    def fingerprint(self) -> str:
        """What says which answers these are."""
        return fingerprint_of(person_sums(self._responses, self._hashes), list(self._responses.items))

    def expecting(self, stay: Sequence[str], grouping: Grouping, nodes: Floats, *, two_rows: bool) -> Persons:
        """The answers to the items that stay, ready."""
        self._kept = without_items(self._kept, stay)
        of = grouping.of
        group = None if of is None or isinstance(of, Mapping) else numbered(of, grouping.names)
        return Persons(self._kept, group, nodes, two_rows=two_rows, lots=lots_of(self._hashes), threads=self._threads)


def ungrouped(n_persons: int) -> Grouping:
    """All persons are of one group."""
    return Grouping(("all",), (n_persons,), None)


def numbered(groups: Sequence[str], names: Sequence[str]) -> NDArray[np.intp]:
    """The place of each group among the names, which are in alphabetical order."""
    return np.searchsorted(np.asarray(names, dtype=str), np.asarray(groups, dtype=str))


def lots_of(hashes: Hashes) -> Lots:
    """By what persons are drawn into a sample: the name alone, so that it is the same however they are shared out."""
    return (hashes[:, 1] >> np.uint64(48)).astype(np.uint16)
