"""What a debrief is made of: the run as played, the expert's, what each lost point was, and both replays of a changed run.

All of it is computed from the rows; nothing is stored. The part that does not change is kept in memory for as long as the
run is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from bedside.bank import Takeaway
from bedside.cases import (
    Case,
    Edit,
    End,
    Loss,
    Mark,
    Played,
    Replayed,
    Run,
    Series,
    Wait,
    Window,
    acts_of,
    losses_of,
    marks_of,
    play_again,
    run_script,
    series_of,
    waits_of,
    windows_of,
)
from bedside.errors import NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.cases.actions import settled
from bedside.site.cases.commands import do_safely
from bedside.site.cases.courses import course_of, told_commands
from bedside.site.cases.models import CaseRun
from bedside.site.cases.replays import compiled
from bedside.site.cases.sat import see_given_out
from bedside.site.cases.stock import current_orders
from bedside.site.content import current_content
from bedside.site.exam.sealed import see_unsealed
from bedside.site.problems import CaseChangedError

EXPERT = "expert"
RELIABLE_FROM = 8  # cases; below it a mean score says little
_MOST_KEPT = 40


@dataclass(frozen=True, slots=True)
class Analysis:
    """A run that has ended, taken apart. `expert` is the case's own best course in the same variant."""

    course: Played
    mine: Replayed
    expert: Replayed
    losses: tuple[Loss, ...]
    series: tuple[Series, ...]
    marks: tuple[Mark, ...]
    expert_marks: tuple[Mark, ...]
    windows: tuple[Window, ...]
    waits: tuple[Wait, ...]

    @property
    def case(self) -> Case:
        """The case as it was played."""
        return self.course.case

    @property
    def run(self) -> Run:
        """The run as it was played."""
        return self.mine.run


@dataclass(frozen=True, slots=True)
class Debrief:
    """A run of this person with its analysis.

    `analysis` is None where the case can't be done again, as the catalogue or the engine has changed what happens.
    `is_done_anew`: they have changed, and the same came out. `n_cases`: different cases that the person has a score in.
    """

    row: CaseRun
    analysis: Analysis | None
    is_done_anew: bool
    n_cases: int
    takeaways: tuple[Takeaway, ...]
    missing_takeaways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A changed run: with everything else at its own time, and with reactions that follow."""

    edits: tuple[Edit, ...]
    fixed: Replayed
    anchored: Replayed
    fixed_series: tuple[Series, ...]
    anchored_series: tuple[Series, ...]


def debrief_of(user: User, run_id: UUID, *, at: datetime) -> Debrief:
    """The debrief of a run that has ended.

    Raises:
        NotFoundError: no such run of theirs, or it goes on.
        ConflictError: it is of a sitting whose keys have not been given out.
        SealedError: a proctored sitting of theirs is under way.
    """
    row = settled(user, run_id, at=at)
    see_given_out(row)
    if row.ended_at is None:
        raise NotFoundError("the debrief is there when the case has ended")
    see_unsealed(row.user_id, at)
    analysis, is_done_anew = _analysis_of(row)
    takeaways = current_content().bank.takeaways
    named = analysis.case.file.debrief.takeaways if analysis is not None else ()
    return Debrief(
        row=row,
        analysis=analysis,
        is_done_anew=is_done_anew,
        n_cases=CaseRun.objects.filter(user=user, percent__isnull=False).values("case_id").distinct().count(),
        takeaways=tuple(takeaways[name] for name in named if name in takeaways),
        missing_takeaways=tuple(name for name in named if name not in takeaways),
    )


def what_if(analysis: Analysis, edits: Sequence[Edit]) -> WhatIf:
    """Both replays of the run with these changes.

    Raises:
        UsageError: a change that can't be.
    """
    fixed, anchored = (play_again(analysis.course, edits, anchored=anchored) for anchored in (False, True))
    return WhatIf(tuple(edits), fixed, anchored, series_of(fixed.run), series_of(anchored.run))


def _analysis_of(row: CaseRun) -> tuple[Analysis | None, bool]:
    """The analysis, and whether catalogue or engine have changed since without a change of what came out."""
    try:
        run, n = course_of(row)
    except CaseChangedError:
        anew = _done_anew(row)
        return (None, False) if anew is None else (_analysis(_Key(row.pk, *anew)), True)
    return _analysis(_Key(row.pk, n, run)), False


def _done_anew(row: CaseRun) -> tuple[int, Run] | None:
    """The run with today's catalogue and engine; None where it does not take the same course any more."""
    try:
        run = Run(compiled(row.case_id, row.case_text, None, current_orders().catalogue), seed=row.seed)
    except UsageError:
        return None
    commands = told_commands(row)
    for at_s, told in commands:
        if at_s is not None and run.now_s != at_s:
            return None
        do_safely(run, [told])
    if row.sitting_id is not None and not run.is_over:
        run.do(End(None))
    again = play_again(acts_of(run))
    is_same = row.percent is not None and abs(again.score.percent - row.percent) < 1e-9
    return (len(commands), run) if is_same else None


@dataclass(frozen=True, slots=True)
class _Key:
    """What an analysis depends on; the run follows from the rest."""

    row: UUID
    n: int
    run: Run = field(compare=False)
    case: str = field(init=False)
    catalogue: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "case", self.run.case.digest)
        object.__setattr__(self, "catalogue", self.run.case.catalogue.digest)


@lru_cache(maxsize=_MOST_KEPT)
def _analysis(key: _Key) -> Analysis:
    run = key.run
    course = acts_of(run)
    mine = play_again(course)
    expert_run = run_script(run.case, run.case.file.scripts.get(EXPERT, ""), seed=run.seed)
    expert = play_again(acts_of(expert_run))
    return Analysis(
        course=course,
        mine=mine,
        expert=expert,
        losses=losses_of(course, mine, expert),
        series=series_of(mine.run),
        marks=marks_of(mine.run),
        expert_marks=marks_of(expert.run),
        windows=windows_of(mine.run, mine.score),
        waits=waits_of(mine.run, expert.run),
    )
