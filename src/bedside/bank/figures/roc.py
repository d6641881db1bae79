"""The figure `roc`: receiver operating characteristic curves, by the binormal model or by points.

Binormal model: results of people without the disease are normal with mean 0 and SD 1, of those with it with mean `separation`
and SD `ratio`; then sensitivity = Phi(a + b * Phi^-1(1 - specificity)) with a = separation / ratio and b = 1 / ratio, and the
area is Phi(a / sqrt(1 + b^2)). Dorfman DD, Alf E. J Math Psychol 1969;6:487-96; Hanley JA, McNeil BJ. Radiology 1982;143:29-36.
"""

from __future__ import annotations

from itertools import pairwise
from math import hypot
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.special import ndtr, ndtri

from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.drawing import Frame

MAX_CURVES = 3
LETTERS = "ABCDEFGH"
SIZE = 460

Floats = NDArray[np.float64]
Separation = Annotated[float, Field(ge=0, le=5)]
Share = Annotated[float, Field(ge=0, le=1)]


class RocParameters(Parameters):
    """Tests by the binormal model, or one test by its points."""

    separation: tuple[Separation, ...] = Field(default=(), max_length=MAX_CURVES)
    ratio: tuple[Annotated[float, Field(ge=0.5, le=2)], ...] = Field(default=(1.0,), min_length=1, max_length=MAX_CURVES)
    false: tuple[Share, ...] = Field(default=(), max_length=12)
    true: tuple[Share, ...] = Field(default=(), max_length=12)
    cuts: tuple[Annotated[float, Field(ge=0.001, le=0.999)], ...] = Field(default=(), max_length=len(LETTERS))
    names: tuple[Annotated[str, Field(min_length=1, max_length=24)], ...] = Field(default=(), max_length=MAX_CURVES)
    area: bool = False

    @model_validator(mode="after")
    def _matching(self) -> Self:
        if bool(self.separation) == bool(self.false or self.true):
            raise ValueError("give either separation, one number for each test, or the points of one test as false and true")
        curves = len(self.separation) or 1
        if len(self.ratio) not in (1, curves):
            raise ValueError(f"ratio is one number for all tests or {curves}, one for each")
        if self.names and len(self.names) != curves:
            raise ValueError(f"names are {curves}, one for each test, with commas between")
        if len(self.false) != len(self.true):
            raise ValueError("false and true are as many numbers, a false and a true positive rate for each cut")
        points = list(zip(self.false, self.true, strict=True))
        if points != sorted(points) or any(right[1] < left[1] for left, right in pairwise(points)):
            raise ValueError("a looser cut has at least as many true and false positives; write points from strict to loose")
        if list(self.cuts) != sorted(set(self.cuts)):
            raise ValueError("cuts are false positive rates, each once, from the smallest on")
        if self.cuts and not self.separation:
            raise ValueError("cuts are marked on a curve by separation; points are their own cuts")
        return self


def sensitivity(false_positives: Floats | float, separation: float, ratio: float) -> Floats:
    """True positive rate at a false positive rate."""
    return np.asarray(ndtr((separation + ndtri(np.asarray(false_positives, dtype=np.float64))) / ratio), dtype=np.float64)


def area(separation: float, ratio: float) -> float:
    """Area under the binormal curve."""
    return float(ndtr(separation / hypot(1, ratio)))


def curve(separation: float, ratio: float) -> tuple[Floats, Floats]:
    """False and true positive rates, close where the curve bends."""
    cuts = np.linspace(-5.5, max(5.5, separation + 4 * ratio), 181)[::-1]
    false_positives, true_positives = ndtr(-cuts), ndtr((separation - cuts) / ratio)
    ends = np.array([0.0]), np.array([1.0])
    return (
        np.concatenate([ends[0], false_positives, ends[1]]),
        np.concatenate([ends[0], true_positives, ends[1]]),
    )


def draw_roc(given: RocParameters) -> Drawing:
    """The square with its diagonal, the curves and the marked cuts."""
    frame = Frame(0, 1, 0, 1, width=SIZE, height=SIZE, left=56, right=24, top=24, bottom=56)
    shares = (0, 0.2, 0.4, 0.6, 0.8, 1)
    frame.axes("1 − specificity (false positive rate)", "Sensitivity (true positive rate)", x_ticks=shares, y_ticks=shares)
    frame.parts.append(f'<path class="cut" d="M{frame.x(0):g} {frame.y(0):g}L{frame.x(1):g} {frame.y(1):g}"/>')
    if given.separation:
        _model(frame, given)
    else:
        _points(frame, given)
    return Drawing(frame.width, frame.height, tuple(frame.parts))


def _model(frame: Frame, given: RocParameters) -> None:
    ratios = given.ratio if len(given.ratio) > 1 else given.ratio * len(given.separation)
    legend = []
    for n, (separation, ratio) in enumerate(zip(given.separation, ratios, strict=True)):
        frame.line(*curve(separation, ratio), dash=n)
        name = given.names[n] if given.names else f"Test {n + 1}" if len(given.separation) > 1 else ""
        said = f"area {area(separation, ratio):.2f}" if given.area else ""
        legend.append((n, ", ".join(part for part in (name, said) if part)))
    _legend(frame, [(n, words) for n, words in legend if words])
    for letter, cut in zip(LETTERS, given.cuts, strict=False):
        _cut(frame, letter, cut, float(sensitivity(cut, given.separation[0], ratios[0])))


def _points(frame: Frame, given: RocParameters) -> None:
    frame.line((0, *given.false, 1), (0, *given.true, 1))
    for letter, x, y in zip(LETTERS, given.false, given.true, strict=False):
        _cut(frame, letter, x, y)
    trapezoids = np.trapezoid((0, *given.true, 1), (0, *given.false, 1))
    words = [*given.names, *([f"area {float(trapezoids):.2f}"] if given.area else [])]
    _legend(frame, [(0, ", ".join(words))] if words else [])


def _cut(frame: Frame, letter: str, x: float, y: float) -> None:
    frame.dot(x, y, radius=4.5)
    frame.text(letter, frame.x(x) + 8, frame.y(y) + 14)


def _legend(frame: Frame, rows: list[tuple[int, str]]) -> None:
    """Below the diagonal, at the right, where no curve is."""
    x = frame.x(1) - 8 - 7.2 * max((len(words) for _, words in rows), default=0)
    for row, (n, words) in enumerate(rows):
        y = frame.y(0.06) - 20 * (len(rows) - 1 - row)
        frame.parts.append(f'<path class="line d{n}" d="M{round(x - 44, 1):g} {round(y - 4, 1):g}h36"/>')
        frame.text(words, round(x, 1), round(y, 1))


KIND = FigureKind(
    "roc",
    RocParameters,
    draw_roc,
    "Receiver operating characteristic curves by the binormal model (`separation` of the means in SD of those without the "
    "disease, `ratio` of the SDs) or by points (`false` and `true` positive rates); `cuts` marks points A, B, C on the first "
    "curve at these false positive rates, `area` writes the area under each curve.",
    "roc separation=1.8 cuts=0.02,0.1,0.25,0.5,0.8",
)
