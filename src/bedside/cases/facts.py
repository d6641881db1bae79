"""Facts: everything that a guard can ask, each one bit of a whole number, so that most guards are one comparison of bits.

A fact is either discrete (`state() active() given() done() seen() loc()`) or a threshold: one variable against a constant,
or the hours for which a target has been active without a break against a constant. Which bit is which is fixed when the
case is compiled; the run keeps the bits true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

DISCRETE = ("state", "active", "given", "done", "seen", "loc")
HOURS_ON = "hours_on"
HOUR_S = 3600

_CALL = re.compile(rf"\b({'|'.join((*DISCRETE, HOURS_ON))})\(\s*([a-z][a-z0-9_]*(?::[a-z][a-z0-9_]*)?)\s*\)")


@dataclass(frozen=True, slots=True, order=True)
class Threshold:
    """`x >= value`, or `x > value` where it is strict. Sorted, those of one variable turn true one after the other."""

    value: float
    is_strict: bool

    def holds(self, x: float) -> bool:
        """Is it true of this number?"""
        return x > self.value if self.is_strict else x >= self.value

    def due_s(self) -> int:
        """The first whole second at which a clock that counts hours from 0 meets it."""
        second = max(0, int(self.value * HOUR_S) - 2)
        while not self.holds(second / HOUR_S):
            second += 1
        return second


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact as a guard or an expression names it: `active(kcl)`."""

    function: str
    what: str


def with_names_for_facts(text: str) -> tuple[str, dict[str, Asked]]:
    """The text with a name in place of every `state(vt)`, and what each name stands for.

    The expression language takes numbers and names only as values, and `k` may be a variable as well as an order. Names are
    as wide as what they replace, so that columns stay.
    """
    asked: dict[str, Asked] = {}
    names: dict[Asked, str] = {}

    def replace(match: re.Match[str]) -> str:
        fact = Asked(match[1], match[2])
        name = names.setdefault(fact, f"_f{len(names)}")
        asked[name] = fact
        return name.ljust(len(match[0]))

    return _CALL.sub(replace, text), asked


@dataclass(slots=True)
class FactTable:
    """Bits given out while a case is compiled, each when it is first asked for."""

    check: Callable[[Asked], None]  # raises a UsageError for a state, event, order or place that does not exist
    bits: dict[Asked, int] = field(default_factory=dict)
    of_variables: dict[str, dict[Threshold, int]] = field(default_factory=dict)
    of_hours: dict[str, dict[Threshold, int]] = field(default_factory=dict)
    n_bits: int = 0

    def bit(self, fact: Asked) -> int:
        """The bit of a discrete fact."""
        if fact not in self.bits:
            self.check(fact)
            self.bits[fact] = self._next()
        return self.bits[fact]

    def threshold(self, variable: str, threshold: Threshold) -> int:
        """The bit of a variable against a constant."""
        return self._of(self.of_variables, variable, threshold)

    def hours(self, target: str, threshold: Threshold) -> int:
        """The bit of hours on against a constant."""
        self.check(Asked(HOURS_ON, target))
        return self._of(self.of_hours, target, threshold)

    def _of(self, table: dict[str, dict[Threshold, int]], name: str, threshold: Threshold) -> int:
        known = table.setdefault(name, {})
        if threshold not in known:
            known[threshold] = self._next()
        return known[threshold]

    def _next(self) -> int:
        self.n_bits += 1
        return 1 << (self.n_bits - 1)

    def discrete(self, function: str) -> Mapping[str, int]:
        """Bits of one function by what it is asked of."""
        return {fact.what: bit for fact, bit in self.bits.items() if fact.function == function}
