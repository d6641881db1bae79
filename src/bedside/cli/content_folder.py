"""Which content folder a command works on: the one named, or the first that is there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import bedside
from bedside.errors import UsageError

VARIABLE = "BEDSIDE_CONTENT"

# a folder called "content" is common; one of these inside shows that it is ours
_MARKS = ("programmes", "pathways", "items", "takeaways", "models", "cases", "orders", "reference")


def find_content(
    option: Path | None,
    *,
    environ: Mapping[str, str] | None = None,
    here: Path | None = None,
    packaged: Path | None = None,
) -> Path:
    """The content folder: `--content`, else `BEDSIDE_CONTENT`, else `./content`, else the copy in the package.

    A folder that was named is never passed over for the next one.

    Raises:
        UsageError: the named one is not a folder, or none was found; says what was tried.
    """
    environ = os.environ if environ is None else environ
    if option is not None:
        return _named(option, "--content")
    if environ.get(VARIABLE):
        return _named(Path(environ[VARIABLE]), VARIABLE)
    local = (here or Path()) / "content"
    copy = packaged or Path(bedside.__file__).parent / "_content"
    for folder in (local, copy):
        if any((folder / mark).is_dir() for mark in _MARKS):
            return folder
    tried = f"--content (not given), {VARIABLE} (not set), {local} and {copy}"
    raise UsageError(f"no content folder found; tried {tried}. Name one with --content DIR")


def _named(folder: Path, by: str) -> Path:
    if not folder.is_dir():
        raise UsageError(f"{by} names {folder}, which is not a folder")
    return folder
