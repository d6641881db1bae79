"""Central venous (jugular) pressure: its waves a, c and v, its descents x and y, and the electrocardiogram of the same beats.

The waves follow their causes: a the contraction of the atrium after the P wave, c the closing of the tricuspid valve, x the
relaxing atrium and the descending ring, v the atrium that fills behind the closed valve, y the opening of the valve. How a
disease changes them is that of Mark JB, Atlas of Cardiovascular Monitoring, 1998, and Constant J, Bedside Cardiology,
5th ed. 1999; usual mean pressures lie with Guyton and Hall, Textbook of Medical Physiology.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.ecg import Recording, record
from bedside.bank.figures.ecg.beats import Atrial
from bedside.bank.figures.ecg.words import EcgWords
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.monitor import Page
from bedside.bank.figures.tracing import Numbers

Pattern = Literal["normal", "cannon-a", "af", "tricuspid-regurgitation", "constriction", "tamponade"]
PER_S = 250
A_DELAY_S = 0.09  # from the onset of the P wave to the peak of a
_A_WIDTH_S = 0.045


@dataclass(frozen=True, slots=True)
class Waves:
    """Heights in mm Hg against the mean; `a` for each P wave, the others for each QRS. Descents are negative."""

    mean: float
    a: float
    c: float
    x: float
    v: float
    y: float
    x_at_s: float = 0.24  # from the onset of the QRS
    x_width_s: float = 0.06
    y_at_s: float = 0.57
    y_width_s: float = 0.05


WAVES: Mapping[str, Waves] = {
    "normal": Waves(5, 2.6, 1.0, -2.2, 1.7, -1.6),
    "cannon-a": Waves(8, 1.8, 0.8, -1.8, 1.8, -1.6),
    "af": Waves(7, 0.0, 1.2, -0.7, 3.0, -2.4),
    "tricuspid-regurgitation": Waves(11, 1.2, 0.0, 8.0, 8.0, -5.0, x_at_s=0.25, x_width_s=0.09, y_width_s=0.055),
    "constriction": Waves(18, 2.2, 0.8, -5.0, 2.4, -7.5, y_at_s=0.55, y_width_s=0.042),
    "tamponade": Waves(18, 2.4, 1.0, -5.5, 2.0, -0.2),
}
_CANNON = 11.0  # mm Hg of an atrium that contracts against a closed valve
_CLOSED_S = (0.04, 0.36)  # the time after the onset of the QRS in which it is closed


class VenousWords(Parameters):
    """The words of a central venous pressure; the mean in mm Hg, the rate per minute."""

    pattern: Pattern = "normal"
    mean: Annotated[float, Field(ge=2, le=30)] | None = None
    rate: Annotated[float, Field(ge=50, le=100)] | None = None
    letters: bool = False
    ecg: bool = True
    seconds: Annotated[float, Field(ge=6, le=8)] = 6
    seed: Annotated[int, Field(ge=1, le=9999)] = 1

    @property
    def mean_mm_hg(self) -> float:
        return WAVES[self.pattern].mean if self.mean is None else self.mean

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.pattern == "cannon-a" and self.rate is not None:
            raise ValueError("leave rate out: cannon-a is drawn with complete heart block and its escape rhythm")
        if self.letters and self.pattern != "normal":
            raise ValueError("letters name the waves of pattern=normal; elsewhere they would give the answer away")
        return self


@dataclass(frozen=True, slots=True)
class VenousCourse:
    """Seconds, mm Hg at them, and the electrocardiogram of the same beats."""

    at_s: Numbers
    mm_hg: Numbers
    recording: Recording


def venous_course(words: VenousWords) -> VenousCourse:
    """The pressure of these words."""
    recording = record(_rhythm(words))
    at_s = np.arange(round(words.seconds * PER_S) + 1) / PER_S
    waves = WAVES[words.pattern]
    mm_hg = np.full_like(at_s, words.mean_mm_hg)
    for p in recording.activity.atria:
        mm_hg += _bump(at_s, p.at_s + A_DELAY_S, _A_WIDTH_S, _height_of_a(p, recording, waves, words.pattern))
    for qrs in recording.activity.ventricles:
        start = qrs.at_s
        squeeze = min(1.0, (qrs.rr_s / 0.8) ** 0.5)
        mm_hg += _bump(at_s, start + 0.1, 0.03, waves.c)
        mm_hg += _bump(at_s, start + waves.x_at_s * squeeze, waves.x_width_s, waves.x)
        mm_hg += _bump(at_s, start + 0.41 * squeeze, 0.065, waves.v)
        mm_hg += _bump(at_s, start + waves.y_at_s * squeeze, waves.y_width_s, waves.y)
    return VenousCourse(at_s, np.maximum(mm_hg, 0.0), recording)


def _rhythm(words: VenousWords) -> EcgWords:
    given = {"seconds": words.seconds, "seed": words.seed}
    if words.pattern == "cannon-a":
        return EcgWords.model_validate(given | {"rhythm": "third-degree-block", "escape": "junctional", "atrial_rate": 80})
    if words.pattern == "af":
        return EcgWords.model_validate(given | {"rhythm": "af", "rate": words.rate or 80})
    return EcgWords.model_validate(given | {"rate": words.rate or 70, "qtc": 390})


def _height_of_a(p: Atrial, recording: Recording, waves: Waves, pattern: str) -> float:
    if pattern != "cannon-a":
        return waves.a
    low, high = _CLOSED_S
    peak = p.at_s + A_DELAY_S
    is_shut = any(low <= peak - qrs.at_s <= high for qrs in recording.activity.ventricles)
    return _CANNON if is_shut else waves.a


def _bump(at_s: Numbers, middle_s: float, width_s: float, height: float) -> Numbers:
    return np.asarray(height * np.exp(-0.5 * ((at_s - middle_s) / width_s) ** 2))


def draw(words: VenousWords) -> Drawing:
    """The sheet."""
    course = venous_course(words)
    high = max(12.0, float(4 * np.ceil((course.mm_hg.max() + 1.5) / 4)))
    step = 2.0 if high <= 14 else 4.0
    page = Page(
        course.recording,
        course.at_s,
        course.mm_hg,
        0.0,
        high,
        has_ecg=words.ecg,
        up="Central venous pressure, mm Hg",
        steps=[float(one) for one in np.arange(0, high + 0.1, step)],
        letters=_letters(course) if words.letters else (),
    )
    return page.drawn()


def _letters(course: VenousCourse) -> tuple[tuple[float, str, bool], ...]:
    """Second, letter, and whether it stands above the curve, of the waves of the second whole beat."""
    recording = course.recording
    p = [one.at_s for one in recording.activity.atria if one.at_s > 0.2][1]
    qrs = next(one.at_s for one in recording.activity.ventricles if one.at_s > p)
    waves = WAVES["normal"]
    return (
        (p + A_DELAY_S, "a", True),
        (qrs + 0.1, "c", True),
        (qrs + waves.x_at_s, "x", False),
        (qrs + 0.41, "v", True),
        (qrs + waves.y_at_s, "y", False),
    )


KIND = FigureKind(
    "cvp",
    VenousWords,
    draw,
    "Central venous (jugular) pressure over several beats with the electrocardiogram above it; with `letters` the waves of one "
    "beat are named.",
    "cvp pattern=constriction",
)
