"""Would I pass if I sat today? The chance, with an interval, what it rests on, and what would narrow it; or what is missing.

Until real outcomes exist, nothing here knows what a real exam would have said: a chance of 70% is right about seven in ten
forms of this bank, passed by this bank's own standard. `Readiness.against` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from bedside.errors import UsageError
from bedside.measure.passing.filter import Ability, ability_after, ability_on, first_ability
from bedside.measure.passing.form import (
    LEAST_ITEMS,
    FormOutcome,
    FreshForm,
    form_outcome,
    fresh_form,
    narrowing,
    score_chances,
)
from bedside.measure.passing.model import AbilityMotion, AnswerHistory, AreaItems, Floats, OutsideScore, judged_items
from bedside.measure.passing.weak import weak_areas

LEVEL = 0.9  # of every interval


class Against(Enum):
    """What a chance to pass was calibrated against."""

    OWN_STANDARD = "own_standard"  # this bank's items and its standard, by simulation
    OUTCOMES = "outcomes"  # what real exams said; nothing gives this yet


class EvidenceNeed(Enum):
    """What there is too little of for a number."""

    ANSWERS = "answers"  # to items not met before
    BREADTH = "breadth"  # share of the exam in whose areas something was answered
    CERTAINTY = "certainty"  # share of the first doubt about overall ability that is gone


@dataclass(frozen=True, slots=True)
class EvidenceFloor:
    """Below any of these there is no number."""

    n_answers: int = 30  # to items not met before
    breadth: float = 0.5  # share of the exam, 0 to 1
    certainty: float = 0.6  # share of the variance of overall ability before the first answer that is gone, 0 to 1


@dataclass(frozen=True, slots=True)
class MissingEvidence:
    """One thing that there is too little of."""

    need: EvidenceNeed
    have: float
    wanted: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a number rests on. Ages are days before the day asked about; NaN where there is nothing."""

    n_answers: int
    n_first: int  # of them to items not met before
    n_timed: int
    n_scores: int  # from elsewhere
    median_age_days: float
    by_area: tuple[int, ...]  # answers
    last_age_days: Floats  # (n_areas,)
    breadth: float  # share of the exam in whose areas something was answered, 0 to 1
    certainty: float  # share of the first variance of overall ability that is gone, 0 to 1, negative if doubt has grown

    @property
    def unasked(self) -> tuple[int, ...]:
        """Areas without any answer, as indices."""
        return tuple(k for k, n in enumerate(self.by_area) if n == 0)


@dataclass(frozen=True, slots=True)
class ScoreForecast:
    """The number right on a fresh form: the chance of each, shape (n_items + 1,), the mean, and limits that hold 90%."""

    chances: Floats
    mean: float
    low: int
    high: int
    cut: float  # expected number right of who just passes


@dataclass(frozen=True, slots=True)
class AreaAbility:
    """Ability in one area, in logits, and the chance of a right answer there, 0 to 1."""

    ability: float
    sd: float
    right: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """The chance to pass on `day`, 0 to 1.

    `p_pass` is the number: of those told 0.7, 70% pass. `low` and `high` say what further evidence may make of it: with
    abilities known exactly, the chance would lie between them nine times in ten. The draw of the form and the luck of the day
    would still be open then; `from_ability` is the share (0 to 1) of the doubt about passing that evidence can take away, the
    rest being that luck.
    """

    day: int
    p_pass: float
    low: float
    high: float
    from_ability: float
    score: ScoreForecast
    areas: tuple[AreaAbility, ...]
    evidence: Evidence
    narrowing: Floats  # (n_areas,), share of the variance behind `low` and `high` that ten more answers would take away
    against: Against = Against.OWN_STANDARD

    @property
    def narrows_most(self) -> int:
        """The area, as an index, in which ten more answers would tell most."""
        return int(np.argmax(self.narrowing))


@dataclass(frozen=True, slots=True)
class TooLittle:
    """No number, and why."""

    day: int
    missing: tuple[MissingEvidence, ...]
    evidence: Evidence


def readiness(
    answers: AnswerHistory,
    pool: AreaItems,
    form: FreshForm,
    on: int,
    *,
    motion: AbilityMotion = AbilityMotion(),  # noqa: B008 - frozen
    scores: tuple[OutsideScore, ...] = (),
    floor: EvidenceFloor = EvidenceFloor(),
) -> Readiness | TooLittle:
    """Whether a candidate would pass a fresh form on the day `on` (an ordinal), from what was answered until then.

    Answers and scores after that day are an error. Deterministic; for 10,000 answers over 20 areas some 20 ms.
    """
    if max([*answers.day[-1:], *(score.day for score in scores)], default=on) > on:
        raise UsageError(f"there are answers or scores after day {on}")
    starts = [*answers.day[:1], *(score.day for score in scores)]
    ability = first_ability(pool.n_areas, int(min(starts, default=on)), motion)
    ability = ability_after(ability, answers, pool, motion, scores=scores, shares=form.shares)
    evidence = evidence_of(ability, answers, pool, form, on, motion=motion, n_scores=len(scores))
    return readiness_of(ability_on(ability, on, motion), evidence, form, motion, floor)


def readiness_of(
    ability: Ability,
    evidence: Evidence,
    form: FreshForm,
    motion: AbilityMotion,
    floor: EvidenceFloor = EvidenceFloor(),
) -> Readiness | TooLittle:
    """The same from what is believed on `ability.day` already, for those who keep it from one answer to the next."""
    missing = _missing(evidence, floor)
    if missing:
        return TooLittle(ability.day, missing, evidence)
    found = form_outcome(ability, form, motion)
    p = float(found.p_pass.mean())
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(found.p_pass, [tail, 1 - tail])
    spread = float(found.p_pass.var())
    return Readiness(
        day=ability.day,
        p_pass=p,
        low=min(float(low), p),
        high=max(float(high), p),
        from_ability=spread / max(p * (1 - p), 1e-12),
        score=_score(found, form, motion),
        areas=_areas(ability, found, form, motion),
        evidence=evidence,
        narrowing=narrowing(ability, found, form, motion) / max(spread, 1e-12),
    )


def warm_readiness() -> None:
    """Have everything that a first number needs ready: read from the compiler's cache, or compiled, which takes seconds.

    For a server to call in the background as it starts; the numbers are the same without it. Where neither the folder of this
    package nor the user's cache folder can be written, each new process compiles anew (see `compiled`).
    """
    n = 2 * LEAST_ITEMS
    items = judged_items(tuple(map(str, range(n))), np.full(n, 0.6), np.full(n, 5))
    pool = AreaItems(items, np.zeros(n, dtype=np.int16), 1)
    day, place, every = np.zeros(n, dtype=np.int32), np.arange(n, dtype=np.int32), np.ones(n, dtype=np.bool_)
    readiness(AnswerHistory.of(day, place, every, every), pool, fresh_form(pool, np.ones(1), LEAST_ITEMS), 1)


def evidence_of(
    ability: Ability,
    answers: AnswerHistory,
    pool: AreaItems,
    form: FreshForm,
    on: int,
    *,
    motion: AbilityMotion,
    n_scores: int = 0,
) -> Evidence:
    """What a number on the day `on` rests on; `ability` is what is believed after the latest answer."""
    area = pool.area[answers.item]
    counts = np.bincount(area, minlength=pool.n_areas)
    last = np.full(pool.n_areas, np.nan)
    last[area] = on - answers.day  # the latest answer comes last and stays
    before = first_ability(pool.n_areas, on, motion)
    doubt = _overall_variance(ability_on(ability, on, motion), form) / max(_overall_variance(before, form), 1e-12)
    return Evidence(
        n_answers=len(answers),
        n_first=int((~answers.is_repeat).sum()),
        n_timed=int(answers.is_timed.sum()),
        n_scores=n_scores,
        median_age_days=float(np.median(on - answers.day)) if len(answers) else float("nan"),
        by_area=tuple(int(n) for n in counts),
        last_age_days=last,
        breadth=float(form.shares[counts > 0].sum()),
        certainty=1 - doubt,
    )


def _missing(evidence: Evidence, floor: EvidenceFloor) -> tuple[MissingEvidence, ...]:
    asked = (
        MissingEvidence(EvidenceNeed.ANSWERS, evidence.n_first, floor.n_answers),
        MissingEvidence(EvidenceNeed.BREADTH, evidence.breadth, floor.breadth),
        MissingEvidence(EvidenceNeed.CERTAINTY, evidence.certainty, floor.certainty),
    )
    return tuple(one for one in asked if one.have < one.wanted)


def _overall_variance(ability: Ability, form: FreshForm) -> float:
    k = ability.n_areas
    return float(form.shares @ ability.covariance[:k, :k] @ form.shares)


def _score(found: FormOutcome, form: FreshForm, motion: AbilityMotion) -> ScoreForecast:
    chances = score_chances(found, form, motion)
    below, tail = np.cumsum(chances), (1 - LEVEL) / 2
    low, high = int(np.searchsorted(below, tail)), int(np.searchsorted(below, 1 - tail))
    return ScoreForecast(chances, float(chances @ np.arange(len(chances))), low, high, form.cut)


def _areas(ability: Ability, found: FormOutcome, form: FreshForm, motion: AbilityMotion) -> tuple[AreaAbility, ...]:
    k, weak = ability.n_areas, weak_areas(ability, form.shares, motion)
    mean = ability.mean[:k] + weak.mean_shift
    sd = np.sqrt(np.diag(ability.covariance)[:k] + weak.variance)
    right = found.right.mean(axis=0)
    return tuple(AreaAbility(float(mean[area]), float(sd[area]), float(right[area])) for area in range(k))
