"""Misconduct: what in the answers of an exam does not go with honest work, and how surely. Never proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from bedside.measure.data.responses import Responses
from bedside.measure.integrity.aberrance import PersonFit, person_fit
from bedside.measure.integrity.exam import Exam, exam_of, two_parameter_items
from bedside.measure.integrity.groups import CentreCluster, centre_clusters, rings
from bedside.measure.integrity.leaks import Preknowledge, preknowledge
from bedside.measure.integrity.nominal import Nominal, fit_nominal, turned
from bedside.measure.integrity.similarity import SimilarPairs, similar_pairs
from bedside.measure.integrity.times import FastRight, TimeModel, fast_right, fit_times, speed_given_ability
from bedside.measure.items import Items
from bedside.measure.multiplicity import benjamini_hochberg, bonferroni_smallest
from bedside.measure.problems import MeasureError, TooFewResponsesError

ALPHA = 0.01
FEWEST_PERSONS = 20
IQR_OF_NORMAL = 1.3489795
NOT_PROOF = (
    "A flag is not proof. It says that these answers are rarer under the model than chance alone explains after all comparisons"
    " were counted; it does not say why. Friends who learned together, a language, an illness, a fault of the room or of the"
    " program, a wrong key, or a model that does not hold can all be the reason. Nothing may be decided from a flag alone: hear"
    " the person, look at other evidence, and let somebody who did not run the analysis judge."
)


@dataclass(frozen=True, slots=True)
class PersonIndex:
    """One index of every person, (n_persons,) float64; NaN where it could not be had.

    `z` is standard normal for honest persons under the model, and larger is more suspicious. `p` is its upper tail after it was
    set back by `centre` and `spread` (`widened`); `p_adjusted` after Benjamini and Hochberg over persons. `effect` is in
    `units`.
    """

    name: str
    units: str
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    p_adjusted: NDArray[np.float64]
    effect: NDArray[np.float64]
    centre: float
    spread: float


@dataclass(frozen=True, slots=True)
class Fits:
    """What was estimated on the way, for whoever works it out again."""

    nominal: Nominal
    items: Items
    fit: PersonFit
    times: TimeModel | None
    fast: FastRight | None
    leaked: Preknowledge | None


@dataclass(frozen=True, slots=True)
class Misconduct:
    """All indices, and what is flagged at `alpha`: a false discovery rate, so that about that share of the flags is false.

    `p` (n_persons,) is the smallest of a person's p-values times how many there are, `p_adjusted` after Benjamini and Hochberg
    over persons, `flagged` where that is under `alpha`; `pair_flagged` (n_kept,) the same of the pairs, which are None where
    they were not compared. `rings` are persons held together by flagged pairs; `centres` is empty where no centres are known.
    """

    exam: Exam
    fits: Fits
    alpha: float
    indices: tuple[PersonIndex, ...]
    p: NDArray[np.float64]
    p_adjusted: NDArray[np.float64]
    flagged: NDArray[np.bool_]
    pairs: SimilarPairs | None
    pair_flagged: NDArray[np.bool_]
    rings: tuple[tuple[int, ...], ...]
    centres: tuple[CentreCluster, ...]


def misconduct(
    responses: Responses,
    *,
    key: Mapping[str, str] | None = None,
    leaked: Iterable[str] = (),
    centres: Sequence[str] | None = None,
    alpha: float = ALPHA,
    seed: int = 1,
    compare_pairs: bool = True,
) -> Misconduct:
    """Search an exam for answers that do not go with honest work.

    `key` and `leaked` as in `exam_of`; `centres` names the centre of each person, in the order of `responses.persons`. Chance,
    from `seed`, is used only to shuffle persons among centres. Time and room grow with the square of the persons where pairs
    are compared. Everything is estimated from these answers, honest and other, so that misconduct by many hides itself.

    Raises:
        TooFewResponsesError: fewer than 20 persons.
        MeasureError: as `exam_of`, or the centres are not as many as the persons.
    """
    if responses.n_persons < FEWEST_PERSONS:
        raise TooFewResponsesError(f"{responses.n_persons} persons are too few to say what is usual; it takes {FEWEST_PERSONS}")
    if centres is not None and len(centres) != responses.n_persons:
        raise MeasureError(f"{len(centres)} persons have a centre, and {responses.n_persons} have answers")
    exam = exam_of(responses, key=key, leaked=leaked)
    fits = _fits(exam)
    indices = _indices(exam, fits)
    p = bonferroni_smallest(np.column_stack([index.p for index in indices]))
    adjusted = benjamini_hochberg(p)
    pairs, pair_flagged = None, np.zeros(0, dtype=bool)
    groups: tuple[tuple[int, ...], ...] = ()
    clusters: tuple[CentreCluster, ...] = ()
    if compare_pairs:
        pairs = similar_pairs(exam.options, exam.key, fits.nominal.probabilities(fits.nominal.theta))
        pair_flagged = pairs.p_adjusted < alpha
        groups = rings(pairs, pair_flagged, responses.n_persons)
        if centres is not None:
            clusters = centre_clusters(pairs, centres, np.random.default_rng(seed), alpha=alpha)
    flagged = np.nan_to_num(adjusted, nan=1.0) < alpha
    return Misconduct(exam, fits, alpha, indices, p, adjusted, flagged, pairs, pair_flagged, groups, clusters)


def widened(z: NDArray[np.float64]) -> tuple[NDArray[np.float64], float, float]:
    """Z-values set back where most persons' are larger or wider spread than the model says, and by how much.

    The middle half tells: its median, where over 0, is taken off, and its width, where over that of the standard normal,
    divides. It can only make flags fewer. Efron (2004), Journal of the American Statistical Association 99, 96-104: the
    empirical null.
    """
    known = z[~np.isnan(z)]
    if len(known) == 0:
        return z, 0.0, 1.0
    low, middle, high = np.percentile(known, [25, 50, 75])
    centre, spread = max(float(middle), 0.0), max(float(high - low) / IQR_OF_NORMAL, 1.0)
    return (z - centre) / spread, centre, spread


def _fits(exam: Exam) -> Fits:
    right = np.where(np.isnan(exam.table), -1, exam.table).astype(np.int16)
    binary = turned(fit_nominal(right, 2, unseen=True), np.ones(len(exam.items), dtype=np.int16))
    nominal = turned(fit_nominal(exam.options, len(exam.choices)), exam.key) if exam.by_choice else binary
    items = two_parameter_items(binary, exam.items)
    fit = person_fit(exam.table, items)
    times, fast = None, None
    if exam.log_time is not None:
        times = fit_times(exam.log_time)
        fast = fast_right(exam.log_time, exam.table == 1)
    leaked = preknowledge(exam.table, items, exam.leaked, exam.log_time, times) if exam.leaked.any() else None
    return Fits(nominal, items, fit, times, fast, leaked)


def _indices(exam: Exam, fits: Fits) -> tuple[PersonIndex, ...]:
    found = [_index("lz_star", "standard deviations of the log-likelihood", -fits.fit.lz_star, -fits.fit.lz_star)]
    if fits.times is not None and fits.fast is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            share = fits.fast.count / fits.fast.n_right
        found.append(_index("fast_right", "share of right answers among the item's fastest 5%", fits.fast.z, share))
        speed = speed_given_ability(fits.times, fits.fit.theta)
        found.append(_index("speed", "log seconds faster than usual", speed, fits.times.speed))
    if fits.leaked is not None:
        found.append(_index("preknowledge", "ability gained on the compromised items", fits.leaked.z, fits.leaked.gain))
    return tuple(found)


def _index(name: str, units: str, z: NDArray[np.float64], effect: NDArray[np.float64]) -> PersonIndex:
    back, centre, spread = widened(z)
    p = norm.sf(back)
    return PersonIndex(name, units, z, p, benjamini_hochberg(p), effect, centre, spread)
