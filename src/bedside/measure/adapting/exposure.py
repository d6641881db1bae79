"""Sympson-Hetter control of exposure: the probabilities to give an item that was selected, found by simulating the test."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bedside.measure.adapting.rules import AdaptiveTest
from bedside.measure.adapting.simulation import simulate_tests
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError

ROUNDS = 50
ERRORS = 3.0  # standard errors of a simulated exposure by which the largest may be above the wanted


@dataclass(frozen=True, slots=True)
class ExposureControl:
    """`keep` (n_items,) for an AdaptiveTest, and the largest exposure of an item in each round of simulation.

    `keep` is that of the round with the least: over the rounds the largest exposure falls, and then moves about its limit.
    `is_reached`: there it was within three standard errors of the wanted, which is as much as so many persons can tell.
    """

    keep: NDArray[np.float64]
    most_exposed: tuple[float, ...]
    is_reached: bool


def control_exposure(
    items: Items,
    ability: NDArray[np.float64],
    test: AdaptiveTest,
    wanted: float,
    seed: int | np.random.Generator,
    *,
    n_rounds: int = ROUNDS,
) -> ExposureControl:
    """Find for each item the probability with which it is given once selected, so that no exposure is above `wanted`.

    Round by round the test is given to persons of these abilities; with P(S) the share for whom an item was selected, its
    next probability is wanted / P(S) where P(S) is above wanted, else 1; and the `max_items` largest are set to 1, so that
    nobody runs out of items (Sympson & Hetter, 1985; Hetter & Sympson, 1997). With content that is held exactly the same
    holds in each area.

    Raises:
        MeasureError: the limit is out of reach: with so few items a test must show each of them more often.
    """
    if not test.max_items / items.count <= wanted <= 1:
        raise MeasureError(f"{test.max_items} of {items.count} items can't be given with each exposed to at most {wanted:.0%}")
    rng = np.random.default_rng(seed)
    enough = wanted + ERRORS * float(np.sqrt(wanted * (1 - wanted) / len(ability)))
    keep = np.ones(items.count)
    best, history = keep, []
    for _round in range(n_rounds):
        tests = simulate_tests(items, ability, replace(test, keep=keep), rng)
        uses = np.bincount(tests.given[tests.given >= 0], minlength=items.count)
        history.append(float(uses.max()) / len(ability))
        if history[-1] <= min(history):
            best = keep
        if history[-1] <= enough:
            break
        keep = _next(tests.n_selected / len(ability), wanted, test)
    return ExposureControl(best, tuple(history), min(history) <= enough)


def _next(selected: NDArray[np.float64], wanted: float, test: AdaptiveTest) -> NDArray[np.float64]:
    keep = np.where(selected > wanted, wanted / np.maximum(selected, wanted), 1.0)
    keep[np.argsort(-keep, kind="stable")[: test.max_items]] = 1.0
    if test.content is not None:
        for area, quota in enumerate(test.content.quotas(test.max_items)):
            inside = np.flatnonzero(test.content.area == area)
            keep[inside[np.argsort(-keep[inside], kind="stable")[:quota]]] = 1.0
    return keep
