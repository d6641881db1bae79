"""Scripts: a course written down in a case file, its steps at fixed times or anchored on events.

    0m order bmp ns_iv; 10m exam general abdomen; @k_safe+20m order insulin_regular_iv; 1h move icu

Steps are taken when they are due, whatever their order in the text; of those due at one instant the first written is first. A
step whose event is never reached is never taken. After the last one the case runs on to its end, through all notes. Where an
examination or a move has taken longer than to the time of a step, the step follows at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bedside.cases.case_file import CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.commands import Cancel, Command, End, Examine, History, Move, Order
from bedside.cases.durations import parse_duration
from bedside.cases.engine import Run
from bedside.cases.plans import Case
from bedside.cases.targets import ORDER, Targets
from bedside.errors import UsageError
from bedside.reading import did_you_mean

VERBS = ("order", "cancel", "move", "exam", "history", "end")
_STEP = re.compile(r"(?:@([a-z][a-z0-9_]*)(?:\+([0-9a-z]+))?|([0-9][0-9a-z]*))\s+([a-z]+)((?:\s+[a-z][a-z0-9_]*)*)")


@dataclass(frozen=True, slots=True)
class Fixed:
    """Seconds from the start."""

    at_s: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """Seconds from the first time of an event."""

    event: str
    delay_s: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step: each argument is an action of its own, in their order."""

    at: Fixed | Anchored
    verb: str
    args: tuple[str, ...]

    def commands(self) -> tuple[Command, ...]:
        """What the step does."""
        match self.verb:
            case "order":
                return tuple(Order(order) for order in self.args)
            case "cancel":
                return tuple(Cancel(order) for order in self.args)
            case "move":
                return tuple(Move(place) for place in self.args)
            case "exam":
                return tuple(Examine(part) for part in self.args)
            case "history":
                return (History(),)
            case _:
                return (End(),)


@dataclass(frozen=True, slots=True)
class Script:
    """A course through a case."""

    steps: tuple[Step, ...]


def parse_script(text: str) -> Script:
    """Read a script.

    Raises:
        UsageError: a step that is not one; quotes it.
    """
    return Script(tuple(_step(" ".join(part.split())) for part in text.split(";") if part.strip()))


def run_script(case: Case, script: str | Script, *, seed: int = 0) -> Run:
    """The run of a script, to the end of the case.

    Raises:
        UsageError: the script can't be read, or anchors on an event that the case does not have.
    """
    script = parse_script(script) if isinstance(script, str) else script
    _check_events(case, script)
    run = Run(case, seed=seed)
    waiting = list(script.steps)
    while not run.is_over:
        due = [(at_s, number) for number, step in enumerate(waiting) if (at_s := _due_s(run, step.at)) is not None]
        if not due:
            run.advance_to(case.end_s, until_event=bool(waiting))
            continue
        at_s, number = min(due)
        if at_s > run.now_s:
            # an event on the way may bring a step that is due earlier
            run.advance_to(at_s, until_event=len(due) < len(waiting))
            continue
        for command in waiting.pop(number).commands():
            run.do(command)
    return run


def nothing() -> Script:
    """The script that does nothing."""
    return Script(())


def everything(file: CaseFile, catalogue: Catalogue) -> Script:
    """All orders of the case and the 100 most used of the catalogue, at the start."""
    names = Targets(file, catalogue)
    targets = [*file.groups, *file.scoring.neutral, *(target for item in file.rubric for target in _targets(item))]
    ids = [what for target in targets for verb, what in names.actions(target) if verb == ORDER]
    ids += [order for effect in file.effects.values() for order in effect.by]
    ids += [key for key in file.results if key in catalogue.orders]
    return _at_once([*ids, *catalogue.most_used(100)], catalogue)


def kitchen_sink(file: CaseFile, catalogue: Catalogue) -> Script:
    """Every order that earns credit, at the start."""
    names = Targets(file, catalogue)
    targets = [target for item in file.rubric if item.pts > 0 for target in _targets(item)]
    return _at_once([what for target in targets for verb, what in names.actions(target) if verb == ORDER], catalogue)


def _at_once(ids: Iterable[str], catalogue: Catalogue) -> Script:
    orders = tuple(order for order in dict.fromkeys(ids) if not catalogue.orders[order].is_examination)
    return Script((Step(Fixed(0), "order", orders),))


def _targets(item: object) -> tuple[str, ...]:
    return tuple(target for key in ("do", "before", "watch", "avoid") for target in getattr(item, key, ()))


def _step(text: str) -> Step:
    match = _STEP.fullmatch(text)
    if match is None:
        raise UsageError(f'"{text}" is no step of a script; write a time or @event+delay, a verb and its arguments')
    event, delay, fixed, verb, rest = match.groups()
    args = tuple(rest.split())
    if verb not in VERBS:
        raise UsageError(f'"{text}": unknown verb "{verb}"{did_you_mean(verb, VERBS)}')
    if bool(args) == (verb in {"history", "end"}):
        raise UsageError(f'"{text}": {verb} {"takes no" if args else "needs"} arguments')
    at = Anchored(event, parse_duration(delay) if delay else 0) if event else Fixed(parse_duration(fixed))
    return Step(at, verb, args)


def _check_events(case: Case, script: Script) -> None:
    for step in script.steps:
        if isinstance(step.at, Anchored) and step.at.event not in case.file.events:
            raise UsageError(f'{case.id}: a script waits for the event "{step.at.event}", which the case does not have')


def _due_s(run: Run, at: Fixed | Anchored) -> int | None:
    if isinstance(at, Fixed):
        return at.at_s
    first_s = run.history.first_s[at.event]
    return None if first_s is None else first_s + at.delay_s
