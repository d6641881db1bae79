"""Width and height of a picture from its first bytes: PNG, GIF, JPEG, WebP, SVG. Masks are laid over pictures by them."""

from __future__ import annotations

import re
import struct

HEAD_BYTES = 256 * 1024  # a JPEG may carry a preview and colour profiles before its size

_SVG_TAG = re.compile(rb"<svg\b[^>]{0,4000}>", re.IGNORECASE)
_SVG_SIDE = rb"\b%s\s*=\s*[\"']\s*([0-9.]{1,12})\s*(?:px)?\s*[\"']"
_SVG_BOX = re.compile(rb"\bviewBox\s*=\s*[\"']\s*[-0-9.]+[\s,]+[-0-9.]+[\s,]+([0-9.]{1,12})[\s,]+([0-9.]{1,12})", re.IGNORECASE)
_SIZED_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_LARGEST = 100_000

Size = tuple[int, int]


def picture_size(head: bytes) -> Size | None:
    """Width and height in pixels, or None where the bytes are no picture of a known kind."""
    try:
        found = _measured(head)
    except (struct.error, IndexError, ValueError):
        return None
    return found if found and 0 < found[0] <= _LARGEST and 0 < found[1] <= _LARGEST else None


def _measured(head: bytes) -> Size | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack_from(">II", head, 16)
        return width, height
    if head.startswith((b"GIF87a", b"GIF89a")):
        width, height = struct.unpack_from("<HH", head, 6)
        return width, height
    if head.startswith(b"\xff\xd8"):
        return _jpeg(head)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(head)
    return _svg(head)


def _jpeg(head: bytes) -> Size | None:
    at = 2
    while at + 9 <= len(head):
        if head[at] != 0xFF:
            return None
        marker = head[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _SIZED_FRAMES:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        at += 2 if 0xD0 <= marker <= 0xD9 or marker == 1 else 2 + struct.unpack_from(">H", head, at + 2)[0]
    return None


def _webp(head: bytes) -> Size | None:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _svg(head: bytes) -> Size | None:
    tag = _SVG_TAG.search(head[:20_000])
    if tag is None:
        return None
    width = re.search(_SVG_SIDE % b"width", tag[0], re.IGNORECASE)
    height = re.search(_SVG_SIDE % b"height", tag[0], re.IGNORECASE)
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    box = _SVG_BOX.search(tag[0])
    return (round(float(box[1])), round(float(box[2]))) if box else None
