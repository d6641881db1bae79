"""The topics of the library: systems of a step, the areas within each, and what stands under them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bedside.bank import Item, Takeaway
from bedside.programme import Axis
from bedside.site.blueprint import PARTITION
from bedside.site.content import Content
from bedside.site.shelf.person import Met
from bedside.site.shelf.stock import Shelf
from bedside.site.shelf.wanted import Wanted

WITHIN = "discipline"  # the axis by which a system is divided further, where the step has it


@dataclass(frozen=True, slots=True)
class Topic:
    """A code with its name, and how much stands under it."""

    code: str
    title: str
    n_takeaways: int
    n_items: int  # and question models
    n_met: int
    query: str

    @property
    def n(self) -> int:
        return self.n_takeaways + self.n_items


@dataclass(frozen=True, slots=True)
class Axes:
    """The axis of a step's systems, and that of the areas within them."""

    system: Axis | None
    area: Axis | None


NO_AXES = Axes(None, None)


def axes_of(content: Content, step: tuple[str, str] | None, *, on: date) -> Axes:
    """By which axes the topics of a step are arranged."""
    edition = content.programmes[step[0]].on(on).step(step[1]) if step else None
    axes = edition.axes if edition else ()
    system = next((axis for axis in axes if axis.name == PARTITION), next((axis for axis in axes if axis.is_partition), None))
    others = [axis for axis in axes if axis is not system]
    return Axes(system, next((axis for axis in others if axis.name == WITHIN), others[0] if others else None))


def topics_of(shelf: Shelf, wanted: Wanted, met: Met, axes: Axes) -> list[Topic]:
    """The systems of a step, those with nothing left out; the areas, where a system is asked for."""
    axis = axes.area if wanted.system else axes.system
    if axis is None or wanted.pair is None:
        return []
    items, takeaways, known = Counter[str](), Counter[str](), Counter[str]()
    for item, codes in _items(shelf, wanted, axes, axis):
        items.update(codes)
        known.update(codes if met.state_of(item.id) == "told" else ())
    for _one, codes in _takeaways(shelf, wanted, axes, axis):
        takeaways.update(codes)
    changed = "area" if wanted.system else "system"
    made = (
        Topic(code, title, takeaways[code], items[code], known[code], wanted.query(**{changed: code}))
        for code, title in axis.codes.items()
    )
    return [topic for topic in made if topic.n]


def codes_of_item(item: Item, step: tuple[str, str] | None, axis: str) -> tuple[str, ...]:
    """Its codes on an axis, in that step or in any."""
    return tuple(
        code
        for entry in item.blueprint
        if step is None or (entry.programme, entry.step) == step
        for code in entry.codes.get(axis, ())
    )


def codes_of_takeaway(one: Takeaway, step: tuple[str, str] | None, axis: str) -> tuple[str, ...]:
    """Its codes on an axis, in the programme of that step or in any."""
    return tuple(
        code for programme, axes in one.codes.items() if step is None or step[0] == programme for code in axes.get(axis, ())
    )


def is_takeaway_of(shelf: Shelf, one: Takeaway, step: tuple[str, str]) -> bool:
    """Does an item of the step carry it, or, where none carries it at all, does it name the programme?"""
    steps = shelf.steps_of_takeaway.get(one.id)
    return step in steps if steps else step[0] in one.codes


def _items(shelf: Shelf, wanted: Wanted, axes: Axes, axis: Axis) -> Iterator[tuple[Item, tuple[str, ...]]]:
    for item in (*shelf.items.values(), *shelf.models.values()):
        codes = codes_of_item(item, wanted.pair, axis.name)
        if codes and (
            not wanted.system or axes.system is None or wanted.system in codes_of_item(item, wanted.pair, axes.system.name)
        ):
            yield item, codes


def _takeaways(shelf: Shelf, wanted: Wanted, axes: Axes, axis: Axis) -> Iterator[tuple[Takeaway, tuple[str, ...]]]:
    for one in shelf.takeaways.values():
        if wanted.pair is not None and not is_takeaway_of(shelf, one, wanted.pair):
            continue
        codes = codes_of_takeaway(one, wanted.pair, axis.name)
        if codes and (
            not wanted.system or axes.system is None or wanted.system in codes_of_takeaway(one, wanted.pair, axes.system.name)
        ):
            yield one, codes
