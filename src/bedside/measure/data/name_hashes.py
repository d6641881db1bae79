"""Names as numbers that are the same on every computer and in every run: for sharing persons out, and for fingerprints.

The numbers find accidents, not forgery: whoever wants two names to have the same number can make them so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

BLOCK_NAMES = 65_536
BLOCK_BYTES = 16_000_000
SEEDS = np.array([0x243F6A8885A308D3, 0x13198A2E03707344], dtype=np.uint64)  # digits of pi


def name_hashes(names: Sequence[object]) -> Hashes:
    """Two numbers of each name, (n, 2), by the bytes of its text in UTF-8."""
    found = np.empty((len(names), 2), dtype=np.uint64)
    for first in range(0, len(names), BLOCK_NAMES):
        block = [str(name).encode("utf-8", "surrogatepass") for name in names[first : first + BLOCK_NAMES]]
        width = 8 * (max(map(len, block)) // 8 + 1)
        at_once = max(1, BLOCK_BYTES // width)
        for start in range(0, len(block), at_once):
            part = block[start : start + at_once]
            found[first + start : first + start + len(part)] = _hashes(part, width)
    return found


def _hashes(names: list[bytes], width: int) -> Hashes:
    """Word by word; words after the end of a name, which are there for longer ones, leave it as it is."""
    words = np.array(names, dtype=f"S{width}").view("<u8").reshape(len(names), -1).astype(np.uint64, copy=False)
    length = np.array([len(name) for name in names], dtype=np.uint64)
    found = np.tile(SEEDS, (len(names), 1))
    for place in range(words.shape[1]):
        within = length > 8 * place
        found[within] = mixed(found[within] ^ words[within, place, None])
    return mixed(found + length[:, None])


def mixed(numbers: Hashes) -> Hashes:
    """Each bit of the answer depends on all bits of the number: the finish of SplitMix64 (Steele, Lea & Flood 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(numbers ^ (numbers >> np.uint64(31)))
