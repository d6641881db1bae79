"""One candidate's course through a case: commands in, what happens out. Pure and exact: no clock, no chance, no steps.

The course depends on the case, the seed and the commands alone. Time moves from one instant at which something is due to the
next; at an instant the queue comes first, then the automata settle, then alerts are spoken, then variables get their new
coefficients. How an advance is sliced makes no difference, as reading never anchors a variable anew.

What the design leaves open is read like this:
- An advance is cut short by a note at the instant of the note, once all of that instant has happened.
- An examination is of the state at its beginning, and is reported after the time it takes; a move takes effect on arrival.
  Notes do not cut these short. Asking the patient again takes no time.
- What the case refuses in the patient's state is refused when it is tried; what was begun or put off till later goes on.
- Where death and the end's own guard fall on one instant, it is death. At the last second of the case everything that is due
  still happens, and then time is up.
- The seed chooses the variant: its remainder by their number, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from heapq import heappop
from types import MappingProxyType

from bedside.cases import treatment
from bedside.cases.automata import settle, speak_alerts
from bedside.cases.case_values import LOCATIONS
from bedside.cases.commands import (
    Advance,
    AdvanceToResult,
    AdvanceUntilCalled,
    Cancel,
    Command,
    End,
    Examine,
    History,
    Move,
    Order,
)
from bedside.cases.emitted import Emitted, Ended, EndReason, EventReached, Examined, Note, Refused, Resulted
from bedside.cases.motion import NEVER
from bedside.cases.physiology import cross, judged_facts, meet_thresholds, move_on
from bedside.cases.plans import Case
from bedside.cases.reading_back import value_then
from bedside.cases.record import ActionTaken, Record
from bedside.cases.reports import KEY_OF_HISTORY, finding_of, key_of_examination, value_now
from bedside.cases.targets import CANCEL, EXAM, HISTORY, MOVE, ORDER
from bedside.cases.world import (
    ARRIVE,
    BEGIN,
    COLLECT,
    ENDS,
    EXPIRE,
    FADE,
    HOURS,
    ONSET,
    PHASE,
    RESULT,
    START,
    WAKE,
    Placement,
    World,
)

_OVER = "the case is over"
_Kinds = type[Emitted] | tuple[type[Emitted], ...]  # of what ends a wait


class Run:
    """One candidate's course; changes with every command. Two runs of the same commands are the same to the last bit."""

    __slots__ = ("_world",)

    def __init__(self, case: Case, *, seed: int = 0) -> None:
        world = self._world = World(case, seed)
        self._arrive_at_start()
        treatment.begin_hours(world)
        for region in case.regions:
            world.facts |= region.states[region.initial].bit
        meet_thresholds(world)
        world.settled = world.alerts_seen = ~world.facts  # so that everything counts as changed
        self._instant()

    @property
    def case(self) -> Case:
        """The case."""
        return self._world.case

    @property
    def seed(self) -> int:
        """The seed."""
        return self._world.seed

    @property
    def variant(self) -> str | None:
        """The variant that the seed chose, None where the case has none."""
        return self.case.variants[self.seed % len(self.case.variants)]

    @property
    def now_s(self) -> int:
        """Seconds since the case began."""
        return self._world.now_s

    @property
    def location(self) -> str:
        """Where the patient is."""
        return self._world.location

    @property
    def end(self) -> Ended | None:
        """How it ended, None while it goes on."""
        return self._world.record.end

    @property
    def is_over(self) -> bool:
        """Has it ended?"""
        return self._world.record.end is not None

    @property
    def history(self) -> Record:
        """All that happened. Not to be changed."""
        return self._world.record

    @property
    def active_orders(self) -> tuple[Placement, ...]:
        """Orders that can be stopped, in the order in which they were placed."""
        return tuple(one for one in self._world.placements if one.status in {"waiting", "placed", "running"})

    def dose_of(self, number: int) -> str:
        """The dose of the order of that number: low, usual or high."""
        scale = self._world.placements[number].scale
        return next(dose for dose, of_dose in treatment.SCALES.items() if of_dose == scale)

    @property
    def next_result_s(self) -> int | None:
        """When the next report is due of what has been collected, or is looked on."""
        return treatment.next_report_s(self._world)

    def state_of(self, region: str) -> str:
        """The state of a region now."""
        number = next(number for number, one in enumerate(self.case.regions) if one.name == region)
        return self.case.regions[number].states[self._world.state[number]].name

    def value(self, name: str) -> float:
        """A variable or derived name now.

        Raises:
            NotFoundError: the case has no such name.
        """
        return value_now(self._world, name)

    def values_at(self, name: str, at_s: int) -> float:
        """A variable or derived name at any instant so far, from what is kept.

        Raises:
            NotFoundError: the case has no such name.
            UsageError: before the start, or later than now.
        """
        return value_then(self._world, name, at_s)

    def fork(self) -> Run:
        """The same course, to be continued on its own."""
        other = Run.__new__(Run)
        other._world = self._world.copy()
        return other

    def do(self, command: Command) -> list[Emitted]:
        """Take a command; what happened because of it, in order. What the rules refuse emits `Refused`."""
        world = self._world
        already = len(world.record.emitted)
        if self.is_over:
            return [Refused(world.now_s, type(command).__name__, _OVER)]
        world.record.commands.append((world.now_s, command))
        match command:
            case Order():
                self._order(command)
            case Cancel():
                self._cancel(command)
            case Move():
                self._move(command)
            case Examine():
                self._examine(command)
            case History():
                self._act(HISTORY, "")
                report = finding_of(world, KEY_OF_HISTORY, None)
                world.emit(Examined(world.now_s, HISTORY, report, world.now_s))
            case End():
                self._finish("candidate", command.diagnosis)
            case _:
                self._advance(command)
        return world.record.emitted[already:]

    def advance_to(self, at_s: int, *, until_event: bool = False, until_note: bool = False) -> None:
        """Let time pass to that instant; or to the first instant at which an event is reached, or a note is spoken."""
        kinds: tuple[type[Emitted], ...] = ((EventReached,) if until_event else ()) + ((Note,) if until_note else ())
        self._pass_time(at_s, kinds)

    def _order(self, command: Order) -> None:
        plan = self.case.orders.get(command.order)
        reason = None
        if plan is None:
            reason = "there is no such order"
        elif plan.order.is_examination:
            reason = "an examination is done, not ordered"
        elif not plan.order.can_be_ordered(self.location):
            reason = f"not available {self._place_name(self.location)}"
        elif command.mode is not None and command.mode not in plan.order.modes:
            reason = "not given continuously" if command.mode == "continuous" else "not given once"
        elif command.in_s < 0:
            reason = "the time has passed"
        else:
            reason = self._refusal(ORDER, command.order)
        if reason is not None or plan is None:
            self._refuse(ORDER, command.order, reason or "")
            return
        treatment.place(self._world, plan, command)
        self._instant()

    def _cancel(self, command: Cancel) -> None:
        if not treatment.can_cancel(self._world, command.order):
            self._refuse(CANCEL, command.order, "nothing of it runs or waits")
            return
        if (reason := self._refusal(CANCEL, command.order)) is not None:
            self._refuse(CANCEL, command.order, reason)
            return
        self._act(CANCEL, command.order)
        treatment.cancel(self._world, command.order)
        self._do_all(CANCEL, command.order)

    def _move(self, command: Move) -> None:
        world = self._world
        reason: str | None = "there is no such place"
        if command.to in LOCATIONS:
            reason = "the patient is there" if command.to == world.location else self._refusal(MOVE, command.to)
        if reason is not None:
            self._refuse(MOVE, command.to, reason)
            return
        self._act(MOVE, command.to)
        takes_s = self.case.catalogue.move_s(world.location, command.to)
        world.push(world.now_s + takes_s, ENDS, ARRIVE, LOCATIONS.index(command.to))
        self._pass_time(world.now_s + takes_s, ())

    def _examine(self, command: Examine) -> None:
        world = self._world
        order = self.case.catalogue.orders.get(f"exam_{command.part}")
        reason: str | None = None
        if order is None or not order.can_be_ordered(world.location):
            reason = "there is no such examination" if order is None else f"not possible {self._place_name(world.location)}"
        else:
            reason = self._refusal(EXAM, command.part)
        if reason is not None or order is None:
            self._refuse(EXAM, command.part, reason or "")
            return
        self._act(EXAM, command.part)
        began_s = world.now_s
        report = finding_of(world, key_of_examination(command.part), order)
        self._pass_time(began_s + order.takes_s, ())
        if not self.is_over:
            world.emit(Examined(world.now_s, command.part, report, began_s))
            self._do_all(EXAM, command.part)

    def _advance(self, command: Advance | AdvanceToResult | AdvanceUntilCalled) -> None:
        match command:
            case Advance() if command.seconds < 0:
                self._refuse("advance", str(command.seconds), "time does not go back", is_action=False)
            case Advance():
                self._pass_time(self.now_s + command.seconds, Note)
            case AdvanceToResult() if not treatment.awaits_report(self._world):
                self._refuse("advance", "result", "no report is awaited", is_action=False)
            case AdvanceToResult() | AdvanceUntilCalled():
                self._pass_time(self.case.end_s, (Note, Resulted))

    def _act(self, verb: str, target: str) -> None:
        world = self._world
        has_when = self.case.actions.get((verb, target), (0, False))[1]
        truths = judged_facts(world) if has_when else world.facts
        world.record.actions.append(ActionTaken(world.now_s, verb, target, False, truths))

    def _do_all(self, verb: str, target: str) -> None:
        """The action is done: `done()` of it holds from now on."""
        self._world.facts |= self.case.actions.get((verb, target), (0, False))[0]
        self._instant()

    def _refuse(self, verb: str, target: str, reason: str, *, is_action: bool = True) -> None:
        world = self._world
        if is_action:
            world.record.actions.append(ActionTaken(world.now_s, verb, target, True, world.facts))
        world.emit(Refused(world.now_s, target, reason))

    def _refusal(self, verb: str, target: str) -> str | None:
        """The words with which the case refuses an action now; None where it does not."""
        for plan in self.case.refusals.get((verb, target), ()):
            if plan.guard is None or plan.guard.holds(judged_facts(self._world)):
                return plan.text
        return None

    def _place_name(self, location: str) -> str:
        return self.case.catalogue.places[location].at

    def _arrive_at_start(self) -> None:
        self._world.facts |= self.case.places.get(self.location, 0)

    def _pass_time(self, to_s: int, until: _Kinds) -> None:
        """Let time pass to `to_s`, or to the end of the first instant at which one of `until` happens."""
        world = self._world
        record, queue, crossing_s = world.record, world.queue, world.crossing_s
        to_s = min(to_s, world.end_s)
        while record.end is None:
            at_s = queue[0][0] if queue else NEVER
            at_s = min(at_s, *crossing_s)
            if at_s > to_s:
                world.now_s = max(to_s, world.now_s)
                break
            already = len(record.emitted)
            world.now_s = at_s
            cross(world)
            self._instant()
            if until and any(isinstance(one, until) for one in record.emitted[already:]):
                break
        if world.now_s == world.end_s and record.end is None and not (queue and queue[0][0] == world.now_s):
            self._finish("time")

    def _instant(self) -> None:
        """Let everything happen that is due now."""
        world = self._world
        queue, now_s = world.queue, world.now_s
        while True:
            while queue and queue[0][0] == now_s:
                _, _, _, kind, a, b = heappop(queue)
                _HAPPEN[kind](world, a, b)
            settle(world)
            if world.facts & self.case.dead:
                self._finish("died")
                return
            if not (queue and queue[0][0] == now_s):
                break
        if self.case.end is not None and self.case.end.holds(world.facts):
            self._finish("met")
            return
        speak_alerts(world)
        move_on(world)
        facts = world.record.facts
        if not facts or facts[-1][1] != world.facts:
            facts.append((now_s, world.facts))

    def _finish(self, reason: EndReason, diagnosis: str | None = None) -> None:
        """It is over: what was due is dropped."""
        world = self._world
        move_on(world)
        world.queue.clear()
        world.crossing_s = [NEVER] * len(world.crossing_s)
        world.record.facts.append((world.now_s, world.facts))
        world.record.end = Ended(world.now_s, reason, diagnosis)
        world.emit(world.record.end)


def _wake(world: World, region: int, _: int) -> None:
    world.wake |= 1 << region


# by kind; each takes the world and the two numbers that the queue holds for it
_HAPPEN: Mapping[int, Callable[[World, int, int], None]] = MappingProxyType(
    {
        EXPIRE: treatment.expire,
        FADE: treatment.fade,
        START: treatment.start,
        ONSET: treatment.onset,
        PHASE: treatment.go_on,
        COLLECT: treatment.collect,
        RESULT: treatment.report,
        WAKE: _wake,
        HOURS: treatment.turn_hours,
        ARRIVE: treatment.arrive,
        BEGIN: treatment.begin,
    }
)
