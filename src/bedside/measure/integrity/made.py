"""Made exams with and without cheating, to see how often honest persons are flagged and how often others are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.data.responses import Responses

LETTERS = "ABCDEFGH"
FASTER = 0.7  # log seconds by which a remembered answer comes sooner: it takes half the time


@dataclass(frozen=True, slots=True)
class MadeExam:
    """An exam made up by a model, and who did what in it.

    `responses` have choices and times; `options` (n_persons, n_items) are the places of the choices. `copied_from`
    (n_persons,) is the place of the one whose answers were copied, or -1; `knew` (n_persons,) who had the leaked items
    beforehand; `leaked` (n_items,).
    """

    responses: Responses
    options: NDArray[np.int64]
    key: NDArray[np.int64]
    copied_from: NDArray[np.int64]
    knew: NDArray[np.bool_]
    leaked: NDArray[np.bool_]


def made_exam(
    chance: np.random.Generator,
    n_persons: int,
    n_items: int,
    *,
    n_options: int = 4,
    n_copiers: int = 0,
    share_copied: float = 0.3,
    n_knew: int = 0,
    n_leaked: int = 0,
    p_remembered: float = 0.95,
) -> MadeExam:
    """An exam by the nominal response model and lognormal times, with cheaters planted in it.

    Copiers take `share_copied` of their answers, at random items, from one other person who does not cheat. Those who knew
    answer a leaked item right with `p_remembered`, in half the time it would have taken them. Everybody else is honest.
    """
    theta, speed = chance.standard_normal(n_persons), chance.normal(0, 0.25, n_persons)
    key = chance.integers(0, n_options, n_items)
    slope, intercept = _options(chance, n_items, n_options, key)
    options = _answers(chance, theta, slope, intercept)
    demand, noise = chance.normal(4.0, 0.35, n_items), chance.uniform(0.35, 0.6, n_items)
    log_time = demand - speed[:, None] + noise * chance.standard_normal((n_persons, n_items))
    cheaters = chance.permutation(n_persons)[: n_copiers + n_knew]
    copied_from, honest = np.full(n_persons, -1), np.setdiff1d(np.arange(n_persons), cheaters)
    for copier in cheaters[:n_copiers]:
        copied_from[copier] = chance.choice(honest)
        some = chance.random(n_items) < share_copied
        options[copier, some] = options[copied_from[copier], some]
    leaked = np.zeros(n_items, dtype=bool)
    leaked[chance.permutation(n_items)[:n_leaked]] = True
    knew = np.zeros(n_persons, dtype=bool)
    knew[cheaters[n_copiers:]] = True
    recalled = knew[:, None] & leaked & (chance.random((n_persons, n_items)) < p_remembered)
    options = np.where(recalled, key, options)
    log_time = log_time - FASTER * recalled
    return MadeExam(_responses(options, key, log_time), options, key, copied_from, knew, leaked)


def _options(
    chance: np.random.Generator, n_items: int, n_options: int, key: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slopes and intercepts, with the key steepest and most popular."""
    slope = chance.normal(-0.3, 0.25, (n_items, n_options))
    intercept = chance.normal(0, 0.7, (n_items, n_options))
    at = np.arange(n_items)
    slope[at, key] = chance.uniform(0.5, 1.1, n_items)
    intercept[at, key] = chance.normal(1.6, 0.9, n_items)
    return slope, intercept


def _answers(
    chance: np.random.Generator, theta: NDArray[np.float64], slope: NDArray[np.float64], intercept: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The option with the highest of its logit and a Gumbel number, which is how the model's probabilities come about."""
    logit = theta[:, None, None] * slope + intercept
    return np.asarray(np.argmax(logit + chance.gumbel(size=logit.shape), axis=2), dtype=np.int64)


def _responses(options: NDArray[np.int64], key: NDArray[np.int64], log_time: NDArray[np.float64]) -> Responses:
    n_persons, n_items = options.shape
    ms = np.clip(np.exp(log_time) * 1000, 1, np.iinfo(np.int32).max)
    return Responses(
        persons=np.array([f"p{n + 1}" for n in range(n_persons)], dtype=object),
        items=np.array([f"i{n + 1}" for n in range(n_items)], dtype=object),
        starts=np.arange(0, n_persons * n_items + 1, n_items, dtype=np.int64),
        item=np.tile(np.arange(n_items, dtype=np.uint16), n_persons),
        correct=(options == key).astype(np.uint8).ravel(),
        choices=tuple(LETTERS[: int(options.max()) + 1]),
        choice=options.astype(np.int16).ravel(),
        ms=ms.astype(np.int32).ravel(),
    )
