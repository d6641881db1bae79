"""Abilities from answers and item parameters: EAP, MAP, ML and Warm's WLE, each with its standard error.

Answers are independent given ability; P(right | theta) is that of `Items`. What is not answered is absent and counts neither
way. Sums over ability use equally spaced nodes, so many that they lie no further apart than a standard error asks for: the
trapezoidal rule is then exact to about 1e-6.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, sici

from bedside.measure.curves import information, log_probabilities
from bedside.measure.data.responses import Responses
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError, named
from bedside.measure.scores import scoring_kernels as kernels

ScoreMethod = Literal["eap", "map", "ml", "wle"]
SCORE_METHODS: tuple[ScoreMethod, ...] = ("eap", "map", "ml", "wle")

N_NODES = 61
REACH_SD = 6.0  # nodes and bounds reach so many standard deviations of the prior to both sides
MAX_NODES = 2_001
# standard errors between two nodes at most: the sum's error is 2 exp(-2 pi^2 / s^2), 7e-6 of the posterior's spread; the
# share above a cut is interpolated between nodes, with an error of exp(-pi^2 / (2 s^2)) / pi, 5e-6
SPACING_SE = 1.25
SPACING_SE_CUT = 0.66
SAMPLED, SAMPLED_MARGIN = 200, 1.2  # persons who are asked for their information; others may have a little more
PERSONS_A_PIECE = 500  # the sums of a piece stay in the cache

_KERNEL_METHODS = {"ml": kernels.ML, "map": kernels.MAP, "wle": kernels.WLE}


@dataclass(frozen=True, slots=True)
class Scores:
    """Abilities of persons; every array has shape (n_persons,), in the order of `persons`.

    `theta` and `se` are in logits on the scale of the items; `se` is the posterior's standard deviation (eap),
    1 / sqrt(information + 1 / sd^2) (map) or 1 / sqrt(information) (ml, wle), with the expected information at `theta`.
    `n_answers` counts the answers that were used. `side` is 1 where there is no estimate below the upper bound (ml: all
    right) and -1 where there is none above the lower one (ml: all wrong); `theta` is the bound then, and `se` and `p_pass`
    are NaN; else it is 0. Without answers ml and wle are NaN, eap and map the prior's mean and standard deviation.
    `p_pass` is the probability that ability is at `cut` or above: the posterior's share (eap), else by the normal
    distribution with `theta` and `se`; NaN without a cut. `unknown_items` have no parameters: answers to them are left out.
    """

    method: ScoreMethod
    persons: NDArray[np.object_]
    theta: NDArray[np.float64]
    se: NDArray[np.float64]
    n_answers: NDArray[np.int64]
    side: NDArray[np.int8]
    bounds: tuple[float, float]
    n_nodes: int
    cut: float | None
    p_pass: NDArray[np.float64]
    unknown_items: tuple[str, ...]
    n_left_out: int

    @property
    def n_persons(self) -> int:
        """How many persons there are."""
        return len(self.persons)


def score(
    responses: Responses,
    items: Items,
    *,
    method: ScoreMethod = "eap",
    cut: float | None = None,
    mean: float = 0.0,
    sd: float = 1.0,
    bounds: tuple[float, float] | None = None,
    nodes: int = N_NODES,
) -> Scores:
    """Estimate the ability of every person.

    Args:
        responses: answers; persons are scored in their order.
        items: parameters of the items; those that nobody answered do no harm.
        method: `eap` the posterior's mean (Bock & Mislevy 1982), `map` its mode (Samejima 1969), `ml` the maximum of the
            likelihood (Lord 1980, eq. 4-20), the highest where there are several, `wle` the root of Warm's (1989,
            eq. 14) weighted likelihood equation nearest to it, which is finite for all right and all wrong as well.
        cut: theta from which on one passes; asks for `p_pass`.
        mean, sd: of the normal prior of ability (eap, map), in logits; the bounds follow from them.
        bounds: lowest and highest theta; `REACH_SD` standard deviations from the mean if not given.
        nodes: at least so many; more are taken where the test is so long that they would lie too far apart.

    Raises:
        MeasureError: an argument out of range, or no item of the responses has parameters.

    Sources: Bock & Mislevy (1982), Applied Psychological Measurement 6, 431-444; Warm (1989), Psychometrika 54, 427-450.
    """
    _see_arguments(method, mean=mean, sd=sd, nodes=nodes, cut=cut)
    lowest, highest = bounds or (mean - REACH_SD * sd, mean + REACH_SD * sd)
    if not (np.isfinite(lowest) and np.isfinite(highest) and lowest < highest):
        raise MeasureError(f"the bounds must be finite and in order, not {lowest:g} and {highest:g}")
    known = _Known.of(responses, items)
    if method == "eap":
        done, count = _eap(responses, known, (lowest, highest), cut=cut, prior=_Prior(mean, sd), nodes=nodes)
    else:
        prior = _Prior(mean, sd) if method == "map" else None
        work = _Work.of(responses, known, np.linspace(lowest, highest, nodes), prior)
        done, count = _solved(work, method, cut), nodes
    return Scores(
        method=method,
        persons=responses.persons,
        theta=done.theta,
        se=done.se,
        n_answers=known.n_answers,
        side=done.side,
        bounds=(lowest, highest),
        n_nodes=count,
        cut=cut,
        p_pass=done.p_pass,
        unknown_items=known.unknown,
        n_left_out=responses.n_responses - int(known.n_answers.sum()),
    )


def _see_arguments(method: str, *, mean: float, sd: float, nodes: int, cut: float | None) -> None:
    if method not in SCORE_METHODS:
        raise MeasureError(f'unknown method "{method}"; there are {", ".join(SCORE_METHODS)}')
    if not (np.isfinite(mean) and np.isfinite(sd) and sd > 0):
        raise MeasureError(f"the prior needs a finite mean and a standard deviation over 0, not {mean:g} and {sd:g}")
    if cut is not None and not np.isfinite(cut):
        raise MeasureError(f"the cut must be a finite theta, not {cut:g}")
    if not 3 <= nodes <= MAX_NODES:
        raise MeasureError(f"{nodes} nodes; there can be 3 to {MAX_NODES:,}")


@dataclass(frozen=True, slots=True)
class _Known:
    """Parameters in the order of the responses' items; those of an unknown item are such that it says nothing."""

    items: Items
    is_known: NDArray[np.bool_]
    unknown: tuple[str, ...]
    n_answers: NDArray[np.int64]

    @staticmethod
    def of(responses: Responses, items: Items) -> _Known:
        """Look up each item of the responses.

        Raises:
            MeasureError: none of them has parameters.
        """
        place_of = {name: place for place, name in enumerate(items.ids)}
        places = np.array([place_of.get(str(name), -1) for name in responses.items], dtype=np.intp)
        is_known = places >= 0
        if responses.n_items and not is_known.any():
            raise MeasureError(f"no item of the responses has parameters: {named(responses.items)}")
        n_answers = np.diff(responses.starts)
        if not is_known.all():
            kernels.count_known(responses.starts, responses.item, is_known, n_answers)
        unknown = tuple(str(name) for name in responses.items[~is_known])
        return _Known(_taken(items, places, is_known, responses), is_known, unknown, n_answers)

    def table(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-probabilities of a wrong and a right answer, rows by turns, shape (2 n_items, n_points)."""
        wrong, right = log_probabilities(self.items, points)
        table = np.stack([wrong, right], axis=1)
        table[~self.is_known] = 0.0
        return np.ascontiguousarray(table.reshape(-1, len(points)))

    def most_information(self, gains: NDArray[np.float64]) -> float:
        """More than this nobody can have: as many answers as anybody gave, to the most informative items at each point."""
        most = int(self.n_answers.max(initial=0))
        if 0 < most < len(gains):
            gains = np.partition(gains, len(gains) - most, axis=0)[-most:]
        return float(gains.sum(axis=0).max(initial=0.0))

    def likely_information(self, gains: NDArray[np.float64], responses: Responses) -> float:
        """About the most that anybody has: that of some persons, and a margin."""
        some = np.linspace(0, responses.n_persons - 1, min(responses.n_persons, SAMPLED)).astype(int)
        given = (responses.item[responses.starts[person] : responses.starts[person + 1]] for person in some)
        return SAMPLED_MARGIN * max((float(gains[items].sum(axis=0).max()) for items in given), default=0.0)


def _taken(items: Items, places: NDArray[np.intp], is_known: NDArray[np.bool_], responses: Responses) -> Items:
    def column(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(is_known, values[places], 0.0)  # a discrimination of 0: no information at all

    nothing = np.full(len(places), np.nan)
    return Items(
        tuple(str(name) for name in responses.items),
        column(items.discrimination),
        column(items.difficulty),
        column(items.guessing),
        nothing,
        nothing,
        nothing,
    )


@dataclass(frozen=True, slots=True)
class _Prior:
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class _Work:
    """What the kernels need, as `add_up` and `add_up_complete` take it."""

    responses: Responses
    known: _Known
    points: NDArray[np.float64]
    prior: _Prior | None
    log_prior: NDArray[np.float64]
    table: NDArray[np.float32]
    gain: NDArray[np.float64]
    all_wrong: NDArray[np.float64]
    all_right: NDArray[np.float64]

    @staticmethod
    def of(responses: Responses, known: _Known, points: NDArray[np.float64], prior: _Prior | None) -> _Work:
        """Work on these answers at these nodes, with or without a prior."""
        table = known.table(points)
        wrong, right = table[::2], table[1::2]
        log_prior = np.zeros(len(points)) if prior is None else -0.5 * ((points - prior.mean) / prior.sd) ** 2
        gain, rows = right - wrong, table.astype(np.float32)
        return _Work(responses, known, points, prior, log_prior, rows, gain, wrong.sum(axis=0), right.sum(axis=0))

    def totals(self, first: int, last: int) -> NDArray[np.float64]:
        """Log-likelihood plus log-prior of these persons at every node, shape (last - first, n_nodes)."""
        data = self.responses
        totals = np.tile(self.log_prior, (last - first, 1))
        if data.is_complete:
            kernels.add_up_complete(data.correct, self.gain, self.all_wrong, self.all_right, first, last, totals)
        else:
            kernels.add_up(data.starts, data.item, data.correct, self.table, first, last, totals)
        return totals

    def run(self, piece: Callable[[int, int], None]) -> None:
        """Do persons in pieces `piece(first, last)`, as many at a time as numba has threads."""
        n_persons = self.responses.n_persons

        def do(first: int) -> None:
            piece(first, min(first + PERSONS_A_PIECE, n_persons))

        with ThreadPoolExecutor(numba.get_num_threads()) as pool:
            for _ in pool.map(do, range(0, n_persons, PERSONS_A_PIECE)):
                pass


@dataclass(frozen=True, slots=True)
class _Done:
    theta: NDArray[np.float64]
    se: NDArray[np.float64]
    side: NDArray[np.int8]
    p_pass: NDArray[np.float64]


def _eap(
    responses: Responses,
    known: _Known,
    bounds: tuple[float, float],
    *,
    cut: float | None,
    prior: _Prior,
    nodes: int,
) -> tuple[_Done, int]:
    """Posterior moments, and how many nodes they took: as many as the persons seem to need, and if that was too few for
    somebody, as many as they can need at all."""
    gains = information(known.items, np.linspace(*bounds, N_NODES))
    closeness = SPACING_SE if cut is None else SPACING_SE_CUT
    most = known.most_information(gains)
    for found in (min(most, known.likely_information(gains, responses)), most):
        needed = int(np.ceil((bounds[1] - bounds[0]) / closeness * np.sqrt(found + 1.0 / prior.sd**2))) + 1
        count = kernels.NODES_AT_ONCE * -(-min(max(nodes, needed), MAX_NODES) // kernels.NODES_AT_ONCE)
        work = _Work.of(responses, known, np.linspace(*bounds, count), prior)
        done = _moments(work, cut)
        if found == most or done.se.min(initial=np.inf) * closeness >= work.points[1] - work.points[0]:
            break
    return done, count


def _moments(work: _Work, cut: float | None) -> _Done:
    n_persons = work.responses.n_persons
    theta, se, tail = (np.empty(n_persons) for _ in range(3))
    above = np.zeros(len(work.points)) if cut is None else _above(work.points, cut)

    def piece(first: int, last: int) -> None:
        kernels.posterior_moments(work.totals(first, last), work.points, above, first, theta, se, tail)

    work.run(piece)
    if cut is None:
        tail[:] = np.nan
    return _Done(theta, se, np.zeros(n_persons, dtype=np.int8), tail)


def _above(points: NDArray[np.float64], cut: float) -> NDArray[np.float64]:
    """What each node's density counts towards the integral from the cut on.

    The density between equally spaced nodes is that of Whittaker's cardinal series, which integrates to the sine
    integral: as exact as the trapezoidal rule itself, wherever the cut lies between two nodes.
    """
    apart = (cut - points) / (points[1] - points[0])
    integral: NDArray[np.float64] = sici(np.pi * apart)[0]
    return 0.5 - integral / np.pi


def _solved(work: _Work, method: ScoreMethod, cut: float | None) -> _Done:
    data, items, n_persons = work.responses, work.known.items, work.responses.n_persons
    theta, info = np.empty(n_persons), np.empty(n_persons)
    side = np.empty(n_persons, dtype=np.int8)
    mean, precision = (0.0, 0.0) if work.prior is None else (work.prior.mean, 1.0 / work.prior.sd**2)
    given = (data.starts, data.item, data.correct, items.discrimination, items.difficulty, items.guessing)
    how = (_KERNEL_METHODS[method], mean, precision)

    def piece(first: int, last: int) -> None:
        kernels.solve(work.totals(first, last), work.points, *given, *how, first, theta, info, side)

    work.run(piece)
    if method != "map":
        without = work.known.n_answers == 0
        theta[without], side[without] = np.nan, 0
    with np.errstate(divide="ignore"):
        se = 1.0 / np.sqrt(info + precision)
    se[(side != 0) | np.isnan(theta)] = np.nan
    return _Done(theta, se, side, ndtr((theta - (np.nan if cut is None else cut)) / se))
