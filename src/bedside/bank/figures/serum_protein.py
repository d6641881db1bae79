"""The figure `serum_protein`: the curve of a serum protein electrophoresis.

Each fraction is a normal curve whose area is its concentration, g/dL, within or outside the usual limits (albumin 3.8 to 5.0,
alpha-1 0.1 to 0.3, alpha-2 0.6 to 1.0, beta 0.7 to 1.4, gamma 0.7 to 1.6; O'Connell TX, et al. Am Fam Physician
2005;71:105-12). Amounts of disease are examples of the textbook direction, not averages of patients.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.drawing import Frame

Pattern = Literal[
    "normal", "monoclonal", "polyclonal", "cirrhosis", "nephrotic", "inflammation", "alpha1-deficiency", "hypogammaglobulinemia"
]
FRACTIONS = ("albumin", "α1", "α2", "β", "γ")
BORDERS = (0.0, 24.0, 36.0, 50.0, 67.0, 100.0)  # of the fractions, from the anode
SPIKE_WIDTH = 1.7
SPIKES = {"gamma": 79.0, "beta": 60.0}

Floats = NDArray[np.float64]

_PLACES = ((14.0, 2.6), (30.0, 2.0), (43.0, 3.0), (58.0, 3.2), (81.0, 6.5))  # middle and width
_AMOUNTS: dict[Pattern, tuple[float, float, float, float, float]] = {
    "normal": (4.3, 0.2, 0.8, 1.0, 1.1),
    "monoclonal": (3.5, 0.2, 0.8, 0.9, 0.5),
    "polyclonal": (3.4, 0.25, 0.9, 1.0, 2.8),
    "cirrhosis": (2.4, 0.15, 0.5, 0.9, 2.4),
    "nephrotic": (1.6, 0.15, 1.7, 1.1, 0.35),
    "inflammation": (3.2, 0.55, 1.4, 0.9, 1.1),
    "alpha1-deficiency": (4.3, 0.03, 0.8, 1.0, 1.1),
    "hypogammaglobulinemia": (4.3, 0.2, 0.8, 0.9, 0.2),
}


@dataclass(frozen=True, slots=True)
class Peak:
    """One normal curve: amount in g/dL, middle and width in percent of the way from the anode."""

    amount: float
    middle: float
    width: float


class SerumProteinParameters(Parameters):
    """A pattern; `spike` in g/dL."""

    pattern: Pattern = "normal"
    spike: float | None = Field(default=None, ge=0.5, le=8)
    region: Literal["gamma", "beta"] = "gamma"

    @model_validator(mode="after")
    def _matching(self) -> Self:
        if self.pattern != "monoclonal" and (self.spike is not None or self.region != "gamma"):
            raise ValueError("spike and region are those of pattern=monoclonal")
        return self


def peaks_of(given: SerumProteinParameters) -> list[Peak]:
    """The fractions in the order in which they stand, and what is added to them."""
    found = [Peak(amount, *place) for amount, place in zip(_AMOUNTS[given.pattern], _PLACES, strict=True)]
    if given.pattern == "monoclonal":
        found.append(Peak(given.spike or 3.0, SPIKES[given.region], SPIKE_WIDTH))
    if given.pattern == "cirrhosis":
        found.append(Peak(0.9, 68.0, 5.0))  # IgA fills the valley between beta and gamma
    return found


def density(peaks: list[Peak], at: Floats) -> Floats:
    """Protein at places, g/dL for each percent of the way."""
    found = np.zeros(at.shape, dtype=np.float64)
    for peak in peaks:
        found += peak.amount / (peak.width * sqrt(2 * pi)) * np.exp(-0.5 * ((at - peak.middle) / peak.width) ** 2)
    return found


def draw_serum_protein(given: SerumProteinParameters) -> Drawing:
    """The curve over the names of the fractions."""
    at = np.linspace(2, 100, 246)
    curve = density(peaks_of(given), at)
    top = max(float(curve.max()), float(density(peaks_of(SerumProteinParameters()), at).max())) * 1.08
    frame = Frame(0, 100, 0, top, width=560, height=320, left=48, right=20, bottom=58)
    low, high = frame.height - frame.bottom, frame.width - frame.right
    for border in BORDERS[1:-1]:
        frame.parts.append(f'<path class="grid wide" d="M{frame.x(border):g} {frame.top}V{low}"/>')
    frame.parts.append(f'<path class="axis" d="M{frame.left} {frame.top}V{low}H{high}"/>')
    frame.line(at, curve)
    for name, left, right in zip(FRACTIONS, BORDERS, BORDERS[1:], strict=False):
        frame.text(name, frame.x((left + right) / 2), low + 18, anchor="middle")
    frame.text("+ anode", frame.left, low + 42)
    frame.text("cathode −", high, low + 42, anchor="end")
    middle = f"translate(20 {(frame.top + low) / 2:g}) rotate(-90)"
    frame.parts.append(f'<text text-anchor="middle" transform="{middle}">Protein (relative)</text>')
    return Drawing(frame.width, frame.height, tuple(frame.parts))


KIND = FigureKind(
    "serum_protein",
    SerumProteinParameters,
    draw_serum_protein,
    "The curve of a serum protein electrophoresis, from albumin to the gamma globulins; `spike` is the amount of a monoclonal "
    "protein in g/dL, in the `region` gamma or beta.",
    "serum_protein pattern=monoclonal spike=3",
)
