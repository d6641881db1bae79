"""The content that the site works with: programmes and bank, read once, and again when their files have changed.

What has an error is left out and named in `Content.problems`; the site starts without it and says so.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from django.conf import settings

import bedside
from bedside.bank import (
    Analytes,
    AxisCodes,
    Bank,
    Codes,
    Item,
    MemberError,
    Root,
    base_id,
    read_analytes,
    read_bank,
    without_drafts,
)
from bedside.errors import BedsideError, NotFoundError, UsageError
from bedside.findings import Severity
from bedside.programme import Programme, read_programmes
from bedside.reading import did_you_mean
from bedside.site import clock

logger = logging.getLogger(__name__)

OWN_COLLECTION = "bedside"
FILES_CHECKED_EVERY_S = 5.0  # folders are looked at each time: files that come and go change them
MAX_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the content that is left out, and why."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that was read, without what is in error.

    `bank` is what candidates meet, `whole` has the drafts too.
    """

    folder: Path
    programmes: Mapping[str, Programme]
    bank: Bank
    whole: Bank
    analytes: Analytes
    problems: tuple[Problem, ...]

    @property
    def items(self) -> Mapping[str, Item]:
        return self.bank.items

    def item(self, item_id: str) -> Item | None:
        """The item of that id, or the member of a question model, made on demand; None where the bank has none."""
        try:
            return self.bank.find(item_id)
        except MemberError:
            return None

    def about(self, item_id: str) -> Item | None:
        """What is known of an item by its id alone: codes, takeaways, seconds. Of a member it is what its model gives all.

        It may have been answered before it became a draft again.
        """
        model = self.whole.models.get(base_id(item_id))
        return model.head if model is not None else self.whole.items.get(item_id)

    @property
    def n_withheld(self) -> int:
        """Items and question models that are withheld as drafts."""
        return len(self.whole.items) + len(self.whole.models) - len(self.bank.items) - len(self.bank.models)

    def programme(self, name: str) -> Programme:
        """The programme of that name.

        Raises:
            NotFoundError: there is none.
        """
        if name not in self.programmes:
            raise NotFoundError(f'there is no programme "{name}"{did_you_mean(name, list(self.programmes))}')
        return self.programmes[name]


def content_folder() -> Path:
    """Where the content is: as the settings say, else ./content, else the copy in the package.

    Raises:
        UsageError: none of them is there.
    """
    if settings.CONTENT is not None:
        return Path(settings.CONTENT)
    for folder in (Path("content"), Path(bedside.__file__).parent / "_content"):
        if (folder / "programmes").is_dir():
            return folder.absolute()
    raise UsageError("there is no content folder; name one by BEDSIDE_CONTENT")


def imported_folder() -> Path:
    """Where imported collections are, one folder each."""
    return Path(settings.DATA) / "imported"


def read_content(folder: Path, imported: Path, *, has_drafts: bool = False) -> Content:
    """Read everything from the disk; `has_drafts`: candidates are given drafts too."""
    read = read_programmes(folder / "programmes")
    codes = codes_of(read.by_name)
    roots = [Root(folder, OWN_COLLECTION), *(Root(path, path.name) for path in _collections(imported))]
    whole = read_bank(roots, codes=codes)
    bank = whole
    if not has_drafts:
        bank = without_drafts(whole, collection=OWN_COLLECTION, is_taught_elsewhere=_Mentioned(folder / "cases"))
    problems = [Problem(finding.file, finding.text) for finding in read.findings if finding.severity is Severity.ERROR]
    problems += [Problem(error.file, error.text) for error in read.unreadable]
    problems += [Problem(file, text) for file, text in whole.left_out.items()]
    reference = folder / "reference" / "analytes.yaml"
    analytes = Analytes({})
    if reference.is_file():
        try:
            analytes = read_analytes(reference)
        except BedsideError as error:
            problems.append(Problem(str(reference), str(error)))
        problems += [Problem(finding.file, finding.text) for finding in analytes.findings if finding.severity is Severity.ERROR]
    return Content(folder, read.by_name, bank, whole, analytes, tuple(problems))


def codes_of(programmes: Mapping[str, Programme]) -> Codes:
    """The codes that items may carry, by programme, step and axis, over all dates."""
    return {
        programme.name: {
            step.name: {axis.name: AxisCodes(frozenset(axis.codes), axis.is_partition) for axis in step.axes}
            for step in programme.steps
        }
        for programme in programmes.values()
    }


def current_content() -> Content:
    """The content as it is on the disk now."""
    return _SHELF.current()


def content_problems() -> tuple[Problem, ...]:
    """What is left out because of errors, for a page that says so."""
    return current_content().problems


class _Shelf:
    """The content in memory, and what the disk looked like when it was read."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.content: Content | None = None
        self.places: tuple[Path, Path] | None = None
        self.has_drafts = False
        self.folders: dict[str, int] = {}
        self.files: dict[str, tuple[int, int]] = {}
        self.checked_s = 0.0

    def current(self) -> Content:
        with self.lock:
            places = (content_folder(), imported_folder())
            is_other = places != self.places or self.has_drafts != settings.DRAFTS
            if self.content is None or is_other or self._has_changed(places):
                self._read(places)
            assert self.content is not None
            return self.content

    def _has_changed(self, places: tuple[Path, Path]) -> bool:
        if any(_mtime_ns(folder) != known for folder, known in self.folders.items()):
            return True
        if clock.monotonic_s() - self.checked_s < FILES_CHECKED_EVERY_S:
            return False
        self.checked_s = clock.monotonic_s()
        return _files(places) != self.files

    def _read(self, places: tuple[Path, Path]) -> None:
        # looked at before it is read: what changes meanwhile is then read again
        self.folders = {folder: _mtime_ns(folder) for folder in _folders(places)}
        self.files = _files(places)
        self.checked_s = clock.monotonic_s()
        try:
            self.content = read_content(*places, has_drafts=settings.DRAFTS)
        except (BedsideError, OSError):
            if self.content is None or places != self.places:
                raise
            logger.exception("the changed content can't be read; the one read before stays")
            return
        self.places, self.has_drafts = places, settings.DRAFTS
        logger.info(
            "content read: %d programmes, %d items, %d question models, %d drafts withheld, %d parts left out",
            len(self.content.programmes),
            len(self.content.items),
            len(self.content.bank.models),
            self.content.n_withheld,
            len(self.content.problems),
        )
        for problem in self.content.problems:
            logger.warning("left out: %s", problem.file)


_SHELF = _Shelf()


class _Mentioned:
    """Does a case name this takeaway? Files are read when it is first asked, since there are seldom drafts."""

    def __init__(self, cases: Path) -> None:
        self._cases = cases
        self._texts: list[str] | None = None

    def __call__(self, takeaway: str) -> bool:
        if self._texts is None:
            self._texts = [path.read_text("utf-8", "replace") for path in sorted(self._cases.glob("*.yaml"))]
        named = re.compile(rf"(?<![\w.-]){re.escape(takeaway)}(?![\w.-])")
        return any(named.search(text) for text in self._texts)


def _collections(imported: Path) -> list[Path]:
    if not imported.is_dir():
        return []
    return sorted(path for path in imported.iterdir() if path.is_dir() and not path.name.startswith("."))


def _mtime_ns(path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:
        return 0


def _folders(places: tuple[Path, Path]) -> Iterator[str]:
    for place in places:
        yield str(place)
        yield from (entry.path for entry in _walk(place, MAX_DEPTH) if entry.is_dir(follow_symlinks=False))


def _files(places: tuple[Path, Path]) -> dict[str, tuple[int, int]]:
    found = {}
    for place in places:
        for entry in _walk(place, MAX_DEPTH):
            if entry.is_file(follow_symlinks=False):
                stat = entry.stat(follow_symlinks=False)
                found[entry.path] = (stat.st_mtime_ns, stat.st_size)
    return found


def _walk(folder: Path | str, depth: int) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError:
        return
    for entry in found:
        yield entry
        if depth and entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, depth - 1)
