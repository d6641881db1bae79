"""Stems that are nearly the same, found without comparing each with each.

A stem becomes the set of its runs of four words, numbers left out, each as a hash. Of each set the smallest
hashes that also occur elsewhere are its sketch; stems that share two values of their sketches are candidates, and of
candidates the full sets are compared. A run that many stems share (the wording of vital signs) would make every pair a
candidate: such a run only links neighbours. The work grows with the number of stems times the length of a sketch.
"""

from __future__ import annotations

import string
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

RUN = 4  # words
SKETCH = 16  # hashes a stem
COMMON = 24  # stems; a run that more of them share links only neighbours
SAME = 0.5  # Jaccard similarity from which two stems are nearly the same
_LONG = 60  # runs; of a longer text a sample is enough to find candidates
_LEAST_RUNS = 8  # a shorter text is too short to tell

# numbers go, signs part words: what is left of two copies with other numbers is the same
_PLAIN = str.maketrans(dict.fromkeys(string.digits)) | str.maketrans(string.punctuation, " " * len(string.punctuation))


@dataclass(frozen=True, slots=True)
class Twins:
    """Two texts by their places in the sequence, the later first, and how alike they are (0 to 1)."""

    later: int
    earlier: int
    similarity: float


def shingles(text: str, numbers: dict[str, int]) -> frozenset[int]:
    """The hashes of all runs of words; `numbers` gives each word its number and grows with new words."""
    tokens = text.lower().translate(_PLAIN).split()
    ids = [numbers.setdefault(token, len(numbers)) for token in tokens]
    return frozenset(map(hash, zip(*(ids[n:] for n in range(RUN)), strict=False)))


def twins(texts: Sequence[str]) -> Iterator[Twins]:
    """For each text the most similar of the texts before it, where one is similar enough."""
    numbers: dict[str, int] = {}
    sets = [shingles(text, numbers) for text in texts]
    samples = [_sample(values) for values in sets]
    counts = Counter(value for sample in samples for value in sample)
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for index, (values, sample) in enumerate(zip(sets, samples, strict=True)):
        if len(values) < _LEAST_RUNS:
            continue
        shared = sorted(value for value in sample if counts[value] > 1)
        rare = [value for value in shared if counts[value] <= COMMON][:SKETCH]
        best: Twins | None = None
        for earlier in _candidates(rare, shared[:SKETCH], holders):
            similarity = len(values & sets[earlier]) / len(values | sets[earlier])
            if similarity >= SAME and (best is None or similarity > best.similarity):
                best = Twins(index, earlier, similarity)
        for value in rare or shared[:SKETCH]:
            holders[value].append(index)
        if best is not None:
            yield best


def _sample(values: frozenset[int]) -> list[int]:
    """A third of a long set, the same third of each set, so that what two sets share stays shared."""
    return [value for value in values if value % 3 == 0] if len(values) > _LONG else list(values)


def _candidates(rare: Sequence[int], shared: Sequence[int], holders: defaultdict[int, list[int]]) -> list[int]:
    votes: Counter[int] = Counter()
    for value in rare:
        votes.update(holders[value])
    if not rare:
        for value in shared:
            votes.update(holders[value][-2:])
    needed = 1 if len(rare or shared) < 6 else 2
    return [earlier for earlier, n in votes.most_common(8) if n >= needed]
