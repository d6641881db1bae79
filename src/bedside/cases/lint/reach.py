"""C2xx, what can be seen without running the case: states, events and thresholds that can never be met, and endless rounds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bedside.cases.case_file import DEAD, Region, Transition
from bedside.cases.lint.logic import Alternative, Fact, Threshold, alternatives, can_change, is_possible, together
from bedside.cases.lint.view import Reading, View
from bedside.cases.rubric import Do, Happened, Reach, Watch
from bedside.findings import Finding
from bedside.reading import Path_

_MAX_ROUNDS = 200  # cycles of one region that are looked at
_ANCHOR = re.compile(r"@([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Reachable:
    """Which states and events can come about at all, by the graph and the guards alone."""

    view: View

    def allows(self, path: Path_) -> bool:
        """Can the guard there hold, given what can come about? A guard that could not be read can."""
        parsed = self.view.guard_at(path)
        return parsed is None or self._can_hold(parsed.tree, *self.found)

    @cached_property
    def found(self) -> tuple[frozenset[str], frozenset[str]]:
        """States and events."""
        states = frozenset(region.initial for region in self.view.case.regions.values())
        events: frozenset[str] = frozenset()
        while True:
            more_states = states | frozenset(self._steps(states, events))
            more_events = events | frozenset(
                name
                for name in self.view.case.events
                if (parsed := self.view.guard_at(("events", name))) is None or self._can_hold(parsed.tree, states, events)
            )
            if (more_states, more_events) == (states, events):
                return states, events
            states, events = more_states, more_events

    def _steps(self, states: frozenset[str], events: frozenset[str]) -> Iterator[str]:
        for name, region in self.view.case.regions.items():
            for state in region.states.keys() & states:
                for n, transition in enumerate(region.states[state].to):
                    parsed = self.view.guard_at(("regions", name, state, "to", n, "when"))
                    if parsed is None or self._can_hold(parsed.tree, states, events):
                        yield transition.go

    def _can_hold(self, tree: ast.expr, states: frozenset[str], events: frozenset[str]) -> bool:
        ways = [
            way
            for way in alternatives(tree)
            if all(
                fact.argument in (states if fact.function == "state" else events)
                for fact in way
                if isinstance(fact, Fact) and fact.is_so and fact.function in {"state", "seen"}
            )
        ]
        return is_possible(ways, self.view.bounds, self.view.region_of)


def check_reach(view: View) -> Iterator[Finding]:
    """States, events, thresholds, guards, rounds and values at the start."""
    reachable = Reachable(view)
    states, _ = reachable.found
    for name, region in view.case.regions.items():
        for state in region.states:
            if state not in states and state != DEAD:
                text = f'no path leads from "{region.initial}" to "{state}"'
                yield view.finding("C201", ("regions", name, state), text, of_key=True)
        yield from _rounds(view, name, region)
    for reading in view.guards:
        yield from _guard(view, reading)
    yield from _unused_events(view)
    yield from _starts(view)


def _guard(view: View, reading: Reading) -> Iterator[Finding]:
    if reading.parsed is None:
        return
    ways = alternatives(reading.parsed.tree)
    thresholds = sorted(_thresholds(reading.parsed.tree), key=lambda one: (one.quantity, one.constant))
    idle = [one for one in thresholds if one.quantity in view.bounds and not can_change(one, *view.bounds[one.quantity])]
    for one in idle:
        low, high = view.bounds[one.quantity]
        text = f"{one.quantity} {one.op} {one.constant:g} never changes: {one.quantity} lies between {low:g} and {high:g}"
        yield view.finding("C202", reading.path, text)
    if not idle and not is_possible(ways, view.bounds, view.region_of):
        yield view.finding("C207", reading.path, f'"{reading.text}" can never hold: its parts contradict each other')


def _thresholds(tree: ast.expr) -> set[Threshold]:
    """As they are written, before any `not`."""
    match tree:
        case ast.UnaryOp(op=ast.Not()):
            return _thresholds(tree.operand)
        case ast.BoolOp():
            return {one for part in tree.values for one in _thresholds(part)}
        case _:
            return {one for way in alternatives(tree) for one in way if isinstance(one, Threshold)}


def _rounds(view: View, name: str, region: Region) -> Iterator[Finding]:
    for steps in _cycles(region):
        guards: list[Sequence[Alternative]] = []
        for state, n in steps:
            parsed = view.guard_at(("regions", name, state, "to", n, "when"))
            guards.append(alternatives(parsed.tree) if parsed else [frozenset()])
        if is_possible(together(guards), view.bounds, view.region_of):
            way = " > ".join([*(state for state, _ in steps), steps[0][0]])
            text = f"{way} can go round in no time: all its guards can hold together; part their thresholds, or add `after`"
            state, n = steps[0]
            yield view.finding("C205", ("regions", name, state, "to", n), text)


def _cycles(region: Region) -> list[tuple[tuple[str, int], ...]]:
    """Rounds of transitions that take no time, each once: it begins at its state that comes first in the file."""
    order = {state: n for n, state in enumerate(region.states)}
    instant: Mapping[str, list[tuple[int, Transition]]] = {
        state: [(n, one) for n, one in enumerate(content.to) if one.after_s is None and one.go in order]
        for state, content in region.states.items()
    }
    found: list[tuple[tuple[str, int], ...]] = []

    def walk(first: str, state: str, steps: tuple[tuple[str, int], ...]) -> None:
        for n, transition in instant[state]:
            if len(found) >= _MAX_ROUNDS:
                return
            way = (*steps, (state, n))
            if transition.go == first:
                found.append(way)
            elif order[transition.go] > order[first] and all(transition.go != seen for seen, _ in way):
                walk(first, transition.go, way)

    for first in order:
        walk(first, first, ())
    return found


def _unused_events(view: View) -> Iterator[Finding]:
    readings = [one.parsed for one in (*view.guards, *view.expressions) if one.parsed is not None]
    used = {fact.what for parsed in readings for fact in parsed.facts if fact.function == "seen"}
    for item in view.case.rubric:
        if isinstance(item, Do | Reach | Watch):
            used.add(item.from_event or "")
        if isinstance(item, Watch):
            used.add(item.until_event or "")
        if isinstance(item, Reach):
            used.add(item.reach)
        if isinstance(item, Happened):
            used.add(item.event)
    for script in view.case.scripts.values():
        used |= set(_ANCHOR.findall(script))
    for name in view.case.events:
        if name not in used:
            text = f'no guard, rubric item or script uses the event "{name}"'
            yield view.finding("C203", ("events", name), text, of_key=True)


def _starts(view: View) -> Iterator[Finding]:
    for name, variable in view.case.variables.items():
        if not variable.min <= variable.init <= variable.max:
            text = f"{name} starts at {variable.init:g}, outside {variable.min:g} to {variable.max:g}"
            yield view.finding("C208", ("variables", name, "init"), text)
    for variant, values in view.case.variants.items():
        for name, value in values.items():
            if name in view.bounds and not view.bounds[name][0] <= value <= view.bounds[name][1]:
                low, high = view.bounds[name]
                text = f"{name} starts at {value:g}, outside {low:g} to {high:g}"
                yield view.finding("C208", ("variants", variant, name), text)
