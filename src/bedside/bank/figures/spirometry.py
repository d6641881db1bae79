"""`spirometry`: the flow-volume loop and the volume-time curve of a forced breath, with the predicted one dashed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.breathing import Breath, Effort, ImpossibleBreathError, breath
from bedside.bank.figures.curves import Curve, Numbers, drawing, put_curves
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.drawing import Frame, number, ticks


class Pattern(StrEnum):
    """The shape of the loop. What is not given as a number follows from it and from what is predicted."""

    NORMAL = "normal"
    OBSTRUCTION = "obstruction"
    RESTRICTION = "restriction"
    VARIABLE_EXTRATHORACIC = "variable-extrathoracic"
    VARIABLE_INTRATHORACIC = "variable-intrathoracic"
    FIXED = "fixed"


class Show(StrEnum):
    """Which of the two charts."""

    LOOP = "loop"
    VOLUME = "volume"
    BOTH = "both"


class Volumes(StrEnum):
    """What the axis of the loop counts: volume breathed out, or volume in the lungs."""

    EXHALED = "exhaled"
    ABSOLUTE = "absolute"


# share of the predicted FVC, FEV1/FVC, share of the predicted peak flows out and in, residual volume as a share
_USUAL = {
    Pattern.NORMAL: (0.96, 0.81, 0.97, 0.95, 1.0),
    Pattern.OBSTRUCTION: (0.80, 0.48, 0.50, 0.75, 2.2),
    Pattern.RESTRICTION: (0.55, 0.86, 0.75, 0.70, 0.75),
    Pattern.VARIABLE_EXTRATHORACIC: (0.98, 0.79, 0.95, 0.33, 1.0),
    Pattern.VARIABLE_INTRATHORACIC: (0.97, 0.60, 0.35, 0.95, 1.1),
    Pattern.FIXED: (0.96, 0.58, 0.33, 0.33, 1.1),
}
_HELD_OUT = (Pattern.VARIABLE_INTRATHORACIC, Pattern.FIXED)
_HELD_IN = (Pattern.VARIABLE_EXTRATHORACIC, Pattern.FIXED)


ALONE, BESIDE, HEIGHT = 420, 310, 400  # widths of a chart alone and of two beside each other; both are so high


class Spirometry(Parameters):
    """Volumes in L, flows in L/s."""

    pattern: Pattern = Pattern.NORMAL
    fvc: Annotated[float | None, Field(ge=0.8, le=8)] = None
    fev1: Annotated[float | None, Field(ge=0.3, le=7)] = None
    pef: Annotated[float | None, Field(ge=0.8, le=14)] = None
    predicted_fvc: Annotated[float, Field(ge=1.5, le=7)] = 5.0
    predicted_pef: Annotated[float, Field(ge=4, le=14)] = 9.5
    predicted: bool = True
    show: Show = Show.LOOP
    volumes: Volumes = Volumes.EXHALED
    seconds: Annotated[int, Field(ge=6, le=15)] = 6

    @model_validator(mode="after")
    def _possible(self) -> Spirometry:
        fvc, fev1, _, _ = values_of(self)
        if fev1 > 0.95 * fvc:
            raise ValueError(f"fev1 is {fev1:.3g} L of an fvc of {fvc:.3g} L; it can be 95% at most")
        if fev1 < 0.3 * fvc:
            raise ValueError(f"fev1 is {fev1:.3g} L of an fvc of {fvc:.3g} L; below 30% no curve is drawn")
        ratio = fev1 / fvc
        if self.pattern is Pattern.OBSTRUCTION and ratio >= 0.7:
            raise ValueError(f"pattern=obstruction needs fev1/fvc below 0.7, and it is {ratio:.2f}")
        if self.pattern in (Pattern.NORMAL, Pattern.RESTRICTION) and ratio < 0.7:
            raise ValueError(f"pattern={self.pattern} needs fev1/fvc of 0.7 or more, and it is {ratio:.2f}")
        if self.pattern is Pattern.RESTRICTION and fvc > 0.8 * self.predicted_fvc:
            raise ValueError("pattern=restriction needs an fvc below 80% of predicted_fvc")
        if self.volumes is Volumes.ABSOLUTE and self.show is Show.VOLUME:
            raise ValueError("volumes=absolute belongs to the loop; choose show=loop or show=both")
        try:
            half = flow_at_half(measured(self))
            foreseen(self)
        except ImpossibleBreathError as error:
            raise ValueError(str(error)) from error
        if self.pattern is Pattern.OBSTRUCTION and half > 0.45:
            raise ValueError("at this peak flow the limb is not scooped; raise pef, or leave it out")
        return self


def values_of(given: Spirometry) -> tuple[float, float, float, float]:
    """FVC and FEV1 (L), peak flow out and in (L/s), as given or as usual for the pattern."""
    share, ratio, out, inward, _ = _USUAL[given.pattern]
    fvc = share * given.predicted_fvc if given.fvc is None else given.fvc
    fev1 = ratio * fvc if given.fev1 is None else given.fev1
    return fvc, fev1, _peak(given, fvc, fev1, out), _peak_in(given, inward)


def measured(given: Spirometry) -> Breath:
    """The breath of the patient."""
    fvc, fev1, peak, inward = values_of(given)
    is_out, is_in = given.pattern in _HELD_OUT, given.pattern in _HELD_IN
    return breath(Effort(fvc, fev1, peak, float(given.seconds), inward, is_out, is_in))


def foreseen(given: Spirometry) -> Breath:
    """The breath that is predicted."""
    fvc, seconds = given.predicted_fvc, float(given.seconds)
    peak = _possible_peak(given.predicted_pef, fvc, 0.8 * fvc, seconds)
    return breath(Effort(fvc, 0.8 * fvc, peak, seconds, 0.68 * given.predicted_pef))


def flow_at_half(breath: Breath) -> float:
    """The flow at which half the volume is out, as a share of the peak flow: above a half for a straight limb."""
    return float(np.interp(breath.volume[-1] / 2, breath.volume, breath.flow) / breath.flow.max())


def residual(given: Spirometry) -> tuple[float, float]:
    """Volume (L) left after the breath out, of the patient and as predicted (a quarter of FVC)."""
    usual = 0.26 * given.predicted_fvc
    return _USUAL[given.pattern][4] * usual, usual


def draw(given: Spirometry) -> Drawing:
    if given.show is Show.LOOP:
        return drawing(_loop(given))
    if given.show is Show.VOLUME:
        return drawing(_over_time(given))
    frames = (_over_time(given, BESIDE), _loop(given, BESIDE))
    parts = [f'<g transform="translate({BESIDE * n} 0)">{"".join(frame.parts)}</g>' for n, frame in enumerate(frames)]
    return Drawing(2 * BESIDE, frames[1].height, tuple(parts))


def _peak(given: Spirometry, fvc: float, fev1: float, share: float) -> float:
    """Where no peak flow is given: that of the pattern, moved only as far as FEV1 needs."""
    if given.pef is not None:
        return given.pef
    if given.pattern in _HELD_OUT:
        return 1.08 * fev1
    low = 2.5 if given.pattern is Pattern.OBSTRUCTION else 1.9
    return _possible_peak(share * given.predicted_pef, fvc, fev1, float(given.seconds), low)


def _possible_peak(usual: float, fvc: float, fev1: float, seconds: float, low: float = 1.9) -> float:
    """The usual peak flow, moved only as far as FEV1 and FVC need; at least `low` times FEV1."""
    first = min(max(usual, low * fev1), 3.2 * fev1)
    others = sorted((fev1 * factor for factor in (1.3, 1.5, 1.7, 2.2, 2.5, 2.8, 3.6, 4.2)), key=lambda peak: abs(peak - first))
    for peak in (first, *others):
        try:
            breath(Effort(fvc, fev1, peak, seconds))
        except ImpossibleBreathError:
            continue
        return peak
    return first


def _peak_in(given: Spirometry, share: float) -> float:
    usual = share * 0.68 * given.predicted_pef
    if given.pattern is Pattern.FIXED and given.pef is not None:
        return given.pef
    return usual


def _loop(given: Spirometry, width: int = ALONE) -> Frame:
    own, usual = measured(given), foreseen(given)
    shown = [own, usual] if given.predicted else [own]
    top = float(np.ceil(max(one.flow.max() for one in shown) / 2 + 0.05)) * 2
    low = float(np.floor(min(one.inward.min() for one in shown) / 2 - 0.05)) * 2
    is_absolute = given.volumes is Volumes.ABSOLUTE
    places = [_places(one, left, is_absolute) for one, left in zip((own, usual), residual(given), strict=True)][: len(shown)]
    ends = [float(place.max()) for place in places]
    end = float(np.ceil(max(ends) * 1.04))
    frame = Frame(*((end, 0.0) if is_absolute else (0.0, end)), low, top, width=width, height=HEIGHT, left=50, right=20)
    _axes(frame, "Lung volume (L)" if is_absolute else "Volume exhaled (L)")
    curves = [
        Curve(np.concatenate([place, place[::-1]]), np.concatenate([one.flow, one.inward[::-1]]), dash=n)
        for n, (place, one) in enumerate(zip(places, shown, strict=True))
    ]
    put_curves(frame, [_closed(curve) for curve in curves])
    _legend(frame, given, frame.top + 32)
    return frame


def _places(one: Breath, left: float, is_absolute: bool) -> Numbers:
    return left + one.volume[-1] - one.volume if is_absolute else one.volume


def _closed(curve: Curve) -> Curve:
    """The loop back at its begin, and down to no flow at its end."""
    half = len(curve.x) // 2
    x = np.concatenate([curve.x[:half], [curve.x[half - 1]], curve.x[half:], [curve.x[0]]])
    y = np.concatenate([curve.y[:half], [0.0], curve.y[half:], [0.0]])
    return Curve(x, y, dash=curve.dash)


def _axes(frame: Frame, across: str) -> None:
    """The axis across stands at no flow; out is above it, in below."""
    low, right, zero = frame.height - frame.bottom, frame.width - frame.right, frame.y(0)
    frame.parts.append(
        f'<path class="axis" d="M{frame.left} {frame.top}V{low}"/><path class="axis" d="M{frame.left} {zero}H{right}"/>'
    )
    for value in ticks(min(frame.x0, frame.x1), max(frame.x0, frame.x1), about=8):
        frame.parts.append(f'<path class="axis" d="M{frame.x(value)} {zero}v4"/>')
        frame.text(number(value), frame.x(value), low + 18, anchor="middle")
    for value in np.arange(frame.y0, frame.y1 + 1, 2).tolist():
        frame.text(number(value), frame.left - 8, frame.y(value) + 4, anchor="end")
        if value:
            frame.parts.append(f'<path class="grid" d="M{frame.left} {frame.y(value)}H{right}"/>')
    frame.text(across, (frame.left + right) / 2, frame.height - 8, anchor="middle")
    frame.text("Expiration", right, frame.top + 12, anchor="end", is_dim=True)
    frame.text("Inspiration", right, low - 6, anchor="end", is_dim=True)
    middle = (frame.top + low) / 2
    frame.parts.append(f'<text text-anchor="middle" transform="translate(14 {middle:g}) rotate(-90)">Flow (L/s)</text>')


def _over_time(given: Spirometry, width: int = ALONE) -> Frame:
    shown = [measured(given), foreseen(given)] if given.predicted else [measured(given)]
    end = float(np.ceil(max(float(one.volume[-1]) for one in shown) * 1.04))
    frame = Frame(0, given.seconds, 0, end, width=width, height=HEIGHT, left=50, right=20)
    frame.axes("Time (s)", "Volume exhaled (L)", x_ticks=range(0, given.seconds + 1, 1 if given.seconds <= 8 else 2))
    put_curves(frame, [Curve(one.time, one.volume, dash=n) for n, one in enumerate(shown)])
    _legend(frame, given, frame.height - frame.bottom - 14)
    return frame


def _legend(frame: Frame, given: Spirometry, y: float) -> None:
    if given.predicted:
        right = frame.width - frame.right
        frame.parts.append(f'<path class="line d1" d="M{right - 102} {y - 4:g}H{right - 66}"/>')
        frame.text("predicted", right, y, anchor="end")


KIND = FigureKind(
    "spirometry",
    Spirometry,
    draw,
    "The flow-volume loop, the volume-time curve, or both, of a forced breath (solid) beside the predicted one (dashed); FEV1"
    " and FVC can be read off the curve.",
    "spirometry pattern=obstruction fvc=3.6 fev1=1.6",
)
