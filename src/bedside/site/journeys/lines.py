"""Lines as templates/journeys/lines.html draws them: those of the progress pages, with room for words at any end of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from bedside.site.progress.drawing import Curve, Scale, Table, Tick

T = TypeVar("T")
ROOM = 62.0  # per cent; a line that ends before has its words to the right of its end


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and on which side of its end its words stand."""

    curve: Curve
    anchor: str

    @property
    def shift(self) -> str:
        return "0.9em" if self.anchor == "start" else "-0.9em"


@dataclass(frozen=True, slots=True)
class Lines:
    """A picture of lines. `at_risk`: how many were still looked at, below the axis, with the words `risk_words` above them."""

    name: str
    title: str
    said: str
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    table: Table
    at_risk: tuple[Tick, ...] = ()
    risk_words: str = ""


def line_of(curve: Curve) -> Line:
    """The line with its words where there is room for them."""
    return Line(curve, "start" if curve.end[0] < ROOM else "end")


def thinned(values: Sequence[T], most: int) -> list[T]:
    """At most so many of the values, evenly, the first and the last among them."""
    if len(values) <= most:
        return list(values)
    return [values[round(index * (len(values) - 1) / (most - 1))] for index in range(most)]


def count_ticks(upright: Scale, step: float) -> tuple[Tick, ...]:
    """Counts up the axis."""
    n = round(upright.high / step)
    return tuple(Tick(upright.up(step * index), f"{step * index:,g}") for index in range(n + 1))
