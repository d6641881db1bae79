"""Writing a generated bank: each step's items at once, and nothing over what somebody else wrote."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from bedside.bank import item_text, stimulus_text
from bedside.cli.demo_items import PREFIX, Made
from bedside.errors import ConflictError, StoreError


def check_folder(folder: Path, step: str) -> None:
    """See to it that nothing would be lost.

    Raises:
        ConflictError: the folder is a content folder, or holds files under the step that no demo made.
    """
    if (folder / "programmes").exists():
        raise ConflictError(f"{folder} is a content folder; name another one, a generated bank does not belong there")
    for kind in ("items", "stimuli"):
        for path in sorted((folder / kind / step).glob("*")):
            if not path.name.startswith(PREFIX):
                raise ConflictError(f"{path} was not made by this command; move it away, or name another folder with --into")


def write_media(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the pictures and sounds into media/.

    Raises:
        ConflictError: there is a list of licences that no demo made.
        StoreError: the folder can't be written.
    """
    listed = folder / "media" / "media.yaml"
    if listed.exists() and listed.read_bytes() != files["media.yaml"]:
        raise ConflictError(f"{listed} was not made by this command; name another folder with --into")
    with _store(folder):
        listed.parent.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (listed.parent / name).write_bytes(data)


def write_step(folder: Path, step: str, made: Made) -> Iterator[int]:
    """Replace the step's stimuli, then its items; yields how many files were written since it last did.

    Raises:
        StoreError: the folder can't be written; the items are as they were.
    """
    yield from _replace(folder / "stimuli", step, {f"{one.id}.md": stimulus_text(one) for one in made.stimuli})
    yield from _replace(folder / "items", step, {item.file: item_text(item) for item in made.items})


def _replace(folder: Path, step: str, texts: Mapping[str, str]) -> Iterator[int]:
    """Make the new folder beside the old one under a hidden name, which no reader looks at, and let it take its place."""
    fresh, old, place = folder / f".{step}.new", folder / f".{step}.old", folder / step
    with _store(folder):
        for rest in (fresh, old):
            shutil.rmtree(rest, ignore_errors=True)
        if texts:
            fresh.mkdir(parents=True)
    for name, text in texts.items():
        with _store(folder), (fresh / name).open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        yield 1
    with _store(folder):
        if place.exists():
            place.rename(old)
        if texts:
            fresh.rename(place)
            os.utime(folder)
        shutil.rmtree(old, ignore_errors=True)


class _store:  # noqa: N801 - a context, as in the standard library
    """Says a failure of the disk in words."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError) and not isinstance(error, StoreError):
            raise StoreError(f"{self.folder} can't be written: {error.strerror}") from None
