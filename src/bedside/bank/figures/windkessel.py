"""Arterial pressure from the beats of a heart that fills an elastic vessel.

The vessel is the Windkessel of three elements (Westerhof N et al. Med Biol Eng Comput 2009;47:131-141): a characteristic
impedance in front of a compliance that empties through a resistance. The ejection lasts 413 - 1.7 × rate ms (Weissler AM et al.
Circulation 1968;37:149-159). Which course of flow and which vessel belong to a pattern follows Mark JB, Atlas of Cardiovascular
Monitoring, 1998.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bedside.bank.figures.tracing import Numbers

PER_S = 250
_BEFORE = 12  # beats, after which a vessel has forgotten how it started
PULSE_DELAY_S = 0.17  # from the QRS to the upstroke at the wrist


@dataclass(frozen=True, slots=True)
class Vessel:
    """How a pattern ejects into what. Times in seconds, shares of the pulse pressure without a unit.

    `flow` is the course of the ejection over its time from 0 to 1; `tau_s` is resistance times compliance; `stiff` weighs the
    impedance; `notch` is the pull of the closing valve; `echo` the height of the reflected wave behind it.
    """

    flow: Callable[[Numbers], Numbers]
    tau_s: float = 0.9
    stiff: float = 0.45
    notch: float = 0.22
    echo: float = 0.09
    longer: float = 1.0  # ejection, against the usual time
    soft_s: float = 0.012  # of the catheter and the tubing


@dataclass(frozen=True, slots=True)
class Beat:
    """An ejection from `at_s` on."""

    at_s: float
    strength: float = 1.0


def _hump(middle: float, width: float) -> Callable[[Numbers], Numbers]:
    return lambda share: np.exp(-0.5 * ((share - middle) / width) ** 2)


def _usual(share: Numbers) -> Numbers:
    return np.asarray(np.sin(np.pi * share**0.55) ** 1.3)


VESSELS: Mapping[str, Vessel] = {
    "normal": Vessel(_usual),
    "bisferiens": Vessel(
        lambda share: _hump(0.2, 0.11)(share) + 0.45 * _hump(0.68, 0.12)(share), tau_s=0.45, stiff=0.95, notch=0.1, echo=0.04
    ),
    "spike-and-dome": Vessel(
        lambda share: 1.3 * _hump(0.14, 0.075)(share) + 0.34 * _hump(0.66, 0.16)(share),
        tau_s=0.7,
        stiff=0.65,
        notch=0.1,
        echo=0.04,
    ),
    "parvus-et-tardus": Vessel(
        lambda share: 0.34 * _hump(0.22, 0.09)(share) + _hump(0.66, 0.22)(share),
        tau_s=1.3,
        stiff=0.03,
        notch=0.15,
        echo=0.03,
        longer=1.3,
    ),
    "water-hammer": Vessel(_hump(0.26, 0.13), tau_s=0.34, stiff=0.12, notch=0.0, echo=0.0),
    "damped": Vessel(_usual, echo=0.05, soft_s=0.075),
}


def pressure(
    beats: Sequence[Beat], vessel: Vessel, at_s: Numbers, *, rate: float, systolic: float, diastolic: float
) -> Numbers:
    """mm Hg at evenly spaced times, scaled so that its highest and lowest value in them are those asked for.

    The vessel is linear, so that to scale the pressure is to choose the stroke volume and the pressure to which it empties.
    """
    step = 1 / PER_S
    first = min(beats, key=lambda beat: beat.at_s)
    beats = [*(Beat(first.at_s - n * 60 / rate, first.strength) for n in range(_BEFORE, 0, -1)), *beats]
    start = beats[0].at_s
    time = np.arange(start, at_s[-1] + 2 * step, step)
    ejection_s = vessel.longer * (413 - 1.7 * rate) / 1000
    flow, echo = np.zeros_like(time), np.zeros_like(time)
    for beat in beats:
        share = (time - beat.at_s) / ejection_s
        is_open = (share >= 0) & (share <= 1)
        flow[is_open] += beat.strength * vessel.flow(share[is_open])
        closed = int(np.searchsorted(time, beat.at_s + ejection_s - 0.1))
        near = slice(max(0, closed), closed + PER_S // 2)
        closing = time[near] - beat.at_s - ejection_s
        flow[near] -= beat.strength * vessel.notch * np.exp(-0.5 * ((closing - 0.014) / 0.016) ** 2)
        echo[near] += beat.strength * vessel.echo * np.exp(-0.5 * ((closing - 0.095) / 0.05) ** 2)
    stored = _stored(flow, vessel.tau_s, step)
    raw = stored / np.ptp(stored) + vessel.stiff * flow
    raw = _softened(raw + echo * np.ptp(raw), vessel.soft_s, step)
    seen = np.interp(at_s, time, raw)
    return np.asarray(diastolic + (systolic - diastolic) * (seen - seen.min()) / np.ptp(seen))


def _stored(flow: Numbers, tau_s: float, step: float) -> Numbers:
    """The pressure over the compliance: what flows in, less what runs off."""
    gone = np.exp(step * np.arange(len(flow)) / tau_s)  # over some 20 s and 0.3 s at least: far from what a float can hold
    return np.asarray(np.cumsum(flow * step * gone) / gone)


def _softened(raw: Numbers, soft_s: float, step: float) -> Numbers:
    reach = int(4 * soft_s / step) + 1
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / soft_s) ** 2)
    return np.asarray(np.convolve(np.pad(raw, reach, mode="edge"), kernel / kernel.sum(), mode="valid"))
