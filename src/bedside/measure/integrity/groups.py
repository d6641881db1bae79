"""Similar pairs looked at together: those at one centre, and those that hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bedside.measure.integrity.similarity import SimilarPairs
from bedside.measure.multiplicity import benjamini_hochberg

FEWEST_SHUFFLES = 2_000


@dataclass(frozen=True, slots=True)
class CentreCluster:
    """A centre's similar pairs (of a p-value up to `SimilarPairs.keep`), and how many a chance mix of persons would have.

    `p` comes from shuffling persons among centres; `ratio` (observed over expected) is the effect.
    """

    centre: str
    n_persons: int
    n_pairs: int
    similar: int
    expected: float
    ratio: float
    p: float
    p_adjusted: float
    flagged: bool


def centre_clusters(
    pairs: SimilarPairs, centres: Sequence[str], chance: np.random.Generator, *, alpha: float
) -> tuple[CentreCluster, ...]:
    """Of each centre with at least two persons, whether more of its pairs are similar than if persons were shuffled.

    `centres` (n_persons,) names the centre of each person. Shuffling persons, rather than pairs, keeps what pairs share. There
    are as many shuffles as it takes for a centre to reach `alpha` after correction. Most significant first.
    """
    names, label, size = np.unique(np.asarray(centres, dtype=str), return_inverse=True, return_counts=True)
    n_tested = int(np.sum(size >= 2))
    if n_tested == 0:
        return ()
    observed = _within(label, pairs, len(names))
    n_shuffles = max(FEWEST_SHUFFLES, int(np.ceil(1.2 * n_tested / alpha)))
    as_many, total = np.zeros(len(names)), np.zeros(len(names))
    for _ in range(n_shuffles):
        found = _within(chance.permutation(label), pairs, len(names))
        as_many += found >= observed
        total += found
    tested = np.flatnonzero(size >= 2)
    p = (1 + as_many[tested]) / (1 + n_shuffles)
    adjusted = benjamini_hochberg(p)
    expected = total[tested] / n_shuffles
    clusters = [
        CentreCluster(
            str(names[centre]),
            int(size[centre]),
            int(size[centre] * (size[centre] - 1) // 2),
            int(observed[centre]),
            float(expected[n]),
            float(observed[centre] / expected[n]) if expected[n] > 0 else float("nan"),
            float(p[n]),
            float(adjusted[n]),
            bool(adjusted[n] < alpha),
        )
        for n, centre in enumerate(tested)
    ]
    return tuple(sorted(clusters, key=lambda cluster: (cluster.p, -cluster.similar, cluster.centre)))


def _within(label: NDArray[np.int64], pairs: SimilarPairs, n: int) -> NDArray[np.int64]:
    one = label[pairs.a]
    return np.bincount(one[one == label[pairs.b]], minlength=n)


def rings(pairs: SimilarPairs, flagged: NDArray[np.bool_], n_persons: int) -> tuple[tuple[int, ...], ...]:
    """Persons that flagged pairs hold together, three or more: places of persons, largest group first."""
    a, b = pairs.a[flagged], pairs.b[flagged]
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(n_persons, n_persons))
    n, label = connected_components(graph, directed=False)
    size = np.bincount(label, minlength=n)
    groups = [tuple(int(person) for person in np.flatnonzero(label == ring)) for ring in np.flatnonzero(size >= 3)]
    return tuple(sorted(groups, key=lambda group: (-len(group), group)))
