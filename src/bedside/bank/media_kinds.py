"""What a picture or a sound is, by its bytes: does it hold what its ending says, is it harmless, how large is the picture.

Nothing is decoded. An SVG is parsed, since it is a document that could run a script or fetch from elsewhere: only drawing
elements pass, and no reference that leaves the file.
"""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bedside.bank.item import AUDIO, PICTURES

MAX_PICTURE_BYTES = 2 * 1024 * 1024  # a whole block must come over a slow network at its opening
MAX_AUDIO_BYTES = 8 * 1024 * 1024
MAX_SVG_ELEMENTS = 20_000

Size = tuple[int, int]  # pixels, width and height


@dataclass(frozen=True, slots=True)
class Looked:
    """What the bytes say: what is wrong with them, or else the size of the picture where its file tells it."""

    problem: str | None = None
    size: Size | None = None


def look_at(data: bytes, ending: str) -> Looked:
    """Judge the bytes of a file that ends in `ending` (small letters, without the dot)."""
    if ending not in _HOLDS:
        return Looked(f'a file that ends in ".{ending}" is no exhibit; use {", ".join(sorted(_HOLDS))}')
    most = MAX_AUDIO_BYTES if ending in AUDIO else MAX_PICTURE_BYTES
    if len(data) > most:
        return Looked(f"{len(data):,} bytes are over the limit of {most:,} bytes")
    if ending == "svg":
        return _look_at_svg(data)
    if not _HOLDS[ending](data):
        return Looked(f'the file ends in ".{ending}" and does not hold what such a file holds')
    return Looked(size=_SIZES[ending](data) if ending in _SIZES else None)


def media_problem(data: bytes, ending: str) -> str | None:
    """What is wrong with the bytes of a picture or a sound that ends in `ending`, or None."""
    return look_at(data, ending).problem


def _is_mp3(data: bytes) -> bool:
    # a tag, or the first frame: eleven set bits, then a version and layer III
    is_frame = len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0 and data[1] & 0x06 == 0x02
    return data.startswith(b"ID3") or is_frame


_HOLDS: Mapping[str, Callable[[bytes], bool]] = {
    "png": lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "jpeg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "webp": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP",
    "svg": bool,
    "wav": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WAVE",
    "ogg": lambda data: data.startswith(b"OggS"),
    "mp3": _is_mp3,
    "m4a": lambda data: data[4:8] == b"ftyp" and data[8:11] in {b"M4A", b"mp4", b"iso"},
}
assert set(_HOLDS) == {*PICTURES, *AUDIO}


# --- how large a picture is ---------------------------------------------------------------------------------------------


def _png_size(data: bytes) -> Size | None:
    return struct.unpack(">II", data[16:24]) if data[12:16] == b"IHDR" and len(data) >= 24 else None


def _jpeg_size(data: bytes) -> Size | None:
    """From the start-of-frame segment (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None


def _webp_size(data: bytes) -> Size | None:
    """From the first chunk (RFC 9649, sections 2.5 to 2.7)."""
    if len(data) < 30:
        return None
    if data[12:16] == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if data[12:16] == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


_SIZES: Mapping[str, Callable[[bytes], Size | None]] = {
    "png": _png_size,
    "jpg": _jpeg_size,
    "jpeg": _jpeg_size,
    "webp": _webp_size,
}


# --- SVG ----------------------------------------------------------------------------------------------------------------

_SVG = "{http://www.w3.org/2000/svg}"
_DRAWING = frozenset(
    {
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "title",
        "desc",
    }
    | {"metadata", "defs", "use", "symbol", "marker", "clipPath", "mask", "pattern", "linearGradient", "radialGradient", "stop"}
    | {"style", "filter", "feBlend", "feColorMatrix", "feComposite", "feFlood", "feGaussianBlur", "feMerge", "feMergeNode"}
)
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!['\"]?#)|@import|\\|expression\(|javascript:", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]{1,5}(?:\.[0-9]{1,6})?)(?:px)?\s*")


def _look_at_svg(data: bytes) -> Looked:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Looked("the SVG is not UTF-8 text")
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE) or "<?xml-stylesheet" in text:
        return Looked("the SVG has a document type, an entity or a style sheet of its own; take it out")
    try:
        root = ET.fromstring(text)  # noqa: S314 - a document type, and with it every entity, is refused above
    except ET.ParseError as error:
        return Looked(f"the SVG is not well-formed: {error}")
    if root.tag != f"{_SVG}svg":
        return Looked("the SVG does not start with an svg element in its namespace")
    for number, element in enumerate(root.iter()):
        if number > MAX_SVG_ELEMENTS:
            return Looked(f"the SVG has more than {MAX_SVG_ELEMENTS:,} elements")
        if problem := _svg_problem(element):
            return Looked(problem)
    return Looked(size=_svg_size(root))


def _svg_problem(element: ET.Element) -> str | None:
    if not isinstance(element.tag, str):
        return None  # a comment
    name = element.tag.removeprefix(_SVG)
    if name not in _DRAWING and element.tag.startswith((_SVG, "{http://www.w3.org/1999/xhtml}")):
        return f"the SVG holds <{name.rpartition('}')[2]}>, which does not draw; take it out"
    if name == "style" and _OUTSIDE.search(element.text or ""):
        return "a style of the SVG refers to something outside the file"
    for key, value in element.attrib.items():
        plain = key.rpartition("}")[2].lower()
        if plain.startswith("on"):
            return f'the SVG holds the attribute "{plain}", which runs a script; take it out'
        if (plain in {"href", "src"} and not value.strip().startswith("#")) or _OUTSIDE.search(value):
            return f'the attribute "{plain}" of the SVG refers to something outside the file'
    return None


def _svg_size(root: ET.Element) -> Size | None:
    width, height = _LENGTH.fullmatch(root.get("width", "")), _LENGTH.fullmatch(root.get("height", ""))
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    sides = [_LENGTH.fullmatch(side) for side in box[2:4]]
    if len(box) == 4 and sides[0] and sides[1]:
        return round(float(sides[0][1])), round(float(sides[1][1]))
    return None
