"""Milestones in an order in which each comes after all that it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from bedside.pathway.timeline.plan import Choice, Milestone


def in_order_of_waiting(milestones: Sequence[Milestone]) -> tuple[list[Milestone], list[str]]:
    """The milestones in order, those of the files kept where they may be; and the ids that wait for each other."""
    left = {one.id: one for one in milestones}
    ordered: list[Milestone] = []
    while left:
        ready = next((one for one in left.values() if not any(before.id in left for before in one.after)), None)
        if ready is None:
            return ordered, _circle(left)
        ordered.append(left.pop(ready.id))
    return ordered, []


def circle_of(milestones: Sequence[Milestone], choices: Sequence[Choice]) -> list[str]:
    """The ids that wait for each other, whichever ways are taken; none, where there is no circle."""
    for ways in product(*(("", *(name for name, _ in one.ways)) for one in choices)):
        taken = {one.name: way for one, way in zip(choices, ways, strict=True)}
        circle = in_order_of_waiting([one for one in milestones if one.is_on(taken)])[1]
        if circle:
            return circle
    return []


def _circle(left: dict[str, Milestone]) -> list[str]:
    """Going back from any of them leads into the circle, and round it."""
    walked: list[str] = []
    current = next(iter(left))
    while current not in walked:
        walked.append(current)
        current = next(before.id for before in left[current].after if before.id in left)
    return walked[walked.index(current) :]
