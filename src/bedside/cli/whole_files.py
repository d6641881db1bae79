"""Several files that get more at their end: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bedside.errors import StoreError


def append_all(more: Mapping[Path, str]) -> None:
    """Put text at the end of each file, which is made where it isn't there.

    Every new file lies ready beside its old one before the first takes its place; where one can't, those before it get their
    old bytes back.

    Raises:
        StoreError: they can't be written; all are as they were.
    """
    old: dict[Path, bytes | None] = {}
    ready: dict[Path, Path] = {}
    placed: list[Path] = []
    path = Path()
    try:
        for path, text in more.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            old[path] = path.read_bytes() if path.exists() else None
            ready[path] = _ready(path, old[path] or b"", text)
        for path, fresh in ready.items():
            fresh.replace(path)
            placed.append(path)
    except OSError as error:
        for done in placed:
            _restore(done, old[done])
        raise StoreError(f"{path} can't be written: {error.strerror}; nothing was changed") from None
    finally:
        for fresh in ready.values():
            fresh.unlink(missing_ok=True)


def _ready(path: Path, before: bytes, text: str) -> Path:
    fresh = path.with_name(f".{path.name}.new")
    joint = b"" if not before or before.endswith(b"\n") else b"\n"
    with fresh.open("wb") as file:
        file.write(before + joint + text.encode())
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _restore(path: Path, before: bytes | None) -> None:
    with suppress(OSError):
        if before is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(before)
