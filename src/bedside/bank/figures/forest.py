"""The figure `forest`: studies with their intervals and what they say together."""

from __future__ import annotations

from math import log, sqrt
from typing import Literal

import numpy as np
from pydantic import Field

from bedside.bank.figures.kind import Drawing, FigureKind
from bedside.bank.figures.meta_analysis import Pooled, Study, inconsistency, pooled, variance_between
from bedside.bank.figures.sheet import Sheet
from bedside.bank.figures.studies import NAMES, StudiesParameters, ratio_ticks
from bedside.drawing import ceiling, number

WIDTH, ROW, TOP = 740.0, 26.0, 34.0
PLOT_LEFT, PLOT_RIGHT = 180.0, 480.0
INTERVAL, WEIGHT = 494.0, 732.0  # where the columns of numbers stand


class ForestParameters(StudiesParameters):
    """Studies, how they are pooled, and what is written beside them."""

    k: int = Field(default=7, ge=2, le=12)
    pooled: Literal["fixed", "random", "both", "none"] = "random"
    weights: bool = True
    heterogeneity: bool = False
    left: str = Field(default="Favors treatment", max_length=26)
    right: str = Field(default="Favors control", max_length=26)


def summaries(given: ForestParameters) -> list[tuple[str, Pooled]]:
    """The pooled rows and their names."""
    studies = given.all_studies()
    rows = {"fixed": ("Total (fixed effect)", 0.0), "random": ("Total (random effects)", variance_between(studies))}
    wanted = {"both": ("fixed", "random"), "none": ()}.get(given.pooled, (given.pooled,))
    return [(rows[kind][0], pooled(studies, rows[kind][1])) for kind in wanted]


def draw_forest(given: ForestParameters) -> Drawing:
    """Rows of studies, boxes by weight, diamonds, the line of no effect, and the numbers beside them."""
    studies, rows = given.all_studies(), summaries(given)
    weights = rows[-1][1].weights if rows else pooled(studies).weights
    low = TOP + ROW * (len(studies) + len(rows)) + 12
    sheet = Sheet(WIDTH, low + 46 + (20 if given.heterogeneity else 0))
    axis = _Axis(given, studies)
    _heads(sheet, given)
    axis.draw(sheet, TOP - 12, low)
    for n, (study, weight) in enumerate(zip(studies, weights, strict=True)):
        y = TOP + ROW * (n + 0.5)
        _study(sheet, axis, study, y, sqrt(weight / max(weights)))
        _numbers(sheet, given, study.name, study, y)
        if given.weights:
            sheet.text(f"{100 * weight:.1f}%", WEIGHT, y + 4.5, anchor="end")
    for n, (name, total) in enumerate(rows, len(studies)):
        y = TOP + ROW * (n + 0.5) + 6
        start, end = (axis.x(one) for one in total.interval())
        sheet.path([(start, y), (axis.x(total.effect), y - 8), (end, y), (axis.x(total.effect), y + 8)], "dot", is_closed=True)
        _numbers(sheet, given, name, total, y)
    if given.heterogeneity:
        words = f"Heterogeneity: I² = {100 * inconsistency(studies):.0f}%, τ² = {number(variance_between(studies))}"
        sheet.text(words, 10, sheet.height - 8)
    return sheet.drawing()


class _Axis:
    """Across: effects on the scale of pooling, around no effect."""

    def __init__(self, given: ForestParameters, studies: list[Study]) -> None:
        self.given = given
        ends = [abs(end) for study in studies for end in study.interval()]
        wanted = min(max(ends), 2.5 * float(np.quantile(ends, 0.75)))  # a rare very wide one gets an arrow
        if given.is_ratio:
            self.ticks = ratio_ticks(wanted)
            self.reach = log(self.ticks[-1]) * 1.02
        else:
            top = ceiling(wanted)
            self.ticks = (-top, -top / 2, 0, top / 2, top)
            self.reach = top * 1.02

    def x(self, effect: float) -> float:
        share = min(max((effect + self.reach) / (2 * self.reach), 0.0), 1.0)
        return PLOT_LEFT + share * (PLOT_RIGHT - PLOT_LEFT)

    def draw(self, sheet: Sheet, top: float, low: float) -> None:
        sheet.path([(PLOT_LEFT, low), (PLOT_RIGHT, low)])
        for tick in self.ticks:
            x = self.x(self.given.scaled(tick))
            sheet.lines([((x, low), (x, low + 4))])
            sheet.text(number(tick), x, low + 17, anchor="middle")
        sheet.path([(self.x(0), top), (self.x(0), low)], "trace")
        sheet.text(self.given.left, self.x(0) - 10, low + 36, anchor="end")
        sheet.text(self.given.right, self.x(0) + 10, low + 36)


def _heads(sheet: Sheet, given: ForestParameters) -> None:
    sheet.text("Study", 10, 16)
    sheet.text(f"{NAMES[given.measure]} (95% CI)", INTERVAL, 16)
    if given.weights:
        sheet.text("Weight", WEIGHT, 16, anchor="end")
    sheet.path([(6, 22), (WIDTH - 6, 22)], "grid")


def _study(sheet: Sheet, axis: _Axis, study: Study, y: float, size: float) -> None:
    """The interval, with an arrow where it goes on beyond the axis, and a box whose area is the weight."""
    low, high = study.interval()
    sheet.path([(axis.x(low), y), (axis.x(high), y)], "trace")
    for end, side in ((low, -1), (high, 1)):
        if abs(end) > axis.reach:
            tip = axis.x(end)
            sheet.path([(tip - 7 * side, y - 5), (tip, y), (tip - 7 * side, y + 5)], "trace")
    if abs(study.effect) <= axis.reach:
        sheet.box(axis.x(study.effect), y, max(3.0, 15 * size), max(3.0, 15 * size), "bar")


def _numbers(sheet: Sheet, given: ForestParameters, name: str, row: Study | Pooled, y: float) -> None:
    values = [given.unscaled(one) for one in (row.effect, *row.interval())]
    digits = 2 if given.is_ratio or max(map(abs, values)) < 10 else 1
    effect, low, high = (f"{value:.{digits}f}".replace("-", "−") for value in values)
    sheet.text(name, 10, y + 4.5)
    between = " to " if not given.is_ratio else "–"
    sheet.text(f"{effect} ({low}{between}{high})", INTERVAL, y + 4.5)


KIND = FigureKind(
    "forest",
    ForestParameters,
    draw_forest,
    "A forest plot of studies written as `name:estimate:low:high`, or made by chance around an `effect` with a spread `tau` "
    "between studies (on the scale of pooling: the logarithm for ratios); boxes by weight, the diamond by inverse variance "
    "(fixed) or DerSimonian-Laird (random); `heterogeneity` writes I² and τ².",
    'forest measure=or studies="Adams 2011:0.72:0.51:1.02,Baker 2014:0.85:0.70:1.03,Chen 2018:0.61:0.40:0.93"',
)
