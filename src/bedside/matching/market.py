"""A market: who offers how many posts and ranks whom, and who asks for which posts in which order.

An applicant on their own ranks posts. A pair asks for two posts at once: a couple, or one person who needs a first year beside
a later post (a supplemental list). A pair's list is of pairs of posts, and each of the two may be "no post".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]

NO_POST = -1
NOT_RANKED = -1


class Option(NamedTuple):
    """Two posts that a pair asks for together, and how each programme ranks the one who would come to it (0 is best)."""

    first: int
    first_rank: int
    second: int
    second_rank: int


@dataclass(frozen=True, slots=True)
class Market:
    """Rank lists as numbers. Of single `i` the list is `posts[starts[i] : starts[i + 1]]`, best first.

    `ranks` says how the programme of the same place in `posts` ranks that applicant: 0 is best, no two applicants of a
    programme have the same, and `NOT_RANKED` means that it does not take them.
    """

    quotas: Ints
    starts: Ints
    posts: Ints
    ranks: Ints
    pairs: tuple[tuple[Option, ...], ...] = ()
    n_one_person: int = 0  # so many of the pairs, the first ones, are one person with a supplemental list

    @property
    def n_singles(self) -> int:
        return len(self.starts) - 1

    @property
    def n_programmes(self) -> int:
        return len(self.quotas)


@dataclass(frozen=True, slots=True)
class Matching:
    """Which place of the own list each single and each pair came to; -1 is none."""

    singles: Ints
    pairs: tuple[int, ...] = ()


def market_of(
    quotas: Sequence[int],
    singles: Sequence[Sequence[tuple[int, int]]],
    pairs: Sequence[Sequence[Option]] = (),
    *,
    n_one_person: int = 0,
) -> Market:
    """A market from plain lists: of each single the programmes in order, each with its rank of them."""
    lengths = [len(one) for one in singles]
    flat = np.array([entry for one in singles for entry in one], dtype=np.int32).reshape(-1, 2)
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    return Market(
        np.array(quotas, dtype=np.int32),
        starts,
        np.ascontiguousarray(flat[:, 0]),
        np.ascontiguousarray(flat[:, 1]),
        tuple(tuple(one) for one in pairs),
        n_one_person,
    )
