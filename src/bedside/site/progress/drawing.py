"""Pictures that are drawn on the server: places in per cent of the picture, words in the size of the page's text.

Every picture has a name, a title, a sentence that says what it shows, and a table with the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from bedside.site.picture import percent_of

SIDE = 1000  # of the square that curves are drawn in; it is stretched to the picture, and their strokes are not
LINE_EM = 1.25  # of a line of words above the map
HEAD_EM, DAY_EM, SQUARE_EM = 1.7, 1.8, 1.6  # of the calendar: the words above it, a day with the gap below it, its square
LEVELS = (0.0, 0.5, 0.6, 0.7, 0.8)  # shares from which a cell is darker; the number stands in it


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a picture. The first column heads the rows; `texts` are other columns of words, by index."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, in per cent of the picture."""

    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Curve:
    """A line with its interval, as points of the square; its label stands at its end, `above` or below it."""

    name: str
    line: str
    band: str
    label: str
    end: tuple[float, float, float, float]  # x and y of the last point, and the ends of its interval, in per cent
    is_above: bool = True


@dataclass(frozen=True, slots=True)
class Level:
    """A line across the picture, in per cent from above, with its words."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Curves:
    """Quantities over time."""

    name: str
    title: str
    said: str
    curves: tuple[Curve, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    levels: tuple[Level, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a row of the map: from where it goes and how far in per cent, how dark it is, and its number."""

    x: float
    width: float
    middle: float
    fill: str  # "m0" to "m4", "t0" to "t4" where it is hatched, "none" where nothing was answered
    text: str
    is_narrow: bool  # there is no room for its number on a phone

    @property
    def is_hatched(self) -> bool:
        return self.fill.startswith("t")


@dataclass(frozen=True, slots=True)
class MapRow:
    """A row of the map; its height is in em, with the text."""

    label: str
    said: str
    height_em: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class MapColumn:
    """The name of a column, on a line of its own above the map, from which a line leads down to its middle.

    Where there is no room for that, `letter` stands above the column, and before its name in a list.
    """

    letter: str
    middle: float
    text: str
    is_left: bool  # the words stand to the left of the line
    top_em: float  # where its line begins

    @property
    def text_em(self) -> float:
        return round(self.top_em + 0.8, 2)


@dataclass(frozen=True, slots=True)
class Map:
    """Cells whose size is a weight."""

    name: str
    title: str
    said: str
    columns: tuple[MapColumn, ...]
    rows: tuple[MapRow, ...]
    table: Table

    @property
    def heads_em(self) -> float:
        return round(LINE_EM * len(self.columns) + 0.4, 2)

    @property
    def lettered(self) -> list[MapColumn]:
        """The columns from left to right."""
        return sorted(self.columns, key=lambda column: column.letter)


@dataclass(frozen=True, slots=True)
class Stick:
    """A bar that stands: its middle, its left side, its width and its height in per cent, and words above it."""

    x: float
    left: float
    width: float
    height: float
    text: str = ""

    @property
    def anchor(self) -> str:
        return spread([self.x])[0]

    @property
    def top(self) -> float:
        return round(100 - self.height, 1)


@dataclass(frozen=True, slots=True)
class Sticks:
    """Counts by day."""

    name: str
    title: str
    said: str
    sticks: tuple[Stick, ...]
    across: tuple[Tick, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the calendar: where its week stands, its weekday from 0, and how far it is filled, in per cent."""

    x: float
    row: int
    fill: float

    @property
    def top_em(self) -> float:
        return round(HEAD_EM + DAY_EM * self.row, 2)

    @property
    def fill_em(self) -> float:
        return round(SQUARE_EM * self.fill / 100, 2)

    @property
    def fill_top_em(self) -> float:
        return round(self.top_em + SQUARE_EM - self.fill_em, 2)


@dataclass(frozen=True, slots=True)
class DayGrid:
    """Days by week and weekday, each filled by its minutes."""

    name: str
    title: str
    said: str
    width: float  # of a day, in per cent
    cells: tuple[DayCell, ...]
    weeks: tuple[Tick, ...]
    weekdays: tuple[tuple[float, str], ...]  # em from above
    table: Table


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bars below each other, each with its words."""

    label: str
    first: float
    first_text: str
    second: float
    second_text: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two counts a row."""

    name: str
    title: str
    said: str
    rows: tuple[Pair, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from `low` to `high`, drawn from below to above or from left to right."""

    low: float
    high: float

    def across(self, value: float) -> float:
        """The place in per cent from the left."""
        return percent_of(value - self.low, self.high - self.low, digits=1)

    def up(self, value: float) -> float:
        """The place in per cent from above."""
        return round(100 - self.across(value), 1)


def curve(
    name: str,
    label: str,
    xs: Sequence[float],
    values: Sequence[tuple[float, float, float]],
    scales: tuple[Scale, Scale],
    *,
    is_above: bool = True,
) -> Curve:
    """A line through the values, each with the ends of its interval. `scales`: across and up."""
    along, upright = scales
    points = [
        (along.across(x), upright.up(value), upright.up(low), upright.up(high))
        for x, (value, low, high) in zip(xs, values, strict=True)
    ]
    line = " ".join(_point(x, y) for x, y, _low, _high in points)
    back = [_point(x, low) for x, _y, low, _high in reversed(points)]
    band = " ".join([*(_point(x, high) for x, _y, _low, high in points), *back])
    return Curve(name, line, band, label, points[-1], is_above)


def _point(x: float, y: float) -> str:
    return f"{round(x * SIDE / 100):g},{round(y * SIDE / 100):g}"


def round_step(span: float, most: int) -> float:
    """A step of 1, 2 or 5 times a power of ten, or of one half for percents, with which a scale has at most so many."""
    least = span / max(1, most)
    if least <= 0:
        return 1.0
    power = 10.0 ** floor(log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def round_up(value: float, step: float) -> float:
    """The next whole multiple of the step."""
    return step * max(1, ceil(value / step - 1e-9))


def spread(places: Sequence[float]) -> list[str]:
    """How the words of ticks stand so that those at the ends stay inside the picture."""
    return ["start" if place < 8 else "end" if place > 92 else "middle" for place in places]


def level_of(share: float) -> int:
    """How dark a cell with this share is, 0 to 4."""
    return sum(share >= least for least in LEVELS) - 1
