"""Where the session builder loses to a plain fixed order, and why: its rule with one thing of it taken away at a time.

    python -m benchmarks.learner_causes [--learners 16] [--worlds short,long] [--truths traces,fsrs,fast,exponential]

By the law of traces and with ample time the fixed order is ahead (see `benchmarks/learners.py`). Variants of ours:

- every answer counts as right: what is gone is all that follows from an answer, the early test of what was not known above all;
- no test within 4, 7 or 14 days of the one before: whatever its memory is thought to be, another takeaway comes in its place,
  the one met longest ago.

For each is printed what it gains an hour, the difference to the fixed order and to ours, and how often takeaways were met and
after how many days again.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from bedside.study import Parameters
from benchmarks import learners
from benchmarks.learners import TRUTHS, WORLDS, Desk, Floats, Rule, World, by_bedside, by_order, interval

SPACINGS_DAYS = (4, 7, 14)
FSRS_MINDS = ("fsrs", "fast")  # learn by the same step that the rule believes in, so that it can't be taken from the rule alone


def spaced(days: int) -> Rule:
    """Ours, with nothing tested within so many days of its last test."""

    def rule(desk: Desk, on: date) -> Sequence[int]:
        may = ~desk.met | (on.toordinal() - desk.last >= days)
        kept = [row for row in by_bedside(desk, on) if may[row]]
        return list(dict.fromkeys([*kept, *by_order(desk, on)]))

    return rule


def all_right(
    parameters: Parameters, stability: Floats, difficulty: Floats, elapsed: Floats, is_right: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """The step of a memory, as if every answer had been right."""
    return step(parameters, stability, difficulty, elapsed, np.ones_like(is_right))


step: Callable[..., tuple[Floats, Floats]] = learners.step


def lived(world: World, truth: str, rule: Rule, n_learners: int) -> tuple[Floats, Counter[int], list[int]]:
    """Points an hour of each learner; how often takeaways were met; the days between two meetings."""
    rates, times, gaps = [], Counter[int](), list[int]()

    class Noted(Desk):
        def __init__(self, *fields: Any) -> None:
            super().__init__(*fields)
            desks.append(self)

    desks: list[Desk] = []
    with mock.patch.object(learners, "Desk", Noted):
        for learner in range(n_learners):
            gained, hours = learners.sit(world, truth, rule, learner)
            rates.append(gained / max(hours, 1e-9))
    for desk in desks:
        times[0] += world.n_takeaways - len(desk.log)
        for meetings in desk.log.values():
            times[len(meetings)] += 1
            gaps += [later - earlier for (earlier, _), (later, _) in pairwise(meetings)]
    return np.array(rates), times, gaps


def explain(world: World, truth: str, n_learners: int) -> None:
    """Print one table."""
    print(f"\n{truth}, {world.name}: points an hour, against the fixed order, against ours; meetings; days between them")
    found: dict[str, Floats] = {}

    def tell(name: str, rule: Rule) -> None:
        rates, times, gaps = lived(world, truth, rule, n_learners)
        found[name] = rates
        shares = [times[n] for n in range(4)]
        often = "  ".join(f"{n}: {count / n_learners:.0f}" for n, count in enumerate(shares))
        often += f"  4 and more: {(sum(times.values()) - sum(shares)) / n_learners:.0f}"
        low, middle, high = np.percentile(gaps, [10, 50, 90])
        against = [interval(rates - found[other]) if other in found else "" for other in ("fixed order", "Bedside")]
        print(
            f"{name:18} {interval(rates)}  {against[0]:16}  {against[1]:16}  {often}  {low:.0f}/{middle:.0f}/{high:.0f}",
            flush=True,
        )

    tell("fixed order", by_order)
    with mock.patch.object(learners, "FITTED", (by_bedside,)):
        tell("Bedside", by_bedside)
    if truth not in FSRS_MINDS:
        with mock.patch.object(learners, "step", all_right):
            tell("all counts as right", by_bedside)
    for days in SPACINGS_DAYS:
        rule = spaced(days)
        with mock.patch.object(learners, "FITTED", (rule,)):
            tell(f"no test within {days}", rule)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=16)
    parser.add_argument("--worlds", default="short,long")
    parser.add_argument("--truths", default="traces,fsrs,fast,exponential")
    asked = parser.parse_args()
    for truth in asked.truths.split(","):
        if truth not in TRUTHS:
            parser.error(f"--truths: {truth} is none of {', '.join(TRUTHS)}")
        for world in WORLDS:
            if world.name in asked.worlds.split(","):
                explain(world, truth, asked.learners)


if __name__ == "__main__":
    main()
