"""The variables of a run: their values, their coefficients, and the instants at which they meet a threshold."""

from __future__ import annotations

from bedside.cases.motion import NEVER, anchored, crossing_s, value_at
from bedside.cases.world import World


def value_of(world: World, variable: int) -> float:
    """A variable now. Reading never anchors it anew."""
    return value_at(world.anchors[variable], world.now_s, world.case.lows[variable], world.case.highs[variable])


def meet_thresholds(world: World) -> None:
    """Set the bits of all thresholds as they are now, whether or not a crossing is due."""
    for variable in range(len(world.anchors)):
        _set_bits(world, variable)


def cross(world: World) -> None:
    """Set the bits of the thresholds that are met at this instant, and look for the next ones."""
    if world.now_s not in world.crossing_s:
        return
    for variable, at_s in enumerate(world.crossing_s):
        if at_s == world.now_s:
            _set_bits(world, variable)
            _look_ahead(world, variable)


def move_on(world: World) -> None:
    """Give every variable that was touched its new coefficients; anchor it anew only where one of them changed."""
    touched, world.touched = world.touched, 0
    variable = 0
    while touched:
        if touched & 1:
            _take_coefficients(world, variable)
        touched >>= 1
        variable += 1


def judged_facts(world: World) -> int:
    """The facts, with those thresholds that only the rubric asks for."""
    facts = world.facts
    for variable, thresholds in enumerate(world.case.judged):
        if thresholds.thresholds:
            facts |= thresholds.masks[thresholds.n_true(value_of(world, variable))]
    return facts


def _take_coefficients(world: World, variable: int) -> None:
    case, now_s = world.case, world.now_s
    rate = pull = weighted = 0.0
    for region, state in zip(case.regions, world.state, strict=True):
        push = region.states[state].pushes.get(variable)
        if push is not None:
            rate, pull, weighted = rate + push[0], pull + push[1], weighted + push[2]
    for effect in case.effects_on[variable]:
        if world.effects[effect]:
            push = case.effects[effect].pushes_at(now_s - world.effect_since_s[effect]).get(variable)
            if push is not None:
                scale = _scale(world, effect) if case.file.doses else 1.0
                rate, pull, weighted = rate + push[0] * scale, pull + push[1], weighted + push[2]
    before = world.anchors[variable]
    value = value_of(world, variable)
    anchor = anchored(now_s, value, rate=rate, pull=pull, weighted_targets=weighted)
    course = world.record.course[variable]
    if course and anchor[2:] == before[2:]:
        return
    world.anchors[variable] = anchor
    if course and course[-1].from_s == now_s:
        course[-1] = anchor
    else:
        course.append(anchor)
    _look_ahead(world, variable)


def _scale(world: World, effect: int) -> float:
    """Two orders never add up: of one order the last dose counts, of several orders the largest."""
    doses = world.effects[effect]
    if len(doses) == 1:
        return next(iter(doses.values()))
    latest = {world.placements[number].plan.order.id: scale for number, scale in sorted(doses.items())}
    return max(latest.values())


def _set_bits(world: World, variable: int) -> None:
    thresholds = world.case.watched[variable]
    if thresholds.thresholds:
        n_true = thresholds.n_true(value_of(world, variable))
        world.n_true[variable] = n_true
        world.facts = world.facts & ~thresholds.masks[-1] | thresholds.masks[n_true]


def _look_ahead(world: World, variable: int) -> None:
    """When does the next threshold turn? The variable moves one way, so it is the one above or the one below."""
    case = world.case
    thresholds = case.watched[variable].thresholds
    world.crossing_s[variable] = NEVER
    if not thresholds:
        return
    anchor, low, high = world.anchors[variable], case.lows[variable], case.highs[variable]
    n_true = world.n_true[variable]
    toward = anchor.pull * (anchor.goal - anchor.value) if anchor.pull else anchor.rate
    place = n_true if toward > 0 else n_true - 1
    if toward and 0 <= place < len(thresholds):
        world.crossing_s[variable] = crossing_s(
            anchor, thresholds[place], after_s=world.now_s, until_s=world.end_s, low=low, high=high
        )
