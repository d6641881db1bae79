"""The chance of a non-US IMG to match to a specialty with so many programmes of it on the list, and how sure that is.

In a large market one applicant more moves nothing, so the bars of a simulated market say what anybody would have met in it. The
chance is the mean over all that programmes see beside the score; the interval is over simulated years, in each of which the
other applicants are drawn anew and the fitted parameters are drawn within what the published figures leave open.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numba
import numpy as np

from bedside.errors import UsageError
from bedside.matching.calibrating import (
    FINE_MARKETS,
    MARKETS,
    Parameters,
    groups_of,
    markets_of,
    outcome,
    published_gap,
    score_scale,
    shape_of,
    types_of,
)
from bedside.matching.facts import NON_US_IMG, MatchFacts, Specialty
from bedside.matching.simulating import Floats, simulate

SCHEMA = "match-simulated/1"
MOST_RANKS = 20
SCORES: tuple[int | None, ...] = (None, *range(200, 281, 10))  # of Step 2 CK; None is any score
MARKETS_DRAWN = 100
LOW, HIGH = 0.025, 0.975
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
STEP = 0.3  # for slopes: in worth
Grid = dict[str, list[list[list[float]]]]


@dataclass(frozen=True, slots=True)
class Chance:
    """A chance with its 95% interval."""

    ranks: int
    chance: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FitLine:
    """A published figure and the simulated one; `error` is one standard error of the published one as a sample of its size."""

    what: str
    name: str
    n: int
    published: float
    simulated: float
    error: float

    @property
    def is_near(self) -> bool:
        """Within sampling error: 1.96 standard errors."""
        return abs(self.published - self.simulated) <= 1.96 * self.error


@dataclass(frozen=True, slots=True)
class Simulations:
    """What `bedside match calibrate` keeps."""

    facts: str
    seed: int
    markets: int
    parameters: Parameters
    fit: tuple[FitLine, ...]
    chances: Grid

    def as_json(self) -> str:
        """The file, the same bytes for the same values."""
        data = {"schema": SCHEMA, **asdict(self), "scores": SCORES}
        lines = [f"{json.dumps(key)}: {_compact(value)}" for key, value in sorted(data.items())]
        return "{\n" + ",\n".join(lines) + "\n}\n"


def simulations_from(text: str) -> Simulations:
    """The simulations from their file, which is Bedside's own.

    Raises:
        UsageError: it is of another kind.
    """
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UsageError(f'the simulated Match is not of schema "{SCHEMA}"; make it again with `bedside match calibrate`')
    return Simulations(
        data["facts"],
        data["seed"],
        data["markets"],
        Parameters(**data["parameters"]),
        tuple(FitLine(**line) for line in data["fit"]),
        data["chances"],
    )


def covered(facts: MatchFacts) -> tuple[Specialty, ...]:
    """The specialties of which enough is known, by title."""
    fewest = facts.assumed("fewest_applicants")
    return tuple(sorted((one for one in facts.specialties.values() if one.n_non_us >= fewest), key=lambda one: one.title))


def simulations_of(facts: MatchFacts, parameters: Parameters, *, seed: int, markets: int = MARKETS_DRAWN) -> Simulations:
    """All chances, and how near the fit is."""
    grid = {
        one.name: chances_of(facts, parameters, one, seed=seed, markets=markets).round(3).tolist() for one in covered(facts)
    }
    return Simulations(facts.fingerprint, seed, markets, parameters, fit_of(facts, parameters, seed=seed + 1), grid)


def chances_of(
    facts: MatchFacts, parameters: Parameters, specialty: Specialty, *, seed: int, markets: int = MARKETS_DRAWN
) -> Floats:
    """By score (`SCORES`) and number of ranks (from 1): chance, low and high."""
    chance = np.random.default_rng([seed, list(facts.specialties).index(specialty.name), 7])
    mean, spread = score_scale(facts, specialty)
    noise = facts.assumed("spread_of_applicants")
    found = np.empty((markets, len(SCORES), MOST_RANKS))
    for n, drawn in enumerate(_drawn(facts, parameters, specialty, seed=seed, markets=markets, chance=chance)):
        market = simulate(groups_of(facts, specialty, drawn), shape_of(facts, specialty, drawn), chance)
        worth, slope = drawn.worth[specialty.name], drawn.by_score[specialty.name]
        for at, score in enumerate(SCORES):
            centre = worth if score is None else worth + slope * (score - mean) / spread
            width = math.hypot(noise, slope) if score is None else noise
            found[n, at] = _by_ranks(centre + width * NODES, NODE_WEIGHTS, market.bars, market.weights, MOST_RANKS)
    low, high = np.quantile(found, [LOW, HIGH], axis=0)
    return np.stack([found.mean(axis=0), low, high], axis=-1)


def chance_by_ranks(
    facts: MatchFacts, simulations: Simulations, *, specialty: str, kind: str, score: int | None
) -> tuple[Chance, ...]:
    """The chance for each number of ranks from 1 to `MOST_RANKS`.

    Raises:
        NotFoundError: the specialty or the kind is not known.
        UsageError: nothing published carries an answer, or the score is out of range.
    """
    found = answerable(facts, specialty=specialty, kind=kind)
    rows = simulations.chances[found.name]
    if score is None:
        row = np.array(rows[0])
    else:
        known = [one for one in SCORES if one is not None]
        if not known[0] <= score <= known[-1]:
            raise UsageError(f"a score of Step 2 CK is from {known[0]} to {known[-1]} here, not {score}")
        at = min((score - known[0]) // 10, len(known) - 2)
        part = (score - known[at]) / 10
        row = (1 - part) * np.array(rows[1 + at]) + part * np.array(rows[2 + at])
    return tuple(Chance(n, *(round(float(value), 3) for value in one)) for n, one in enumerate(row, start=1))


def answerable(facts: MatchFacts, *, specialty: str, kind: str) -> Specialty:
    """The specialty, where enough was published about this kind of applicant in it.

    Raises:
        NotFoundError: the specialty or the kind is not known.
        UsageError: too little was published; says what is known instead.
    """
    found, asked = facts.specialty(specialty), facts.type(kind)
    if kind != NON_US_IMG:
        raise UsageError(
            f"nothing is known by specialty about applicants of this kind ({asked.title}); "
            f"over all specialties {asked.matched_pct:g}% of {asked.active:,} matched in {facts.file.year}"
        )
    fewest = facts.assumed("fewest_applicants")
    if found.n_non_us < fewest:
        raise UsageError(
            f"{found.n_non_us} non-US IMGs preferred {found.title} in {facts.file.year}, and {found.matched} matched to it: "
            f"too few for a chance, which needs {fewest:g}"
        )
    return found


def published(specialty: Specialty) -> Chance:
    """The published share matched of all non-US IMGs who preferred a specialty, with the interval of Wilson (1927)."""
    n, p, z = specialty.n_non_us, specialty.rate, 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Chance(0, round(p, 3), round(middle - half, 3), round(middle + half, 3))


def fit_of(facts: MatchFacts, parameters: Parameters, *, seed: int) -> tuple[FitLine, ...]:
    """Published beside simulated; by chance that the fit has not seen."""
    got = outcome(facts, parameters, seed=seed)
    lines = []
    for one in facts.specialties.values():
        lines.append(_line("specialty", one.name, one.n_non_us, one.rate, got.rate[one.name]))
    for name, (n, rate) in types_of(facts).items():
        lines.append(_line("type", name, n, rate, got.rate_of_type[name]))
    medians = facts.file.non_us_img.median_ranks
    lines.append(FitLine("ranks", "matched", 0, medians.matched, round(got.ranks_matched, 2), 0.5))
    lines.append(FitLine("ranks", "not_matched", 0, medians.not_matched, round(got.ranks_not_matched, 2), 0.5))
    return tuple(lines)


def _line(what: str, name: str, n: int, rate: float, simulated: float) -> FitLine:
    error = math.sqrt(rate * (1 - rate) / n)
    if what == "type":  # published in tenths of a per cent
        error = math.hypot(error, 0.0005)
    return FitLine(what, name, n, round(rate, 6), round(simulated, 4), round(error, 4))


def _drawn(
    facts: MatchFacts, parameters: Parameters, specialty: Specialty, *, seed: int, markets: int, chance: np.random.Generator
) -> list[Parameters]:
    """Parameters within what the published figures leave open.

    The share matched is known as well as a sample of its size; how long lists are in one specialty is not known, and a longer
    usual list goes with a lower worth, so that the share stays as published.
    """
    name, n = specialty.name, FINE_MARKETS if specialty.n_non_us < 1000 else MARKETS
    spread = facts.assumed("spread_of_ranks")

    def rate(worth: float, longer: float) -> float:
        changed = replace(
            parameters,
            worth={**parameters.worth, name: parameters.worth[name] + worth},
            mean_ranks=parameters.mean_ranks * math.exp(longer),
        )
        made = markets_of(facts, specialty, changed, seed=seed, n=n)
        return float(np.mean([one.is_matched[one.group == one.group.max()].mean() for one in made]))

    by_worth = max((rate(STEP, 0) - rate(-STEP, 0)) / (2 * STEP), 0.02)
    by_length = (rate(0, spread) - rate(0, -spread)) / (2 * spread)
    error = math.sqrt(specialty.rate * (1 - specialty.rate) / specialty.n_non_us)
    gap_error = published_gap(facts, specialty)[1]
    drawn = []
    for _market in range(markets):
        longer = spread * chance.standard_normal()
        worth = (error * chance.standard_normal() - by_length * longer) / by_worth
        slope = max(parameters.by_score[name] + gap_error * chance.standard_normal(), 0.0)
        drawn.append(
            replace(
                parameters,
                worth={**parameters.worth, name: parameters.worth[name] + worth},
                by_score={**parameters.by_score, name: slope},
                mean_ranks=parameters.mean_ranks * math.exp(longer),
            )
        )
    return drawn


@numba.njit(cache=True, nogil=True)
def _by_ranks(worths, node_weights, bars, weights, most):  # type: ignore[no-untyped-def]
    found = np.zeros(most)
    whole = node_weights.sum()
    for at in range(len(worths)):
        taken = 0.0
        for programme in range(len(bars)):
            taken += weights[programme] * 0.5 * math.erfc((bars[programme] - worths[at]) / math.sqrt(2.0))
        left = 1.0
        for n in range(most):
            left *= 1.0 - taken
            found[n] += node_weights[at] / whole * (1.0 - left)
    return found


def _compact(value: Any) -> str:
    """Tables a row a line, the rest on one line."""
    if isinstance(value, Mapping) and value and all(isinstance(one, Sequence) for one in value.values()):
        rows = [f"{json.dumps(key)}: {json.dumps(one, separators=(',', ':'))}" for key, one in sorted(value.items())]
        return "{\n" + ",\n".join(rows) + "\n}"
    if isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
        return "[\n" + ",\n".join(json.dumps(one) for one in value) + "\n]"
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
