"""A fingerprint of answers: who answered what, and how. It is the same in whatever order and in how many parts they come.

Each person has a number that follows from the name and the answers, each item one that follows from the name; numbers are added
up, so parts may be taken in any order. It finds accidents, not forgery: two numbers of 64 bits say that data differ, but who
wants to can make others with the same sums.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.calibrating.size import Size
from bedside.measure.data.name_hashes import Hashes, mixed, name_hashes
from bedside.measure.data.responses import Responses
from bedside.measure.data.rows import blocks_of_persons

WRONG, RIGHT = np.uint64(1), np.uint64(2)
DIGEST_BYTES = 16
AROUND = 2**64


@dataclass(frozen=True, slots=True)
class PersonSums:
    """Of some persons: their number, that of their answers, and the sums of the numbers that stand for them."""

    n_persons: int
    n_responses: int
    first: int
    second: int

    def __add__(self, other: PersonSums) -> PersonSums:
        """Those of both."""
        return PersonSums(
            self.n_persons + other.n_persons,
            self.n_responses + other.n_responses,
            (self.first + other.first) % AROUND,
            (self.second + other.second) % AROUND,
        )


def data_fingerprint(responses: Responses) -> str:
    """The fingerprint of persons, items and answers, 32 hexadecimal digits; other columns don't enter.

    It does not depend on the order of persons, items or answers, nor on how they are spread over files or partitions. It finds
    that data differ by accident; it is no protection against somebody who wants them to look alike.
    """
    return fingerprint_of(person_sums(responses, name_hashes(list(responses.persons))), list(responses.items))


def fingerprint_of(persons: PersonSums, items: Sequence[object]) -> str:
    """The fingerprint from the sums over all persons and from the names of all items."""
    of_items = mixed(name_hashes(items)).sum(axis=0, dtype=np.uint64)
    numbers = (persons.n_persons, len(items), persons.n_responses, persons.first, persons.second, *map(int, of_items))
    return hashlib.blake2b(struct.pack("<7Q", *numbers), digest_size=DIGEST_BYTES).hexdigest()


def person_sums(responses: Responses, hashes: Hashes) -> PersonSums:
    """The sums over these persons; `hashes` (n_persons, 2) are those of their names."""
    of_items = name_hashes(list(responses.items))
    numbers = np.empty((2 * len(of_items), 2), dtype=np.uint64)
    numbers[0::2], numbers[1::2] = mixed(of_items + WRONG), mixed(of_items + RIGHT)
    answers = answer_sums(responses, numbers, compiled=Size.of(responses).needs_compiling)
    of_persons = mixed(mixed(hashes ^ answers) + answers[:, ::-1]).sum(axis=0, dtype=np.uint64)
    return PersonSums(responses.n_persons, responses.n_responses, int(of_persons[0]), int(of_persons[1]))


def answer_sums(responses: Responses, numbers: NDArray[np.uint64], *, compiled: bool) -> NDArray[np.uint64]:
    """Of each person the sum of the numbers that stand for the answers, (n_persons, 2); `numbers` (2 n_items, 2) are those of a
    wrong and of a right answer to each item."""
    sums = np.zeros((responses.n_persons, 2), dtype=np.uint64)
    if compiled:
        from bedside.measure.calibrating import kernels  # noqa: PLC0415 - numba is heavy, and not needed for small data

        kernels.answer_sums(responses.starts, responses.item, responses.correct, numbers, sums)
        return sums
    for first, last in blocks_of_persons(responses.starts):
        rows = slice(int(responses.starts[first]), int(responses.starts[last]))
        row = 2 * responses.item[rows].astype(np.intp) + responses.correct[rows]
        up_to = np.concatenate([np.zeros((1, 2), dtype=np.uint64), np.cumsum(numbers[row], axis=0, dtype=np.uint64)])
        edges = responses.starts[first : last + 1] - responses.starts[first]
        sums[first:last] = up_to[edges[1:]] - up_to[edges[:-1]]
    return sums
