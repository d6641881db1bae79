"""Whether readiness is calibrated: simulated candidates are told their chance and sit a fresh form.

    python -m benchmarks.readiness [--candidates 10000] [--twists] [--fit N] [--grid N] [--workers 2]

Candidates of four truths, a quarter each, in worlds of 125: they learn steadily, forget in breaks, cram, or leave an area
alone. Each asks four times and sits a form each time. Printed are what they were told beside how many passed, the expected
calibration error (ECE, ten bins) with what chance alone would make of it, the Brier score, how often the score fell within its
90% interval, and how often the chance at the true abilities fell within its own; then how long one candidate's number takes.
`--twists` repeats it in worlds unlike what the model assumes, a tenth of the candidates each. `--fit N` fits the motion of
abilities to the answers of N candidates of other seeds first, half of them of such worlds, and prints it. `--grid N` does
nothing but tell N candidates of other seeds their chances under other numbers that answers say little about: what is lost in a
break (quick relearning hides it) and which areas are weak.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from itertools import product

import numpy as np

from bedside.measure import (
    AbilityMotion,
    AnswerGroup,
    AnswerHistory,
    CandidateTruth,
    EvidenceFloor,
    Reliability,
    ToldChances,
    WorldTwist,
    fit_motion,
    fresh_form,
    readiness,
    reliability,
    simulated_candidates,
    simulated_world,
    told_chances,
)

PER_WORLD = 125
FIXED = ["loss", "sd_loss", "rest_days"]  # answers say little of these: see `--grid`
FIT_SEED, GRID_SEED, TELL_SEED = 77, 501, 2026  # never the same candidates
GOAL_ECE, GOAL_MS = 0.02, 50.0
FITTED_IN = (
    WorldTwist.REPEATS,
    WorldTwist.UNTIMED,
    WorldTwist.WEAKER,
    WorldTwist.MOODS,
    WorldTwist.PRACTISED,
    WorldTwist.BY_DAY,
)  # beside as many candidates of the world as assumed
GRID: tuple[dict[str, float], ...] = (
    {},
    {"loss": 0.006, "sd_loss": 0.005},
    {"loss": 0.02, "sd_loss": 0.012},
    {"rest_days": 0.0},
    {"rest_days": 6.0},
    {"weak_by": 1.2},
    {"weak_by": 2.1},
    {"weak_odds": -5.0},
    {"weak_odds": -3.0},
    {"weak_alone": 5.0},
    {"weak_alone": 13.0},
    {"weak_most": 0.0},
    {"weak_most": 2.5},
)
GRID_WORLDS = (WorldTwist.NONE, WorldTwist.UNEVEN, WorldTwist.PRACTISED)
TELLING = {
    WorldTwist.REPEATS: ("repeat_gain", "sd_repeat_gain"),
    WorldTwist.UNTIMED: ("tutor_gain", "sd_tutor_gain"),
}  # what in a twisted world the answers themselves show


@dataclass(frozen=True, slots=True)
class Share:
    """One world's candidates of one truth."""

    truth: CandidateTruth
    twist: WorldTwist
    world: int
    motion: AbilityMotion
    seed: int = TELL_SEED


def told_in(share: Share) -> ToldChances:
    """What the candidates of one world are told."""
    number = list(CandidateTruth).index(share.truth), list(WorldTwist).index(share.twist)
    rng = np.random.default_rng([share.seed, *number, share.world])
    world = simulated_world(rng, twist=share.twist)
    form = fresh_form(world.pool, world.shares, world.n_items)
    candidates = simulated_candidates(world, share.truth, PER_WORLD, rng)
    return told_chances(candidates, world.pool, form, share.motion, EvidenceFloor())


def judged(told: Sequence[ToldChances], turn: int | None = None) -> Reliability:
    """Of the numbers that were given, at one time of asking or at all."""
    chosen = [one.is_given & ((one.turn == turn) if turn is not None else True) for one in told]
    p = np.concatenate([one.p_pass[rows] for one, rows in zip(told, chosen, strict=True)])
    return reliability(p, np.concatenate([one.passed[rows] for one, rows in zip(told, chosen, strict=True)]))


def print_row(name: str, told: Sequence[ToldChances]) -> None:
    """One line of the table."""
    found, given = judged(told), np.concatenate([one.is_given for one in told])
    within = np.concatenate([one.within[one.is_given] for one in told]).mean()
    holds = np.concatenate([one.holds[one.is_given] for one in told]).mean()
    by_turn = " ".join(f"{judged(told, turn).ece:.3f}" for turn in range(4))
    mean_told = np.concatenate([one.p_pass[one.is_given] for one in told]).mean()
    print(
        f"{name:18} {found.n:7,} {1 - given.mean():7.1%} {found.ece:.4f} ({found.by_chance:.4f})  {by_turn}  {found.brier:.4f}"
        f"  {mean_told:.3f} {found.base_rate:.3f}  {within:.3f}  {holds:.3f}"
    )


def print_bins(found: Reliability) -> None:
    """The reliability table."""
    print("\ntold          n  on average  passed")
    for one in found.bins:
        print(f"{one.low:.1f}-{one.high:.1f} {one.n:8,}       {one.told:.3f}   {one.passed:.3f}")


def run(
    twist: WorldTwist, n: int, motion: AbilityMotion, workers: int, seed: int = TELL_SEED
) -> dict[CandidateTruth, list[ToldChances]]:
    """All truths in worlds of one kind."""
    n_worlds = max(1, n // len(CandidateTruth) // PER_WORLD)
    shares = [Share(truth, twist, world, motion, seed) for truth, world in product(CandidateTruth, range(n_worlds))]
    with ProcessPoolExecutor(workers) as processes:
        found = list(processes.map(told_in, shares))
    return {truth: [one for one, share in zip(found, shares, strict=True) if share.truth is truth] for truth in CandidateTruth}


def fitted(n: int, twist: WorldTwist | None = None, only: Sequence[str] = ()) -> AbilityMotion:
    """The motion of abilities, or a part of it, as fitted to candidates who are told nothing later."""
    groups = []
    twists = (WorldTwist.NONE,) * len(FITTED_IN) + FITTED_IN if twist is None else (twist,)
    each = max(1, n // len(CandidateTruth) // len(twists))
    for truth, (number, of_world) in product(CandidateTruth, enumerate(twists)):
        rng = np.random.default_rng([FIT_SEED, list(CandidateTruth).index(truth), number])
        world = simulated_world(rng, twist=of_world)
        candidates = simulated_candidates(world, truth, each, rng)
        groups.append(AnswerGroup(world.pool, [one.answers for one in candidates]))
    started = time.perf_counter()
    fixed = [field.name for field in fields(AbilityMotion) if field.name not in only] if only else FIXED
    found = fit_motion(groups, fixed=fixed)
    shown = ", ".join(f"{field.name}={getattr(found.motion, field.name):.4g}" for field in fields(AbilityMotion))
    print(f"fitted to {found.n_answers:,} answers in {time.perf_counter() - started:.0f} s: {shown}")
    return found.motion


def print_twist(twist: WorldTwist, n: int, motion: AbilityMotion, workers: int) -> None:
    """One line for a world unlike the model; and one after a fit to its answers, where these can tell what is unlike."""
    print_row(twist.value, [one for told in run(twist, n, motion, workers).values() for one in told])
    if twist in TELLING:
        motion = fitted(100, twist, TELLING[twist])
        print_row("  fitted to that", [one for told in run(twist, n, motion, workers).values() for one in told])


def print_grid(n: int, workers: int) -> None:
    """The log loss of chances told under other numbers, and by how much they are too high: each truth, then other worlds."""
    print("log loss, and told less passed: " + ", ".join([*(t.value for t in CandidateTruth), *(t.value for t in GRID_WORLDS)]))
    for numbers in GRID:
        rows = []
        for twist in GRID_WORLDS:
            found = run(twist, n if twist is WorldTwist.NONE else n // 4, AbilityMotion(**numbers), workers, GRID_SEED)
            every = [one for told in found.values() for one in told]
            rows += [*found.values(), every] if twist is WorldTwist.NONE else [every]
        print(
            numbers or "the defaults",
            " ".join(f"{found.log_loss:.4f} {gap(found):+.3f} " for found in map(judged, rows)),
            flush=True,
        )


def gap(found: Reliability) -> float:
    """How much more was told than passed, on average."""
    return sum(one.n * one.told for one in found.bins) / found.n - found.base_rate


def print_speed() -> None:
    """One candidate with 10,000 answers over 20 areas, from the answers to the number."""
    rng = np.random.default_rng(1)
    world = simulated_world(rng, n_areas=20, n_bank=20_000)
    form = fresh_form(world.pool, world.shares, world.n_items)
    n = 10_000
    day = np.sort(rng.integers(1, 400, n)).astype(np.int32)
    right, timed = rng.random(n) < 0.65, rng.random(n) < 0.5
    answers = AnswerHistory.of(day, rng.integers(0, 20_000, n).astype(np.int32), right, timed)
    taken = []
    for _ in range(21):
        started = time.perf_counter()
        readiness(answers, world.pool, form, 400)
        taken.append((time.perf_counter() - started) * 1_000)
    median = statistics.median(taken[1:])
    print(f"\n10,000 answers over 20 areas: {median:.0f} ms; {said(median < GOAL_MS, f'{GOAL_MS:.0f} ms')}")


def said(is_met: bool, goal: str) -> str:
    """Whether a goal is met, in words."""
    return f"the goal of {goal} is {'met' if is_met else 'missed'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--twists", action="store_true")
    parser.add_argument("--fit", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--grid", type=int, default=0)
    asked = parser.parse_args()
    if asked.grid:
        print_grid(asked.grid, asked.workers)
        return
    motion = fitted(asked.fit) if asked.fit else AbilityMotion()
    started = time.perf_counter()
    head = (
        f"{'':18} {'numbers':>7} {'refused':>7} {'ECE (by chance)':16}  {'ECE by turn':23}  Brier   told  pass   score  chance"
    )
    print(head)
    found = run(WorldTwist.NONE, asked.candidates, motion, asked.workers)
    for truth, told in found.items():
        print_row(truth.value, told)
    together = [one for told in found.values() for one in told]
    print_row("all", together)
    print_bins(judged(together))
    is_met = judged(together).ece < GOAL_ECE
    print(f"\n{said(is_met, f'an ECE under {GOAL_ECE}')}; {time.perf_counter() - started:.0f} s")
    if asked.twists:
        print("\n" + head)
        for twist in WorldTwist:
            if twist is not WorldTwist.NONE:
                print_twist(twist, max(asked.candidates // 10, 4 * PER_WORLD), motion, asked.workers)
    print_speed()


if __name__ == "__main__":
    main()
