"""Where the words of two lines stand, so that they lie neither on a line nor on each other, on a phone's width too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from bedside.site.journeys.lines import Line
from bedside.site.progress.drawing import Curve

PHONE_EM, WIDE_EM, HIGH_EM = 24.5, 54.0, 14.0  # of a picture on a phone and on a wide page, in the size of its words
LETTER_EM, UP_EM, DOWN_EM = 0.55, 0.8, 0.25  # of letters: how wide, and how far from the line that they stand on
ABOVE_EM, BELOW_EM = -0.4, 1.5  # of that line, as journeys/lines.html draws it
BESIDE_EM = (0.9, 2.2, 3.5, 5.0)  # so far beside its end, and in half lines so far above or below, room is looked for
HALVES, BOTTOM = 12, 103.0
MOST_SPOTS = 60  # for each line; every two of them are looked at together
CLOSE = 0.6  # per cent; as far as half a stroke

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed(Line):
    """A line whose words may stand over the middle of its end too, or farther beside it."""

    beside_em: float

    @property
    def shift(self) -> str:
        return {"start": f"{self.beside_em}em", "end": f"-{self.beside_em}em"}.get(self.anchor, "0")


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place for words: how far from the end it is, how it is drawn, and the room that they take, in per cent."""

    cost: float
    anchor: str
    beside_em: float
    is_above: bool
    at: float
    left: float
    right: float
    top: float
    bottom: float


def placed(curves: Sequence[Curve], names: Sequence[str]) -> tuple[Placed, ...]:
    """The curves with their words where these lie on nothing; the name alone where there is no room for more, and where
    there is not even that, as near to the end as can be."""
    lines = [_points(curve) for curve in curves]
    offered = []
    for curve, name in zip(curves, names, strict=True):
        texts = (curve, replace(curve, label=name))
        free = [[(one, spot) for spot in _spots(one) if not any(_is_crossed(spot, line) for line in lines)] for one in texts]
        some = free[0] or free[1] or [(curve, spot) for spot in _spots(curve)]
        offered.append(sorted(some, key=lambda found: found[1].cost)[:MOST_SPOTS])
    chosen = min(
        product(*offered),
        key=lambda found: (
            any(_overlap(one, other) for (_, one), (_, other) in pairwise(found)),
            sum(s.cost for _, s in found),
        ),
    )
    return tuple(_at(*one) for one in chosen)


def _at(curve: Curve, spot: _Spot) -> Placed:
    x, y, _low, _high = curve.end
    return Placed(replace(curve, end=(x, y, spot.at, spot.at), is_above=spot.is_above), spot.anchor, spot.beside_em)


def _points(curve: Curve) -> list[Point]:
    """Those of the drawn line, in per cent of the picture."""
    pairs = [pair.split(",") for pair in curve.line.split()]
    return [(float(x) / 10, float(y) / 10) for x, y in pairs]


def _spots(curve: Curve) -> Iterator[_Spot]:
    x, y = curve.end[:2]
    em = 100 / HIGH_EM
    sides = [side for side in _sides(x, 100 * LETTER_EM * len(curve.label) / PHONE_EM) if side[2] >= 0 and side[3] <= 100]
    if not sides:  # longer than the picture is wide
        sides = [("end" if x > 50 else "start", BESIDE_EM[0], 0.0, 100.0)]
    for (anchor, beside, left, right), half, is_above in product(sides, range(HALVES), (True, False)):
        at = y + (-half if is_above else half) * em / 2
        base = at + (ABOVE_EM if is_above else BELOW_EM) * em
        top, bottom = base - UP_EM * em, base + DOWN_EM * em
        if top >= -UP_EM * em * 2 and bottom <= BOTTOM and (half or anchor != "middle"):  # over its middle lies the end's mark
            cost = half / 2 + beside / 3 + 0.2 * (not is_above) + 0.4 * (anchor == "middle")
            yield _Spot(cost, anchor, beside, is_above, at, left, right, top, bottom)


def _sides(x: float, wide: float) -> Iterator[tuple[str, float, float, float]]:
    """How words may stand beside an end, and from where to where: on a wide page they are nearer to it than on a phone."""
    yield "middle", 0.0, x - wide / 2, x + wide / 2
    for beside in BESIDE_EM:
        near, far = 100 * beside / WIDE_EM, 100 * beside / PHONE_EM
        yield "start", beside, x + near, x + far + wide
        yield "end", beside, x - far - wide, x - near


def _is_crossed(spot: _Spot, line: Sequence[Point]) -> bool:
    return any(_touches(spot, one, other) for one, other in pairwise(line)) if len(line) > 1 else False


def _touches(spot: _Spot, one: Point, other: Point) -> bool:
    """Does the part of a stroke above or below the room of the words go through it?"""
    (x0, y0), (x1, y1) = one, other
    left, right = max(spot.left, x0), min(spot.right, x1)
    if left > right:
        return False
    slope = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
    heights = (y0 + slope * (left - x0), y0 + slope * (right - x0)) if x1 > x0 else (y0, y1)
    return max(heights) > spot.top - CLOSE and min(heights) < spot.bottom + CLOSE


def _overlap(one: _Spot, other: _Spot) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
