"""The two passes over a road: forward for the earliest days, backward for the latest that do not move the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bedside.pathway.days import months_after
from bedside.pathway.entries import About
from bedside.pathway.record import Record, Result
from bedside.pathway.timeline.asking import Given, Question, Said, record_with
from bedside.pathway.timeline.entries import MilestoneKind
from bedside.pathway.timeline.nodes import Node, Person
from bedside.pathway.timeline.spans import Span

TRAINING_RULES = "state.training"  # the rules of a state about years of accredited training begin so
ROUNDS = 100  # how often seasons are settled; each raises one of them


class Bound(StrEnum):
    """What holds a milestone where it stands."""

    TODAY = "today"
    AFTER = "after"  # one before it
    CALENDAR = "calendar"
    RULE = "rule"
    ASKED = "asked"  # the day was asked for


@dataclass(frozen=True, slots=True)
class Missed:
    """A season that closed before something was ready for it."""

    ready: date
    season: int  # the one that it stands in instead


@dataclass(slots=True)
class Spot:
    """Where a milestone stands. `ready` is the day from which nothing on the road holds it."""

    node: Node
    ready: date
    start: date
    end: date
    bound: Bound
    bound_of: str
    season: int | None = None
    question: Question | None = None
    said: tuple[Said, ...] = ()
    is_denied: bool = False  # the rules never allow it
    missed: Missed | None = None
    span: Span = field(default_factory=Span)
    latest_start: date | None = None
    latest_end: date | None = None


Length = Callable[[Node], Span]


def forward(person: Person, nodes: Sequence[Node], length: Length) -> dict[str, Spot]:
    """The earliest days. What belongs to one season (all of one Match) is put into one, the latest that any of it needs."""
    least: dict[str, int] = {}
    missed: dict[str, Missed] = {}  # by milestone; the last that made a calendar wait
    by = {name: "" for name, calendar in person.plan.calendars.items() if calendar.is_one_season}
    spots: dict[str, Spot] = {}
    for _ in range(ROUNDS):
        spots = _once(person, nodes, length, least)
        late = [late for name in by if (late := _latest_of(name, spots)) and _settle(name, late, nodes, spots, least)]
        for one in late:
            missed.pop(by[_calendar(one.node)], None)
            by[_calendar(one.node)] = one.node.id
            missed[one.node.id] = Missed(max(one.ready, one.node.not_before or one.ready), one.season or 0)
        if not late:
            break
    for name, spot in spots.items():
        spot.missed = missed.get(name) or _waiting(spot, by)
    return spots


def _latest_of(name: str, spots: dict[str, Spot]) -> Spot | None:
    """The first of the milestones of a calendar that stand in its latest season."""
    there = [spot for spot in spots.values() if _calendar(spot.node) == name and spot.season is not None]
    return max(there, key=lambda spot: spot.season or 0, default=None)


def _settle(name: str, late: Spot, nodes: Sequence[Node], spots: dict[str, Spot], least: dict[str, int]) -> bool:
    """Put the others into its season too; False where they are there."""
    top = late.season or 0
    lost = [node for node in nodes if node.is_done and _calendar(node) == name and (node.season or top) < top]
    for node in lost:
        node.was_done_on, node.is_done, node.done_on = node.done_on, False, None  # it counted for a season that is lost
        node.season = None
    others = any((spot.season or 0) < top for spot in spots.values() if _calendar(spot.node) == name)
    if others:
        least[name] = top
    return others or bool(lost)


def _calendar(node: Node) -> str:
    return node.milestone.window.calendar.name if node.milestone.window is not None else ""


def _waiting(spot: Spot, by: dict[str, str]) -> Missed | None:
    """What waits by itself for a season: the first of a calendar whose milestones all wait for it, or any of another."""
    calendar = _calendar(spot.node)
    if spot.season is None or by.get(calendar):
        return None
    if calendar in by:
        by[calendar] = spot.node.id
    return Missed(max(spot.ready, spot.node.not_before or spot.ready), spot.season)


def _once(person: Person, nodes: Sequence[Node], length: Length, least: dict[str, int]) -> dict[str, Spot]:
    spots: dict[str, Spot] = {}
    there = {node.id: node for node in nodes}
    for node in nodes:
        if node.is_done:
            continue
        ready, bound, bound_of = _ready(person, node, there, spots)
        spot = Spot(node, ready, ready, ready, bound, bound_of)
        spot.question = _question(person, node, nodes, spots)
        spot.span = _span(person, node, nodes, spots, length)
        _place(spot, least)
        _shorten(spot, nodes)
        spot.end = spot.span.after(spot.start)
        if _is_over(person, node, there, spot):
            node.is_done, node.done_on = True, spot.end
            continue
        if node.milestone.runs_on:
            spot.end = max(spot.end, person.on)
        spots[node.id] = spot
    return spots


def _is_over(person: Person, node: Node, there: dict[str, Node], spot: Spot) -> bool:
    """Has it run its time, where nothing in the record would say so?"""
    begun = node.after and all(there[name].done_on is not None for name, _ in node.after)
    return bool(begun) and node.milestone.runs_on and not node.milestone.has_evidence and spot.end <= person.on


def _ready(person: Person, node: Node, there: dict[str, Node], spots: dict[str, Spot]) -> tuple[date, Bound, str]:
    """The first day on which all is over that it waits for, and what that was."""
    found: tuple[date, Bound, str] = (person.on, Bound.TODAY, "")
    if node.milestone.runs_on and any(_over(name, there, spots) for name, _ in node.after):
        found = (date.min, Bound.TODAY, "")
    for name, gap in node.after:
        over = _over(name, there, spots)
        if over is not None and gap.after(over) > found[0]:
            found = (gap.after(over), Bound.AFTER, name)
    return found


def _over(name: str, there: dict[str, Node], spots: dict[str, Spot]) -> date | None:
    return there[name].done_on if there[name].is_done else spots[name].end


def _place(spot: Spot, least: dict[str, int]) -> None:
    """The first day that the calendar and the rules both allow, from the day asked for on."""
    node = spot.node
    day = spot.ready
    if node.not_before is not None and node.not_before > day:
        day, spot.bound, spot.bound_of = node.not_before, Bound.ASKED, ""
    while True:
        wanted = day
        window = node.milestone.window
        if window is not None:
            day, spot.season = window.first(day, least.get(window.calendar.name))
            if day > wanted:
                spot.bound, spot.bound_of = Bound.CALENDAR, window.opens
        if spot.question is not None:
            allowed = spot.question.first(day)
            if allowed is None:
                spot.is_denied = True
            elif allowed > day:
                denied = [one.rule for one in spot.question.said(day)]
                day, spot.bound, spot.bound_of = allowed, Bound.RULE, ", ".join(denied)
        if day == wanted or window is None or spot.question is None:
            break
    spot.start = day
    spot.said = spot.question.said(day) if spot.question is not None else ()


def _question(person: Person, node: Node, nodes: Sequence[Node], spots: dict[str, Spot]) -> Question | None:
    milestone, gives = node.milestone, node.milestone.gives
    if milestone.asks is None or (milestone.asks == "state" and node.state is None):
        return None
    record = _record(person, node, nodes, spots)
    if milestone.asks == "state":
        return Question(person.pathway, record, About.STATE, node.state or "")
    if milestone.asks == "visa":
        return Question(person.pathway, record, About.VISA, milestone.visa or "")
    if milestone.asks == "step":
        return Question(person.pathway, record, About.STEP, (gives.pass_ if gives else None) or "")
    return Question(person.pathway, record, About.CERTIFICATE, (gives.certificate if gives else None) or "")


def _record(person: Person, node: Node, nodes: Sequence[Node], spots: dict[str, Spot]) -> Record:
    """The record as it will be when everything is over that the milestone waits for."""
    given: list[Given] = []
    for one in nodes:
        gives = one.milestone.gives
        if gives is None or one.id not in node.ancestors:
            continue
        if one.id in spots and not spots[one.id].is_denied:
            given.append(Given(gives, spots[one.id].start, spots[one.id].end))
        elif one.done_on is not None and (gives.training or _is_out(person.record, gives.pass_, one.done_on)):
            given.append(Given(gives, one.done_on, one.done_on))
    return record_with(person.record, given, programme=person.pathway.exam.programme, on=person.on)


def _is_out(record: Record, step: str | None, day: date) -> bool:
    return any(one.step == step and one.date == day and one.result is Result.PENDING for one in record.attempts)


def _span(person: Person, node: Node, nodes: Sequence[Node], spots: dict[str, Spot], length: Length) -> Span:
    """How long it takes; training as long as the state's rules ask, from the day on which it begins."""
    if not node.milestone.lasts_as_state_asks or node.state is None:
        return length(node)
    begins = _ready(person, node, {one.id: one for one in nodes}, spots)[0]
    record = _record(person, node, nodes, spots)
    reached = Question(person.pathway, record, About.STATE, node.state, only=TRAINING_RULES).first(begins)
    if reached is None:
        return Span()
    months = 0
    while months_after(begins.toordinal(), months + 1) <= reached.toordinal():
        months += 1
    return Span(reached.toordinal() - months_after(begins.toordinal(), months), months)


def _shorten(spot: Spot, nodes: Sequence[Node]) -> None:
    """Whoever has a day for an exam studies until then: the day is not put off because study takes longer for others."""
    if spot.node.milestone.kind is not MilestoneKind.STUDY:
        return
    for node in nodes:
        is_next = any(name == spot.node.id for name, _ in node.after)
        if is_next and node.not_before is not None and spot.span.after(spot.start) > node.not_before:
            spot.span = Span(max((node.not_before - spot.start).days, 0))


def backward(spots: dict[str, Spot], nodes: Sequence[Node]) -> date | None:
    """The latest days that leave the end where it is; the end, or None where everything is done.

    All of a season may move to a later one, where the end allows that and nothing of it is done.
    """
    ends = [spot.end for spot in spots.values() if not spot.node.milestone.is_optional]
    if not ends:
        return None
    end = max(ends)
    windows = [one.node.milestone.window for one in spots.values() if one.season is not None]
    shared = {window.calendar.name for window in windows if window is not None and window.calendar.is_one_season}
    begun = {_calendar(node) for node in nodes if node.is_done and node.season is not None}
    seasons: dict[str, int] = {}  # later ones than those in which things stand
    found = _latest(spots, end, seasons) or {}
    for name in sorted(shared - begun):
        season = max(spot.season or 0 for spot in spots.values() if _calendar(spot.node) == name)
        while later := _latest(spots, end, {**seasons, name: season + 1}):
            found, season = later, season + 1
            seasons[name] = season
    for name, spot in spots.items():
        spot.latest_start = found[name]
        spot.latest_end = max(spot.span.after(found[name]), spot.end)
    return end


def _latest(spots: dict[str, Spot], end: date, seasons: dict[str, int]) -> dict[str, date] | None:
    """The latest start of each, with what is named put into later seasons; None where those are too late for the end."""
    limits: dict[str, date] = {}
    found: dict[str, date] = {}
    for name, spot in reversed(spots.items()):
        latest = max(spot.span.before(min(limits.get(name, end), end)), spot.start)  # what is optional may lie beyond the end
        window, season = spot.node.milestone.window, spot.season
        if window is not None and season is not None:
            season = seasons.get(window.calendar.name, season)
            latest = window.last(latest, season)
            if latest < window.calendar.day(window.opens, season).day and not spot.node.milestone.is_optional:
                return None
        if spot.question is not None and not spot.is_denied:
            latest = spot.question.last(spot.start, latest)
        found[name] = max(latest, spot.start)
        for before, gap in spot.node.after:
            limits[before] = min(limits.get(before, end), gap.before(found[name]))
    return found


def critical(spots: dict[str, Spot], end: date) -> frozenset[str]:
    """The milestones whose delay by a day moves the end, each with such a one after it up to the end."""
    found: set[str] = set()
    followers: dict[str, list[str]] = {}
    for spot in spots.values():
        for name, _ in spot.node.after:
            followers.setdefault(name, []).append(spot.node.id)
    for name, spot in reversed(spots.items()):
        if spot.latest_start != spot.start or spot.node.milestone.is_optional:
            continue
        if spot.end == end or any(one in found for one in followers.get(name, [])):
            found.add(name)
    return frozenset(found)
