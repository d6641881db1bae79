"""The figure `karyogram`: chromosomes in pairs by size, drawn with their G bands."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bedside.bank.figures.chromosomes import (
    AUTOSOMES,
    Chromosome,
    Deletion,
    Sexes,
    Translocation,
    deleted,
    fused,
    translocated,
    whole,
)
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.sheet import Sheet

ROWS = (
    ("1", "2", "3", "", "4", "5"),
    ("6", "7", "8", "9", "10", "11", "12"),
    ("13", "14", "15", "", "16", "17", "18"),
    ("19", "20", "", "21", "22", "", "X", "Y"),
)
SCALE = 0.6  # units a megabase
THICK, APART = 13.0, 19.0
SLOT, LEFT, TOP = 72.0, 40.0, 16.0

Autosome = Annotated[int, Field(ge=1, le=22)]


class KaryogramParameters(Parameters):
    """What differs from two of each; at most one change of structure."""

    sex: Sexes = "XX"
    extra: tuple[Autosome, ...] = Field(default=(), max_length=3)
    missing: tuple[Autosome, ...] = Field(default=(), max_length=2)
    robertsonian: Literal["13-14", "14-21", "21-21"] | None = None
    translocation: Translocation | None = None
    deletion: Deletion | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if sum(one is not None for one in (self.robertsonian, self.translocation, self.deletion)) > 1:
            raise ValueError("one change of structure can be drawn: robertsonian, translocation or deletion")
        if set(self.extra) & set(self.missing) or len(set(self.missing)) < len(self.missing):
            raise ValueError("a chromosome is extra or missing, and missing once")
        if any(self.extra.count(one) > 1 for one in self.extra):
            raise ValueError("a chromosome is extra once")
        return self


def chromosomes_of(given: KaryogramParameters) -> dict[str, list[Chromosome]]:
    """By the name of the place where they stand; changed ones stand last in it."""
    found = {name: [whole(name), whole(name)] for name in AUTOSOMES}
    found["X"] = [whole("X") for _ in range(given.sex.count("X"))]
    found["Y"] = [whole("Y") for _ in range(given.sex.count("Y"))]
    for name in given.missing:
        found[str(name)].pop()
    for name in given.extra:
        found[str(name)].append(whole(str(name)))
    if given.translocation is not None:
        for place, changed in translocated(given.translocation).items():
            found[place][-1] = changed
    if given.deletion is not None:
        place, changed = deleted(given.deletion)
        found[place][-1] = changed
    if given.robertsonian is not None:
        first, second = given.robertsonian.split("-")
        found[second].pop(0)
        found[first].pop(0)
        found[first].append(fused(first, second))
    return found


def draw_karyogram(given: KaryogramParameters) -> Drawing:
    """Rows of groups, each chromosome with its short arm above."""
    found = chromosomes_of(given)
    width = LEFT + SLOT * max(sum(1.0 if name else 0.5 for name in row) for row in ROWS)
    sheet, low = Sheet(width, 0), TOP
    for row in ROWS:
        tallest = max((one.length for name in row for one in found.get(name, [])), default=0.0)
        low += SCALE * tallest
        x = LEFT
        for name in row:
            if name:
                for n, one in enumerate(found[name]):
                    _chromosome(sheet, one, x + n * APART, low)
                sheet.text(name, x + APART / 2, low + 18, anchor="middle")
            x += SLOT if name else SLOT / 2
        low += 38
    sheet.height = low
    return sheet.drawing()


def _chromosome(sheet: Sheet, one: Chromosome, x: float, low: float) -> None:
    top = low - SCALE * one.length
    waist = top + SCALE * one.centromere
    for start, end in ((top, waist), (waist, low)):
        radius = min(5.0, (end - start) / 2)
        place = f'x="{x - THICK / 2:.1f}" y="{start:.1f}" width="{THICK:g}" height="{max(end - start, 0.1):.1f}"'
        sheet.parts.append(f'<rect class="hollow" {place} rx="{radius:.1f}"/>')
    marks = "".join(
        f"M{x - THICK / 2 + 0.8:.1f} {top + SCALE * start:.1f}h{THICK - 1.6:.1f}v{SCALE * (end - start):.1f}h{1.6 - THICK:.1f}z"
        for start, end in one.bands
    )
    sheet.parts.append(f'<path class="bar" d="{marks}"/>')


KIND = FigureKind(
    "karyogram",
    KaryogramParameters,
    draw_karyogram,
    "Chromosomes in pairs with their G bands: `sex` chromosomes, `extra` and `missing` ones, a Robertsonian or another "
    "translocation (balanced, with one derivative of each) or a visible deletion of an end.",
    "karyogram sex=XY extra=21",
)
