"""Marginal maximum likelihood by EM, accelerated.

EM moves slowly where the answers leave much open. Anderson's method combines the last few moves so that the next remainder is
as small as can be; it is a quasi-Newton method without derivatives (Walker & Ni 2011, SIAM J. Numer. Anal. 49, 1715-1735). It
is not monotone. Hence the safeguard: where the log-likelihood fell, the accelerated point is given up for the plain EM move of
the best point so far, which can only rise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bedside.measure.calibrating.em_expected import Expected
from bedside.measure.calibrating.em_parameters import Floats, Free, Parameters
from bedside.measure.calibrating.em_step import maximize
from bedside.measure.calibrating.priors import Priors, pull_of
from bedside.measure.calibrating.source import Expecting

MEMORY = 6  # moves that are combined
FALL = 1e-8  # of the log-likelihood, relative: less is rounding, where a person's sums are in 32 bits

OnCycle = Callable[[int, float, float], None]


@dataclass(frozen=True, slots=True)
class Estimated:
    """Where EM ended: the parameters, what is expected under them, and how it went. `remainder` is the last move of EM."""

    parameters: Parameters
    expected: Expected
    log_likelihood: float
    log_posterior: float
    n_cycles: int
    is_converged: bool
    remainder: float


class Moves:
    """The last points and the moves that EM makes from them."""

    def __init__(self) -> None:
        self.points: list[Floats] = []
        self.moves: list[Floats] = []

    def forget(self) -> None:
        """Begin anew."""
        self.points.clear()
        self.moves.clear()

    def next_point(self, point: Floats, move: Floats) -> Floats:
        """The point from which EM is expected to move least."""
        self.points = [*self.points[-MEMORY:], point]
        self.moves = [*self.moves[-MEMORY:], move]
        if len(self.points) == 1:
            return point + move
        change = np.diff(np.stack(self.moves), axis=0)
        stride = np.diff(np.stack(self.points), axis=0) + change
        weights, *_ = np.linalg.lstsq(change.T, move, rcond=1e-10)
        return np.asarray(point + move - weights @ stride)


def estimate(
    persons: Expecting,
    start: Parameters,
    free: Free,
    priors: Priors,
    *,
    tolerance: float,
    max_cycles: int,
    every: int = 1,
    on_cycle: OnCycle | None = None,
) -> Estimated:
    """Iterate, over one person of so many, until EM would move no parameter by more than `tolerance`, or `max_cycles` E-steps
    were made.

    `on_cycle(cycle, log_likelihood, move)` is called after each E-step.
    """
    parameters, best = start, -np.inf
    plain: Parameters | None = None  # the EM move of the best point
    moves = Moves()
    is_accelerated = False
    for cycle in range(1, max_cycles + 1):
        expected = persons.expect(parameters, every=every)
        log_posterior = expected.log_likelihood + float(pull_of(priors, parameters).value[free.item].sum())
        if is_accelerated and plain is not None and not log_posterior >= best - FALL * abs(best):
            parameters, is_accelerated = plain, False
            moves.forget()
            if on_cycle:
                on_cycle(cycle, expected.log_likelihood, np.nan)
            continue
        best = log_posterior
        moved = maximize(parameters, expected, persons.nodes, free, priors)
        point, target = free.pack(parameters), free.pack(moved)
        remainder = float(np.abs(target - point).max(initial=0.0))
        if on_cycle:
            on_cycle(cycle, expected.log_likelihood, remainder)
        if remainder < tolerance or cycle == max_cycles:
            break
        plain = moved
        parameters = free.unpack(moves.next_point(point, target - point), parameters)
        is_accelerated = len(moves.points) > 1
    return Estimated(parameters, expected, expected.log_likelihood, log_posterior, cycle, remainder < tolerance, remainder)
