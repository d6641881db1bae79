"""Two calibrations put on one scale through the items they share, and how far each of these anchors has moved.

Scales of logistic models differ by a line: theta_to = slope * theta_from + intercept, so that difficulties go the same way and
discriminations are divided by the slope; guessing stays. Kolen & Brennan (2014), Test Equating, Scaling, and Linking, ch. 6.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bedside.measure.curves import probabilities
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError, NotIdentifiedError, named

LinkMethod = Literal["mean-mean", "mean-sigma", "haebara", "stocking-lord"]
LINK_METHODS: tuple[LinkMethod, ...] = ("mean-mean", "mean-sigma", "haebara", "stocking-lord")
Sides = Literal["to", "from", "both"]
SIDES: tuple[Sides, ...] = ("to", "from", "both")

FLAGGED_Z = 2.7  # Liu & Jurich (2023), Applied Psychological Measurement 47, 34-47; 0.7% of a normal distribution lies beyond
NORMAL_IQR = 0.7413  # standard deviation of a normal distribution by its interquartile range; they round it to 0.74


@dataclass(frozen=True, slots=True)
class Grid:
    """Points of ability on which curves are compared, and the weight of each; both (n_points,)."""

    points: NDArray[np.float64]
    weights: NDArray[np.float64]

    @staticmethod
    def normal(n_points: int = 41, reach: float = 4.0) -> Grid:
        """Equally spaced from -reach to reach, weighted as the standard normal density."""
        points = np.linspace(-reach, reach, n_points)
        weights = np.exp(-0.5 * points**2)
        return Grid(points, weights / weights.sum())


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one scale to another: theta_to = slope * theta_from + intercept."""

    slope: float
    intercept: float

    def theta(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Abilities on the other scale, any shape."""
        return self.slope * theta + self.intercept

    def se(self, se: NDArray[np.float64]) -> NDArray[np.float64]:
        """Standard errors of abilities on the other scale; the link's own error is not in them."""
        return self.slope * se

    def items(self, items: Items) -> Items:
        """Item parameters on the other scale, with their standard errors. Kolen & Brennan, eq. 6.2 to 6.4."""
        return replace(
            items,
            discrimination=items.discrimination / self.slope,
            difficulty=self.slope * items.difficulty + self.intercept,
            se_discrimination=items.se_discrimination / self.slope,
            se_difficulty=self.slope * items.se_difficulty,
        )

    def inverse(self) -> Link:
        """The way back."""
        return Link(1.0 / self.slope, -self.intercept / self.slope)

    def then(self, other: Link) -> Link:
        """This link and then the other, as one."""
        return Link(other.slope * self.slope, other.slope * self.intercept + other.intercept)


def chain(links: Sequence[Link]) -> Link:
    """A chain of links as one, from the first scale to the last; an empty chain changes nothing."""
    whole = Link(1.0, 0.0)
    for one in links:
        whole = whole.then(one)
    return whole


@dataclass(frozen=True, slots=True)
class Drift:
    """How an anchor differs between the two calibrations after linking.

    `displacement`: its difficulty on the scale linked to, less its linked difficulty, in logits; over 0 it has become harder.
    `z` is the displacement from the anchors' median, in robust standard deviations (interquartile range times 0.7413; Huynh &
    Meyer 2010); `z_discrimination` the same of the logarithm of the ratio of discriminations. Both are NaN where the middle
    half of the anchors does not differ at all, or a discrimination is not over 0. `se` is the standard error of the
    displacement from both calibrations, NaN without them. `distance` is the root of the mean squared distance between the
    two curves over the grid. `is_flagged`: |z| of either is over the limit. `is_used`: the link rests on it.
    """

    item: str
    displacement: float
    se: float
    z: float
    z_discrimination: float
    distance: float
    is_flagged: bool
    is_used: bool


@dataclass(frozen=True, slots=True)
class Linking:
    """A link, the anchors it rests on, and the drift of every anchor, used or not, in the order of the items linked from."""

    link: Link
    method: LinkMethod
    anchors: tuple[str, ...]
    drift: tuple[Drift, ...]


def link_scales(
    origin: Items,
    target: Items,
    *,
    method: LinkMethod = "stocking-lord",
    without: Collection[str] = (),
    grid: Grid | None = None,
    sides: Sides = "to",
    flagged_z: float = FLAGGED_Z,
) -> Linking:
    """The line from the scale of `origin` to that of `target`, through the items in both.

    Args:
        method: `mean-mean` (Loyd & Hoover 1980), `mean-sigma` (Marco 1977), `haebara` (1980: sum of squared differences of
            item curves), `stocking-lord` (1983: squared difference of the test curves).
        without: anchors that the link must not rest on, such as those that drifted.
        grid: points and weights of the curve methods; 41 from -4 to 4 with normal weights if not given.
        sides: on which scale the curves are compared: `to` that of `target`, `from` that of `origin`, `both` adds the two,
            as Haebara did, and makes the link the same in both directions.
        flagged_z: over which robust z an anchor is flagged.

    Raises:
        MeasureError: an unknown method or side; an item in `without` is no anchor.
        NotIdentifiedError: there are too few anchors (one for mean-mean, two for the others), or they are equally difficult.
    """
    if method not in LINK_METHODS:
        raise MeasureError(f'unknown method "{method}"; there are {", ".join(LINK_METHODS)}')
    if sides not in SIDES:
        raise MeasureError(f'unknown side "{sides}"; there are {", ".join(SIDES)}')
    pair = _Pair.shared(origin, target)
    strangers = sorted(set(without) - set(pair.origin.ids))
    if strangers:
        raise MeasureError(f"not among the items in both calibrations: {named(strangers)}")
    is_used = np.array([name not in without for name in pair.origin.ids], dtype=np.bool_)
    used = pair.taken(is_used)
    if used.origin.count < (1 if method == "mean-mean" else 2):
        raise NotIdentifiedError(f"{method} needs more anchors; the calibrations share {used.origin.count} that may be used")
    grid = grid or Grid.normal()
    by_moments = _mean_mean(used) if method == "mean-mean" else _mean_sigma(used)
    link = by_moments if method.startswith("mean") else _by_curves(used, method, grid, sides, by_moments)
    return Linking(link, method, used.origin.ids, _drift(pair, link, is_used, grid, flagged_z))


@dataclass(frozen=True, slots=True)
class _Pair:
    """The shared items as both calibrations have them, in the same order."""

    origin: Items
    target: Items

    @staticmethod
    def shared(origin: Items, target: Items) -> _Pair:
        place_of = {name: place for place, name in enumerate(target.ids)}
        here = [place for place, name in enumerate(origin.ids) if name in place_of]
        there = [place_of[origin.ids[place]] for place in here]
        return _Pair(_taken(origin, np.array(here, dtype=np.intp)), _taken(target, np.array(there, dtype=np.intp)))

    def taken(self, which: NDArray[np.bool_]) -> _Pair:
        places = np.flatnonzero(which)
        return _Pair(_taken(self.origin, places), _taken(self.target, places))


def _taken(items: Items, places: NDArray[np.intp]) -> Items:
    return Items(
        tuple(items.ids[place] for place in places),
        items.discrimination[places],
        items.difficulty[places],
        items.guessing[places],
        items.se_discrimination[places],
        items.se_difficulty[places],
        items.se_guessing[places],
    )


def _mean_mean(pair: _Pair) -> Link:
    """Kolen & Brennan, eq. 6.8b and 6.9."""
    slope = float(pair.origin.discrimination.mean() / pair.target.discrimination.mean())
    if not (np.isfinite(slope) and slope > 0):
        raise NotIdentifiedError("the mean discrimination of the anchors must be over 0 in both calibrations")
    return Link(slope, float(pair.target.difficulty.mean() - slope * pair.origin.difficulty.mean()))


def _mean_sigma(pair: _Pair) -> Link:
    """Kolen & Brennan, eq. 6.8a and 6.9."""
    spread = pair.origin.difficulty.std(), pair.target.difficulty.std()
    if not min(spread) > 0:
        raise NotIdentifiedError("the anchors are equally difficult, which says nothing of the slope")
    slope = float(spread[1] / spread[0])
    return Link(slope, float(pair.target.difficulty.mean() - slope * pair.origin.difficulty.mean()))


def _by_curves(pair: _Pair, method: LinkMethod, grid: Grid, sides: Sides, start: Link) -> Link:
    """Kolen & Brennan, eq. 6.10 to 6.13, minimised over the logarithm of the slope and the intercept."""
    of_target, of_origin = probabilities(pair.target, grid.points), probabilities(pair.origin, grid.points)

    def loss(line: NDArray[np.float64]) -> float:
        link = Link(float(np.exp(line[0])), float(line[1]))
        lost = 0.0
        if sides in {"to", "both"}:
            lost += _distance(of_target - probabilities(link.items(pair.origin), grid.points), method, grid)
        if sides in {"from", "both"}:
            lost += _distance(of_origin - probabilities(link.inverse().items(pair.target), grid.points), method, grid)
        return lost

    found = minimize(
        loss,
        np.array([np.log(start.slope), start.intercept]),
        method="Nelder-Mead",  # two parameters, and no gradient that could be wrong
        options={"xatol": 1e-9, "fatol": 1e-16, "maxiter": 2_000},
    )
    return Link(float(np.exp(found.x[0])), float(found.x[1]))


def _distance(apart: NDArray[np.float64], method: LinkMethod, grid: Grid) -> float:
    squares = (apart**2).sum(axis=0) if method == "haebara" else apart.sum(axis=0) ** 2
    return float(grid.weights @ squares)


def _drift(pair: _Pair, link: Link, is_used: NDArray[np.bool_], grid: Grid, flagged_z: float) -> tuple[Drift, ...]:
    linked = link.items(pair.origin)
    displacement = pair.target.difficulty - linked.difficulty
    se = np.hypot(pair.target.se_difficulty, linked.se_difficulty)
    both = pair.target.discrimination, linked.discrimination
    ratio = np.divide(*both, out=np.full(len(displacement), np.nan), where=(both[0] > 0) & (both[1] > 0))
    z, z_ratio = _robust_z(displacement), _robust_z(np.log(ratio))
    apart = probabilities(pair.target, grid.points) - probabilities(linked, grid.points)
    distance = np.sqrt((apart**2) @ (grid.weights / grid.weights.sum()))
    flagged = (np.abs(z) > flagged_z) | (np.abs(z_ratio) > flagged_z)
    return tuple(
        Drift(
            item=name,
            displacement=float(displacement[n]),
            se=float(se[n]),
            z=float(z[n]),
            z_discrimination=float(z_ratio[n]),
            distance=float(distance[n]),
            is_flagged=bool(flagged[n]),
            is_used=bool(is_used[n]),
        )
        for n, name in enumerate(pair.origin.ids)
    )


def _robust_z(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance from the median in robust standard deviations; NaN where the middle half does not differ beyond rounding."""
    nothing = np.full(len(values), np.nan)
    if not np.isfinite(values).any():
        return nothing
    low, middle, high = np.nanquantile(values, [0.25, 0.5, 0.75])
    spread = NORMAL_IQR * (high - low)
    return (values - middle) / spread if spread > 1e-9 else nothing
