"""A bank read from its folders: items, takeaways, stimuli, media, reviews and lock, once and strictly.

Nothing is half-loaded: an item with an error is left out and named, with all its findings. A file that can't be read at all
is named in `unreadable`, and the others are still read. Links that leave their folder are not followed, and what is not a
plain file is not opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from bedside.bank.item import Codes, Item, Stimulus, Takeaway
from bedside.bank.item_file import ItemReading, Place, parse_item
from bedside.bank.media import MediaFolder
from bedside.bank.review_file import Review, check_status, parse_reviews
from bedside.bank.sets import check_sets, sets_of, with_earlier
from bedside.bank.stimulus_file import parse_stimulus
from bedside.bank.takeaway_file import parse_takeaways
from bedside.bank.versions import LOCK_NAME, Lock, check_versions, parse_lock
from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity, has_errors, in_order
from bedside.reading import Source, read_text

MAX_FOLDERS = 8  # folders in folders below items/


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that holds items/, takeaways/, stimuli/, reviews/, media/ and versions.lock, and the name of its collection.

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
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # id of a set → its items, in the order of their parts

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
    root_of_set: dict[str, str] = field(default_factory=dict)

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
        sets={name: tuple(item.id for item in members) for name, members in sets_of(reading.items.values()).items()},
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
    """The items of one root with their stimuli, media, reviews and lock."""
    media = MediaFolder(root.path / "media")
    stimuli = _read_stimuli(root, media, reading)
    paths = list(_item_paths(root, root.path / "items", reading))
    read = _in_sets(root, [_read_one(root, path, media, stimuli, reading) for path in paths], media, stimuli, reading)
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
    _leave_broken_sets(
        root, {result.set_id for path, result in read if result.set_id and str(path) in reading.left_out}, reading
    )
    if root.only is None:
        reading.findings += media.check()
        for error in media.unreadable:
            reading.refuse(error)


def _read_stimuli(root: Root, media: MediaFolder, reading: _Reading) -> dict[str, Stimulus]:
    """The sound stimuli by id. Where only some items are judged, what is wrong with stimuli is not said."""
    kept = reading if root.only is None else _Reading(reading.codes)
    stimuli: dict[str, Stimulus] = {}
    for path in _files(root.path, root.path / "stimuli", ".md", kept):
        source = kept.text_of(path)
        if source is None:
            continue
        try:
            read = parse_stimulus(source, name=path.stem, media=media)
        except ReadError as error:
            kept.refuse(error)
            continue
        kept.findings += read.findings
        if read.stimulus is None:
            kept.left_out[str(path)] = in_order(read.findings)[0].text
        elif read.stimulus.id in stimuli:
            text = f'the stimulus "{path.stem}" stands in {stimuli[path.stem].file} already'
            kept.add(Finding(str(path), 1, None, "duplicate-id", Severity.ERROR, text))
        else:
            stimuli[path.stem] = read.stimulus
    return stimuli


_Read = tuple[Path, ItemReading]


def _read_one(root: Root, path: Path, media: MediaFolder, stimuli: Mapping[str, Stimulus], reading: _Reading) -> _Read | None:
    source = reading.text_of(path)
    if source is None:
        return None
    place = Place(path.stem, _area(root.path / "items", path))
    try:
        return path, parse_item(
            source, codes=reading.codes, takeaways=reading.takeaways, media=media, place=place, stimuli=stimuli
        )
    except ReadError as error:
        reading.refuse(error)
        return None


def _in_sets(
    root: Root, maybe: Sequence[_Read | None], media: MediaFolder, stimuli: Mapping[str, Stimulus], reading: _Reading
) -> list[_Read]:
    """What was read, each item beside what is wrong with its set and with the stems that its candidate read before."""
    read = [one for one in maybe if one is not None]
    items = [result.item for _, result in read if result.item is not None]
    if not any(item.set for item in items):
        return read
    if root.only is not None:  # the other parts of a set may lie outside what is judged
        borrowed = _Reading(reading.codes, takeaways=reading.takeaways)
        paths = _item_paths(Root(root.path, root.name), root.path / "items", borrowed)
        others = [_read_one(root, path, media, stimuli, borrowed) for path in paths]
        known = {item.file for item in items}
        items += [one[1].item for one in others if one and one[1].item and one[1].item.file not in known]
    items = with_earlier(items)
    wrong: dict[str, list[Finding]] = {}
    formless = {result.set_id for _, result in read if result.item is None}  # a part that is lacking for its own reason
    for item, finding in check_sets(item for item in items if item.set is None or item.set.id not in formless):
        wrong.setdefault(item.file, []).append(finding)
    by_file = {item.file: item for item in items}
    return [
        (path, replace(result, item=by_file[result.item.file], findings=(*result.findings, *wrong.get(result.item.file, ()))))
        if result.item is not None
        else (path, result)
        for path, result in read
    ]


def _leave_broken_sets(root: Root, broken: Set[str], reading: _Reading) -> None:
    """Leave out what is sound in itself and belongs to a set of this root with a part that is not."""
    for item in list(reading.items.values()):
        if item.set is None or item.set.id not in broken or reading.collection_of[item.id] != root.name:
            continue
        del reading.items[item.id], reading.collection_of[item.id]
        reading.faulty.append(item)
        reading.left_out[item.file] = f'another part of its set "{item.set.id}" has an error'


def _keep(root: Root, path: Path, item: Item | None, findings: list[Finding], reading: _Reading) -> None:
    """Put an item where it belongs: among the sound, the faulty, or only among what was left out."""
    if item is not None and (twin := reading.items.get(item.id)) is not None:
        place = item.document.place(("id",))
        text = f'the id "{item.id}" is that of {twin.file} already'
        findings.append(Finding(item.file, place.line, place.column, "duplicate-id", Severity.ERROR, text))
    if item is not None and item.set is not None and reading.root_of_set.setdefault(item.set.id, root.name) != root.name:
        place = item.document.place(("set", "id"))
        text = f'the set "{item.set.id}" is one of the collection "{reading.root_of_set[item.set.id]}" already'
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
