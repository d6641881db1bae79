"""The figure `fagan`: the nomogram from a pretest probability by a likelihood ratio to a posttest probability.

Fagan TJ. Nomogram for Bayes's theorem. N Engl J Med 1975;293:257. Log odds add up: what is added stands on the middle line at
half the scale of the outer ones, so that a straight line joins the three.
"""

from __future__ import annotations

from math import log
from typing import Annotated, Self

from pydantic import Field, model_validator

from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.sheet import Sheet

PERCENTS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9)
RATIOS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
LOW, HIGH = 0.1, 99.9

LEFT, MIDDLE, RIGHT = 90.0, 220.0, 350.0
TOP, SCALE = 48.0, 44.0  # units for each step of log odds
CENTRE = TOP + SCALE * log(999)


class FaganParameters(Parameters):
    """A pretest probability in percent and likelihood ratios, or nothing for an empty nomogram."""

    pretest: Annotated[float, Field(ge=LOW, le=HIGH)] | None = None
    ratios: tuple[Annotated[float, Field(ge=0.001, le=1000)], ...] = Field(default=(), max_length=2)

    @model_validator(mode="after")
    def _on_the_sheet(self) -> Self:
        if (self.pretest is None) == bool(self.ratios):
            raise ValueError("give both pretest (in percent) and ratios (one or two likelihood ratios), or neither")
        for ratio in self.ratios:
            after = posttest(self.pretest or 50, ratio)
            if not LOW - 1e-9 <= after <= HIGH + 1e-9:
                raise ValueError(f"a likelihood ratio of {ratio:g} leads to {after:.3g}%, which the nomogram does not reach")
        return self


def posttest(pretest: float, ratio: float) -> float:
    """Percent, by Bayes's theorem with odds."""
    odds = pretest / (100 - pretest) * ratio
    return 100 * odds / (1 + odds)


def before(percent: float) -> float:
    """Where a pretest probability stands: higher ones lower down."""
    return CENTRE + SCALE * log(percent / (100 - percent))


def after(percent: float) -> float:
    """Where a posttest probability stands: higher ones higher up."""
    return CENTRE - SCALE * log(percent / (100 - percent))


def between(ratio: float) -> float:
    """Where a likelihood ratio stands."""
    return CENTRE - SCALE * log(ratio) / 2


def draw_fagan(given: FaganParameters) -> Drawing:
    """Three scales and the lines through them."""
    sheet = Sheet(RIGHT + 90, CENTRE + SCALE * log(999) + 24)
    for n, ratio in enumerate(given.ratios):
        if given.pretest is not None:
            end = after(posttest(given.pretest, ratio))
            sheet.path([(LEFT, before(given.pretest)), (MIDDLE, between(ratio)), (RIGHT, end)], f"line d{n}")
    for words, x in (("Pretest", LEFT), ("Likelihood", MIDDLE), ("Posttest", RIGHT)):
        sheet.text(words, x, 16, anchor="middle")
        sheet.text("ratio" if x == MIDDLE else "probability (%)", x, 32, anchor="middle")
    for x in (LEFT, RIGHT):
        sheet.lines([((x, before(LOW)), (x, before(HIGH)))])
    sheet.lines([((MIDDLE, between(RATIOS[0])), (MIDDLE, between(RATIOS[-1])))])
    for percent in PERCENTS:
        sheet.lines(
            [((LEFT - 5, before(percent)), (LEFT, before(percent))), ((RIGHT, after(percent)), (RIGHT + 5, after(percent)))]
        )
        sheet.text(f"{percent:g}", LEFT - 10, before(percent) + 4.5, anchor="end")
        sheet.text(f"{percent:g}", RIGHT + 10, after(percent) + 4.5)
    for ratio in RATIOS:
        sheet.lines([((MIDDLE - 5, between(ratio)), (MIDDLE + 5, between(ratio)))])
        sheet.text(f"{ratio:g}", MIDDLE - 10, between(ratio) + 4.5, anchor="end", kind="on-grid")
    return sheet.drawing()


KIND = FigureKind(
    "fagan",
    FaganParameters,
    draw_fagan,
    "Fagan's nomogram, empty or with a line from a pretest probability in percent through one or two likelihood ratios.",
    "fagan pretest=20 ratios=6,0.1",
)
