"""The waves of one beat as the heart's dipole, in mV along Frank's axes: x to the left, y down, z to the back.

A wave is a Gaussian over time with its own rise and fall, as in the kernels of McSharry PE et al. (IEEE Trans Biomed Eng
2003;50:289-294), here as a vector. A segment is a level between two soft edges. The vectors of the normal beat (septal,
main and basal forces of the QRS, a T wave to the left, down and front) and of the patterns follow the textbook course of
activation and injury (Chou's Electrocardiography, 6th ed. 2008; Wagner GS, Strauss DG. Marriott's Practical
Electrocardiography. 12th ed. 2013); their lengths are set so that each lead has its usual height.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bedside.bank.figures.ecg.words import EcgWords
from bedside.bank.figures.tracing import Numbers

Vector = tuple[float, float, float]
QRS_MS = 90.0  # of the beats below, before they are stretched


@dataclass(frozen=True, slots=True)
class Wave:
    """A bump with its peak `at_ms` after the onset of its beat; `rise_ms` and `fall_ms` are standard deviations."""

    at_ms: float
    rise_ms: float
    fall_ms: float
    vector: Vector

    def course(self, ms: Numbers) -> Numbers:
        width = np.where(ms < self.at_ms, self.rise_ms, self.fall_ms)
        return np.exp(-0.5 * ((ms - self.at_ms) / width) ** 2)

    def reach(self) -> tuple[float, float]:
        return self.at_ms - 4 * self.rise_ms, self.at_ms + 4 * self.fall_ms


@dataclass(frozen=True, slots=True)
class Segment:
    """A level from `from_ms` to `to_ms` with edges of `soft_ms`."""

    from_ms: float
    to_ms: float
    soft_ms: float
    vector: Vector

    def course(self, ms: Numbers) -> Numbers:
        return 0.5 * (np.tanh((ms - self.from_ms) / self.soft_ms) - np.tanh((ms - self.to_ms) / self.soft_ms))

    def reach(self) -> tuple[float, float]:
        return self.from_ms - 4 * self.soft_ms, self.to_ms + 4 * self.soft_ms


Piece = Wave | Segment

P_WAVES: Mapping[str, tuple[Wave, ...]] = {  # first the right atrium, which lies in front, then the left one behind
    "sinus": (Wave(32, 14, 17, (0.05, 0.085, -0.06)), Wave(62, 17, 15, (0.075, 0.075, 0.055))),
    "retrograde": (Wave(38, 16, 16, (0.0, -0.17, 0.0)),),
    "ectopic-1": (Wave(42, 19, 19, (-0.02, -0.18, 0.03)),),
    "ectopic-2": (Wave(36, 15, 15, (0.06, 0.24, -0.06)),),
    "ectopic-3": (Wave(28, 14, 13, (0.05, 0.12, 0.0)), Wave(74, 15, 15, (0.05, 0.14, 0.03))),
}

_PEAKED_P = (Wave(38, 15, 15, (0.06, 0.25, -0.12)), Wave(66, 14, 14, (0.05, 0.05, 0.04)))  # a large right atrium

_SEPTAL = Wave(13, 6, 6, (-0.13, -0.05, -0.26))
_MAIN = Wave(41, 9, 9, (1.12, 0.88, 0.5))
_BASAL = Wave(58, 8, 10, (-0.1, -0.15, 0.42))
NORMAL_QRS = (_SEPTAL, _MAIN, _BASAL)

_QRS: Mapping[str, tuple[Wave, ...]] = {
    "lbbb": (
        Wave(22, 8, 10, (0.28, 0.2, 0.22)),
        Wave(38, 9, 12, (0.62, 0.45, 0.72)),
        Wave(64, 10, 9, (0.85, 0.2, 0.85)),
    ),
    "rbbb": (
        Wave(9, 4, 4, (-0.13, -0.05, -0.28)),
        Wave(27, 6, 6, (1.0, 0.85, 0.3)),
        Wave(42, 6, 7, (0.0, -0.1, 0.35)),
        Wave(66, 9, 9, (-0.62, -0.06, -0.62)),
    ),
    "anterior-stemi": (Wave(15, 7, 7, (-0.05, -0.03, 0.12)), Wave(41, 9, 9, (1.0, 0.85, 0.62)), _BASAL),
    "inferior-stemi": (Wave(14, 7, 7, (-0.08, -0.26, -0.24)), Wave(41, 9, 9, (1.12, 0.6, 0.5)), _BASAL),
    "posterior-stemi": (_SEPTAL, Wave(40, 9, 9, (1.05, 0.85, -0.15)), Wave(58, 9, 10, (-0.05, -0.1, -0.55))),
    "lvh": (
        Wave(13, 6, 6, (-0.2, -0.05, -0.3)),
        Wave(43, 10, 10, (1.95, 0.62, 1.05)),
        Wave(60, 8, 10, (-0.1, -0.12, 0.75)),
    ),
    "wpw": (
        Wave(32, 13, 13, (0.36, 0.3, -0.14)),
        Wave(55, 8, 8, (1.05, 0.75, 0.25)),
        Wave(70, 7, 8, (-0.1, -0.15, 0.4)),
    ),
    "right-heart-strain": (
        Wave(15, 6, 7, (0.1, -0.33, -0.22)),
        Wave(40, 9, 8, (0.75, 0.8, 0.35)),
        Wave(61, 8, 9, (-0.72, 0.05, 0.2)),
    ),
    "rvh": (
        Wave(30, 8, 9, (0.5, 0.3, -0.12)),
        Wave(52, 10, 10, (-0.8, 0.6, -0.68)),
    ),
    "osborn": (_SEPTAL, _MAIN, Wave(58, 8, 10, (0.0, 0.06, 0.4)), Wave(88, 12, 16, (0.3, 0.27, -0.05))),
}
_NORMAL_T: Vector = (0.27, 0.24, -0.2)
_T: Mapping[str, Vector] = {
    "lbbb": (-0.33, -0.12, -0.36),
    "rbbb": (0.3, 0.22, 0.1),
    "anterior-stemi": (0.28, 0.1, -0.36),
    "inferior-stemi": (0.1, 0.36, -0.05),
    "lateral-stemi": (0.36, 0.06, -0.02),
    "posterior-stemi": (0.22, 0.2, -0.36),
    "lvh": (-0.26, 0.02, -0.26),
    "wpw": (0.08, 0.08, -0.1),
    "right-heart-strain": (0.14, -0.04, 0.3),
    "rvh": (0.28, -0.06, 0.24),
}
_ST: Mapping[str, Vector] = {
    "lbbb": (-0.13, -0.04, -0.2),
    "anterior-stemi": (0.1, -0.1, -0.3),
    "inferior-stemi": (-0.06, 0.25, 0.06),
    "lateral-stemi": (0.24, -0.15, 0.07),
    "posterior-stemi": (0.02, 0.03, 0.22),
    "pericarditis": (0.2, 0.12, -0.06),
    "lvh": (-0.1, 0.0, -0.09),
}
_SMALL_T = {"af": 0.75, "flutter": 0.4}  # so that what the atria do is seen between the beats
SINE_WAVE = 8.0  # mEq/L of potassium from which QRS and T are one wave
_SINE = (Wave(85, 36, 44, (0.45, 0.95, 0.2)), Wave(215, 50, 52, (-0.25, -0.55, -0.1)), Wave(415, 88, 96, (0.3, 0.75, -0.25)))
_PR_LEVEL: Mapping[str, Vector] = {"pericarditis": (-0.08, -0.07, 0.02)}


def qrst(words: EcgWords, rr_s: float) -> list[Piece]:
    """QRS, ST and T of a beat that came down from above, from the onset of its QRS."""
    if words.potassium >= SINE_WAVE:
        return list(_SINE)
    stretch = words.qrs_ms * _widened(words.potassium) / QRS_MS
    pieces: list[Piece] = [_stretched(one, stretch) for one in _QRS.get(words.pattern, NORMAL_QRS)]
    if words.pattern == "normal" and stretch > 1.2:
        pieces = [_stretched(one, stretch) for one in _softened(NORMAL_QRS)]
    end = QRS_MS * stretch
    qt = max(words.qtc * rr_s ** (1 / 3), end + 180)
    if level := _ST.get(words.pattern):
        pieces.append(Segment(end - 6, qt - 95, 14, level))
    return pieces + _repolarised(words, end, qt, _SMALL_T.get(words.rhythm, 1.0))


def p_wave(words: EcgWords, kind: str) -> list[Piece]:
    """A P wave from its onset, and the PR segment behind it where that has a level of its own."""
    height = 1.0 if words.potassium <= 6.5 else max(0.0, 1 - (words.potassium - 6.5) / 1.5)
    if words.pattern == "electrical-alternans":
        height = 0.6  # in an effusion all waves are low
    waves = _PEAKED_P if kind == "sinus" and words.pattern == "rvh" else P_WAVES[kind]
    pieces: list[Piece] = [Wave(one.at_ms, one.rise_ms, one.fall_ms, _times(one.vector, height)) for one in waves]
    if kind == "sinus" and (level := _PR_LEVEL.get(words.pattern)):
        pieces.append(Segment(92, words.pr_ms, 6, level))
    return pieces


def _repolarised(words: EcgWords, end: float, qt: float, height: float) -> list[Piece]:
    """The T wave, and what potassium does to it: peaked and narrow above 5.5, flat with a U wave below 3.5."""
    vector = _times(_T.get(words.pattern, _NORMAL_T), height)
    fall = 0.085 * qt
    rise = 1.7 * fall
    if words.potassium > 5.5:
        peaked = min(words.potassium - 5.5, 2.0)
        return [Wave(qt - 2.6 * fall, 0.56 * rise, 0.75 * fall, _times(vector, 1.7 + 0.75 * peaked))]
    if words.potassium >= 3.5:
        return [Wave(qt - 2.2 * fall, rise, fall, vector)]
    low = 3.5 - words.potassium
    return [
        Segment(end, qt - 4 * fall, 16, _times(vector, -0.25 * low)),
        Wave(qt - 2.2 * fall, rise, fall, _times(vector, max(0.12, 1 - 0.75 * low))),
        Wave(qt + 1.6 * fall, 1.35 * fall, 1.35 * fall, _times(vector, 0.22 + 0.38 * low)),
    ]


def _widened(potassium: float) -> float:
    """How much wider the QRS is at a high potassium: from 6.5 mEq/L on, to about twice just below the sine wave."""
    return 1 + max(0.0, potassium - 6.5) * 0.6


def _softened(waves: Sequence[Wave]) -> list[Wave]:
    """Slow conduction blunts the edges of a wide QRS."""
    return [Wave(one.at_ms, one.rise_ms * 1.15, one.fall_ms * 1.15, one.vector) for one in waves]


def _stretched(wave: Wave, by: float) -> Wave:
    return Wave(wave.at_ms * by, wave.rise_ms * by, wave.fall_ms * by, wave.vector)


def _times(vector: Vector, by: float) -> Vector:
    return vector[0] * by, vector[1] * by, vector[2] * by


# beats that start in a ventricle: wide, and their T wave points the other way; peaks of both are in ms from their onset
_WIDE: Mapping[str, tuple[Piece, ...]] = {
    "ectopic": (
        Wave(45, 20, 22, (0.2, 0.55, 0.15)),
        Wave(80, 20, 20, (0.45, 1.05, 0.35)),
        Segment(150, 260, 20, (-0.06, -0.12, -0.05)),
        Wave(285, 52, 40, (-0.25, -0.5, -0.2)),
    ),
    "tachycardia": (
        Wave(42, 20, 18, (-0.35, -0.55, -0.5)),
        Wave(88, 24, 22, (-0.6, -0.95, -0.55)),
        Wave(215, 42, 34, (0.2, 0.5, 0.2)),
    ),
    "escape": (
        Wave(40, 18, 20, (0.25, 0.4, 0.35)),
        Wave(85, 24, 22, (0.5, 0.75, 0.6)),
        Wave(330, 60, 45, (-0.25, -0.4, -0.3)),
    ),
    "paced": (
        Wave(0, 2.2, 2.2, (0.25, 0.8, -0.35)),
        Wave(48, 20, 20, (0.35, -0.45, 0.4)),
        Wave(88, 23, 22, (0.5, -0.8, 0.6)),
        Segment(150, 270, 20, (-0.05, 0.08, -0.08)),
        Wave(310, 56, 42, (-0.25, 0.45, -0.3)),
    ),
}
WIDE_MS = 150.0  # their QRS


def wide_qrst(kind: str, rr_s: float) -> list[Piece]:
    """QRS and T of a beat that starts in a ventricle; the T wave comes nearer as the rhythm quickens."""
    if kind != "tachycardia":
        return list(_WIDE[kind])
    squeeze = min(1.0, (rr_s / (60 / 180)) ** 0.6)
    return [
        Wave(one.at_ms * squeeze, one.rise_ms * squeeze, one.fall_ms * squeeze, one.vector)
        for one in _WIDE[kind]
        if isinstance(one, Wave)
    ]


def long_qrst(rr_s: float) -> list[Piece]:
    """A narrow beat with a late, broad T wave: QTc 560 ms, as before torsades de pointes."""
    qt = 560 * rr_s ** (1 / 3)
    return [*NORMAL_QRS, Wave(qt - 100, 75, 48, _NORMAL_T)]
