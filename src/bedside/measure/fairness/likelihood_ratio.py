"""DIF by likelihood ratios: an item with one set of parameters against the item with one for each group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from bedside.measure.fairness.irt import NODES, GroupFit, Model, fit_groups
from bedside.measure.problems import MeasureError

MIN_IN_GROUP = 5  # answers to an item in each group
LARGEST = 30.0  # of a logit
Column = tuple[int, int]  # the item, and the group whose answers it holds: 0 reference, 1 focal, -1 both


@dataclass(frozen=True, slots=True)
class _Base:
    """The fit in which only items that are no anchors have parameters of their own in each group."""

    table: NDArray[np.float32]
    focal: NDArray[np.bool_]
    model: Model
    apart: tuple[int, ...]
    columns: tuple[Column, ...]
    fit: GroupFit
    log_joint: NDArray[np.float64]  # (n_persons, n_nodes)


def likelihood_ratios(
    table: NDArray[np.float32], focal: NDArray[np.bool_], anchors: NDArray[np.bool_], model: Model, *, exact: bool = True
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each item the likelihood ratio (n_items,) of one set of parameters against one for each group, and the effect.

    All other anchors hold the groups on one scale; items that are no anchors have their own parameters in each group
    throughout. The effect is the log odds of a right answer, focal minus reference, at the focal group's mean ability.
    Without `exact` all else is held where it was while an item's parameters move, which takes far less time and gives a ratio
    that is off by about one part in a hundred. Thissen, Steinberg & Wainer (1988, 1993).

    Raises:
        MeasureError: fewer than two anchors.
    """
    if anchors.sum() < 2:
        raise MeasureError("at least two items must hold the groups on one scale")
    n_items = table.shape[1]
    ratio, effect = np.full(n_items, np.nan), np.full(n_items, np.nan)
    apart = tuple(item for item in range(n_items) if not anchors[item])
    wide, columns = _split(table, focal, apart)
    fit = fit_groups(wide, focal, model)
    base = _Base(table, focal, model, apart, columns, fit, _log_joint(wide, focal, fit))
    for item in range(n_items):
        if _testable(table[:, item], focal):
            ratio[item], effect[item] = _ratio(base, item, exact=exact)
    return ratio, effect


def _ratio(base: _Base, item: int, *, exact: bool) -> tuple[float, float]:
    """The likelihood ratio and the effect of one item."""
    together = item not in base.apart
    groups = ((0, 1), (-1,)) if together else ((-1,), (0, 1))
    found = [_held(base, item, group) for group in groups[0]]  # what the base does not have
    value = base.fit.log_likelihood + sum(gain for gain, _ in found)
    have = {column: (base.fit.slope[n], base.fit.intercept[n]) for n, column in enumerate(base.columns)}
    moved = have | {(item, group): pair for group, (_, pair) in zip(groups[0], found, strict=True)}
    if exact:
        more = (*base.apart, item) if together else tuple(other for other in base.apart if other != item)
        wide, columns = _split(base.table, base.focal, more)
        start = _vector([moved[column] for column in columns], base.fit, base.model)
        other = fit_groups(wide, base.focal, base.model, start)
        value = other.log_likelihood
        moved |= {column: (other.slope[n], other.intercept[n]) for n, column in enumerate(columns)}
        mean = other.mean[1] if together else base.fit.mean[1]
    else:
        mean = base.fit.mean[1]
    (a_r, d_r), (a_f, d_f) = moved[item, 0], moved[item, 1]
    ratio = 2 * (value - base.fit.log_likelihood) * (1 if together else -1)
    return max(float(ratio), 0.0), float((a_f - a_r) * mean + d_f - d_r)


def _held(base: _Base, item: int, group: int) -> tuple[float, tuple[float, float]]:
    """The best slope and intercept of an item for these persons with all else held, and what they gain in log-likelihood.

    `group` is 0 or 1 for those of a group, -1 for all.
    """
    chosen = ~np.isnan(base.table[:, item]) & ((base.focal == bool(group)) | (group < 0))
    right = base.table[chosen, item] == 1
    rest, before = base.log_joint[chosen].copy(), np.empty(len(right))
    for column in [column for column in base.columns if column[0] == item]:
        n = base.columns.index(column)
        own = np.ones(len(right), dtype=bool) if column[1] < 0 else base.focal[chosen] == bool(column[1])
        logit = base.fit.slope[n] * NODES + base.fit.intercept[n]
        rest[own] += np.logaddexp(0, np.where(right[own, None], -logit, logit))
    highest = rest.max(axis=1, keepdims=True)
    rest = np.exp(rest - highest)
    before = np.log(np.exp(base.log_joint[chosen] - highest).sum(axis=1))
    start = [column for column in base.columns if column[0] == item][0 if group < 1 else -1]
    n = base.columns.index(start)
    free = 2 if base.model == "2pl" else 1

    def negative(vector: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        slope = vector[1] if free == 2 else 1.0
        p = expit(np.clip(slope * NODES + vector[0], -LARGEST, LARGEST))
        mass = rest @ np.column_stack([p, 1 - p, p * (1 - p), NODES * p * (1 - p)])
        own = np.where(right, mass[:, 0], mass[:, 1])
        sign = np.where(right, 1.0, -1.0) / own
        return -float(np.sum(np.log(own) - before)), -np.array([sign @ mass[:, 2], sign @ mass[:, 3]])[:free]

    x0 = np.array([base.fit.intercept[n], base.fit.slope[n]])[:free]
    found = minimize(negative, x0, jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return -float(found.fun), (float(found.x[1]) if free == 2 else 1.0, float(found.x[0]))


def _log_joint(table: NDArray[np.float32], focal: NDArray[np.bool_], fit: GroupFit) -> NDArray[np.float64]:
    """Of each person's answers and each node, (n_persons, n_nodes)."""
    logit = fit.slope[:, None] * NODES + fit.intercept[:, None]
    given = ~np.isnan(table)
    right = np.where(given, table, 0).astype(np.float64)
    log_weight = -(((NODES - fit.mean[:, None]) / fit.sd[:, None]) ** 2) / 2
    log_weight -= np.log(np.exp(log_weight).sum(axis=1, keepdims=True))
    joint: NDArray[np.float64] = right @ logit - given.astype(np.float64) @ np.logaddexp(0, logit)
    return joint + log_weight[focal.astype(np.intp)]


def _testable(answers: NDArray[np.float32], focal: NDArray[np.bool_]) -> bool:
    """Whether each group has both right and wrong answers, so that each can have parameters of its own."""
    groups = [answers[who & ~np.isnan(answers)] for who in (~focal, focal)]
    return all(len(group) >= MIN_IN_GROUP and 0 < group.sum() < len(group) for group in groups)


def _split(
    table: NDArray[np.float32], focal: NDArray[np.bool_], apart: tuple[int, ...]
) -> tuple[NDArray[np.float32], tuple[Column, ...]]:
    """The table with each item of `apart` as two columns, one for each group."""
    columns = [(item, -1) for item in range(table.shape[1]) if item not in apart]
    columns += [(item, group) for item in apart for group in (0, 1)]
    parts = [table[:, item] if group < 0 else np.where(focal == bool(group), table[:, item], np.nan) for item, group in columns]
    return np.column_stack(parts).astype(np.float32), tuple(columns)


def _vector(pairs: list[tuple[float, float]], fit: GroupFit, model: Model) -> NDArray[np.float64]:
    """What `fit_groups` starts from: intercepts, slopes, and the groups' parameters as they were."""
    slopes = [slope for slope, _ in pairs] if model == "2pl" else []
    return np.concatenate([[intercept for _, intercept in pairs], slopes, fit.vector[-3:]])
