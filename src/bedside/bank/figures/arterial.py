"""The pressure in the radial artery over several beats, normal and in the patterns that name a disease of valve or pump."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.ecg import Recording, record
from bedside.bank.figures.ecg.words import EcgWords
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.monitor import Page, inspiration
from bedside.bank.figures.tracing import Numbers
from bedside.bank.figures.windkessel import PER_S, PULSE_DELAY_S, VESSELS, Beat, pressure

Pattern = Literal[
    "normal",
    "paradoxus",
    "alternans",
    "bisferiens",
    "spike-and-dome",
    "parvus-et-tardus",
    "water-hammer",
    "damped",
]
# systolic and diastolic pressure of a pattern where none is given, and the least difference that it is seen with
_USUAL: Mapping[str, tuple[float, float, float]] = {
    "normal": (120, 78, 20),
    "paradoxus": (112, 74, 20),
    "alternans": (118, 76, 20),
    "bisferiens": (150, 62, 40),
    "spike-and-dome": (126, 72, 30),
    "parvus-et-tardus": (104, 74, 12),
    "water-hammer": (168, 46, 60),
    "damped": (104, 78, 10),
}
NORMAL_FALL, PARADOX_FALL = 5.0, 24.0  # mm Hg of the systolic pressure with a breath in; over 10 it is called paradoxical
_WEAK = 0.72  # strength of every second beat in pulsus alternans


class ArterialWords(Parameters):
    """The words of an arterial pressure; pressures in mm Hg, the rate per minute."""

    pattern: Pattern = "normal"
    sys: Annotated[float, Field(ge=60, le=240)] | None = None
    dia: Annotated[float, Field(ge=25, le=140)] | None = None
    rate: Annotated[float, Field(ge=40, le=140)] = 78
    fall: Annotated[float, Field(ge=11, le=50)] = PARADOX_FALL
    ecg: bool = True
    breathing: bool | None = None
    seconds: Annotated[float, Field(ge=6, le=10)] = 9

    @property
    def systolic(self) -> float:
        return _USUAL[self.pattern][0] if self.sys is None else self.sys

    @property
    def diastolic(self) -> float:
        return _USUAL[self.pattern][1] if self.dia is None else self.dia

    @property
    def shows_breathing(self) -> bool:
        return self.pattern == "paradoxus" if self.breathing is None else self.breathing

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        least = _USUAL[self.pattern][2]
        if self.systolic - self.diastolic < least:
            raise ValueError(
                f"{self.pattern} needs a systolic pressure at least {least:g} mm Hg over the diastolic one, "
                f"not {self.systolic:g} and {self.diastolic:g}"
            )
        if "fall" in self.model_fields_set and self.pattern != "paradoxus":
            raise ValueError(f"{self.pattern} has no use for fall; leave it out")
        if self.pattern == "paradoxus" and self.fall > 0.8 * (self.systolic - self.diastolic):
            raise ValueError(f"a fall of {self.fall:g} mm Hg leaves no pulse; lower it, or raise sys")
        return self


@dataclass(frozen=True, slots=True)
class Course:
    """Seconds, mm Hg at them, and the electrocardiogram of the same beats."""

    at_s: Numbers
    mm_hg: Numbers
    recording: Recording


def course_of(words: ArterialWords) -> Course:
    """The pressure of these words."""
    recording = record(EcgWords(rate=words.rate, seconds=words.seconds, qtc=380))
    at_s = np.arange(round(words.seconds * PER_S) + 1) / PER_S
    depth = 0.0
    usual = min(NORMAL_FALL, 0.12 * (words.systolic - words.diastolic))
    wanted = words.fall if words.pattern == "paradoxus" else usual if words.pattern != "alternans" else 0.0
    mm_hg = _pressure(words, recording, at_s, depth)
    for _ in range(6 if wanted else 0):  # the vessel remembers the beats before, so the depth is found by trying
        depth = min(0.9, depth + 0.8 * (wanted - _fall(recording, at_s, mm_hg)) / (words.systolic - words.diastolic))
        mm_hg = _pressure(words, recording, at_s, depth)
    return Course(at_s, mm_hg, recording)


def _pressure(words: ArterialWords, recording: Recording, at_s: Numbers, depth: float) -> Numbers:
    beats = []
    for n, qrs in enumerate(recording.activity.ventricles):
        sucked = (1 + float(inspiration(np.array([qrs.at_s]))[0])) / 2  # a breath in fills the right heart, less the left one
        weak = _WEAK if words.pattern == "alternans" and n % 2 else 1.0
        beats.append(Beat(qrs.at_s + PULSE_DELAY_S, weak * (1 - depth * sucked)))
    vessel = VESSELS.get(words.pattern, VESSELS["normal"])
    return pressure(beats, vessel, at_s, rate=words.rate, systolic=words.systolic, diastolic=words.diastolic)


def _fall(recording: Recording, at_s: Numbers, mm_hg: Numbers) -> float:
    """How far apart the highest and the lowest systolic pressure are."""
    tops = [
        float(mm_hg[(at_s >= start) & (at_s < start + 0.4)].max())
        for start in (qrs.at_s + PULSE_DELAY_S for qrs in recording.activity.ventricles)
        if 0 <= start <= at_s[-1] - 0.4
    ]
    return max(tops) - min(tops)


def draw(words: ArterialWords) -> Drawing:
    """The sheet."""
    course = course_of(words)
    low, high = 20 * np.floor((words.diastolic - 8) / 20), 20 * np.ceil((words.systolic + 6) / 20)
    steps = [float(one) for one in np.arange(low, high + 1, 20)]
    page = Page(
        course.recording,
        course.at_s,
        course.mm_hg,
        float(low),
        float(high),
        has_ecg=words.ecg,
        has_breath=words.shows_breathing,
        up="Arterial pressure, mm Hg",
        steps=steps,
    )
    return page.drawn()


KIND = FigureKind(
    "arterial",
    ArterialWords,
    draw,
    "The pressure in the radial artery from a three-element Windkessel, with the electrocardiogram of the same beats above it "
    "and, for `paradoxus` or on wish, breathing.",
    "arterial pattern=paradoxus fall=24",
)
