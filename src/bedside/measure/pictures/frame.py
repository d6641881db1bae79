"""What all pictures share: a frame with two axes, marks in it, and the table of the same numbers.

A picture is SVG without a script, a colour or a style of its own: what it draws has classes, and the page that shows it says
how they look (`STYLE` for a page that stands alone). It is never told by colour only: lines have their names at their ends
and dashes of their own, and shaded cells have their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from bedside.drawing import Frame, number

STYLE = """
.picture { margin: 1rem 0; }
.picture .scroll { overflow-x: auto; }
.picture svg { width: 100%; min-width: 30rem; max-width: 48rem; height: auto; font: 13px system-ui, sans-serif; }
.picture.small svg { min-width: 0; }
.picture text { fill: currentColor; }
.picture .axis, .picture .grid, .picture .line, .picture .whisker, .picture .cut { stroke: currentColor; fill: none; }
.picture .axis { stroke-width: 1; } .picture .grid { stroke-width: .5; opacity: .3; }
.picture .line { stroke-width: 2; } .picture .band { fill: currentColor; stroke: none; opacity: .15; }
.picture .whisker { stroke-width: 1.5; } .picture .cut { stroke-width: 1.5; stroke-dasharray: 2 3; }
.picture .dot { fill: currentColor; } .picture .hollow { fill: Canvas; stroke: currentColor; stroke-width: 1.5; }
.picture .bar { fill: currentColor; opacity: .45; }
.picture .cell { fill: currentColor; stroke: none; } .picture .on-cell { paint-order: stroke; stroke: Canvas; stroke-width: 2; }
.picture .d1 { stroke-dasharray: 7 4; } .picture .d2 { stroke-dasharray: 2 3; } .picture .d3 { stroke-dasharray: 10 3 2 3; }
.picture .d4 { stroke-dasharray: 14 4; } .picture .d5 { stroke-dasharray: 5 2 1 2 1 2; }
.picture .dim { opacity: .6; }
"""


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a picture. The first column heads the rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its name (for ids), a title, a sentence that says what it shows, SVG, and the same numbers as a table."""

    name: str
    title: str
    said: str
    svg: str
    table: Table


def picture_of(frame: Frame, name: str, title: str, said: str, table: Table) -> Picture:
    """All that stands in a frame as a picture that a screen reader names."""
    return Picture(name, title, said, svg(name, title, said, (frame.width, frame.height), frame.parts), table)


def svg(name: str, title: str, said: str, size: tuple[int, int], parts: Iterable[str]) -> str:
    """SVG of a size (width and height) with a title and a description."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" role="img" '
        f'aria-labelledby="{name}-title {name}-said"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-said">{escape(said)}</desc>{"".join(parts)}</svg>'
    )


def p_value(p: float) -> str:
    """As it stands in tables: three digits, and never a bare 0."""
    return "under 0.001" if p < 0.001 else number(p)
