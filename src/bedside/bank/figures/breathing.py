"""A forced breath out and a full breath in: volume and flow, from FVC, FEV1 and peak flow.

Out: the flow rises to its peak along a quarter of a sine, may be held there by a narrowing, and then falls (Hyatt,
Schilder and Fry 1958). A lung that empties as a whole falls as a power of the volume still to come (1 is one time constant);
where FEV1 is too low for that, two units empty side by side, a fast one and a slow one, and the limb is scooped (Mead 1978).
Plateaus are those of Miller and Hyatt 1973. What is free in the shape is found so that FEV1 and FVC read off the curve are
those asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq

from bedside.bank.figures.curves import Numbers

RISE_S = 0.1
K_LOW, K_HIGH, K_HELD = 0.3, 3.0, 0.75
N_POINTS = 1600


@dataclass(frozen=True, slots=True)
class Breath:
    """Time (s), volume breathed out (L), flow out (L/s); `inward`: the flow in at the same volumes, below 0."""

    time: Numbers
    volume: Numbers
    flow: Numbers
    inward: Numbers


class ImpossibleBreathError(ValueError):
    """No curve has these values together."""


@dataclass(frozen=True, slots=True)
class _Power:
    """The lung as a whole: flow = peak · (rest/all)^k, where `all` would come in endless time."""

    peak: float
    k: float
    all: float

    def at(self, time: Numbers) -> tuple[Numbers, Numbers]:
        """Volume and flow so long after the fall began."""
        left = np.maximum(0.0, 1 - (1 - self.k) * self.peak / self.all * time) ** (1 / (1 - self.k))
        return self.all * (1 - left), self.peak * left**self.k


@dataclass(frozen=True, slots=True)
class _Units:
    """Two units: their volumes (L) and time constants (s)."""

    fast: float
    fast_s: float
    slow: float
    slow_s: float

    def at(self, time: Numbers) -> tuple[Numbers, Numbers]:
        """Volume and flow so long after the fall began."""
        fast, slow = np.exp(-time / self.fast_s), np.exp(-time / self.slow_s)
        return self.fast * (1 - fast) + self.slow * (1 - slow), self.fast / self.fast_s * fast + self.slow / self.slow_s * slow


@dataclass(frozen=True, slots=True)
class Effort:
    """What a breath has to show: volumes (L), highest flows out and in (L/s), and whether a narrowing holds them flat."""

    fvc: float
    fev1: float
    peak: float
    seconds: float
    inward: float = 1.0
    is_held: bool = False
    is_inward_held: bool = False


@lru_cache(maxsize=256)
def breath(effort: Effort) -> Breath:
    """The breath with these values.

    Raises:
        ImpossibleBreathError: with the reason.
    """
    fvc, fev1, peak, seconds = effort.fvc, effort.fev1, effort.peak, effort.seconds
    time = np.linspace(0, seconds, N_POINTS)
    hold_s, fall = _held(fvc, fev1, peak, seconds) if effort.is_held else (0.0, _free(fvc, fev1, peak, seconds))
    volume, flow = _outward(time, peak, hold_s, fall)
    return Breath(time, volume, flow, -_inward(volume / volume[-1], effort.inward, effort.is_inward_held))


def volume_after(breath: Breath, seconds: float) -> float:
    """The volume (L) breathed out after so long."""
    return float(np.interp(seconds, breath.time, breath.volume))


def _free(fvc: float, fev1: float, peak: float, seconds: float) -> _Power | _Units:
    """A fall from the peak at once: of the lung as a whole if FEV1 allows, of two units otherwise."""
    if _first(peak) > 0.6 * fev1:
        raise ImpossibleBreathError(f"a peak flow of {peak:.3g} L/s is too high for this fev1; lower pef, or leave it out")

    def whole(k: float) -> _Power:
        return _Power(peak, k, _all(fvc, peak, 0.0, k, seconds))

    def over(k: float) -> float:
        return _at(1.0, peak, 0.0, whole(k)) - fev1

    if over(K_LOW) < 0:
        raise ImpossibleBreathError(f"a peak flow of {peak:.3g} L/s is too low for this fev1; raise pef, or leave it out")
    if _is_beyond(over):
        return _uneven(fvc, fev1, peak, seconds)
    return whole(float(brentq(over, K_LOW, K_HIGH, xtol=1e-6)))


def _is_beyond(over: Callable[[float], float]) -> bool:
    """Would the lung as a whole have to be more scooped than it ever is?"""
    try:
        return over(K_HIGH) > 0
    except ImpossibleBreathError:
        return True


def _uneven(fvc: float, fev1: float, peak: float, seconds: float) -> _Units:
    """Two units that meet peak flow, FEV1 and FVC; the slow one has not emptied at the end of the breath."""
    slow_s = seconds / (1.6 if fev1 > 0.4 * fvc else 1.0)

    def units(fast_s: float) -> _Units:
        times = np.array([1.0 - RISE_S, seconds - RISE_S])
        shares = np.stack([1 - np.exp(-times / fast_s), 1 - np.exp(-times / slow_s)], axis=1)
        fast, slow = np.linalg.solve(shares, np.array([fev1, fvc]) - _first(peak))
        return _Units(float(fast), fast_s, float(slow), slow_s)

    def over(fast_s: float) -> float:
        made = units(fast_s)
        return made.fast / made.fast_s + made.slow / made.slow_s - peak

    if units(0.03).fast <= 0 or over(0.03) < 0 or over(1.2) > 0:
        raise ImpossibleBreathError(
            f"no curve with a peak flow of {peak:.3g} L/s has this fev1 and fvc; change pef, or leave it out"
        )
    return units(float(brentq(over, 0.03, 1.2, xtol=1e-7)))


def _held(fvc: float, fev1: float, peak: float, seconds: float) -> tuple[float, _Power]:
    """How long the flow is held, and its fall afterwards."""
    longest = min(seconds - 2 * RISE_S, 0.97 * (fvc - _first(peak)) / peak)

    def fall(hold_s: float) -> _Power:
        return _Power(peak, K_HELD, _all(fvc, peak, hold_s, K_HELD, seconds))

    def over(hold_s: float) -> float:
        return _at(1.0, peak, hold_s, fall(hold_s)) - fev1

    if longest <= 0 or over(0.0) > 0 or over(longest) < -1e-9:
        most = peak * (1 - RISE_S) + _first(peak)
        raise ImpossibleBreathError(
            f"a flow held at {peak:.3g} L/s does not go with an fev1 of {fev1:.3g} L (at most {most:.3g} L come in a second);"
            " change pef or fev1, or leave pef out"
        )
    hold_s = float(brentq(over, 0.0, longest, xtol=1e-6)) if over(longest) > 0 else longest
    return hold_s, fall(hold_s)


def _all(fvc: float, peak: float, hold_s: float, k: float, seconds: float) -> float:
    """What would fall in endless time, where `fvc` comes in `seconds`."""
    rest = max(fvc - _first(peak) - peak * hold_s, 1e-3)

    def over(whole: float) -> float:
        return _at(seconds, peak, hold_s, _Power(peak, k, whole)) - fvc

    if over(rest) >= 0:
        return rest
    if over(4 * fvc) < 0:
        raise ImpossibleBreathError(
            f"an fvc of {fvc:.3g} L does not come in {seconds:g} seconds at these flows; raise pef or fev1"
        )
    return float(brentq(over, rest, 4 * fvc, xtol=1e-7))


def _at(second: float, peak: float, hold_s: float, fall: _Power | _Units) -> float:
    return float(_outward(np.array([second]), peak, hold_s, fall)[0][0])


def _outward(time: Numbers, peak: float, hold_s: float, fall: _Power | _Units) -> tuple[Numbers, Numbers]:
    """Volume and flow at each time."""
    rise = np.minimum(time, RISE_S) / RISE_S * np.pi / 2
    held = np.clip(time - RISE_S, 0, hold_s)
    fallen, flow = fall.at(np.clip(time - RISE_S - hold_s, 0, None))
    volume = _first(peak) * (1 - np.cos(rise)) + peak * held + fallen
    return volume, np.where(time < RISE_S, peak * np.sin(rise), flow)


def _first(peak: float) -> float:
    """Volume that comes while the flow rises."""
    return peak * RISE_S * 2 / np.pi


def _inward(share: Numbers, inward: float, is_held: bool) -> Numbers:
    """Half of an ellipse; where it is held, its middle is cut flat."""
    round_flow = np.sqrt(np.clip(4 * share * (1 - share), 0, None))
    return np.asarray(np.minimum(1.0, 2.2 * round_flow) * inward if is_held else round_flow * inward, dtype=np.float64)
