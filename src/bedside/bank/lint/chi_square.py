"""How likely counts as uneven as these are by chance."""

from __future__ import annotations

import math
from collections.abc import Sequence


def chi_square(observed: Sequence[float], expected: Sequence[float]) -> float:
    """Pearson's statistic; a cell that expects nothing is passed over."""
    return sum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True) if e > 0)


def upper_tail(statistic: float, degrees: int) -> float:
    """The probability that a chi-square variable exceeds `statistic`.

    Q(k/2, x/2) by the recurrence Q(s + 1, y) = Q(s, y) + y^s e^-y / Γ(s + 1), from Q(1/2, y) = erfc(√y) or Q(1, y) = e^-y:
    Abramowitz & Stegun (1964), 6.5.21 and 26.4.4 to 26.4.5.
    """
    if statistic <= 0 or degrees < 1:
        return 1.0
    y = statistic / 2
    s, q = (0.5, math.erfc(math.sqrt(y))) if degrees % 2 else (1.0, math.exp(-y))
    while s < degrees / 2:
        q += math.exp(s * math.log(y) - y - math.lgamma(s + 1))
        s += 1
    return min(q, 1.0)
