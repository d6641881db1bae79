"""Texts that speak of the same in other words, found by the rare words that they share.

Each text becomes a vector of its words, weighted by how often it has them, on a scale of logarithms, and by how few texts do
(tf-idf; Salton G, Buckley C. Inf Process Manag 1988;24:513-523). Pairs that share rare words are candidates; of candidates
the cosine of the vectors is taken. The work grows with the number of texts times the rare words of each.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ALIKE = 0.55  # cosine; `assumed`: in a bank of 479 items two that asked the same came to 0.60 and more, others to 0.52 at most
LEAST_LETTERS = 4
COMMON_SHARE = 0.15  # of texts; a word that more of them have tells nothing
RARE = 20  # texts
LEAST_RARE = 4  # rare words that two texts must share to be compared


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two texts by their places in the sequence, the later first, and the cosine of their words (0 to 1)."""

    later: int
    earlier: int
    cosine: float


def alike(texts: Sequence[Sequence[str]]) -> Iterator[Likeness]:
    """All pairs of texts that are alike, each text given as its words in lower case."""
    counts = [Counter(word for word in words if len(word) >= LEAST_LETTERS and word.isalpha()) for words in texts]
    n_with = Counter(word for count in counts for word in count)
    vectors = [_vector(count, n_with, len(texts)) for count in counts]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for later, vector in enumerate(vectors):
        rare = [word for word in vector if n_with[word] <= RARE]
        shared = Counter(earlier for word in rare for earlier in holders[word])
        for earlier in sorted(place for place, n in shared.items() if n >= LEAST_RARE):
            other = vectors[earlier]
            cosine = math.fsum(weight * other.get(word, 0.0) for word, weight in vector.items())
            if cosine >= ALIKE:
                yield Likeness(later, earlier, cosine)
        for word in rare:
            holders[word].append(later)


def _vector(count: Counter[str], n_with: Counter[str], n_texts: int) -> dict[str, float]:
    most = max(2.0, COMMON_SHARE * n_texts)
    weights = {
        word: (1 + math.log(n)) * math.log(n_texts / n_with[word]) for word, n in count.items() if 1 < n_with[word] <= most
    }
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()} if length else {}
