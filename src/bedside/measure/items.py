"""Item parameters on one scale: what a calibration gives and everything that scores takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Model = Literal["rasch", "2pl", "3pl"]


@dataclass(frozen=True, slots=True)
class Items:
    """Items of the logistic models: P(right | theta) = c + (1 - c) / (1 + exp(-a (theta - b))), without the factor 1.7.

    Each array has shape (n_items,), float64, in the order of `ids`; a standard error is NaN where the parameter was
    fixed or not estimated. Birnbaum, in Lord & Novick (1968), chapter 17.
    """

    ids: tuple[str, ...]
    discrimination: NDArray[np.float64]
    difficulty: NDArray[np.float64]
    guessing: NDArray[np.float64]
    se_discrimination: NDArray[np.float64]
    se_difficulty: NDArray[np.float64]
    se_guessing: NDArray[np.float64]

    @property
    def count(self) -> int:
        """How many items there are."""
        return len(self.ids)
