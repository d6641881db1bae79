"""Files that commands read and write: small enough to be read at once, and written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bedside.delivery import MAX_CARRIED_BYTES
from bedside.errors import NotFoundError, StoreError, TooLargeError, UsageError

READABLE = 0o644
PRIVATE = 0o600


def see_place(out: Path) -> None:
    """See that a file can be put there, before any work is done.

    Raises:
        UsageError: its folder is not there.
    """
    if not out.absolute().parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.absolute().parent}")


def write_whole(out: Path, packed: bytes, *, mode: int = READABLE) -> None:
    """Write beside the place, and put it there when it is whole and on the disk.

    Raises:
        StoreError: the disk refuses; nothing is there that was not there before.
    """
    try:
        handle, name = tempfile.mkstemp(dir=out.absolute().parent, prefix=f".{out.name}.")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(mode)
            part.replace(out)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(f"{out}: can't be written: {error.strerror or error}") from error


def read_whole(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        NotFoundError: it is not there.
        TooLargeError: it is larger than any file that is read here.
        StoreError: the system refuses.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(MAX_CARRIED_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(f"{path}: there is no such file") from None
    except OSError as error:
        raise StoreError(f"{path}: can't be read: {error.strerror or error}") from error
    if len(packed) > MAX_CARRIED_BYTES:
        raise TooLargeError(str(path), f"it is over the limit of {MAX_CARRIED_BYTES:,} bytes")
    return packed
