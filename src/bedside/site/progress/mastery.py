"""The blueprint as a map: an area in each row, a competency in each column, a cell for what was answered in both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bedside.bank import Item
from bedside.delivery import Share, wilson
from bedside.programme import Axis
from bedside.site.exam.stock import codes_of

THIN_ANSWERS = 10  # below so many items answered, a cell is hatched


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the map: the codes of an axis, their titles, and their shares of the exam, which add to 1."""

    title: str
    codes: tuple[str, ...]
    titles: tuple[str, ...]
    shares: tuple[float, ...]
    is_published: bool  # else they are the shares of the bank's items


@dataclass(frozen=True, slots=True)
class Cell:
    """The items of one area and competency that were answered, each as it went the last time. `weight` is of the exam, 0 to 1.

    The programmes publish the shares of areas and of competencies, not of both together: a cell has the product.
    """

    weight: float
    share: Share

    @property
    def is_thin(self) -> bool:
        return self.share.n < THIN_ANSWERS


@dataclass(frozen=True, slots=True)
class MasteryMap:
    """The cells, by row and column. `columns` is None where the step has no second axis to tell items apart."""

    rows: Side
    columns: Side | None
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a programme, with the items that serve it."""

    programme: str
    name: str
    items: Sequence[Item]

    def code(self, item: Item, axis: Axis) -> str:
        """The first code of an item in an axis; empty where it has none."""
        found = codes_of(item, self.programme, self.name).get(axis.name, ())
        return found[0] if found else ""


def mastery_map(step: Step, rows: Axis, columns: Axis | None, latest: Mapping[str, bool]) -> MasteryMap:
    """The map of what was answered last of each item."""
    side = side_of(step, rows)
    across = side_of(step, columns) if columns else None
    answered: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for item in step.items:
        if item.id in latest:
            place = step.code(item, rows), step.code(item, columns) if columns else ""
            answered[place] += 1
            right[place] += latest[item.id]
    names = zip(across.codes, across.shares, strict=True) if across else [("", 1.0)]
    widths = list(names)
    cells = tuple(
        tuple(Cell(height * width, wilson(right[row, column], answered[row, column])) for column, width in widths)
        for row, height in zip(side.codes, side.shares, strict=True)
    )
    return MasteryMap(side, across, cells)


def side_of(step: Step, axis: Axis) -> Side:
    """The codes with a share of the exam: the middle of what is published, else the share of the bank's items."""
    published = {code: row.midpoint / len(row.covers) for row in axis.ranges if row.midpoint is not None for code in row.covers}
    weights = published or Counter(step.code(item, axis) for item in step.items)
    shown = [code for code in axis.codes if weights.get(code, 0) > 0]
    total = sum(weights[code] for code in shown)
    shares = tuple(weights[code] / total for code in shown)
    return Side(axis.title, tuple(shown), tuple(axis.codes[code] for code in shown), shares, bool(published))


def second_axis(axes: Iterable[Axis], first: Axis) -> Axis | None:
    """The axis across: the competencies where the step has them, else another that every item has one code of."""
    others = [axis for axis in axes if axis.is_partition and axis.name != first.name]
    return next((axis for axis in others if axis.name == "competency"), next(iter(others), None))
