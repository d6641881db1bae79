"""Logistic regression with a penalty of its own on each weight, for a few dense columns and very many sparse ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

NEWTON_STEPS = 25
CG_STEPS = 80
INNER = 1e-2  # of the squared preconditioned gradient: how exactly one Newton step is solved
SHORTEST = 1e-3  # of a Newton step, before it is given up
OUTER = 1e-7  # of the same, an answer: when the fit is done


@dataclass(frozen=True, slots=True)
class DesignMatrix:
    """Rows of answers: dense (n, d) float32 beside sparse (n, s) float32; a weight for each column, dense first."""

    dense: NDArray[np.float32]
    sparse: sp.csr_matrix
    turned: sp.csr_matrix  # the sparse part, columns as rows

    @staticmethod
    def of(dense: NDArray[np.float32], sparse: sp.csr_matrix) -> DesignMatrix:
        """From its two parts."""
        wide = sparse.astype(np.float32).tocsr()
        return DesignMatrix(np.ascontiguousarray(dense, dtype=np.float32), wide, wide.T.tocsr())

    @property
    def n_columns(self) -> int:
        """How many weights there are."""
        return int(self.dense.shape[1] + self.sparse.shape[1])

    def times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The linear predictor, (n,)."""
        narrow = weights.astype(np.float32)
        d = self.dense.shape[1]
        return np.asarray(self.dense @ narrow[:d] + self.sparse @ narrow[d:], dtype=np.float64)

    def back(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The transpose times values of answers, (n_columns,)."""
        narrow = values.astype(np.float32)
        return np.concatenate([self.dense.T @ narrow, self.turned @ narrow]).astype(np.float64)

    def squares(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The transpose of the squared entries times values of answers: the diagonal of the information."""
        narrow = values.astype(np.float32)
        dense = np.einsum("ij,ij,i->j", self.dense, self.dense, narrow)
        return np.concatenate([dense, self.turned.multiply(self.turned) @ narrow]).astype(np.float64)

    def rows(self, chosen: NDArray[np.bool_]) -> DesignMatrix:
        """Only the chosen answers."""
        return DesignMatrix.of(self.dense[chosen], self.sparse[chosen])


def logistic(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)), dtype=np.float64)


def fit_logistic(
    design: DesignMatrix,
    correct: NDArray[np.float64],
    penalty: NDArray[np.float64],
    start: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """The weights that minimise -log likelihood + sum(penalty * weight**2) / 2, shape (n_columns,).

    Newton's method, each step by conjugate gradients with the diagonal as preconditioner (Nocedal & Wright 2006, algorithms
    7.1 and 5.3), halved until the sum falls. All penalties must be above 0, which makes the minimum one and finite.
    """
    weights = np.zeros(design.n_columns) if start is None else start.copy()
    linear = design.times(weights)
    loss = _loss(linear, correct, penalty, weights)
    for _ in range(NEWTON_STEPS):
        chance = logistic(linear)
        gradient = design.back(chance - correct) + penalty * weights
        curvature = chance * (1 - chance)
        diagonal = design.squares(curvature) + penalty
        size = float(gradient @ (gradient / diagonal))
        if size < OUTER * len(correct):
            break
        step = _newton_step(design, gradient, curvature, diagonal, penalty)
        along = design.times(step)
        before, length = loss, 1.0
        while (
            loss := _loss(linear + length * along, correct, penalty, weights + length * step)
        ) > before and length > SHORTEST:
            length /= 2
        if loss > before:
            break
        weights += length * step
        linear += length * along
    return weights


def _loss(
    linear: NDArray[np.float64], correct: NDArray[np.float64], penalty: NDArray[np.float64], weights: NDArray[np.float64]
) -> float:
    return float(np.logaddexp(0, linear).sum() - correct @ linear + 0.5 * penalty @ weights**2)


def _newton_step(
    design: DesignMatrix,
    gradient: NDArray[np.float64],
    curvature: NDArray[np.float64],
    diagonal: NDArray[np.float64],
    penalty: NDArray[np.float64],
) -> NDArray[np.float64]:
    step = np.zeros_like(gradient)
    residual = -gradient
    scaled = residual / diagonal
    direction = scaled.copy()
    size = first = float(residual @ scaled)
    for _ in range(CG_STEPS):
        image = design.back(curvature * design.times(direction)) + penalty * direction
        length = size / float(direction @ image)
        step += length * direction
        residual -= length * image
        scaled = residual / diagonal
        before, size = size, float(residual @ scaled)
        if size < INNER * first:
            break
        direction = scaled + (size / before) * direction
    return step
