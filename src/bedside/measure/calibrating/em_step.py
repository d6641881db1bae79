"""The M-step: parameters that suit the expected answers better, by Fisher scoring of all items at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bedside.measure.calibrating.em_expected import Expected
from bedside.measure.calibrating.em_parameters import (
    LOGIT_GUESSING,
    MAX_INTERCEPT,
    MAX_SLOPE,
    SD,
    Floats,
    Free,
    Parameters,
    expit,
)
from bedside.measure.calibrating.priors import Priors, pull_of

STEPS = 3  # of scoring within one M-step: the first does nearly all, and more would be thrown away by the next E-step
LONGEST = np.array([1.0, 2.0, 1.0])  # a step of slope, intercept and logit of guessing
HALVINGS = 6
RIDGE = 1e-9  # keeps the information of an item that nobody in reach of it answered invertible


def maximize(parameters: Parameters, expected: Expected, nodes: Floats, free: Free, priors: Priors) -> Parameters:
    """One M-step over items and populations. Bock & Aitkin (1981), equations 16 to 19; scoring as in Baker & Kim (2004)."""
    for _ in range(STEPS):
        if parameters.guess is None:
            parameters = _step_logistic(parameters, expected, nodes, free, priors)
        else:
            parameters = _step_guessing(parameters, expected, nodes, free, priors)
    parameters = _populations(parameters, expected.node_sum, nodes, free)
    can_move = free.item.all() and not free.mean[0] and priors.discrimination is None and priors.difficulty is None
    return rescaled(parameters, expected.node_sum, nodes, free) if can_move else parameters


def _step_logistic(parameters: Parameters, expected: Expected, nodes: Floats, free: Free, priors: Priors) -> Parameters:
    assert expected.moment is not None
    p = expit(parameters.slope[:, None] * nodes + parameters.intercept[:, None])
    answered = expected.given * p
    pull = pull_of(priors, parameters)
    score_a = expected.moment - answered @ nodes + pull.gradient[:, 0]
    score_d = expected.right - answered.sum(axis=1) + pull.gradient[:, 1]
    np.multiply(answered, 1 - p, out=p)
    info_dd = p.sum(axis=1) + pull.information[:, 1, 1] + RIDGE
    if not free.slope:
        step_d = np.where(free.item, score_d / info_dd, 0.0)
        return _moved(parameters, np.zeros_like(step_d), step_d)
    info_ad = p @ nodes + pull.information[:, 0, 1]
    info_aa = p @ nodes**2 + pull.information[:, 0, 0] + RIDGE
    if free.common_slope:  # one slope, many intercepts: the information is an arrow
        on = free.item
        rest = info_aa[on].sum() - (info_ad[on] ** 2 / info_dd[on]).sum()
        step_a = np.full(len(p), (score_a[on].sum() - (info_ad[on] * score_d[on] / info_dd[on]).sum()) / rest)
        step_d = (score_d - info_ad * step_a) / info_dd
    else:
        whole = info_aa * info_dd - info_ad**2
        step_a = (info_dd * score_a - info_ad * score_d) / whole
        step_d = (info_aa * score_d - info_ad * score_a) / whole
    return _moved(parameters, np.where(free.item, step_a, 0.0), np.where(free.item, step_d, 0.0))


def _moved(parameters: Parameters, step_a: Floats, step_d: Floats) -> Parameters:
    return replace(
        parameters,
        slope=np.clip(parameters.slope + np.clip(step_a, -LONGEST[0], LONGEST[0]), -MAX_SLOPE, MAX_SLOPE),
        intercept=np.clip(parameters.intercept + np.clip(step_d, -LONGEST[1], LONGEST[1]), -MAX_INTERCEPT, MAX_INTERCEPT),
    )


def _step_guessing(parameters: Parameters, expected: Expected, nodes: Floats, free: Free, priors: Priors) -> Parameters:
    assert parameters.guess is not None
    sigma = expit(parameters.slope[:, None] * nodes + parameters.intercept[:, None])
    c = parameters.guessing()[:, None]
    p = c + (1 - c) * sigma
    residual = (expected.right - expected.given * p) / p
    weight = expected.given * (1 - p) / p
    pull = pull_of(priors, parameters)
    by_level = residual * sigma
    score = np.stack([by_level @ nodes, by_level.sum(axis=1), c[:, 0] * residual.sum(axis=1)], axis=1) + pull.gradient
    information = pull.information + RIDGE * np.eye(3)
    once, twice = weight * sigma, weight * sigma**2
    information[:, 0, 0] += twice @ nodes**2
    information[:, 1, 1] += twice.sum(axis=1)
    information[:, 2, 2] += c[:, 0] ** 2 * weight.sum(axis=1)
    for i, j, value in ((0, 1, twice @ nodes), (0, 2, c[:, 0] * (once @ nodes)), (1, 2, c[:, 0] * once.sum(axis=1))):
        information[:, i, j] += value
        information[:, j, i] += value
    if not free.slope:
        information[:, 0, 1:] = information[:, 1:, 0] = score[:, 0] = 0.0
    step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
    within: Floats = np.where(free.item[:, None], np.clip(step, -LONGEST, LONGEST), 0.0)
    return _no_worse(parameters, within, expected, nodes, priors)


def _no_worse(parameters: Parameters, step: Floats, expected: Expected, nodes: Floats, priors: Priors) -> Parameters:
    """Take the step, halved for those items that it would make worse."""
    assert parameters.guess is not None
    before = _gain(parameters, expected, nodes, priors)
    for _ in range(HALVINGS):
        moved = _moved_guessing(parameters, step)
        worse = _gain(moved, expected, nodes, priors) < before - 1e-9 * np.abs(before)
        if not worse.any():
            return moved
        step = np.where(worse[:, None], step / 2, step)
    return _moved_guessing(parameters, np.where(worse[:, None], 0.0, step))


def _moved_guessing(parameters: Parameters, step: Floats) -> Parameters:
    assert parameters.guess is not None
    low, high = LOGIT_GUESSING
    guess = np.where(step[:, 2] == 0, parameters.guess, np.clip(parameters.guess + step[:, 2], low, high))
    return replace(_moved(parameters, step[:, 0], step[:, 1]), guess=guess)


def _gain(parameters: Parameters, expected: Expected, nodes: Floats, priors: Priors) -> Floats:
    """The expected log-likelihood of each item, with its priors."""
    sigma = expit(parameters.slope[:, None] * nodes + parameters.intercept[:, None])
    c = parameters.guessing()[:, None]
    wrong = (1 - c) * (1 - sigma)
    log_wrong = np.log(np.maximum(wrong, 1e-300))
    gain = (expected.right * (np.log1p(-wrong) - log_wrong)).sum(axis=1) + (expected.given * log_wrong).sum(axis=1)
    return np.asarray(gain + pull_of(priors, parameters).value)


def _populations(parameters: Parameters, node_sum: Floats, nodes: Floats, free: Free) -> Parameters:
    """Mean and standard deviation of each group where they are free."""
    if not (free.mean.any() or free.sd.any()):
        return parameters
    mean, sd = _moments(node_sum, nodes, np.where(free.mean, np.nan, parameters.mean))
    return replace(
        parameters, mean=np.where(free.mean, mean, parameters.mean), sd=np.where(free.sd, np.clip(sd, *SD), parameters.sd)
    )


def _moments(node_sum: Floats, nodes: Floats, about: Floats) -> tuple[Floats, Floats]:
    """Means, or what they are held at, and standard deviations about them of each group."""
    persons = np.maximum(node_sum.sum(axis=1), 1e-300)
    mean = np.where(np.isnan(about), node_sum @ nodes / persons, about)
    second = (node_sum * (nodes[None, :] - mean[:, None]) ** 2).sum(axis=1) / persons
    return mean, np.sqrt(np.maximum(second, 1e-12))


def rescaled(parameters: Parameters, node_sum: Floats, nodes: Floats, free: Free) -> Parameters:
    """Let the population of the first group go where the answers put it, and move the scale so that it is N(0, 1) again.

    EM itself hardly moves along this direction, since all items and all persons would have to move together: with the
    population freed it does at once, and the likelihood rises no less (parameter expansion: Liu, Rubin & Wu 1998, Biometrika
    85, 755-770).
    """
    mean, sd = _moments(node_sum[:1], nodes, np.full(1, np.nan))
    shift, stretch = float(mean[0]), float(sd[0]) if free.slope and not free.sd[0] else 1.0
    return replace(
        parameters,
        slope=np.clip(parameters.slope * stretch, -MAX_SLOPE, MAX_SLOPE),
        intercept=np.clip(parameters.intercept + parameters.slope * shift, -MAX_INTERCEPT, MAX_INTERCEPT),
        mean=np.where(free.mean, (parameters.mean - shift) / stretch, parameters.mean),
        sd=np.where(free.sd, np.clip(parameters.sd / stretch, *SD), parameters.sd),
    )
