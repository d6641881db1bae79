"""From a sitting's events to the course of one of its cases: the commands that count, done again in the case as it was kept.

A run is kept in memory under the digest of its commands, which the fold of the sitting keeps too: another row of commands,
after a merge say, has another digest, and is never taken for this one. What no engine can read was not sent by a page; it is
passed over, here and wherever the sitting is scored.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bedside.cases import Case, End, Run
from bedside.delivery import CaseWork, Form, Sitting, digest_after
from bedside.site.cases.commands import do_safely
from bedside.site.cases.models import CaseRun
from bedside.site.cases.replays import MOST_RUNS, Kept, case_of
from bedside.site.exam.log import folded, form_of
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import SittingEvent
from bedside.site.exam.remembered import FOLDS

COMMAND = "case_command"

_RUNS: Kept[tuple[UUID, int, str], Run] = Kept(MOST_RUNS)


def sat_replayed(row: CaseRun) -> tuple[Run, int]:
    """The course of a run of a sitting, and how many commands count in it. It is over where its block is.

    Raises:
        CaseChangedError: the catalogue or the engine has changed since.
    """
    assert row.sitting is not None
    assert row.block is not None
    form, state = fold_of(row.sitting)
    return course(case_of(row), row.sitting, form, state, row.block)


def fold_of(sitting: SittingRow) -> tuple[Form, Sitting]:
    """A sitting's form and its fold, from memory where that is what its row says."""
    known = FOLDS.of(sitting)
    if known is not None:
        return known.form, known.state
    form = form_of(sitting)
    return form, folded(sitting, form)


def course(case: Case, sitting: SittingRow, form: Form, state: Sitting, block: int) -> tuple[Run, int]:
    """The course of the case in that block, as the fold has it. Where its block is closed, the course has ended."""
    told = form.cases[block]
    work = state.cases.get(told.id, CaseWork())
    run = _run(case, told.seed, (sitting.pk, block, work.digest), told.id)
    if state.open_block != block and not run.is_over:
        run.do(End(None))
    return run, work.n


def commands_of(sitting_id: UUID, case_id: str) -> list[dict[str, Any]]:
    """The commands of a case that count, in their order."""
    rows = SittingEvent.objects.filter(sitting=sitting_id, type=COMMAND, outcome="accepted", body__case=case_id)
    bodies = sorted(rows.values_list("body", flat=True), key=lambda body: int(body["n"]))
    return [body["command"] for body in bodies]


def _run(case: Case, seed: int, key: tuple[UUID, int, str], case_id: str) -> Run:
    """A run with the commands of that digest; it is the caller's own."""
    sitting, block, digest = key
    kept = _RUNS.get(key)
    if kept is not None and kept.case is case:
        return kept.fork()
    commands = commands_of(sitting, case_id) if digest else []
    digests = [""]
    for told in commands:
        digests.append(digest_after(digests[-1], told))
    n, run = 0, Run(case, seed=seed)
    for place in range(len(commands) - 1, 0, -1):
        known = _RUNS.get((sitting, block, digests[place]))
        if known is not None and known.case is case:
            n, run = place, known.fork()
            break
    do_safely(run, commands[n:])
    if digests[-1] == digest:  # the rows are those of the fold
        _RUNS.put(key, run.fork())
    return run
