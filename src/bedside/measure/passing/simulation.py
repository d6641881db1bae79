"""Candidates whose abilities are known: they learn, forget, cram or leave an area alone, answer, and sit a fresh form.

They do not follow the model that is to be judged by them: what is gained nears a ceiling, is lost by a share a day, and differs
between areas. `CandidateTruth` says how they live, `WorldTwist` in what the world is unlike what the bank and the model say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from bedside.measure.passing.model import JUDGED_SD, AnswerHistory, AreaItems, Floats, judged_items

N_OPTIONS = 5
SD_DAY = 0.1  # of good and bad days
REPEAT_GAIN, SD_REPEAT_GAIN = 0.8, 0.5  # of meeting an item again, in logits
TUTOR_GAIN, SD_TUTOR_GAIN = 0.1, 0.2  # of answering without a clock
N_TOLD = 4  # how often each candidate asks whether they would pass


class CandidateTruth(Enum):
    """How a candidate's abilities move."""

    STEADY = "steady"  # study most days, nothing lost
    FORGETTING = "forgetting"  # breaks of weeks, in which part of what was gained is lost
    CRAMMING = "cramming"  # little for long, then much in some weeks, lost fast afterwards
    WEAK_AREA = "one weak area"  # one to three areas far below, which are left alone


class WorldTwist(Enum):
    """In what the world is unlike what the bank and the model say."""

    NONE = "as assumed"
    ITEMS = "items unlike"  # slopes and guessing vary, judges err with heavy tails and pull towards their mean
    MOODS = "moody days"  # good and bad days 2.5 times as far apart
    REPEATS = "items remembered"  # meeting an item again gives twice as much
    UNTIMED = "clock matters"  # without a clock it is half a logit easier
    WEAKER = "weaker group"  # all start 0.8 logits lower
    SICK_AREA = "area misjudged"  # judges found one area half a logit too easy
    PRACTISED = "weak but practised"  # everybody has one to three areas far below, and practises them as much as the others
    UNEVEN = "left alone, not weak"  # everybody leaves one to three areas alone that are no weaker than the others
    BY_DAY = "gains by the day"  # abilities move by the calendar, whatever is answered; no good and bad days, no gain from
    # meeting an item again or from having no clock
    HARDER = "harder exam"  # the exam's items are 0.3 logits harder than the bank's, and its standard is not


_MOODS = {WorldTwist.MOODS: 2.5, WorldTwist.BY_DAY: 0.0}  # times as far apart


@dataclass(frozen=True, slots=True)
class SimulatedWorld:
    """A bank as its judges see it, and as it is."""

    pool: AreaItems
    shares: Floats  # (n_areas,), adding to 1
    n_items: int  # of the exam
    slope: Floats  # (n_bank,), true
    difficulty: Floats  # (n_bank,), true
    guessing: Floats  # (n_bank,), true
    asked: Floats  # (n_bank,), what the standard asks of each: the judges' share of just-passing candidates
    twist: WorldTwist


@dataclass(frozen=True, slots=True)
class SimulatedCandidate:
    """What one candidate answered, the days on which they asked, and how a fresh form on each would have ended."""

    truth: CandidateTruth
    answers: AnswerHistory
    told_on: tuple[int, ...]
    abilities: Floats  # (n_told, n_areas), true, on these days
    n_right: tuple[int, ...]
    passed: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class _Lives:
    """A batch of candidates, day by day."""

    ability: Floats  # (n_days, n, n_areas)
    n_answers: NDArray[np.int_]  # (n_days, n)
    liking: Floats  # (n, n_areas), how answers are shared among areas
    last_day: NDArray[np.int_]  # (n,), of study


def simulated_world(
    rng: np.random.Generator, *, n_areas: int = 18, n_bank: int = 1_800, n_items: int = 280, twist: WorldTwist = WorldTwist.NONE
) -> SimulatedWorld:
    """A bank with judges' ratings around 0.63, evenly over the areas."""
    area = np.arange(n_bank).astype(np.int16) % n_areas
    ratings = np.clip(rng.normal(0.63, 0.09, n_bank), 0.3, 0.9)
    items = judged_items(tuple(f"i{n}" for n in range(n_bank)), ratings, np.full(n_bank, N_OPTIONS))
    slope, guessing = items.discrimination.copy(), items.guessing.copy()
    difficulty = items.difficulty + rng.normal(0.0, JUDGED_SD, n_bank)
    if twist is WorldTwist.ITEMS:
        slope *= np.exp(rng.normal(-0.05, 0.3, n_bank))
        guessing = rng.beta(8, 32, n_bank)
        difficulty = 1.3 * items.difficulty + 0.3 + 0.55 * rng.standard_t(4, n_bank)
    if twist is WorldTwist.SICK_AREA:
        difficulty[area == 0] += 0.5
    shares = rng.dirichlet(np.full(n_areas, 6.0))
    return SimulatedWorld(AreaItems(items, area, n_areas), shares, n_items, slope, difficulty, guessing, ratings, twist)


def simulated_candidates(
    world: SimulatedWorld, truth: CandidateTruth, n: int, rng: np.random.Generator
) -> list[SimulatedCandidate]:
    """Candidates of one truth, each asking on four days, the last of them up to six weeks after the last day of study."""
    lives = _lives(world, truth, n, rng)
    return [_candidate(world, truth, lives, row, rng) for row in range(n)]


def _lives(world: SimulatedWorld, truth: CandidateTruth, n: int, rng: np.random.Generator) -> _Lives:
    k = world.pool.n_areas
    last_day = rng.integers(60, 220, n)
    n_answers = _diligence(truth, last_day, rng)
    base = rng.normal(-0.6 - 0.8 * (world.twist is WorldTwist.WEAKER), 0.7, (n, 1)) + rng.normal(0.0, 0.4, (n, k))
    liking = rng.dirichlet(12 * k * world.shares / world.shares.sum(), n)
    is_uneven, is_practised = world.twist is WorldTwist.UNEVEN, world.twist is WorldTwist.PRACTISED
    if truth is CandidateTruth.WEAK_AREA or is_uneven or is_practised:
        chosen = rng.random((n, k)).argsort(axis=1) < rng.integers(1, 4, (n, 1))
        if not is_uneven:
            base -= chosen * rng.uniform(1.2, 2.0, (n, k))
        if not is_practised:
            liking *= np.where(chosen, 0.15, 1.0)
            liking /= liking.sum(axis=1, keepdims=True)
    if world.twist is WorldTwist.BY_DAY:
        ability = base + _by_day(truth, n_answers, last_day, rng)[:, :, None]
    else:
        ability = _learned(truth, base, n_answers, liking, rng)
    return _Lives(ability, n_answers, liking, last_day)


def _diligence(truth: CandidateTruth, last_day: NDArray[np.int_], rng: np.random.Generator) -> NDArray[np.int_]:
    """How many answers each gives on each day, shape (n_days, n)."""
    n, n_days = len(last_day), int(last_day.max()) + 1
    day = np.arange(n_days)[:, None]
    pace = rng.gamma(4.0, 3.0, n) + 2
    keen = rng.random((n_days, n)) < rng.uniform(0.4, 0.95, n)
    wanted = np.broadcast_to(pace, (n_days, n)).copy()
    if truth is CandidateTruth.FORGETTING:
        for _ in range(3):
            starts, lasts = rng.integers(10, 200, n), rng.integers(10, 60, n)
            keen &= ~((day >= starts) & (day < starts + lasts))
    if truth is CandidateTruth.CRAMMING:
        crams = day > last_day - rng.integers(8, 26, n)
        wanted = np.where(crams, 3 * pace, pace)
        keen &= crams | (rng.random((n_days, n)) < 0.2)
    keen[0] = True
    return np.where(keen & (day <= last_day), rng.poisson(wanted), 0)


def _learned(
    truth: CandidateTruth, base: Floats, n_answers: NDArray[np.int_], liking: Floats, rng: np.random.Generator
) -> Floats:
    """Ability on each day until six weeks after the last, shape (n_days, n, n_areas); each day as it ends."""
    n, k = base.shape
    ceiling = np.abs(rng.normal(1.0, 0.4, (n, 1))) * rng.uniform(0.5, 1.5, (n, k))
    needs = rng.uniform(250, 1_200, (n, 1)) if truth is not CandidateTruth.CRAMMING else rng.uniform(150, 500, (n, 1))
    lost = {
        CandidateTruth.STEADY: np.zeros((n, k)),
        CandidateTruth.WEAK_AREA: np.zeros((n, k)),
        CandidateTruth.FORGETTING: rng.uniform(0.003, 0.015, (n, k)),
        CandidateTruth.CRAMMING: rng.uniform(0.01, 0.03, (n, k)),
    }[truth]
    idle = np.zeros((42, n), dtype=n_answers.dtype)
    gained, days = np.zeros((n, k)), []
    for today in np.concatenate([n_answers, idle]):
        gained = gained + (ceiling - gained) * (1 - np.exp(-today[:, None] * liking * k / needs))
        gained = gained * (1 - lost * (today == 0)[:, None])
        days.append(base + gained)
    return np.array(days)


def _by_day(truth: CandidateTruth, n_answers: NDArray[np.int_], last_day: NDArray[np.int_], rng: np.random.Generator) -> Floats:
    """What is gained in all areas by each day until six weeks after the last, shape (n_days, n): a straight line up to the last
    day; the same with a share lost on each day of a break of at least a week; or nothing until the last one to two weeks."""
    n = len(last_day)
    day = np.arange(len(n_answers) + 42)[:, None]
    whole = rng.uniform(0.0, 1.0, n)
    starts = last_day - rng.integers(7, 15, n) if truth is CandidateTruth.CRAMMING else np.zeros(n)
    gained: Floats = whole * np.clip((day - starts) / (last_day - starts), 0.0, 1.0)
    if truth in {CandidateTruth.FORGETTING, CandidateTruth.CRAMMING}:
        lost, kept, idle = rng.uniform(0.01, 0.03, n), np.ones(n), np.zeros(n)
        for today in day[:, 0]:
            studied = n_answers[today] > 0 if today < len(n_answers) else np.zeros(n, dtype=np.bool_)
            idle = np.where(studied, 0, idle + 1)
            kept = np.where(idle >= 7, kept * (1 - lost), kept)
            gained[today] *= kept
    return gained


def _candidate(
    world: SimulatedWorld, truth: CandidateTruth, lives: _Lives, row: int, rng: np.random.Generator
) -> SimulatedCandidate:
    last = int(lives.last_day[row])
    told_on = (*sorted(rng.integers(7, last, N_TOLD - 1).tolist()), last + int(rng.integers(0, 42)) * int(rng.random() < 0.5))
    answers = _answered(world, lives, row, rng)
    sat = [_sat(world, lives.ability[day, row], rng) for day in told_on]
    abilities = lives.ability[np.array(told_on), row]
    n_right, passed = zip(*sat, strict=True)
    return SimulatedCandidate(truth, answers, told_on, abilities, n_right, passed)


def _answered(world: SimulatedWorld, lives: _Lives, row: int, rng: np.random.Generator) -> AnswerHistory:
    """The answers of all days of study; two thirds of the days without a clock."""
    counts = lives.n_answers[:, row]
    day = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    k = world.pool.n_areas
    area = rng.choice(k, size=len(day), p=lives.liking[row])
    item = (area + k * rng.integers(0, world.pool.items.count // k, len(day))).astype(np.int32)
    is_timed = (rng.random(len(counts)) < 1 / 3)[day]
    answers = AnswerHistory.of(day, item, np.zeros(len(day), dtype=np.bool_), is_timed)
    moods = rng.normal(0.0, SD_DAY * _MOODS.get(world.twist, 1.0), len(counts))
    ability = lives.ability[np.maximum(day - 1, 0), row, area] + moods[day]
    untimed = rng.normal(0.5 if world.twist is WorldTwist.UNTIMED else TUTOR_GAIN, SD_TUTOR_GAIN)
    again = rng.normal(REPEAT_GAIN * (2 if world.twist is WorldTwist.REPEATS else 1), SD_REPEAT_GAIN, len(day))
    if world.twist is WorldTwist.BY_DAY:
        untimed, again = 0.0, np.zeros(len(day))
    ability = ability + untimed * ~is_timed + again * answers.is_repeat
    is_right = rng.random(len(day)) < _chances(world, item, ability)
    return AnswerHistory(day, item, is_right, is_timed, answers.is_repeat)


def _sat(world: SimulatedWorld, ability: Floats, rng: np.random.Generator) -> tuple[int, bool]:
    """Right answers on a fresh form, and whether they are as many as the standard asks of its items."""
    k = world.pool.n_areas
    area = np.repeat(np.arange(k), rng.multinomial(world.n_items, world.shares))
    item = area + k * rng.integers(0, world.pool.items.count // k, len(area))
    mood = rng.normal(0.0, SD_DAY * _MOODS.get(world.twist, 1.0))
    harder = 0.3 if world.twist is WorldTwist.HARDER else 0.0
    n_right = int((rng.random(len(area)) < _chances(world, item, ability[area] + mood - harder)).sum())
    return n_right, bool(n_right >= world.asked[item].sum())


def _chances(world: SimulatedWorld, item: NDArray[np.integer], ability: Floats) -> Floats:
    c = world.guessing[item]
    chances: Floats = c + (1 - c) / (1 + np.exp(-world.slope[item] * (ability - world.difficulty[item])))
    return chances
