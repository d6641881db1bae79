"""Courses: single actions at fixed times or anchored on events, followed to the end of a case.

A script is a course whose steps hold several actions. Candidates of `policies` and the trials of `trials` are courses that
differ from the expert's in a drop, a delay or something added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from bedside.cases.commands import Cancel, Command, End, Examine, History, Move, Order
from bedside.cases.emitted import EventReached, Note
from bedside.cases.engine import Run
from bedside.cases.plans import Case
from bedside.cases.scripts import Anchored, Fixed, Script, parse_script
from bedside.cases.targets import CANCEL, EXAM, HISTORY, MOVE, ORDER, Action


@dataclass(frozen=True, slots=True)
class Planned:
    """One action, when it is meant to be taken, and the step of the script to which it belongs (-1: to none)."""

    at: Fixed | Anchored
    command: Command
    step: int = -1

    @property
    def action(self) -> Action | None:
        """The action as the rubric names it; None of what is none."""
        return action_of(self.command)

    def delayed(self, delay_s: int) -> Planned:
        """The same, later; never before the start or the event."""
        return replace(self, at=_later(self.at, delay_s))


Course = tuple[Planned, ...]
React = Callable[["Following"], Iterable[int]]


def action_of(command: Command) -> Action | None:
    """Verb and target of a command; None of one that only lets time pass or ends the case."""
    match command:
        case Order():
            return ORDER, command.order
        case Cancel():
            return CANCEL, command.order
        case Move():
            return MOVE, command.to
        case Examine():
            return EXAM, command.part
        case History():
            return HISTORY, ""
        case _:
            return None


def command_of(action: Action) -> Command:
    """The command that takes an action."""
    verb, target = action
    kinds: dict[str, Callable[[str], Command]] = {ORDER: Order, CANCEL: Cancel, MOVE: Move, EXAM: Examine}
    return kinds[verb](target) if verb in kinds else History()


def course_of(script: str | Script) -> Course:
    """The actions of a script, in the order of its text.

    Raises:
        UsageError: the script can't be read.
    """
    script = parse_script(script) if isinstance(script, str) else script
    return tuple(Planned(step.at, command, number) for number, step in enumerate(script.steps) for command in step.commands())


def follow(case: Case, course: Course, *, seed: int = 0) -> Run:
    """The run of a course, to the end of the case."""
    following = Following(Run(case, seed=seed), course)
    following.to_the_end()
    return following.run


class Following:
    """A course on its way. `taken_s` has the instant at which each action was taken, None where it was not yet."""

    __slots__ = ("_queue", "_seen", "_waiting", "course", "dropped", "run", "taken_s")

    def __init__(self, run: Run, course: Course, *, dropped: Sequence[int] = ()) -> None:
        self.run = run
        self.course = course
        self.dropped = set(dropped)
        self.taken_s: list[int | None] = [None] * len(course)
        self._queue: list[tuple[int, int]] = []
        self._waiting: dict[str, list[int]] = {}
        self._seen = 0
        for number, planned in enumerate(course):
            if number in self.dropped:
                continue
            if isinstance(planned.at, Fixed):
                heappush(self._queue, (planned.at.at_s, number))
            else:
                self._waiting.setdefault(planned.at.event, []).append(number)

    def to_the_end(self, react: React | None = None) -> None:
        """Take every action when it is due. After a note from the patient's state or an alert, `react` names actions that
        are taken at once."""
        run, queue = self.run, self._queue
        end_s = run.case.end_s
        while not run.is_over:
            if self._look_back() and react is not None:
                for number in react(self):
                    self.take(number)
                continue
            at_s = queue[0][0] if queue else end_s
            if at_s > run.now_s or not queue:
                # an event on the way may bring an action that is due earlier
                run.advance_to(at_s, until_event=bool(self._waiting), until_note=react is not None)
            else:
                self.take(heappop(queue)[1])

    def take(self, number: int) -> None:
        """Take an action now, unless it was taken."""
        if self.taken_s[number] is None:
            self.taken_s[number] = self.run.now_s
            self.run.do(self.course[number].command)

    def has_come(self, number: int) -> bool:
        """Could it be taken by now: has the event on which it waits been reached?"""
        at = self.course[number].at
        return isinstance(at, Fixed) or self.run.history.first_s[at.event] is not None

    def _look_back(self) -> bool:
        """Put into the queue what waited for an event that was reached; was there a note?"""
        emitted = self.run.history.emitted
        has_note = False
        for one in emitted[self._seen :]:
            if isinstance(one, EventReached):
                for number in self._waiting.pop(one.event, ()):
                    at = self.course[number].at
                    assert isinstance(at, Anchored)
                    heappush(self._queue, (one.at_s + at.delay_s, number))
            elif isinstance(one, Note):
                has_note |= one.source != "orders"
        self._seen = len(emitted)
        return has_note


def is_end(planned: Planned) -> bool:
    """Does it end the case?"""
    return isinstance(planned.command, End)


def _later(at: Fixed | Anchored, delay_s: int) -> Fixed | Anchored:
    if isinstance(at, Fixed):
        return Fixed(max(0, at.at_s + delay_s))
    return Anchored(at.event, max(0, at.delay_s + delay_s))
