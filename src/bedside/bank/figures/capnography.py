"""`capnography`: carbon dioxide at the mouth over some breaths."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.curves import Curve, drawing, put_curves
from bedside.bank.figures.expired import Capnogram, Trace, capnogram
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.drawing import Frame


class Capnography(Parameters):
    """`etco2` is the end of a usual breath in mmHg, `rate` counts breaths a minute."""

    trace: Trace = Trace.NORMAL
    etco2: Annotated[float, Field(ge=8, le=90)] = 38
    rate: Annotated[float, Field(ge=4, le=36)] = 12
    seconds: Annotated[int, Field(ge=10, le=60)] = 30

    @model_validator(mode="after")
    def _fits(self) -> Capnography:
        breaths = self.rate * self.seconds / 60
        needed = {Trace.ROSC: 5, Trace.DISCONNECTION: 4, Trace.FALLING: 6, Trace.ESOPHAGEAL: 4, Trace.CLEFT: 2}.get(
            self.trace, 2
        )
        if breaths < needed:
            raise ValueError(f"trace={self.trace} needs {needed} breaths, and {breaths:g} are shown; raise rate or seconds")
        if breaths > 24:
            raise ValueError(f"{breaths:g} breaths are too many to be told apart; at most 24; lower rate or seconds")
        return self


def trace_of(given: Capnography) -> Capnogram:
    """What is drawn."""
    return capnogram(given.trace, given.etco2, given.rate, float(given.seconds))


def draw(given: Capnography) -> Drawing:
    found = trace_of(given)
    top = max(50.0, float(np.ceil((given.etco2 + 2) / 10)) * 10)
    frame = Frame(0, given.seconds, 0, top, width=560, height=230, right=20)
    frame.axes("Time (s)", "Carbon dioxide (mmHg)", x_ticks=range(0, given.seconds + 1, 5), y_ticks=range(0, int(top) + 1, 10))
    put_curves(frame, [Curve(found.time, found.level)])
    return drawing(frame)


KIND = FigureKind(
    "capnography",
    Capnography,
    draw,
    "A capnogram: normal, bronchospasm, tube in the esophagus, rebreathing, a cleft, return of circulation, disconnection or"
    " falling output; end-tidal level and rate as given.",
    "capnography trace=bronchospasm etco2=48 rate=14",
)
