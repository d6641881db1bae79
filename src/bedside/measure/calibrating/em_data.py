"""The E-step: what is expected of the answers at every node, given the parameters of the moment.

One expectation over any number of persons is the sum of those over parts of them, so parts are worked on side by side.
The parts follow from the data alone and are added up in their order: the answer doesn't depend on how many cores there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.measure.calibrating.em_dense import expect_dense, log_answers
from bedside.measure.calibrating.em_expected import Expected
from bedside.measure.calibrating.em_parameters import LANE, Floats, Parameters, log_priors
from bedside.measure.calibrating.em_scores import scores_of
from bedside.measure.calibrating.observed_information import Sums, information_sums
from bedside.measure.calibrating.size import Size
from bedside.measure.data.responses import Responses

Lots = NDArray[np.uint16]

PART_RESPONSES = 250_000  # fewer are not worth a thread
MAX_PARTS = 16
FILL = -1e30  # log prior of nodes that are only there to fill


class Persons:
    """The answers, ready for expectations; holds nothing in proportion to persons × items.

    `size` is that of all answers, where these are a part of them: how they are worked on follows from it. `lots` (n_persons,)
    say who is in a sample. They are cut into `n_parts`, None: as many as are worth it, whatever the number of threads is.
    """

    def __init__(
        self,
        responses: Responses,
        group: NDArray[np.intp] | None,
        nodes: Floats,
        *,
        two_rows: bool,
        size: Size | None = None,
        lots: Lots | None = None,
        threads: int | None = None,
        n_parts: int | None = None,
    ) -> None:
        self.responses = responses
        self.group = np.zeros(0, dtype=np.int64) if group is None else group.astype(np.int64)
        self.nodes = nodes
        self.two_rows = two_rows  # of a table for each item: with guessing, or where counts of right answers by node are wanted
        self.size = Size.of(responses) if size is None else size
        self.is_dense = not self.size.needs_compiling
        self.is_complete = self.size.is_complete and not two_rows and not self.is_dense
        self.n_right = np.zeros(0)  # by item, where the compiled loop does not count them
        if self.is_complete:
            self.n_right = responses.item_counts()[1].astype(np.float64)
        self.lots = np.zeros(0, dtype=np.uint16) if lots is None else lots
        self.n_blocks = -(-len(nodes) // LANE)
        self.kind = np.float32 if self.size.is_single else np.float64
        if n_parts is None:
            n_parts = int(np.clip(responses.n_responses // PART_RESPONSES, 1, min(MAX_PARTS, max(1, responses.n_persons))))
        self.parts = parts_of(responses.starts, n_parts)
        self.window = np.tile(np.array([0, self.n_blocks], dtype=np.uint8), (responses.n_persons, 1))
        self.mean = np.zeros(responses.n_persons if self.is_complete else 0)
        at_once = min(len(self.parts), threads or os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(at_once) if at_once > 1 else None

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def expect(self, parameters: Parameters, *, every: int = 1) -> Expected:
        """The expectation under these parameters over one person of so many, by their lots; small and complete data take all.
        Bock & Aitkin (1981), Psychometrika 46, 443-459, equations 13 to 15."""
        if self.is_dense:
            return expect_dense(self.responses, self.group, self.nodes, parameters, size=self.size, two_rows=self.two_rows)
        log_prior = log_priors(parameters.mean, parameters.sd, self.nodes)
        return self._complete(parameters, log_prior) if self.is_complete else self._sparse(parameters, log_prior, every)

    def _complete(self, parameters: Parameters, log_prior: Floats) -> Expected:
        from bedside.measure.calibrating import kernels  # noqa: PLC0415 - numba is heavy, and not needed for small data

        correct = self.responses.correct.reshape(self.responses.n_persons, self.size.n_items)
        slope = parameters.slope
        all_wrong = -np.logaddexp(0.0, slope[:, None] * self.nodes + parameters.intercept[:, None]).sum(axis=0)
        base = log_prior + all_wrong
        ratio = np.diff(base, axis=1)

        def part(first: int, last: int) -> tuple[float, Floats, Floats]:
            total, node_sum = np.zeros(len(slope)), np.zeros_like(log_prior)
            found = kernels.complete_logistic(
                correct, slope, base, ratio, self.nodes, self.group, first, last, total, node_sum, self.mean
            )
            return found, total, node_sum

        found, total, node_sum = self._summed(part)
        log_likelihood = float(found) + float(self.n_right @ parameters.intercept)
        return Expected(log_likelihood, node_sum, node_sum.sum(axis=0, keepdims=True), self.n_right, total)

    def _sparse(self, parameters: Parameters, log_prior: Floats, every: int) -> Expected:
        from bedside.measure.calibrating import kernels  # noqa: PLC0415

        table, prior = self.table(parameters), self.in_blocks(log_prior, FILL)
        data = self.responses

        def part(first: int, last: int) -> tuple[float, Floats, Floats, Floats]:
            sums, counts = np.zeros(table.shape), np.empty_like(table)
            total, node_sum = np.zeros((data.n_items, 2)), np.zeros(prior.shape)
            found = kernels.sparse(
                data.starts, data.item, data.correct, parameters.slope, table, self.two_rows, prior, self.nodes,
                self.group, first, last, every, self.lots, self.window, counts, sums, total, node_sum,
            )  # fmt: skip
            return found, total, node_sum, sums

        found, total, node_sum, sums = self._summed(part)
        node_sum = self.of_blocks(node_sum.transpose(1, 0, 2))
        by_row = self.of_blocks(sums)
        if self.two_rows:
            return Expected(float(found), node_sum, by_row[0::2] + by_row[1::2], by_row[1::2], None)
        log_likelihood = float(found) + float(total[:, 0] @ parameters.intercept)
        return Expected(log_likelihood, node_sum, by_row, total[:, 0], total[:, 1])

    def table(self, parameters: Parameters) -> NDArray[np.floating]:
        """What an answer takes off the log-likelihood at each node, (n_blocks, n_rows, LANE): see `kernels`."""
        if not self.two_rows:
            level = parameters.slope[:, None] * self.nodes + parameters.intercept[:, None]
            taken = np.logaddexp(0.0, level)
        else:
            wrong, right = log_answers(parameters, self.nodes)
            taken = np.empty((2 * len(wrong), len(self.nodes)))
            taken[0::2], taken[1::2] = -wrong, -right
        return self.in_blocks(taken, 0.0).transpose(1, 0, 2).astype(self.kind, order="C")

    def in_blocks(self, by_node: Floats, fill: float) -> Floats:
        """(n, n_nodes) as (n, n_blocks, LANE), filled up."""
        whole = np.full((len(by_node), self.n_blocks * LANE), fill)
        whole[:, : len(self.nodes)] = by_node
        return whole.reshape(len(by_node), self.n_blocks, LANE)

    def of_blocks(self, blocks: Floats) -> Floats:
        """(n_blocks, n, LANE) as (n, n_nodes)."""
        return np.ascontiguousarray(blocks.transpose(1, 0, 2).reshape(blocks.shape[1], -1)[:, : len(self.nodes)])

    def score_products(self, parameters: Parameters) -> Floats:
        """Of each item the sum over persons of the products of its expected scores, (n_items, n, n): n is 2, or 3 with
        guessing. Only with two rows an item."""
        from bedside.measure.calibrating import kernels  # noqa: PLC0415

        gradient = scores_of(parameters, self.nodes).by_row()
        data, table = self.responses, self.table(parameters)
        prior = self.in_blocks(log_priors(parameters.mean, parameters.sd, self.nodes), FILL)
        blocks = np.stack([self.in_blocks(of_one, 0.0).transpose(1, 0, 2).astype(self.kind, order="C") for of_one in gradient])

        def part(first: int, last: int) -> tuple[Floats]:
            products = np.zeros((data.n_items, len(gradient), len(gradient)))
            kernels.score_products(
                data.starts, data.item, data.correct, parameters.slope, table, prior, self.nodes,
                self.group, first, last, self.window, blocks, products,
            )  # fmt: skip
            return (products,)

        return np.asarray(self._summed(part)[0])

    def information_sums(self, parameters: Parameters) -> Sums:
        """What the observed information of all parameters together takes of these persons."""
        return information_sums(self.responses, self.group, self.nodes, parameters, size=self.size)

    def _summed(self, part: Callable[[int, int], tuple[Any, ...]]) -> tuple[Any, ...]:
        """What the parts give, added up one by one."""
        if self._pool is None:
            found = (part(first, last) for first, last in self.parts)
        else:
            futures = [self._pool.submit(part, first, last) for first, last in self.parts]
            found = (future.result() for future in futures)
        whole = next(found)
        for one in found:
            whole = tuple(a + b for a, b in zip(whole, one, strict=True))
        return whole


def parts_of(starts: NDArray[np.int64], n_parts: int) -> tuple[tuple[int, int], ...]:
    """Cut the persons into parts of about as many answers."""
    n_persons = len(starts) - 1
    cuts = np.searchsorted(starts, np.linspace(0, starts[-1], n_parts + 1)[1:-1])
    edges = [0, *np.clip(cuts, 0, n_persons).tolist(), n_persons]
    return tuple((first, last) for first, last in pairwise(edges) if last > first) or ((0, 0),)


def first_persons(responses: Responses, n: int = 2) -> Responses:
    """The answers of the first few persons, of all items."""
    n = min(n, responses.n_persons)
    stop = int(responses.starts[n])
    return Responses(
        responses.persons[:n], responses.items, responses.starts[: n + 1], responses.item[:stop], responses.correct[:stop]
    )
