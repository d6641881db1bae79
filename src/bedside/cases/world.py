"""The state of one run: plain numbers and lists, on which `physiology`, `automata`, `treatment` and `engine` act.

The queue holds `(time, class, sequence, kind, a, b)`. Classes are the order of the design at one instant: what stops comes
before what begins, that before what is collected, that before what is reported; guards and alerts follow once the queue has
nothing more for the instant, and the candidate's command comes last.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heappush
from typing import Literal

from bedside.cases.emitted import Emitted
from bedside.cases.motion import NEVER, Anchor
from bedside.cases.normal_reports import Report
from bedside.cases.plans import Case, OrderPlan
from bedside.cases.record import Record, TargetTurned
from bedside.expressions import Value

ENDS, BEGINS, COLLECTS, REPORTS, GUARDS = range(5)  # classes
EXPIRE, FADE, START, ONSET, PHASE, COLLECT, RESULT, WAKE, HOURS, ARRIVE, BEGIN = range(11)  # kinds

Status = Literal["waiting", "placed", "running", "given", "collected", "stopped"]


class Placement:
    """One order that was accepted.

    `is_single`: one dose, which can't be taken back once it is given; `bolus_s`: what runs ends by itself after that time.
    `due_s` is when its report is due, 0 where it has none.
    """

    __slots__ = ("bolus_s", "due_s", "is_single", "number", "plan", "report", "scale", "status")

    def __init__(self, number: int, plan: OrderPlan, *, is_single: bool, bolus_s: int | None, scale: float, due_s: int) -> None:
        self.number = number
        self.plan = plan
        self.is_single = is_single
        self.bolus_s = bolus_s
        self.scale = scale  # of the rates of its effects
        self.status: Status = "waiting"
        self.report: Report | None = None
        self.due_s = due_s

    def copy(self) -> Placement:
        """The same, to be changed on its own."""
        other = Placement(
            self.number, self.plan, is_single=self.is_single, bolus_s=self.bolus_s, scale=self.scale, due_s=self.due_s
        )
        other.status, other.report = self.status, self.report
        return other


class World:
    """Everything that changes in a run. Nothing outside it does."""

    __slots__ = (
        "active", "alerts_on", "alerts_seen", "anchors", "case", "crossing_s", "effect_since_s", "effects", "end_s", "facts",
        "holds_since", "location", "n_true", "now_s", "placements", "queue", "record", "seed", "sequence", "settled", "since_s",
        "state", "touched", "values", "values_key", "waiting_events", "wake",
    )  # fmt: skip

    def __init__(self, case: Case, seed: int) -> None:
        start = case.starts[seed % len(case.starts)]
        self.case = case
        self.seed = seed
        self.now_s = 0
        self.end_s = case.end_s
        self.location: str = case.file.start.location
        self.sequence = 0
        self.queue: list[tuple[int, int, int, int, int, int]] = []
        self.facts = 0
        self.settled = 0
        self.alerts_seen = 0
        # variables
        self.anchors = [Anchor(0, value, 0.0, 0.0, 0.0) for value in start]
        self.n_true = [0] * len(start)
        self.crossing_s = [NEVER] * len(start)
        self.touched = (1 << len(start)) - 1
        self.values: dict[str, Value] = {}
        self.values_key = (-1, 0)
        # regions
        self.state = [region.initial for region in case.regions]
        self.holds_since = [[-1] * len(region.states[region.initial].ways) for region in case.regions]
        self.wake = (1 << len(case.regions)) - 1
        self.waiting_events = list(range(len(case.events)))
        self.alerts_on = [False] * len(case.alerts)
        # treatment
        self.placements: list[Placement] = []
        self.active = [0] * len(case.targets)
        self.since_s = [-1] * len(case.targets)
        self.effects: list[dict[int, float]] = [{} for _ in case.effects]
        self.effect_since_s = [-1] * len(case.effects)
        self.record = Record({event.name: None for event in case.events}, tuple([] for _ in start))

    def copy(self) -> World:
        """The same, to be continued on its own."""
        other = World.__new__(World)
        for name in World.__slots__:
            value = getattr(self, name)
            setattr(other, name, [*value] if isinstance(value, list) else value)
        other.holds_since = [[*since] for since in self.holds_since]
        other.placements = [placement.copy() for placement in self.placements]
        other.effects = [dict(effect) for effect in self.effects]
        other.record = self.record.copy()
        other.values, other.values_key = {}, (-1, 0)
        return other

    def push(self, at_s: int, order: int, kind: int, a: int, b: int = 0) -> None:
        """Put something into the queue; of equals the first comes first. What lies after the end is left out."""
        if at_s <= self.end_s:
            self.sequence += 1
            heappush(self.queue, (at_s, order, self.sequence, kind, a, b))

    def emit(self, one: Emitted) -> None:
        """Say that something happened."""
        self.record.emitted.append(one)

    def turn(self, target: int, *, is_on: bool) -> None:
        """Keep when a target turned on or off."""
        self.record.turns.append(TargetTurned(self.now_s, target, is_on))

    def hours_on(self) -> Mapping[str, float]:
        """Hours for which each target has been active without a break, 0 where it is not."""
        return {
            target.name: (self.now_s - since_s) / 3600 if since_s >= 0 else 0.0
            for target, since_s in zip(self.case.targets, self.since_s, strict=True)
        }
