"""What is kept of a run: all that scoring, charts and a debrief need afterwards. Lists only grow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bedside.cases.commands import Command
from bedside.cases.emitted import Emitted, Ended, Moved, Note, Resulted, StateEntered
from bedside.cases.motion import Anchor


class ActionTaken(NamedTuple):
    """Something the candidate did: `verb` is order, cancel, move, exam or history.

    An order for later is taken when its time comes. `truths` are the bits of the facts at that instant, before the action had
    any effect; with them the rubric judges its `when`.
    """

    at_s: int
    verb: str
    target: str
    was_refused: bool
    truths: int


class TargetTurned(NamedTuple):
    """A target became active, or stopped being so."""

    at_s: int
    target: int
    is_on: bool


@dataclass(slots=True)
class Record:
    """A run so far.

    `first_s` has the first time of every event, or None; `course` the anchors of each variable, by which `motion.value_at`
    reads any instant; `facts` the bits from each instant on at which any changed.
    """

    first_s: dict[str, int | None]
    course: tuple[list[Anchor], ...]
    actions: list[ActionTaken] = field(default_factory=list)
    emitted: list[Emitted] = field(default_factory=list)
    commands: list[tuple[int, Command]] = field(default_factory=list)
    facts: list[tuple[int, int]] = field(default_factory=list)
    turns: list[TargetTurned] = field(default_factory=list)
    end: Ended | None = None

    @property
    def results(self) -> tuple[Resulted, ...]:
        """The reports, in the order in which they came."""
        return tuple(one for one in self.emitted if isinstance(one, Resulted))

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes, in order."""
        return tuple(one for one in self.emitted if isinstance(one, Note))

    @property
    def moves(self) -> tuple[Moved, ...]:
        """The arrivals, in order."""
        return tuple(one for one in self.emitted if isinstance(one, Moved))

    @property
    def states(self) -> tuple[StateEntered, ...]:
        """The states entered after the start, in order."""
        return tuple(one for one in self.emitted if isinstance(one, StateEntered))

    @property
    def has_died(self) -> bool:
        """Did the patient die?"""
        return self.end is not None and self.end.reason == "died"

    def taken(self) -> Iterator[ActionTaken]:
        """The actions that were not refused."""
        return (action for action in self.actions if not action.was_refused)

    def copy(self) -> Record:
        """The same, to be continued on its own."""
        return Record(
            dict(self.first_s),
            tuple([*anchors] for anchors in self.course),
            [*self.actions],
            [*self.emitted],
            [*self.commands],
            [*self.facts],
            [*self.turns],
            self.end,
        )
