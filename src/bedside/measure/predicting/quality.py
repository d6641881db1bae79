"""How good predictions of right and wrong are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError

N_BINS = 10
SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class PredictionQuality:
    """Area under the ROC curve (NaN where all answers are alike), mean log loss in nats, Brier score (mean squared error),
    expected calibration error in ten bins of equal width, and how many answers were predicted."""

    auc: float
    log_loss: float
    brier: float
    ece: float
    n: int


def prediction_quality(correct: NDArray[np.float64], chance: NDArray[np.float64]) -> PredictionQuality:
    """Compare what was predicted with what came.

    Args:
        correct: (n,), 0 or 1.
        chance: (n,), the predicted probability of a right answer.

    AUC is the Mann-Whitney statistic with ties counted half (Hanley & McNeil 1982); the calibration error is the mean, weighted
    by bin, of |share right - mean prediction| (Naeini, Cooper & Hauskrecht 2015).

    Raises:
        UsageError: there are no answers, the shapes differ, or a chance is outside 0 to 1.
    """
    if correct.shape != chance.shape or correct.ndim != 1 or not len(correct):
        raise UsageError("answers and predictions must be two columns of one length with at least one row")
    if not ((chance >= 0) & (chance <= 1)).all():
        raise UsageError("a prediction is a chance from 0 to 1")
    of_what_came = np.clip(np.where(correct == 1, chance, 1 - chance), SMALLEST, 1)
    place = np.minimum((chance * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.bincount(place, weights=correct - chance, minlength=N_BINS)
    return PredictionQuality(
        auc=_auc(correct, chance),
        log_loss=float(-np.log(of_what_came).mean()),
        brier=float(((correct - chance) ** 2).mean()),
        ece=float(np.abs(gaps).sum() / len(correct)),
        n=len(correct),
    )


def _auc(correct: NDArray[np.float64], chance: NDArray[np.float64]) -> float:
    n_right = int(correct.sum())
    n_wrong = len(correct) - n_right
    if not n_right or not n_wrong:
        return float("nan")
    _, place, counts = np.unique(chance, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[correct == 1].sum() - n_right * (n_right + 1) / 2) / (n_right * n_wrong))
