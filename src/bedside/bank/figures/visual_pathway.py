"""What of the visual field is lost where the pathway is cut: from the half of the retina to the visual cortex.

The image is turned over: the nasal half of a retina sees the temporal field, the upper half the lower field. Fibres of nasal
halves cross in the chiasm, so that each tract, radiation and cortex holds the field of the other side in both eyes. Fibres of
lower retinas (upper field) go through the temporal lobe (Meyer's loop) to the lower bank of the calcarine fissure, those of
upper retinas through the parietal lobe to the upper bank; the macula lies at the pole. Textbook anatomy, as in Spector RH.
Visual fields. In: Clinical Methods, 3rd ed. Butterworths 1990, chapter 116. Losses are drawn absolute and congruous, which
losses in front of the cortex seldom are. Extents of a normal field: 38 CFR 4.76a, table III.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Eye = Literal["left", "right"]
Side = Literal["left", "right", "both"]
Half = Literal["upper", "lower"]
EyeLesion = Literal["optic-nerve", "central", "centrocecal", "altitudinal", "arcuate", "constricted", "papilledema"]
BrainLesion = Literal[
    "junction", "chiasm", "chiasm-below", "chiasm-above", "chiasm-lateral",
    "tract", "meyer", "parietal", "occipital", "occipital-complete", "occipital-pole", "cuneus", "lingual",
]  # fmt: skip
Lesion = Literal["none", EyeLesion, BrainLesion]

# how far a field goes, degrees: temporal, up and temporal, up, and so on, against the clock in the right eye
EXTENTS = (85, 55, 45, 55, 60, 50, 65, 85)
SPOT_ACROSS, SPOT_DOWN = 15.0, 1.5  # of the blind spot, temporal and below
SPOT_WIDTH, SPOT_HEIGHT = 5.5, 7.5
MACULA = 8.0  # degrees around fixation that the pole of the cortex holds

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the pathway is cut. `size` is in degrees: of a scotoma, of what is left of a constricted field, of the macula."""

    lesion: Lesion
    side: Side = "left"
    size: float = 10.0
    half: Half = "lower"


def lost(cut: Cut, eye: Eye, x: Floats, y: Floats) -> Bools:
    """Which points of an eye's field are not seen.

    Args:
        x: degrees right of fixation, as the person sees it.
        y: degrees above fixation.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    temporal = x if eye == "right" else -x
    if cut.lesion == "none":
        return np.zeros(x.shape, dtype=np.bool_)
    if cut.lesion in _IN_EYE:
        return _in_eye(cut, temporal, y) if cut.side in (eye, "both") else np.zeros(x.shape, dtype=np.bool_)
    if cut.lesion in ("junction", "chiasm-lateral") or cut.lesion.startswith("chiasm"):
        return _at_chiasm(cut, eye, temporal, y)
    is_mine = (x > 0) if cut.side == "left" else (x < 0)
    return is_mine & _behind_chiasm(cut, np.hypot(x, y), y)


def extent(eye: Eye, angle: Floats) -> Floats:
    """How far a normal field goes, degrees, by the angle (radians, against the clock from the right)."""
    turned = np.asarray(angle, dtype=np.float64) if eye == "right" else np.pi - np.asarray(angle, dtype=np.float64)
    place = np.mod(turned / (np.pi / 4), 8)
    first = np.floor(place).astype(np.int64)
    share = place - first
    p = [np.take(EXTENTS, (first + step) % 8) for step in (-1, 0, 1, 2)]
    slopes = (p[2] - p[0]) / 2, (p[3] - p[1]) / 2  # cubic through the eight, smooth at each
    squared, cubed = share**2, share**3
    return np.asarray(
        (2 * cubed - 3 * squared + 1) * p[1] + (cubed - 2 * squared + share) * slopes[0]
        + (3 * squared - 2 * cubed) * p[2] + (cubed - squared) * slopes[1],
        dtype=np.float64,
    )  # fmt: skip


_IN_EYE = ("optic-nerve", "central", "centrocecal", "altitudinal", "arcuate", "constricted", "papilledema")


def _in_eye(cut: Cut, temporal: Floats, y: Floats) -> Bools:
    """Losses of one eye, from the retina to the optic nerve."""
    far = np.hypot(temporal, y)
    up = y if cut.half == "upper" else -y
    if cut.lesion == "central":
        return far <= cut.size
    if cut.lesion == "centrocecal":
        return ((temporal - 8) / 13) ** 2 + (y / 7) ** 2 <= 1
    if cut.lesion == "altitudinal":
        return up > 0
    if cut.lesion == "arcuate":  # from the blind spot around fixation to the nasal end of the horizontal line
        share = np.arctan2(np.maximum(up, 0), temporal) / np.pi
        return (up > 0) & (far >= 10) & (far <= 18 + 10 * share)
    if cut.lesion == "constricted":
        return far > cut.size
    if cut.lesion == "papilledema":
        across, high = SPOT_WIDTH / 2 * cut.size / 5, SPOT_HEIGHT / 2 * cut.size / 5
        return ((temporal - SPOT_ACROSS) / across) ** 2 + ((y + SPOT_DOWN) / high) ** 2 <= 1
    return np.ones(far.shape, dtype=np.bool_)


def _at_chiasm(cut: Cut, eye: Eye, temporal: Floats, y: Floats) -> Bools:
    """Crossing fibres see the temporal field of both eyes; those from below (lower retina) its upper half."""
    crossing = temporal > 0
    if cut.lesion == "chiasm":
        return crossing
    if cut.lesion == "chiasm-below":
        return crossing & (y > 0)
    if cut.lesion == "chiasm-above":
        return crossing & (y < 0)
    if cut.lesion == "chiasm-lateral":
        return (temporal < 0) & (cut.side in (eye, "both"))
    # junction of nerve and chiasm: the whole nerve, and fibres of the other eye that have just crossed from below
    return np.ones(temporal.shape, dtype=np.bool_) if eye == cut.side else crossing & (y > 0)


def _behind_chiasm(cut: Cut, far: Floats, y: Floats) -> Bools:
    """In the half of the field that this side of the brain sees."""
    if cut.lesion in ("meyer", "lingual"):
        found = y > 0
    elif cut.lesion in ("parietal", "cuneus"):
        found = y < 0
    elif cut.lesion == "occipital-pole":
        found = far <= cut.size
    else:
        found = np.ones(far.shape, dtype=np.bool_)
    has_sparing = cut.lesion in ("occipital", "cuneus", "lingual")  # the pole has a second artery
    return found & (far > cut.size) if has_sparing else found
