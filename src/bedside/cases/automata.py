"""The regions of a run: which transitions are open, which events are reached, until nothing changes any more.

One round looks at all regions with the facts as they are at its beginning, so that the order of the regions in the file does
not matter; in each, the first transition that is open is taken, and all are taken together. Then the events whose guard is now
true are reached. Rounds follow one another within the instant until a round changes nothing.
"""

from __future__ import annotations

from bedside.cases.emitted import EventReached, Note, StateEntered
from bedside.cases.plans import StatePlan, TransitionPlan
from bedside.cases.world import GUARDS, WAKE, World
from bedside.errors import UsageError

MAX_ROUNDS = 20


def settle(world: World) -> None:
    """Let the automata come to rest at this instant, or the patient die.

    Raises:
        UsageError: they have not after 20 rounds: the case has states that lead to each other in no time.
    """
    case = world.case
    for _ in range(MAX_ROUNDS):
        before = world.settled
        changed = world.facts ^ before
        wake, world.wake = world.wake, 0
        if not changed and not wake:
            return
        world.settled = world.facts
        taken: list[tuple[int, TransitionPlan]] = []
        for number, region in enumerate(case.regions):
            state = region.states[world.state[number]]
            if state.mask & changed or wake >> number & 1:
                way = _open_way(world, number, state)
                if way is not None:
                    taken.append((number, way))
        for number, way in taken:
            _enter(world, number, way.go)
        _reach(world, changed | world.facts ^ before)
        if world.facts & case.dead:
            return
    raise UsageError(f"{case.id}: guards do not settle within {MAX_ROUNDS} rounds at {world.now_s} s")


def speak_alerts(world: World) -> None:
    """Say every alert whose guard has turned true since alerts were last looked at."""
    changed = world.facts ^ world.alerts_seen
    if not changed:
        return
    world.alerts_seen = world.facts
    for number, alert in enumerate(world.case.alerts):
        if alert.guard.mask & changed:
            is_on = alert.guard.holds(world.facts)
            if is_on and not world.alerts_on[number]:
                world.emit(Note(world.now_s, alert.note, "alert"))
            world.alerts_on[number] = is_on


def _open_way(world: World, number: int, state: StatePlan) -> TransitionPlan | None:
    facts, now_s = world.facts, world.now_s
    since = world.holds_since[number]
    for place, way in enumerate(state.ways):
        holds = way.guard is None or way.guard.holds(facts)
        if not way.after_s:
            if holds:
                return way
        elif not holds:
            since[place] = -1
        elif since[place] < 0:
            since[place] = now_s
            world.push(now_s + way.after_s, GUARDS, WAKE, number)
        elif now_s - since[place] >= way.after_s:
            return way
    return None


def _enter(world: World, number: int, go: int) -> None:
    region = world.case.regions[number]
    old, new = region.states[world.state[number]], region.states[go]
    world.state[number] = go
    world.holds_since[number] = [-1] * len(new.ways)
    world.wake |= 1 << number
    world.facts = world.facts & ~old.bit | new.bit
    for variable in (*old.pushes, *new.pushes):
        world.touched |= 1 << variable
    world.emit(StateEntered(world.now_s, region.name, new.name))
    if new.note is not None:
        world.emit(Note(world.now_s, new.note, "state"))


def _reach(world: World, changed: int) -> None:
    facts, case = world.facts, world.case
    reached = [
        number
        for number in world.waiting_events
        if case.events[number].guard.mask & changed and case.events[number].guard.holds(facts)
    ]
    for number in reached:
        event = case.events[number]
        world.waiting_events.remove(number)
        world.facts |= event.bit
        world.record.first_s[event.name] = world.now_s
        world.emit(EventReached(world.now_s, event.name))
