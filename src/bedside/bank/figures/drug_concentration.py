"""`concentration`: the plasma concentration of one to three courses of a drug over time."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.curves import (
    Curve,
    Numbers,
    curve_names,
    drawing,
    each_curve,
    powers_of_ten,
    put_curves,
    refuse_lists,
)
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.kinetics import Course, Regimen, concentration, times
from bedside.drawing import Frame, ceiling


class Axis(StrEnum):
    """How concentration is spread."""

    LINEAR = "linear"
    LOG = "log"


class Unit(StrEnum):
    """The unit of the upright axis."""

    MG_L = "mg/L"
    MCG_ML = "mcg/mL"
    MG_DL = "mg/dL"
    NG_ML = "ng/mL"


IN_UNIT = {Unit.MG_L: 1.0, Unit.MCG_ML: 1.0, Unit.MG_DL: 0.1, Unit.NG_ML: 1000.0}

Milligrams = Annotated[float, Field(gt=0, le=200_000)]
Loading = Annotated[float, Field(ge=0, le=200_000)]
Liters = Annotated[float, Field(ge=1, le=2000)]
HalfLife = Annotated[float, Field(ge=0.1, le=500)]
PerHour = Annotated[float, Field(ge=0.02, le=20)]
Percent = Annotated[float, Field(ge=1, le=100)]
Rate = Annotated[float, Field(ge=0.01, le=10_000)]
Hours = Annotated[float, Field(ge=0.25, le=1000)]
AlphaHours = Annotated[float, Field(ge=0.02, le=24)]
AlphaPercent = Annotated[float, Field(ge=5, le=95)]
Fall = Annotated[float, Field(ge=0.1, le=1000)]
Level = Annotated[float, Field(gt=0, le=1_000_000)]
Name = Annotated[str, Field(min_length=1, max_length=24)]

_LISTS = (
    *("regimen", "dose", "loading", "volume", "half_life", "ka", "bioavailability", "rate", "infusion_hours", "interval"),
    *("alpha_half_life", "alpha_share", "fall", "names"),
)


class Concentration(Parameters):
    """Each list has one value for all curves, or one for each. Doses in mg, times in hours."""

    regimen: tuple[Regimen, ...] = (Regimen.BOLUS,)
    dose: tuple[Milligrams, ...] = (500,)
    loading: tuple[Loading, ...] = (0,)
    volume: tuple[Liters, ...] = (30,)
    half_life: tuple[HalfLife, ...] = (4,)
    ka: tuple[PerHour, ...] = (1.2,)
    bioavailability: tuple[Percent, ...] = (100,)
    rate: tuple[Rate, ...] = (50,)
    infusion_hours: tuple[Hours, ...] = ()
    interval: tuple[Hours, ...] = (6,)
    alpha_half_life: tuple[AlphaHours, ...] = (0.5,)
    alpha_share: tuple[AlphaPercent, ...] = (70,)
    fall: tuple[Fall, ...] = (150,)
    hours: Annotated[float, Field(ge=1, le=1000)] = 24
    axis: Axis = Axis.LINEAR
    unit: Unit = Unit.MG_L
    window: tuple[Level, ...] = ()
    names: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Concentration:
        refuse_lists(self, _LISTS)
        if len(self.window) not in (0, 2) or list(self.window) != sorted(set(self.window)):
            raise ValueError("window is two levels, the lower one first, as in window=10,20")
        for course in courses_of(self):
            if self.hours / course.interval > 60 and course.regimen in (Regimen.REPEATED, Regimen.REPEATED_ORAL):
                raise ValueError("more than 60 doses; give a longer interval or fewer hours")
            if course.regimen is Regimen.TWO_COMPARTMENTS and course.alpha_half_life > course.half_life / 2:
                raise ValueError("alpha_half_life is at most half of half_life, or the two phases can't be told apart")
        top = max(highest(self), *self.window, 0)
        if top < 0.02:
            raise ValueError("hardly anything would be seen; give a higher dose or rate, a smaller volume, or unit=ng/mL")
        if top > 99_999:
            raise ValueError(f"{top:.3g} {self.unit} is too long a number for the axis; choose another unit, or a lower dose")
        return self


def courses_of(given: Concentration) -> list[Course]:
    """The course of each curve."""
    return [_course(one) for one in each_curve(given, _LISTS)]


def highest(given: Concentration) -> float:
    """The highest concentration that is drawn, in the unit of the axis."""
    return (
        max(float(concentration(course, times(course, given.hours)).max()) for course in courses_of(given))
        * IN_UNIT[given.unit]
    )


def draw(given: Concentration) -> Drawing:
    courses, names = courses_of(given), curve_names([one["names"] for one in each_curve(given, _LISTS)])
    top = max(highest(given), *given.window, 0)
    frame = _log_frame(given, top) if given.axis is Axis.LOG else _frame(given, top)
    if given.window:
        low, high = (np.log10(given.window) if given.axis is Axis.LOG else given.window)[:2]
        frame.band([0, given.hours], [low, low], [high, high])
    curves = []
    for n, course in enumerate(courses):
        hours = times(course, given.hours)
        level = concentration(course, hours) * IN_UNIT[given.unit]
        if given.axis is Axis.LOG:
            hours, level = _seen(hours, np.log10(np.maximum(level, 1e-12)), frame.y0)
        if len(hours):
            curves.append(Curve(hours, level, names[n], n))
    put_curves(frame, curves)
    return drawing(frame)


def _frame(given: Concentration, top: float) -> Frame:
    frame = Frame(0, given.hours, 0, ceiling(top), width=500, height=360, left=64, right=24)
    frame.axes("Time (h)", f"Plasma concentration ({given.unit})", x_ticks=_hours(given.hours))
    return frame


def _log_frame(given: Concentration, top: float) -> Frame:
    """Three powers of ten, the highest concentration below the upper end."""
    end = float(np.ceil(np.log10(top * 1.05)))
    frame = Frame(0, given.hours, end - 3, end, width=500, height=360, left=64, right=24)
    up = f"Plasma concentration ({given.unit}, log scale)"
    frame.axes("Time (h)", up, x_ticks=_hours(given.hours), y_ticks=[end - 3, end - 2, end - 1, end], y_words=powers_of_ten)
    for power in range(3):
        for digit in range(2, 10):
            y = frame.y(end - 3 + power + float(np.log10(digit)))
            frame.parts.append(f'<path class="grid" d="M{frame.left} {y}H{frame.width - frame.right}"/>')
    return frame


def _seen(hours: Numbers, level: Numbers, low: float) -> tuple[Numbers, Numbers]:
    """What lies above the lower end of the axis: a curve leaves the frame there and doesn't run along it."""
    above = np.flatnonzero(level >= low)
    return (hours[above[0] : above[-1] + 1], level[above[0] : above[-1] + 1]) if len(above) > 1 else (hours[:0], level[:0])


def _hours(hours: float) -> list[float]:
    """Ticks at hours that people count in."""
    steps = (0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 72, 96, 168)
    step = next((one for one in steps if hours / one <= 8), 168)
    return np.arange(0, hours + 1e-9, step).tolist()


def _course(one: dict[str, Any]) -> Course:
    shares = {name: one[name] / 100 for name in ("bioavailability", "alpha_share")}
    return Course(**{**{name: value for name, value in one.items() if name != "names"}, **shares})


KIND = FigureKind(
    "concentration",
    Concentration,
    draw,
    "Plasma concentration over time for up to three courses: bolus, oral, infusion, repeated doses, two compartments or"
    " elimination of zero order; linear or logarithmic, with a therapeutic window as a band.",
    "concentration regimen=repeated dose=300 interval=8 half_life=8 hours=72 window=10,25",
)
