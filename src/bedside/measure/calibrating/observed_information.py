"""The observed information of all parameters together: items and populations.

Louis (1982), J. R. Stat. Soc. B 44, 226-233: the information of the complete data, less the covariance of the complete data's
score over each person's posterior. With M (persons × items) saying who answered what and Y who was right, an item's score at a
node is M v + Y t, v being the gradient for a wrong answer and t what a right one adds; so all that is needed over persons is,
for each node, M'WM, M'WY and Y'WY, W being the posterior there. Complete data make M a matrix of ones; without guessing t is
theta or 1, and moments of the posterior take the place of the nodes.

Parameters are in the order: slopes of all items, intercepts, logits of guessing, then mean and log of the standard deviation of
each group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.calibrating.em_dense import blocks_of
from bedside.measure.calibrating.em_parameters import Floats, Parameters
from bedside.measure.calibrating.em_scores import Scores, own_information, scores_of
from bedside.measure.calibrating.size import Size
from bedside.measure.data.responses import Responses

MAX_BYTES = 256_000_000  # of products that are kept at once


@dataclass(slots=True)
class Sums:
    """Sums over persons: expected answers, all and right, (2, n_groups, n_items, n_nodes); persons (n_groups, n_nodes);
    products of the expected scores of all parameters; products of right answers with theta's second, first and zeroth moment,
    (3, n_items, n_items), and where these don't take their place, products by node (n * n_items, n * n_items)."""

    counts: Floats
    node_sum: Floats
    squares: Floats
    by_moment: Floats | None
    by_node: Floats | None

    def __add__(self, other: Sums) -> Sums:
        """The sums over the persons of both."""
        return Sums(
            self.counts + other.counts,
            self.node_sum + other.node_sum,
            self.squares + other.squares,
            self.by_moment + other.by_moment if self.by_moment is not None and other.by_moment is not None else None,
            self.by_node + other.by_node if self.by_node is not None and other.by_node is not None else None,
        )


def full_information(sums: Sums, parameters: Parameters, nodes: Floats, scores: Scores, *, size: Size) -> NDArray[np.float64]:
    """The observed information, symmetric, without priors, from sums over all persons."""
    n_items, n = len(parameters.slope), scores.n
    wrong, added = _by_parameter(scores)
    population = _population_scores(parameters, nodes)  # (2 * n_groups, n_nodes)
    products = _pair_products(sums, wrong, added, is_complete=size.is_complete)
    information = _with_populations(products, wrong, added, population, sums.counts, sums.node_sum, parameters, nodes)
    information += sums.squares
    n_right = sums.counts[1].sum(axis=0)
    own = own_information(scores, n_right, sums.counts[0].sum(axis=0) - n_right)
    own += _squares_of_items(sums.squares, n, n_items)
    at = np.arange(n_items)
    for q in range(n):
        for s in range(n):
            information[q * n_items + at, s * n_items + at] = own[:, q, s]
    return np.asarray((information + information.T) / 2)


def _by_parameter(scores: Scores) -> tuple[Floats, Floats]:
    """The gradients of a wrong answer and what a right one adds to them, (n * n_items, n_nodes)."""
    wrong = np.concatenate([scores.wrong[q] for q in range(scores.n)])
    return wrong, np.concatenate([scores.right[q] - scores.wrong[q] for q in range(scores.n)])


def information_sums(
    responses: Responses, group: NDArray[np.int64], nodes: Floats, parameters: Parameters, *, size: Size
) -> Sums:
    """The sums over these persons; `size` is that of all answers, of which these may be a part."""
    wrong, added = _by_parameter(scores_of(parameters, nodes))
    population = _population_scores(parameters, nodes)
    n_items, n_nodes, n_groups = len(parameters.slope), len(nodes), len(parameters.mean)
    n = len(wrong) // n_items
    is_complete = size.is_complete
    has_moments = is_complete and parameters.guess is None
    sums = Sums(
        np.zeros((2, n_groups, n_items, n_nodes)),
        np.zeros((n_groups, n_nodes)),
        np.zeros((len(wrong) + 2 * n_groups,) * 2),
        np.zeros((3, n_items, n_items)) if has_moments else None,
        None if has_moments else _products_by_node(responses, group, nodes, parameters, wrong, added, size=size),
    )
    powers = nodes[:, None] ** np.array([2, 1, 0])
    for block in blocks_of(responses, group, nodes, parameters, size=size):
        kind = block.posterior.dtype
        expected = block.posterior @ wrong.T.astype(kind)
        if not is_complete:
            expected *= np.tile(block.answered, (1, n))
        expected += np.tile(block.right, (1, n)) * (block.posterior @ added.T.astype(kind))
        of_groups = np.zeros((len(block.group), 2 * n_groups), dtype=kind)
        for g in range(n_groups):
            of_it = slice(None) if n_groups == 1 else block.group == g
            posterior = block.posterior[of_it]
            of_node = posterior.sum(axis=0)
            sums.node_sum[g] += of_node
            sums.counts[0, g] += of_node if is_complete else block.answered[of_it].T @ posterior
            sums.counts[1, g] += block.right[of_it].T @ posterior
            of_groups[of_it, 2 * g : 2 * g + 2] = posterior @ population[2 * g : 2 * g + 2].T.astype(kind)
        score = np.concatenate([expected, of_groups], axis=1)
        sums.squares += score.T @ score
        if sums.by_moment is not None:
            moments = block.posterior @ powers.astype(kind)
            for k in range(3):
                sums.by_moment[k] += (block.right * moments[:, k : k + 1]).T @ block.right
    return sums


def _squares_of_items(squares: Floats, n: int, n_items: int) -> Floats:
    at = np.arange(n_items)
    return np.stack(
        [np.stack([squares[q * n_items + at, s * n_items + at] for s in range(n)], axis=1) for q in range(n)], axis=1
    )


def _pair_products(sums: Sums, wrong: Floats, added: Floats, *, is_complete: bool) -> Floats:
    """Expected products of the scores of each two items, at (n * n_items, n * n_items), with the sign of a loss."""
    if not is_complete:
        assert sums.by_node is not None
        return np.asarray(np.negative(sums.by_node))
    n_right = sums.counts[1].sum(axis=0)
    mixed = wrong @ (added * np.tile(n_right, (len(added) // len(n_right), 1))).T
    whole = (wrong * sums.node_sum.sum(axis=0)) @ wrong.T + mixed + mixed.T
    if sums.by_moment is not None:  # what a right answer adds is theta for a slope and 1 for an intercept
        second, first, zeroth = sums.by_moment
        whole += np.block([[second, first], [first, zeroth]])
    else:
        whole += sums.by_node
    return np.asarray(np.negative(whole))


def _products_by_node(  # noqa: PLR0917
    responses: Responses, group: NDArray[np.int64], nodes: Floats, parameters: Parameters, wrong: Floats, added: Floats,
    *, size: Size,
) -> Floats:  # fmt: skip
    """Node by node; with complete data only what right answers add to each other, else all of it."""
    n_items, n_nodes, is_complete = len(parameters.slope), wrong.shape[1], size.is_complete
    whole = np.zeros((len(wrong), len(wrong)))
    at_once = max(1, MAX_BYTES // ((1 if is_complete else 3) * 8 * n_items**2))
    for first in range(0, n_nodes, at_once):
        together = range(first, min(first + at_once, n_nodes))
        both_right = np.zeros((len(together), n_items, n_items))
        both, mixed = (np.zeros((0 if is_complete else len(together), n_items, n_items)) for _ in range(2))
        for block in blocks_of(responses, group, nodes, parameters, size=size):
            for at, node in enumerate(together):
                right = block.right * block.posterior[:, node : node + 1]
                both_right[at] += right.T @ block.right
                if not is_complete:
                    mixed[at] += block.answered.T @ right
                    both[at] += (block.answered * block.posterior[:, node : node + 1]).T @ block.answered
        for at, node in enumerate(together):
            _add_node(whole, wrong[:, node], added[:, node], both_right[at], None if is_complete else (both[at], mixed[at]))
    return whole


def _add_node(whole: Floats, wrong: Floats, added: Floats, both_right: Floats, others: tuple[Floats, Floats] | None) -> None:
    n_items = len(both_right)
    for i in range(0, len(wrong), n_items):
        for j in range(0, len(wrong), n_items):
            v, t = wrong[i : i + n_items, None], added[i : i + n_items, None]
            w, u = wrong[None, j : j + n_items], added[None, j : j + n_items]
            part = t * u * both_right
            if others is not None:
                both, mixed = others
                part += v * w * both + v * u * mixed + t * w * mixed.T
            whole[i : i + n_items, j : j + n_items] += part


def _population_scores(parameters: Parameters, nodes: Floats) -> Floats:
    """Gradient of the log density by mean and log of the standard deviation of each group, (2 n_groups, n_nodes)."""
    z = (nodes[None, :] - parameters.mean[:, None]) / parameters.sd[:, None]
    return np.stack([z / parameters.sd[:, None], z**2 - 1], axis=1).reshape(-1, len(nodes))


def _with_populations(  # noqa: PLR0917 - all of it is one formula
    products: Floats, wrong: Floats, added: Floats, population: Floats, counts: Floats, node_sum: Floats,
    parameters: Parameters, nodes: Floats,
) -> Floats:  # fmt: skip
    """The matrix with a row more for each parameter of a population."""
    n, n_groups = len(products), len(parameters.mean)
    repeats = n // counts.shape[2]
    information = np.zeros((n + 2 * n_groups,) * 2)
    information[:n, :n] = products
    for g in range(n_groups):
        at = slice(n + 2 * g, n + 2 * g + 2)
        own = population[2 * g : 2 * g + 2]
        expected = wrong * np.tile(counts[0, g], (repeats, 1)) + added * np.tile(counts[1, g], (repeats, 1))
        information[:n, at] = -(expected @ own.T)
        information[at, :n] = information[:n, at].T
        sd = parameters.sd[g]
        z = (nodes - parameters.mean[g]) / sd
        mean_mean, mean_sd, sd_sd = node_sum[g].sum() / sd**2, (node_sum[g] * 2 * z).sum() / sd, (node_sum[g] * 2 * z**2).sum()
        information[at, at] = np.array([[mean_mean, mean_sd], [mean_sd, sd_sd]]) - (own * node_sum[g]) @ own.T
    return information
