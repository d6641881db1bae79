"""A bank read from its folders: items, takeaways, reviews and lock, once and strictly.

Nothing is half-loaded: an item with an error is left out and named, with all its findings. A file that can't be read at all
is named in `unreadable`, and the others are still read. Links that leave their folder are not followed, and what is not a
plain file is not opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bedside.bank.item import Codes, Item, Takeaway
from bedside.bank.item_file import ItemReading, Place, parse_item
from bedside.bank.review_file import Review, check_status, parse_reviews
from bedside.bank.takeaway_file import parse_takeaways
from bedside.bank.versions import LOCK_NAME, Lock, check_versions, parse_lock
from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity, has_errors, in_order
from bedside.reading import Source, read_text

MAX_FOLDERS = 8  # folders in folders below items/


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that holds items/, takeaways/, reviews/, media/ and versions.lock, and the name of its collection.

    `only` is a file or folder inside: then just its items are judged, and what speaks of all items (ids that are gone) is not
    looked at.
    """

    path: Path
    name: str
    only: Path | None = None


@dataclass(frozen=True, slots=True)
class Bank:
    """What was read.

    `items` are without errors; `faulty` have a sound form and another error, for an editor's eyes only. `left_out` says for
    each file that is not in `items` why, `unreadable` which could not be read at all.
    """

    items: Mapping[str, Item]
    takeaways: Mapping[str, Takeaway]
    reviews: Mapping[str, tuple[Review, ...]]
    collection_of: Mapping[str, str]
    faulty: tuple[Item, ...]
    left_out: Mapping[str, str]
    unreadable: tuple[ReadError, ...]
    findings: tuple[Finding, ...]

    @property
    def all_items(self) -> tuple[Item, ...]:
        """The sound items and the faulty ones, for checks that help an editor."""
        return (*self.items.values(), *self.faulty)


@dataclass(slots=True)
class _Reading:
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


def read_bank(roots: Sequence[Root], *, codes: Codes, takeaways_from: Sequence[Root] = ()) -> Bank:
    """Read every root; ids are unique over all of them.

    Args:
        takeaways_from: further roots of which only the takeaways are read, and no finding is kept.

    Raises:
        NotFoundError: a root is no folder.
    """
    reading = _Reading(codes)
    for root in (*roots, *takeaways_from):
        if not root.path.is_dir():
            raise NotFoundError(f"{root.path}: no such folder")
    for root in (*takeaways_from, *(root for root in roots if root.only)):
        borrowed = _Reading(codes)
        _read_takeaways(root, borrowed)
        reading.takeaways.update(borrowed.takeaways)
    for root in roots:
        if root.only is None:
            _read_takeaways(root, reading)
    for root in roots:
        _read_items(root, reading)
    return Bank(
        items=reading.items,
        takeaways=reading.takeaways,
        reviews=reading.reviews,
        collection_of=reading.collection_of,
        faulty=tuple(reading.faulty),
        left_out=reading.left_out,
        unreadable=tuple(reading.unreadable),
        findings=tuple(in_order(reading.findings)),
    )


def _read_takeaways(root: Root, reading: _Reading) -> None:
    for path in _files(root.path, root.path / "takeaways", ".yaml", reading):
        source = reading.text_of(path)
        if source is None:
            continue
        try:
            read = parse_takeaways(source, area=path.stem, codes=reading.codes)
        except ReadError as error:
            reading.refuse(error)
            continue
        reading.findings += read.findings
        for takeaway in read.takeaways:
            first = reading.takeaways.setdefault(takeaway.id, takeaway)
            if (first.file, first.line) != (takeaway.file, takeaway.line):
                text = f'the takeaway "{takeaway.id}" stands in {first.file}:{first.line} already'
                reading.add(Finding(takeaway.file, takeaway.line, None, "duplicate-id", Severity.ERROR, text))


def _read_items(root: Root, reading: _Reading) -> None:
    """The items of one root with their reviews and lock."""
    folder = root.path / "items"
    paths = list(_item_paths(root, folder, reading))
    read = [(path, result) for path in paths if (result := _read_one(root, folder, path, reading)) is not None]
    lock = _read_lock(root, reading)
    present = None if root.only else {path.stem for path in paths}
    whole = [result.item for _, result in read if result.item is not None]
    problems: dict[str, list[Finding]] = {}
    for finding in check_versions(whole, lock, present=present) if lock else ():
        problems.setdefault(finding.file, []).append(finding)
    reviews = _read_reviews(root, reading, [path.stem for path in paths])
    for path, result in read:
        item = result.item
        findings = list(result.findings)
        if item is not None:
            name = str(root.path / "reviews" / f"{item.id}.jsonl")
            findings += check_status(item, reviews.get(item.id, ()), file=name)
        _keep(root, path, item, [*findings, *problems.pop(str(path), ())], reading)
    for rest in problems.values():
        reading.findings += rest


def _read_one(root: Root, folder: Path, path: Path, reading: _Reading) -> ItemReading | None:
    source = reading.text_of(path)
    if source is None:
        return None
    try:
        return parse_item(
            source,
            codes=reading.codes,
            takeaways=reading.takeaways,
            media=root.path / "media",
            place=Place(path.stem, _area(folder, path)),
        )
    except ReadError as error:
        reading.refuse(error)
        return None


def _keep(root: Root, path: Path, item: Item | None, findings: list[Finding], reading: _Reading) -> None:
    """Put an item where it belongs: among the sound, the faulty, or only among what was left out."""
    if item is not None and (twin := reading.items.get(item.id)) is not None:
        place = item.document.place(("id",))
        text = f'the id "{item.id}" is that of {twin.file} already'
        findings.append(Finding(item.file, place.line, place.column, "duplicate-id", Severity.ERROR, text))
    reading.findings += findings
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if item is None or errors:
        first = in_order(errors)[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        reading.left_out[str(path)] = f"line {first.line}: {first.text}{more}"
        if item is not None:
            reading.faulty.append(item)
        return
    reading.items[item.id] = item
    reading.collection_of[item.id] = root.name


def _read_lock(root: Root, reading: _Reading) -> Lock | None:
    path = root.path / LOCK_NAME
    if not path.exists():
        return None
    source = reading.text_of(path)
    return parse_lock(source) if source else None


def _read_reviews(root: Root, reading: _Reading, ids: Sequence[str]) -> dict[str, tuple[Review, ...]]:
    folder = root.path / "reviews"
    if not folder.is_dir():
        return {}
    wanted = set(ids)
    found: dict[str, tuple[Review, ...]] = {}
    for path in _files(root.path, folder, ".jsonl", reading):
        if path.stem not in wanted:
            if root.only is None:
                text = f'reviews of an item "{path.stem}" that is not there'
                reading.add(Finding(str(path), 1, None, "stray-file", Severity.WARNING, text))
            continue
        source = reading.text_of(path)
        if source is None:
            continue
        reviews, findings = parse_reviews(source, item_id=path.stem)
        reading.findings += findings
        found[path.stem] = () if has_errors(findings) else reviews
    reading.reviews.update(found)
    return found


# --- walking ----------------------------------------------------------------------------------------------------------


def _item_paths(root: Root, folder: Path, reading: _Reading) -> Iterator[Path]:
    if root.only is None:
        yield from _files(root.path, folder, ".md", reading)
    elif root.only.is_dir():
        yield from _files(root.path, root.only, ".md", reading)
    else:
        yield root.only


def _area(folder: Path, path: Path) -> str | None:
    """The folder right below items/ in which a file lies, None where it lies in items/ itself or elsewhere."""
    if not path.is_relative_to(folder):
        return None
    parts = path.relative_to(folder).parts
    return parts[0] if len(parts) > 1 else None


def _files(root: Path, folder: Path, suffix: str, reading: _Reading, *, depth: int = 0) -> Iterator[Path]:
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
                yield from _files(root, path, suffix, reading, depth=depth + 1)
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
