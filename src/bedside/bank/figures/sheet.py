"""A sheet on which a figure without two plain axes is drawn: marks of SVG with classes, rounded to a tenth of a unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from bedside.bank.figures.kind import Drawing

Point = tuple[float, float]


@dataclass(slots=True)
class Sheet:
    """A sheet of a size in units of the figure (text is 13 high); x goes right, y goes down."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def path(self, points: Iterable[Point], kind: str = "axis", *, is_closed: bool = False) -> None:
        """A line through points."""
        body = "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)
        self.parts.append(f'<path class="{kind}" d="M{body}{"Z" if is_closed else ""}"/>')

    def lines(self, pairs: Iterable[tuple[Point, Point]], kind: str = "axis") -> None:
        """Many short lines as one mark."""
        body = "".join(f"M{coordinate(x1)} {coordinate(y1)}L{coordinate(x2)} {coordinate(y2)}" for (x1, y1), (x2, y2) in pairs)
        if body:
            self.parts.append(f'<path class="{kind}" d="{body}"/>')

    def circle(self, x: float, y: float, radius: float, kind: str = "hollow") -> None:
        """A circle by its middle."""
        self.parts.append(f'<circle class="{kind}" cx="{coordinate(x)}" cy="{coordinate(y)}" r="{coordinate(radius)}"/>')

    def ellipse(self, x: float, y: float, across: float, up: float, kind: str = "dot") -> None:
        """An ellipse by its middle and half of its width and height."""
        size = f'rx="{coordinate(across)}" ry="{coordinate(up)}"'
        self.parts.append(f'<ellipse class="{kind}" cx="{coordinate(x)}" cy="{coordinate(y)}" {size}/>')

    def box(self, x: float, y: float, width: float, height: float, kind: str = "hollow") -> None:
        """A rectangle by its middle."""
        corner = f'x="{coordinate(x - width / 2)}" y="{coordinate(y - height / 2)}"'
        size = f'width="{coordinate(width)}" height="{coordinate(height)}"'
        self.parts.append(f'<rect class="{kind}" {corner} {size}/>')

    def text(self, words: str, x: float, y: float, *, anchor: str = "start", kind: str = "") -> None:
        """Words whose lowest line, and whose start, middle or end, are at a point."""
        looks = f' class="{kind}"' if kind else ""
        self.parts.append(f'<text{looks} x="{coordinate(x)}" y="{coordinate(y)}" text-anchor="{anchor}">{escape(words)}</text>')

    def upward(self, words: str, x: float, y: float) -> None:
        """Words that are read from below, around a point."""
        turned = f"translate({coordinate(x)} {coordinate(y)}) rotate(-90)"
        self.parts.append(f'<text text-anchor="middle" transform="{turned}">{escape(words)}</text>')

    def drawing(self) -> Drawing:
        """All that was put on the sheet."""
        return Drawing(self.width, self.height, tuple(self.parts))


def coordinate(value: float) -> str:
    """A number as it stands in a mark.

    >>> coordinate(2.04), coordinate(-0.01)
    ('2', '0')
    """
    return f"{round(value, 1) + 0.0:g}"
