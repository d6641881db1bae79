"""Differential item functioning: is an item harder for one group than for persons of the other who are as able?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from bedside.measure.data.responses import Responses
from bedside.measure.fairness.irt import Model, lord_chi_squares
from bedside.measure.fairness.likelihood_ratio import likelihood_ratios
from bedside.measure.fairness.logistic import DF, Kind, jodoin_gierl_class, logistic_dif
from bedside.measure.fairness.mantel import DELTA, ets_class, mantel_haenszel, size_class
from bedside.measure.fairness.purification import purified
from bedside.measure.multiplicity import benjamini_hochberg
from bedside.measure.problems import MeasureError, TooFewResponsesError

DifMethod = Literal["mh", "lr", "irt", "lord"]

ALPHA = 0.05
MAX_ROUNDS = 10
MIN_GROUP = 10
EFFECTS: dict[str, str] = {
    "mh": "delta (ETS): below 0 the item is harder for the focal group",
    "lr": "growth of Nagelkerke's R-squared",
    "irt": "delta at the focal group's mean ability: below 0 the item is harder for the focal group",
    "lord": "delta at the focal group's mean ability: below 0 the item is harder for the focal group",
}


@dataclass(frozen=True, slots=True)
class DifItem:
    """What a method says of one item. NaN where no test was possible, as where a group answered alike.

    `chi_square` with `df` degrees of freedom gives `p`; `p_adjusted` is after Benjamini and Hochberg over the items. `effect`
    is in the units that `Dif.effect` names, and `se` its standard error where the method has one. `size` is A, B or C by the
    effect alone; `dif_class` is A too where the test is not significant. `harder_for` is "focal", "reference" or "". `flagged`:
    `p_adjusted` is under alpha, which says nothing of why.
    """

    item: str
    n_reference: int
    n_focal: int
    chi_square: float
    df: int
    p: float
    p_adjusted: float
    effect: float
    se: float
    size: str
    dif_class: str
    harder_for: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class Dif:
    """The items by one method, the anchors persons were matched on at the end, and after how many rounds two agreed."""

    method: DifMethod
    effect: str
    alpha: float
    items: tuple[DifItem, ...]
    anchors: tuple[str, ...]
    rounds: int
    converged: bool


@dataclass(frozen=True, slots=True)
class _Found:
    chi_square: NDArray[np.float64]
    df: int
    effect: NDArray[np.float64]
    se: NDArray[np.float64]
    size: NDArray[np.str_]
    dif_class: NDArray[np.str_]
    gap: NDArray[np.float64]  # over 0 where harder for the reference group

    @property
    def p(self) -> NDArray[np.float64]:
        return np.asarray(chi2.sf(self.chi_square, self.df), dtype=np.float64)


def dif(
    responses: Responses,
    focal: NDArray[np.bool_],
    method: DifMethod = "mh",
    *,
    purify: bool = True,
    alpha: float = ALPHA,
    kind: Kind = "both",
    model: Model = "2pl",
) -> Dif:
    """Differential item functioning of every item between the reference group and the focal group.

    `focal` (n_persons,) bool. `mh`: Mantel-Haenszel with continuity correction; `lr`: logistic regression, of the `kind` given;
    `irt`: likelihood ratio of item response models with marginal maximum likelihood; `lord`: Lord's chi-square; the last two
    with the `model` given. With `purify` persons are matched, and scales linked, on items that show no DIF by the same method.
    A dense table persons × items is made.

    Raises:
        TooFewResponsesError: a group has fewer than 10 persons.
        MeasureError: no items are left to match on.
        NotIdentifiedError: for `irt` and `lord`, an item was answered alike by everybody.
    """
    _see_groups(responses, focal)
    table = responses.matrix()
    run = _runner(table, focal, method, kind, model, exact=False)
    rounds = MAX_ROUNDS if purify else 0
    chosen = purified(lambda anchors: run(anchors).p, responses.n_items, alpha=alpha, max_iterations=rounds)
    found = _runner(table, focal, method, kind, model, exact=True)(chosen.anchors)
    return Dif(
        method,
        EFFECTS[method],
        alpha,
        _items(responses, table, focal, found, alpha),
        tuple(str(item) for item, is_anchor in zip(responses.items, chosen.anchors, strict=True) if is_anchor),
        chosen.iterations,
        chosen.converged if purify else True,
    )


def _see_groups(responses: Responses, focal: NDArray[np.bool_]) -> None:
    n_focal = int(np.sum(focal))
    if len(focal) != responses.n_persons:
        raise MeasureError(f"{len(focal)} persons have a group, and {responses.n_persons} have answers")
    if min(n_focal, responses.n_persons - n_focal) < MIN_GROUP:
        raise TooFewResponsesError(
            f"the groups have {responses.n_persons - n_focal} and {n_focal} persons; each needs {MIN_GROUP}"
        )


def _runner(
    table: NDArray[np.float32], focal: NDArray[np.bool_], method: DifMethod, kind: Kind, model: Model, *, exact: bool
) -> Callable[[NDArray[np.bool_]], _Found]:
    """The method as a function of the anchors."""

    def by_mantel(anchors: NDArray[np.bool_]) -> _Found:
        found = mantel_haenszel(table, focal, anchors)
        classes = ets_class(found.delta, found.se, found.p)
        return _Found(found.chi_square, 1, found.delta, found.se, size_class(found.delta), classes, found.delta)

    def by_logistic(anchors: NDArray[np.bool_]) -> _Found:
        found = logistic_dif(table, focal, anchors, kind)
        size = jodoin_gierl_class(found.r2_change)
        classes = np.where((found.p >= ALPHA) & (size != ""), "A", size)
        no_se = np.full(len(size), np.nan)
        return _Found(found.chi_square, DF[kind], found.r2_change, no_se, size, classes, found.group_effect)

    def by_irt(anchors: NDArray[np.bool_]) -> _Found:
        if method == "irt":
            chi_square, log_odds = likelihood_ratios(table, focal, anchors, model, exact=exact)
        else:
            chi_square, log_odds = lord_chi_squares(table, focal, anchors, model)
        df = 1 if model == "rasch" else 2
        delta = -DELTA * log_odds
        size = size_class(delta)
        classes = np.where((chi2.sf(chi_square, df) >= ALPHA) & (size != ""), "A", size)
        return _Found(chi_square, df, delta, np.full(len(size), np.nan), size, classes, delta)

    return {"mh": by_mantel, "lr": by_logistic, "irt": by_irt, "lord": by_irt}[method]


def _items(
    responses: Responses, table: NDArray[np.float32], focal: NDArray[np.bool_], found: _Found, alpha: float
) -> tuple[DifItem, ...]:
    given = ~np.isnan(table)
    n_reference, n_focal = given[~focal].sum(axis=0), given[focal].sum(axis=0)
    adjusted = benjamini_hochberg(found.p)
    return tuple(
        DifItem(
            item=str(name),
            n_reference=int(n_reference[n]),
            n_focal=int(n_focal[n]),
            chi_square=float(found.chi_square[n]),
            df=found.df,
            p=float(found.p[n]),
            p_adjusted=float(adjusted[n]),
            effect=float(found.effect[n]),
            se=float(found.se[n]),
            size=str(found.size[n]),
            dif_class=str(found.dif_class[n]),
            harder_for=_harder_for(float(found.gap[n])),
            flagged=bool(adjusted[n] < alpha),
        )
        for n, name in enumerate(responses.items)
    )


def _harder_for(gap: float) -> str:
    if np.isnan(gap) or gap == 0:
        return ""
    return "reference" if gap > 0 else "focal"
