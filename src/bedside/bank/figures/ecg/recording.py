"""From the words of an electrocardiogram to voltages: the dipole of all waves over time, projected on twelve leads.

The projection is the transform of Dower GE, Machado HB, Osborne JA (Clin Cardiol 1980;3:87-95); III and the augmented leads
follow from I and II by the laws of Einthoven and Goldberger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi

import numpy as np

from bedside.bank.figures.ecg.beats import Activity, Ventricular, beats_of
from bedside.bank.figures.ecg.waves import Piece, Wave, long_qrst, p_wave, qrst, wide_qrst
from bedside.bank.figures.ecg.words import EcgWords
from bedside.bank.figures.tracing import Chance, Numbers

PER_S = 500
_DOWER: Mapping[str, tuple[float, float, float]] = {
    "I": (0.632, -0.235, 0.059),
    "II": (0.235, 1.066, -0.132),
    "V1": (-0.515, 0.157, -0.917),
    "V2": (0.044, 0.164, -1.387),
    "V3": (0.882, 0.098, -1.277),
    "V4": (1.213, 0.127, -0.601),
    "V5": (1.125, 0.127, -0.086),
    "V6": (0.831, 0.076, 0.230),
}
_RISING = (-0.03, 0.29, -0.09)  # mV of the flutter's dipole for one unit of its saw
_QUIVER = (0.02, 0.05, -0.058)  # and of the fibrillating atria


@dataclass(frozen=True, slots=True)
class Recording:
    """Seconds from the start of the strip, mV of each lead at them, and what the heart did."""

    at_s: Numbers
    mv: Mapping[str, Numbers]
    activity: Activity


def record(words: EcgWords) -> Recording:
    """The electrocardiogram of these words."""
    activity = beats_of(words)
    at_s = np.arange(round(words.duration_s * PER_S) + 1) / PER_S
    chance = Chance(words.seed, "ecg recording")
    dipole = _background(activity, at_s, chance)
    for p in activity.atria:
        _add(dipole, at_s, p.at_s, p_wave(words, p.kind), 1.0)
    for qrs in activity.ventricles:
        _add(dipole, at_s, qrs.at_s, *_pieces(words, qrs))
    mv = {lead: dipole @ np.array(row) + _wander(at_s, chance) for lead, row in _DOWER.items()}
    return Recording(at_s, _all_twelve(mv), activity)


def _all_twelve(mv: dict[str, Numbers]) -> Mapping[str, Numbers]:
    one, two = mv["I"], mv["II"]
    derived = {"III": two - one, "aVR": -(one + two) / 2, "aVL": one - two / 2, "aVF": two - one / 2}
    order = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
    return {lead: (mv | derived)[lead] for lead in order}


def _pieces(words: EcgWords, qrs: Ventricular) -> tuple[list[Piece], float]:
    match qrs.kind:
        case "conducted":
            return qrst(words, qrs.rr_s), qrs.strength
        case "long":
            return long_qrst(qrs.rr_s), 1.0
        case "twisting":
            return _twisting(qrs), 1.0
        case kind:
            return wide_qrst(kind, qrs.rr_s), qrs.strength


def _twisting(qrs: Ventricular) -> list[Piece]:
    """A beat of torsades de pointes: its peaks turn around the baseline once in 3.2 seconds; it starts at `strength` s."""
    turn = np.cos(2 * pi * qrs.strength / 3.2)
    size = float(0.25 + 1.05 * abs(turn)) * (1 if turn >= 0 else -1)
    width = 1000 * qrs.rr_s
    return [
        Wave(0.3 * width, 0.13 * width, 0.15 * width, (0.2 * size, 0.9 * size, 0.2 * size)),
        Wave(0.78 * width, 0.15 * width, 0.13 * width, (-0.12 * size, -0.55 * size, -0.1 * size)),
    ]


def _add(dipole: Numbers, at_s: Numbers, onset_s: float, pieces: list[Piece], strength: float) -> None:
    for piece in pieces:
        low, high = (onset_s + end / 1000 for end in piece.reach())
        first, last = np.searchsorted(at_s, [low, high])
        if first < last:
            course = strength * piece.course(1000 * (at_s[first:last] - onset_s))
            dipole[first:last] += course[:, None] * np.array(piece.vector)


def _background(activity: Activity, at_s: Numbers, chance: Chance) -> Numbers:
    match activity.background:
        case "fibrillation":
            return np.asarray(_quiver(at_s, chance)[:, None] * np.array(_QUIVER))
        case "flutter":
            return np.asarray(_saw(at_s, activity, chance)[:, None] * np.array(_RISING))
        case "chaos":
            return _chaos(at_s, chance)
        case _:
            return np.zeros((len(at_s), 3))


def _quiver(at_s: Numbers, chance: Chance) -> Numbers:
    """Waves of 6 to 9 a second whose height comes and goes."""
    total = np.zeros_like(at_s)
    for _ in range(5):
        rate, slow = chance.between(5.8, 9.2), chance.between(0.3, 0.9)
        phase, other = chance.between(0, 2 * pi), chance.between(0, 2 * pi)
        total += (0.6 + 0.4 * np.sin(2 * pi * slow * at_s + other)) * np.sin(2 * pi * rate * at_s + phase)
    return np.asarray(total / 1.5)


def _saw(at_s: Numbers, activity: Activity, chance: Chance) -> Numbers:
    """Flutter in lead II: a slow fall, a steep one, and a sharp rise, without a level between. Kept in step with the QRS."""
    start = activity.ventricles[0].at_s + chance.between(0.25, 0.4) * 60 / activity.atrial_rate
    phase = ((at_s - start) * activity.atrial_rate / 60) % 1.0
    saw = np.interp(phase, [0, 0.5, 0.74, 0.9, 1], [0.35, -0.05, -1.0, 0.2, 0.35])
    soft = np.exp(-0.5 * (np.arange(-12, 13) / 4.5) ** 2)
    padded = np.pad(saw, 12, mode="edge")
    return np.asarray(np.convolve(padded, soft / soft.sum(), mode="valid"))


def _chaos(at_s: Numbers, chance: Chance) -> Numbers:
    """Ventricular fibrillation: coarse waves of 3 to 7 a second, each direction by itself, no two alike."""
    dipole = np.zeros((len(at_s), 3))
    for axis, size in enumerate((0.16, 0.3, 0.16)):
        for _ in range(6):
            rate, slow = chance.between(3.2, 6.8), chance.between(0.15, 0.7)
            phase, other, bend = (chance.between(0, 2 * pi) for _ in range(3))
            swing = 0.5 + 0.5 * np.sin(2 * pi * slow * at_s + other)
            dipole[:, axis] += size * swing * np.sin(2 * pi * rate * at_s + phase + 0.9 * np.sin(2 * pi * slow * at_s + bend))
    return dipole


def _wander(at_s: Numbers, chance: Chance) -> Numbers:
    """The baseline moves a little with breathing."""
    phase, other = chance.between(0, 2 * pi), chance.between(0, 2 * pi)
    return np.asarray(0.012 * np.sin(2 * pi * 0.23 * at_s + phase) + 0.008 * np.sin(2 * pi * 0.11 * at_s + other))
