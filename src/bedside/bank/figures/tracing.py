"""Traces on millimetre paper, for what is recorded against time: the grid, and curves with only the points they need."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
PER_MM = 3.0  # units of the sheet


@dataclass(slots=True)
class Paper:
    """Millimetre paper of so many millimetres. Places are given in millimetres from its upper left corner."""

    width_mm: float
    height_mm: float
    parts: list[str] = field(default_factory=list)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in units of the sheet."""
        return round(self.width_mm * PER_MM, 1), round(self.height_mm * PER_MM, 1)

    def grid(self) -> None:
        """Lines each millimetre, stronger ones each five."""
        width, height = self.size
        for step_mm, skipped, name in ((1, 5, "grid"), (5, 0, "grid wide")):
            across = [n * PER_MM for n in range(0, int(self.width_mm) + 1, step_mm) if not skipped or n % skipped]
            down = [n * PER_MM for n in range(0, int(self.height_mm) + 1, step_mm) if not skipped or n % skipped]
            lines = "".join([*(f"M{x:g} 0V{height:g}" for x in across), *(f"M0 {y:g}H{width:g}" for y in down)])
            self.parts.append(f'<path class="{name}" d="{lines}"/>')

    def trace(self, x_mm: Numbers, y_mm: Numbers, *, tolerance: float = 0.12) -> None:
        """A recorded curve, true to so many units of the sheet."""
        self.parts.append(f'<path class="trace" d="{path(x_mm * PER_MM, y_mm * PER_MM, tolerance=tolerance)}"/>')

    def mark(self, points_mm: Sequence[tuple[float, float]]) -> None:
        """Straight lines through some points, such as the pulse of calibration."""
        told = "L".join(f"{x * PER_MM:g} {y * PER_MM:g}" for x, y in points_mm)
        self.parts.append(f'<path class="trace" d="M{told}"/>')

    def text(self, words: str, x_mm: float, y_mm: float, *, anchor: str = "start") -> None:
        """Words that stand on the grid."""
        self.parts.append(
            f'<text class="on-grid" x="{round(x_mm * PER_MM, 1):g}" y="{round(y_mm * PER_MM, 1):g}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )


def path(x: Numbers, y: Numbers, *, tolerance: float = 0.12) -> str:
    """The data of an SVG path through the points, without those that lie on the line between their neighbours."""
    kept = _needed(x, y, tolerance)
    tenths_x, tenths_y = np.rint(x[kept] * 10).astype(int), np.rint(y[kept] * 10).astype(int)
    steps = zip(np.diff(tenths_x).tolist(), np.diff(tenths_y).tolist(), strict=True)
    moves = [f"{_short(dx)} {_short(dy)}" for dx, dy in steps if dx or dy]
    return f"M{tenths_x[0] / 10:g} {tenths_y[0] / 10:g}" + (f"l{' '.join(moves)}" if moves else "")


def _short(tenths: int) -> str:
    """A number of tenths in as few signs as a path allows: .3, -.3, 12."""
    return f"{tenths / 10:g}".replace("0.", ".", 1) if abs(tenths) < 10 else f"{tenths / 10:g}"


def _needed(x: Numbers, y: Numbers, tolerance: float) -> NDArray[np.intp]:
    """The points that the curve can't do without (Ramer, Douglas and Peucker), with heights measured upright."""
    kept = np.zeros(len(x), dtype=bool)
    kept[[0, -1]] = True
    spans = [(0, len(x) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        between = slice(first + 1, last)
        chord = y[first] + (y[last] - y[first]) * (x[between] - x[first]) / (x[last] - x[first])
        off = np.abs(y[between] - chord)
        far = int(np.argmax(off))
        if off[far] > tolerance:
            kept[first + 1 + far] = True
            spans += [(first, first + 1 + far), (first + 1 + far, last)]
    return np.flatnonzero(kept)


class Chance:
    """Numbers that look like chance and are the same for the same words and seed, for ever and on every machine."""

    def __init__(self, seed: int, purpose: str) -> None:
        digest = hashlib.sha256(f"{purpose}:{seed}".encode()).digest()
        self._raw = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))

    def between(self, low: float, high: float) -> float:
        """A number of the interval."""
        return low + (high - low) * float(self._raw.random())

    def around(self, mean: float, spread: float) -> float:
        """A number about the mean, never further than three times `spread`: the sum of six of an interval."""
        return mean + spread * (sum(float(self._raw.random()) for _ in range(6)) - 3) * 2**0.5

    def one_of(self, n: int) -> int:
        """A whole number from 0 up to, but without, n."""
        return min(int(float(self._raw.random()) * n), n - 1)
