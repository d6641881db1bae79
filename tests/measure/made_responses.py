"""Answers by chance from known items, for tests that estimate what was planted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bedside.measure import Items, Responses

Floats = NDArray[np.float64]


def planted_items(n_items: int, rng: np.random.Generator, *, guessing: bool = False) -> Items:
    """Items as in a real bank: discriminations about 1.1, difficulties about 0, guessing about 0.2."""
    nothing = np.full(n_items, np.nan)
    return Items(
        ids=tuple(f"i{n}" for n in range(n_items)),
        discrimination=np.exp(rng.normal(0.1, 0.3, n_items)),
        difficulty=rng.normal(0.0, 1.0, n_items),
        guessing=rng.beta(10, 40, n_items) if guessing else np.zeros(n_items),
        se_discrimination=nothing,
        se_difficulty=nothing,
        se_guessing=nothing,
    )


def answers_of(theta: Floats, items: Items, rng: np.random.Generator, *, answered: float = 1.0) -> Responses:
    """Everybody answers each item with the chance `answered`."""
    logit = items.discrimination * (theta[:, None] - items.difficulty)
    p = items.guessing + (1 - items.guessing) / (1 + np.exp(-logit))
    table = (rng.random(p.shape) < p).astype(np.float64)
    table[rng.random(p.shape) >= answered] = np.nan
    return Responses.of_matrix(table, items=items.ids)


def rms(errors: Floats) -> float:
    """The root of the mean square."""
    return float(np.sqrt(np.mean(errors**2)))
