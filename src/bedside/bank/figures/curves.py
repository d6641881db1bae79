"""What charts of curves share: values given once or once a curve, points thinned to what the eye can see, and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.bank.figures.kind import Drawing, Parameters
from bedside.drawing import Frame, number

Numbers = NDArray[np.float64]
LETTERS = "ABCD"
TOLERANCE = 0.15  # in units of the sheet; less than the width of a line
SUPERSCRIPTS = dict(zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
FAR_ENOUGH = 30.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve in the units of the axes. Its name stands beside it, where it is farthest from the others."""

    x: Numbers
    y: Numbers
    name: str = ""
    dash: int = 0


def drawing(frame: Frame) -> Drawing:
    """What was put into a frame, as the drawing of a figure."""
    return Drawing(frame.width, frame.height, tuple(frame.parts))


def put_curves(frame: Frame, curves: Sequence[Curve], avoid: Sequence[Curve] = ()) -> None:
    """Each curve with as few points as it needs, and its name, which keeps off what there is to avoid as well."""
    for curve in curves:
        x, y = thin(frame, curve.x, np.clip(curve.y, frame.y0, frame.y1))
        frame.line(x, y, dash=curve.dash)
    if len(curves) > 1:
        taken: list[tuple[float, float]] = []
        for n, curve in enumerate(curves):
            if curve.name:
                others = [*(other for m, other in enumerate(curves) if m != n), *avoid]
                taken.append(_put_name(frame, curve, others, taken))


def thin(frame: Frame, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The points that a curve needs to look the same (Ramer 1972; Douglas and Peucker 1973), measured on the sheet."""
    across, up = _on_sheet(frame, x, y)
    keep = np.zeros(len(across), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(across) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        dx, dy = across[last] - across[first], up[last] - up[first]
        rx, ry = across[first + 1 : last] - across[first], up[first + 1 : last] - up[first]
        long = np.hypot(dx, dy)
        far = np.abs(rx * dy - ry * dx) / long if long > 1e-9 else np.hypot(rx, ry)
        farthest = int(np.argmax(far))
        if far[farthest] > TOLERANCE:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return x[keep], y[keep]


def each_curve(parameters: Parameters, names: Sequence[str]) -> list[dict[str, Any]]:
    """The values of each curve, where a parameter has one value for all curves or one for each; None where it has none."""
    lists: Mapping[str, tuple[Any, ...]] = {name: getattr(parameters, name) or (None,) for name in names}
    count = max(len(values) for values in lists.values())
    return [{name: values[n if len(values) > 1 else 0] for name, values in lists.items()} for n in range(count)]


def refuse_lists(parameters: Parameters, names: Sequence[str], most: int = 3) -> None:
    """Refuses lists that don't fit together: each has one value, or one for each curve."""
    fields = type(parameters).model_fields
    lengths = {name: len(getattr(parameters, name)) for name in names}
    count = max(1, *lengths.values())
    for name, length in lengths.items():
        if length == 0 and fields[name].default:
            raise ValueError(f"{name} has no value; leave it out, or give it one")
        if length not in (0, 1, count):
            raise ValueError(f"{name} has {length} values for {count} curves; give it one value, or one for each curve")
    if count > most:
        raise ValueError(f"at most {most} curves stand in one figure, and {count} are asked for")


def curve_names(given: Sequence[str | None]) -> list[str]:
    """The names of curves as written, or A, B, C."""
    return [name or letter for name, letter in zip(given, LETTERS, strict=False)]


def powers_of_ten(value: float) -> str:
    """What stands at a tick of an axis of logarithms: 10 for 1, 0.01 for -2, a power where the number would be long."""
    if -4 < value < 5:
        return number(10.0**value)
    return "10" + "".join(SUPERSCRIPTS[one] for one in f"{value:.0f}")


def _on_sheet(frame: Frame, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    wide = frame.width - frame.left - frame.right
    high = frame.height - frame.top - frame.bottom
    across = frame.left + (x - frame.x0) / (frame.x1 - frame.x0) * wide
    return across, frame.height - frame.bottom - (y - frame.y0) / (frame.y1 - frame.y0) * high


def _put_name(frame: Frame, curve: Curve, others: Sequence[Curve], taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The place of a name: beside its curve, clear of it and far from every other one, rather near the middle of its length."""
    own = _even(frame, curve, 160)
    along = np.gradient(own, axis=1)
    normal = np.stack([-along[1], along[0]]) / np.maximum(np.hypot(*along), 1e-9)
    off_middle = np.abs(np.linspace(-0.5, 0.5, own.shape[1]))
    around = np.concatenate([_even(frame, one, 240) for one in others], axis=1)
    box = (3.4 * len(curve.name) + 1, 6.0)
    best, place = -np.inf, (float(own[0, -1]), float(own[1, -1]))
    for side in (1, -1):
        spots = own + side * normal * (7 + box[0] * np.abs(normal[0]) + box[1] * np.abs(normal[1]))
        score = np.minimum(_clear(spots, around, box), FAR_ENOUGH) - 12 * off_middle
        score -= 20 * (_clear(spots, own, box) < 4)
        if taken:
            score -= 20 * (_clear(spots, np.array(taken).T, (2 * box[0], 2 * box[1])) < 6)
        score[~_inside(frame, spots, box[0])] = -100
        n = int(np.argmax(score))
        if score[n] > best:
            best, place = float(score[n]), (float(spots[0, n]), float(spots[1, n]))
    frame.text(curve.name, round(place[0], 1), round(place[1] + 4.5, 1), anchor="middle")
    return place


def _even(frame: Frame, curve: Curve, count: int) -> Numbers:
    """Points of a curve on the sheet at even distances along it."""
    x, y = _on_sheet(frame, curve.x, np.clip(curve.y, frame.y0, frame.y1))
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    steps = np.linspace(0, float(length[-1]), count)
    return np.stack([np.interp(steps, length, x), np.interp(steps, length, y)])


def _clear(spots: Numbers, marks: Numbers, box: tuple[float, float]) -> Numbers:
    """The room between a box around each spot and the nearest mark."""
    dx = np.maximum(np.abs(spots[0][:, None] - marks[0][None, :]) - box[0], 0)
    dy = np.maximum(np.abs(spots[1][:, None] - marks[1][None, :]) - box[1], 0)
    return np.asarray(np.hypot(dx, dy).min(axis=1), dtype=np.float64)


def _inside(frame: Frame, spots: Numbers, half: float) -> NDArray[np.bool_]:
    x, y = spots
    wide = (x > frame.left + half + 5) & (x < frame.width - frame.right - half)
    return np.asarray(wide & (y > frame.top + 9) & (y < frame.height - frame.bottom - 9), dtype=np.bool_)
