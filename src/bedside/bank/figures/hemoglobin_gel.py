"""The figure `hemoglobin_gel`: hemoglobins on cellulose acetate at alkaline pH.

From the cathode, where the sample is put, to the anode: C (with A2, E and O), S (with D and G), F, A. Amounts are those of
textbooks for untreated people, as in Bain BJ. Haemoglobinopathy Diagnosis, 2nd ed. Blackwell 2006: A2 of 2 to 3.5%
(above that in beta thalassemia trait), 35 to 45% S in the trait, no A where both beta genes make S or C or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.sheet import Sheet

Person = Literal["AA", "AS", "SS", "AC", "CC", "SC", "newborn", "beta-trait", "beta-major", "S-beta-plus", "S-beta-zero"]
MAX_LANES = 6
PLACES = {"A2": 0.24, "C": 0.24, "S": 0.45, "F": 0.66, "A": 0.8}  # of the way from the cathode to the anode
LEAST, MOST = 1.5, 15.0  # height of a band; below 1% none is seen

AMOUNTS: Mapping[Person, Mapping[str, float]] = {  # percent
    "AA": {"A": 97, "A2": 2.5, "F": 0.5},
    "AS": {"A": 57, "S": 40, "A2": 3},
    "SS": {"S": 90, "F": 7, "A2": 3},
    "AC": {"A": 57, "C": 43},
    "CC": {"C": 97, "F": 3},
    "SC": {"S": 50, "C": 48, "F": 2},
    "newborn": {"F": 75, "A": 25},
    "beta-trait": {"A": 92.5, "A2": 5.5, "F": 2},
    "beta-major": {"F": 96, "A2": 4},
    "S-beta-plus": {"S": 67, "A": 20, "F": 8, "A2": 5},
    "S-beta-zero": {"S": 83, "F": 12, "A2": 5},
}

LEFT, LANE, TOP, HEIGHT = 78.0, 84.0, 58.0, 250.0


class HemoglobinGelParameters(Parameters):
    """People by their hemoglobins, lane by lane."""

    lanes: tuple[Person, ...] = Field(min_length=1, max_length=MAX_LANES)
    names: tuple[Annotated[str, Field(min_length=1, max_length=11)], ...] = Field(default=(), max_length=MAX_LANES)
    control: bool = True

    @model_validator(mode="after")
    def _matching(self) -> Self:
        if self.names and len(self.names) != len(self.lanes):
            raise ValueError(f"names are {len(self.lanes)}, one for each lane, with commas between")
        return self


def bands(amounts: Mapping[str, float]) -> dict[float, float]:
    """Percent by place: what stands in one place is one band."""
    found: dict[float, float] = {}
    for name, amount in amounts.items():
        found[PLACES[name]] = found.get(PLACES[name], 0.0) + amount
    return {place: amount for place, amount in found.items() if amount >= 1}


def draw_hemoglobin_gel(given: HemoglobinGelParameters) -> Drawing:
    """Lanes side by side, the cathode above; a band is as high as there is much of it."""
    names = given.names or tuple(str(n) for n in range(1, len(given.lanes) + 1))
    lanes: list[tuple[str, Mapping[str, float]]] = [(name, AMOUNTS[one]) for name, one in zip(names, given.lanes, strict=True)]
    if given.control:
        lanes.insert(0, ("Control", {"A": 25, "F": 25, "S": 25, "C": 25}))
    sheet = Sheet(LEFT + LANE * len(lanes) + 24, TOP + HEIGHT + 20)
    right = LEFT + LANE * len(lanes)
    sheet.path([(LEFT, TOP), (right, TOP), (right, TOP + HEIGHT), (LEFT, TOP + HEIGHT)], "axis", is_closed=True)
    sheet.text("− cathode", 4, TOP + 10)
    sheet.text("+ anode", 4, TOP + HEIGHT)
    sheet.text("origin", 4, TOP + HEIGHT * 0.1 + 4.5)
    for name in ("C", "S", "F", "A") if given.control else ():
        sheet.text("A2, C" if name == "C" else name, LEFT - 8, TOP + HEIGHT * PLACES[name] + 4.5, anchor="end")
    for n, (name, amounts) in enumerate(lanes):
        x = LEFT + LANE * (n + 0.5)
        sheet.text(name, x, TOP - 12, anchor="middle")
        sheet.lines([((x - 24, TOP + HEIGHT * 0.1), (x + 24, TOP + HEIGHT * 0.1))], "axis")
        for place, amount in bands(amounts).items():
            sheet.box(x, TOP + HEIGHT * place, 56, LEAST + (MOST - LEAST) * amount / 100, "bar")
    return sheet.drawing()


KIND = FigureKind(
    "hemoglobin_gel",
    HemoglobinGelParameters,
    draw_hemoglobin_gel,
    "Hemoglobins on cellulose acetate at alkaline pH, a lane for each person, and a control with A, F, S and C; a band is as "
    "high as there is much of it.",
    "hemoglobin_gel lanes=AA,AS,SS names=Father,Mother,Child",
)
