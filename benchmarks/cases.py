"""How fast cases run: random courses through the worked example, scored; and a long transcript, replayed.

    python -m benchmarks.cases [--runs 500] [--case content/cases/endo-001.yaml] [--orders content/orders]

Courses are random: 40 commands over 36 hours, of ten orders seven from the case and three from the whole catalogue, beside
cancels, examinations and moves. Most end early, with the patient's death; "whole" are those that reach 36 hours. The goals are
1,000 runs a second of one core, 20,000 events a second, and 1.5 ms for a whole run. Times are of the processor.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from bedside.cases import (
    Cancel,
    Case,
    Command,
    Examine,
    Move,
    Order,
    Run,
    compile_case,
    load_catalogue,
    read_case,
    replay,
    run_script,
    score,
    transcript_of,
)

ROOT = Path(__file__).parents[1]
N_COMMANDS = 40
GOAL_MS = 1.5
GOAL_EVENTS = 20_000  # a second


@dataclass(frozen=True, slots=True)
class Course:
    """A random course: commands at their instants."""

    seed: int
    steps: tuple[tuple[int, Command], ...]


def course(case: Case, seed: int) -> Course:
    """The course of that seed."""
    rng = Random(seed)
    own = sorted(
        {order for effect in case.file.effects.values() for order in effect.by}
        | (case.file.results.keys() & case.catalogue.orders.keys())
    )
    every = sorted(order.id for order in case.catalogue.orders.values() if not order.is_examination)
    steps: list[tuple[int, Command]] = []
    for at_s in sorted(rng.randrange(case.end_s) for _ in range(N_COMMANDS)):
        kind = rng.random()
        if kind < 0.75:
            steps.append((at_s, Order(rng.choice(own if rng.random() < 0.7 else every))))
        elif kind < 0.9:
            steps.append((at_s, Cancel(rng.choice(own))))
        elif kind < 0.95:
            steps.append((at_s, Examine("abdomen")))
        else:
            steps.append((at_s, Move(rng.choice(("ward", "icu", "ed")))))
    return Course(seed, tuple(steps))


def run_of(case: Case, one: Course) -> Run:
    """The run of a course, to the end of the case."""
    run = Run(case, seed=one.seed)
    for at_s, command in one.steps:
        run.advance_to(at_s)
        if run.is_over:
            break
        run.do(command)
    run.advance_to(case.end_s)
    return run


def seconds_of(work: Callable[[], object]) -> float:
    """Processor seconds of some work."""
    started = process_time()
    work()
    return process_time() - started


def n_events(run: Run) -> int:
    """Everything that happened: what was emitted, and every instant at which a coefficient changed."""
    return len(run.history.emitted) + sum(len(anchors) for anchors in run.history.course)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--case", type=Path, default=ROOT / "content" / "cases" / "endo-001.yaml")
    parser.add_argument("--orders", type=Path, default=ROOT / "content" / "orders")
    options = parser.parse_args()
    file, findings = read_case(options.case)
    catalogue, more = load_catalogue(options.orders)
    if file is None or catalogue is None:
        print(*[f"{one.file}:{one.line}: {one.text}" for one in (*findings, *more)], sep="\n")
        return 1
    return 0 if measure(compile_case(file, catalogue), options.runs) >= GOAL_EVENTS else 1


def measure(case: Case, n_runs: int) -> float:
    """Print everything; answer the events a second."""
    file, catalogue = case.file, case.catalogue
    compile_ms = statistics.median(1000 * seconds_of(lambda: compile_case(file, catalogue)) for _ in range(10))
    courses = [course(case, seed) for seed in range(n_runs)]
    runs = [run_of(case, one) for one in courses[:50]]  # warm
    times_ms: list[float] = []
    runs = []
    for one in courses:
        started = process_time()
        run = run_of(case, one)
        score(case, run.history)
        times_ms.append(1000 * (process_time() - started))
        runs.append(run)
    score_ms = 1000 * seconds_of(lambda: [score(case, run.history) for run in runs]) / len(runs)
    transcripts = [transcript_of(run) for run in runs]
    replay_s = seconds_of(lambda: [replay(case, one) for one in transcripts])
    expert = file.scripts.get("expert", "0m end")
    expert_ms = statistics.median(1000 * seconds_of(lambda: run_script(case, expert)) for _ in range(20))
    a_second = sum(map(n_events, runs)) / (sum(times_ms) / 1000)

    print(f"{file.id}, {len(catalogue.orders):,} orders; compiled in {compile_ms:.1f} ms")
    print(f"random run, scored:  median {statistics.median(times_ms):.2f} ms, {1000 / statistics.mean(times_ms):,.0f} runs/s")
    whole = [(ms, n_events(run)) for ms, run in zip(times_ms, runs, strict=True) if run.now_s == case.end_s]
    if whole:
        whole_ms, events = (statistics.median(numbers) for numbers in zip(*whole, strict=True))
        print(f"  {len(whole)} of them whole:   median {whole_ms:.2f} ms, {events:.0f} events; goal {GOAL_MS} ms")
    print(f"  scoring alone:     {score_ms:.2f} ms")
    print(f"events:              {a_second:,.0f} a second; goal {GOAL_EVENTS:,}")
    print(f"  replayed:          {sum(map(n_events, runs)) / replay_s:,.0f} a second, digests included")
    print(f"script `expert`:     median {expert_ms:.2f} ms")
    return a_second


if __name__ == "__main__":
    raise SystemExit(main())
