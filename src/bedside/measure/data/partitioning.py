"""Answers shared out by person: whatever files a person's answers are in, they end in one partition.

It takes two steps, each made of pieces of work that know nothing of each other, leave files behind and may be done again.
`split` reads a piece of a file and writes what it found for each partition; `gather` puts what was found for one partition in
rows by person, as one file. Which partition a person goes to follows from the name alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from bedside.errors import StoreError
from bedside.measure.data.name_hashes import Hashes, name_hashes
from bedside.measure.data.reading import Names, Table, batches, in_rows, open_table
from bedside.measure.data.responses import Responses
from bedside.measure.data.rows import Repeats, Rows, see_lengths
from bedside.measure.problems import DuplicatesError

SPLIT_ROWS = 10_000_000  # of a Parquet file that are read by one piece of work


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of a file, all of it where `n_rows` is None; `number` counts pieces in the order of files and rows."""

    number: int
    path: Path
    first_row: int
    n_rows: int | None


@dataclass(frozen=True, slots=True)
class Split:
    """What a piece held: its items in the order in which they came, and how much."""

    items: tuple[str, ...]
    n_persons: int  # of the piece; somebody may be in several
    n_answers: int
    n_empty: int


@dataclass(frozen=True, slots=True)
class Gathering:
    """What all partitions are gathered by: all items; of each piece, the places of its items among them; and what an error
    names instead of a file."""

    items: tuple[str, ...]
    places: tuple[NDArray[np.int32], ...]
    repeats: Repeats
    label: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """A partition in rows by person. `refused` says who answered an item more than once, where that was not to be."""

    responses: Responses
    refused: str


def pieces_of(tables: Sequence[Table]) -> tuple[Piece, ...]:
    """Parquet files in pieces of some millions of rows, other files whole."""
    found: list[Piece] = []
    for table in tables:
        n_rows = table.n_rows() if table.is_long else 0
        if n_rows <= SPLIT_ROWS:
            found.append(Piece(len(found), table.path, 0, None))
        else:
            found += [
                Piece(len(found) + n, table.path, first, SPLIT_ROWS) for n, first in enumerate(range(0, n_rows, SPLIT_ROWS))
            ]
    return tuple(found)


def partition_of(hashes: Hashes, n_partitions: int) -> NDArray[np.intp]:
    """The partition of each person, (n_persons,), by the hashes of their names."""
    return (hashes[:, 0] % np.uint64(n_partitions)).astype(np.intp)


def split(folder: Path, piece: Piece, n_partitions: int) -> Split:
    """Read a piece and write, for each partition, the answers of its persons.

    Raises:
        As `Responses.read`, but for answers given twice.
    """
    names, rows = Names(), Rows()
    for batch in batches(open_table(piece.path), names, (), piece.first_row, piece.n_rows):
        rows.add(batch.person, batch.length, batch.item, batch.correct)
        rows.n_empty += batch.n_empty
    person, length, item, correct = (one.whole() for one in (rows.person, rows.length, rows.item, rows.correct))
    of_run = partition_of(name_hashes(names.persons.names), n_partitions)[person]
    runs = _by_partition(of_run, n_partitions)
    answers = _by_partition(np.repeat(of_run.astype(np.uint16), length), n_partitions)
    for number in range(n_partitions):
        of_it, local = np.unique(person[runs[number]], return_inverse=True)
        _write(
            _found_at(folder, number, piece.number),
            persons=_packed([names.persons.names[code] for code in of_it]),
            person=local.astype(np.int32),
            length=length[runs[number]].astype(np.int32),
            item=item[answers[number]],
            correct=correct[answers[number]],
        )
    return Split(tuple(names.items.names), len(names.persons.names), len(item), rows.n_empty)


def _by_partition(partition: NDArray[Any], n_partitions: int) -> list[NDArray[np.intp]]:
    """The places of each partition, in order."""
    order = np.argsort(partition, kind="stable")
    return np.split(order, np.searchsorted(partition[order], np.arange(1, n_partitions)))


def gathering_of(splits: Sequence[Split], repeats: Repeats, label: str) -> Gathering:
    """Number the items in the order in which they came, piece by piece, as reading everything at once would.

    Raises:
        ResponsesError: there is no answer in any piece.
    """
    see_lengths(label, sum(one.n_answers for one in splits))
    place_of: dict[str, int] = {}
    places = tuple(np.array([place_of.setdefault(name, len(place_of)) for name in one.items], dtype=np.int32) for one in splits)
    return Gathering(tuple(place_of), places, repeats, label)


def gather(folder: Path, number: int, by: Gathering) -> Gathered:
    """Put what all pieces found for a partition in rows by person, and write it."""
    refused = ""
    try:
        responses = _gathered(folder, number, by, by.repeats)
    except DuplicatesError as error:
        refused = error.text
        responses = _gathered(folder, number, by, "first")
    _write(
        _partition_at(folder, number),
        persons=_packed([str(name) for name in responses.persons]),
        starts=responses.starts,
        item=responses.item,
        correct=responses.correct,
    )
    return Gathered(responses, refused)


def _gathered(folder: Path, number: int, by: Gathering, repeats: Repeats) -> Responses:
    rows, code_of = Rows(), dict[str, int]()
    for piece, place in enumerate(by.places):
        found = _read(_found_at(folder, number, piece))
        codes = np.array([code_of.setdefault(name, len(code_of)) for name in _unpacked(found["persons"])], dtype=np.int32)
        if len(codes):
            rows.add(codes[found["person"]], found["length"].astype(np.int64), place[found["item"]], found["correct"])
    persons, items = list(code_of), list(by.items)
    if len(rows.item.whole()):
        return Responses(**in_rows(by.label, rows, (persons, items, []), (), repeats))
    return Responses(  # a partition may be without persons, or they without answers
        persons=np.array(persons, dtype=object),
        items=np.array(items, dtype=object),
        starts=np.zeros(len(persons) + 1, dtype=np.int64),
        item=np.zeros(0, dtype=np.uint16),
        correct=np.zeros(0, dtype=np.uint8),
    )


def write_gathering(folder: Path, by: Gathering) -> None:
    """Write it for those who gather: with many items and pieces it is large."""
    _write(
        folder / "gathering.npz",
        said=_packed([by.repeats, by.label, *by.items]),
        places=np.concatenate(by.places),
        lengths=np.array([len(place) for place in by.places]),
    )


def read_gathering(folder: Path) -> Gathering:
    """What was written."""
    found = _read(folder / "gathering.npz")
    repeats, label, *items = _unpacked(found["said"])
    places = np.split(found["places"], np.cumsum(found["lengths"])[:-1])
    return Gathering(tuple(items), tuple(places), cast("Repeats", repeats), label)


def partition_persons(folder: Path, number: int) -> list[str]:
    """The names of the persons of a partition that was gathered."""
    return _unpacked(_read(_partition_at(folder, number), "persons")["persons"])


def read_partition(folder: Path, number: int, items: Sequence[str]) -> Responses:
    """A partition that was gathered."""
    found = _read(_partition_at(folder, number))
    persons = np.array(_unpacked(found["persons"]), dtype=object)
    return Responses(persons, np.array(items, dtype=object), found["starts"], found["item"], found["correct"])


def refuse_repeated(label: str, gathered: Sequence[tuple[str, int]]) -> None:
    """Refuse answers given twice, if there are any: what each partition says of them, and how many it has.

    Raises:
        DuplicatesError: there are some.
    """
    told = [(text, n) for text, n in gathered if text]
    if told:
        others = sum(n for _, n in told[1:])
        raise DuplicatesError(label, told[0][0] + (f"; and {others:,} more" if others else ""))


def _partition_at(folder: Path, number: int) -> Path:
    return folder / f"partition-{number}.npz"


def _found_at(folder: Path, number: int, piece: int) -> Path:
    return folder / "pieces" / f"{number}-{piece}.npz"


def _write(path: Path, **arrays: NDArray[Any]) -> None:
    """Whole or not at all: whoever is killed while writing leaves nothing that could be taken for the file.

    Raises:
        StoreError: the disk refuses.
    """
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # none of them is its option
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"{path}: a partition can't be written: {error.strerror or error}") from error


def _read(path: Path, *names: str) -> dict[str, NDArray[Any]]:
    """The arrays of a file, all without names."""
    try:
        with np.load(path, allow_pickle=False) as found:
            return {name: found[name] for name in names or found.files}
    except OSError as error:
        raise StoreError(f"{path}: a partition can't be read any more: {error.strerror or error}") from error


def _packed(names: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(names).encode(), dtype=np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> list[str]:
    return [str(name) for name in json.loads(packed.tobytes())]
