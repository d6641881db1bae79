"""A frame with two axes, as SVG without a colour or a style of its own: what it draws has classes; a page says their looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from math import floor, log10

import numpy as np
from numpy.typing import ArrayLike, NDArray

WIDTH, HEIGHT = 640, 340  # in units of the picture; text is 13 high
LEFT, RIGHT, TOP, BOTTOM = 56, 88, 14, 46  # around the frame; to the right stand the names of lines
N_DASHES = 6


@dataclass(slots=True)
class Frame:
    """A frame from (x0, y0), lower left, to (x1, y1), upper right, in which marks are put."""

    x0: float
    x1: float
    y0: float
    y1: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM
    parts: list[str] = field(default_factory=list)

    def x(self, value: float) -> float:
        share = (value - self.x0) / (self.x1 - self.x0)
        return round(self.left + share * (self.width - self.left - self.right), 1)

    def y(self, value: float) -> float:
        share = (value - self.y0) / (self.y1 - self.y0)
        return round(self.height - self.bottom - share * (self.height - self.top - self.bottom), 1)

    def axes(
        self,
        across: str,
        up: str,
        *,
        x_ticks: Sequence[float] = (),
        y_ticks: Sequence[float] = (),
        x_words: Callable[[float], str] | None = None,
        y_words: Callable[[float], str] | None = None,
    ) -> None:
        """Both axes with ticks and their names; lines of a grid at the ticks of the upright one.

        Args:
            x_words: what stands at a tick, where that isn't its number (a power on an axis of logarithms); so `y_words`.
        """
        low, high = self.height - self.bottom, self.width - self.right
        self.parts.append(f'<path class="axis" d="M{self.left} {self.top}V{low}H{high}"/>')
        for value in x_ticks or ticks(self.x0, self.x1):
            self.text((x_words or number)(value), self.x(value), low + 18, anchor="middle")
            self.parts.append(f'<path class="axis" d="M{self.x(value)} {low}v4"/>')
        for value in y_ticks or ticks(self.y0, self.y1):
            self.text((y_words or number)(value), self.left - 8, self.y(value) + 4, anchor="end")
            if value != self.y0:
                self.parts.append(f'<path class="grid" d="M{self.left} {self.y(value)}H{high}"/>')
        self.text(across, (self.left + high) / 2, self.height - 8, anchor="middle")
        if up:
            middle = (self.top + low) / 2
            self.parts.append(f'<text text-anchor="middle" transform="translate(14 {middle}) rotate(-90)">{escape(up)}</text>')

    def line(self, x: ArrayLike, y: ArrayLike, *, dash: int = 0, name: str = "") -> None:
        """A curve; its name stands right of its end."""
        across, up = np.asarray(x, dtype=np.float64), np.clip(np.asarray(y, dtype=np.float64), self.y0, self.y1)
        self.parts.append(f'<path class="line d{dash % N_DASHES}" d="{self._path(across, up)}"/>')
        if name:
            self.text(name, self.x(across[-1]) + 6, self.y(up[-1]) + 4)

    def band(self, x: ArrayLike, low: ArrayLike, high: ArrayLike) -> None:
        """The room between two curves."""
        across = np.asarray(x, dtype=np.float64)
        under, over = (np.clip(np.asarray(one, dtype=np.float64), self.y0, self.y1) for one in (low, high))
        around = self._path(np.concatenate([across, across[::-1]]), np.concatenate([over, under[::-1]]))
        self.parts.append(f'<path class="band" d="{around}Z"/>')

    def dot(self, x: float, y: float, *, radius: float = 4, is_hollow: bool = False) -> None:
        kind = "hollow" if is_hollow else "dot"
        self.parts.append(f'<circle class="{kind}" cx="{self.x(x)}" cy="{self.y(y)}" r="{radius:g}"/>')

    def whisker(self, x: float, low: float, high: float) -> None:
        """An interval of a point, upright."""
        under, over = (self.y(min(max(end, self.y0), self.y1)) for end in (low, high))
        self.parts.append(f'<path class="whisker" d="M{self.x(x)} {under}V{over}"/>')

    def upright(self, x: float, text: str) -> None:
        """A dotted line over the whole height, with words at its top."""
        self.parts.append(f'<path class="cut" d="M{self.x(x)} {self.top}V{self.height - self.bottom}"/>')
        self.text(text, self.x(x) + 5, self.top + 11)

    def text(self, words: str, x: float, y: float, *, anchor: str = "start", is_dim: bool = False) -> None:
        kind = ' class="dim"' if is_dim else ""
        self.parts.append(f'<text{kind} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>')

    def _path(self, across: NDArray[np.float64], up: NDArray[np.float64]) -> str:
        points = (f"{self.x(x):g} {self.y(y):g}" for x, y in zip(across.tolist(), up.tolist(), strict=True))
        return "M" + "L".join(points)


def ticks(low: float, high: float, *, about: int = 6) -> list[float]:
    """Round numbers from low to high, about so many.

    >>> ticks(0, 1)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    raw = (high - low) / about
    size = 10.0 ** floor(log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw * 0.999)
    first = int(np.ceil(low / step - 1e-9))
    last = int(np.floor(high / step + 1e-9))
    return [round(n * step, 10) for n in range(first, last + 1)]


def number(value: float, digits: int = 3) -> str:
    """As it stands in pictures and tables: without needless zeros, with a real minus sign; "–" where there is none."""
    if not np.isfinite(value):
        return "–"
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return ("0" if text in ("-0", "") else text).replace("-", "−")


def apart(places: Sequence[tuple[float, float]], *, width: float = 48, height: float = 14) -> list[tuple[float, float]]:
    """Places of words, moved up where they would stand in each other; from the lowest one on."""
    found: dict[int, tuple[float, float]] = {}
    for n in sorted(range(len(places)), key=lambda one: -places[one][1]):
        x, y = places[n]
        while any(abs(x - other_x) < width and abs(y - other_y) < height for other_x, other_y in found.values()):
            y -= height
        found[n] = (x, round(y, 1))
    return [found[n] for n in range(len(places))]


def ceiling(value: float) -> float:
    """The end of an axis on which a value has room: 1, 2, 2.5 or 5 times a power of ten, and tenths between."""
    if value <= 0 or not np.isfinite(value):
        return 1.0
    size = 10.0 ** floor(log10(value))
    return next(size * factor for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15) if size * factor >= value * 1.02)
