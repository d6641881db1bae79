"""Whether those told 70% pass in seven of ten cases: reliability by bins, Brier score, expected calibration error, coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.measure.passing.chances import EvidenceFloor, Readiness, TooLittle, readiness
from bedside.measure.passing.form import FreshForm, at_abilities
from bedside.measure.passing.model import AbilityMotion, AreaItems, Floats
from bedside.measure.passing.simulation import SimulatedCandidate

N_BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Those who were told a chance between two limits: how many, what they were told on average, and how many passed."""

    low: float
    high: float
    n: int
    told: float
    passed: float  # share


@dataclass(frozen=True, slots=True)
class Reliability:
    """How chances that were told agree with what happened.

    `ece` is the expected calibration error: over bins of equal width, the mean distance between what was told and what
    happened, weighted by how many were told it (Naeini, Cooper & Hauskrecht 2015, equation 2). It is above 0 by chance alone:
    `by_chance` is its mean if every chance told had been exactly right.
    """

    n: int
    ece: float
    by_chance: float
    brier: float
    log_loss: float
    base_rate: float  # share that passed
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True)
class ToldChances:
    """What simulated candidates were told, one row for each time of asking; NaN where no number was given."""

    candidate: NDArray[np.int_]
    turn: NDArray[np.int_]  # first, second, ... time of asking, from 0
    p_pass: Floats
    low: Floats
    high: Floats
    within: NDArray[np.bool_]  # whether the score on the fresh form lay between the limits that hold 90%
    holds: NDArray[np.bool_]  # whether `low` and `high` held the chance that the true abilities had
    passed: NDArray[np.bool_]

    @property
    def is_given(self) -> NDArray[np.bool_]:
        """Whether a number was given."""
        given: NDArray[np.bool_] = ~np.isnan(self.p_pass)
        return given


def reliability(told: Floats, happened: NDArray[np.bool_], *, n_bins: int = N_BINS, seed: int = 1) -> Reliability:
    """From chances (n,) and outcomes (n,), over bins of equal width."""
    if told.shape != happened.shape or not len(told) or not ((told >= 0) & (told <= 1)).all():
        raise UsageError("chances lie in 0 to 1, and each has an outcome")
    place = np.minimum((told * n_bins).astype(np.intp), n_bins - 1)
    sure = np.clip(told, 1e-12, 1 - 1e-12)
    rng = np.random.default_rng(seed)
    by_chance = [_ece(told, rng.random(len(told)) < told, place, n_bins) for _ in range(20)]
    bins = tuple(_bin(told, happened, place == b, b / n_bins, (b + 1) / n_bins) for b in range(n_bins) if (place == b).any())
    return Reliability(
        n=len(told),
        ece=_ece(told, happened, place, n_bins),
        by_chance=float(np.mean(by_chance)),
        brier=float(((told - happened) ** 2).mean()),
        log_loss=float(-np.where(happened, np.log(sure), np.log1p(-sure)).mean()),
        base_rate=float(happened.mean()),
        bins=bins,
    )


def told_chances(
    candidates: Iterable[SimulatedCandidate], pool: AreaItems, form: FreshForm, motion: AbilityMotion, floor: EvidenceFloor
) -> ToldChances:
    """What each candidate is told each time they ask, from their answers until then."""
    rows = [(n, *row) for n, one in enumerate(candidates) for row in _told_one(one, pool, form, motion, floor)]
    columns = list(zip(*rows, strict=True))
    numbers = [np.array(column) for column in columns]
    return ToldChances(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7])


Row = tuple[int, float, float, float, bool, bool, bool]


def _told_one(
    candidate: SimulatedCandidate, pool: AreaItems, form: FreshForm, motion: AbilityMotion, floor: EvidenceFloor
) -> list[Row]:
    answers, rows = candidate.answers, []
    for turn, day in enumerate(candidate.told_on):
        until = answers.part(0, int(np.searchsorted(answers.day, day, side="right")))
        found = readiness(until, pool, form, day, motion=motion, floor=floor)
        p, low, high, is_within = _numbers(found, candidate.n_right[turn])
        known = float(at_abilities(candidate.abilities[turn : turn + 1], form, motion).p_pass[0])
        rows.append((turn, p, low, high, is_within, low <= known <= high, candidate.passed[turn]))
    return rows


def _numbers(found: Readiness | TooLittle, n_right: int) -> tuple[float, float, float, bool]:
    if isinstance(found, TooLittle):
        return float("nan"), float("nan"), float("nan"), False
    return found.p_pass, found.low, found.high, found.score.low <= n_right <= found.score.high


def _ece(told: Floats, happened: NDArray[np.bool_], place: NDArray[np.intp], n_bins: int) -> float:
    gaps = np.bincount(place, told - happened, minlength=n_bins)
    return float(np.abs(gaps).sum() / len(told))


def _bin(told: Floats, happened: NDArray[np.bool_], chosen: NDArray[np.bool_], low: float, high: float) -> ReliabilityBin:
    return ReliabilityBin(low, high, int(chosen.sum()), float(told[chosen].mean()), float(happened[chosen].mean()))
