"""The figure `audiogram`: both ears by air and bone conduction, with the symbols of the American Speech-Language-Hearing
Association (Audiometric symbols, guidelines, 1990): an octave is as wide as 20 dB are high, loss goes down, unmasked air is O
(right) and X (left), masked air a triangle and a square, unmasked bone < and >, masked bone [ and ].
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bedside.bank.figures.hearing import (
    BEST,
    BONE_TONES,
    OCTAVES,
    TONES,
    WORST,
    WORST_BONE,
    Ear,
    Pattern,
    ear_of,
    needs_masking_of_air,
    needs_masking_of_bone,
)
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.bank.figures.sheet import Sheet
from bedside.drawing import number

OCTAVE, DECIBEL = 54.0, 2.7  # units: 20 dB are as high as an octave is wide
LEFT, TOP, WIDTH = 88.0, 54.0, 620.0
SIZE = 6.0

Side = Literal["right", "left"]
Level = Annotated[int, Field(ge=BEST, le=WORST, multiple_of=5)]


class AudiogramParameters(Parameters):
    """Each ear by a pattern, or by its thresholds in dB HL."""

    right: Pattern = "normal"
    left: Pattern = "normal"
    loss_db: tuple[Annotated[float, Field(ge=30, le=90)], ...] = Field(default=(55,), min_length=1, max_length=2)
    gap_db: tuple[Annotated[float, Field(ge=25, le=50)], ...] = Field(default=(30,), min_length=1, max_length=2)
    right_air: tuple[Level, ...] = Field(default=(), max_length=len(TONES))
    left_air: tuple[Level, ...] = Field(default=(), max_length=len(TONES))
    right_bone: tuple[Level, ...] = Field(default=(), max_length=len(BONE_TONES))
    left_bone: tuple[Level, ...] = Field(default=(), max_length=len(BONE_TONES))
    masking: bool = True
    bone: bool = True
    key: bool = True

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for side in ("right", "left"):
            for problem in self._problems(side):
                raise ValueError(f"{problem} ({side} ear)")
        return self

    def ear(self, side: Side) -> Ear:
        """The thresholds of an ear: as written, or by its pattern."""
        n = 0 if side == "right" else -1
        air, bone = (self.right_air, self.right_bone) if side == "right" else (self.left_air, self.left_bone)
        if not air:
            return ear_of(self.right if side == "right" else self.left, self.loss_db[n], self.gap_db[n])
        tones = OCTAVES if len(air) == len(OCTAVES) else TONES
        return Ear(dict(zip(tones, air, strict=True)), dict(zip(BONE_TONES, bone, strict=True)) if bone else {})

    def _problems(self, side: Side) -> Iterator[str]:
        air, bone = (self.right_air, self.right_bone) if side == "right" else (self.left_air, self.left_bone)
        if air and len(air) not in (len(OCTAVES), len(TONES)):
            yield f"air has 6 thresholds, at {_said(OCTAVES)} Hz, or 8, with 3000 and 6000 Hz"
        elif bone and (len(bone) != len(BONE_TONES) or not air):
            yield f"bone has 5 thresholds, at {_said(BONE_TONES)} Hz, and is written beside air"
        elif bone and max(bone) > WORST_BONE:
            yield f"bone is tested up to {WORST_BONE} dB"
        elif bone:
            ear = self.ear(side)
            if any(level > ear.air[tone] + 10 for tone, level in ear.bone.items()):
                yield "bone is at most 10 dB worse than air at the same tone"


def draw_audiogram(given: AudiogramParameters) -> Drawing:
    """The grid with both ears, and the key of the symbols that were used."""
    ears: dict[Side, Ear] = {"right": given.ear("right"), "left": given.ear("left")}
    sheet = Sheet(WIDTH if given.key else LEFT + 6 * OCTAVE + 60, TOP + DECIBEL * (WORST - BEST) + 20)
    _grid(sheet)
    used: dict[str, tuple[Side, str]] = {}
    for n, side in enumerate(ears):
        sheet.path([(_x(tone), _y(level)) for tone, level in ears[side].air.items()], f"line d{n}")
    for side, ear in ears.items():
        other = ears["left" if side == "right" else "right"]
        masked_air, masked_bone = needs_masking_of_air(ear, other), needs_masking_of_bone(ear)
        for tone, level in ear.air.items():
            name = "masked air" if given.masking and masked_air[tone] else "air"
            _symbol(sheet, side, name, _x(tone), _y(level))
            used[f"{side} {name}"] = side, name
        for tone, level in ear.bone.items() if given.bone else ():
            name = "masked bone" if given.masking and masked_bone[tone] else "bone"
            _symbol(sheet, side, name, _x(tone), _y(level))
            used[f"{side} {name}"] = side, name
    if given.key:
        _key(sheet, list(used.values()))
    return sheet.drawing()


def _x(tone: float) -> float:
    return LEFT + OCTAVE * log2(tone / 125)


def _y(level: float) -> float:
    return TOP + DECIBEL * (level - BEST)


def _said(tones: tuple[int, ...]) -> str:
    return ", ".join(map(str, tones))


def _grid(sheet: Sheet) -> None:
    left, right, top, low = _x(125) - 20, _x(8000) + 20, _y(BEST), _y(WORST)
    sheet.path([(left, top), (right, top), (right, low), (left, low)], "axis", is_closed=True)
    for level in range(BEST, WORST + 1, 10):
        sheet.lines([((left, _y(level)), (right, _y(level)))], "axis" if level == 0 else "grid wide")
        sheet.text(number(level), left - 8, _y(level) + 4.5, anchor="end")
    for tone in (125, *OCTAVES):
        sheet.lines([((_x(tone), top), (_x(tone), low))], "grid wide")
        sheet.text(str(tone), _x(tone), top - 8, anchor="middle")
    sheet.lines([((_x(tone), top), (_x(tone), low)) for tone in (3000, 6000)], "grid")
    sheet.text("Frequency (Hz)", (left + right) / 2, top - 28, anchor="middle")
    sheet.upward("Hearing level (dB HL)", 14, (top + low) / 2)


def _symbol(sheet: Sheet, side: Side, name: str, x: float, y: float) -> None:
    """Air on the line of its tone; bone beside it, that of the right ear at the left, as one looks at the patient."""
    way = -1 if side == "right" else 1
    if name == "air" and side == "right":
        sheet.circle(x, y, SIZE)
    elif name == "air":
        sheet.lines([((x - SIZE, y - SIZE), (x + SIZE, y + SIZE)), ((x - SIZE, y + SIZE), (x + SIZE, y - SIZE))], "line")
    elif name == "masked air" and side == "right":
        sheet.path([(x, y - SIZE - 1), (x + SIZE + 1, y + SIZE - 1), (x - SIZE - 1, y + SIZE - 1)], "hollow", is_closed=True)
    elif name == "masked air":
        sheet.box(x, y, 2 * SIZE, 2 * SIZE)
    elif name == "bone":
        sheet.path([(x + way * 8, y - SIZE), (x + way * 16, y), (x + way * 8, y + SIZE)], "line")
    else:
        sheet.path(
            [(x + way * 8, y - SIZE), (x + way * 13, y - SIZE), (x + way * 13, y + SIZE), (x + way * 8, y + SIZE)], "line"
        )


def _key(sheet: Sheet, used: list[tuple[Side, str]]) -> None:
    x, y = _x(8000) + 46, _y(BEST) + 10
    sides: tuple[Side, Side] = ("right", "left")
    for n, side in enumerate(sides):
        sheet.text(f"{side.capitalize()} ear", x, y + 4.5)
        y += 24
        for name in ("air", "masked air", "bone", "masked bone"):
            if (side, name) in used:
                shift = 0 if "air" in name else (12 if side == "right" else -12)
                if name == "air":
                    sheet.lines([((x - 6, y), (x + 26, y))], f"line d{n}")
                _symbol(sheet, side, name, x + 10 + shift, y)
                sheet.text({"air": "air", "bone": "bone"}.get(name, name.replace("masked ", "") + ", masked"), x + 36, y + 4.5)
                y += 24
        y += 10


KIND = FigureKind(
    "audiogram",
    AudiogramParameters,
    draw_audiogram,
    "Both ears with the standard symbols. Each ear has a pattern (`loss_db` of the inner ear at its worst tone, "
    "`gap_db` between air and bone; two numbers are right and left) or thresholds: air at 250, 500, 1000, 2000, 4000 "
    "and 8000 Hz (with 3000 and 6000 eight), bone up to 4000 Hz. Masked symbols stand where masking is needed.",
    "audiogram right=normal left=otosclerosis gap_db=35",
)
