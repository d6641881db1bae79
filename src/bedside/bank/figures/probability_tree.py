"""The figure `probability_tree`: people by disease and test result, as natural frequencies.

Hoffrage U, Gigerenzer G. Acad Med 1998;73:538-40: whole people instead of probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, model_validator

from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.sheet import Sheet

WIDTH, HEIGHT = 640.0, 300.0
BOX_WIDTH, BOX_HEIGHT = 118.0, 46.0

Share = Annotated[float, Field(gt=0, lt=1)]


class ProbabilityTreeParameters(Parameters):
    """People and shares that make whole people."""

    n: int = Field(default=1000, ge=10, le=1_000_000)
    prevalence: Share
    sensitivity: Annotated[float, Field(ge=0, le=1)]
    specificity: Annotated[float, Field(ge=0, le=1)]
    disease: str = Field(default="Disease", min_length=1, max_length=14)
    hide: bool = False
    shares: bool = False

    @model_validator(mode="after")
    def _whole_people(self) -> Self:
        counts = counts_of(self)
        exact = (self.n * self.prevalence, counts.ill * self.sensitivity, counts.well * self.specificity)
        if any(abs(one - round(one)) > 1e-6 for one in exact):
            raise ValueError("the people of a branch are not whole; take a larger n, or shares that divide it")
        return self


@dataclass(frozen=True, slots=True)
class Counts:
    """People, in whole numbers."""

    ill: int
    well: int
    true_positive: int
    false_negative: int
    false_positive: int
    true_negative: int


def counts_of(given: ProbabilityTreeParameters) -> Counts:
    """The six numbers of the tree."""
    ill = round(given.n * given.prevalence)
    well = given.n - ill
    true_positive, true_negative = round(ill * given.sensitivity), round(well * given.specificity)
    return Counts(ill, well, true_positive, ill - true_positive, well - true_negative, true_negative)


def draw_probability_tree(given: ProbabilityTreeParameters) -> Drawing:
    """From all people at the top to those with each result below."""
    counts, sheet = counts_of(given), Sheet(WIDTH, HEIGHT)
    y0, y1, y2 = 34.0, 140.0, 256.0
    lower = f"{given.disease[:1].lower()}{given.disease[1:]}"
    branches = (
        (
            170.0,
            f"{given.disease}",
            counts.ill,
            (counts.true_positive, counts.false_negative),
            (given.prevalence, given.sensitivity),
        ),
        (
            470.0,
            f"No {lower}",
            counts.well,
            (counts.false_positive, counts.true_negative),
            (1 - given.prevalence, 1 - given.specificity),
        ),
    )
    for x, name, people, results, (share, positive) in branches:
        _branch(sheet, (WIDTH / 2, y0), (x, y1), share if given.shares else None)
        for at, result, number, part in zip(
            (x - 78, x + 78), ("Test positive", "Test negative"), results, (positive, 1 - positive), strict=True
        ):
            _branch(sheet, (x, y1), (at, y2), part if given.shares else None)
            _box(sheet, at, y2, result, "?" if given.hide else _said(number))
        _box(sheet, x, y1, name, _said(people))
    _box(sheet, WIDTH / 2, y0, "All people", _said(given.n))
    return sheet.drawing()


def _said(people: int) -> str:
    return f"{people:,}"


def _box(sheet: Sheet, x: float, y: float, words: str, number: str) -> None:
    sheet.box(x, y, BOX_WIDTH, BOX_HEIGHT)
    sheet.text(words, x, y - 4, anchor="middle")
    sheet.text(number, x, y + 15, anchor="middle")


def _branch(sheet: Sheet, start: tuple[float, float], end: tuple[float, float], share: float | None) -> None:
    sheet.lines([((start[0], start[1] + BOX_HEIGHT / 2), (end[0], end[1] - BOX_HEIGHT / 2))])
    if share is not None:
        left = end[0] < start[0]
        x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        sheet.text(f"{round(100 * share, 4):g}%", x + (-8 if left else 8), y + 4, anchor="end" if left else "start")


KIND = FigureKind(
    "probability_tree",
    ProbabilityTreeParameters,
    draw_probability_tree,
    "People by disease and test result as natural frequencies; `hide` puts question marks for the results, `shares` writes the "
    "percentages on the branches.",
    "probability_tree n=1000 prevalence=0.02 sensitivity=0.9 specificity=0.95",
)
