"""Figures of a score report that need no scale: a share with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054  # 97.5th percentile of the standard normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """A share of right answers with its interval, all 0 to 1. Without any answer the interval is all there is to say."""

    n_correct: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        return self.n_correct / self.n if self.n else None


def wilson(n_correct: int, n: int, *, z: float = Z_95) -> Share:
    """The share with Wilson's score interval, by default at 95%.

    Raises:
        ValueError: `n_correct` is not between 0 and `n`.

    Source: Wilson (1927), J Am Stat Assoc 22, 209-212; recommended for small n by Brown, Cai & DasGupta (2001),
    Statistical Science 16, 101-133.
    """
    if not 0 <= n_correct <= n:
        raise ValueError(f"{n_correct} right answers out of {n}")
    if n == 0:
        return Share(0, 0, 0.0, 1.0)
    share = n_correct / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # at the ends the interval reaches 0 or 1 exactly; rounding must not put it outside
    low = 0.0 if n_correct == 0 else max(0.0, centre - half)
    high = 1.0 if n_correct == n else min(1.0, centre + half)
    return Share(n_correct, n, low, high)
