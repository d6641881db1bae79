"""The rules of an adaptive test: what is given next, and when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bedside.measure.problems import MeasureError

ContentMethod = Literal["penalty", "multinomial"]
Aim = Literal["ability", "cut"]
SUM_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class ContentBalance:
    """Content areas that partition the items, and the share of the test each should have.

    `area` (n_items,) from 0; `shares` (n_areas,), which add up to 1. Methods:

    - `penalty`: an item's worth is (1 - weight) I / max I - weight P, with P from 0 for the area that is furthest behind its
      share to 1 for the one furthest ahead. A weighted penalty on one scale with the information, after Segall & Davey (1995)
      and Shin, Chien, Way & Swanson (2009), who have further penalties and put the items into groups first. It is soft.
    - `multinomial`: the area is drawn with the shares as probabilities, among those whose number of items is not yet full;
      the numbers are the shares of the longest test, rounded. The modified multinomial model of Chen & Ankenmann (2004). It
      is exact for tests of the longest length.
    """

    area: NDArray[np.int64]
    shares: NDArray[np.float64]
    method: ContentMethod = "penalty"
    weight: float = 0.5

    def quotas(self, n_items: int) -> NDArray[np.int64]:
        """(n_areas,): items of each area in a test of so many; what is left over goes to the largest remainders."""
        exact = self.shares * n_items
        whole = np.floor(exact + SUM_ROUNDING).astype(np.int64)
        for area in np.argsort(-(exact - whole), kind="stable")[: n_items - int(whole.sum())]:
            whole[area] += 1
        return whole


@dataclass(frozen=True, slots=True)
class SequentialDecision:
    """Stop as soon as it is certain enough on which side of the cut a person is: the sequential probability ratio test.

    The answers' likelihood at cut + indifference against cut - indifference; `alpha` is the chance to pass somebody at the
    lower point, `beta` to fail somebody at the upper. Wald (1947), section 3.2; for tests Reckase (1983) and Spray & Reckase
    (1996).
    """

    cut: float
    indifference: float = 0.3
    alpha: float = 0.05
    beta: float = 0.05

    @property
    def bounds(self) -> tuple[float, float]:
        """The logarithm of the ratio at which a person fails, and at which they pass."""
        return float(np.log(self.beta / (1 - self.alpha))), float(np.log((1 - self.beta) / self.alpha))


@dataclass(frozen=True, slots=True)
class ShadowConstraints:
    """Constraints that the whole test meets, whatever the answers: before each item a full test is assembled that holds what
    was given, meets them and has the most information, and the item comes from it (van der Linden & Reese, 1998).

    `amounts` (n_ranges, n_items) with low ≤ Σ amounts over the items of a test ≤ high, both (n_ranges,); `enemies` are groups
    of items, by index, of which a test holds one.
    """

    amounts: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    enemies: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class AdaptiveTest:
    """An adaptive test over a bank of items.

    The next item has the most information at the present estimate (or, with `aim` `cut`, at the cut score). Ability is
    estimated by EAP with a normal prior (`mean`, `sd`) on a grid of `n_nodes` from `lowest` to `highest` (Bock & Mislevy,
    1982), and information is looked up at the node nearest to it.

    It stops after `max_items`, or from `min_items` on when the standard error (the posterior standard deviation) is at most
    `standard_error`, or the decision is certain.

    Exposure: the item is drawn from the `n_best` most informative (randomesque; Kingsbury & Zara, 1989); `keep` (n_items,) is
    the probability that an item is given once it was selected (Sympson & Hetter, 1985; found by `control_exposure`); one that
    is not kept does not come again in the same test. With a `shadow` test both choose from its items.
    """

    max_items: int
    min_items: int = 1
    standard_error: float | None = None
    decision: SequentialDecision | None = None
    aim: Aim = "ability"
    n_best: int = 1
    keep: NDArray[np.float64] | None = None
    content: ContentBalance | None = None
    shadow: ShadowConstraints | None = None
    mean: float = 0.0
    sd: float = 1.0
    n_nodes: int = 161
    lowest: float = -5.0
    highest: float = 5.0

    @property
    def nodes(self) -> NDArray[np.float64]:
        """(n_nodes,): the grid of ability."""
        return np.linspace(self.lowest, self.highest, self.n_nodes)

    @property
    def prior(self) -> NDArray[np.float64]:
        """(n_nodes,): the prior's weights, which add up to 1."""
        weights = np.exp(-0.5 * ((self.nodes - self.mean) / self.sd) ** 2)
        return np.asarray(weights / weights.sum(), dtype=np.float64)


def checked(test: AdaptiveTest, n_items: int) -> None:
    """Raise MeasureError where the rules contradict each other, or do not fit a bank of so many items."""
    if not 1 <= test.min_items <= test.max_items <= n_items:
        raise MeasureError(f"a test of {test.min_items} to {test.max_items} items can't be given from {n_items}")
    if test.n_best < 1 or test.n_nodes < 2 or not test.lowest < test.highest or not test.sd > 0:
        raise MeasureError("n_best must be at least 1, the grid must have two nodes or more, and the prior some width")
    if test.keep is not None and (test.keep.shape != (n_items,) or not ((test.keep >= 0) & (test.keep <= 1)).all()):
        raise MeasureError(f"keep must hold {n_items} probabilities")
    if test.standard_error is not None and not test.standard_error > 0:
        raise MeasureError("the standard error to stop at must be above 0")
    if test.aim == "cut" and test.decision is None:
        raise MeasureError("information at the cut was asked for, and no decision names the cut")
    if test.decision is not None:
        _checked_decision(test.decision)
    if test.content is not None:
        _checked_content(test.content, test, n_items)
    if test.shadow is not None:
        _checked_shadow(test.shadow, test, n_items)


def _checked_decision(decision: SequentialDecision) -> None:
    if not decision.indifference > 0 or not (0 < decision.alpha < 0.5 and 0 < decision.beta < 0.5):
        raise MeasureError("the indifference must be above 0, alpha and beta between 0 and 0.5")


def _checked_content(content: ContentBalance, test: AdaptiveTest, n_items: int) -> None:
    n_areas = len(content.shares)
    if content.area.shape != (n_items,) or not ((content.area >= 0) & (content.area < n_areas)).all():
        raise MeasureError(f"area must hold {n_items} numbers from 0 to {n_areas - 1}")
    if (content.shares < 0).any() or abs(float(content.shares.sum()) - 1) > 1e-6 or not 0 <= content.weight <= 1:
        raise MeasureError("shares of content must add up to 1, and the weight be from 0 to 1")
    there = np.bincount(content.area, minlength=n_areas)
    short = np.flatnonzero(there < content.quotas(test.max_items))
    if content.method == "multinomial" and short.size:
        area = int(short[0])
        raise MeasureError(f"area {area} needs {content.quotas(test.max_items)[area]} items, and {there[area]} are there")


def _checked_shadow(shadow: ShadowConstraints, test: AdaptiveTest, n_items: int) -> None:
    if shadow.amounts.ndim != 2 or shadow.amounts.shape[1] != n_items:
        raise MeasureError(f"amounts of a shadow test must have {n_items} columns")
    if shadow.low.shape != (len(shadow.amounts),) or shadow.high.shape != (len(shadow.amounts),):
        raise MeasureError("a shadow test needs a low and a high end for each row of amounts")
    if test.content is not None:
        raise MeasureError("a shadow test balances content by its ranges; leave content away")
