"""Pictures and sounds as they were delivered: files in the data folder, kept for ever under the hash of their bytes.

The same bytes have the same name, so that a file is written once and never changed. It is on the disk before the row of the
item that names it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from bedside.bank import AUDIO, PICTURES, MediaFile
from bedside.errors import NotFoundError, StoreError

MEDIA_URL = "/media/"
CHUNK_BYTES = 1024 * 1024

CONTENT_TYPES: Mapping[str, str] = {
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "wav": "audio/wav",
    "webp": "image/webp",
}
NAME = re.compile(rf"[0-9a-f]{{64}}\.(?:{'|'.join((*PICTURES, *AUDIO))})")


def media_folder() -> Path:
    """Where the files are."""
    return Path(settings.DATA) / "media"


def keep_media(files: Iterable[MediaFile]) -> None:
    """Put these files among the kept ones; when it returns they are on the disk.

    Raises:
        StoreError: the disk refuses, or a file is no longer what was read.
    """
    for file in files:
        path = media_folder() / file.name
        if not path.exists():
            _keep(file, path)


def kept_media(name: str) -> Path:
    """The kept file of that name.

    Raises:
        NotFoundError: there is none.
    """
    path = media_folder() / name
    if not NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        raise NotFoundError("there is no such picture or sound")
    return path


def content_type(name: str) -> str:
    """The type under which a kept file is sent."""
    return CONTENT_TYPES[name.rpartition(".")[2]]


def _keep(file: MediaFile, path: Path) -> None:
    fresh = path.with_name(f".{uuid4()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = _copy(file.source, fresh)
        if digest != file.sha256:
            raise StoreError(f"{file.source} changed while it was read; try again")
        fresh.replace(path)
        _settle(path.parent)
        _settle(path.parent.parent)  # where the folder itself was new
    except StoreError:
        raise
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):  # what is left of it has a hidden name, and is in nobody's way
            fresh.unlink()


def _copy(source: Path, to: Path) -> str:
    """Copy the bytes, flushed to the disk; answers their hash."""
    digest = hashlib.sha256()
    with source.open("rb") as reader, to.open("xb") as writer:
        while chunk := reader.read(CHUNK_BYTES):
            digest.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest()


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
