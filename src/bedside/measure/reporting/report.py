"""What a technical report of an exam says: the data, the items, the scale, the persons, decisions, groups and likeness.

`analyse` works it out from responses; `report_page` (in `report_html`) makes a page of it. Each figure comes from functions
that this package exports, so that somebody else can work it out again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.calibrating.calibration import Calibration, calibrate
from bedside.measure.calibrating.fit import ItemFit, item_fit
from bedside.measure.calibrating.setup import without_items
from bedside.measure.curves import information
from bedside.measure.data.responses import NoVariance, Responses
from bedside.measure.fairness.items_at_odds import Dif, dif
from bedside.measure.items import Model
from bedside.measure.multiplicity import benjamini_hochberg
from bedside.measure.problems import MeasureError
from bedside.measure.scores.classification import Classification, rudner_in
from bedside.measure.scores.scoring import Scores, score
from bedside.measure.sum_scores import Population

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Items before any model, each array (n_items,) in the order of the responses.

    `share` is the share right of those who answered. `rest` is the correlation of the item with the share right on all other
    items that a person answered (the corrected item-total correlation where all answered all); NaN where it does not vary.
    """

    n: NDArray[np.int64]
    share: Floats
    rest: Floats


@dataclass(frozen=True, slots=True)
class RawScores:
    """Number right of persons. `alpha` is Cronbach's (1951), NaN unless everybody answered everything."""

    mean: float
    sd: float
    least: int
    most: int
    alpha: float


@dataclass(frozen=True, slots=True)
class GroupDif:
    """What was found between two groups."""

    reference: str
    focal: str
    found: Dif


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page says. `reliability` is the marginal reliability of EAP scores, 0 to 1 (Green et al. 1984)."""

    responses: Responses
    no_variance: NoVariance
    counts: ItemCounts
    raw: RawScores
    calibration: Calibration
    fit: ItemFit
    fit_p_adjusted: Floats  # of S-X2, over the items that have it; NaN for the others
    scores: Scores
    reliability: float
    cut: float | None
    classification: Classification | None
    dif: GroupDif | None


def analyse(
    responses: Responses,
    *,
    model: Model = "2pl",
    cut: float | None = None,
    groups: tuple[str, str, NDArray[np.bool_]] | None = None,
    on_stage: Callable[[str], None] = lambda _stage: None,
) -> Report:
    """Work out everything.

    Args:
        model: of the calibration.
        cut: ability from which on one passes; asks for decisions.
        groups: names of the reference and the focal group, and who is of the focal one, (n_persons,); asks for DIF.
        on_stage: told what is begun.

    Raises:
        MeasureError: the responses do not carry the model; says why.
    """
    on_stage("counting")
    counts = item_counts(responses)
    on_stage("calibrating")
    calibration = calibrate(responses, model=model)
    kept = without_items(responses, list(calibration.items.ids)) if calibration.left_out else responses
    on_stage("fit of items")
    population = calibration.groups[0]
    fit = item_fit(kept, calibration.items, mean=population.mean, sd=population.sd)
    on_stage("scoring")
    scores = score(kept, calibration.items, method="eap", mean=population.mean, sd=population.sd, cut=cut)
    found = None
    if groups is not None:
        on_stage("comparing groups")
        found = GroupDif(groups[0], groups[1], dif(responses, groups[2]))
    return Report(
        responses=responses,
        no_variance=responses.no_variance(),
        counts=counts,
        raw=raw_scores(responses),
        calibration=calibration,
        fit=fit,
        fit_p_adjusted=_adjusted(fit.s_x2_p),
        scores=scores,
        reliability=marginal_reliability(scores.theta, scores.se),
        cut=cut,
        classification=None if cut is None else _decisions(calibration, cut),
        dif=found,
    )


def item_counts(responses: Responses) -> ItemCounts:
    """Count answers; see `ItemCounts`."""
    item, right = responses.item.astype(np.intp), responses.correct.astype(np.float64)
    person = responses.person()
    n_items, n_persons = responses.n_items, responses.n_persons
    n = np.bincount(item, minlength=n_items)
    share = np.bincount(item, right, minlength=n_items) / np.maximum(n, 1)
    answered = np.diff(responses.starts)[person]
    total = np.bincount(person, right, minlength=n_persons)[person]
    others = np.where(answered > 1, (total - right) / np.maximum(answered - 1, 1), np.nan)
    use = ~np.isnan(others)
    return ItemCounts(n, np.where(n > 0, share, np.nan), _correlations(item[use], right[use], others[use], n_items))


def raw_scores(responses: Responses) -> RawScores:
    """Of the persons who answered something."""
    right = np.add.reduceat(np.append(responses.correct.astype(np.int64), 0), responses.starts[:-1])
    answered = np.diff(responses.starts)
    right = right[answered > 0]
    if not len(right):
        raise MeasureError("nobody answered anything")
    alpha = np.nan
    if responses.n_items > 1 and (answered == responses.n_items).all() and right.var(ddof=1) > 0:
        share = (
            np.bincount(responses.item.astype(np.intp), responses.correct, minlength=responses.n_items) / responses.n_persons
        )
        spread = (share * (1 - share)).sum() * responses.n_persons / (responses.n_persons - 1)
        k = responses.n_items
        alpha = k / (k - 1) * (1 - spread / right.var(ddof=1))
    sd = float(right.std(ddof=1)) if len(right) > 1 else float("nan")
    return RawScores(float(right.mean()), sd, int(right.min()), int(right.max()), float(alpha))


def marginal_reliability(theta: Floats, se: Floats) -> float:
    """Var(EAP) / (Var(EAP) + mean error variance).

    Green, Bock, Humphreys, Linn & Reckase (1984), Journal of Educational Measurement 21, 347-360.
    """
    between, within = float(np.var(theta)), float(np.mean(se**2))
    return between / (between + within) if between + within > 0 else float("nan")


def _correlations(item: NDArray[np.intp], right: Floats, others: Floats, n_items: int) -> Floats:
    """Of each item, in one pass over the answers."""
    n = np.bincount(item, minlength=n_items).astype(np.float64)
    some = np.maximum(n, 1)
    mean_right = np.bincount(item, right, minlength=n_items) / some
    mean_others = np.bincount(item, others, minlength=n_items) / some
    a, b = right - mean_right[item], others - mean_others[item]
    together = np.bincount(item, a * b, minlength=n_items)
    spread = np.sqrt(np.bincount(item, a * a, minlength=n_items) * np.bincount(item, b * b, minlength=n_items))
    return np.where(spread > 1e-12, together / np.maximum(spread, 1e-300), np.nan)


def _adjusted(p: Floats) -> Floats:
    found = np.full(len(p), np.nan)
    known = ~np.isnan(p)
    if known.any():
        found[known] = benjamini_hochberg(p[known])
    return found


def _decisions(calibration: Calibration, cut: float) -> Classification:
    """Of the whole test in the population that was estimated, by the error of a maximum likelihood estimate at each ability."""
    group = calibration.groups[0]
    population = Population.normal(group.mean, group.sd)
    told = np.maximum(information(calibration.items, population.points).sum(axis=0), 1e-9)
    return rudner_in(population, 1 / np.sqrt(told), cut)
