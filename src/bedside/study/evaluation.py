"""How well predictions of memory came true: log loss, RMSE(bins) and AUC, by the protocol of the srs-benchmark.

A review is scored if it came at least one whole day after the one before, and predicted from earlier reviews only.

Source: open-spaced-repetition/srs-benchmark, README and utils.py (the bins).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.study.forgetting import Floats, Parameters, retrievability
from bedside.study.memory import History

SURELY = 1e-6  # a prediction is kept this far from 0 and 1, so that one surprise does not decide the loss


@dataclass(frozen=True, slots=True)
class Predictions:
    """What was predicted of each scored review, and what came, as columns in the order of histories."""

    p_recall: Floats  # (n,)
    is_recalled: NDArray[np.bool_]  # (n,)
    elapsed_days: NDArray[np.int32]  # (n,), since the review before
    n_days: NDArray[np.int32]  # (n,), days with reviews of the subject before this one
    n_lapses: NDArray[np.int32]  # (n,), lapses before this one
    day: NDArray[np.int32]  # (n,), ordinal

    def __len__(self) -> int:
        return len(self.p_recall)

    def where(self, chosen: NDArray[np.bool_]) -> Predictions:
        """Those that are chosen."""
        return Predictions(
            self.p_recall[chosen],
            self.is_recalled[chosen],
            self.elapsed_days[chosen],
            self.n_days[chosen],
            self.n_lapses[chosen],
            self.day[chosen],
        )


@dataclass(frozen=True, slots=True)
class Quality:
    """How good `n` predictions were. `auc` is None where all were recalled, or none."""

    n: int
    log_loss: float
    rmse_bins: float
    auc: float | None


def predictions(found: Sequence[History], parameters: Parameters) -> Predictions:
    """What these parameters predict of every review that is scored."""
    states = parameters.model.historical_memory_state_batch([history.item() for history in found]) if found else []
    rows: list[tuple[float, bool, int, int, int, int]] = []
    for history, memories in zip(found, states, strict=True):
        n_days, lapses = 1, 0
        for n, (grade, gap) in enumerate(zip(history.grades, history.elapsed_days, strict=True)):
            if n and gap:
                rows.append((memories[n - 1].stability, grade > 1, gap, n_days, lapses, history.days[n]))
                n_days += 1
                lapses += grade == 1
    stability, recalled, gaps, before, lapsed, days = zip(*rows, strict=True) if rows else ((),) * 6
    elapsed = np.array(gaps, dtype=np.int32)
    return Predictions(
        p_recall=retrievability(parameters, np.array(stability, dtype=np.float64), elapsed.astype(np.float64)),
        is_recalled=np.array(recalled, dtype=np.bool_),
        elapsed_days=elapsed,
        n_days=np.array(before, dtype=np.int32),
        n_lapses=np.array(lapsed, dtype=np.int32),
        day=np.array(days, dtype=np.int32),
    )


def quality(made: Predictions) -> Quality:
    """Log loss in nats, RMSE(bins) and AUC of at least one prediction."""
    p = np.clip(made.p_recall, SURELY, 1 - SURELY)
    loss = -np.where(made.is_recalled, np.log(p), np.log1p(-p)).mean()
    return Quality(len(made), float(loss), _rmse_bins(made), _auc(made))


def _rmse_bins(made: Predictions) -> float:
    """Root mean square of mean prediction minus share recalled, over bins of interval, reviews and lapses, by their size.

    Rounding that tells no bins apart is left out.
    """
    columns = ((made.elapsed_days, 3.62), (made.n_days + 1, 1.89), (made.n_lapses, 1.73))
    steps = [np.where(column > 0, np.floor(np.log(np.maximum(column, 1)) / np.log(base)), -1) for column, base in columns]
    _names, bins = np.unique(np.stack(steps, axis=1), axis=0, return_inverse=True)
    bins = bins.reshape(-1)
    size = np.bincount(bins)
    miss = (np.bincount(bins, made.p_recall) - np.bincount(bins, made.is_recalled)) / size
    return float(np.sqrt(np.average(miss**2, weights=size)))


def _auc(made: Predictions) -> float | None:
    """The chance that something recalled had the higher prediction; ties count half (Mann-Whitney)."""
    n_recalled = int(made.is_recalled.sum())
    n_forgotten = len(made) - n_recalled
    if not n_recalled or not n_forgotten:
        return None
    _values, inverse, counts = np.unique(made.p_recall, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[made.is_recalled].sum() - n_recalled * (n_recalled + 1) / 2) / (n_recalled * n_forgotten))
