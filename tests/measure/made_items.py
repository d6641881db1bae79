"""Items and answers made up for tests of scores, links and cuts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bedside.measure import Items, Responses


def items_of(discrimination, difficulty, guessing=None, *, ids: tuple[str, ...] = ()) -> Items:
    """Items with these parameters, named item0, item1, ... if not named."""
    slopes = np.array(discrimination, dtype=np.float64)
    unknown = np.full(len(slopes), np.nan)
    return Items(
        ids or tuple(f"item{n}" for n in range(len(slopes))),
        slopes,
        np.array(difficulty, dtype=np.float64),
        np.zeros(len(slopes)) if guessing is None else np.array(guessing, dtype=np.float64),
        unknown,
        unknown,
        unknown,
    )


def some_items(n_items: int, rng: np.random.Generator, *, guessing: float = 0.0) -> Items:
    """Items as a bank has them, a third of them with twice that guessing and a third without any."""
    chance = guessing * np.resize([0.0, 1.0, 2.0], n_items)
    return items_of(rng.lognormal(0.0, 0.3, n_items), rng.normal(0.0, 1.0, n_items), chance)


def right(items: Items, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(right) of each person (row) on each item, from the formula."""
    logit = items.discrimination * (np.asarray(theta)[..., None] - items.difficulty)
    return np.asarray(items.guessing + (1 - items.guessing) / (1 + np.exp(-logit)))


def answers(items: Items, theta: NDArray[np.float64], rng: np.random.Generator, *, given: float = 1.0) -> Responses:
    """Answers of persons with these abilities, each item answered with the probability `given`."""
    table = (rng.random((len(theta), items.count)) < right(items, theta)).astype(float)
    table[rng.random(table.shape) >= given] = np.nan
    return Responses.of_matrix(table, items=items.ids)
