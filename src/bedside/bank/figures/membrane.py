"""Action potentials of the heart from parallel conductances (Hodgkin and Huxley 1952; for the heart Noble 1962).

Few currents, each with the gates that its phase needs: fast sodium (phase 0), transient outward (1), calcium of the L type (2),
delayed rectifier (3), inward rectifier (4); in the sinus node a funny current and calcium instead of sodium. Conductances are
set so that the potentials of the textbooks come out (resting −85 mV, overshoot, plateau, 250 to 300 ms; sinus node −60 to
+10 mV, threshold near −40 mV). The upstroke of the ventricle is drawn slower than it is, as in textbooks, so that its slope
can be seen at all. Drugs scale the conductance that they block (Vaughan Williams 1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp

import numpy as np

from bedside.bank.figures.curves import Numbers

E_NA, E_CA, E_K, E_F, E_K_NODE = 55.0, 60.0, -88.0, -20.0, -78.0
STEP_MS = 0.1


@dataclass(frozen=True, slots=True)
class Myocyte:
    """Shares of the usual conductances; `e_k` in mV."""

    sodium: float = 1.0
    calcium: float = 1.0
    rectifier: float = 1.0  # delayed, which ends the plateau
    late: float = 1.0  # sodium that leaks in during the plateau
    e_k: float = E_K


@dataclass(frozen=True, slots=True)
class Pacemaker:
    """Shares of the usual conductances of the sinus node; `vagal`: potassium that the vagus lets out."""

    funny: float = 1.0
    calcium: float = 1.0
    rectifier: float = 1.0
    vagal: float = 0.0


@lru_cache(maxsize=64)
def ventricular(cell: Myocyte, duration_ms: float, onset_ms: float = 50.0) -> tuple[Numbers, Numbers]:
    """Time (ms) and potential (mV) of one beat, stimulated at its onset."""
    v, f, x, open_, r = cell.e_k + 0.5, 1.0, 0.0, 0.0, 1.0
    h = _gate(v, -74, -4)
    count = round(duration_ms / STEP_MS)
    found = np.empty(count)
    for n in range(count):
        found[n] = v
        t = n * STEP_MS - onset_ms
        sodium = 0.42 * cell.sodium * _gate(v, -48, 4) * h
        calcium = 0.0185 * cell.calcium * _gate(v, -12, 6) * f
        late = 0.0022 * cell.late * _gate(v, -40, 5)
        outward = 0.22 * r * open_
        delayed = 0.046 * cell.rectifier * x * x
        resting = 0.07 * _gate(v, -62, -9) + 0.0035
        push = 22.0 if 0 <= t < 2 else 0.0
        current = (sodium + late) * (v - E_NA) + calcium * (v - E_CA) + (outward + delayed + resting) * (v - cell.e_k)
        h += (_gate(v, -74, -4) - h) * (1 - exp(-STEP_MS / (6.0 if v > -50 else 15)))
        f += (_gate(v, -20, -7) - f) * (1 - exp(-STEP_MS / 300))
        x += (_gate(v, -25, 8) - x) * (1 - exp(-STEP_MS / 300))
        open_ += (_gate(v, 8, 6) - open_) * (1 - exp(-STEP_MS / 7))
        r += (_gate(v, -40, -6) - r) * (1 - exp(-STEP_MS / 9))
        v += (push - current) * STEP_MS
    return np.arange(count, dtype=np.float64) * STEP_MS, found


@lru_cache(maxsize=64)
def sinus(cell: Pacemaker, duration_ms: float) -> tuple[Numbers, Numbers]:
    """Time (ms) and potential (mV) of the node, from a lowest potential on."""
    v, x, f = -60.0, 0.35, 0.9
    settle, count = round(2500 / STEP_MS), round(duration_ms / STEP_MS)
    found = np.empty(settle + count + round(2500 / STEP_MS))
    for n in range(len(found)):
        found[n] = v
        calcium = 0.0494 * cell.calcium * _gate(v, -33.5, 3) * f
        funny = 0.00207 * cell.funny * _gate(v, -55, -6)
        outward = 0.0312 * cell.rectifier * x * (v - E_K_NODE) + 0.006 * cell.vagal * (v - E_K)
        current = calcium * (v - E_CA) + funny * (v - E_F) + outward + 0.00064 * (v - 10)
        x += (_gate(v, -25.9, 7) - x) * STEP_MS / (43 + 132 * _gate(v, -38, -3))
        f += (_gate(v, -38.8, -7.6) - f) * STEP_MS / 66
        v -= current * STEP_MS
    rises = np.flatnonzero((found[settle:-count] > found[settle - 1 : -count - 1]) & (found[settle:-count] < -50))
    fresh = rises[np.diff(rises, prepend=-9) > 1]
    start = settle + int(fresh[fresh > 0][0]) if (fresh > 0).any() else settle
    return np.arange(count, dtype=np.float64) * STEP_MS, found[start : start + count]


def _gate(v: float, half: float, slope: float) -> float:
    return 1 / (1 + exp(-(v - half) / slope))
