"""Two runs side by side, and a changed run against the played one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bedside.cases import Add, Case, Edit, Mark, Played, Replayed
from bedside.site.cases.debrief import Analysis, WhatIf
from bedside.site.cases.debrief_edits import address_of, edit_text
from bedside.site.cases.debrief_words import (
    command_words,
    edit_words,
    end_words,
    item_title,
    mark_words,
    number,
    span,
)
from bedside.site.cases.words import BANDS

_TINY = 0.05


@dataclass(frozen=True, slots=True)
class Both:
    """What the candidate and the expert did at one instant."""

    time: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One of three runs: as played, with everything else at its own time, with reactions that follow."""

    title: str
    percent: float
    band: str
    outcome: str
    undone: tuple[str, ...]  # actions of the played run that are not done in it


@dataclass(frozen=True, slots=True)
class Difference:
    """A line whose points differ, and what each run has of it."""

    title: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """One change, and the address without it."""

    text: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose in a form."""

    value: str
    text: str


def side_by_side(analysis: Analysis) -> list[Both]:
    """The actions of both, by their time."""
    mine, theirs = (_by_time(analysis.case, marks) for marks in (analysis.marks, analysis.expert_marks))
    return [Both(span(at_s), tuple(mine[at_s]), tuple(theirs[at_s])) for at_s in sorted({*mine, *theirs})]


def columns(analysis: Analysis, changed: WhatIf) -> list[Column]:
    """The three runs."""
    return [
        _column(_("As played"), analysis.course, analysis.mine, ()),
        _column(_("At fixed times"), analysis.course, changed.fixed, changed.edits),
        _column(_("Reactions follow"), analysis.course, changed.anchored, changed.edits),
    ]


def differences(analysis: Analysis, changed: WhatIf) -> list[Difference]:
    """Lines whose points are not the same in all three."""
    runs = (analysis.mine, changed.fixed, changed.anchored)
    found = []
    for number_, line in enumerate((*analysis.mine.score.lines, *analysis.mine.score.harms)):
        points = [[*one.score.lines, *one.score.harms][number_].points for one in runs]
        if max(points) - min(points) >= _TINY:
            found.append(Difference(item_title(analysis.case, line.id), tuple(number(one) for one in points)))
    return found


def changes_of(analysis: Analysis, edits: Sequence[Edit]) -> list[Changed]:
    """The changes, each with the way to take it back."""
    return [
        Changed(edit_words(analysis.course, edit), edit_text(edit), address_of([*edits[:place], *edits[place + 1 :]]) or "?")
        for place, edit in enumerate(edits)
    ]


def own_actions(analysis: Analysis) -> list[Choice]:
    """The candidate's actions, to be moved or left out."""
    return [
        Choice(str(place), f"{span(act.at_s)}: {command_words(analysis.case.catalogue, act.command)}")
        for place, act in enumerate(analysis.course.acts)
        if not act.was_refused
    ]


def experts_actions(analysis: Analysis) -> list[Choice]:
    """What the expert did and the candidate did not, at the expert's time."""
    done = {act.command for act in analysis.course.acts if not act.was_refused}
    expert = analysis.expert.run.history.commands
    missing = [(at_s, command) for at_s, command in expert if command not in done]
    return [
        Choice(edit_text(Add(command, at_s)), f"{span(at_s)}: {command_words(analysis.case.catalogue, command)}")
        for at_s, command in missing
    ]


def _by_time(case: Case, marks: Sequence[Mark]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for mark in marks:
        if mark.kind == "action" and not mark.was_refused:
            found[mark.at_s].append(mark_words(case, mark))
    return found


def _column(title: str, course: Played, replayed: Replayed, edits: Sequence[Edit]) -> Column:
    dropped = {edit.act for edit in edits if not isinstance(edit, Add)}
    undone = [
        command_words(course.case.catalogue, act.command)
        for place, act in enumerate(course.acts)
        if replayed.done_s[place] is None and not act.was_refused and place not in dropped
    ]
    run, score = replayed.run, replayed.score
    return Column(title, score.percent, str(BANDS[score.band]), end_words(run.end, run.now_s), tuple(undone))
