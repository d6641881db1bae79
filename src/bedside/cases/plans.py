"""A compiled case and its parts. Names are places in tuples, durations whole seconds, rates per second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bedside.cases.case_file import CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.facts import Threshold
from bedside.cases.formulas import Formula
from bedside.cases.guards import Guard
from bedside.cases.order import Order
from bedside.cases.rubric import RubricItem

Push = tuple[float, float, float]  # what something does to a variable: rate, sum of 1 / tau, sum of target / tau
Pushes = Mapping[int, Push]  # by variable


@dataclass(frozen=True, slots=True)
class TransitionPlan:
    """A way out of a state."""

    go: int
    guard: Guard | None
    after_s: int


@dataclass(frozen=True, slots=True)
class StatePlan:
    """One state; `mask` are the facts on which its ways out depend."""

    name: str
    bit: int  # 0 where nothing asks for it
    pushes: Pushes
    note: str | None
    ways: tuple[TransitionPlan, ...]
    mask: int
    is_dead: bool


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """One automaton."""

    name: str
    states: tuple[StatePlan, ...]
    initial: int


@dataclass(frozen=True, slots=True)
class EffectPlan:
    """What treatment does. `course` has the pushes from each number of seconds after the effect's beginning on."""

    name: str
    onset_s: int
    lasts_s: int | None
    course: tuple[tuple[int, Pushes], ...]
    variables: int  # bits of the variables it touches

    def pushes_at(self, elapsed_s: int) -> Pushes:
        """What it does that many seconds after it began."""
        pushes: Pushes = self.course[0][1]
        for from_s, later in self.course[1:]:
            if elapsed_s < from_s:
                break
            pushes = later
        return pushes


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """An order or group of which `active()` or `hours_on()` is asked."""

    name: str
    active: int  # bit, 0 where it is not asked
    hours: tuple[tuple[int, int], ...]  # seconds on from which a bit holds, and the bit


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """An order as this case knows it.

    `effects` it causes, `targets` it is part of, bits it sets when given and when done. `is_treatment`: it starts and may run;
    `runs`: it does so until it is stopped, whatever the candidate says; `is_lasting`: it can't be undone.
    """

    order: Order
    effects: tuple[int, ...]
    targets: tuple[int, ...]
    given: int
    done: int
    is_treatment: bool
    has_report: bool
    runs: bool
    is_lasting: bool
    has_when: bool


class OrderPlanOf(Protocol):
    """Where the plan of an order is asked for."""

    def get(self, order_id: str, /) -> OrderPlan | None:
        """The plan, None where there is no such order."""


@dataclass(frozen=True, slots=True)
class EventPlan:
    """An event and the bit of `seen()`."""

    name: str
    guard: Guard
    bit: int


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """An alert."""

    guard: Guard
    note: str


@dataclass(frozen=True, slots=True)
class RefusalPlan:
    """Words with which an action is refused; always, where there is no guard."""

    guard: Guard | None
    text: str


@dataclass(frozen=True, slots=True)
class BranchPlan:
    """One answer of a finding: words, or analytes with their formulas."""

    when: Formula | None
    text: str | None
    panel: tuple[tuple[str, Formula], ...]


@dataclass(frozen=True, slots=True)
class FindingPlan:
    """What an order, an examination or a question finds. `derived` are the derived names it needs."""

    branches: tuple[BranchPlan, ...]
    derived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """A line of the rubric: the actions it looks at (of a `before`, those of each side) and its guard."""

    item: RubricItem
    id: str
    title: str | None
    kind: str
    points: float
    is_critical: bool
    cap: float | None
    why: str | None
    actions: frozenset[tuple[str, str]]
    then: frozenset[tuple[str, str]]
    guard: Guard | None
    dimension: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The thresholds of one variable in the order in which they turn true, and the bits that are set once n of them are."""

    thresholds: tuple[Threshold, ...]
    masks: tuple[int, ...]  # one more than there are thresholds

    def n_true(self, x: float) -> int:
        """How many are true of this value."""
        number = 0
        for threshold in self.thresholds:
            if not threshold.holds(x):
                break
            number += 1
        return number


@dataclass(frozen=True, slots=True)
class Case:
    """A compiled case; shared by any number of runs and never changed.

    Rates are per second here. `watched` are the thresholds on which the course depends, `judged` those that only the rubric
    and refusals ask for, which are looked at when an action is taken. `starts` has the values at the start for each variant.
    """

    file: CaseFile
    catalogue: Catalogue
    digest: str
    variables: tuple[str, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    variants: tuple[str | None, ...]
    starts: tuple[tuple[float, ...], ...]
    derived: Mapping[str, Formula]
    watched: tuple[Thresholds, ...]
    judged: tuple[Thresholds, ...]
    regions: tuple[RegionPlan, ...]
    effects: tuple[EffectPlan, ...]
    effects_on: tuple[tuple[int, ...], ...]  # by variable
    targets: tuple[TargetPlan, ...]
    orders: OrderPlanOf
    actions: Mapping[tuple[str, str], tuple[int, bool]]  # bits that an action other than an order sets; has it a `when`?
    places: Mapping[str, int]  # bits of the places that are asked for
    events: tuple[EventPlan, ...]
    alerts: tuple[AlertPlan, ...]
    refusals: Mapping[tuple[str, str], tuple[RefusalPlan, ...]]  # by action, in the order of the file
    end: Guard | None
    end_s: int
    dead: int  # the bit of death
    findings: Mapping[str, FindingPlan]
    reporters: Mapping[str, str]  # by analyte, the finding that says its value to orders of which the case says nothing
    items: tuple[ItemPlan, ...]
    items_of: Mapping[tuple[str, str], tuple[int, ...]]
    neutral: frozenset[str]

    @property
    def id(self) -> str:
        """The id of the case file."""
        return self.file.id
