"""What a laboratory adds to the truth: the same sample gives the same number in every report, another sample another.

The error depends on the seed of the run, the analyte and the instant of collection, and on nothing else: no stream is shared,
so an action more shifts no later number, and two panels drawn together agree.
"""

from __future__ import annotations

import hashlib

from bedside.cases.chance import Chance

_MOST = 3.0  # standard deviations; a laboratory that is further off throws the sample away


def with_noise(value: float, variation: float, *, seed: int, analyte: str, collected_s: int) -> float:
    """The value as a laboratory finds it; `variation` is standard deviation by mean, and 0 leaves it as it is."""
    if not variation:
        return value
    error = Chance(_key(analyte), seed, collected_s).normal()
    return value * (1.0 + variation * max(-_MOST, min(_MOST, error)))


def _key(analyte: str) -> int:
    return int.from_bytes(hashlib.sha256(analyte.encode()).digest()[:8])
