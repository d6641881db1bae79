"""What the session builder gains: learners with known forgetting study by several rules, and sit the exam.

    python -m benchmarks.learners [--learners 16] [--worlds short,long,...] [--truths fsrs,fast,...]

Each learner has their own knowledge of each area, forgets by a law that the builder does not know, guesses and slips. All
rules get the same learners, the same minutes a day and the same luck. What is reported is the expected score on the day of the
exam (per cent of items right) above that without any study, per hour studied, with a 95% interval over learners; and the
difference between ours and each other rule, learner by learner. Laws of forgetting:

- fsrs: FSRS-6 with its published parameters, which the builder assumes too;
- fast: FSRS-6 with a third of the stability and a steeper curve;
- exponential: half-lives that grow by a fixed factor with each recall, as in the model of Settles and Meeder (2016);
- traces: every meeting leaves a trace that decays by a power law, faster if the rest was still strong, as in the model of
  Pavlik and Anderson (2005).
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.study import (
    DEFAULTS,
    Area,
    FirstAnswers,
    Grade,
    History,
    Known,
    Parameters,
    Schedule,
    StudyState,
    Subject,
    Unmet,
    area_forecast,
    build_session,
    desired_retention,
    difficulty_after,
    first_difficulty,
    first_stability_days,
    fit,
    interval_days,
    retrievability,
    schedule_of,
    stability_after,
)

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

GUESS, SLIP = 0.2, 0.05
NEW_MINUTES, REVIEW_MINUTES = 2.6, 1.6  # answering an item and reading its explanation; the second time is shorter
EXAM = date(2026, 9, 1)
FAST = Parameters(
    tuple(
        value * 0.35 if index < 4 else value - 0.5 if index == 8 else 0.3 if index == 20 else value
        for index, value in enumerate(DEFAULTS.values)
    )
)


@dataclass(frozen=True, slots=True)
class World:
    """A bank and a stretch of time."""

    name: str
    n_takeaways: int
    days: int
    minutes: float
    n_areas: int = 15


WORLDS = (
    World("short", 800, 60, 60),
    World("long", 800, 120, 60),
    World("large bank", 3_000, 90, 60),
    World("little time", 1_500, 90, 25),
)


class Mind(Protocol):
    """How somebody really forgets."""

    def recall(self, day: float) -> Floats: ...

    def learn(self, rows: Rows, day: int, recalled: NDArray[np.bool_]) -> None: ...


class FsrsMind:
    """Forgets by FSRS-6 with given parameters."""

    def __init__(self, knows: NDArray[np.bool_], stability: Floats, parameters: Parameters) -> None:
        self.parameters = parameters
        self.stability = np.where(knows, stability, 0.0)
        self.difficulty = np.full(len(knows), 5.0)
        self.last = np.full(len(knows), -60.0)

    def recall(self, day: float) -> Floats:
        recall = retrievability(self.parameters, np.maximum(self.stability, 1e-3), day - self.last)
        return np.where(self.stability > 0, recall, 0.0)

    def learn(self, rows: Rows, day: int, recalled: NDArray[np.bool_]) -> None:
        self.stability[rows], self.difficulty[rows] = step(
            self.parameters, self.stability[rows], self.difficulty[rows], np.maximum(day - self.last[rows], 1.0), recalled
        )
        self.last[rows] = day


class ExponentialMind:
    """Forgets by halves; each recall stretches the half-life, the more the longer it was put off."""

    def __init__(self, knows: NDArray[np.bool_], stability: Floats) -> None:
        self.half_life = np.where(knows, 6 * stability, 0.0)
        self.last = np.full(len(knows), -60.0)

    def recall(self, day: float) -> Floats:
        recall = 0.5 ** ((day - self.last) / np.maximum(self.half_life, 1e-3))
        return np.where(self.half_life > 0, recall, 0.0)

    def learn(self, rows: Rows, day: int, recalled: NDArray[np.bool_]) -> None:
        before = self.half_life[rows]
        effort = 1 - 0.5 ** (np.maximum(day - self.last[rows], 0) / np.maximum(before, 1e-3))
        self.half_life[rows] = np.where(recalled, before * (1.3 + 3 * effort), np.maximum(7.0, 0.4 * before))
        self.last[rows] = day


class TraceMind:
    """Forgets by the traces of Pavlik and Anderson: strength is the log of the sum of decaying traces."""

    SCALE, INTERCEPT = 0.25, 0.22  # of decay; the former how much a still strong memory makes the next trace fade
    THRESHOLD, NOISE = -0.9, 0.4  # of strength, for recall; chosen so that after a month three of four are recalled
    DAY = 0.35  # time outside study counts for less than time in it

    def __init__(self, knows: NDArray[np.bool_], stability: Floats) -> None:
        self.at = [np.where(knows, -60.0, np.nan)]
        self.decay = [0.20 - 0.02 * np.log(stability / 300)]

    def strength(self, day: float) -> Floats:
        since = [np.maximum(day - at, 0.02) * self.DAY for at in self.at]
        traces = [
            np.where(np.isnan(at), 0.0, 20 * gap**-decay) for at, gap, decay in zip(self.at, since, self.decay, strict=True)
        ]
        total: Floats = np.sum(traces, axis=0)
        return np.log(np.maximum(total / 20, 1e-9))

    def recall(self, day: float) -> Floats:
        known = ~np.all([np.isnan(at) for at in self.at], axis=0)
        return np.where(known, 1 / (1 + np.exp((self.THRESHOLD - self.strength(day)) / self.NOISE)), 0.0)

    def learn(self, rows: Rows, day: int, recalled: NDArray[np.bool_]) -> None:
        strength = np.maximum(self.strength(day)[rows], -6)
        at, decay = np.full(len(self.at[0]), np.nan), np.full(len(self.at[0]), 0.5)
        at[rows], decay[rows] = day, np.minimum(self.SCALE * np.exp(strength) + self.INTERCEPT, 0.9)
        self.at.append(at)
        self.decay.append(decay)


TRUTHS: dict[str, Callable[[NDArray[np.bool_], Floats], Mind]] = {
    "fsrs": lambda knows, stability: FsrsMind(knows, stability, DEFAULTS),
    "fast": lambda knows, stability: FsrsMind(knows, stability, FAST),
    "exponential": ExponentialMind,
    "traces": TraceMind,
}


def step(
    parameters: Parameters, stability: Floats, difficulty: Floats, elapsed: Floats, is_right: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Stability and difficulty after a review graded good or again; a stability of 0 means the first."""
    after: list[tuple[Floats, Floats]] = []
    for grade in (Grade.GOOD, Grade.AGAIN):
        later = stability_after(parameters, np.maximum(stability, 1e-3), difficulty, elapsed, grade)
        harder = difficulty_after(parameters, difficulty, grade)
        first, hard = first_stability_days(parameters, grade), first_difficulty(parameters, grade)
        after.append((np.where(stability > 0, later, first), np.where(stability > 0, harder, hard)))
    (right_s, right_d), (wrong_s, wrong_d) = after
    return np.where(is_right, right_s, wrong_s), np.where(is_right, right_d, wrong_d)


@dataclass(slots=True)
class Desk:
    """What a rule may know of a learner: the blueprint, the bank, and what happened. Never the mind."""

    world: World
    weight: Floats
    area: NDArray[np.int16]
    stability: Floats
    difficulty: Floats
    last: NDArray[np.int32]  # ordinals; 0: not met
    area_day: NDArray[np.int32]
    rng: np.random.Generator
    first: list[tuple[int, bool, int]] = field(default_factory=list)  # area, right, day
    log: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # by takeaway: day and grade
    parameters: Parameters = DEFAULTS

    @property
    def met(self) -> NDArray[np.bool_]:
        return self.last > 0


Rule = Callable[[Desk, date], Sequence[int]]


def by_bedside(desk: Desk, on: date) -> Sequence[int]:
    """Ours."""
    met, unmet = np.flatnonzero(desk.met), np.flatnonzero(~desk.met)
    sizes = np.bincount(desk.area, minlength=desk.world.n_areas)
    areas = tuple(Area(str(index), float(weight), int(sizes[index])) for index, weight in enumerate(desk.weight))
    asked = np.array(desk.first, dtype=np.int32).reshape(-1, 3)
    forecast = area_forecast(areas, FirstAnswers(asked[:, 0].astype(np.int16), asked[:, 1] > 0, asked[:, 2]), on)
    counts = np.ones(len(met), dtype=np.int32)
    schedule = Schedule(
        tuple(Subject(str(row)) for row in met.tolist()),
        desk.stability[met],
        desk.difficulty[met],
        desk.last[met],
        counts,
        counts,
    )
    wanted = np.array([desired_retention((EXAM - on).days)])
    due = desk.last[met] + np.maximum(1, np.rint(interval_days(desk.parameters, desk.stability[met], wanted))).astype(np.int32)
    state = StudyState(
        areas=areas,
        known=Known(schedule, desk.area[met], np.full(len(met), REVIEW_MINUTES), due),
        unmet=Unmet(tuple(Subject(str(row)) for row in unmet.tolist()), desk.area[unmet], np.full(len(unmet), NEW_MINUTES)),
        area_met_day=desk.area_day,
        p_unmet=forecast.p_unmet(),
        exam_on=EXAM,
        parameters=desk.parameters,
    )
    session = build_session(state, desk.world.minutes, on, seed=on.toordinal())
    return [int(piece.name) for piece in session.pieces]


def by_order(desk: Desk, on: date) -> Sequence[int]:
    """From the first page to the last, then again."""
    order: list[int] = np.lexsort((np.arange(len(desk.last)), desk.last)).tolist()
    return order


def by_chance(desk: Desk, on: date) -> Sequence[int]:
    """Whatever comes, met or not."""
    order: list[int] = desk.rng.permutation(len(desk.last)).tolist()
    return order


def by_fsrs(desk: Desk, on: date) -> Sequence[int]:
    """What is due at 0.9, the most overdue first, then new ones as they come, then what is remembered least."""
    elapsed = (on.toordinal() - desk.last).astype(np.float64)
    recall = np.where(desk.met, retrievability(desk.parameters, np.maximum(desk.stability, 1e-3), elapsed), 2.0)
    group = np.where(desk.met, np.where(recall < 0.9, 0, 2), 1)
    order: list[int] = np.lexsort((desk.rng.random(len(recall)), np.where(group == 1, 0, recall), group)).tolist()
    return order


def by_weakest(desk: Desk, on: date) -> Sequence[int]:
    """Always the area with the smallest share of right answers, new ones first."""
    right, n = np.full(desk.world.n_areas, 1.0), np.full(desk.world.n_areas, 2.0)
    for area, is_right, _day in desk.first:
        right[area] += is_right
        n[area] += 1
    order: list[int] = np.lexsort((desk.last, (right / n)[desk.area])).tolist()
    return order


RULES: dict[str, Rule] = {
    "Bedside": by_bedside,
    "fixed order": by_order,
    "random": by_chance,
    "FSRS only": by_fsrs,
    "weakest area": by_weakest,
}


FIT_DAYS = (14, 28, 56)
FITTED = (by_bedside, by_fsrs)  # the rules that go by memory fit it to the learner


def sit(world: World, truth: str, rule: Rule, learner: int) -> tuple[float, float]:
    """One learner, one rule: points gained by the day of the exam (per cent), and hours studied."""
    rng = np.random.default_rng([learner, world.n_takeaways])
    weight = rng.dirichlet(np.full(world.n_areas, 3.0))
    share = weight * np.exp(rng.normal(0, 0.4, world.n_areas))
    area = np.sort(rng.choice(world.n_areas, world.n_takeaways, p=share / share.sum())).astype(np.int16)
    knows = rng.random(world.n_takeaways) < np.clip(rng.beta(1.5, 2.5, world.n_areas), 0.03, 0.9)[area]
    mind = TRUTHS[truth](knows, rng.lognormal(math.log(300), 0.7, world.n_takeaways))
    value = (weight / np.maximum(np.bincount(area, minlength=world.n_areas), 1))[area]
    start = EXAM - timedelta(days=world.days)
    n, ahead = world.n_takeaways, np.zeros(world.n_takeaways)
    began = np.full(world.n_areas, start.toordinal(), dtype=np.int32)
    desk = Desk(world, weight, area, ahead.copy(), ahead + 5, np.zeros(n, dtype=np.int32), began, rng)
    before, hours = _score(mind, value, world.days), 0.0
    for day in range(world.days):
        on = start + timedelta(days=day)
        if day in FIT_DAYS and rule in FITTED:
            _refit(desk, on)
        rows = _within(desk, rule(desk, on))
        minutes = _study(desk, mind, rows, on, day)
        hours += minutes / 60
    return 100 * (_score(mind, value, world.days) - before), hours


def _refit(desk: Desk, on: date) -> None:
    """New parameters, if they prove themselves, and every memory replayed with them."""
    rows = sorted(desk.log)
    found = []
    for row in rows:
        days, grades = zip(*desk.log[row], strict=True)
        gaps = (0, *(later - earlier for earlier, later in pairwise(days)))
        found.append(History(Subject(str(row)), tuple(int(grade) for grade in grades), gaps, days))
    trial = fit(found, desk.parameters, on)
    if trial and trial.is_better:
        desk.parameters = trial.parameters
        schedule = schedule_of(found, desk.parameters)
        desk.stability[rows], desk.difficulty[rows] = schedule.stability_days, schedule.difficulty


def _score(mind: Mind, value: Floats, day: int) -> float:
    recall = mind.recall(day)
    return float((value * (recall * (1 - SLIP) + (1 - recall) * GUESS)).sum())


def _within(desk: Desk, rows: Sequence[int]) -> Rows:
    """The first of them that fit the day's minutes."""
    chosen, used = [], 0.0
    for row in rows:
        minutes = REVIEW_MINUTES if desk.last[row] else NEW_MINUTES
        if used + minutes > desk.world.minutes:
            break
        used += minutes
        chosen.append(row)
    return np.array(chosen, dtype=np.intp)


def _study(desk: Desk, mind: Mind, rows: Rows, on: date, day: int) -> float:
    """Answer and read; minutes."""
    recalled = desk.rng.random(len(rows)) < mind.recall(day)[rows]
    luck = desk.rng.random(len(rows))
    is_right = np.where(recalled, luck > SLIP, luck < GUESS)
    mind.learn(rows, day, recalled)
    met = desk.last[rows] > 0
    elapsed = np.maximum(on.toordinal() - desk.last[rows], 1).astype(np.float64)
    desk.stability[rows], desk.difficulty[rows] = step(
        desk.parameters, np.where(met, desk.stability[rows], 0.0), desk.difficulty[rows], elapsed, is_right
    )
    desk.last[rows] = on.toordinal()
    desk.area_day[desk.area[rows]] = on.toordinal()
    for row, right in zip(rows.tolist(), is_right.tolist(), strict=True):
        desk.log.setdefault(row, []).append((on.toordinal(), Grade.GOOD if right else Grade.AGAIN))
    new = zip(desk.area[rows[~met]].tolist(), is_right[~met].tolist(), strict=True)
    desk.first += [(area, right, on.toordinal()) for area, right in new]
    return float(np.where(met, REVIEW_MINUTES, NEW_MINUTES).sum())


def interval(values: Floats) -> str:
    """Mean and 95% interval over learners (Student's t would be wider by a tenth at 16)."""
    half = 1.96 * float(values.std(ddof=1)) / math.sqrt(len(values))
    return f"{values.mean():6.3f} ± {half:.3f}"


def compare(world: World, truth: str, n_learners: int) -> None:
    """Print one table."""
    started = time.perf_counter()
    found = {name: np.array([sit(world, truth, rule, one) for one in range(n_learners)]) for name, rule in RULES.items()}
    rates = {name: gained[:, 0] / np.maximum(gained[:, 1], 1e-9) for name, gained in found.items()}
    print(f"\n{truth}, {world.name}: {world.n_takeaways} takeaways, {world.days} days of {world.minutes:.0f} minutes", end="")
    print(f" ({time.perf_counter() - started:.0f} s)")
    print(f"{'':14} {'points an hour':>16} {'points':>16} {'hours':>6}   ours is better by, an hour")
    for name, gained in found.items():
        better = "" if name == "Bedside" else interval(rates["Bedside"] - rates[name])
        print(
            f"{name:14} {interval(rates[name]):>16} {interval(gained[:, 0]):>16} {gained[:, 1].mean():6.1f}   {better}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=16)
    parser.add_argument("--worlds", default=",".join(world.name for world in WORLDS))
    parser.add_argument("--truths", default=",".join(TRUTHS))
    asked = parser.parse_args()
    for truth in asked.truths.split(","):
        for world in WORLDS:
            if world.name in asked.worlds.split(","):
                compare(world, truth, asked.learners)


if __name__ == "__main__":
    main()
