"""Chance that can be had again: numbers from a counter and the keys that name what they are for.

Each candidate has a `Chance` of its own, keyed by the seed of the whole and its own number, so that no candidate shifts the
numbers of another, and any one of ten thousand can be run again alone. The mixing is that of SplitMix64 (Steele, Lea and
Flood, Fast splittable pseudorandom number generators, OOPSLA 2014); it is not for secrets.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15


class Chance:
    """A stream of numbers that depends on its keys alone."""

    __slots__ = ("_state",)

    def __init__(self, *keys: int) -> None:
        self._state = 0
        for key in keys:
            self._state = _mixed((self._state + _STEP + key) & _MASK)

    def unit(self) -> float:
        """At least 0 and below 1, all equally likely."""
        self._state = (self._state + _STEP) & _MASK
        return (_mixed(self._state) >> 11) * 2.0**-53

    def below(self, number: int) -> int:
        """One of 0 to number - 1."""
        return int(self.unit() * number)

    def one_of(self, some: Sequence[T]) -> T:
        """One of these, all equally likely."""
        return some[self.below(len(some))]

    def happens(self, probability: float) -> bool:
        """True with that probability."""
        return self.unit() < probability

    def normal(self) -> float:
        """Normally distributed, mean 0 and standard deviation 1."""
        return math.sqrt(-2.0 * math.log(1.0 - self.unit())) * math.cos(2.0 * math.pi * self.unit())

    def count(self, mean: float) -> int:
        """How often something happens that happens `mean` times on average (Poisson; for small means)."""
        number, product, least = 0, self.unit(), math.exp(-mean)
        while product > least:
            number += 1
            product *= self.unit()
        return number

    def spread(self, low: float, high: float) -> float:
        """Between two positive numbers, each order of size equally likely."""
        return low * math.exp(self.unit() * math.log(high / low))


def logistic(x: float) -> float:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + math.exp(-x))


def _mixed(number: int) -> int:
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)
