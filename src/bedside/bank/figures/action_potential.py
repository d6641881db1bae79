"""`action_potential`: a ventricular cell or the sinus node, alone or beside itself under a drug."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from pydantic import model_validator

from bedside.bank.figures.curves import Curve, Numbers, drawing, put_curves
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.membrane import Myocyte, Pacemaker, sinus, ventricular
from bedside.drawing import Frame


class Cell(StrEnum):
    """Whose potential."""

    VENTRICLE = "ventricle"
    SINUS_NODE = "sinus-node"


class Effect(StrEnum):
    """What differs between A and B."""

    NONE = "none"
    CLASS_IA = "class-ia"
    CLASS_IB = "class-ib"
    CLASS_IC = "class-ic"
    CLASS_II = "class-ii"
    CLASS_III = "class-iii"
    CLASS_IV = "class-iv"
    HYPERKALEMIA = "hyperkalemia"
    SYMPATHETIC = "sympathetic"
    VAGAL = "vagal"
    IVABRADINE = "ivabradine"


MYOCYTES = {
    Effect.NONE: Myocyte(),
    Effect.CLASS_IA: Myocyte(sodium=0.4, rectifier=0.7),
    Effect.CLASS_IB: Myocyte(sodium=0.85, late=0.1),
    Effect.CLASS_IC: Myocyte(sodium=0.22),
    Effect.CLASS_III: Myocyte(rectifier=0.5),
    Effect.CLASS_IV: Myocyte(calcium=0.6),
    Effect.HYPERKALEMIA: Myocyte(e_k=-75, rectifier=1.8),
}
PACEMAKERS = {
    Effect.NONE: Pacemaker(),
    Effect.CLASS_II: Pacemaker(funny=0.6, calcium=0.95),
    Effect.CLASS_IV: Pacemaker(calcium=0.65),
    Effect.SYMPATHETIC: Pacemaker(funny=5, calcium=1.5, rectifier=1.6),
    Effect.VAGAL: Pacemaker(funny=0.9, vagal=0.11),
    Effect.IVABRADINE: Pacemaker(funny=0.4),
}
VENTRICLE_MS, NODE_MS = 450.0, 2000.0


class ActionPotential(Parameters):
    """`effect` draws a second potential, dashed; `phases` puts 0 to 4 on a single one."""

    cell: Cell = Cell.VENTRICLE
    effect: Effect = Effect.NONE
    phases: bool = False

    @model_validator(mode="after")
    def _fits(self) -> ActionPotential:
        known = MYOCYTES if self.cell is Cell.VENTRICLE else PACEMAKERS
        if self.effect not in known:
            raise ValueError(f"cell={self.cell} takes effect={', '.join(known)}; {self.effect} does nothing that is seen there")
        if self.phases and self.effect is not Effect.NONE:
            raise ValueError("phases are written on a single potential; leave out effect, or phases")
        return self


def potential(cell: Cell, effect: Effect) -> tuple[Numbers, Numbers]:
    """Time (ms) and potential (mV)."""
    if cell is Cell.VENTRICLE:
        return ventricular(MYOCYTES[effect], VENTRICLE_MS)
    return sinus(PACEMAKERS[effect], NODE_MS)


def draw(given: ActionPotential) -> Drawing:
    is_ventricle = given.cell is Cell.VENTRICLE
    frame = Frame(
        0, VENTRICLE_MS if is_ventricle else NODE_MS, -100 if is_ventricle else -80, 40, width=500, height=360, right=24
    )
    ticks = range(0, 451, 50) if is_ventricle else range(0, 2001, 250)
    frame.axes("Time (ms)", "Membrane potential (mV)", x_ticks=ticks, y_ticks=range(int(frame.y0), 41, 20))
    effects = [Effect.NONE] if given.effect is Effect.NONE else [Effect.NONE, given.effect]
    put_curves(frame, [Curve(*potential(given.cell, effect), "AB"[n], n) for n, effect in enumerate(effects)])
    if given.phases:
        time, level = potential(given.cell, Effect.NONE)
        for phase, at, dx, dy in phase_places(given.cell, time, level):
            frame.text(phase, frame.x(float(time[at])) + dx, frame.y(float(level[at])) + dy, anchor="middle")
    return drawing(frame)


def phase_places(cell: Cell, time: Numbers, level: Numbers) -> list[tuple[str, int, float, float]]:
    """Each phase: its number, the step at which it is written, and how far beside the curve."""
    steepest = int(np.argmax(np.gradient(level)))
    after = level[steepest:]
    if cell is Cell.SINUS_NODE:
        peak = int(np.argmax(level[: len(level) // 2]))
        falls = peak + int(np.argmax(level[peak:] < -25))
        rests = falls + int(np.argmin(level[falls : falls + 4000])) + 2200
        rises = int(np.argmin(np.abs(level[:peak] + 20)))
        return [("0", rises, -14, 4), ("3", falls, 14, 4), ("4", rests, 0, 20)]
    top = steepest + int(np.argmax(after[:250]))
    dome = int(np.argmin(np.abs(time - 170)))
    falls = int(np.flatnonzero(level > -40)[-1])
    rises = int(np.argmax(level > -30))
    return [("0", rises, -12, 4), ("1", top, 8, -8), ("2", dome, 0, -10), ("3", falls, 14, 4), ("4", len(level) - 500, 0, -10)]


KIND = FigureKind(
    "action_potential",
    ActionPotential,
    draw,
    "The action potential of a ventricular cell or of the sinus node from its conductances (A), beside the one under a drug or"
    " a nerve (B, dashed); the upstroke of the ventricle is slowed so that its slope can be seen.",
    "action_potential cell=ventricle effect=class-iii",
)
