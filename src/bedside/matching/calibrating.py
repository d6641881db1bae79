"""Fitting the simulated market to what was published.

Fitted: of each specialty how much a non-US IMG is worth to its programmes, so that as many match to it as was published, and
what a score adds, so that the medians of matched and unmatched lie as far apart; of each other type its worth, so that as many
match to any post as was published; and the lengths of the lists of non-US IMGs, so that the medians of matched and unmatched
over all specialties come out. Applicants are simulated in the specialty that they prefer; of those without a match there the
same share of every type is taken to match elsewhere, as is known of non-US IMGs. Every step uses the same chance, so the fit is
the same each time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bedside.matching.facts import NON_US_IMG, MatchFacts, Specialty
from bedside.matching.simulating import Floats, Group, Shape, Simulated, simulate

OTHER = "other"
STEPS = 60
MARKETS = 6  # of each specialty, in each step
FINE_MARKETS = 24  # of a specialty with few non-US IMGs
FEW = 200
MOST_BY_SCORE = 1.5
NORMAL_IQR = 1.349  # quartiles of the normal lie so many standard deviations apart


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is fitted. Worths are in units of what programmes do not agree on; `by_score` is for one standard deviation."""

    worth_of_type: dict[str, float]
    worth: dict[str, float]
    by_score: dict[str, float]
    mean_ranks: float
    evenness: float

    def rounded(self) -> Parameters:
        """As they are kept in a file."""
        return Parameters(
            {name: round(value, 4) for name, value in self.worth_of_type.items()},
            {name: round(value, 4) for name, value in self.worth.items()},
            {name: round(value, 4) for name, value in self.by_score.items()},
            round(self.mean_ranks, 4),
            round(self.evenness, 4),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simulated Match gave, in the terms of what was published."""

    rate: dict[str, float]
    rate_of_type: dict[str, float]
    score_gap: dict[str, float]
    ranks_matched: float
    ranks_not_matched: float


def fit(facts: MatchFacts, *, seed: int, n_steps: int = STEPS) -> Parameters:
    """The parameters under which a simulated Match is like the published one."""
    now = Parameters(
        dict.fromkeys(types_of(facts), 1.0),
        dict.fromkeys(facts.specialties, -0.5),
        dict.fromkeys(facts.specialties, 0.3),
        5.0,
        1.0,
    )
    steps = _Steps()
    for _step in range(n_steps):
        now = _nearer(facts, now, outcome(facts, now, seed=seed), steps)
    return now.rounded()


def outcome(facts: MatchFacts, parameters: Parameters, *, seed: int) -> Outcome:
    """A simulated Match, the mean of several."""
    runs = {
        one.name: markets_of(facts, one, parameters, seed=seed, n=FINE_MARKETS if one.n_non_us < FEW else MARKETS)
        for one in facts.specialties.values()
    }
    ranks, is_matched, weight = _lists_of_non_us(runs)
    return Outcome(
        {name: float(np.mean([_rate(one) for one in made])) for name, made in runs.items()},
        _rates_of_types(facts, runs),
        {name: _gap(made) for name, made in runs.items()},
        _middle(ranks[is_matched], weight[is_matched]),
        _middle(ranks[~is_matched], weight[~is_matched]),
    )


def markets_of(facts: MatchFacts, specialty: Specialty, parameters: Parameters, *, seed: int, n: int) -> list[Simulated]:
    """Some markets of one specialty; the last group is the non-US IMGs."""
    shape = shape_of(facts, specialty, parameters)
    groups = groups_of(facts, specialty, parameters)
    where = list(facts.specialties).index(specialty.name)
    return [simulate(groups, shape, np.random.default_rng([seed, where, run])) for run in range(n)]


def types_of(facts: MatchFacts) -> dict[str, tuple[int, float]]:
    """Of each type but non-US IMGs how many there are and which share matched; `other` is what the totals leave."""
    found = {one.name: (one.active, one.matched_pct / 100) for one in facts.file.types if one.name != NON_US_IMG}
    totals = facts.file.totals
    n = totals.active - sum(one.active for one in facts.file.types)
    matched = totals.active * totals.all_active_pct - sum(one.active * one.matched_pct for one in facts.file.types)
    return {**found, OTHER: (n, matched / 100 / n)}


def elsewhere(facts: MatchFacts) -> float:
    """Of the non-US IMGs without a match in the specialty that they prefer, the share matched elsewhere."""
    every, own = facts.type(NON_US_IMG), facts.file.non_us_img.matched_preferred
    return (every.active * every.matched_pct / 100 - own) / (every.active - own)


def shape_of(facts: MatchFacts, specialty: Specialty, parameters: Parameters) -> Shape:
    """The programmes of a specialty, all of the size that programmes have on average."""
    totals = facts.file.totals
    n_programmes = max(1, round(specialty.positions * totals.programmes / totals.positions))
    return Shape(
        n_programmes,
        specialty.positions,
        facts.assumed("spread_of_programmes"),
        facts.assumed("spread_of_applicants"),
        parameters.evenness,
        int(facts.assumed("most_ranks")),
    )


def groups_of(facts: MatchFacts, specialty: Specialty, parameters: Parameters) -> tuple[Group, ...]:
    """Who prefers a specialty: the other types in the same parts everywhere (assumed), then the non-US IMGs."""
    types = types_of(facts)
    others, n_all = specialty.applicants - specialty.n_non_us, sum(n for n, _rate in types.values())
    edges = np.rint(np.cumsum([n for n, _rate in types.values()]) / n_all * others).astype(int)
    mean = facts.assumed("mean_ranks_of_others")
    counts = np.diff(edges, prepend=0).tolist()
    found = [Group(n, parameters.worth_of_type[name], 0.0, mean) for name, n in zip(types, counts, strict=True)]
    own = Group(
        specialty.n_non_us, parameters.worth[specialty.name], parameters.by_score[specialty.name], parameters.mean_ranks
    )
    return (*found, own)


def score_scale(facts: MatchFacts, specialty: Specialty) -> tuple[float, float]:
    """Mean and standard deviation of Step 2 CK of all non-US IMGs who prefer a specialty; of all specialties where unknown."""
    scores = specialty.step2ck
    if scores.matched is None or scores.not_matched is None:
        return _overall_scale(facts)
    means = (scores.matched[1], scores.not_matched[1])
    spreads = tuple((one[2] - one[0]) / NORMAL_IQR for one in (scores.matched, scores.not_matched))
    p = specialty.rate
    mean = p * means[0] + (1 - p) * means[1]
    within = p * spreads[0] ** 2 + (1 - p) * spreads[1] ** 2
    return mean, float(np.sqrt(within + p * (1 - p) * (means[0] - means[1]) ** 2))


def published_gap(facts: MatchFacts, specialty: Specialty) -> tuple[float, float]:
    """How far the medians of matched and unmatched lie apart, in standard deviations of the score, and its standard error."""
    _mean, spread = score_scale(facts, specialty)
    scores = specialty.step2ck
    if scores.matched is None or scores.not_matched is None:
        medians = facts.file.non_us_img.median_step2ck
        gap = medians.matched - medians.not_matched
        return gap / spread, 0.5
    error = 1.2533 * np.sqrt(1 / max(specialty.matched, 1) + 1 / max(specialty.not_matched, 1))
    return (scores.matched[1] - scores.not_matched[1]) / spread, float(error)


def _overall_scale(facts: MatchFacts) -> tuple[float, float]:
    known = [one for one in facts.specialties.values() if one.step2ck.matched and one.step2ck.not_matched]
    weights = np.array([one.n_non_us for one in known])
    spreads = np.array([score_scale(facts, one)[1] for one in known])
    medians = facts.file.non_us_img.median_step2ck
    return (medians.matched + medians.not_matched) / 2, float(np.sqrt((weights * spreads**2).sum() / weights.sum()))


class _Steps:
    """How far each parameter moves for its error: further while it moves one way, half as far once it turns."""

    def __init__(self) -> None:
        self.gain: dict[str, float] = {}
        self.last: dict[str, float] = {}

    def move(self, name: str, error: float) -> float:
        turned = self.last.get(name, 0.0) * error < 0
        self.gain[name] = min(self.gain.get(name, 0.4) * (0.5 if turned else 1.25), 2.0)
        self.last[name] = error
        return self.gain[name] * error


def _nearer(facts: MatchFacts, now: Parameters, got: Outcome, steps: _Steps) -> Parameters:
    worth, by_score = dict(now.worth), dict(now.by_score)
    for name, specialty in facts.specialties.items():
        worth[name] += steps.move(name, _logit(specialty.rate) - _logit(got.rate[name]))
        gap = published_gap(facts, specialty)[0] - got.score_gap[name]
        by_score[name] = min(max(by_score[name] + steps.move(f"score {name}", gap), 0.0), MOST_BY_SCORE)
    types = {
        name: now.worth_of_type[name] + steps.move(f"type {name}", _logit(rate) - _logit(got.rate_of_type[name]))
        for name, (_n, rate) in types_of(facts).items()
    }
    medians = facts.file.non_us_img.median_ranks
    up, down = np.log(medians.matched / got.ranks_matched), np.log(medians.not_matched / got.ranks_not_matched)
    longer, more_even = steps.move("ranks", float(up + down) / 2), steps.move("evenness", float(down - up))
    mean_ranks = min(max(now.mean_ranks * float(np.exp(longer)), 1.5), 20.0)
    evenness = min(max(now.evenness * float(np.exp(more_even)), 0.1), 20.0)
    return replace(now, worth_of_type=types, worth=worth, by_score=by_score, mean_ranks=mean_ranks, evenness=evenness)


def _logit(share: float) -> float:
    inside = min(max(share, 1e-3), 1 - 1e-3)
    return float(np.log(inside / (1 - inside)))


def _is_own(market: Simulated) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = market.group == market.group.max(initial=0)
    return found


def _rate(market: Simulated) -> float:
    return float(market.is_matched[_is_own(market)].mean())


def _gap(made: list[Simulated]) -> float:
    own = [(one.score[_is_own(one)], one.is_matched[_is_own(one)]) for one in made]
    score, matched = np.concatenate([one[0] for one in own]), np.concatenate([one[1] for one in own])
    if matched.all() or not matched.any():
        return 0.0
    return float(np.median(score[matched]) - np.median(score[~matched]))


def _rates_of_types(facts: MatchFacts, runs: dict[str, list[Simulated]]) -> dict[str, float]:
    n_types = len(types_of(facts))
    matched, everybody = np.zeros(n_types), np.zeros(n_types)
    for made in runs.values():
        for one in made:
            is_type = one.group < n_types
            everybody += np.bincount(one.group[is_type], minlength=n_types) / len(made)
            matched += np.bincount(one.group[is_type & one.is_matched], minlength=n_types) / len(made)
    share = matched / everybody
    return dict(zip(types_of(facts), (share + elsewhere(facts) * (1 - share)).tolist(), strict=True))


def _lists_of_non_us(runs: dict[str, list[Simulated]]) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]], Floats]:
    ranks, matched, weights = [], [], []
    for made in runs.values():
        for one in made:
            own = _is_own(one)
            ranks.append(one.n_ranks[own].astype(np.float64))
            matched.append(one.is_matched[own])
            weights.append(np.full(int(own.sum()), 1 / len(made)))
    return np.concatenate(ranks), np.concatenate(matched), np.concatenate(weights)


def _middle(values: Floats, weights: Floats) -> float:
    """The median, each whole number spread over the interval around it, so that it moves smoothly."""
    mass = np.bincount(values.astype(int), weights=weights)
    below = np.cumsum(mass)
    half = below[-1] / 2
    at = int(np.searchsorted(below, half))
    return float(at - 0.5 + (half - (below[at] - mass[at])) / mass[at])
