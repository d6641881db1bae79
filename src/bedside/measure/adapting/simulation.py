"""Adaptive tests given to made-up persons, thousands at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.measure.adapting import kernel
from bedside.measure.adapting.rules import AdaptiveTest, ContentBalance, checked
from bedside.measure.adapting.shadow import give_with_shadow
from bedside.measure.curves import information, log_probabilities, probabilities
from bedside.measure.items import Items

METHODS = {"penalty": kernel.PENALTY, "multinomial": kernel.MULTINOMIAL}


class StopReason(IntEnum):
    """Why a test was over."""

    LENGTH = kernel.BY_LENGTH
    ERROR = kernel.BY_ERROR
    DECISION = kernel.BY_DECISION
    POOL = kernel.BY_POOL  # no item was left to give


@dataclass(frozen=True, slots=True)
class SimulatedTests:
    """The tests of simulated persons; -1 stands where a test was over.

    `given` (n_persons, max_items) int32: items in the order given; `correct` the same shape, int8, 1 or 0. All others have
    shape (n_persons,): `ability` is the true one, `theta` and `se` the estimate at the end, `n_given` the length, `reason`
    why it was over (`StopReason`), `passed` whether it is decided that the person is at or above the cut: by the sequential
    test where it came to an end, else by the estimate; all False where the test decides nothing. `n_selected` (n_items,): how
    often an item was selected, kept or not. `n_programmes`: integer programmes solved for shadow tests.
    """

    ability: NDArray[np.float64]
    given: NDArray[np.int32]
    correct: NDArray[np.int8]
    theta: NDArray[np.float64]
    se: NDArray[np.float64]
    n_given: NDArray[np.int64]
    reason: NDArray[np.int8]
    passed: NDArray[np.bool_]
    n_selected: NDArray[np.int64]
    n_programmes: int = 0

    @property
    def n_items(self) -> int:
        """How many items the bank has."""
        return len(self.n_selected)


def simulate_tests(
    items: Items, ability: NDArray[np.float64], test: AdaptiveTest, seed: int | np.random.Generator
) -> SimulatedTests:
    """Give an adaptive test to persons of these abilities (n_persons,), who answer by the model of the items.

    The same seed gives the same tests.

    Raises:
        MeasureError: the rules contradict each other, or do not fit the bank.
    """
    checked(test, items.count)
    rng = np.random.default_rng(seed)
    ability = np.ascontiguousarray(ability, dtype=np.float64)
    seeds = rng.integers(0, 2**64, size=len(ability), dtype=np.uint64)
    results = _room(len(ability), test.max_items, items.count)
    bank, grid, rules, areas, stopping = _inputs(items, test)
    n_programmes = 0
    if test.shadow is None:
        kernel.give(bank, grid, rules, areas, stopping, test.aim == "cut", ability, seeds, results)
    else:
        n_programmes = give_with_shadow(test, (bank, grid, stopping), ability, seeds, results)
    return _simulated(test, ability, results, n_programmes)


def _room(n_persons: int, max_items: int, n_items: int) -> tuple[Any, ...]:
    """What the kernel fills: given, correct, theta, se, ratio, reason, selected."""
    return (
        np.full((n_persons, max_items), -1, dtype=np.int32),
        np.full((n_persons, max_items), -1, dtype=np.int8),
        np.zeros(n_persons),
        np.zeros(n_persons),
        np.zeros(n_persons),
        np.full(n_persons, kernel.RUNNING, dtype=np.int8),
        np.zeros(n_items, dtype=np.int64),
    )


def _inputs(items: Items, test: AdaptiveTest) -> tuple[tuple[Any, ...], ...]:
    """The kernel's bank, grid, rules, areas and stopping."""
    content = test.content or ContentBalance(np.zeros(items.count, dtype=np.int64), np.ones(1))
    method = METHODS[content.method] if test.content else kernel.NO_CONTENT
    keep = np.ones(items.count) if test.keep is None else np.ascontiguousarray(test.keep, dtype=np.float64)
    worth = _worth(items, test)
    order = np.argsort(-worth, axis=1, kind="stable").astype(np.int32)
    bank = (worth, order, probabilities(items, test.nodes), _parameters(items), _ratios(items, test), keep)
    rules = (method, content.weight if method == kernel.PENALTY else 0.0, test.n_best)
    areas = (content.area.astype(np.int64), content.shares.astype(np.float64), content.quotas(test.max_items))
    lower, upper = test.decision.bounds if test.decision else (-np.inf, np.inf)
    stopping = (test.min_items, test.max_items, test.standard_error or 0.0, lower, upper)
    return bank, (test.nodes, test.prior), rules, areas, stopping


def _worth(items: Items, test: AdaptiveTest) -> NDArray[np.float64]:
    """(n_nodes + 1, n_items): information as a share of the node's largest; the last row at the cut."""
    cut = test.decision.cut if test.decision else test.mean
    worth = information(items, np.append(test.nodes, cut)).T
    largest = worth.max(axis=1, keepdims=True)
    return np.ascontiguousarray(np.divide(worth, largest, out=np.zeros_like(worth), where=largest > 0))


def _parameters(items: Items) -> NDArray[np.float64]:
    return np.ascontiguousarray([items.discrimination, items.difficulty, items.guessing], dtype=np.float64)


def _ratios(items: Items, test: AdaptiveTest) -> NDArray[np.float64]:
    """(2, n_items): what a wrong and a right answer add to the log of the likelihood at the upper point against the lower."""
    if test.decision is None:
        return np.zeros((2, items.count))
    ends = np.array([-1.0, 1.0]) * test.decision.indifference + test.decision.cut
    wrong, right = log_probabilities(items, ends)
    return np.ascontiguousarray([wrong[:, 1] - wrong[:, 0], right[:, 1] - right[:, 0]])


def _simulated(test: AdaptiveTest, ability: NDArray[np.float64], results: tuple[Any, ...], n_programmes: int) -> SimulatedTests:
    given, correct, theta, se, ratio, reason, selected = results
    passed = np.zeros(len(ability), dtype=bool)
    if test.decision is not None:
        passed = np.where(reason == StopReason.DECISION, ratio > 0, theta >= test.decision.cut)
    return SimulatedTests(
        ability=ability,
        given=given.astype(np.int32),
        correct=correct.astype(np.int8),
        theta=theta.astype(np.float64),
        se=se.astype(np.float64),
        n_given=(given >= 0).sum(axis=1),
        reason=reason.astype(np.int8),
        passed=passed,
        n_selected=selected.astype(np.int64),
        n_programmes=n_programmes,
    )
