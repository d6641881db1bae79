"""The E-step by matrix products over persons × items, for small data; and the matrices themselves, for standard errors and
fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.measure.calibrating.em_expected import Expected
from bedside.measure.calibrating.em_parameters import Floats, Parameters, expit, log_priors
from bedside.measure.calibrating.size import Size
from bedside.measure.data.responses import Responses

Matrix = NDArray[Any]  # of 64-bit or 32-bit numbers

BLOCK_PERSONS = 2_048


@dataclass(frozen=True, slots=True)
class Block:
    """Some persons: who answered what and who was right, both (n, n_items) of 0 and 1; their posteriors (n, n_nodes), the logs
    of their likelihoods (n,) and their groups (n,)."""

    first: int
    answered: NDArray[np.floating]
    right: NDArray[np.floating]
    posterior: NDArray[np.floating]
    log_likelihood: NDArray[np.floating]
    group: NDArray[np.int64]


def log_answers(parameters: Parameters, nodes: Floats) -> tuple[Floats, Floats]:
    """Log probabilities of a wrong and of a right answer at each node, both (n_items, n_nodes)."""
    level = parameters.slope[:, None] * nodes + parameters.intercept[:, None]
    if parameters.guess is None:
        return -np.logaddexp(0.0, level), -np.logaddexp(0.0, -level)
    c = parameters.guessing()[:, None]
    return np.log1p(-c) - np.logaddexp(0.0, level), np.log(c + (1 - c) * expit(level))


def blocks_of(
    responses: Responses, group: NDArray[np.int64], nodes: Floats, parameters: Parameters, *, size: Size
) -> Iterator[Block]:
    """The persons in blocks, with their posteriors; `group` (n_persons,), or (0,) where there is one group.

    `size` is that of all answers, of which these may be a part.
    """
    kind: type[np.float64] | type[np.float32] = np.float32 if size.is_single else np.float64
    wrong, right = log_answers(parameters, nodes)
    added = (right - wrong).astype(kind)
    wrong = wrong.astype(kind)
    log_prior = log_priors(parameters.mean, parameters.sd, nodes).astype(kind)
    for first in range(0, responses.n_persons, BLOCK_PERSONS):
        last = min(first + BLOCK_PERSONS, responses.n_persons)
        rows = slice(int(responses.starts[first]), int(responses.starts[last]))
        if size.is_complete:
            was_right: Matrix = responses.correct[rows].reshape(last - first, -1).astype(kind)
            answered: Matrix = np.broadcast_to(np.ones((), dtype=kind), was_right.shape)
            level = wrong.sum(axis=0) + was_right @ added
        else:
            person = np.repeat(np.arange(last - first), np.diff(responses.starts[first : last + 1]))
            answered = np.zeros((last - first, responses.n_items), dtype=kind)
            was_right = np.zeros_like(answered)
            answered[person, responses.item[rows]] = 1
            was_right[person, responses.item[rows]] = responses.correct[rows]
            level = answered @ wrong + was_right @ added
        of_it = group[first:last] if len(group) else np.zeros(last - first, dtype=np.int64)
        level = level + log_prior[of_it]
        peak = level.max(axis=1, keepdims=True)
        np.exp(level - peak, out=level)
        whole = level.sum(axis=1, keepdims=True)
        level /= whole
        yield Block(first, answered, was_right, level, (peak + np.log(whole))[:, 0], of_it)


def expect_dense(
    responses: Responses, group: NDArray[np.int64], nodes: Floats, parameters: Parameters, *, size: Size, two_rows: bool
) -> Expected:
    """The expectation by matrix products: what the compiled kernels are held against."""
    n_groups, n_items = len(parameters.mean), responses.n_items
    node_sum = np.zeros((n_groups, len(nodes)))
    given, right = np.zeros((n_items, len(nodes))), np.zeros((n_items, len(nodes)))
    log_likelihood = 0.0
    for block in blocks_of(responses, group, nodes, parameters, size=size):
        log_likelihood += float(block.log_likelihood.sum(dtype=np.float64))
        for g in range(n_groups):
            node_sum[g] += block.posterior[block.group == g].sum(axis=0)
        given += block.answered.T @ block.posterior
        right += block.right.T @ block.posterior
    if two_rows:
        return Expected(log_likelihood, node_sum, given, right, None)
    return Expected(log_likelihood, node_sum, given, right.sum(axis=1), right @ nodes)
