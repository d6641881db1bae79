"""How one variable moves between two events: a line or one exponential, and the second at which it meets a threshold.

`dx/dt = rate + sum((target - x) / tau)`. Any number of pulls is one exponential: with `pull = sum(1 / tau)` the variable goes
to `goal = (rate + sum(target / tau)) / pull`. It never leaves its bounds; as it moves one way only, it stays at a bound that
it has met until a coefficient changes. All coefficients are per second here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from bedside.cases.facts import Threshold

NEVER = 1 << 62  # a second that no case reaches


class Anchor(NamedTuple):
    """From `from_s` on: a line of `rate` per second where `pull` is 0, else an exponential to `goal`."""

    from_s: int
    value: float
    rate: float
    pull: float
    goal: float


def value_at(anchor: Anchor, at_s: int, low: float, high: float) -> float:
    """The variable at an instant from the anchor on, within its bounds."""
    elapsed_s = at_s - anchor.from_s
    if elapsed_s == 0:
        return anchor.value  # to the last bit, however often it is anchored at one instant
    if anchor.pull:
        x = anchor.goal + (anchor.value - anchor.goal) * math.exp(-anchor.pull * elapsed_s)
    else:
        x = anchor.value + anchor.rate * elapsed_s
    return low if x < low else high if x > high else x


def anchored(from_s: int, value: float, *, rate: float, pull: float, weighted_targets: float) -> Anchor:
    """The anchor of a variable with these coefficients; `weighted_targets` is the sum of target / tau."""
    return Anchor(from_s, value, rate, pull, (rate + weighted_targets) / pull if pull else 0.0)


def crossing_s(anchor: Anchor, threshold: Threshold, *, after_s: int, until_s: int, low: float, high: float) -> int:
    """The first whole second after `after_s`, up to `until_s`, at which the threshold is true where it was false, or false
    where it was true; NEVER where there is none.

    The solution of the line or the exponential is rounded up, and then the value at that second is looked at: what counts is
    that the guard really holds there, and not one second earlier.
    """
    holds = threshold.holds
    was = holds(value_at(anchor, after_s, low, high))
    if until_s <= after_s or holds(value_at(anchor, until_s, low, high)) == was:
        return NEVER
    guess = min(max(_solution_s(anchor, threshold.value), after_s + 1), until_s)
    lower, upper = after_s, until_s  # it has not turned at the one, and has at the other
    for second in (guess, guess - 1, guess + 1):
        if lower < second < upper:
            if holds(value_at(anchor, second, low, high)) == was:
                lower = second
            else:
                upper = second
    while upper - lower > 1:
        second = (lower + upper) // 2
        if holds(value_at(anchor, second, low, high)) == was:
            lower = second
        else:
            upper = second
    return upper


def _solution_s(anchor: Anchor, value: float) -> int:
    """The instant at which the variable has this value, rounded up; any second where there is no such instant."""
    if anchor.pull:
        ratio = (value - anchor.goal) / (anchor.value - anchor.goal) if anchor.value != anchor.goal else 0.0
        elapsed_s = -math.log(ratio) / anchor.pull if 0 < ratio < 1 else 0.0
    else:
        elapsed_s = (value - anchor.value) / anchor.rate if anchor.rate else 0.0
    return anchor.from_s + math.ceil(min(max(elapsed_s, 0.0), 1e15))
