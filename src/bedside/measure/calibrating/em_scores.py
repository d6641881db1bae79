"""Derivatives of the log probability of an answer by its item's parameters, at the nodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.calibrating.em_parameters import Floats, Parameters, expit


@dataclass(frozen=True, slots=True)
class Scores:
    """By slope, intercept and, with guessing, its logit: n is 2 or 3.

    `wrong`, `right` (n, n_items, n_nodes): the gradients of the log probability of the answer. `wrong_curve`, `right_curve`
    (n, n, n_items, n_nodes): the second derivatives of the probability itself, over the probability; a second derivative of its
    log is that less the product of two gradients.
    """

    wrong: Floats
    right: Floats
    wrong_curve: Floats
    right_curve: Floats

    @property
    def n(self) -> int:
        """How many parameters an item has."""
        return len(self.wrong)

    def by_row(self) -> Floats:
        """The gradients in two rows an item, (n, 2 n_items, n_nodes)."""
        rows = np.empty((self.n, 2 * self.wrong.shape[1], self.wrong.shape[2]))
        rows[:, 0::2], rows[:, 1::2] = self.wrong, self.right
        return rows


def scores_of(parameters: Parameters, nodes: Floats) -> Scores:
    """The derivatives at the nodes."""
    sigma = expit(parameters.slope[:, None] * nodes + parameters.intercept[:, None])
    slope = sigma * (1 - sigma)
    c = parameters.guessing()[:, None]
    p = c + (1 - c) * sigma
    by_level = (1 - c) * slope / p
    wrong, right = [-sigma * nodes, -sigma], [by_level * nodes, by_level]
    # of the probability by its logit without guessing, twice, over the probability
    curve_right, curve_wrong = by_level * (1 - 2 * sigma), -sigma * (1 - 2 * sigma)
    if parameters.guess is not None:
        wrong.append(np.broadcast_to(-c, sigma.shape))
        right.append(c * (1 - c) * (1 - sigma) / p)
    n = len(wrong)
    right_curve, wrong_curve = np.zeros((n, n, *sigma.shape)), np.zeros((n, n, *sigma.shape))
    factors = (nodes, np.ones_like(nodes))
    for i in range(2):
        for j in range(2):
            right_curve[i, j] = curve_right * factors[i] * factors[j]
            wrong_curve[i, j] = curve_wrong * factors[i] * factors[j]
    if n == 3:
        for i in range(2):
            right_curve[i, 2] = right_curve[2, i] = -c * by_level * factors[i]
            wrong_curve[i, 2] = wrong_curve[2, i] = c * sigma * factors[i]
        right_curve[2, 2] = c * (1 - c) * (1 - 2 * c) * (1 - sigma) / p
        wrong_curve[2, 2] = -c * (1 - 2 * c)
    return Scores(np.stack(wrong), np.stack(right), wrong_curve, right_curve)


def own_information(scores: Scores, right: Floats, wrong: Floats) -> NDArray[np.float64]:
    """Of each item the information of the complete data less the expected square of its score, (n_items, n, n).

    `right` and `wrong` (n_items, n_nodes) are expected answers. What is missing to Louis's block of the item is the
    sum over persons of the square of the expected score.
    """
    by_pair = -(scores.right_curve * right).sum(axis=-1) - (scores.wrong_curve * wrong).sum(axis=-1)
    return np.ascontiguousarray(by_pair.transpose(2, 0, 1))
