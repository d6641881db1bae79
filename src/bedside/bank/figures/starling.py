"""`starling`: cardiac function and venous return on one chart, and both after a change."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.curves import Curve, Numbers, drawing, put_curves
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.venous_return import HIGHEST, LOWEST, Circulation, cardiac_output, venous_return, working_point
from bedside.drawing import Frame


class Change(StrEnum):
    """What differs between A and B."""

    NONE = "none"
    CONTRACTILITY_UP = "contractility-up"
    CONTRACTILITY_DOWN = "contractility-down"
    VOLUME_UP = "volume-up"
    VOLUME_DOWN = "volume-down"
    RESISTANCE_UP = "resistance-up"
    RESISTANCE_DOWN = "resistance-down"
    FISTULA = "fistula"
    EXERCISE = "exercise"
    COMPENSATED_FAILURE = "compensated-failure"


class Show(StrEnum):
    """Which curves."""

    BOTH = "both"
    CARDIAC = "cardiac"
    VENOUS = "venous"


# factors of filling pressure, resistance to venous return and plateau; narrow arterioles raise the second and lower the third
_FACTORS = {
    Change.NONE: (1.0, 1.0, 1.0),
    Change.CONTRACTILITY_UP: (1.0, 1.0, 1.6),
    Change.CONTRACTILITY_DOWN: (1.0, 1.0, 0.5),
    Change.VOLUME_UP: (1.5, 1.0, 1.0),
    Change.VOLUME_DOWN: (0.6, 1.0, 1.0),
    Change.RESISTANCE_UP: (1.0, 1.45, 0.72),
    Change.RESISTANCE_DOWN: (1.0, 0.65, 1.3),
    Change.FISTULA: (1.1, 0.5, 1.2),
    Change.EXERCISE: (1.5, 0.65, 1.8),
    Change.COMPENSATED_FAILURE: (1.7, 1.0, 0.5),
}


class Starling(Parameters):
    """`filling` is the mean systemic filling pressure in mmHg, `output` the flow of A at 0 mmHg in L/min."""

    filling: Annotated[float, Field(ge=4, le=10)] = 7
    output: Annotated[float, Field(ge=3, le=7)] = 5
    change: Change = Change.NONE
    show: Show = Show.BOTH
    points: bool = True

    @model_validator(mode="after")
    def _fits(self) -> Starling:
        filling, resistance, plateau = _FACTORS[self.change]
        if self.show is Show.CARDIAC and self.change is not Change.NONE and plateau == 1:
            raise ValueError(f"change={self.change} leaves the cardiac curve as it is; choose show=both or show=venous")
        if self.show is Show.VENOUS and self.change is not Change.NONE and (filling, resistance) == (1, 1):
            raise ValueError(f"change={self.change} leaves the venous curve as it is; choose show=both or show=cardiac")
        return self


def circulations_of(given: Starling) -> list[Circulation]:
    """That of A, and of B where something changes. A works at 0 mmHg."""
    usual = Circulation(given.filling, given.filling / given.output, 13.0 * given.output / 5)
    if given.change is Change.NONE:
        return [usual]
    filling, resistance, plateau = _FACTORS[given.change]
    changed = replace(
        usual, filling=usual.filling * filling, resistance=usual.resistance * resistance, plateau=usual.plateau * plateau
    )
    return [usual, changed]


def draw(given: Starling) -> Drawing:
    circulations = circulations_of(given)
    pressure = np.linspace(LOWEST, HIGHEST, 400)
    curves = _curves(given, circulations, pressure)
    top = float(np.ceil(max(float(curve.y.max()) for curve in curves) * 1.05 / 5)) * 5
    frame = Frame(LOWEST, HIGHEST, 0, top, width=480, height=380, right=24)
    up = {Show.BOTH: "Cardiac output or venous return", Show.CARDIAC: "Cardiac output", Show.VENOUS: "Venous return"}[
        given.show
    ]
    frame.axes("Right atrial pressure (mmHg)", f"{up} (L/min)", x_ticks=range(-4, 15, 2))
    put_curves(frame, curves)
    if given.points and given.show is Show.BOTH:
        for n, circulation in enumerate(circulations):
            frame.dot(*working_point(circulation), is_hollow=n == 1)
    return drawing(frame)


def _curves(given: Starling, circulations: list[Circulation], pressure: Numbers) -> list[Curve]:
    """Each curve once; those that a change moves are named."""
    found = []
    for function, hidden in ((cardiac_output, Show.VENOUS), (venous_return, Show.CARDIAC)):
        if given.show is hidden:
            continue
        lines = [function(circulation, pressure) for circulation in circulations]
        if len(lines) == 2 and np.allclose(lines[0], lines[1]):
            lines = lines[:1]
        for n, line in enumerate(lines):
            seen = line > 0 if function is venous_return else line >= 0
            last = min(len(line), int(np.count_nonzero(seen)) + 1)
            found.append(Curve(pressure[:last], line[:last], "AB"[n] if len(lines) == 2 else "", n))
    return found


KIND = FigureKind(
    "starling",
    Starling,
    draw,
    "Cardiac output and venous return against right atrial pressure (A, solid, with its working point), and both after one"
    " change (B, dashed, its point hollow).",
    "starling change=volume-up",
)
