"""On how many examples a property is tried: as many as its test asks for, and a quarter of them in `make test`."""

from __future__ import annotations

from hypothesis import settings

FULL = 100  # hypothesis' own number, from which the profile of `make test` takes its share
LEAST = 5


def examples(n: int) -> int:
    """So many, or the share of them that the profile in force gives."""
    return max(min(n, LEAST), n * settings().max_examples // FULL)
