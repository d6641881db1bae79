"""A bank while it is read: what was found so far, and the walk over its folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bedside.bank.item import Codes, Item, Takeaway
from bedside.bank.models import Model
from bedside.bank.review_file import Review
from bedside.errors import ReadError
from bedside.findings import Finding, Severity
from bedside.reading import Source, read_text

MAX_FOLDERS = 8  # folders in folders below items/


@dataclass(slots=True)
class Tray:
    """A bank while it is read."""

    codes: Codes
    items: dict[str, Item] = field(default_factory=dict)
    takeaways: dict[str, Takeaway] = field(default_factory=dict)
    reviews: dict[str, tuple[Review, ...]] = field(default_factory=dict)
    collection_of: dict[str, str] = field(default_factory=dict)
    faulty: list[Item] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    unreadable: list[ReadError] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    root_of_set: dict[str, str] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)

    def text_of(self, path: Path) -> Source | None:
        """The text of a file; None, and the reason kept, where it can't be read."""
        try:
            return read_text(path)
        except ReadError as error:
            self.refuse(error)
        except OSError as error:
            self.refuse(ReadError(str(path), f"can't be read: {error.strerror}"))
        return None

    def refuse(self, error: ReadError) -> None:
        self.unreadable.append(error)
        self.left_out[error.file] = str(error)

    def add(self, finding: Finding) -> None:
        self.findings.append(finding)


def files_in(root: Path, folder: Path, suffix: str, reading: Tray, *, depth: int = 0) -> Iterator[Path]:
    """The plain files below `folder` with that ending, sorted; all else there is a finding, hidden names are passed over."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        reading.refuse(ReadError(str(folder), f"can't be read: {error.strerror}"))
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth == MAX_FOLDERS:
                text = f"folders are read {MAX_FOLDERS} deep"
                reading.add(Finding(str(path), 1, None, "stray-file", Severity.ERROR, text))
            else:
                yield from files_in(root, path, suffix, reading, depth=depth + 1)
        elif problem := _problem_of(root, path, entry, suffix):
            reading.add(Finding(str(path), 1, None, "stray-file", problem[0], problem[1]))
            if path.suffix == suffix:
                reading.left_out[str(path)] = problem[1]
        else:
            yield path


def _problem_of(root: Path, path: Path, entry: os.DirEntry[str], suffix: str) -> tuple[Severity, str] | None:
    if entry.is_symlink():
        if entry.is_dir():
            return Severity.ERROR, "a link to a folder is not followed"
        if not path.resolve().is_relative_to(root.resolve()):
            return Severity.ERROR, "a link that leaves the folder of the bank is not followed"
    if not entry.is_file():
        return Severity.ERROR, "not a plain file"
    if path.suffix != suffix:
        return Severity.WARNING, f'a file that does not end in "{suffix}" is not read'
    return None
