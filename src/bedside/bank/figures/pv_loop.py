"""`pv_loop`: the pressure-volume loop of the left ventricle, and the loop after one change beside it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.curves import Curve, drawing, put_curves
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.ventricle import Heart, Loop, fitted, passive_pressure, steady_loop, volume_at
from bedside.drawing import Frame, ceiling


class Change(StrEnum):
    """What differs between the loops A and B."""

    NONE = "none"
    PRELOAD_UP = "preload-up"
    PRELOAD_DOWN = "preload-down"
    AFTERLOAD_UP = "afterload-up"
    AFTERLOAD_DOWN = "afterload-down"
    CONTRACTILITY_UP = "contractility-up"
    CONTRACTILITY_DOWN = "contractility-down"
    STIFFNESS_UP = "stiffness-up"
    AORTIC_STENOSIS = "aortic-stenosis"
    AORTIC_REGURGITATION = "aortic-regurgitation"
    MITRAL_STENOSIS = "mitral-stenosis"
    MITRAL_REGURGITATION = "mitral-regurgitation"


class Severity(StrEnum):
    """How far a valve is diseased; it has no bearing on other changes."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class PvLoop(Parameters):
    """A is the loop with these volumes and this peak pressure; B is what the same heart does after the change."""

    edv: Annotated[float, Field(ge=60, le=260)] = 120
    esv: Annotated[float, Field(ge=20, le=220)] = 50
    systolic: Annotated[float, Field(ge=60, le=220)] = 120
    change: Change = Change.NONE
    severity: Severity = Severity.SEVERE
    espvr: bool = False
    edpvr: bool = False
    points: bool = False

    @model_validator(mode="after")
    def _possible(self) -> PvLoop:
        stroke = self.edv - self.esv
        if stroke < 20:
            raise ValueError("esv must lie at least 20 mL below edv, or nothing is ejected")
        if not 0.8 <= self.systolic / stroke <= 5:
            raise ValueError(
                f"no circulation has a peak of {self.systolic:g} mmHg at a stroke volume of {stroke:g} mL;"
                " their quotient lies between 0.8 and 5"
            )
        if self.points and self.change is not Change.NONE:
            raise ValueError("points are numbered on a single loop; leave out change, or points")
        return self


STENOSIS = {Severity.MILD: 1.7, Severity.MODERATE: 1.2, Severity.SEVERE: 0.7}
NARROW_MITRAL = {Severity.MILD: 1.6, Severity.MODERATE: 1.2, Severity.SEVERE: 0.8}
DAMMED = {
    Severity.MILD: 1.1,
    Severity.MODERATE: 1.4,
    Severity.SEVERE: 2.0,
}  # pressure in the atrium before a narrow mitral valve
SHARE = {Severity.MILD: 0.25, Severity.MODERATE: 0.5, Severity.SEVERE: 1.0}  # how far the heart has changed with the valve
AORTIC_LEAK = {Severity.MILD: 0.08, Severity.MODERATE: 0.2, Severity.SEVERE: 0.35}
MITRAL_LEAK = {Severity.MILD: 0.1, Severity.MODERATE: 0.3, Severity.SEVERE: 0.5}


def heart_of(given: PvLoop) -> Heart:
    """The heart of loop A."""
    return fitted(given.edv, given.esv, given.systolic)


def changed(heart: Heart, change: Change, severity: Severity, edv: float) -> Heart:
    """The heart of loop B. Lasting regurgitation widens the ventricle, lasting stenosis thickens it."""
    match change:
        case Change.NONE:
            return heart
        case Change.PRELOAD_UP | Change.PRELOAD_DOWN:
            wanted = edv * (1.2 if change is Change.PRELOAD_UP else 0.8)
            return replace(heart, filling=heart.filling * _ratio(heart, wanted, edv))
        case Change.AFTERLOAD_UP | Change.AFTERLOAD_DOWN:
            return replace(heart, resistance=heart.resistance * (1.7 if change is Change.AFTERLOAD_UP else 0.6))
        case Change.CONTRACTILITY_UP | Change.CONTRACTILITY_DOWN:
            return replace(heart, ees=heart.ees * (1.7 if change is Change.CONTRACTILITY_UP else 0.55))
        case Change.STIFFNESS_UP:
            return replace(heart, alpha=heart.alpha * 1.6, beta=heart.beta * 1.25, filling=heart.filling * 2.2)
        case Change.AORTIC_STENOSIS:
            return replace(heart, aortic=STENOSIS[severity], alpha=heart.alpha * 1.3, filling=heart.filling * 1.4)
        case Change.MITRAL_STENOSIS:
            filling, resistance = heart.filling * DAMMED[severity], heart.resistance * (1 + 0.2 * SHARE[severity])
            return replace(heart, mitral=NARROW_MITRAL[severity], filling=filling, resistance=resistance)
        case Change.AORTIC_REGURGITATION:
            return _wider(replace(heart, aortic_leak=AORTIC_LEAK[severity]), severity)
        case Change.MITRAL_REGURGITATION:
            return _wider(replace(heart, mitral_leak=MITRAL_LEAK[severity]), severity)


def loops_of(given: PvLoop) -> list[tuple[Heart, Loop]]:
    """One loop, or A and B."""
    heart = heart_of(given)
    hearts = [heart] if given.change is Change.NONE else [heart, changed(heart, given.change, given.severity, given.edv)]
    return [(one, steady_loop(one)) for one in hearts]


def draw(given: PvLoop) -> Drawing:
    loops = loops_of(given)
    widest = max(loop.edv for _, loop in loops)
    highest = max(float(loop.pressure.max()) for _, loop in loops)
    frame = Frame(0, ceiling(widest * 1.08), 0, ceiling(highest * 1.08), width=480, height=380, right=24)
    frame.axes("Left ventricular volume (mL)", "Left ventricular pressure (mmHg)")
    curves = [
        Curve(np.append(loop.volume, loop.volume[0]), np.append(loop.pressure, loop.pressure[0]), "AB"[n], n)
        for n, (_, loop) in enumerate(loops)
    ]
    relations = _relations(frame, given, loops)
    for relation in relations:
        _put_relation(frame, relation)
    put_curves(frame, curves, avoid=relations)
    if given.points:
        _number(frame, loops[0][1])
    return drawing(frame)


def _ratio(heart: Heart, wanted: float, usual: float) -> float:
    over, under = (np.exp(heart.beta * (volume - heart.v0)) - 1 for volume in (wanted, usual))
    return float(over / under)


def _wider(heart: Heart, severity: Severity) -> Heart:
    """A ventricle that has dilated: softer in diastole, filled at a somewhat higher pressure, its systole moved with it."""
    share = SHARE[severity]
    return replace(heart, beta=heart.beta * (1 - 0.2 * share), filling=heart.filling * (1 + 0.3 * share))


def _relations(frame: Frame, given: PvLoop, loops: list[tuple[Heart, Loop]]) -> list[Curve]:
    """The end-systolic lines and the end-diastolic curves, each once, as far as the frame reaches."""
    hearts, found = [heart for heart, _ in loops], []
    for heart in {one.ees: one for one in reversed(hearts)}.values() if given.espvr else ():
        volume = np.array([heart.v0, min(frame.x1, heart.v0 + frame.y1 / heart.ees)])
        found.append(Curve(volume, heart.ees * (volume - heart.v0)))
    for heart in {(one.alpha, one.beta): one for one in reversed(hearts)}.values() if given.edpvr else ():
        volume = np.linspace(heart.v0, min(frame.x1, volume_at(heart, frame.y1)), 60)
        found.append(Curve(volume, passive_pressure(heart, volume)))
    return found


def _put_relation(frame: Frame, curve: Curve) -> None:
    points = zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    frame.parts.append(f'<path class="cut" d="M{"L".join(f"{frame.x(x):g} {frame.y(y):g}" for x, y in points)}"/>')


def _number(frame: Frame, loop: Loop) -> None:
    """1 to 4 at the corners, from the closing of the mitral valve on."""
    for n, (mark, dx, dy) in enumerate(zip(loop.marks, (12, 14, -12, -12), (14, 2, -4, 14), strict=True), start=1):
        volume, pressure = float(loop.volume[mark]), float(loop.pressure[mark])
        frame.dot(volume, pressure)
        frame.text(str(n), frame.x(volume) + dx, frame.y(pressure) + dy, anchor="middle")


KIND = FigureKind(
    "pv_loop",
    PvLoop,
    draw,
    "The pressure-volume loop of the left ventricle by time-varying elastance and a Windkessel (A, solid), with the loop after"
    " one change beside it (B, dashed), lines of end systole and end diastole, or numbered corners.",
    "pv_loop edv=120 esv=50 systolic=120 change=afterload-up",
)
