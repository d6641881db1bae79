"""The figure `funnel`: the effect of each study against its standard error."""

from __future__ import annotations

from math import log

from pydantic import Field

from bedside.bank.figures.kind import Drawing, FigureKind
from bedside.bank.figures.meta_analysis import Z, pooled
from bedside.bank.figures.studies import NAMES, StudiesParameters
from bedside.drawing import Frame, ceiling, number, ticks

RATIOS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50)


class FunnelParameters(StudiesParameters):
    """Studies, and whether some are missing."""

    k: int = Field(default=24, ge=5, le=40)
    missing: bool = False

    def is_selected(self) -> bool:
        """As for all studies, by `missing`."""
        return self.missing


def draw_funnel(given: FunnelParameters) -> Drawing:
    """Dots, the pooled effect (fixed), and the lines between which 95% of studies would lie if nothing else were at work."""
    studies = given.all_studies()
    centre = pooled(studies).effect
    most = ceiling(max(study.error for study in studies))
    ends = [centre - Z * most, centre + Z * most, *(study.effect for study in studies)]
    room = 0.04 * (max(ends) - min(ends))
    frame = Frame(min(ends) - room, max(ends) + room, -most, 0, width=560, height=400, left=64, right=24)
    _axes(frame, given, most)
    frame.parts.append(f'<path class="axis" d="M{frame.x(centre):g} {frame.top}V{frame.height - frame.bottom}"/>')
    for side in (-1, 1):
        frame.line((centre, centre + side * Z * most), (0, -most), dash=1)
    for study in studies:
        frame.dot(study.effect, -study.error)
    return Drawing(frame.width, frame.height, tuple(frame.parts))


def _axes(frame: Frame, given: FunnelParameters, most: float) -> None:
    low, high = frame.height - frame.bottom, frame.width - frame.right
    frame.parts.append(f'<path class="axis" d="M{frame.left} {frame.top}V{low}H{high}"/>')
    ratios = [tick for tick in RATIOS if frame.x0 <= log(tick) <= frame.x1]
    across = ratios if given.is_ratio else ticks(frame.x0, frame.x1)
    for tick in across:
        x = frame.x(given.scaled(tick))
        frame.parts.append(f'<path class="axis" d="M{x:g} {low}v4"/>')
        frame.text(number(tick), x, low + 18, anchor="middle")
    for tick in ticks(0, most, about=5):
        frame.text(number(tick), frame.left - 8, frame.y(-tick) + 4, anchor="end")
        frame.parts.append(f'<path class="axis" d="M{frame.left} {frame.y(-tick):g}h-4"/>')
    scale = " (logarithmic scale)" if given.is_ratio else ""
    frame.text(f"{NAMES[given.measure]}{scale}", (frame.left + high) / 2, frame.height - 8, anchor="middle")
    turned = f"translate(16 {(frame.top + low) / 2:g}) rotate(-90)"
    frame.parts.append(f'<text text-anchor="middle" transform="{turned}">Standard error</text>')


KIND = FigureKind(
    "funnel",
    FunnelParameters,
    draw_funnel,
    "A funnel plot of studies, written or made as for `forest`: effect against standard error, with the lines between which "
    "95% would lie; `missing` leaves out nearly all small studies that found less benefit (lower is better).",
    "funnel effect=0.8 k=24 missing=true seed=2",
)
