"""Oxygen bound to hemoglobin at each partial pressure.

The curve and its shifts by pH, temperature and DPG: Siggaard-Andersen, Wimberley, Göthgen and Siggaard-Andersen 1984 (which
fits the standard curve of Severinghaus 1979). What carbon dioxide does beyond pH: Kelman 1966 (0.06 per log of PaCO2). Carbon
monoxide: hemes hold either gas as if its pressure, times M, were oxygen's (Haldane; Roughton and Darling 1944); hemes that
are ferric are taken to do the same to those left (Darling and Roughton 1942). Fetal blood has a P50 of 19 mmHg. Myoglobin is
a hyperbola with a P50 of 2.8 mmHg. A gram of hemoglobin binds 1.34 mL, and 0.003 mL/dL dissolve for each mmHg (West).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from scipy.optimize import brentq

from bedside.bank.figures.curves import Numbers

MMHG_A_KPA = 7.50062
K, H, Y0, X0 = 0.5343, 3.5, 1.875, 1.946
P50_FETAL, P50_MYOGLOBIN = 19.0, 2.8
CARRIED, DISSOLVED = 1.34, 0.003  # mL/g, mL/dL/mmHg


@dataclass(frozen=True, slots=True)
class Blood:
    """One blood: pressures in mmHg, °C, DPG in mmol/L of red cells, shares of hemoglobin from 0 to 1, hemoglobin in g/dL."""

    ph: float = 7.4
    paco2: float = 40.0
    temperature: float = 37.0
    dpg: float = 5.0
    p50: float | None = None
    is_myoglobin: bool = False
    taken: float = 0.0  # by carbon monoxide or as ferric heme
    hb: float = 15.0


def saturation(blood: Blood, po2: Numbers) -> Numbers:
    """The share of hemes that could hold oxygen and do."""
    return _bound(blood, po2) / (1 - blood.taken)


def content(blood: Blood, po2: Numbers) -> Numbers:
    """mL of oxygen in a dL of blood, bound and dissolved."""
    return CARRIED * blood.hb * _bound(blood, po2) + DISSOLVED * po2


def half_saturated(blood: Blood) -> float:
    """P50 in mmHg."""
    return float(brentq(lambda p: float(saturation(blood, np.array([p]))[0]) - 0.5, 0.05, 300, xtol=1e-6))


def _bound(blood: Blood, po2: Numbers) -> Numbers:
    """The share of all hemes that hold oxygen."""
    if not blood.taken:
        return _held(blood, po2)
    both = np.concatenate([[0.0], np.geomspace(0.01, 3000, 1200)])  # as if both were oxygen
    held = _held(blood, both)
    is_more = held > blood.taken
    own = both[is_more] * (1 - blood.taken / held[is_more])
    return np.asarray(np.interp(po2, np.concatenate([[0.0], own]), np.concatenate([[0.0], held[is_more] - blood.taken])))


def _held(blood: Blood, pressure: Numbers) -> Numbers:
    if blood.is_myoglobin:
        return np.asarray(pressure / (pressure + P50_MYOGLOBIN), dtype=np.float64)
    a = 1.04 * (7.4 - blood.ph) + 0.07 * (blood.dpg - 5)
    b = 0.055 * (blood.temperature - 37) + 0.06 * log(blood.paco2 / 40)
    shift = 0.0
    if blood.p50 is not None:
        shift = log(blood.p50) - log(half_saturated(Blood()))
    with np.errstate(divide="ignore"):
        x = np.log(np.maximum(pressure, 1e-6) / MMHG_A_KPA) - (X0 + a + b + shift)
    y = Y0 + x + (H + a) * np.tanh(K * x)
    return np.asarray(np.where(pressure > 0, 1 / (1 + np.exp(-y)), 0.0), dtype=np.float64)
