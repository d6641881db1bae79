"""`oxygen_dissociation`: how much oxygen blood holds at each partial pressure, for one to three bloods."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.blood_oxygen import P50_FETAL, Blood, content, half_saturated, saturation
from bedside.bank.figures.curves import Curve, curve_names, drawing, each_curve, put_curves, refuse_lists
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.drawing import Frame, ceiling


class Hemoglobin(StrEnum):
    """The carrier."""

    ADULT = "adult"
    FETAL = "fetal"
    MYOGLOBIN = "myoglobin"


class Axis(StrEnum):
    """What the upright axis counts."""

    SATURATION = "saturation"
    CONTENT = "content"


Ph = Annotated[float, Field(ge=6.9, le=7.8)]
Paco2 = Annotated[float, Field(ge=15, le=100)]
Celsius = Annotated[float, Field(ge=28, le=42)]
Dpg = Annotated[float, Field(ge=1, le=9)]
P50 = Annotated[float, Field(ge=10, le=60)]
GramsADeciliter = Annotated[float, Field(ge=4, le=20)]
Percent = Annotated[float, Field(ge=0, le=60)]
Name = Annotated[str, Field(min_length=1, max_length=24)]

_LISTS = ("hemoglobin", "ph", "paco2", "temperature", "dpg", "p50", "hb", "carboxyhemoglobin", "methemoglobin", "names")


class OxygenDissociation(Parameters):
    """Each list has one value for all curves, or one for each."""

    hemoglobin: tuple[Hemoglobin, ...] = (Hemoglobin.ADULT,)
    ph: tuple[Ph, ...] = (7.4,)
    paco2: tuple[Paco2, ...] = (40,)
    temperature: tuple[Celsius, ...] = (37,)
    dpg: tuple[Dpg, ...] = (5,)
    p50: tuple[P50, ...] = ()
    hb: tuple[GramsADeciliter, ...] = (15,)
    carboxyhemoglobin: tuple[Percent, ...] = (0,)
    methemoglobin: tuple[Percent, ...] = (0,)
    axis: Axis = Axis.SATURATION
    p50_marks: bool = False
    names: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> OxygenDissociation:
        refuse_lists(self, _LISTS)
        shares = [one["carboxyhemoglobin"] + one["methemoglobin"] for one in each_curve(self, _LISTS)]
        if max(shares) > 70:
            raise ValueError("carboxyhemoglobin and methemoglobin together are at most 70%")
        if self.axis is Axis.SATURATION and (any(shares) or len(set(self.hb)) > 1):
            raise ValueError("a blood with less hemoglobin to bind oxygen differs in content; write axis=content")
        if self.p50_marks and self.axis is Axis.CONTENT:
            raise ValueError("p50_marks stand at half saturation; write axis=saturation")
        if any(one["p50"] and one["hemoglobin"] is not Hemoglobin.ADULT for one in each_curve(self, _LISTS)):
            raise ValueError("p50 belongs to hemoglobin=adult; the other carriers have their own")
        return self


def bloods_of(given: OxygenDissociation) -> list[Blood]:
    """The blood of each curve."""
    return [_blood(one) for one in each_curve(given, _LISTS)]


def draw(given: OxygenDissociation) -> Drawing:
    po2 = np.concatenate([np.linspace(0, 10, 60), np.linspace(10.2, 100, 200)])
    bloods = bloods_of(given)
    is_content = given.axis is Axis.CONTENT
    lines = [content(blood, po2) if is_content else 100 * saturation(blood, po2) for blood in bloods]
    top = ceiling(max(float(line[-1]) for line in lines)) if is_content else 100
    frame = Frame(0, 100, 0, top, width=480, height=380, right=24)
    up = "Oxygen content (mL/dL)" if is_content else "Saturation with oxygen (%)"
    frame.axes(
        "Partial pressure of oxygen (mmHg)", up, x_ticks=range(0, 101, 10), y_ticks=() if is_content else range(0, 101, 10)
    )
    names = curve_names([one["names"] for one in each_curve(given, _LISTS)])
    put_curves(frame, [Curve(po2, line, names[n], n) for n, line in enumerate(lines)])
    if given.p50_marks:
        for blood in bloods:
            frame.dot(half_saturated(blood), 50)
    return drawing(frame)


def _blood(one: dict[str, Any]) -> Blood:
    is_fetal = one["hemoglobin"] is Hemoglobin.FETAL
    return Blood(
        ph=one["ph"],
        paco2=one["paco2"],
        temperature=one["temperature"],
        dpg=one["dpg"],
        p50=P50_FETAL if is_fetal else one["p50"],
        is_myoglobin=one["hemoglobin"] is Hemoglobin.MYOGLOBIN,
        taken=(one["carboxyhemoglobin"] + one["methemoglobin"]) / 100,
        hb=one["hb"],
    )


KIND = FigureKind(
    "oxygen_dissociation",
    OxygenDissociation,
    draw,
    "Oxygen dissociation curves of up to three bloods, shifted by pH, PaCO2, temperature, DPG, carbon monoxide, methemoglobin"
    " or the carrier, as saturation or content. A list gives one value for all curves, or one for each.",
    "oxygen_dissociation ph=7.4,7.2",
)
