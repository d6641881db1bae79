"""Carbon dioxide at the mouth, breath by breath.

The front of alveolar gas behind the dead space is a sigmoid in time (phase II, Fletcher 1981), the plateau rises slowly (phase
III), inspiration washes the sensor within a tenth of a second. Uneven emptying makes the front an exponential that
never levels: the shark fin of bronchospasm. Gas in the stomach washes out over a few breaths (Linko 1983); a spent absorber
adds carbon dioxide to what is breathed in; flow that returns to the lungs brings more of it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bedside.bank.figures.curves import Numbers


class Trace(StrEnum):
    """What goes on."""

    NORMAL = "normal"
    BRONCHOSPASM = "bronchospasm"
    ESOPHAGEAL = "esophageal"
    REBREATHING = "rebreathing"
    CLEFT = "cleft"
    ROSC = "rosc"
    DISCONNECTION = "disconnection"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Capnogram:
    """Time in s and carbon dioxide in mmHg."""

    time: Numbers
    level: Numbers


def capnogram(trace: Trace, etco2: float, rate: float, seconds: float) -> Capnogram:
    """The trace: `etco2` at the end of a usual breath in mmHg, `rate` in breaths a minute."""
    time = np.arange(0, seconds, 0.02)
    period = 60 / rate
    breath = np.floor(time / period).astype(int)
    within = time - breath * period
    ends = np.array([end_of_breath(trace, etco2, n, round(seconds / period)) for n in range(int(breath.max()) + 1)])
    inspired = _inspired(trace, etco2)
    out = _shape(trace, within, period)
    level = inspired + (ends[breath] - inspired) * out
    if trace is Trace.CLEFT:
        level = level * (1 - _cleft(within, period) * (breath % 2 == 1))
    return Capnogram(time, np.maximum(0.0, level))


def end_of_breath(trace: Trace, etco2: float, n: int, count: int) -> float:
    """Carbon dioxide at the end of the n-th breath of so many, in mmHg."""
    middle = count // 2
    match trace:
        case Trace.ESOPHAGEAL:
            return max(0.0, 0.5 * etco2 * 0.45**n) if n < 5 else 0.0
        case Trace.ROSC:
            return 0.3 * etco2 if n < middle else etco2 * (1 - 0.25 * 0.5 ** (n - middle))
        case Trace.DISCONNECTION:
            return etco2 if n < middle else 0.0
        case Trace.FALLING:
            return etco2 if n < 2 else etco2 * (0.3 + 0.7 * 0.72 ** (n - 1))
        case _:
            return etco2


def _inspired(trace: Trace, etco2: float) -> float:
    return 0.25 * etco2 if trace is Trace.REBREATHING else 0.0


def _shape(trace: Trace, within: Numbers, period: float) -> Numbers:
    """0 in inspiration, 1 at the end of expiration, which takes three fifths of a breath."""
    start, end = 0.30 * period, 0.90 * period
    since = within - start - 0.05
    if trace is Trace.BRONCHOSPASM:
        tau = 0.42 * (end - start)
        whole = 1 - np.exp(-(end - start) / tau)
        rise = (1 - np.exp(-np.maximum(since, 0) / tau)) / whole
    elif trace is Trace.ESOPHAGEAL:
        rise = np.sin(np.pi * np.clip(since / (end - start), 0, 1)) ** 1.5
    else:
        front = 1 / (1 + np.exp(-(since - 0.14) / 0.03))
        rise = front * (0.94 + 0.06 * np.clip((within - start) / (end - start), 0, 1))
    wash = 1 / (1 + np.exp((within - end) / 0.025))
    return np.asarray(np.where(within < start, 0.0, rise * wash), dtype=np.float64)


def _cleft(within: Numbers, period: float) -> Numbers:
    """A short breath of the patient's own in the last third of the plateau."""
    return np.asarray(0.5 * np.exp(-0.5 * ((within - 0.72 * period) / (0.035 * period)) ** 2), dtype=np.float64)
