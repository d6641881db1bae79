"""Bringing versions.lock up to date, refused while the bank has an error."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bedside.bank import LOCK_NAME, Bank, Lock, lock_text, parse_lock
from bedside.errors import StoreError, UsageError
from bedside.findings import Finding, Severity
from bedside.reading import Source, read_text


@dataclass(frozen=True, slots=True)
class LockUpdate:
    """What will stand in the lock; with `obstacles` nothing may be written."""

    file: Path
    text: str
    n_changed: int
    obstacles: tuple[Finding, ...]


def plan(folder: Path, bank: Bank, *, retire: Collection[str]) -> LockUpdate:
    """The new text of the lock of `folder`.

    Raises:
        UsageError: an id to be retired is not in the lock, or its item is still there.
    """
    file = folder / LOCK_NAME
    before = read_text(file) if file.exists() else Source(str(file), "")
    known = parse_lock(before)
    _check_retired(known, bank, retire)
    leaving = {known.locked[name].line for name in retire}
    obstacles = tuple(
        finding
        for finding in bank.findings
        if finding.severity is Severity.ERROR and not (finding.rule == "item-gone" and finding.line in leaving)
    )
    text = lock_text(known, [*bank.items.values(), *bank.models.values()], retire=retire)
    n_changed = len(set(text.splitlines()) - set(before.text.splitlines()))
    return LockUpdate(file, text, n_changed, obstacles)


def _check_retired(known: Lock, bank: Bank, retire: Collection[str]) -> None:
    there = set(bank.items) | set(bank.models) | {item.id for item in bank.faulty}
    if wrong := sorted(name for name in retire if name not in known.locked or name in there):
        raise UsageError(f"{', '.join(wrong)}: only an id that is in {known.file}, and whose file is gone, can be retired")


def write(update: LockUpdate) -> None:
    """Replace the lock at once.

    Raises:
        StoreError: it can't be written; the old one is there.
    """
    fresh = update.file.with_name(f".{update.file.name}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.write(update.text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(update.file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreError(f"{update.file} can't be written: {error.strerror}") from None
