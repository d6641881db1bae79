"""Writing an import: all files of a collection at once, or none.

The new state of items/ is made beside the old one and takes its place by renaming, so that a stop at any moment leaves
either the old items or the new ones. What is there and was not imported again stays as it is, and so does an item whose text
did not change: what was added to its front matter since is kept.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bedside.bank import Codes, Import, Item, Skipped, item_text, parse_item, with_version
from bedside.errors import ReadError, StoreError
from bedside.reading import read_text


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be written below items/: file name and item; `kept` are the names of files that stay as they are."""

    new: tuple[tuple[str, Item], ...]
    kept: tuple[str, ...]
    skipped: tuple[Skipped, ...]

    @property
    def files(self) -> list[str]:
        return sorted([*(name for name, _ in self.new), *self.kept])


def plan(imported: Import, folder: Path, *, codes: Codes) -> Plan:
    """Compare an import with what lies in `folder`/items already."""
    items = folder / "items"
    recover(folder)
    new: list[tuple[str, Item]] = []
    kept: list[str] = []
    skipped = list(imported.skipped)
    for item in imported.items:
        name = f"{item.id}.md"
        there = _item_at(items / name, codes) if (items / name).exists() else None
        if there is None and not (items / name).exists():
            new.append((name, item))
        elif there is None:
            skipped.append(Skipped(_row(item), f"{items / name} is there and is no sound item; mend or remove it"))
        elif there.content_hash == item.content_hash:
            kept.append(name)
        elif there.origin is None or item.origin is None or there.origin.file != item.origin.file:
            skipped.append(Skipped(_row(item), f'the id "{item.id}" is taken by another item, {items / name}'))
        else:
            new.append((name, with_version(item, there.version + 1)))
    skipped.sort(key=lambda refused: refused.row)
    return Plan(tuple(new), tuple(kept), tuple(skipped))


def _row(item: Item) -> int:
    return item.origin.row if item.origin else 0


def _item_at(path: Path, codes: Codes) -> Item | None:
    try:
        return parse_item(read_text(path), codes=codes, takeaways=()).item
    except (ReadError, OSError):
        return None


def write(plan: Plan, folder: Path) -> None:
    """Put the planned items into place.

    Raises:
        StoreError: the folder can't be written; everything is as it was.
    """
    if not plan.new:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".items-new-", dir=folder))
    except OSError as error:
        raise StoreError(f"{folder} can't be written: {error.strerror}") from None
    try:
        _fill(fresh, folder / "items", plan.new)
        _swap(folder, fresh)
    except OSError as error:
        raise StoreError(f"{folder} can't be written: {error.strerror}; nothing was changed") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _fill(fresh: Path, items: Path, new: Sequence[tuple[str, Item]]) -> None:
    if items.is_dir():
        shutil.copytree(items, fresh, dirs_exist_ok=True, symlinks=True)
    for name, item in new:
        with (fresh / name).open("w", encoding="utf-8", newline="\n") as file:
            file.write(item_text(item))
    fresh.chmod(0o755)
    descriptor = os.open(fresh, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _swap(folder: Path, fresh: Path) -> None:
    items, old = folder / "items", folder / ".items-old"
    if items.is_dir():
        items.rename(old)
    try:
        fresh.rename(items)
    except OSError:
        recover(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def recover(folder: Path) -> None:
    """Finish or undo what an earlier import left when it was stopped."""
    items, old = folder / "items", folder / ".items-old"
    if old.is_dir() and not items.exists():
        old.rename(items)
    elif old.is_dir():
        shutil.rmtree(old, ignore_errors=True)
