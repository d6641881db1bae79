"""Chance of a figure: from its own seed, so that the same words draw the same figure for ever."""

from __future__ import annotations

from hashlib import sha256

import numpy as np


def chance(seed: int, purpose: str) -> np.random.Generator:
    """Uniform numbers by a seed; take `.random()` only, whose stream is the same in every version of numpy.

    Args:
        purpose: what they are for; numbers for another purpose are independent of these.
    """
    digest = sha256(f"{purpose} {seed}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
