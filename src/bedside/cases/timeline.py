"""What a debrief draws of a run, as plain data on one time axis: the body, what was done, said and reported, and the windows.

Curves are read from the anchors that the run keeps, so each point is exact. Between two points a straight line is off by no
more than a 400th of what the curve spans over the run; where a value jumps there is a point on each side, a second apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bedside.cases.case_values import VITALS
from bedside.cases.emitted import Emitted, Ended, EventReached, Examined, Moved, Note, Resulted, StateEntered
from bedside.cases.engine import Run
from bedside.cases.plans import ItemPlan
from bedside.cases.record import Record
from bedside.cases.rubric import Do, Reach, Watch
from bedside.cases.scoring import Score

_PARTS = 400
_FINEST_S = 30
_COARSE = 32

Kind = str  # of a mark: action, note, report, arrival, examination, state, event, end
Point = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Series:
    """One curve. `low` and `high` are the reference interval, `digits` those of a report, where the catalogue has them."""

    name: str
    label: str
    unit: str
    digits: int | None
    low: float | None
    high: float | None
    is_variable: bool
    points: tuple[Point, ...]

    @property
    def is_constant(self) -> bool:
        """Did it stay as it was?"""
        return len({value for _, value in self.points}) == 1

    def at(self, at_s: int) -> float:
        """The value at an instant, between two points on the straight line; at the ends that of the end."""
        before = self.points[0]
        for point in self.points:
            if point[0] >= at_s:
                span_s = point[0] - before[0]
                return point[1] if not span_s else before[1] + (point[1] - before[1]) * (at_s - before[0]) / span_s
            before = point
        return before[1]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at an instant. Of an action `verb` and `what` are those of the rubric; of the others `what` names it."""

    at_s: int
    kind: Kind
    what: str
    verb: str = ""
    was_refused: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """When an item earns: from `opens_s` in full to `full_s`, then less to nothing at `zero_s`. All None where it never opened.

    Of a `watch`, `full_s` and `zero_s` are when it closes. `done_s` is the instant that decided.
    """

    id: str
    opens_s: int | None
    full_s: int | None
    zero_s: int | None
    done_s: int | None


@dataclass(frozen=True, slots=True)
class Wait:
    """How long after the opening of its window something was done, by the candidate and by the expert; None: it was not.

    `full_s` and `zero_s` count from the opening too. `has_opened`: did the window open for the candidate?
    """

    id: str
    is_critical: bool
    full_s: int
    zero_s: int
    has_opened: bool
    lag_s: int | None
    expert_s: int | None


def series_of(run: Run) -> tuple[Series, ...]:
    """All curves of a run: vital signs first, then variables, then what is computed from them."""
    case = run.case
    names = [name for name in VITALS if name in case.derived or name in case.variables]
    names += [name for name in (*case.variables, *case.derived) if name not in names]
    breaks_s = _breaks(run)
    return tuple(_series(run, name, breaks_s) for name in names)


def marks_of(run: Run) -> tuple[Mark, ...]:
    """What happened, in order: of equals, what the candidate did comes last, as in the engine."""
    record = run.history
    found = [Mark(one.at_s, "action", one.target, one.verb, one.was_refused) for one in record.actions]
    said = [mark for one in record.emitted for mark in _mark(one)]
    return tuple(sorted([*said, *found], key=lambda mark: (mark.at_s, mark.kind == "action")))


def windows_of(run: Run, result: Score) -> tuple[Window, ...]:
    """The window of each item that has one, in the order of the rubric."""
    lines = {line.id: line for line in (*result.lines, *result.harms)}
    return tuple(window for plan in run.case.items if (window := _window(plan, run, lines[plan.id].at_s)) is not None)


def waits_of(run: Run, expert: Run) -> tuple[Wait, ...]:
    """Time to action for each item with full credit until some time, critical ones first."""
    found = [wait for plan in run.case.items if (wait := _wait(plan, run.history, expert.history)) is not None]
    return tuple(sorted(found, key=lambda wait: not wait.is_critical))


def _breaks(run: Run) -> list[int]:
    """Instants at which some curve may bend or jump, with the start and now."""
    record = run.history
    bends = {anchor.from_s for course in record.course for anchor in course}
    turns = {at_s for at_s, _ in record.facts} | {turn.at_s for turn in record.turns}
    return sorted(at_s for at_s in bends | turns | {0, run.now_s} if 0 <= at_s <= run.now_s)


def _series(run: Run, name: str, breaks_s: list[int]) -> Series:
    case = run.case
    analyte = case.catalogue.analytes.get(name)
    variable = case.file.variables.get(name)
    interval = analyte.interval(age_s=case.file.patient.age_s, sex=case.file.patient.sex) if analyte is not None else None
    return Series(
        name=name,
        label=analyte.name if analyte is not None else name.replace("_", " ").capitalize(),
        unit=analyte.unit if analyte is not None else variable.unit if variable is not None else "",
        digits=analyte.digits if analyte is not None else None,
        low=interval.low if interval is not None else None,
        high=interval.high if interval is not None else None,
        is_variable=name in case.variables,
        points=_points(lambda at_s: run.values_at(name, at_s), breaks_s),
    )


def _points(value: Callable[[int], float], breaks_s: list[int]) -> tuple[Point, ...]:
    end_s = breaks_s[-1]
    coarse = {at_s: value(at_s) for at_s in {*breaks_s, *(end_s * part // _COARSE for part in range(_COARSE))}}
    close = (max(coarse.values()) - min(coarse.values())) / _PARTS
    points: list[Point] = [(0, coarse[0])]
    for start_s, next_s in pairwise(breaks_s):
        last = (next_s, coarse[next_s])
        before = (next_s - 1, value(next_s - 1)) if next_s - 1 > start_s else points[-1]
        points += _between(value, points[-1], before, close)
        if abs(last[1] - before[1]) <= close and before[0] > start_s:
            points.pop()  # no jump: the line may go on to the break itself
        points.append(last)
    return _straightened(points, close)


def _between(value: Callable[[int], float], start: Point, end: Point, close: float) -> list[Point]:
    """Points after the start, the end among them, so that straight lines between them are close enough."""
    if end[0] <= start[0]:
        return []
    middle_s = (start[0] + end[0]) // 2
    if end[0] - start[0] <= 2 * _FINEST_S or not _bends(value, start, end, close):
        return [end]
    middle = (middle_s, value(middle_s))
    return [*_between(value, start, middle, close), *_between(value, middle, end, close)]


def _bends(value: Callable[[int], float], start: Point, end: Point, close: float) -> bool:
    """Is the curve away from the straight line at one of three instants in between?"""
    span_s = end[0] - start[0]
    at = (start[0] + span_s * part // 4 for part in (2, 1, 3))
    return any(abs(value(at_s) - start[1] - (end[1] - start[1]) * (at_s - start[0]) / span_s) > close for at_s in at)


def _straightened(points: list[Point], close: float) -> tuple[Point, ...]:
    """Without points that lie on the line between their neighbours."""
    kept = [points[0]]
    for point, later in pairwise(points[1:]):
        before = kept[-1]
        expected = before[1] + (later[1] - before[1]) * (point[0] - before[0]) / (later[0] - before[0])
        if abs(point[1] - expected) > close / 8:
            kept.append(point)
    return (*kept, *points[1:][-1:])


def _mark(one: Emitted) -> Iterator[Mark]:
    match one:
        case Note():
            yield Mark(one.at_s, "note", one.text)
        case Resulted():
            yield Mark(one.at_s, "report", one.order)
        case Examined():
            yield Mark(one.at_s, "examination", one.part)
        case Moved():
            yield Mark(one.at_s, "arrival", one.to)
        case StateEntered():
            yield Mark(one.at_s, "state", one.state)
        case EventReached():
            yield Mark(one.at_s, "event", one.event)
        case Ended():
            yield Mark(one.at_s, "end", one.reason)
        case _:  # what became of orders is told by actions and reports
            return


def _window(plan: ItemPlan, run: Run, done_s: int | None) -> Window | None:
    item, first_s = plan.item, run.history.first_s
    if isinstance(item, Do | Reach) and item.full_s is not None and item.zero_s is not None:
        opens_s = _opens(item, first_s)
        if opens_s is None:
            return Window(plan.id, None, None, None, done_s)
        return Window(plan.id, opens_s, opens_s + item.full_s, opens_s + item.zero_s, done_s)
    if isinstance(item, Watch):
        opens_s = _opens(item, first_s)
        closes_s = first_s[item.until_event] if item.until_event is not None else None
        closes_s = None if opens_s is None else closes_s if closes_s is not None else run.now_s
        return Window(plan.id, opens_s, closes_s, closes_s, done_s)
    return None


def _wait(plan: ItemPlan, mine: Record, experts: Record) -> Wait | None:
    item = plan.item
    if not isinstance(item, Do | Reach) or item.full_s is None or item.zero_s is None:
        return None
    opens_s = _opens(item, mine.first_s)
    return Wait(
        id=plan.id,
        is_critical=plan.is_critical,
        full_s=item.full_s,
        zero_s=item.zero_s,
        has_opened=opens_s is not None,
        lag_s=_lag(plan, mine),
        expert_s=_lag(plan, experts),
    )


def _lag(plan: ItemPlan, record: Record) -> int | None:
    """From the opening to the first of its actions that would count, whether or not it came in time."""
    item = plan.item
    assert isinstance(item, Do | Reach)
    opens_s = _opens(item, record.first_s)
    if opens_s is None:
        return None
    if isinstance(item, Reach):
        at_s = record.first_s[item.reach]
        return at_s - opens_s if at_s is not None and at_s >= opens_s else None
    for action in record.taken():
        counts = plan.guard is None or plan.guard.holds(action.truths)
        if action.at_s >= opens_s and counts and (action.verb, action.target) in plan.actions:
            return action.at_s - opens_s
    return None


def _opens(item: Do | Reach | Watch, first_s: Mapping[str, int | None]) -> int | None:
    return 0 if item.from_event is None else first_s[item.from_event]
