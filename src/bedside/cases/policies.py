"""Candidates that are no people: from orders taken by chance to a perturbed expert, each had again from its number.

- `uniform`: orders of the usable ones, one as likely as another; `biased`: of the case's own. Both do much at once, kill most
  patients and explore little, so they get a quarter of the runs.
- `perturbed`: the expert with an ability t. A step is kept with probability logistic(t + 1.6), its delay is scaled by a
  log-normal factor that falls with t, with logistic(-1.5 t - 0.5) something harmful is done or a guarded step is taken too
  early (and once done, with the same probability again), exp(-0.7 t) orders are stray, and to a note the candidate reacts with
  logistic(t + 1): by the next steps of the expert that are left.
- `edited`: the expert with one to four steps dropped, delayed, swapped or replaced by a relative.
- `idle`: nothing for a while, then what the expert does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from bedside.cases.case_values import LOCATIONS
from bedside.cases.chance import Chance, logistic
from bedside.cases.commands import Advance, AdvanceToResult, AdvanceUntilCalled, Cancel, Examine, History, Move, Order
from bedside.cases.courses import Course, Following, Planned, action_of, command_of, course_of
from bedside.cases.engine import Run
from bedside.cases.plans import Case
from bedside.cases.rubric import Avoid, Do, Reach
from bedside.cases.scripts import Anchored, Fixed
from bedside.cases.targets import ORDER, Action
from bedside.cases.usable import own_orders, usable_orders

UNIFORM, BIASED, PERTURBED, EDITED, IDLE = "uniform", "biased", "perturbed", "edited", "idle"
# of twenty candidates in a row
_ROTA = (*[UNIFORM, PERTURBED, BIASED, PERTURBED, EDITED, PERTURBED, IDLE] * 2, BIASED, EDITED, IDLE, *[PERTURBED] * 3)
BY_CHANCE = (UNIFORM, BIASED)
EXPERT = "expert"
ABILITY = 2.5  # candidates of a graded panel lie between minus and plus this
_MAX_HARMS = 3
_ABLE, _SLOWER, _SPREAD = 1.5, 0.4, 0.2  # of the delays' logarithm


@dataclass(frozen=True, slots=True)
class Reference:
    """The expert's course in one variant, and what candidates take their orders from.

    `taken_s` has when each action was taken; `span_s` is the time of the last, `pace_s` how long a credit usually leaves.
    """

    case: Case
    seed: int
    course: Course
    taken_s: tuple[int | None, ...]
    span_s: int
    pace_s: int
    own: tuple[str, ...]
    usable: tuple[str, ...]
    parts: tuple[str, ...]
    harms: tuple[tuple[Action, ...], ...]
    guarded: tuple[int, ...]


def references(case: Case, *, is_wide: bool = False) -> tuple[Reference, ...]:
    """One for each variant; that of a seed is at the seed's remainder. `is_wide`: chance takes any order of the catalogue.

    Raises:
        UsageError: the case has no expert, or its script can't be read.
    """
    return tuple(_reference(case, seed, is_wide=is_wide) for seed in range(len(case.variants)))


def policy_of(number: int) -> str:
    """The policy of the candidate of that number."""
    return _ROTA[number % len(_ROTA)]


def walk(run: Run, policy: str, reference: Reference, chance: Chance) -> None:
    """Take a run that has just begun to its end by a policy."""
    match policy:
        case "uniform":
            _wander(run, reference.usable, reference, chance)
        case "biased":
            _wander(run, reference.own or reference.usable, reference, chance)
        case "perturbed":
            perturb(run, reference, ABILITY * (2 * chance.unit() - 1), chance)
        case "edited":
            Following(run, _edited(reference, chance)).to_the_end()
        case _:
            end_s = reference.case.end_s
            wait_s = round(chance.spread(max(1.0, 0.002 * end_s), 0.7 * end_s))
            Following(run, tuple(planned.delayed(_if_fixed(planned, wait_s)) for planned in reference.course)).to_the_end()


def perturb(run: Run, reference: Reference, ability: float, chance: Chance) -> None:
    """The expert with that ability, about -2.5 to 2.5, to the end of the case."""
    course, dropped = _perturbed(reference, ability, chance)
    answers = logistic(ability + 1)

    def react(following: Following) -> list[int]:
        return _next_steps(following, reference) if chance.happens(answers) else []

    Following(run, course, dropped=dropped).to_the_end(react)


def _reference(case: Case, seed: int, *, is_wide: bool) -> Reference:
    file, catalogue = case.file, case.catalogue
    any_order = tuple(order.id for order in catalogue.orders.values() if not order.is_examination)
    course = course_of(file.scripts[EXPERT])
    following = Following(Run(case, seed=seed), course)
    following.to_the_end()
    taken_s = tuple(following.taken_s)
    windows_s = sorted(item.full_s for item in file.rubric if isinstance(item, Do | Reach) and item.full_s is not None)
    timed = {
        action
        for plan in case.items
        if isinstance(plan.item, Do) and (plan.guard is not None or plan.item.from_event is not None)
        for action in plan.actions
    }
    return Reference(
        case=case,
        seed=seed,
        course=course,
        taken_s=taken_s,
        span_s=max((at_s for at_s in taken_s if at_s is not None), default=0) or case.end_s // 2,
        pace_s=windows_s[len(windows_s) // 2] if windows_s else 0,
        own=own_orders(file, catalogue),
        usable=any_order if is_wide else usable_orders(file, catalogue),
        parts=tuple(order.key.removeprefix("exam_") for order in catalogue.orders.values() if order.is_examination),
        harms=tuple(tuple(sorted(plan.actions)) for plan in case.items if isinstance(plan.item, Avoid)),
        guarded=tuple(n for n, planned in enumerate(course) if isinstance(planned.at, Anchored) or planned.action in timed),
    )


def _wander(run: Run, orders: tuple[str, ...], reference: Reference, chance: Chance) -> None:
    """Act by chance, at a pace that is the candidate's own, up to forty times."""
    acts = 5 + chance.below(36)
    gap_s = chance.spread(30.0, max(60.0, 2.0 * run.case.end_s / acts))
    for _ in range(acts):
        if run.is_over:
            return
        _act(run, orders, reference, chance)
        if chance.happens(0.5):
            run.do(Advance(round(chance.spread(1.0, gap_s))))
    run.advance_to(run.case.end_s)


def _act(run: Run, orders: tuple[str, ...], reference: Reference, chance: Chance) -> None:
    die = chance.unit()
    if die < 0.78:
        urgency, dose = chance.one_of(("routine", "stat")), chance.one_of(("usual", "usual", "low", "high"))
        in_s = chance.below(7200) if chance.happens(0.03) else 0
        run.do(Order(chance.one_of(orders), urgency=urgency, dose=dose, in_s=in_s))  # type: ignore[arg-type]
    elif die < 0.84:
        run.do(Examine(chance.one_of(reference.parts)) if reference.parts else History())
    elif die < 0.90:
        active = run.active_orders
        run.do(Cancel(chance.one_of(active).plan.order.id) if active else History())
    elif die < 0.94:
        run.do(Move(chance.one_of(LOCATIONS)))
    else:
        run.do(AdvanceToResult() if chance.happens(0.5) else AdvanceUntilCalled())


def _perturbed(reference: Reference, ability: float, chance: Chance) -> tuple[Course, list[int]]:
    keeps = logistic(ability + 1.6)
    # the able keep the expert's time; quicker still would only leave gaps later on
    speed = math.exp(_SLOWER * max(0.0, _ABLE - ability) + _SPREAD * chance.normal())
    lags: dict[int, float] = {}
    course: list[Planned] = []
    dropped = []
    for number, planned in enumerate(reference.course):
        if not chance.happens(keeps):
            dropped.append(number)
        if planned.step not in lags:
            lags[planned.step] = speed * math.exp(_SPREAD * chance.normal())
        due_s = planned.at.at_s if isinstance(planned.at, Fixed) else planned.at.delay_s
        # even what is done at once takes a thought
        later_s = (due_s + 0.2 * reference.pace_s) * lags[planned.step] - due_s
        course.append(planned.delayed(round(later_s)))
    for _ in range(_MAX_HARMS):
        if not chance.happens(logistic(-1.5 * ability - 0.5)):
            break
        _do_harm(course, reference, chance)
    for _ in range(chance.count(math.exp(-0.7 * ability))):
        course.append(Planned(Fixed(chance.below(reference.span_s)), Order(chance.one_of(reference.usable))))
    return tuple(course), dropped


def _do_harm(course: list[Planned], reference: Reference, chance: Chance) -> None:
    """Something harmful, or a guarded step too early."""
    early = [number for number in reference.guarded if reference.taken_s[number]]
    if early and (not reference.harms or chance.happens(0.5)):
        number = chance.one_of(early)
        course[number] = replace(course[number], at=Fixed(chance.below(reference.taken_s[number] or 1)))
    elif reference.harms:
        action = chance.one_of(chance.one_of(reference.harms))
        course.append(Planned(Fixed(chance.below(reference.span_s)), command_of(action)))


def _next_steps(following: Following, reference: Reference) -> list[int]:
    """What the expert does next, of what has not been done and could be by now: a whole step of the script."""
    open_ = [
        number
        for number in range(len(reference.course))
        if following.taken_s[number] is None and reference.taken_s[number] is not None and following.has_come(number)
    ]
    if not open_:
        return []
    first = min(open_, key=lambda number: (reference.taken_s[number] or 0, number))
    return [number for number in open_ if reference.course[number].step == reference.course[first].step]


def _edited(reference: Reference, chance: Chance) -> Course:
    course = list(reference.course)
    for _ in range(1 + chance.below(4)):
        if not course:
            break
        number = chance.below(len(course))
        match chance.below(4):
            case 0:
                del course[number]
            case 1:
                course[number] = course[number].delayed(round(chance.spread(60.0, max(120.0, reference.case.end_s / 2))))
            case 2:
                other = chance.below(len(course))
                first, second = course[number], course[other]
                course[number], course[other] = replace(first, at=second.at), replace(second, at=first.at)
            case _:
                course[number] = _substituted(course[number], reference, chance)
    return tuple(course)


def _substituted(planned: Planned, reference: Reference, chance: Chance) -> Planned:
    """Another order of the same kind in its place, where there is one."""
    action, orders = action_of(planned.command), reference.case.catalogue.orders
    if action is None or action[0] != ORDER:
        return planned
    kind = orders[action[1]].category
    kin = [order for order in reference.usable if orders[order].category == kind and order != action[1]]
    return replace(planned, command=Order(chance.one_of(kin))) if kin else planned


def _if_fixed(planned: Planned, wait_s: int) -> int:
    return wait_s if isinstance(planned.at, Fixed) else 0
