"""The files of a journey on the disk: both of them, or neither."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bedside.cli.whole_file import PRIVATE, see_place
from bedside.errors import StoreError, UsageError


def see_out(out: Path) -> bool:
    """See that the files can be put there; answers whether it is a ZIP.

    Raises:
        UsageError: it is neither a ZIP nor a folder, or its own folder is not there.
    """
    see_place(out)
    is_zip = out.suffix.lower() == ".zip"
    if is_zip and out.is_dir():
        raise UsageError(f"{out}: this is a folder; name a file that ends in .zip, or another folder")
    if not is_zip and (out.suffix or out.exists()) and not out.is_dir():
        raise UsageError(f"{out}: name a file that ends in .zip, or a folder")
    return is_zip


def write_folder(out: Path, members: Mapping[str, bytes]) -> None:
    """Write the files into the folder, which is made where it isn't there. Only their owner reads them.

    All lie ready beside their places before the first is put there; where one can't be, those before it get their old bytes
    back.

    Raises:
        StoreError: the disk refuses; nothing is there that was not there before.
    """
    is_new = not out.exists()
    ready: Path | None = None
    placed: dict[Path, bytes | None] = {}
    try:
        if is_new:
            out.mkdir(mode=0o700)
        ready = Path(tempfile.mkdtemp(dir=out, prefix=".journey."))
        for name, packed in members.items():
            _write(ready / name, packed)
        for name in members:
            place = out / name
            placed[place] = place.read_bytes() if place.exists() else None
            (ready / name).replace(place)
    except BaseException as error:
        for place, before in placed.items():
            _restore(place, before)
        if is_new:
            shutil.rmtree(out, ignore_errors=True)
        if isinstance(error, OSError):
            raise StoreError(f"{out}: can't be written: {error.strerror or error}") from error
        raise
    finally:
        if ready is not None:
            shutil.rmtree(ready, ignore_errors=True)


def _write(path: Path, packed: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        file.write(packed)
        file.flush()
        os.fsync(file.fileno())


def _restore(place: Path, before: bytes | None) -> None:
    with suppress(OSError):
        if before is None:
            place.unlink(missing_ok=True)
        else:
            place.write_bytes(before)
