"""Orders in a run: `placed > started > collected > resulted`, or `running > stopped`.

What the design leaves open is read like this:
- A test is collected when it is ordered (or, ordered for later, when its time comes); a treatment starts after the catalogue's
  `start`. A procedure finds what is there when it starts; ordered in the office or at home, that is at its appointment.
  What `watches` (an observation, a week of home readings) looks on until its report, and finds what is then; stopped before,
  it reports nothing.
- A report is due by the place in which its order was placed, wherever the patient is later.
- `mode` None is the catalogue's usual mode, except that an order whose effects all have `lasts` is one dose where the catalogue
  allows that. An order with an effect that has no `lasts` runs until it is stopped, whatever mode was said, as such an effect
  holds while its order runs; but a bolus, which is ordered once and of which the catalogue knows how long one runs, ends by
  itself after that time, and can be stopped before. A procedure that is done once can't be stopped, and its effect stays.
- One dose works from start + onset for `lasts`; it is active from its start to the end of its last effect. A dose without
  effect in this case is over at once: it was given, and is not active. What is given continuously works, past its onset, until
  it is stopped, however long `lasts` is.
- The same thing may be ordered again while it runs. It does not add up, and a cancel stops all of that id.
- An effect begins when the first of its orders gets past its onset, and goes on, phases included, until the last one ends.
"""

from __future__ import annotations

from bedside.cases.case_values import LOCATIONS
from bedside.cases.commands import Order
from bedside.cases.emitted import Collected, Moved, Note, Placed, Resulted, Started, Stopped
from bedside.cases.physiology import judged_facts
from bedside.cases.plans import OrderPlan
from bedside.cases.record import ActionTaken
from bedside.cases.reports import finding_of
from bedside.cases.targets import ORDER
from bedside.cases.world import (
    BEGIN,
    BEGINS,
    COLLECT,
    COLLECTS,
    ENDS,
    EXPIRE,
    FADE,
    GUARDS,
    HOURS,
    ONSET,
    PHASE,
    REPORTS,
    RESULT,
    START,
    Placement,
    World,
)

SCALES = {"low": 0.5, "usual": 1.0, "high": 1.5}


def place(world: World, plan: OrderPlan, command: Order) -> None:
    """Accept an order."""
    number = len(world.placements)
    begin_s = world.now_s + command.in_s
    due_s = begin_s + plan.order.turnaround_s(world.location, command.urgency) if plan.has_report else None
    placement = Placement(
        number,
        plan,
        is_single=_is_single(plan, command),
        bolus_s=_bolus_s(plan, command),
        scale=SCALES[command.dose] if world.case.file.doses else 1.0,
        due_s=due_s or 0,
    )
    world.placements.append(placement)
    world.emit(Placed(world.now_s, number, plan.order.id, due_s))
    if command.in_s:
        world.push(begin_s, BEGINS, BEGIN, number)
    else:
        begin(world, number)


def begin(world: World, number: int, _: int = 0) -> None:
    """The time of an order has come: the action is taken, a treatment is prepared, a test collected."""
    placement = world.placements[number]
    if placement.status != "waiting":
        return
    plan = placement.plan
    truths = judged_facts(world) if plan.has_when else world.facts
    world.record.actions.append(ActionTaken(world.now_s, ORDER, plan.order.id, False, truths))
    if plan.is_treatment:
        placement.status = "placed"
        world.push(world.now_s + plan.order.start_s + plan.order.wait_s(world.location), BEGINS, START, number)
    else:
        placement.status = "collected"
        _collect_or_be_done(world, placement)


def start(world: World, number: int, _: int = 0) -> None:
    """A treatment begins."""
    placement = world.placements[number]
    if placement.status != "placed":
        return
    plan, now_s, effects = placement.plan, world.now_s, world.case.effects
    placement.status = "given" if placement.is_single else "running"
    world.facts |= plan.given
    world.emit(Started(now_s, number, plan.order.id))
    if plan.effects or not placement.is_single:
        for target in plan.targets:
            _turn_on(world, target)
    for effect in plan.effects:
        onset_s, lasts_s = effects[effect].onset_s, effects[effect].lasts_s
        world.push(now_s + onset_s, BEGINS, ONSET, number, effect)
        if placement.is_single and lasts_s is not None:
            world.push(now_s + onset_s + lasts_s, ENDS, FADE, number, effect)
    if placement.is_single and plan.effects and not plan.is_lasting:
        over_s = max(effects[effect].onset_s + (effects[effect].lasts_s or 0) for effect in plan.effects)
        world.push(now_s + over_s, ENDS, EXPIRE, number)
    elif placement.bolus_s is not None:
        world.push(now_s + placement.bolus_s, ENDS, EXPIRE, number)
    _collect_or_be_done(world, placement)


def onset(world: World, number: int, effect: int) -> None:
    """An order gets past the onset of one of its effects."""
    placement = world.placements[number]
    if placement.status == "stopped":
        return
    if not world.effects[effect]:
        world.effect_since_s[effect] = world.now_s
        for from_s, _ in world.case.effects[effect].course[1:]:
            world.push(world.now_s + from_s, BEGINS, PHASE, effect)
    world.effects[effect][number] = placement.scale
    world.touched |= world.case.effects[effect].variables


def fade(world: World, number: int, effect: int) -> None:
    """An order has that effect no longer."""
    if world.effects[effect].pop(number, None) is not None:
        world.touched |= world.case.effects[effect].variables


def go_on(world: World, effect: int, _: int = 0) -> None:
    """An effect may have come to its next phase."""
    world.touched |= world.case.effects[effect].variables


def expire(world: World, number: int, _: int = 0) -> None:
    """One dose has worked itself out, or a bolus is in."""
    placement = world.placements[number]
    if placement.status == "running":
        _stop(world, number)
    elif placement.is_single:
        for target in placement.plan.targets:
            _turn_off(world, target)


def collect(world: World, number: int, _: int = 0) -> None:
    """What a test looks at is taken; its finding is settled here, and shown later."""
    placement = world.placements[number]
    if placement.status == "stopped":
        return
    order = placement.plan.order
    placement.report = finding_of(world, order.id, order)
    world.emit(Collected(world.now_s, number, order.id))
    world.push(max(world.now_s, placement.due_s), REPORTS, RESULT, number)


def report(world: World, number: int, _: int = 0) -> None:
    """A report is there."""
    placement = world.placements[number]
    if placement.report is not None:
        world.facts |= placement.plan.done
        world.emit(Resulted(world.now_s, number, placement.plan.order.id, placement.report))


def cancel(world: World, order: str) -> bool:
    """Stop all that runs or has not begun under that id; was there any?"""
    numbers = [one.number for one in world.placements if one.plan.order.id == order and _can_stop(one)]
    for number in numbers:
        _stop(world, number)
    return bool(numbers)


def can_cancel(world: World, order: str) -> bool:
    """Is there anything under that id to stop?"""
    return any(one.plan.order.id == order and _can_stop(one) for one in world.placements)


def awaits_report(world: World) -> bool:
    """Will a report come, if time passes?"""
    if any(_will_report(world, entry) for entry in world.queue):
        return True
    return any(one.plan.has_report and one.status in {"waiting", "placed"} for one in world.placements)


def next_report_s(world: World) -> int | None:
    """When the next report comes of what has been collected or is looked on."""
    return min((entry[0] for entry in world.queue if _will_report(world, entry)), default=None)


def arrive(world: World, place: int, _: int = 0) -> None:
    """The patient is at another place; what can't be ordered there stops."""
    to = LOCATIONS[place]
    for location, bit in world.case.places.items():
        world.facts = world.facts | bit if location == to else world.facts & ~bit
    world.location = to
    world.emit(Moved(world.now_s, to))
    left = [one for one in world.placements if _can_stop(one) and not one.plan.order.can_be_ordered(to)]
    for placement in left:
        _stop(world, placement.number)
    if left:
        names = ", ".join(dict.fromkeys(one.plan.order.name for one in left))
        world.emit(
            Note(world.now_s, f"Stopped on the move, not available {world.case.catalogue.places[to].at}: {names}.", "orders")
        )


def turn_hours(world: World, target: int, since_s: int) -> None:
    """A target has been active for as long as some guard asks."""
    if world.since_s[target] == since_s:
        for after_s, bit in world.case.targets[target].hours:
            if world.now_s - since_s >= after_s:
                world.facts |= bit


def begin_hours(world: World) -> None:
    """Set the bits of `hours_on()` that hold even of what is not active."""
    for target in world.case.targets:
        for after_s, bit in target.hours:
            if after_s == 0:
                world.facts |= bit


def _is_single(plan: OrderPlan, command: Order) -> bool:
    if plan.runs:
        return False
    if plan.is_lasting:
        return True
    if command.mode is not None:
        return command.mode == "once"
    return plan.order.mode == "once" or (bool(plan.effects) and "once" in plan.order.modes)


def _bolus_s(plan: OrderPlan, command: Order) -> int | None:
    """How long it runs if nobody stops it; None: for ever, or it is one dose."""
    is_once = (command.mode or plan.order.mode) == "once"
    return plan.order.bolus_s if plan.runs and is_once else None


def _will_report(world: World, entry: tuple[int, int, int, int, int, int]) -> bool:
    kind, number = entry[3:5]
    return kind == RESULT or (kind == COLLECT and world.placements[number].status != "stopped")


def _collect_or_be_done(world: World, placement: Placement) -> None:
    plan = placement.plan
    if plan.has_report:
        looks_until_s = placement.due_s if plan.order.watches else world.now_s
        world.push(max(world.now_s, looks_until_s), COLLECTS, COLLECT, placement.number)
    else:
        world.facts |= plan.done


def _can_stop(placement: Placement) -> bool:
    return placement.status in {"waiting", "placed", "running"}


def _stop(world: World, number: int) -> None:
    placement = world.placements[number]
    was_running = placement.status == "running"
    placement.status = "stopped"
    world.emit(Stopped(world.now_s, number, placement.plan.order.id))
    if was_running:
        for target in placement.plan.targets:
            _turn_off(world, target)
        for effect in placement.plan.effects:
            fade(world, number, effect)


def _turn_on(world: World, target: int) -> None:
    world.active[target] += 1
    if world.active[target] > 1:
        return
    plan = world.case.targets[target]
    world.facts |= plan.active
    world.since_s[target] = world.now_s
    world.turn(target, is_on=True)
    for after_s, _ in plan.hours:
        world.push(world.now_s + after_s, GUARDS, HOURS, target, world.now_s)


def _turn_off(world: World, target: int) -> None:
    world.active[target] -= 1
    if world.active[target]:
        return
    plan = world.case.targets[target]
    world.facts &= ~plan.active
    world.since_s[target] = -1
    world.turn(target, is_on=False)
    for after_s, bit in plan.hours:
        if after_s:
            world.facts &= ~bit
