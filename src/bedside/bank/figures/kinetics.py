"""Drug concentration over time by the linear compartments of the textbooks (Rowland and Tozer; Gibaldi and Perrier 1982).

One compartment: a bolus falls by C0·exp(−k·t); from the gut it comes by the function of Bateman; an infusion rises to rate over
clearance; doses add up. Two compartments fall as a sum of two exponentials. A saturated enzyme (ethanol) takes away the same
amount each hour until nothing is left (Widmark 1932).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import log

import numpy as np

from bedside.bank.figures.curves import Numbers

LONG_BEFORE = 1e-9  # hours; doses are drawn as upright jumps


class Regimen(StrEnum):
    """How the drug is given, or how it leaves."""

    BOLUS = "bolus"
    ORAL = "oral"
    INFUSION = "infusion"
    REPEATED = "repeated"
    REPEATED_ORAL = "repeated-oral"
    TWO_COMPARTMENTS = "two-compartments"
    ZERO_ORDER = "zero-order"


@dataclass(frozen=True, slots=True)
class Course:
    """One course: mg, L, hours, and shares from 0 to 1; `fall` in mg/L each hour."""

    regimen: Regimen
    dose: float = 500.0
    loading: float = 0.0
    volume: float = 30.0
    half_life: float = 4.0
    ka: float = 1.2
    bioavailability: float = 1.0
    rate: float = 50.0
    infusion_hours: float | None = None
    interval: float = 6.0
    alpha_half_life: float = 0.5
    alpha_share: float = 0.7
    fall: float = 150.0

    @property
    def k(self) -> float:
        """Elimination in 1/h."""
        return log(2) / self.half_life

    @property
    def clearance(self) -> float:
        """L/h."""
        return self.k * self.volume


def concentration(course: Course, hours: Numbers) -> Numbers:
    """mg/L at each time; a dose given at a time counts from that time on."""
    match course.regimen:
        case Regimen.BOLUS:
            return _bolus(course, course.dose + course.loading, hours)
        case Regimen.ORAL:
            return _oral(course, course.dose + course.loading, hours)
        case Regimen.INFUSION:
            return _infusion(course, hours) + _bolus(course, course.loading, hours)
        case Regimen.REPEATED:
            return _repeated(course, hours, _bolus)
        case Regimen.REPEATED_ORAL:
            return _repeated(course, hours, _oral)
        case Regimen.TWO_COMPARTMENTS:
            fast, slow = np.exp(-log(2) / course.alpha_half_life * hours), np.exp(-course.k * hours)
            start = (course.dose + course.loading) / course.volume
            return np.asarray(start * (course.alpha_share * fast + (1 - course.alpha_share) * slow))
        case Regimen.ZERO_ORDER:
            return np.asarray(np.maximum(0.0, (course.dose + course.loading) / course.volume - course.fall * hours))


def times(course: Course, hours: float) -> Numbers:
    """Where to look, with both sides of every jump."""
    grid = np.linspace(0, hours, 900)
    jumps = np.array([])
    if course.regimen in (Regimen.REPEATED, Regimen.REPEATED_ORAL):
        jumps = np.arange(course.interval, hours, course.interval)
    if course.regimen is Regimen.INFUSION and course.infusion_hours:
        jumps = np.array([min(hours, course.infusion_hours)])
    return np.unique(np.clip(np.concatenate([grid, jumps, jumps - LONG_BEFORE]), 0, hours))


def _bolus(course: Course, dose: float, hours: Numbers) -> Numbers:
    return np.asarray(np.where(hours >= 0, dose / course.volume * np.exp(-course.k * np.maximum(hours, 0)), 0.0))


def _oral(course: Course, dose: float, hours: Numbers) -> Numbers:
    since = np.maximum(hours, 0)
    start = course.bioavailability * dose / course.volume
    if abs(course.ka - course.k) < 1e-4 * course.k:
        return np.asarray(start * course.k * since * np.exp(-course.k * since))
    rise = course.ka / (course.ka - course.k)
    return np.asarray(start * rise * (np.exp(-course.k * since) - np.exp(-course.ka * since)))


def _infusion(course: Course, hours: Numbers) -> Numbers:
    steady = course.rate / course.clearance
    end = np.inf if course.infusion_hours is None else course.infusion_hours
    reached = steady * (1 - np.exp(-course.k * np.minimum(hours, end)))
    return np.asarray(reached * np.exp(-course.k * np.maximum(0.0, hours - end)))


def _repeated(course: Course, hours: Numbers, single: Callable[[Course, float, Numbers], Numbers]) -> Numbers:
    total = single(course, course.loading, hours)
    for given_at in np.arange(0, float(hours[-1]) + LONG_BEFORE, course.interval).tolist():
        total = total + single(course, course.dose, hours - given_at)
    return total
