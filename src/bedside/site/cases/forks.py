"""With which commands a run begins that goes on from a moment of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.cases import Advance, AdvanceToResult, AdvanceUntilCalled, Case, Command, End, Run
from bedside.errors import ConflictError, UsageError
from bedside.site.cases.commands import command_from_json
from bedside.site.cases.models import CaseCommand

PASSING = (Advance, AdvanceToResult, AdvanceUntilCalled)


@dataclass(frozen=True, slots=True)
class Step:
    """A command that is done again, at its virtual time."""

    command: Command
    at_s: int
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The commands of the new run; `n_of_parent` are the parent's own."""

    steps: tuple[Step, ...]
    n_of_parent: int


def commands_until(case: Case, seed: int, rows: Sequence[CaseCommand], *, after: int | None, at_s: int | None) -> Beginning:
    """The first `after` commands; with `at_s` those done by then, and time passed up to then.

    Whatever the candidate did at that very instant is part of it. An examination or a move that was under way is finished.

    Raises:
        UsageError: not exactly one of the two, or no such moment.
        ConflictError: the case was over by then.
    """
    if (after is None) == (at_s is None):
        raise UsageError("say after which command, or at which second")
    if after is not None and not 0 <= after <= len(rows):
        raise UsageError(f"the run has {len(rows)} commands, and not {after}")
    if at_s is not None and at_s < 0:
        raise UsageError("time begins at 0")
    run = Run(case, seed=seed)
    steps: list[Step] = []
    n = 0
    for row in rows[:after]:
        if at_s is not None and run.now_s > at_s:
            break
        command = command_from_json(row.command)
        if isinstance(command, End) or (at_s is not None and run.now_s == at_s and isinstance(command, PASSING)):
            break
        began_s = run.now_s
        before = run.fork()
        run.do(command)
        if at_s is not None and isinstance(command, PASSING) and run.now_s > at_s:
            run, command = before, Advance(at_s - began_s)
            run.do(command)
            steps.append(Step(command, began_s))
            break
        steps.append(Step(command, began_s, row.typed))
        n += 1
    if run.is_over:
        raise ConflictError("the case was over by then; choose an earlier moment")
    return Beginning(tuple(steps), n)
