"""What the heart pumps and what comes back to it at each right atrial pressure (Guyton 1955; Guyton, Jones and Coleman 1973).

Venous return = (mean systemic filling pressure − right atrial pressure) / resistance to venous return: 7 mmHg and 1.4
mmHg·min/L, so that 5 L/min come back at 0 mmHg; below about −2 mmHg the great veins collapse and no more comes. The heart pumps
along a sigmoid with a plateau of 13 L/min. Both meet at one point, where the circulation works.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from scipy.optimize import brentq

from bedside.bank.figures.curves import Numbers

COLLAPSE, SOFT = -2.0, 0.5  # mmHg
STEEPNESS = 1.3  # mmHg
LOWEST, HIGHEST = -4.0, 14.0


@dataclass(frozen=True, slots=True)
class Circulation:
    """Pressure in mmHg, resistance in mmHg·min/L, `plateau` in L/min."""

    filling: float = 7.0
    resistance: float = 1.4
    plateau: float = 13.0


def cardiac_output(circulation: Circulation, pressure: Numbers) -> Numbers:
    """L/min that the heart pumps at each right atrial pressure."""
    middle = STEEPNESS * log(13 / 5 - 1)
    return np.asarray(circulation.plateau / (1 + np.exp(-(pressure - middle) / STEEPNESS)), dtype=np.float64)


def venous_return(circulation: Circulation, pressure: Numbers) -> Numbers:
    """L/min that come back at each right atrial pressure; nothing above the filling pressure."""
    felt = COLLAPSE + SOFT * np.logaddexp(0, (pressure - COLLAPSE) / SOFT)
    return np.asarray(np.maximum(0.0, (circulation.filling - felt) / circulation.resistance), dtype=np.float64)


def working_point(circulation: Circulation) -> tuple[float, float]:
    """Right atrial pressure (mmHg) and flow (L/min) at which both are the same."""

    def over(pressure: float) -> float:
        at = np.array([pressure])
        return float((cardiac_output(circulation, at) - venous_return(circulation, at))[0])

    pressure = float(brentq(over, -12, circulation.filling))
    return pressure, float(cardiac_output(circulation, np.array([pressure]))[0])
