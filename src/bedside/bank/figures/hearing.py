"""Thresholds of hearing by air and bone conduction, by what is wrong with the ear.

A threshold by bone is what the inner ear hears; a threshold by air is that and what is lost on the way there. The shapes are
those that textbooks name, set into numbers by hand; they are examples, not averages of patients: falling to high tones
(presbycusis), a notch at 4 kHz that recovers at 8 kHz by 10 dB at least (Wilson RH, McArdle R. J Rehabil Res Dev
2013;50:111-32), low tones worst (Ménière). The shift of bone conduction by a fixed stapes is Carhart's: 5, 10, 15 and 5 dB at
500, 1000, 2000 and 4000 Hz (Carhart R. Arch Otolaryngol 1950;51:798-808).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

TONES = (250, 500, 1000, 2000, 3000, 4000, 6000, 8000)  # Hz
OCTAVES = (250, 500, 1000, 2000, 4000, 8000)
BONE_TONES = (250, 500, 1000, 2000, 4000)
BEST, WORST, WORST_BONE = -10, 120, 70  # dB HL; louder tones than these an audiometer doesn't make
ATTENUATION = 40  # dB of a tone by air that the head keeps from the other ear
GAP = 15  # dB between air and bone from which the other ear is masked when bone is tested

Pattern = Literal["normal", "conductive", "otosclerosis", "presbycusis", "noise", "meniere", "flat", "mixed"]
Levels = Mapping[int, int]

_HEALTHY = (5, 5, 5, 5, 10, 10, 10, 10)
_FALLING = (0, 0.05, 0.12, 0.4, 0.65, 0.85, 1, 1.1)
_NOTCH = (0, 0, 0, 0.12, 0.6, 1, 0.65, 0.2)
_RISING = (1, 1, 0.8, 0.45, 0.35, 0.3, 0.35, 0.4)
_EFFUSION = (1, 1, 1, 0.85, 0.85, 0.9, 0.95, 0.95)
_STAPES = (1.25, 1.2, 1.1, 0.95, 0.9, 0.85, 0.8, 0.8)
_CARHART = (0, 5, 10, 15, 10, 5, 0, 0)


@dataclass(frozen=True, slots=True)
class Ear:
    """Thresholds in dB HL by tone in Hz."""

    air: Levels
    bone: Levels


def ear_of(pattern: Pattern, loss: float, gap: float) -> Ear:
    """The ear of a pattern; thresholds in steps of 5 dB.

    Args:
        loss: of the inner ear at the tone that is worst, dB HL.
        gap: between air and bone, dB.
    """
    inner, outer = _inner(pattern, loss), _outer(pattern, gap)
    bone = dict(zip(TONES, inner, strict=True))
    air = {tone: _step(one + more) for tone, one, more in zip(TONES, inner, outer, strict=True)}
    found = {tone: _step(bone[tone]) for tone in BONE_TONES}
    return Ear(air, {tone: level for tone, level in found.items() if level <= WORST_BONE})


def needs_masking_of_air(tested: Ear, other: Ear) -> dict[int, bool]:
    """By tone: could the inner ear of the other side have heard what was given to the tested one?"""
    return {tone: level - _inner_level(other, tone) >= ATTENUATION for tone, level in tested.air.items()}


def needs_masking_of_bone(tested: Ear) -> dict[int, bool]:
    """By tone: is air so much worse than bone that it may have been the other ear that heard?"""
    return {tone: tested.air[tone] - level >= GAP for tone, level in tested.bone.items()}


def _inner(pattern: Pattern, loss: float) -> list[float]:
    shapes = {"presbycusis": _FALLING, "mixed": _FALLING, "noise": _NOTCH}
    if pattern in shapes:
        return [10 + (loss - 10) * share for share in shapes[pattern]]
    if pattern == "meniere":
        return [loss * share for share in _RISING]
    if pattern == "flat":
        return [loss] * len(TONES)
    if pattern == "otosclerosis":
        return [5 + shift for shift in _CARHART]
    return [float(one) for one in _HEALTHY]


def _outer(pattern: Pattern, gap: float) -> list[float]:
    if pattern == "otosclerosis":
        return [max(gap * share - 0.5 * shift, 0) for share, shift in zip(_STAPES, _CARHART, strict=True)]
    if pattern in ("conductive", "mixed"):
        return [gap * share for share in _EFFUSION]
    return [0.0] * len(TONES)


def _inner_level(ear: Ear, tone: int) -> int:
    """By bone at the tone that is nearest, for lack of it by air."""
    if not ear.bone:
        return ear.air[tone]
    return ear.bone[min(ear.bone, key=lambda one: abs(one - tone))]


def _step(level: float) -> int:
    return int(min(max(5 * round(level / 5), BEST), WORST))
