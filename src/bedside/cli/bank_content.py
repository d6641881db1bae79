"""What a command about questions works on: the content folder, the programmes' codes, and the bank that a path names."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.bank import (
    N_SOME,
    Analytes,
    Bank,
    Codes,
    Root,
    check_model,
    lint_bank,
    read_analytes,
    read_bank,
    read_synonyms,
)
from bedside.cli.content_folder import find_content
from bedside.errors import NotFoundError, ReadError, SyntaxReadError, UsageError
from bedside.findings import Finding, Severity, in_order
from bedside.programme import Programmes, read_programmes
from bedside.site.content import codes_of

COLLECTION = "bedside"  # the name of our own items

WORTH_A_POOL = 2000  # items: below, starting processes costs more than they save
CHUNK = 200  # items that go to a process at a time

_INSIDE = {"items", "models", "takeaways", "programmes", "reviews", "media", "stimuli"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The folder whose programmes, takeaways and reference values a check goes by."""

    content: Path
    programmes: Programmes
    codes: Codes
    analytes: Analytes | None
    unreadable: tuple[ReadError, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A bank with all findings about it, and every file that could not be read at all: no text, or over a limit."""

    bank: Bank
    findings: tuple[Finding, ...]
    unreadable: tuple[ReadError, ...]


def surroundings(option: Path | None, path: Path | None = None) -> Surroundings:
    """The content folder: `path` itself where it has programmes, else the one that `find_content` finds."""
    is_content = path is not None and option is None and (path / "programmes").is_dir()
    content = path if is_content and path is not None else find_content(option)
    programmes = read_programmes(content / "programmes")
    unreadable = list(programmes.unreadable)
    analytes: Analytes | None = None
    reference = content / "reference" / "analytes.yaml"
    if reference.exists():
        try:
            analytes = read_analytes(reference)
        except ReadError as error:
            unreadable.append(error)
    return Surroundings(content, programmes, codes_of(programmes.by_name), analytes, tuple(unreadable))


def root_of(path: Path | None, around: Surroundings) -> Root:
    """The root that `path` names: a content or collection folder, a folder of items, or one item file.

    Raises:
        NotFoundError: there is no such path.
        UsageError: a file that is no item.
    """
    if path is None or _is_same(path, around.content):
        return Root(around.content, COLLECTION)
    if not path.exists():
        raise NotFoundError(f"{path}: no such file or folder")
    if path.suffix == ".yaml" and path.is_file() and "models" in path.parts:
        raise UsageError(f"{path}: a question model is checked by `bedside bank model check {path}`")
    if path.is_file() and path.suffix != ".md":
        raise UsageError(f"{path}: an item is a file that ends in .md; name one, or a folder")
    if path.is_dir() and path.name not in _INSIDE and any((path / name).is_dir() for name in _INSIDE):
        return Root(path, path.resolve().name)
    above = next((folder for folder in (path, *path.parents) if folder.name == "items"), None)
    home = above.parent if above is not None else (path.parent if path.is_file() else path)
    name = COLLECTION if _is_same(home, around.content) else home.resolve().name
    return Root(home, name, only=path)


def _is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def read(root: Root, around: Surroundings) -> Bank:
    """The bank of one root; takeaways may also be those of the content folder."""
    borrowed = [] if _is_same(root.path, around.content) else [Root(around.content, COLLECTION)]
    return read_bank([root], codes=around.codes, takeaways_from=borrowed)


def check(path: Path | None, option: Path | None) -> Checked:
    """Read and judge what `path` names: items, takeaways, reviews, lock, and programmes and reference where they lie there."""
    around = surroundings(option, path)
    root = root_of(path, around)
    bank = read(root, around)
    collection_of = {item.id: root.name for item in bank.all_items}
    linted = lint_bank(bank.all_items, analytes=around.analytes, collection_of=collection_of, each=each)
    findings = [*bank.findings, *linted]
    for model in bank.models.values():
        findings += check_model(model, analytes=around.analytes, n=N_SOME).findings
    unreadable = [*bank.unreadable]
    if root.only is None and _is_same(root.path, around.content):
        findings += around.programmes.findings
        findings += around.analytes.findings if around.analytes else ()
        unreadable += around.unreadable
        found, problems = _abbreviations(around.content)
        findings += found
        unreadable += problems
    findings += [_as_finding(error) for error in unreadable if isinstance(error, SyntaxReadError)]
    unreadable = [error for error in unreadable if not isinstance(error, SyntaxReadError)]
    return Checked(bank, tuple(in_order(findings)), tuple(unreadable))


def _abbreviations(content: Path) -> tuple[tuple[Finding, ...], list[ReadError]]:
    """What is wrong with the other ways to say the same, by which the bank is searched."""
    path = content / "reference" / "abbreviations.yaml"
    try:
        return (read_synonyms(path).findings if path.exists() else ()), []
    except ReadError as error:
        return (), [error]


def _as_finding(error: SyntaxReadError) -> Finding:
    """Text that is not well-formed is content that is wrong: it has a place, and its author can mend it."""
    return Finding(error.file, error.line or 1, error.column, "not-well-formed", Severity.ERROR, error.text)


def each(
    function: Callable[[Any], Any], items: Iterable[Any], *, worth: int = WORTH_A_POOL, chunk: int = CHUNK
) -> Iterable[Any]:
    """As `map`, on every processor where there are enough items to be worth it.

    The processes are forked, so that they have the items without a copy being sent, which took as long as it saved. Where
    the system can't, or is better not asked to (macOS), it is `map`.
    """
    every = list(items)
    n_processors = os.cpu_count() or 1
    if len(every) < worth or n_processors == 1 or sys.platform != "linux":
        return map(function, every)
    _work[:] = [function, every]
    try:
        with warnings.catch_warnings():
            # the thread that draws the progress sign holds nothing that the processes use
            warnings.simplefilter("ignore", DeprecationWarning)
            with ProcessPoolExecutor(n_processors, multiprocessing.get_context("fork"), _ignore_interrupt) as pool:
                return list(pool.map(_done_at, range(len(every)), chunksize=chunk))
    finally:
        _work.clear()


_work: list[Any] = []  # what forked processes inherit: the function, and the items


def _done_at(place: int) -> Any:
    function, items = _work
    return function(items[place])


def _ignore_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt is the parent's to see


def data_folder(option: Path | None = None) -> Path:
    """The folder of everything that belongs to this computer: `option`, else BEDSIDE_DATA, else ./data."""
    return option or Path(os.environ.get("BEDSIDE_DATA") or "data")


def imported_roots(data: Path) -> list[Root]:
    """The collections that were imported, by name."""
    folder = data / "imported"
    if not folder.is_dir():
        return []
    return [Root(path, path.name) for path in sorted(folder.iterdir()) if (path / "items").is_dir()]
