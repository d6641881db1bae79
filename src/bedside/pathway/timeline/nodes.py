"""The milestones of one person: which of the road apply, which are done, and which day was asked for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bedside.pathway.days import NEVER
from bedside.pathway.folder import Pathway
from bedside.pathway.moment import Moment
from bedside.pathway.record import Accreditor, Record
from bedside.pathway.requirement import Requirement
from bedside.pathway.timeline.asking import passed_on
from bedside.pathway.timeline.entries import MilestoneKind
from bedside.pathway.timeline.ordering import in_order_of_waiting
from bedside.pathway.timeline.plan import Cost, Duration, Milestone, Plan
from bedside.pathway.timeline.spans import NOTHING, Span
from bedside.pathway.vocabulary import Names

STATE = "{state}"
FURTHEST_YEARS = 60


@dataclass(slots=True)
class Node:
    """A milestone of this person. `after` holds the ids that apply, `not_before` the day that was asked for."""

    id: str
    title: str
    milestone: Milestone
    state: str | None
    after: list[tuple[str, Span]]
    least: Span
    typical: Span
    most: Span
    is_done: bool = False
    done_on: date | None = None
    not_before: date | None = None
    was_done_on: date | None = None  # done for a season that is lost
    costs: tuple[Cost, ...] = ()
    season: int | None = None  # of what is done and counts for one
    ancestors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """A record on a day, and what was chosen and moved."""

    pathway: Pathway
    plan: Plan
    record: Record
    on: date
    moved: Mapping[str, date]
    chosen: Mapping[str, str]

    def is_near(self, day: date | None) -> bool:
        """Is it a day within a life's work? Of others nothing is made."""
        return day is not None and abs(day.year - self.on.year) <= FURTHEST_YEARS

    def holds(self, requirement: Requirement | None) -> bool:
        """Is it met, as far as is known?"""
        return requirement is None or requirement(self._names()) is True

    def _names(self) -> Names:
        return Names(self.plan.vocabulary, Moment(self.record, self.pathway.exam, self.on.toordinal()), {})

    def way(self, name: str) -> str | None:
        """The way taken where the road forks; None where this person has no choice."""
        choice = next(one for one in self.plan.choices if one.name == name)
        if choice.when is not None and choice.when(self._names()) is False:
            return None  # where it is not known, there may be one
        ways = [way for way, _ in choice.ways]
        return self.chosen[name] if self.chosen.get(name) in ways else ways[0]

    def applies(self, milestone: Milestone) -> bool:
        """Is it on this person's road?"""
        ways = {one.name: self.way(one.name) for one in self.plan.choices}
        return milestone.is_on(ways) and self.holds(milestone.when)

    def done(self, milestone: Milestone) -> tuple[bool | None, date | None]:
        """Whether the record has it (None: it does not say), and the day; a later day is one that is fixed."""
        if milestone.gives is not None and milestone.gives.pass_ is not None:
            day = passed_on(self.record, self.pathway, milestone.gives.pass_, self.on)
            return day is not None, day
        if milestone.gives is not None and milestone.gives.training:
            return self._trained(milestone)
        if milestone.done_if_met:
            moment = Moment(self.record, self.pathway.exam, self.on.toordinal())
            is_met = milestone.done_if_met[0].ask(moment)
            return is_met, self._day(milestone) if is_met else None
        if milestone.done_on is not None:
            value = milestone.done_on(self._names())
            if value is None:
                return None, None
            day = date.fromordinal(int(value)) if int(value) < NEVER else None
            return day is not None and day <= self.on, day
        if milestone.done is not None:
            return milestone.done(self._names()), None
        return None, None

    def _day(self, milestone: Milestone) -> date | None:
        value = milestone.done_on(self._names()) if milestone.done_on is not None else None
        return date.fromordinal(int(value)) if value is not None and int(value) <= self.on.toordinal() else None

    def _trained(self, milestone: Milestone) -> tuple[bool | None, date | None]:
        """Residency has begun where training goes on, or where it lasted as long as a residency does."""
        stretches = [one for one in self.record.training if one.accredited is Accreditor.ACGME and one.start <= self.on]
        if not stretches:
            return False, None
        first = min(one.start for one in stretches)
        if any(one.end is None or one.end >= self.on for one in stretches):
            return True, first
        days = sum((one.end - one.start).days + 1 for one in stretches if one.end is not None)
        residency = [
            self.duration(one)
            for one in self.plan.milestones
            if one.kind is MilestoneKind.TRAINING and milestone.id in {before.id for before in one.after}
        ]
        least = min(((one.least.after(first) - first).days for one in residency if one is not None), default=0)
        return (True, first) if days >= least else (False, None)

    def duration(self, milestone: Milestone) -> Duration | None:
        """How long it takes in the specialty aimed at, else in any."""
        return milestone.durations.get(self.record.goals.specialty or "", milestone.duration)


def nodes_of(person: Person) -> list[Node]:
    """The milestones of this person, in an order in which each comes after what it waits for."""
    nodes: list[Node] = []
    states: list[str | None] = list(person.record.goals.states) or [None]
    for milestone in in_order_of_waiting([one for one in person.plan.milestones if person.applies(one)])[0]:
        nodes += [_node(person, milestone, one) for one in (states if milestone.each_state else [None])]
    _connect(nodes, states)
    _mark_done(person, nodes)
    _ask(person, nodes)
    return nodes


def _node(person: Person, milestone: Milestone, state: str | None) -> Node:
    names = {one.code: one.name for one in person.pathway.places}
    name = names.get(state, state) if state is not None else ""
    duration = person.duration(milestone)
    return Node(
        id=milestone.id if state is None else f"{milestone.id}.{state}",
        title=milestone.title.replace(f" ({STATE})", f" ({name})" if name else "").replace(STATE, name),
        milestone=milestone,
        state=state,
        after=[],
        least=duration.least if duration else NOTHING,
        typical=duration.typical if duration else NOTHING,
        most=duration.most if duration else NOTHING,
        costs=tuple(one for one in milestone.costs if person.holds(one.when)),
    )


def _connect(nodes: list[Node], states: list[str | None]) -> None:
    """What each waits for. What waits for one that is there for each state waits for that of the state named first."""
    there = {one.id: one for one in nodes}
    for node in nodes:
        for before in node.milestone.after:
            wanted = (before.id, f"{before.id}.{node.state}", f"{before.id}.{states[0]}")
            found = next((name for name in wanted if name in there), None)
            if found is not None:
                node.after.append((found, before.gap))
        above = [there[name] for name, _ in node.after]
        node.ancestors = frozenset(name for name, _ in node.after).union(*(one.ancestors for one in above))


def _mark_done(person: Person, nodes: list[Node]) -> None:
    there = {one.id: one for one in nodes}
    said: dict[str, bool | None] = {}
    for node in nodes:
        said[node.id], day = person.done(node.milestone)
        day = day if person.is_near(day) else None
        moved = person.moved.get(node.id)
        if not node.milestone.has_evidence and moved is not None and moved < person.on:
            said[node.id], day = True, moved
        node.is_done = said[node.id] is True
        if node.is_done:
            node.done_on = day
            if day is not None and node.milestone.window is not None:
                node.season = node.milestone.window.season_of(day)
        elif day is not None:
            node.not_before = day
    for node in nodes:  # who has the later thing has done the earlier, but for a Step that the record has not passed
        if node.is_done:
            for name in node.ancestors:
                if said[name] is None or not _is_of_step(there[name], there):
                    there[name].is_done = True
    over = {name for node in nodes if node.is_done for name, _ in node.after}
    for node in nodes:  # what leads nowhere is over where others after the same thing are
        if node.milestone.is_optional and any(name in over for name, _ in node.after):
            node.is_done = True


def _is_of_step(node: Node, there: Mapping[str, Node]) -> bool:
    """Is it the sitting of a Step, or its result?"""
    gives = [node.milestone.gives]
    if node.milestone.kind is MilestoneKind.RESULT:
        gives += [there[name].milestone.gives for name, _ in node.after]
    return any(one is not None and one.pass_ is not None for one in gives)


def _ask(person: Person, nodes: list[Node]) -> None:
    """The days asked for: those of the record's plans, and over them the moves."""
    for node in nodes:
        step = node.milestone.gives.pass_ if node.milestone.gives is not None else None
        planned = person.record.goals.sit.get(step) if step is not None else None
        if planned is not None and planned >= person.on and person.is_near(planned):
            node.not_before = planned
        if person.is_near(person.moved.get(node.id)) and not node.is_done:
            node.not_before = person.moved[node.id]
