"""Do items behave as their parameters say?

Infit and outfit are mean squares of residuals over the posterior of ability, so that they are 1 where the model holds
(Adams & Wu 2007, who draw from that posterior). S-X2 compares, at each sum score, the share that got the item right with the
one that the parameters predict there (Orlando & Thissen 2000, Appl. Psychol. Meas. 24, 50-64); it needs persons who answered
all items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bedside.measure import curves
from bedside.measure.calibrating.em_data import Persons
from bedside.measure.calibrating.em_parameters import Floats, Parameters, log_priors
from bedside.measure.calibrating.setup import without_items
from bedside.measure.data.responses import Responses
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError, named
from bedside.measure.sum_scores import score_distribution

LEAST_EXPECTED = 1.0  # persons in a cell of S-X2; cells with fewer are joined with their neighbors, as Orlando & Thissen do
MAX_S_X2_ITEMS = 400  # the predictions take the third power of the number of items
NEVER = -40.0  # the logit of a guessing of 0


@dataclass(frozen=True, slots=True)
class ItemFit:
    """Of each item, all (n_items,): the number of answers; infit and outfit mean squares; S-X2 with its degrees of freedom and
    p-value, NaN (and 0 degrees) where no person answered all items, or too few to leave a degree."""

    ids: tuple[str, ...]
    n_answers: NDArray[np.int64]
    infit: Floats
    outfit: Floats
    s_x2: Floats
    s_x2_df: NDArray[np.int64]
    s_x2_p: Floats


def item_fit(
    responses: Responses,
    items: Items,
    *,
    n_estimated: int | None = None,
    mean: float = 0.0,
    sd: float = 1.0,
    nodes: int = 61,
    bounds: tuple[float, float] = (-6.0, 6.0),
) -> ItemFit:
    """Fit of each of `items`, whose parameters were estimated from these answers or from others.

    Args:
        n_estimated: parameters of each item that were estimated from these answers; None: as many as the items show, that is 2,
            or 3 where there is guessing, or 1 where all discriminations are 1.
        mean, sd: of the population, which is normal.

    Raises:
        MeasureError: an item that was answered has no parameters: leave it out of the responses, or a parameter is missing.
    """
    responses = _of_items(responses, items)
    points = np.linspace(*bounds, nodes)
    parameters = _parameters(items, mean, sd)
    persons = Persons(responses, None, points, two_rows=True)
    try:
        expected = persons.expect(parameters)
    finally:
        persons.close()
    p = curves.probabilities(items, points)
    wrong = expected.given - expected.right
    variance = p * (1 - p)
    squares = expected.right * (1 - p) ** 2 + wrong * p**2
    n_answers, _ = responses.item_counts()
    some = np.maximum(n_answers, 1)
    outfit = (expected.right * (1 - p) / p + wrong * p / (1 - p)).sum(axis=1) / some
    infit = squares.sum(axis=1) / np.maximum((expected.given * variance).sum(axis=1), 1e-300)
    none = n_answers == 0
    estimated = _n_estimated(items) if n_estimated is None else n_estimated
    s_x2, df = _s_x2(responses, p, np.exp(log_priors(parameters.mean, parameters.sd, points)[0]), estimated)
    return ItemFit(
        ids=items.ids,
        n_answers=n_answers,
        infit=np.where(none, np.nan, infit),
        outfit=np.where(none, np.nan, outfit),
        s_x2=s_x2,
        s_x2_df=df,
        s_x2_p=np.where(df > 0, stats.chi2.sf(s_x2, np.maximum(df, 1)), np.nan),
    )


def _of_items(responses: Responses, items: Items) -> Responses:
    """The answers to these items, which are then in their order."""
    place_of = {name: place for place, name in enumerate(items.ids)}
    missing = [name for name in responses.items if str(name) not in place_of]
    if missing:
        raise MeasureError(f"there are no parameters of {named(missing)}")
    return without_items(responses, [str(name) for name in items.ids])


def _parameters(items: Items, mean: float, sd: float) -> Parameters:
    a, b, c = items.discrimination, items.difficulty, items.guessing
    if not np.isfinite(np.stack([a, b, c])).all():
        raise MeasureError("an item lacks a parameter")
    guess = np.where(c > 0, np.log(np.maximum(c, 1e-300) / (1 - c)), NEVER) if (c > 0).any() else None
    return Parameters(a, -a * b, guess, np.array([mean]), np.array([sd]))


def _n_estimated(items: Items) -> int:
    if (items.guessing > 0).any():
        return 3
    return 1 if (items.discrimination == 1).all() else 2


def _s_x2(responses: Responses, p: Floats, prior: Floats, n_estimated: int) -> tuple[Floats, NDArray[np.int64]]:
    n_items = len(p)
    full = np.flatnonzero(np.diff(responses.starts) == n_items)
    if len(full) == 0 or not 2 < n_items <= MAX_S_X2_ITEMS:
        return np.full(n_items, np.nan), np.zeros(n_items, dtype=np.int64)
    table = responses.correct[responses.starts[full][:, None] + np.arange(n_items)]
    score = table.sum(axis=1)
    persons = np.bincount(score, minlength=n_items + 1).astype(np.float64)
    whole = score_distribution(p) @ prior
    s_x2, df = np.full(n_items, np.nan), np.zeros(n_items, dtype=np.int64)
    for item in range(n_items):
        without = score_distribution(np.delete(p, item, axis=0))
        share = (without * p[item]) @ prior / np.maximum(whole[1:], 1e-300)  # right with a sum score of 1 to n_items
        right = np.bincount(score, weights=table[:, item].astype(np.float64), minlength=n_items + 1)
        inner = slice(1, n_items)
        cells = _joined(persons[inner], right[inner].astype(np.float64), persons[inner] * share[:-1])
        n, seen, foreseen = cells
        if len(n) - n_estimated > 0:
            s_x2[item] = float((n * (seen - foreseen) ** 2 / (foreseen * (n - foreseen))).sum())
            df[item] = len(n) - n_estimated
    return s_x2, df


def _joined(persons: Floats, right: Floats, foreseen: Floats) -> tuple[Floats, Floats, Floats]:
    """Neighboring sum scores joined until each cell is expected to hold enough, from the lowest up; the rest goes to the
    last."""
    cells: list[list[float]] = []
    open_cell = [0.0, 0.0, 0.0]
    for values in zip(persons, right, foreseen, strict=True):
        open_cell = [a + float(b) for a, b in zip(open_cell, values, strict=True)]
        if min(open_cell[2], open_cell[0] - open_cell[2]) >= LEAST_EXPECTED:
            cells.append(open_cell)
            open_cell = [0.0, 0.0, 0.0]
    if open_cell[0] > 0 and cells:
        cells[-1] = [a + b for a, b in zip(cells[-1], open_cell, strict=True)]
    table = np.array(cells).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]
