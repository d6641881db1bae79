"""An adversary: the highest score that can be found without one critical item.

It starts from the expert's course without the actions that earn the item, changes one thing at a time, and keeps what scores
higher. What it finds is shown beside the limit that the case sets for a missed critical item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bedside.cases.chance import Chance
from bedside.cases.commands import Order
from bedside.cases.courses import Course, Planned, follow
from bedside.cases.invariants import TimedCommand
from bedside.cases.plans import ItemPlan
from bedside.cases.policies import Reference
from bedside.cases.rubric import Reach
from bedside.cases.scoring import score
from bedside.cases.scripts import Fixed

_STREAM = 3


@dataclass(frozen=True, slots=True)
class Summit:
    """The best course without an item: its score in percent, the expert's without it, and its commands."""

    item: str
    percent: float
    start_percent: float
    tries: int
    commands: tuple[TimedCommand, ...]


def critical_items(references: Sequence[Reference]) -> tuple[ItemPlan, ...]:
    """The items of which each is left out in turn."""
    return tuple(plan for plan in references[0].case.items if plan.is_critical)


def climb(references: Sequence[Reference], place: int, seed: int, *, tries: int) -> Summit:
    """The best course without critical item `place` that so many tries find."""
    item = critical_items(references)[place]
    chance = Chance(seed, _STREAM, place)
    reference = references[chance.below(len(references))]
    best = () if isinstance(item.item, Reach) else _without(reference.course, item)
    start = top = _scored(reference, best, item)
    for _ in range(tries):
        course = _changed(best, reference, item, chance)
        percent = _scored(reference, course, item)
        if percent >= top:
            best, top = course, percent
    run = follow(reference.case, best, seed=reference.seed)
    return Summit(item.id, max(0.0, top), max(0.0, start), tries, tuple(run.history.commands))


def _without(course: Course, item: ItemPlan) -> Course:
    return tuple(planned for planned in course if planned.action not in item.actions)


def _scored(reference: Reference, course: Course, item: ItemPlan) -> float:
    """The score; below zero where the item is earned after all."""
    result = score(reference.case, follow(reference.case, course, seed=reference.seed).history)
    earned = next(line.points for line in result.lines if line.id == item.id)
    return -1.0 if earned > 0 else result.percent


def _changed(course: Course, reference: Reference, item: ItemPlan, chance: Chance) -> Course:
    changed = list(course)
    die = chance.below(4)
    if die == 0 and changed:
        del changed[chance.below(len(changed))]
    elif die == 1 and changed:
        number = chance.below(len(changed))
        changed[number] = replace(changed[number], at=Fixed(chance.below(reference.span_s)))
    else:
        changed.append(Planned(Fixed(chance.below(reference.span_s)), Order(chance.one_of(reference.own or reference.usable))))
    return _without(tuple(changed), item)
