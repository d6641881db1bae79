"""Pictures and sounds of cards: what they are by their bytes, and their files in the data folder under their hash."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from bedside.bank import AUDIO, look_at
from bedside.errors import StoreError, UsageError

MEDIA_URL = "/cards/media/"
MAX_PICTURE_BYTES = 5 * 1024 * 1024
MAX_SOUND_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000  # what a browser would have to unpack into memory: 160 MB
HEAD_BYTES = 1024 * 1024  # in which a file says what it is and how large

CONTENT_TYPES: Mapping[str, str] = {
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
}
SHOWN_TYPES = frozenset(CONTENT_TYPES.values())


@dataclass(frozen=True, slots=True)
class Kind:
    """What some bytes are. The size is in pixels, where it is a picture whose file tells."""

    ending: str
    width: int | None = None
    height: int | None = None

    @property
    def is_sound(self) -> bool:
        return self.ending in AUDIO

    @property
    def media_type(self) -> str:
        return CONTENT_TYPES[self.ending]


def kind_of(data: bytes) -> Kind:
    """What the bytes are, whatever their name says.

    An SVG is taken if it only draws: no script, no style sheet, nothing from elsewhere.

    Raises:
        UsageError: no picture or sound that a card can have, or too large; says which are taken.
    """
    kind = _found(data)
    if kind is None:
        raise UsageError("this is no picture or sound that a card can have: PNG, JPEG, WebP, GIF, SVG, MP3, Ogg, WAV or M4A")
    most = MAX_SOUND_BYTES if kind.is_sound else MAX_PICTURE_BYTES
    if len(data) > most:
        raise UsageError(f"{len(data):,} bytes are over the limit of {most:,} bytes")
    if kind.width and kind.height and kind.width * kind.height > MAX_PIXELS:
        raise UsageError(f"{kind.width:,} by {kind.height:,} pixels are over the limit of {MAX_PIXELS:,} pixels")
    return kind


def media_path(sha256: str) -> Path:
    """Where the file of that hash is, or is to be."""
    return Path(settings.DATA) / "card_media" / sha256[:2] / sha256


def media_url(name: str, sha256: str) -> str:
    """The address under which its owner is shown a file that notes call `name`."""
    ending = name.rpartition(".")[2].lower()
    return f"{MEDIA_URL}{sha256}.{ending if _ENDING.fullmatch(ending) else 'bin'}"


def keep_file(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Put a file among the kept ones, chunk by chunk; when it returns it is on the disk. Answers its SHA-256 and its bytes.

    Raises:
        StoreError: the disk refuses.
    """
    folder = Path(settings.DATA) / "card_media"
    beside = folder / f".{uuid4().hex}"
    digest, n_bytes = hashlib.sha256(), 0
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with beside.open("xb") as file:
            for chunk in chunks:
                digest.update(chunk)
                n_bytes += len(chunk)
                file.write(chunk)
            path = media_path(digest.hexdigest())
            if not path.exists():
                file.flush()
                os.fsync(file.fileno())
                path.parent.mkdir(mode=0o700, exist_ok=True)
                beside.replace(path)
    except OSError as error:
        raise StoreError(f"{folder}: a picture or sound can't be kept: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return digest.hexdigest(), n_bytes


_ENDING = re.compile(r"[a-z0-9]{1,5}")


def _found(data: bytes) -> Kind | None:
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return Kind("gif", int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little"))
    for ending in ("png", "jpg", "webp", "wav", "ogg", "m4a", "mp3"):
        looked = look_at(data[:HEAD_BYTES], ending)
        if looked.problem is None:
            return Kind(ending, *(looked.size or (None, None)))
    if data[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in data:
        looked = look_at(data, "svg")
        if looked.problem is not None:
            raise UsageError(f"the SVG is not taken: {looked.problem}")
        return Kind("svg", *(looked.size or (None, None)))
    return None
