"""The figure `visual_field`: both eyes' fields as the person sees them, hatched where nothing is seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import cos, pi, sin
from typing import Self

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.sheet import Point, Sheet
from bedside.bank.figures.visual_pathway import (
    MACULA,
    SPOT_ACROSS,
    SPOT_DOWN,
    SPOT_HEIGHT,
    SPOT_WIDTH,
    Bools,
    Cut,
    Eye,
    Floats,
    Half,
    Lesion,
    Side,
    extent,
    lost,
)

DEGREE = 1.4  # units
RADIUS = 90
TOP, WIDTH = 36.0, 600.0
HATCH = 6.0  # units between lines
N_ANGLES, N_RINGS = 360, 180  # half a degree a ring

CENTRES: dict[Eye, float] = {"left": 160.0, "right": 440.0}
MIDDLE = TOP + DEGREE * RADIUS
_SIZES = {"central": 10.0, "constricted": 15.0, "papilledema": 11.0}
_SIZED = ("central", "constricted", "papilledema", "occipital", "occipital-pole", "cuneus", "lingual")
_HALVED = ("altitudinal", "arcuate")
_ONE_SIDED = (
    "junction",
    "tract",
    "meyer",
    "parietal",
    "occipital",
    "occipital-complete",
    "occipital-pole",
    "cuneus",
    "lingual",
)


class VisualFieldParameters(Parameters):
    """A lesion of the visual pathway; `size` in degrees."""

    lesion: Lesion = "none"
    side: Side | None = None
    half: Half | None = None
    size: float | None = Field(default=None, ge=4, le=30)
    key: bool = True

    @model_validator(mode="after")
    def _matching(self) -> Self:
        is_central = self.lesion in ("none", "chiasm", "chiasm-below", "chiasm-above")
        if is_central and self.side is not None:
            raise ValueError(f"lesion={self.lesion} has no side")
        if not is_central and self.side is None:
            raise ValueError(
                f"lesion={self.lesion} needs a side: left or right{'' if self.lesion in _ONE_SIDED else ' or both'}"
            )
        if self.lesion in _ONE_SIDED and self.side == "both":
            raise ValueError(f"lesion={self.lesion} is on one side, left or right")
        if (self.half is None) == (self.lesion in _HALVED):
            raise ValueError(
                "half is the half of the field that is lost, upper or lower, of lesion=altitudinal or arcuate alone"
            )
        if self.size is not None and self.lesion not in _SIZED:
            raise ValueError(f"lesion={self.lesion} has no size; a size in degrees have {', '.join(_SIZED)}")
        return self

    def cut(self) -> Cut:
        """Where the pathway is cut."""
        size = self.size if self.size is not None else _SIZES.get(self.lesion, MACULA)
        return Cut(self.lesion, self.side or "left", size, self.half or "lower")


def draw_visual_field(given: VisualFieldParameters) -> Drawing:
    """The left eye at the left, as the person sees."""
    sheet = Sheet(WIDTH, MIDDLE + DEGREE * RADIUS + (48 if given.key else 20))
    eyes: tuple[Eye, Eye] = ("left", "right")
    for eye in eyes:
        _circles(sheet, eye)
        sheet.lines(_hatch(given.cut(), eye), "trace")
        for line in _edges(given.cut(), eye):
            sheet.path(line, "trace")
        angles = np.arange(0, 360, 6) * pi / 180
        rim = [_at(eye, angle, far) for angle, far in zip(angles.tolist(), extent(eye, angles).tolist(), strict=True)]
        sheet.path(rim, "line", is_closed=True)
        _blind_spot(sheet, eye)
        for degrees in (30, 60, 90):
            x, y = _at(eye, -pi / 4, degrees)
            sheet.text(f"{degrees}°", x + 3, y + 9, kind="dim on-grid")
        sheet.text(f"{eye.capitalize()} eye", CENTRES[eye], 18, anchor="middle")
    if given.key:
        _key(sheet)
    return sheet.drawing()


def _at(eye: Eye, angle: float, far: float) -> Point:
    return CENTRES[eye] + DEGREE * far * cos(angle), MIDDLE - DEGREE * far * sin(angle)


def _circles(sheet: Sheet, eye: Eye) -> None:
    x = CENTRES[eye]
    for far in (30, 60, 90):
        sheet.circle(x, MIDDLE, DEGREE * far, "grid wide")
    reach = DEGREE * RADIUS
    sheet.lines([((x - reach, MIDDLE), (x + reach, MIDDLE)), ((x, MIDDLE - reach), (x, MIDDLE + reach))], "grid wide")
    sheet.lines([((x - 4, MIDDLE), (x + 4, MIDDLE)), ((x, MIDDLE - 4), (x, MIDDLE + 4))], "axis")


def _blind_spot(sheet: Sheet, eye: Eye) -> None:
    way = 1 if eye == "right" else -1
    x, y = CENTRES[eye] + way * DEGREE * SPOT_ACROSS, MIDDLE + DEGREE * SPOT_DOWN
    sheet.ellipse(x, y, DEGREE * SPOT_WIDTH / 2, DEGREE * SPOT_HEIGHT / 2)


def _hatch(cut: Cut, eye: Eye) -> Iterator[tuple[Point, Point]]:
    """Parts of slanting lines that lie in what is lost of the field."""
    x, y, inside = _slants(eye)
    wanted = inside & lost(cut, eye, x / DEGREE, y / DEGREE)
    for n in np.flatnonzero(wanted.any(axis=1)).tolist():
        for first, last in _runs(wanted[n]):
            if last > first:
                yield (CENTRES[eye] + x[n, first], MIDDLE - y[n, first]), (CENTRES[eye] + x[n, last], MIDDLE - y[n, last])


@cache
def _slants(eye: Eye) -> tuple[Floats, Floats, Bools]:
    """Points of slanting lines, units right of and above fixation, a line a row; and whether they lie in a normal field."""
    reach = DEGREE * RADIUS
    along, shift = np.arange(-1.5 * reach, 1.5 * reach, 0.5), np.arange(-2 * reach, 2 * reach, HATCH * 2**0.5)
    x, y = along[None, :] + shift[:, None] / 2, along[None, :] - shift[:, None] / 2
    return x, y, np.hypot(x, y) / DEGREE < extent(eye, np.arctan2(y, x))


@cache
def _polar(eye: Eye) -> tuple[Floats, Floats, Bools]:
    """Points of small cells between rays and circles, degrees right of and above fixation; and whether they lie in a field."""
    angles = (np.arange(N_ANGLES) + 0.5) * 2 * pi / N_ANGLES
    angle, far = np.meshgrid(angles, (np.arange(N_RINGS) + 0.5) * RADIUS / N_RINGS, indexing="ij")
    return far * np.cos(angle), far * np.sin(angle), far < extent(eye, angle)


def _edges(cut: Cut, eye: Eye) -> Iterator[list[Point]]:
    """Lines between what is lost and what is seen: along circles and along rays."""
    x, y, inside = _polar(eye)
    gone = lost(cut, eye, x, y)
    rays = (gone != np.roll(gone, 1, axis=0)) & inside & np.roll(inside, 1, axis=0)
    for n in np.flatnonzero(rays.any(axis=1)).tolist():
        for first, last in _runs(rays[n]):
            turn = n * 2 * pi / N_ANGLES
            yield [_at(eye, turn, first * RADIUS / N_RINGS), _at(eye, turn, (last + 1) * RADIUS / N_RINGS)]
    circles = (gone[:, 1:] != gone[:, :-1]) & inside[:, 1:]
    for ring in np.flatnonzero(circles.any(axis=0)).tolist():
        for first, last in _runs(circles[:, ring]):
            turns = [*range(first, last + 1, 6), last + 1]
            yield [_at(eye, turn * 2 * pi / N_ANGLES, (ring + 1) * RADIUS / N_RINGS) for turn in turns]


def _runs(wanted: Bools) -> list[tuple[int, int]]:
    """First and last place of each run of True."""
    change = np.flatnonzero(np.diff(np.concatenate([[0], wanted.astype(np.int8), [0]])))
    return [(int(first), int(last) - 1) for first, last in zip(change[::2], change[1::2], strict=True)]


def _key(sheet: Sheet) -> None:
    y = sheet.height - 18
    x = CENTRES["left"] - 60
    sheet.lines([((x + 8 * n, y + 5), (x + 10 + 8 * n, y - 5)) for n in range(4)], "trace")
    sheet.text("not seen", x + 46, y + 4.5)
    sheet.ellipse(x + 150, y, DEGREE * SPOT_WIDTH / 2, DEGREE * SPOT_HEIGHT / 2)
    sheet.text("blind spot", x + 164, y + 4.5)
    sheet.lines([((x + 266, y), (x + 274, y)), ((x + 270, y - 4), (x + 270, y + 4))], "axis")
    sheet.text("fixation (as the person sees)", x + 284, y + 4.5)


KIND = FigureKind(
    "visual_field",
    VisualFieldParameters,
    draw_visual_field,
    "Both eyes' fields as the person sees them, hatched where not seen, by the place of the `lesion`: in one eye (`side` "
    "is the eye), at the chiasm, or behind it (`side` is that of the brain). `size`, degrees, is of a scotoma, of what is left "
    "of a constricted field, or of the macula in lesions of the cortex; `half` is what is lost.",
    "visual_field lesion=meyer side=left",
)
