"""Pictures with parts covered: what Anki calls image occlusion, drawn as plain SVG.

Anki keeps the shapes as cloze deletions (`{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2}}`), in shares of the
picture's sides. The older add-on "Image Occlusion Enhanced" keeps whole masks as SVG files, which are laid over the picture.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bedside.anki.picture_sizes import Size

_SHAPE = re.compile(r"\{\{c([0-9]{1,3})::image-occlusion:([a-z]{1,20}):([^{}]{0,20000}?)\}\}")
_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e-?[0-9]{1,2})?")
_PARTING = re.compile(r"(?<!\\):")  # a colon inside a label is written \\:
_MAX_SHAPES = 500
_ENHANCED = ("Image", "Question Mask", "Answer Mask")


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape. `values` are what Anki names; number 0 is a label that hides nothing."""

    number: int
    kind: str
    values: dict[str, str]

    def share(self, name: str) -> float:
        """A value as a share of the picture's side (or degrees)."""
        found = _NUMBER.fullmatch(self.values.get(name, ""))
        return min(1_000.0, max(-1_000.0, float(found[0]))) if found else 0.0


def shapes_in(text: str) -> list[Shape]:
    """The shapes that a field describes."""
    found = []
    for shape in _SHAPE.finditer(text):
        parts = (part.replace("\\:", ":") for part in _PARTING.split(shape[3]))
        values = dict(part.partition("=")[::2] for part in parts)
        found.append(Shape(int(shape[1]), shape[2], values))
        if len(found) >= _MAX_SHAPES:
            break
    return found


def is_enhanced(fields: Iterable[str]) -> bool:
    """Is it a note type of the older add-on?"""
    return set(_ENHANCED) <= set(fields)


def draw(shapes: Sequence[Shape], number: int, *, address: str, size: Size, label: str, is_question: bool) -> str:
    """The picture with the shapes of card `number` over it: hidden on the front, uncovered and outlined on the back."""
    hides_all = any(shape.values.get("oi") == "1" for shape in shapes)
    drawn = []
    for shape in shapes:
        is_own = shape.number == number
        if shape.kind == "text":
            drawn.append(_label(shape, size))
        elif is_own:
            drawn.append(_shape(shape, size, "mask active" if is_question else "revealed"))
        elif hides_all and shape.number:
            drawn.append(_shape(shape, size, "mask"))
    return _picture(size, [_image(address, size), *drawn], label)


def layered(addresses: Sequence[str], *, size: Size, label: str) -> str:
    """Pictures of one size laid over each other."""
    return _picture(size, [_image(address, size) for address in addresses], label)


def _picture(size: Size, parts: Sequence[str], label: str) -> str:
    width, height = size
    head = f'<svg class="occlusion" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
    return f'{head} aria-label="{html.escape(label)}">{"".join(parts)}</svg>'


def _image(address: str, size: Size) -> str:
    place = f'width="{size[0]}" height="{size[1]}" preserveAspectRatio="none"'
    return f'<image href="{html.escape(address)}" {place}></image>'


def _shape(shape: Shape, size: Size, kind: str) -> str:
    width, height = size
    left, top = shape.share("left") * width, shape.share("top") * height
    match shape.kind:
        case "ellipse":
            rx, ry = shape.share("rx") * width, shape.share("ry") * height
            place = f'cx="{left + rx:.1f}" cy="{top + ry:.1f}" rx="{max(0, rx):.1f}" ry="{max(0, ry):.1f}"'
            return f'<ellipse class="{kind}" {place}></ellipse>'
        case "polygon":
            numbers = [float(one) for one in _NUMBER.findall(shape.values.get("points", ""))[:2000]]
            pairs = zip(numbers[::2], numbers[1::2], strict=False)
            points = " ".join(f"{x * width:.1f},{y * height:.1f}" for x, y in pairs)
            return f'<polygon class="{kind}" points="{points}"></polygon>'
        case _:
            sides = f'width="{max(0, shape.share("width") * width):.1f}" height="{max(0, shape.share("height") * height):.1f}"'
            turn = shape.share("angle")
            turned = f' transform="rotate({turn:.1f} {left:.1f} {top:.1f})"' if turn else ""
            return f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" {sides}{turned}></rect>'


def _label(shape: Shape, size: Size) -> str:
    text = html.escape(html.unescape(shape.values.get("text", ""))[:200])
    height = max(0.01, min(0.3, shape.share("fs") or 0.04)) * size[1]
    place = f'x="{shape.share("left") * size[0]:.1f}" y="{shape.share("top") * size[1] + height:.1f}" font-size="{height:.1f}"'
    return f"<text {place}>{text}</text>"
