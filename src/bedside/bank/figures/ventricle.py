"""A left ventricle that fills from a constant pressure and ejects into a Windkessel, beat by beat, by its elastances.

Pressure of the ventricle: e(t)·Ees·(V − V0) + (1 − e(t))·α·(exp(β·(V − V0)) − 1), where e(t) goes from 0 to 1 and back
(Suga and Sagawa 1974; Burkhoff, Mirsky and Suga 2005). e(t) is the normalised course of Senzaki, Chen and Kass 1996 in the
double Hill form of Stergiopulos, Meister and Westerhof 1996. Behind the aortic valve: three elements (Westerhof 1971) with
a compliance of 1.5 mL/mmHg. Flow over a valve: 44.3 · area · √gradient (Gorlin and Gorlin 1951); a leak is an area too.
Areas by severity keep to the guidelines on valve disease (Bonow 2006; Otto 2021): severe below 1.0 cm² in stenosis of either
valve, a regurgitant orifice of 0.30 cm² and more (aortic), 0.40 cm² and more (mitral).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log, sqrt

import numpy as np

from bedside.bank.figures.curves import Numbers

BEAT_S = 0.8
STEP_S = 0.001
N_STEPS = round(BEAT_S / STEP_S)
V0_ML = 10.0
BETA = 0.027  # 1/mL
IMPEDANCE = 0.04  # mmHg·s/mL
COMPLIANCE = 1.5  # mL/mmHg
GORLIN = 44.3
SOFT = 0.4  # mmHg; keeps the root smooth where a gradient goes through zero
N_SETTLE, N_FIT = 16, 50


@dataclass(frozen=True, slots=True)
class Heart:
    """What decides on the loop. Pressures in mmHg, volumes in mL, resistance in mmHg·s/mL, areas in cm²."""

    filling: float
    ees: float
    resistance: float
    alpha: float
    beta: float = BETA
    v0: float = V0_ML
    aortic: float = 5.0
    mitral: float = 5.0
    aortic_leak: float = 0.0
    mitral_leak: float = 0.0


@dataclass(frozen=True, slots=True)
class Loop:
    """One steady beat. `marks`: steps at which the mitral valve closes, the aortic opens and closes, the mitral opens."""

    volume: Numbers
    pressure: Numbers
    aorta: Numbers
    marks: tuple[int, int, int, int]

    @property
    def edv(self) -> float:
        return float(self.volume.max())

    @property
    def esv(self) -> float:
        return float(self.volume.min())


@lru_cache(maxsize=256)
def fitted(edv: float, esv: float, systolic: float) -> Heart:
    """The heart with sound valves whose loop has these volumes (mL) and this peak pressure (mmHg)."""
    filling = _filling_usual(edv)
    heart = Heart(filling, 0.9 * systolic / (esv - V0_ML), systolic / (edv - esv) * 0.62, _alpha(edv, filling))
    state = (edv, 0.7 * systolic)
    for _ in range(N_FIT):
        for _ in range(3):
            loop, state = _beat(heart, state)
        peak = float(loop.pressure.max())
        if abs(loop.edv - edv) < 0.05 and abs(loop.esv - esv) < 0.05 and abs(peak - systolic) < 0.1:
            break
        heart = replace(
            heart,
            ees=heart.ees * min(1.4, max(0.7, (loop.esv - V0_ML) / (esv - V0_ML))) ** 0.9,
            resistance=max(0.05, heart.resistance * (systolic / peak) ** 1.3),
            filling=max(1.0, heart.filling + 0.6 * (_passive(heart, edv) - _passive(heart, loop.edv))),
        )
    return heart


@lru_cache(maxsize=256)
def steady_loop(heart: Heart) -> Loop:
    """The beat to which the heart settles."""
    state = (80.0, 80.0)
    for _ in range(N_SETTLE):
        loop, state = _beat(heart, state)
    return loop


def passive_pressure(heart: Heart, volume: Numbers) -> Numbers:
    """End-diastolic pressure (mmHg) at each volume."""
    return np.asarray(heart.alpha * (np.exp(heart.beta * (volume - heart.v0)) - 1), dtype=np.float64)


def activation() -> Numbers:
    """e(t) over one beat, from 0 to 1: its peak a good third of the beat after its onset."""
    peak_s = 0.30
    t = np.arange(N_STEPS) * STEP_S
    rise = (t / (0.708 * peak_s)) ** 1.9
    fall = (t / (1.1875 * peak_s)) ** 21.9
    shape = rise / (1 + rise) / (1 + fall)
    return np.asarray(shape / shape.max(), dtype=np.float64)


def _beat(heart: Heart, state: tuple[float, float]) -> tuple[Loop, tuple[float, float]]:
    """One beat from the volume and the pressure of the arteries at its begin."""
    volume, stored = state
    volumes, pressures, aortas = np.empty(N_STEPS), np.empty(N_STEPS), np.empty(N_STEPS)
    for n, e in enumerate(_ACTIVATION):
        spread = volume - heart.v0
        pressure = e * heart.ees * spread + (1 - e) * heart.alpha * (exp(heart.beta * spread) - 1)
        out, aorta = _ejected(heart, pressure, stored)
        gradient = heart.filling - pressure
        inflow = _flow(heart.mitral if gradient > 0 else heart.mitral_leak, gradient)
        volumes[n], pressures[n], aortas[n] = volume, pressure, aorta
        volume += (inflow - out) * STEP_S
        stored += (out - stored / heart.resistance) / COMPLIANCE * STEP_S
    return Loop(volumes, pressures, aortas, _marks(heart, pressures, aortas)), (volume, stored)


def _ejected(heart: Heart, pressure: float, stored: float) -> tuple[float, float]:
    """Flow into the aorta (mL/s) and the pressure there: valve and impedance stand in a row, so it solves a square."""
    gradient = pressure - stored
    area = heart.aortic if gradient > 0 else heart.aortic_leak
    if area <= 0:
        return 0.0, stored
    k = (GORLIN * area) ** 2
    size = 0.5 * k * (sqrt(IMPEDANCE**2 + 4 * abs(gradient) / k) - IMPEDANCE)
    flow = size if gradient > 0 else -size
    return flow, stored + IMPEDANCE * flow


def _flow(area: float, gradient: float) -> float:
    return GORLIN * area * gradient / sqrt(abs(gradient) + SOFT)


def _marks(heart: Heart, pressure: Numbers, aorta: Numbers) -> tuple[int, int, int, int]:
    fills, ejects = pressure < heart.filling, pressure > aorta
    closes = int(np.argmin(fills)) if fills[0] else 0
    opens = int(np.argmax(ejects))
    shuts = opens + int(np.argmin(ejects[opens:]))
    return closes, opens, shuts, min(N_STEPS - 1, shuts + int(np.argmax(fills[shuts:])))


def _filling_usual(edv: float) -> float:
    """About 8 mmHg at 120 mL, somewhat more where the ventricle is wider."""
    return min(18.0, max(5.0, 8.0 + (edv - 120) / 15))


def _alpha(edv: float, filling: float) -> float:
    return filling / (exp(BETA * (edv - V0_ML)) - 1)


def _passive(heart: Heart, volume: float) -> float:
    return heart.alpha * (exp(heart.beta * (volume - heart.v0)) - 1)


def volume_at(heart: Heart, pressure: float) -> float:
    """The volume (mL) to which the relaxed ventricle fills at a pressure."""
    return heart.v0 + log(pressure / heart.alpha + 1) / heart.beta


_ACTIVATION = tuple(activation().tolist())
