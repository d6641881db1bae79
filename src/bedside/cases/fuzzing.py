"""Fuzzing: thousands of candidates by chance and near the expert, every run looked at, a broken one made as short as can be.

Candidate `number` depends on the case, the seed and its number alone, so the runs may be shared out to any number of workers
in any order: each answers a `Tally`, and tallies add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bedside.cases.chance import Chance
from bedside.cases.engine import Run
from bedside.cases.invariants import TimedCommand, broken, broken_by_replay, repeat
from bedside.cases.plans import Case
from bedside.cases.policies import BY_CHANCE, PERTURBED, Reference, policy_of, walk
from bedside.cases.scoring import Score, score

MAX_BY_CHANCE = 70.0  # percent that no candidate by chance may pass
REPLAYED_EVERY = 40  # one run in so many is run twice more
_PINNED_EVERY = 10  # in one perturbed run in so many it is looked at how long variables stay at a bound
_SAMPLES = 40
_MAX_KEPT = 20  # failing runs of one worker
_STREAM = 1
_FULL = 0.999  # of an item's points


@dataclass(frozen=True, slots=True)
class Failure:
    """A run in which something broke: what, and the commands that led there."""

    number: int
    policy: str
    seed: int
    text: str
    commands: tuple[TimedCommand, ...]


@dataclass(slots=True)
class Tally:
    """What some runs came to.

    `earned` counts per item the runs that earned it in full or triggered it, `by_chance` the same of candidates by chance
    alone; `pinned_s` and `watched_s` are seconds that a variable stayed at a bound it had not started at, and seconds looked
    at.
    """

    runs: Counter[str] = field(default_factory=Counter)
    died: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    earned: Counter[str] = field(default_factory=Counter)
    by_chance: Counter[str] = field(default_factory=Counter)
    states: set[str] = field(default_factory=set)
    pinned_s: Counter[str] = field(default_factory=Counter)
    watched_s: int = 0
    best_by_chance: float = 0.0
    best_number: int = -1
    n_failures: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def n(self) -> int:
        """How many runs."""
        return self.runs.total()

    @property
    def n_by_chance(self) -> int:
        """How many of candidates that act by chance."""
        return sum(self.runs[policy] for policy in BY_CHANCE)

    def add(self, other: Tally) -> None:
        """Take another tally in."""
        for name in ("runs", "died", "ends", "earned", "by_chance", "pinned_s"):
            getattr(self, name).update(getattr(other, name))
        self.states |= other.states
        self.watched_s += other.watched_s
        ours, theirs = (self.best_by_chance, -self.best_number), (other.best_by_chance, -other.best_number)
        if theirs > ours:
            self.best_by_chance, self.best_number = other.best_by_chance, other.best_number
        self.n_failures += other.n_failures
        self.failures += other.failures[: max(0, _MAX_KEPT - len(self.failures))]


def added_up(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def fuzz(references: Sequence[Reference], numbers: Iterable[int], seed: int) -> Tally:
    """Run the candidates of these numbers."""
    tally = Tally()
    for number in numbers:
        _one(references[number % len(references)], number, seed, tally)
    return tally


def candidate_run(references: Sequence[Reference], number: int, seed: int) -> Run:
    """The run of one candidate, to its end."""
    reference = references[number % len(references)]
    run = Run(reference.case, seed=number)
    walk(run, policy_of(number), reference, Chance(seed, _STREAM, number))
    return run


def shrunk(case: Case, failure: Failure, *, tries: int = 2_000) -> Failure:
    """The same failure by as few commands as can be found in so many tries: parts are left out as long as it still breaks."""
    commands = list(failure.commands)
    size = max(1, len(commands) // 2)
    while size and tries > 0:
        place, has_shrunk = 0, False
        while place < len(commands) and tries > 0:
            fewer = commands[:place] + commands[place + size :]
            tries -= 1
            if failure_of(case, failure.seed, fewer) is not None:
                commands, has_shrunk = fewer, True
            else:
                place += size
        size = size // 2 if size > 1 else int(has_shrunk)
    text = failure_of(case, failure.seed, commands) or failure.text
    return Failure(failure.number, failure.policy, failure.seed, text, tuple(commands))


def failure_of(case: Case, seed: int, commands: Sequence[TimedCommand]) -> str | None:
    """What breaks when these commands are run to the end of the case; None where nothing does."""
    try:
        run = repeat(case, seed, commands, to_s=case.end_s)
        score(case, run.history)
        return next(iter([*broken(run), *broken_by_replay(run)]), None)
    except Exception as error:
        return _words(error)


def _one(reference: Reference, number: int, seed: int, tally: Tally) -> None:
    case, policy = reference.case, policy_of(number)
    tally.runs[policy] += 1
    run: Run | None = None
    try:
        run = Run(case, seed=number)
        walk(run, policy, reference, Chance(seed, _STREAM, number))
        result = score(case, run.history)
        wrong = [*broken(run), *(broken_by_replay(run) if number % REPLAYED_EVERY == 0 else ())]
    except Exception as error:
        result, wrong = None, [_words(error)]
    if wrong:
        _keep(tally, Failure(number, policy, number, wrong[0], tuple(run.history.commands) if run else ()))
    if run is not None and result is not None:
        _count(run, result, policy, number, tally)


def _keep(tally: Tally, failure: Failure) -> None:
    tally.n_failures += 1
    if len(tally.failures) < _MAX_KEPT:
        tally.failures.append(failure)


def _count(run: Run, result: Score, policy: str, number: int, tally: Tally) -> None:
    is_chance = policy in BY_CHANCE
    tally.died[policy] += run.history.has_died
    tally.ends[run.end.reason if run.end else ""] += 1
    for line in (*result.lines, *result.harms):
        if line.points < 0 or (line.possible and line.points >= _FULL * line.possible):
            tally.earned[line.id] += 1
            tally.by_chance[line.id] += is_chance
    tally.states.update(one.state for one in run.history.states)
    if is_chance and result.percent > tally.best_by_chance:
        tally.best_by_chance, tally.best_number = result.percent, number
    if policy == PERTURBED and number % _PINNED_EVERY == 1:
        _watch_bounds(run, tally)


def _watch_bounds(run: Run, tally: Tally) -> None:
    """How long is each variable at a bound? Where it starts there is its rest, and not looked at."""
    case = run.case
    tally.watched_s += run.now_s
    start = case.starts[run.seed % len(case.starts)]
    for name, low, high, first in zip(case.variables, case.lows, case.highs, start, strict=True):
        bounds = {low, high} - {first}
        times = [round(run.now_s * (n + 0.5) / _SAMPLES) for n in range(_SAMPLES)]
        share = sum(run.values_at(name, at_s) in bounds for at_s in times) / _SAMPLES
        tally.pinned_s[name] += round(share * run.now_s)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
