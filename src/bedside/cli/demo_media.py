"""Pictures and sounds that mean nothing, made without any library: the same bytes each time."""

from __future__ import annotations

import io
import math
import struct
import wave
import zlib
from collections.abc import Callable, Mapping

_Shade = Callable[[int, int], float]  # column and row → 0 (black) to 255
_Loudness = Callable[[float], float]  # seconds → -1 to 1

LICENCE = "CC0-1.0"
WIDTH, HEIGHT = 480, 320  # pixels
RATE_HZ = 8000
SECONDS = 2

PICTURES: Mapping[str, str] = {
    "demo-rings.png": "A made-up grey picture of rings",
    "demo-stripes.png": "A made-up grey picture of stripes",
}
FIGURES: Mapping[str, str] = {
    "demo-wave.svg": "A made-up curve that rises and falls",
    "demo-steps.svg": "A made-up line that goes down in steps",
}
SOUNDS: Mapping[str, str] = {
    "demo-two-beats.wav": "A made-up sound: two beats, again and again",
    "demo-tone.wav": "A made-up sound: one tone that swells",
}


def media_files() -> dict[str, bytes]:
    """Every file by its name, and the list with their licence."""
    files = {
        "demo-rings.png": _png(lambda x, y: 128 + 100 * math.sin(math.hypot(x - 240, y - 160) / 9)),
        "demo-stripes.png": _png(lambda x, y: 128 + 90 * math.sin((x + y // 2) / 14) * math.cos(y / 60)),
        "demo-wave.svg": _svg([(40 + 4 * n, 160 - 90 * math.sin(n / 9) * math.exp(-n / 90)) for n in range(101)]),
        "demo-steps.svg": _svg(
            [(40 + 40 * (n // 2 + n % 2) if n else 40, 60 + 22 * (n // 2)) for n in range(20)],
        ),
        "demo-two-beats.wav": _wav(_two_beats),
        "demo-tone.wav": _wav(lambda s: math.sin(2 * math.pi * 330 * s) * math.sin(math.pi * s / SECONDS)),
    }
    entries = "".join(
        f"  - {{path: {name}, licence: {LICENCE}, authors: [bedside], source: made by bedside demo bank}}\n"
        for name in sorted(files)
    )
    return {**files, "media.yaml": f"schema: media/1\nfiles:\n{entries}".encode()}


def _two_beats(s: float) -> float:
    beat = sum(math.exp(-60 * abs(s % 1.0 - at)) for at in (0.1, 0.4))
    return beat * math.sin(2 * math.pi * 60 * s)


def _png(shade: _Shade) -> bytes:
    """A picture of grey levels (PNG specification, sections 5 and 11)."""
    rows = b"".join(b"\0" + bytes(min(255, max(0, round(shade(x, y)))) & 0xF0 for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _svg(points: list[tuple[float, float]]) -> bytes:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<title>Made up</title><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        '<path d="M40 20V290H460" fill="none" stroke="#333"/>'
        f'<polyline points="{line}" fill="none" stroke="#0a6b6b" stroke-width="3"/>'
        '<text x="250" y="312" font-family="sans-serif" font-size="14" text-anchor="middle" fill="#333">florps</text>'
        '<text x="46" y="34" font-family="sans-serif" font-size="14" fill="#333">zooks</text></svg>\n'
    ).encode()


def _wav(loudness: _Loudness) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE_HZ)
        # eight-bit samples have their zero at 128
        sound.writeframes(
            bytes(128 + round(100 * max(-1.0, min(1.0, loudness(n / RATE_HZ)))) for n in range(SECONDS * RATE_HZ))
        )
    return file.getvalue()
