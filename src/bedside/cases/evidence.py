"""All that is run of a case to prove it, in jobs that may be done anywhere and in any order.

`plan(...)` says which jobs there are, `Bench.work` does one, `gather` puts the answers together. Every job answers the same
wherever it is done, so a proof does not depend on the number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bedside.cases.case_file import CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.climbing import Summit, climb, critical_items
from bedside.cases.compiled import compile_case
from bedside.cases.fuzzing import Tally, added_up, fuzz
from bedside.cases.mutation import Mutant, item_mutants, mutants, n_physiological
from bedside.cases.panel import Candidate, Panel, candidate, panel_of
from bedside.cases.plans import Case
from bedside.cases.policies import Reference, references
from bedside.cases.trials import Trials, try_variant

CHUNK = 100  # candidates of one job
MUTANTS = 4  # of one job
PANEL_SHARE = 0.1  # of all runs; at least MIN_PANEL
MIN_PANEL = 200
CLIMB_SHARE = 0.05  # of all runs, shared among the critical items

Kind = Literal["trials", "mutants", "fuzz", "panel", "climb"]


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do: from number `start` on, `count` of them."""

    kind: Kind
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job came to; one of these is filled."""

    trials: tuple[Trials, ...] = ()
    mutants: tuple[Mutant, ...] = ()
    tally: Tally | None = None
    candidates: tuple[Candidate, ...] = ()
    summits: tuple[Summit, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was found."""

    runs: int
    seed: int
    trials: tuple[Trials, ...]
    mutants: tuple[Mutant, ...]
    tally: Tally
    panel: Panel
    summits: tuple[Summit, ...]


@dataclass(slots=True)
class Bench:
    """A case on which jobs are done. `is_wide`: candidates by chance take any order of the catalogue; not for proofs."""

    file: CaseFile
    catalogue: Catalogue
    runs: int
    seed: int = 0
    is_wide: bool = False
    case: Case = field(init=False)
    references: tuple[Reference, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.case = compile_case(self.file, self.catalogue)
        self.references = references(self.case, is_wide=self.is_wide)

    @property
    def n_panel(self) -> int:
        """Candidates of the graded panel."""
        return max(MIN_PANEL, round(self.runs * PANEL_SHARE))

    def plan(self) -> tuple[Job, ...]:
        """The jobs, the longest first."""
        climbs = len(critical_items(self.references))
        return (
            *(Job("trials", number, 1) for number in range(len(self.case.variants))),
            *_parts("mutants", n_physiological(self.file), MUTANTS),
            *_parts("climb", climbs, 1),
            *self.plan_fuzz(self.runs),
            *_parts("panel", self.n_panel, CHUNK),
        )

    def plan_fuzz(self, runs: int) -> tuple[Job, ...]:
        """Only the fuzzing."""
        return _parts("fuzz", runs, CHUNK)

    def work(self, job: Job) -> Answer:
        """Do a job."""
        numbers = range(job.start, job.start + job.count)
        match job.kind:
            case "trials":
                return Answer(trials=(try_variant(self.file, self.catalogue, self.case.variants[job.start]),))
            case "mutants":
                return Answer(mutants=tuple(mutants(self.file, self.catalogue, numbers)))
            case "fuzz":
                return Answer(tally=fuzz(self.references, numbers, self.seed))
            case "panel":
                every = tuple(candidate(self.references, number, self.n_panel, self.seed) for number in numbers)
                return Answer(candidates=every)
            case "climb":
                tries = round(self.runs * CLIMB_SHARE / max(1, len(critical_items(self.references))))
                return Answer(summits=tuple(climb(self.references, number, self.seed, tries=tries) for number in numbers))

    def gather(self, answers: Sequence[Answer]) -> Evidence:
        """Put the answers of all jobs together, given in the order of the plan."""
        trials = tuple(one for answer in answers for one in answer.trials)
        physiological = [one for answer in answers for one in answer.mutants]
        return Evidence(
            runs=self.runs,
            seed=self.seed,
            trials=trials,
            mutants=(*physiological, *item_mutants(self.file, trials)),
            tally=added_up(answer.tally for answer in answers if answer.tally is not None),
            panel=panel_of(self.references, [one for answer in answers for one in answer.candidates]),
            summits=tuple(one for answer in answers for one in answer.summits),
        )


Each = Callable[[Callable[[Job], Answer], Sequence[Job]], Iterable[Answer]]


def evidence_of(bench: Bench, each: Each = map) -> Evidence:
    """Do all jobs; `each` is `map`, or something like it that shares them out."""
    return bench.gather(list(each(bench.work, bench.plan())))


def _parts(kind: Kind, number: int, size: int) -> tuple[Job, ...]:
    return tuple(Job(kind, start, min(size, number - start)) for start in range(0, number, size))
