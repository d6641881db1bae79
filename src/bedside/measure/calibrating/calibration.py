"""Item parameters from responses, by marginal maximum likelihood.

`calibrate` chooses what is estimated (`calibration_setup`), runs EM (`em`), takes standard errors from the observed information
(`standard_errors`), and gives all of it back with how it came about.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.measure.calibrating import standard_errors
from bedside.measure.calibrating.em import Estimated, OnCycle, estimate
from bedside.measure.calibrating.em_data import first_persons
from bedside.measure.calibrating.em_parameters import Parameters
from bedside.measure.calibrating.preparing import prepare
from bedside.measure.calibrating.priors import FIVE_OPTIONS, NO_PRIORS, LogNormal, Normal, Priors
from bedside.measure.calibrating.setup import Setup, set_up
from bedside.measure.calibrating.size import Size
from bedside.measure.calibrating.source import Expecting, Grouping, Groups, InMemory, Source
from bedside.measure.data.responses import Responses
from bedside.measure.items import Items, Model

if TYPE_CHECKING:
    from bedside.measure.calibrating.partitions import Partitions  # its readers of files are heavy

Population = Literal["standard", "free"]

NODES = 61
BOUNDS = (-6.0, 6.0)
TOLERANCE = 1e-4  # of any parameter in one plain move of EM
TOLERANCE_SMALL = 1e-6  # with few answers EM moves slowly, and its moves are cheap
SMALL_BELOW = 400_000  # answers
MAX_CYCLES = 500
MAX_NODES = 1_000
FLAT = 1e-9  # per logit
SAMPLE_RESPONSES = 10_000_000  # what a first look needs, at most `MAX_EVERY` times fewer than all
LEAST_EVERY, MAX_EVERY = 2, 10
SAMPLE_TOLERANCE, SAMPLE_CYCLES = 5e-3, 12


@dataclass(frozen=True, slots=True)
class CalibratedGroup:
    """A population of persons: ability is normal. A standard error is NaN where the parameter was fixed, or not to be had."""

    name: str
    n_persons: int
    mean: float
    sd: float
    se_mean: float
    se_sd: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Items on one scale, and how they came about.

    `covariance` (n_items, 3, 3) is that of discrimination, difficulty and guessing of each item, NaN where fixed or not to be
    had; without standard errors it is None. `errors` says what was inverted for it: see `standard_errors`. `log_likelihood` is
    without priors. `left_out` names the items that could not be estimated since everybody or nobody got them right, or nobody
    answered; they are not in `items`. `iterations` counts E-steps. `fingerprint` is that of all answers that were given to it:
    see `data_fingerprint`.
    """

    model: Model
    items: Items
    groups: tuple[CalibratedGroup, ...]
    log_likelihood: float
    n_parameters: int
    n_persons: int
    n_responses: int
    fingerprint: str
    iterations: int
    converged: bool
    left_out: tuple[str, ...]
    priors: Priors
    nodes: int
    bounds: tuple[float, float]
    errors: Literal["full", "by item", "none"]
    covariance: NDArray[np.float64] | None

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2 * self.n_parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, over persons."""
        return float(np.log(self.n_persons)) * self.n_parameters - 2 * self.log_likelihood


def calibrate(
    responses: Responses | Partitions,
    *,
    model: Model = "2pl",
    nodes: int = NODES,
    bounds: tuple[float, float] = BOUNDS,
    priors: Priors | None = None,
    equal_slopes: bool = False,
    population: Population | None = None,
    anchors: Items | None = None,
    groups: Groups | None = None,
    errors: bool = True,
    tolerance: float | None = None,
    max_cycles: int = MAX_CYCLES,
    threads: int | None = None,
    on_cycle: OnCycle | None = None,
) -> Calibration:
    """Estimate item parameters by marginal maximum likelihood.

    Args:
        responses: who answered what; what is absent was not presented. `Partitions` of them give the same parameters, errors
            and log-likelihood to rounding: sums are taken in another order.
        model: "rasch" has discrimination 1, "2pl" one for each item, "3pl" guessing as well.
        nodes, bounds: equally spaced points of ability over which the population is summed.
        priors: None is no prior, but for "3pl" that of items with five options on guessing.
        equal_slopes: one discrimination for all items, estimated.
        population: "standard" is N(0, 1), on which the scale rests; "free" has a standard deviation (for "rasch"), and with
            anchors a mean, estimated. None is "free" with anchors, else "standard".
        anchors: items that keep their parameters, by their id; others in it are ignored.
        groups: the group of each person: by name, or in the order of `responses.persons`, which partitions don't have. The
            first in alphabetical order is the reference, the means and standard deviations of the others are estimated.
        errors: take standard errors.
        tolerance: stop when a plain move of EM changes no parameter (slope, intercept, logit of guessing, mean, log of the
            standard deviation) by more; None is 1e-6, and 1e-4 from 400,000 answers on.
        threads: parts of the persons that are worked on at the same time, None: as many as there are cores. The figures are the
            same for any number. Partitions have their own.
        on_cycle: called with the number of the cycle, the log-likelihood and the largest move.

    Raises:
        UsageError: arguments that contradict each other.
        TooFewResponsesError: no item is left to estimate.
        NotIdentifiedError: the scale is not fixed by anything.
        ClusterError: partitions only: the workers could not do it.

    Source: Bock & Aitkin (1981), Psychometrika 46, 443-459; with priors Mislevy (1986), Psychometrika 51, 177-195; with groups
    Bock & Zimowski (1997).
    """
    _see_arguments(nodes, bounds, max_cycles)
    priors = (FIVE_OPTIONS if model == "3pl" else NO_PRIORS) if priors is None else priors
    source: Source = InMemory(responses, threads=threads) if isinstance(responses, Responses) else responses
    grouping = source.grouping(groups)
    setup = set_up(
        source.counts(), model=model, equal_slopes=equal_slopes, is_free=_is_free(population, anchors), anchors=anchors,
        n_groups=len(grouping.names), priors=priors,
    )  # fmt: skip
    if tolerance is None:
        tolerance = TOLERANCE_SMALL if source.counts().n_given.sum() < SMALL_BELOW else TOLERANCE
    points = np.linspace(bounds[0], bounds[1], nodes)
    with closing(source.expecting(setup.counts.items, grouping, points, two_rows=model == "3pl")) as persons:
        start = _start_of_sample(persons, setup, priors, on_cycle) if max_cycles > SAMPLE_CYCLES else setup.start
        found = estimate(persons, start, setup.free, priors, tolerance=tolerance, max_cycles=max_cycles, on_cycle=on_cycle)
    covariances = None
    if errors:
        with closing(source.expecting(setup.counts.items, grouping, points, two_rows=True)) as persons:
            covariances = standard_errors.covariances_of(persons, found.parameters, setup.free, priors)
    run = _Run(model, priors, bounds, nodes, source.fingerprint())
    return _result(setup, grouping, found, covariances, run)


def prepare_calibration(responses: Responses | Partitions, *, model: Model = "2pl", errors: bool = True) -> None:
    """Compile what calibrating responses of this kind and size takes, so that it is not counted as the time of the calibration.

    On a computer where it was compiled before it is only loaded; small data need nothing.
    """
    if isinstance(responses, Responses):
        prepare(first_persons(responses), Size.of(responses), model=model, errors=errors)
    else:
        responses.prepare(model=model, errors=errors)


def _see_arguments(nodes: int, bounds: tuple[float, float], max_cycles: int) -> None:
    if not 5 <= nodes <= MAX_NODES:
        raise UsageError(f"there can be 5 to {MAX_NODES:,} nodes, not {nodes:,}")
    if not (np.isfinite(bounds).all() and bounds[0] < bounds[1]):
        raise UsageError(f"the nodes go from a lower to a higher ability, not from {bounds[0]:g} to {bounds[1]:g}")
    if max_cycles < 1:
        raise UsageError(f"there is at least one cycle, not {max_cycles:,}")


def _start_of_sample(persons: Expecting, setup: Setup, priors: Priors, on_cycle: OnCycle | None) -> Parameters:
    """Where a sample of the persons leads: with very many answers a good place to begin, for a fraction of the work.

    Items of which the sample says little are held by weak priors. What is estimated from there depends on all persons.
    """
    every = int(min(persons.size.n_responses // SAMPLE_RESPONSES, MAX_EVERY))
    if every < LEAST_EVERY or (persons.size.is_complete and setup.start.guess is None):
        return setup.start
    held = replace(
        priors,
        discrimination=priors.discrimination or LogNormal(0.0, 1.0),
        difficulty=priors.difficulty or Normal(0.0, 3.0),
    )
    found = estimate(
        persons, setup.start, setup.free, held, tolerance=SAMPLE_TOLERANCE, max_cycles=SAMPLE_CYCLES, every=every,
        on_cycle=on_cycle,
    )  # fmt: skip
    return found.parameters


def _is_free(population: Population | None, anchors: Items | None) -> bool:
    return anchors is not None if population is None else population == "free"


@dataclass(frozen=True, slots=True)
class _Run:
    """What a result says of how it was asked for."""

    model: Model
    priors: Priors
    bounds: tuple[float, float]
    nodes: int
    fingerprint: str


def _result(
    setup: Setup, grouping: Grouping, found: Estimated, covariances: standard_errors.Covariances | None, run: _Run
) -> Calibration:
    a, d = found.parameters.slope, found.parameters.intercept
    a = np.where(
        np.abs(a) < FLAT, FLAT, a
    )  # an item that tells nothing has no difficulty: any will do, as long as it is a number
    c = found.parameters.guessing()
    covariance = None if covariances is None else _of_difficulty(covariances.items, a, d, c)
    errors = np.full((len(a), 3), np.nan)
    if covariance is not None:
        variances = np.diagonal(covariance, axis1=1, axis2=2)
        errors = np.sqrt(np.where(variances > 0, variances, np.nan))
    items = Items(setup.counts.items, a, -d / a, c, errors[:, 0], errors[:, 1], errors[:, 2])
    return Calibration(
        model=run.model,
        items=items,
        groups=_groups(grouping, found, covariances),
        log_likelihood=found.log_likelihood,
        n_parameters=len(setup.free.pack(found.parameters)),
        n_persons=setup.counts.n_persons,
        n_responses=int(setup.counts.n_given.sum()),
        fingerprint=run.fingerprint,
        iterations=found.n_cycles,
        converged=found.is_converged,
        left_out=setup.left_out,
        priors=run.priors,
        nodes=run.nodes,
        bounds=run.bounds,
        errors="none" if covariances is None else covariances.kind,
        covariance=covariance,
    )


def _groups(
    grouping: Grouping, found: Estimated, covariances: standard_errors.Covariances | None
) -> tuple[CalibratedGroup, ...]:
    errors = np.full((len(grouping.names), 2), np.nan) if covariances is None else covariances.populations
    columns = (grouping.names, grouping.sizes, found.parameters.mean, found.parameters.sd, errors[:, 0], errors[:, 1])
    return tuple(
        CalibratedGroup(name, n, float(mean), float(sd), float(se_mean), float(se_sd))
        for name, n, mean, sd, se_mean, se_sd in zip(*columns, strict=True)
    )


def _of_difficulty(
    covariance: NDArray[np.float64], a: NDArray[np.float64], d: NDArray[np.float64], c: NDArray[np.float64]
) -> NDArray[np.float64]:
    """From slope, intercept and logit of guessing to discrimination, difficulty and guessing, by the delta method.

    A slope or a guessing that is fixed has no error, so it takes none away from the difficulty.
    """
    fixed = np.isnan(covariance)
    change = np.zeros((len(a), 3, 3))
    change[:, 0, 0] = 1
    change[:, 1, 0], change[:, 1, 1] = d / a**2, -1 / a
    change[:, 2, 2] = c * (1 - c)
    changed = change @ np.where(fixed, 0.0, covariance) @ change.transpose(0, 2, 1)
    all_fixed = np.isnan(np.diagonal(covariance, axis1=1, axis2=2))
    return np.where(all_fixed[:, :, None] | all_fixed[:, None, :], np.nan, changed)
