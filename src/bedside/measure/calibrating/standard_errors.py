"""Standard errors from the observed information of the marginal likelihood (Louis 1982; Oakes' identity gives the same matrix).

`full` inverts the whole matrix, items and populations together. The products over persons that it takes are those of all pairs
of items; where that can't be had (`MAX_FULL_ITEMS`, `MAX_FULL_WORK`), `by item` inverts each item's own block, with what is
lost in it since ability is not seen, and leaves out what is unknown of the other items: little, where each person answers many
items and many more persons were there than answered the item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bedside.measure.calibrating.em_parameters import Floats, Free, Parameters
from bedside.measure.calibrating.em_scores import own_information, scores_of
from bedside.measure.calibrating.observed_information import full_information
from bedside.measure.calibrating.priors import Priors, pull_of
from bedside.measure.calibrating.size import Size
from bedside.measure.calibrating.source import Expecting

Kind = Literal["full", "by item"]
MAX_FULL_ITEMS = 1_000
MAX_FULL_WORK = 1e12  # multiplications: some ten seconds


@dataclass(frozen=True, slots=True)
class Covariances:
    """Of the estimates: `items` (n_items, 3, 3) by slope, intercept and logit of guessing, NaN where fixed; `populations`
    (n_groups, 2), standard errors of mean and standard deviation, NaN where fixed. `kind` says what was inverted."""

    items: NDArray[np.float64]
    populations: NDArray[np.float64]
    kind: Kind


def covariances_of(persons: Expecting, parameters: Parameters, free: Free, priors: Priors) -> Covariances:
    """The covariances of what was estimated, at the estimates. `persons` has two rows an item."""
    if can_be_full(persons.size, len(persons.nodes)) or free.common_slope:
        return _full(persons, parameters, free, priors)
    return _by_item(persons, parameters, free, priors)


def can_be_full(size: Size, n_nodes: int) -> bool:
    """Is it little enough work to take the products of all pairs of items?"""
    work = float(size.n_persons) * size.n_items**2 * n_nodes * (1 if size.is_complete else 3)
    return size.n_items <= MAX_FULL_ITEMS and work <= MAX_FULL_WORK


def _full(persons: Expecting, parameters: Parameters, free: Free, priors: Priors) -> Covariances:
    scores = scores_of(parameters, persons.nodes)
    n, n_items, n_groups = scores.n, len(parameters.slope), len(parameters.mean)
    sums = persons.information_sums(parameters)
    information = full_information(sums, parameters, persons.nodes, scores, size=persons.size)
    at = np.arange(n_items)
    pull = pull_of(priors, parameters).information
    for q in range(n):
        for s in range(n):
            information[q * n_items + at, s * n_items + at] += pull[:, q, s]
    design = _design(free, n, n_items, n_groups)
    covariance = design @ _inverse(design.T @ information @ design) @ design.T
    items = np.full((n_items, 3, 3), np.nan)
    for q in range(n):
        for s in range(n):
            items[:, q, s] = covariance[q * n_items + at, s * n_items + at]
    variances = np.diag(covariance)[n * n_items :].reshape(n_groups, 2)
    errors = np.sqrt(np.where(variances > 0, variances, np.nan))
    errors[:, 1] *= parameters.sd  # of the log to that of the standard deviation itself
    return Covariances(_fixed_as_nan(items, free), errors, "full")


def _design(free: Free, n: int, n_items: int, n_groups: int) -> Floats:
    """What is estimated (columns) as it enters all parameters (rows)."""
    columns: list[Floats] = []
    size = n * n_items + 2 * n_groups

    def one_each(places: NDArray[np.intp]) -> Floats:
        column = np.zeros((size, len(places)))
        column[places, np.arange(len(places))] = 1
        return column

    on = np.flatnonzero(free.item)
    if free.slope and free.common_slope:
        columns.append(one_each(on).sum(axis=1, keepdims=True))
    elif free.slope:
        columns.append(one_each(on))
    columns += [one_each(q * n_items + on) for q in range(1, n)]
    for g in range(n_groups):
        places = [n * n_items + 2 * g + k for k, is_free in enumerate((free.mean[g], free.sd[g])) if is_free]
        columns.append(one_each(np.array(places, dtype=np.intp)))
    return np.concatenate(columns, axis=1)


def _inverse(information: Floats) -> Floats:
    """The inverse; NaN where the information is not positive definite, so that no error is made up."""
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return np.full_like(information, np.nan)
    return np.asarray(np.linalg.inv(information))


def _by_item(persons: Expecting, parameters: Parameters, free: Free, priors: Priors) -> Covariances:
    scores = scores_of(parameters, persons.nodes)
    expected = persons.expect(parameters)
    information = own_information(scores, expected.right, expected.given - expected.right)
    information += persons.score_products(parameters)
    information += pull_of(priors, parameters).information[:, : scores.n, : scores.n]
    used = np.arange(scores.n) if free.slope else np.arange(1, scores.n)
    items = np.full((len(information), 3, 3), np.nan)
    inner = information[np.ix_(np.arange(len(information)), used, used)]
    good = np.linalg.eigvalsh(inner)[:, 0] > 0
    for_good = np.linalg.inv(inner[good])
    items[np.ix_(np.flatnonzero(good), used, used)] = for_good
    groups = np.full((len(parameters.mean), 2), np.nan)
    return Covariances(_fixed_as_nan(items, free), groups, "by item")


def _fixed_as_nan(items: NDArray[np.float64], free: Free) -> NDArray[np.float64]:
    items[~free.item] = np.nan
    if not free.slope:
        items[:, 0, :] = items[:, :, 0] = np.nan
    return items
